"""An approval binds to facts, texts, list, law and plan: change any of them and it is another basis."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from breach.basis import current_basis, current_basis_digest, pointer
from breach.current import add_facts, set_current
from breach.errors import NotApproved
from breach.folder_store import FolderStore
from breach.store import CaseStore, put_record
from schemas.incident import Facts, IncidentFacts
from schemas.law import Duty, DutyList, DutyStatus
from schemas.receipt import Chapter, Receipt
from schemas.recipients import ListManifest

CASE = "harbor-2026"
AT = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)
A, B = "a" * 64, "b" * 64
MAILER = "c" * 64


def put_facts(store: CaseStore, revision: int) -> None:
    incident = IncidentFacts.model_validate(
        {
            "what_happened": "A private area was readable.",
            "platform": "Discourse",
            "provider": "Tidewater",
            "learned_how": "the provider told us",
            "aware_at": AT,
            "cause": "not yet known",
            "certainty": "a suspicion, not yet confirmed",
            "ongoing": "not known",
            "span_known": False,
            "leak_from": AT,
            "leak_until": AT,
            "profiles_exposed": "not known",
            "roster_export": "members.csv",
            "organisation": {
                "name": "Harbor Watch",
                "established_in": "DE",
                "role": "controller: we decide why and how the data is used",
                "turnover_over_aud_3m": "no",
            },
            "lead": "mara",
            "platform_connection": "manual-checklist/default",
        }
    )
    add_facts(store, Facts(revision=revision, recorded_at=AT, recorded_by="mara", source="form", incident=incident))


def put_list(store: CaseStore, digest: str, message: str = "notice") -> None:
    manifest = ListManifest(
        affected=1,
        recipients=1,
        members_covered=1,
        quarantined={},
        excluded={},
        by_variant={"notice-en": 1},
        minors=0,
        list_digest=digest,
        validation_passed=True,
        expectations=1,
    )
    put(store, "recipients", manifest_key := f"recipients/{message}-{digest[:12]}/manifest.json", digest, message)
    put_record(store, manifest_key, manifest)


def put_law(store: CaseStore, rule_pack: str) -> None:
    duty = Duty(
        rule_id="r", regime="GDPR", jurisdiction="DE", citation="Art. 33", recipient="authority", recipient_name="DPA",
        status=DutyStatus.DUE, reason="it applies",
    )  # fmt: skip
    duties = DutyList(rule_pack=rule_pack, decided_at=AT, aware_at=AT, platform_aware_at=None, duties=(duty,))
    put(store, "duties", key := f"law/{rule_pack[:12]}/duties.json", rule_pack, "notice")
    put_record(store, key, duties)


def put(store: CaseStore, chapter: str, key: str, digest: str, message: str = "notice") -> None:
    receipt = Receipt(case_id=CASE, chapter=Chapter(chapter), revision=digest[:12], key=key, digest=digest)
    set_current(store, chapter if chapter == "duties" else pointer(chapter, message), receipt)


def put_texts(store: CaseStore, digest: str, message: str = "notice") -> None:
    put(store, "notices", "notices/manifest.json", digest, message)


def put_plan(store: CaseStore, digest: str, message: str = "notice") -> None:
    put(store, "waves", "waves/plan.json", digest, message)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """A case in which everything of the first message is there."""
    case = FolderStore(tmp_path)
    put_facts(case, 1)
    put_texts(case, A)
    put_list(case, A)
    put_law(case, A)
    put_plan(case, A)
    return case


CHANGES: dict[str, Callable[[FolderStore], object]] = {
    "a new fact": lambda case: put_facts(case, 2),
    "another text": lambda case: put_texts(case, B),
    "another list": lambda case: put_list(case, B),
    "another rule pack": lambda case: put_law(case, B),
    "another plan": lambda case: put_plan(case, B),
}


def test_the_basis_names_each_part(store: FolderStore) -> None:
    """Case, message, revision of the facts, and the digest of each of the five parts."""
    basis = current_basis(store, CASE, "notice", MAILER)

    assert basis.model_dump() == {
        "case_id": CASE,
        "message": "notice",
        "facts_revision": 1,
        "variants": A,
        "recipients": A,
        "rule_pack": A,
        "plan": A,
        "mailer": MAILER,
    }


def test_the_same_case_has_the_same_basis(store: FolderStore) -> None:
    """Rebuilt, also by somebody else, it is the same digest."""
    again = FolderStore(store.root)

    assert current_basis_digest(store, CASE, "notice", MAILER) == current_basis_digest(again, CASE, "notice", MAILER)


@pytest.mark.parametrize("what", CHANGES)
def test_any_change_is_another_basis(store: FolderStore, what: str) -> None:
    """One part changed: what was approved before does not fit any more."""
    before = current_basis_digest(store, CASE, "notice", MAILER)

    CHANGES[what](store)

    assert current_basis_digest(store, CASE, "notice", MAILER) != before


def test_every_change_is_its_own(store: FolderStore) -> None:
    """The five changes, one after the other, are six different bases; none is mistaken for another."""
    digests = [current_basis_digest(store, CASE, "notice", MAILER)]
    for change in CHANGES.values():
        change(store)
        digests.append(current_basis_digest(store, CASE, "notice", MAILER))

    assert len(set(digests)) == len(CHANGES) + 1


def test_a_change_taken_back_is_the_old_basis(store: FolderStore) -> None:
    """The basis is what the case holds now, not how it came to that."""
    before = current_basis_digest(store, CASE, "notice", MAILER)
    put_texts(store, B)
    put_texts(store, A)

    assert current_basis_digest(store, CASE, "notice", MAILER) == before


def test_another_case_or_message_is_another_basis(store: FolderStore) -> None:
    """The same content under another name of case or message cannot use the approval."""
    for put_part in (put_texts, put_list, put_plan):
        put_part(store, A, "update-001")

    digests = {
        current_basis_digest(store, case, message, MAILER)
        for case in (CASE, "harbor-2027")
        for message in ("notice", "update-001")
    }

    assert len(digests) == 4


def test_an_update_is_not_bound_to_the_first_notice(store: FolderStore) -> None:
    """Texts, list and plan of an update are its own: changing the notice's leaves it approved."""
    for put_part in (put_texts, put_list, put_plan):
        put_part(store, A, "update-001")
    before = current_basis_digest(store, CASE, "update-001", MAILER)

    put_texts(store, B)
    put_plan(store, B)
    put_list(store, B)

    assert current_basis_digest(store, CASE, "update-001", MAILER) == before


