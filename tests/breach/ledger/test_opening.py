"""Opening a SQLite ledger: private, durable, of this version, and readable errors otherwise."""

import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from breach.errors import BadInput, Conflict, LedgerBusy
from breach.ledger import Ledger, database, open_ledger

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://u:secret@h/d",
        "postgresql://u:secret@h",
        "postgresql+asyncpg://u:secret@h/d",
        "postgresql://h:secret/d",
        "not an address",
        "sqlite:///x?mode=ro",
    ],
)
def test_another_address_is_refused_and_not_quoted(url: str) -> None:
    """Anything but a SQLite file or a PostgreSQL database is refused; a password in an address is not repeated."""
    with pytest.raises(BadInput) as refused:
        open_ledger(url)
    assert "secret" not in f"{refused.value!r}{refused.value.__cause__!r}"
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_the_file_is_private(tmp_path: Path) -> None:
    """The ledger, and the WAL beside it, can be read by their owner alone."""
    ledger = open_ledger(f"sqlite:///{tmp_path}/new/ledger.db")
    ledger.halts.halt("rehearsal-x", "mira", "test", NOW)
    for path in (tmp_path / "new").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    ledger.close()


def test_commits_are_synced_and_readers_do_not_block(tmp_path: Path) -> None:
    """The connection runs in WAL mode with full syncing and foreign keys on: 2 is FULL in SQLite's words."""
    opened = database.Database(f"sqlite:///{tmp_path}/ledger.db")
    with opened.read() as connection:
        found = {
            pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
            for pragma in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    opened.close()


def test_a_file_that_is_no_ledger_is_named_so(tmp_path: Path) -> None:
    """A damaged file is a matter for a human, not for another try."""
    (tmp_path / "ledger.db").write_bytes(b"no database at all, " * 300)
    with pytest.raises(Conflict, match="damaged"):
        open_ledger(f"sqlite:///{tmp_path}/ledger.db")


def test_a_locked_ledger_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that waited its time for another says so, as something that may be tried again."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db")
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert ledger.halts.halted("rehearsal-x") is False
    with pytest.raises(LedgerBusy, match="locked"):
        ledger.halts.halt("rehearsal-x", "mira", "test", NOW)
    other.execute("ROLLBACK")
    other.close()
    ledger.halts.halt("rehearsal-x", "mira", "test", NOW)
    assert ledger.halts.halted("rehearsal-x")
    ledger.close()


def test_a_time_without_a_zone_never_enters(ledger: Ledger) -> None:
    """A naive time is refused before anything is written."""
    with pytest.raises(BadInput, match="zone"):
        ledger.halts.halt("rehearsal-x", "mira", "test", NOW.replace(tzinfo=None))
    assert not ledger.halts.halted("rehearsal-x")


def test_times_of_all_zones_compare(ledger: Ledger) -> None:
    """A lease written in one zone runs out at the same moment in another."""
    tokyo = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
    assert ledger.leases.take_case("rehearsal-x", "a", tokyo, timedelta(minutes=5)) == 1
    later = (NOW + timedelta(minutes=5)).astimezone(ZoneInfo("America/New_York"))
    assert ledger.leases.take_case("rehearsal-x", "b", later, timedelta(minutes=5)) == 2


def test_opening_a_current_ledger_does_not_load_alembic(ledger_url: str) -> None:
    """Each run opens the ledger: what only migrating needs is not imported for it."""
    script = "import sys; from breach.ledger import open_ledger as o; o(sys.argv[1]); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script, ledger_url], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
