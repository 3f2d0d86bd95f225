"""What may be locked against deletion can never hold a member's data; everything unknown may not be locked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.retention import holds_no_member_data

LOCKABLE = [
    "case.json",
    "chronology/00000042.json",
    "dossier/0001/index.html",
    "law/0123456789ab/duties.json",
    "notices/0123456789ab/manifest.json",
    "recipients/0123456789ab/manifest.json",
    "steps/preserve/abc.json",
    "waves/0123456789ab/plan.json",
]
ERASABLE = [
    "closed.json",
    "containment/0123456789ab/snapshot.json",
    "current.json",
    "custody/0001.json",
    "events/0123456789ab/0001.parquet",
    "evidence/0123456789ab.json",
    "evidence/" + "0" * 64,
    "exposure/0123456789ab/findings/00001.parquet",
    "exposure/0123456789ab/summary.json",
    "facts/0001.json",
    "keys/case.key",
    "marks/abc.json",
    "notices/0123456789ab/en-contract/body.html",
    "notices/0123456789ab/personal.parquet",
    "papers/0123456789ab/manifest.json",
    "provider/0001/letter.md",
    "recipients/0123456789ab/quarantine.parquet",
    "recipients/0123456789ab/recipients.parquet",
    "recipients/0123456789ab/validation/result.json",
    "roster/0123456789ab/people.parquet",
    "roster/0123456789ab/roster.json",
    "updates/001/claim.json",
    "waves/0123456789ab/chunks/00001.parquet",
]
STRAYED = [
    "",
    "chronology",
    "chronology/",
    "chronology//x",
    "chronology/../roster/people",
    "chronology/.x",
    "dossier/0001/people.parquet",
    "law/rows.parquet",
    "notices/x/y/manifest.json",
    "notices/manifest.json",
    "old/case.json",
    "roster/chronology/1.json",
    "waves/x/plan.json/rows",
    "xchronology/1.json",
    "case.json\n",
]


@pytest.mark.parametrize("key", LOCKABLE)
def test_the_record_may_be_locked(key: str) -> None:
    """Entries, steps, duties, plans and manifests hold counts and digests."""
    assert holds_no_member_data(key)


@pytest.mark.parametrize("key", ERASABLE + STRAYED)
def test_members_rows_and_free_text_stay_erasable(key: str) -> None:
    """Rows, evidence, names of files, uploads, free text, keys, and names that only look like the record's."""
    assert not holds_no_member_data(key)


@given(st.text(), st.sampled_from(["exposure/", "recipients/", "roster/", "evidence/", "waves/", "notices/", "facts/"]))
def test_no_table_is_ever_locked(name: str, area: str) -> None:
    """Whatever a table is called and wherever it lies."""
    assert not holds_no_member_data(f"{area}{name}.parquet")


@given(st.text())
def test_an_unknown_area_is_never_locked(name: str) -> None:
    """What nobody thought of falls to the side that can be erased."""
    assert not holds_no_member_data(f"unheard-of/{name}")