@pytest.mark.parametrize("missing", ["notices", "recipients", "duties", "waves"])
def test_nothing_can_be_approved_in_part(tmp_path: Path, missing: str) -> None:
    """Without any one of the chapters there is no basis, and the refusal names it."""
    case = FolderStore(tmp_path)
    put_facts(case, 1)
    parts: dict[str, Callable[[CaseStore, str], None]] = {
        "notices": put_texts,
        "recipients": put_list,
        "duties": put_law,
        "waves": put_plan,
    }
    for name, put_part in parts.items():
        if name != missing:
            put_part(case, A)

    with pytest.raises(NotApproved, match=missing):
        current_basis(case, CASE, "notice", MAILER)


@pytest.mark.parametrize(
    ("chapter", "message", "name"),
    [
        ("notices", "notice", "notices"),
        ("notices", "update-001", "notices@update-001"),
        ("waves", "update-012", "waves@update-012"),
    ],
)
def test_a_message_s_chapters_have_their_own_pointers(chapter: str, message: str, name: str) -> None:
    """The first message's chapters go by their bare name, an update's carry its name."""
    assert pointer(chapter, message) == name


def test_another_sender_is_another_basis(store: CaseStore) -> None:
    """A letter that would come from somebody else is not the one that was approved."""
    assert current_basis_digest(store, CASE, "notice", A) != current_basis_digest(store, CASE, "notice", B)
