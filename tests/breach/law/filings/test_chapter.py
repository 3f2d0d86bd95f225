"""The chapter: what is frozen, what is drafted and what is not, and that nothing drafted is ever written over."""

from collections.abc import Callable
from pathlib import Path

import pytest

from breach.digest import digest_bytes
from breach.errors import Conflict, Tampered
from breach.law.filings.kept import add_statement, manifests, read_filing, read_text, statements_of
from breach.law.filings.text import render_filing
from schemas.filing import Statement, Track
from schemas.incident import Facts
from tests.breach.law.filings.conftest import Desk
from tests.breach.law.filings.test_mark import APPROVED, later

DeskOf = Callable[..., Desk]


def files(desk: Desk) -> dict[str, bytes]:
    return {key: held.data for key in desk.store.keys("law/") if (held := desk.store.get(key))}


def test_drafting_again_writes_the_same_bytes(desk_of: DeskOf, known: Facts) -> None:
    """A chapter that was killed is run again over its own output."""
    desk = desk_of({"DE": 100, "GB": 5})
    desk.draft(known, "aaaaaaaaaaaa")
    before = files(desk)
    desk.draft(known, "aaaaaaaaaaaa")
    assert files(desk) == before
    assert {key.rsplit("/", 1)[-1] for key in before} == {"filing.json", "filing.txt", "manifest.json"}


def test_new_facts_are_a_new_revision_beside_the_old_one(desk_of: DeskOf, known: Facts) -> None:
    """What was drafted before, and perhaps approved, stays as it was; under one name nothing is written twice."""
    desk = desk_of({"DE": 100})
    desk.draft(known, "aaaaaaaaaaaa")
    before = files(desk)
    changed = later(known, APPROVED, areas=("harbor-master",))
    with pytest.raises(Conflict):
        desk.draft(changed, "aaaaaaaaaaaa")
    desk.draft(changed, "bbbbbbbbbbbb")
    assert {key: data for key, data in files(desk).items() if "/bbbbbbbbbbbb/" not in key} == before
    assert [manifest.facts_revision for manifest in manifests(desk.store)] == [1, 2]


def test_the_text_is_made_from_the_record_beside_it(desk_of: DeskOf, known: Facts) -> None:
    """Whoever holds the record can make the text anew and compare its digest."""
    desk = desk_of({"DE": 100, "GB": 5, "CH": 3, "BR": 2, "AU": 2, "CA-QC": 2})
    drafts = desk.draft(known).drafts
    assert {draft.filing for draft in drafts} >= {"eu-gdpr-33-1", "gb-ukgdpr-33-1", "ch-fadp-24-1", "ca-qc-cai"}
    for draft in drafts:
        text = render_filing(read_filing(desk.store, draft.record_key, draft.record))
        assert digest_bytes(text.encode()) == draft.text
        assert text == read_text(desk.store, draft)


def test_a_draft_that_somebody_changed_is_not_read(desk_of: DeskOf, known: Facts) -> None:
    """Neither text nor record."""
    desk = desk_of({"DE": 100})
    (draft, *_) = desk.draft(known).drafts
    for key in (draft.text_key, draft.record_key):
        file: Path = desk.store.path(key)
        file.write_bytes(file.read_bytes().replace(b"100", b"001"))
    with pytest.raises(Tampered):
        read_text(desk.store, draft)
    with pytest.raises(Tampered):
        read_filing(desk.store, draft.record_key, draft.record)


def test_a_duty_without_a_form_is_named_and_a_duty_that_is_none_is_not(
    desk_of: DeskOf, facts_of: Callable[..., Facts]
) -> None:
    """Japan's commission must be told and we hold no form for it: said aloud. Nobody lives in Brazil: no draft."""
    desk = desk_of({"JP": 2000, "DE": 5})
    manifest = desk.draft(facts_of(established_in="JP"))
    assert any(one.rule_id.startswith("JP-") for one in manifest.not_drafted)
    assert not any(draft.filing.startswith("br-") for draft in manifest.drafts)


def test_a_run_that_is_replayed_states_nothing_twice(desk_of: DeskOf) -> None:
    """One run, one statement; another run's comes after it."""
    desk = desk_of({"DE": 100})
    one = Statement(filing="eu-gdpr-33-1", n=1, run_id="a", at=APPROVED, by="mara", track=Track.FULL)
    add_statement(desk.store, one)
    add_statement(desk.store, one.model_copy(update={"at": APPROVED.replace(hour=20)}))
    add_statement(desk.store, one.model_copy(update={"run_id": "b"}))
    assert [(held.n, held.run_id) for held in statements_of(desk.store, "eu-gdpr-33-1")] == [(1, "a"), (2, "b")]
