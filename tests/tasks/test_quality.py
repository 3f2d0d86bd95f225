"""The suite, checked by great-expectations itself."""

import logging
from typing import Any

import pyarrow as pa
import pytest

from schemas.expectations import RECIPIENT_SUITE, Expectation, ExpectationKind
from tasks.quality import validate_table

TOKEN = "a" * 26


def checked(**changes: list[Any]) -> pa.Table:
    columns: dict[str, list[Any]] = {
        "token": [TOKEN, "b" * 26],
        "address": ["ann@example.org", "Bob+x@xn--bcher-kva.example"],
        "name": ["Ann 🦊", ""],
        "locale": ["en", "de"],
        "residence": ["default", "us-ma"],
        "variant": ["notice-en-default", "notice-de-us-ma"],
        "canonical": ["ann@example.org", "bob+x@xn--bcher-kva.example"],
        "address_length": [15, 27],
        "member_count": [1, 2],
        "type_count": [1, 4],
    }
    return pa.table(columns | changes)


def test_an_empty_list_lacks_only_its_rows() -> None:
    """Of a list with nobody on it nothing is wrong but that it is empty; the chapter excuses exactly that."""
    table = checked()
    result, _ = validate_table(table.slice(0, 0), RECIPIENT_SUITE)

    assert [failure.name for failure in result.failed] == ["expect_table_row_count_to_be_between"]
    assert not result.passed


def test_a_good_list_passes_every_expectation() -> None:
    """A list of two good rows passes, and every expectation was looked at."""
    result, _ = validate_table(checked(), RECIPIENT_SUITE)

    assert result.passed
    assert result.expectations == len(RECIPIENT_SUITE)
    assert result.failed == ()


@pytest.mark.parametrize(
    ("column", "cells", "kind", "rows"),
    [
        ("token", [TOKEN, TOKEN], ExpectationKind.UNIQUE, 2),
        ("token", [TOKEN, "short"], ExpectationKind.MATCHES, 1),
        ("address", ["ann@example.org", None], ExpectationKind.NOT_NULL, 1),
        ("address", ["ann@example.org", "bob@secretvalue"], ExpectationKind.MATCHES, 1),
        ("address_length", [15, 255], ExpectationKind.BETWEEN, 1),
        ("canonical", ["a@example.org", "a@example.org"], ExpectationKind.UNIQUE, 2),
        ("name", ["Ann\r\nBcc: eve", "Bob"], ExpectationKind.MATCHES, 1),
        ("locale", ["en", "fr"], ExpectationKind.IN_SET, 1),
        ("residence", ["default", "us-tx"], ExpectationKind.IN_SET, 1),
        ("member_count", [0, 1], ExpectationKind.BETWEEN, 1),
    ],
)
def test_a_bad_column_is_named_with_the_number_of_its_rows(
    column: str, cells: list[Any], kind: ExpectationKind, rows: int
) -> None:
    """What fails is named with a count, and no failing value is in the record."""
    result, page = validate_table(checked(**{column: cells}), RECIPIENT_SUITE)

    assert not result.passed
    assert [(failure.name, failure.rows) for failure in result.failed] == [(f"{kind.value} ({column})", rows)]
    assert "secretvalue" not in result.model_dump_json()
    assert b"secretvalue" not in page
    assert b"ann@example.org" not in page
    assert b"Failed" in page
    assert page.index(b"default-src 'none'") < page.index(b"https:")  # before anything that a browser would fetch


def test_an_empty_table_fails() -> None:
    """No rows at all is a failure, not a success of nothing."""
    empty = checked().slice(0, 0)

    result, _ = validate_table(empty, RECIPIENT_SUITE)

    assert [failure.name for failure in result.failed] == [ExpectationKind.ROW_COUNT.value]


def test_a_missing_column_counts_as_not_met(caplog: pytest.LogCaptureFixture) -> None:
    """An expectation of a column that is not there fails instead of being skipped, and nothing is quoted in a log."""
    suite = (*RECIPIENT_SUITE, Expectation(kind=ExpectationKind.NOT_NULL, column="nowhere"))
    with caplog.at_level(logging.DEBUG):
        result, _ = validate_table(checked(), suite)

    assert [(failure.name, failure.rows) for failure in result.failed] == [
        ("expect_column_values_to_not_be_null (nowhere)", 0)
    ]
    assert "ann@example.org" not in caplog.text


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    """No progress bars, no tables, no log: a worker's output is kept, whatever its loggers are told to show."""
    with caplog.at_level(logging.INFO):
        validate_table(checked(), RECIPIENT_SUITE)

    assert capfd.readouterr() == ("", "")
    assert caplog.messages == []
