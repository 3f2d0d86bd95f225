"""A made-up case, as rich as a real one (sample.json): what every dossier test is built from."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from breach.chronology import chain
from breach.dossier.build import build_dossier
from breach.folder_store import FolderStore
from schemas.chronology import Entry, EntryKind
from schemas.dossier import DossierSources, OutcomeRow
from schemas.incident import Case, Mode

OPENED = datetime(2026, 11, 8, 9, 14, 5, tzinfo=UTC)
AS_OF = OPENED + timedelta(days=8)
CASE_ID = "rehearsal-harbor-night-watch"
RUN = "6f1c2a9e-0d4b-4a57-9a3e-1f0f3f2b7c11"
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
STORY = (
    (0, EntryKind.OPENED, "Case opened as a rehearsal; the platform caused it."),
    (1, EntryKind.FACTS, "Facts, revision 1."),
    (30, EntryKind.CHAPTER, "Chapter papers done: 3 papers."),
    (180, EntryKind.CONTAINMENT, "Area closed: a visitor got 200 before and 404 after."),
    (182, EntryKind.CONTAINMENT, "Announcement shown in every area."),
    (240, EntryKind.EVIDENCE, "2 files taken, 6,120,331 bytes."),
    (300, EntryKind.CHAPTER, "Chapter roster done: 1,200 members."),
    (420, EntryKind.CHAPTER, "Chapter exposures done: 1,000 accounts affected."),
    (500, EntryKind.CHAPTER, "Chapter duties done: 3 due, 2 for counsel."),
    (560, EntryKind.CHAPTER, "Chapter recipients done: 940 notices for 945 members."),
    (600, EntryKind.CHAPTER, "Chapter notices done: 3 variants."),
    (660, EntryKind.GATE_ASKED, "Gate content asked."),
    (15_000, EntryKind.GATE_REFUSED, "Answer refused: this code was used before."),
    (15_100, EntryKind.GATE_ANSWERED, "Gate content: approve."),
    (18_000, EntryKind.FACTS, "Facts, revision 2: platform aware at, ongoing."),
    (18_010, EntryKind.APPROVAL_VOID, "Approval of content void: the facts have changed."),
    (18_060, EntryKind.GATE_ASKED, "Gate content asked again."),
    (19_300, EntryKind.GATE_ANSWERED, "Gate content: approve."),
    (20_900, EntryKind.GATE_ANSWERED, "Gate sending: approve."),
    (21_000, EntryKind.HANDED_OVER, "Handed over to the sender."),
    (21_060, EntryKind.WAVE, "Wave seeds: 3 of 3 accepted."),
    (22_900, EntryKind.WAVE, "Wave canary: 25 of 25 accepted."),
    (24_000, EntryKind.HALT, "Sending halted by jonas."),
    (24_900, EntryKind.LIFTED, "Halt lifted by mara."),
    (25_300, EntryKind.WAVE, "Wave rest: 914 of 915 accepted, 1 in doubt."),
    (25_400, EntryKind.SCHEDULED, "Update 1 of 4 scheduled."),
    (630_000, EntryKind.ALERT, "Update 1 is due in 1 hour."),
    (634_000, EntryKind.SENT_BY_HAND, "The letter to the provider was sent by hand."),
)


def _token(n: int) -> str:
    # 26 characters of base32: the last five count, the others are filling.
    return "k" * 21 + "".join(LETTERS[(n >> shift) & 31] for shift in (20, 15, 10, 5, 0))


def _outcomes() -> tuple[OutcomeRow, ...]:
    rows = [OutcomeRow(token=_token(n), message="notice", wave="seeds", state="delivered", members=0) for n in range(3)]
    odd = {600: "bounced", 601: "bounced", 700: "in doubt"}
    for n in range(3, 943):
        state = odd.get(n, "delivered" if n % 8 else "accepted")
        rows.append(OutcomeRow(token=_token(n), message="notice", wave="canary" if n < 28 else "rest", state=state))
    return tuple(rows)


def make_sources(store: FolderStore) -> DossierSources:
    """Everything at once; the chronology is written to the store for real."""
    for seconds, kind, text in STORY:
        at = OPENED + timedelta(seconds=seconds)
        chain.append(store, CASE_ID, kind, text, at=at, actor="breach-response", run_id=RUN)
    sample = json.loads(Path(__file__).with_name("sample.json").read_text(encoding="utf-8"))
    return DossierSources.model_validate({**sample, "chronology": chain.read(store), "outcomes": _outcomes()})


@pytest.fixture(scope="session")
def case() -> Case:
    return Case(case_id=CASE_ID, mode=Mode.REHEARSAL, opened_at=OPENED, opened_by_run=RUN)


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> DossierSources:
    return make_sources(FolderStore(tmp_path_factory.mktemp("sources")))


@pytest.fixture(scope="session")
def as_of() -> datetime:
    return AS_OF


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "case")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, case: Case, sources: DossierSources, as_of: datetime) -> Path:
    """One dossier, built once; nobody may write to it."""
    store = FolderStore(tmp_path_factory.mktemp("built"))
    build_dossier(store, case, sources, as_of, 1)
    return store.root / "dossier" / "0001"


@pytest.fixture
def dossier(store: FolderStore, built: Path) -> Path:
    """The folder of a dossier, for this test to damage."""
    return Path(shutil.copytree(built, store.root / "dossier" / "0001"))


@pytest.fixture
def long_chain() -> Callable[[int], tuple[Entry, ...]]:
    """A chain of so many entries, ten seconds apart, made without a store."""

    def make(count: int) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        previous = chain.GENESIS
        for n in range(1, count + 1):
            entry = Entry(
                n=n, case_id=CASE_ID, at=OPENED + timedelta(seconds=10 * n), kind=list(EntryKind)[n % len(EntryKind)],
                text=f"Chunk {n} of the rest: 1,000 accepted, none refused, none in doubt, group {n // 90}.",
                actor="send-wave", run_id=RUN, counts={"accepted": 1000}, previous=previous,
            )  # fmt: skip
            entries.append(entry)
            previous = chain.digest_record(entry)
        return tuple(entries)

    return make
