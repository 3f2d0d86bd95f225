"""Tables against their expectations. The only file that knows great-expectations."""

import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from breach.recipients.checks import broken_rows
from schemas.expectations import Expectation, FailedExpectation, Validation

if TYPE_CHECKING:
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration


SILENT = b"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
"""Its pages fetch styles, scripts and pictures from nine hosts; a page of a case calls nobody."""


def data_docs(folder: str) -> str:
    """The key under which the validator's page about a table is kept."""
    return f"{folder}/validation/data-docs.html"


def validate_table(table: pa.Table, suite: Sequence[Expectation]) -> tuple[Validation, bytes]:
    """Validate with great-expectations: passed or not, and how many rows break what; and its Data Docs page. No value.

    Its results come as BOOLEAN_ONLY, because the fuller formats quote the failing values; the counts are ours.
    """
    # Before the import: it sends usage statistics otherwise. The import takes 3 to 16 seconds, so it stands here.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx  # noqa: PLC0415
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer  # noqa: PLC0415
    from great_expectations.render.view.view import DefaultJinjaPageView  # noqa: PLC0415

    # This one gives itself a level when it is imported; a worker's output is kept.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("tables").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": table.to_pandas()})
    wanted = [_translated(n, expectation).to_domain_obj() for n, expectation in enumerate(suite)]
    result = batch.validate(gx.ExpectationSuite("suite", wanted), result_format="BOOLEAN_ONLY")
    # Its results come in an order of their own, so each carries its number; one that is missing was not met.
    configs = ((verdict.expectation_config, bool(verdict.success)) for verdict in result.results)
    met = {config.meta["n"]: success for config, success in configs if config and config.meta}
    rows = broken_rows(table, tuple(suite))
    failed = tuple(
        FailedExpectation(name=expectation.name, rows=len(rows.get(expectation.name, [])))
        for n, expectation in enumerate(suite)
        if not met.get(n, False)
    )
    validation = Validation(passed=bool(result.success) and not failed, expectations=len(suite), failed=failed)
    page: str = DefaultJinjaPageView().render(ValidationResultsPageRenderer().render(result))  # type: ignore[no-untyped-call]
    return validation, page.encode().replace(b"<head>", b"<head>" + SILENT, 1)


def _translated(n: int, expectation: Expectation) -> "ExpectationConfiguration":
    """One of ours as one of theirs; its number in the suite travels along."""
    from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415
        ExpectationConfiguration,
    )

    arguments = {
        "column": expectation.column or None,
        "regex": expectation.pattern or None,
        "value_set": list(expectation.values) or None,
        "min_value": expectation.at_least,
        "max_value": expectation.at_most,
        "mostly": expectation.mostly,
    }
    given = {name: value for name, value in arguments.items() if value is not None}
    return ExpectationConfiguration(type=expectation.kind.value, kwargs=given, meta={"n": n})
