"""What members write into fields of their own stays in the rows: no record that travels or is shown holds it."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pydantic import ValidationError

from breach.exposure.assess import find_exposures
from breach.exposure.roster import load_roster
from breach.notices.draft import draft_notices
from breach.recipients.build import build_recipients
from breach.steps import Work
from breach.store import get_record
from schemas.expectations import Validation
from schemas.exposure import ExposureSummary
from schemas.incident import IncidentFacts
from schemas.notice import NoticeManifest, Sender
from schemas.recipients import ListManifest

KEY = b"k" * 32
SENDER = Sender(name="Harbor", contact="help@harbor.example", replies_are_read=True)
PLANTED = "zq9plant"
"""Stands in every cell of the members below that a person fills in freely and no notice needs."""
MEMBERS = [
    {"id": str(n), "username": f"user{n}", "name": f"User {n}", "email": f"user{n}@mail.example"} | cells
    for n, cells in enumerate(
        (
            {"Language": f"Jane {PLANTED} jane@{PLANTED}.example"},
            {"Language": f"{PLANTED}-DE"},
            {"Language": f"fr-{PLANTED}"},
            {"Country": f"Jane {PLANTED} jane@{PLANTED}.example"},
            {"Country": f"US-{PLANTED}"},
            {"Account kind": f"Jane {PLANTED} jane@{PLANTED}.example"},
            {"Account kind": f"bot {PLANTED}", "Newsletter": PLANTED},
            {"Phone": PLANTED, "Date of birth": PLANTED, "location": PLANTED, "website": PLANTED, "title": PLANTED},
        ),
        start=1,
    )
]


def passed(_work: Work, _table: pa.Table) -> Validation:
    return Validation(passed=True, expectations=1)


def test_no_record_quotes_a_cell(
    work_for: Callable[[IncidentFacts], Work], write_users: Callable[..., Path], incident: IncidentFacts
) -> None:
    """From the member list to the notices: receipts, manifests, the summary and warnings count, and quote nothing."""
    work = work_for(incident)
    roster = load_roster(work, write_users(MEMBERS))
    exposures = find_exposures(work, roster, [], KEY, workers=1)
    recipients = build_recipients(work, roster, exposures, KEY, passed)
    notices = draft_notices(work, recipients, SENDER)

    records = [key for key in work.store.keys("") if not key.endswith(".parquet")]
    assert {receipt.key for receipt in (exposures, recipients, notices)} <= set(records)
    for key in records:
        held = work.store.get(key)
        assert held is not None
        assert PLANTED not in held.data.decode().casefold(), key
    assert PLANTED not in f"{roster!r} {exposures!r} {recipients!r} {notices!r}"

    listed = get_record(work.store, recipients.key, ListManifest)
    assert (listed.recipients, listed.notes.told_anyway) == (8, {})
    assert listed.notes.other_languages == {"another": 2, "fr": 1}
    assert get_record(work.store, exposures.key, ExposureSummary).by_jurisdiction == {"unknown": 8}
    warnings = " ".join(get_record(work.store, notices.key, NoticeManifest).warnings)
    assert "2 recipients wrote no known language" in warnings
    assert "'another'" not in warnings


@pytest.mark.parametrize("field", ["by_jurisdiction", "matrix"])
@pytest.mark.parametrize("key", ["Jane Doe", "jane@mail.example", "de", "DE\n", "US-MASS", "", "DE-"])
def test_the_summary_can_hold_no_other_place(field: str, key: str) -> None:
    """Only codes and 'unknown' are places, and a refusal does not repeat what stood there."""
    numbers = dict.fromkeys(["members_in_roster", "affected", "bots", "minors", "findings", "messages_in_scope"], 0)
    values = numbers | {"authors_unmatched": 0, "by_type": {}, "coverage": (), "scope_note": ""}
    good = {"by_jurisdiction": {"DE": 1, "US-CA": 1, "CA-QC": 1, "unknown": 1}, "matrix": {"DE": {}}}
    ExposureSummary.model_validate(values | good)

    with pytest.raises(ValidationError) as refused:
        ExposureSummary.model_validate(values | good | {field: {key: 1 if field == "by_jurisdiction" else {}}})
    assert len(key) < 3 or key not in str(refused.value)
