"""A store and a ledger of different cases are found out before anybody is told twice."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from breach.chronology import chain
from breach.chronology.kept import UNSEEN, refuse_strangers
from breach.digest import digest_record
from breach.errors import Conflict
from breach.folder_store import FolderStore
from breach.ledger import Ledger, open_ledger
from schemas.chronology import EntryKind

CASE = "rehearsal-harbor"
NOW = datetime(2026, 11, 9, 3, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "case")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")


def write(store: FolderStore, entries: int, seen_by: Ledger | None = None) -> None:
    for number in range(entries):
        entry = chain.append(store, CASE, EntryKind.ALERT, f"Number {number}.", at=NOW, actor="t", run_id="r")
        if seen_by is not None:
            seen_by.heads.record_head(CASE, entry.n, digest_record(entry), NOW)


def test_a_new_case_belongs_to_any_ledger(store: FolderStore, ledger: Ledger) -> None:
    """Neither has seen anything."""
    refuse_strangers(store, ledger, CASE)


def test_what_a_kill_leaves_is_no_stranger(store: FolderStore, ledger: Ledger) -> None:
    """Entries were written, and the runs were killed before their heads were."""
    write(store, 20, ledger)
    write(store, UNSEEN)
    refuse_strangers(store, ledger, CASE)


def test_a_ledger_that_never_saw_the_case_is_refused(store: FolderStore, ledger: Ledger, tmp_path: Path) -> None:
    """A case that has come far, under a new and empty ledger: everybody would be told again."""
    write(store, 20, ledger)
    empty = open_ledger(f"sqlite:///{tmp_path / 'other.db'}")
    with pytest.raises(Conflict, match="has 20 entries, and this ledger has seen 0") as refused:
        refuse_strangers(store, empty, CASE)
    assert "Point them back" in refused.value.next_step


def test_a_store_that_lacks_what_the_ledger_saw_is_refused(store: FolderStore, ledger: Ledger, tmp_path: Path) -> None:
    """A new bucket, or an old backup of the store."""
    write(store, 3, ledger)
    with pytest.raises(Conflict, match="has 0 entries, and this ledger has seen 3"):
        refuse_strangers(FolderStore(tmp_path / "elsewhere"), ledger, CASE)
