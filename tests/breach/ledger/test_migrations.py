"""Migrations: one schema on both databases, older ledgers taken along, newer ones left alone, all of it or nothing."""

import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.schema import CreateTable, MetaData

from breach.errors import BreachError, Conflict
from breach.ledger import Child, Resolution, WaveKey, open_ledger
from breach.ledger.database import Database
from breach.ledger.open import MIGRATIONS
from breach.ledger.revision import find_revision
from breach.ledger.tables import REVISION, metadata
from breach.ledger.upgrade import upgrade
from breach.mail import Delivery
from schemas.sending import ChunkState
from tests.breach.ledgers import Ledgers

OLD = Path(__file__).with_name("data") / "before_migrations.sql"
CASE, MESSAGE, BASIS = "rehearsal-harbor", "notice", "a" * 64
REST = WaveKey(CASE, MESSAGE, BASIS, 1)
NOW = datetime(2026, 11, 9, 9, tzinfo=UTC)
TTL = timedelta(minutes=1)
BROKEN = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "0003", "0002", None, None
def upgrade():
    op.execute("CREATE TABLE half_done (n INTEGER)")
    op.execute("INSERT INTO halts (id) VALUES (1)")
"""
"""Makes a table, and then a row without what a row must have."""


@pytest.fixture
def blank_url(ledgers: Ledgers) -> Iterator[str]:
    url = ledgers.blank()
    yield url
    ledgers.drop(url)


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """A SQLite ledger in the middle of a wave, as the code before there were migrations wrote it."""
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        connection.executescript(OLD.read_text())
    return tmp_path / "ledger.db"


def tables_at(url: str) -> tuple[str | None, set[str]]:
    database = Database(url)
    with database.read() as connection:
        found = find_revision(connection), set(inspect(connection).get_table_names())
    database.close()
    return found


def test_the_migrations_make_exactly_the_tables_of_the_code(blank_url: str) -> None:
    """From an empty database: same tables, columns, types, keys, constraints and indexes, and the newest revision."""
    open_ledger(blank_url).close()
    database = Database(blank_url)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert find_revision(connection) == REVISION
    database.close()


def test_they_make_the_same_words_as_the_code(ledgers: Ledgers) -> None:
    """What a comparison of names does not see, primary keys and NOT NULL and the collation of moments, is equal too."""
    made, wanted = ledgers.blank(), ledgers.blank()
    open_ledger(made).close()
    database = Database(wanted)
    with database.write() as connection:
        metadata.create_all(connection)
    assert described(made) == described(wanted)
    database.close()
    for url in (made, wanted):
        ledgers.drop(url)


def described(url: str) -> dict[str, str]:
    """How each table reads when the database is asked for it."""
    database, found = Database(url), MetaData()
    with database.read() as connection:
        found.reflect(connection)
        words = {table.name: str(CreateTable(table).compile(connection)) for table in found.sorted_tables}
    database.close()
    return {name: text for name, text in words.items() if name != "alembic_version"}


def test_the_code_expects_the_newest_migration() -> None:
    """REVISION is the one head; two heads would be two truths."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_an_old_ledger_is_taken_along(old_file: Path) -> None:
    """Everything written before is there; the doubt is settled, what was not sent is claimed, and the wave closes."""
    ledger = open_ledger(f"sqlite:///{old_file}")
    assert ledger.approvals.approved(CASE, BASIS)
    assert ledger.approvals.attempts(CASE, "content", BASIS) == 1
    assert [halt.lifted_by for halt in ledger.halts.of_case(CASE)] == ["jo"]
    assert ledger.children.of_case(CASE) == (Child(CASE, "send-wave", "abcabcabcabc", 1, "run-2"),)
    assert not ledger.alerts.first_time(CASE, "gate-content", NOW)
    head = ledger.heads.chronology_head(CASE)
    assert head is not None
    assert (head.n, head.digest) == (1, "1" * 64)
    standing = ledger.doubts.standing(CASE, MESSAGE)
    states = [chunk.state.value for chunk in standing.chunks]
    assert states == ["accepted", "accepted", "in doubt", "claimed", "planned"]
    assert standing.chunks[1].finished_at == datetime(2026, 11, 9, 8, 30, 0, 1, tzinfo=UTC)
    assert standing.exceptions == {1: {"b" * 26: (ChunkState.REJECTED, "refused")}}

    epoch = ledger.waves.open_wave(REST, "run-4", NOW, TTL)
    (doubt,) = ledger.doubts.in_wave(REST)
    ledger.doubts.resolve(doubt.chunk_id, Resolution.ACCEPTED, "mira", "looked", NOW)
    for n in (3, 4):
        chunk = ledger.claims.claim_next(REST, epoch, f"again-{n}", NOW)
        assert chunk is not None
        assert chunk.n == n
        assert ledger.claims.mark_requested(f"again-{n}", epoch, NOW)
        ledger.claims.complete(f"again-{n}", Delivery(("c" * 26, "d" * 26), {}), NOW)
    assert ledger.claims.claim_next(REST, epoch, "none left", NOW) is None
    assert ledger.waves.close_wave(REST, epoch, NOW) == NOW + timedelta(minutes=30)
    ledger.close()


def test_a_migrated_old_ledger_is_like_a_new_one(old_file: Path, sqlite_ledgers: Ledgers) -> None:
    """Table by table the same words as in a ledger made today."""
    open_ledger(f"sqlite:///{old_file}").close()
    new = sqlite_ledgers.make()
    assert described(f"sqlite:///{old_file}") == described(new)
    assert tables_at(f"sqlite:///{old_file}") == tables_at(new)
    sqlite_ledgers.drop(new)


def test_a_copy_is_kept_before_migrating(old_file: Path) -> None:
    """Beside the ledger, one whole file, private, as it was; and no second one when there is nothing to migrate."""
    open_ledger(f"sqlite:///{old_file}").close()
    (copy,) = old_file.parent.glob("*before*")
    assert copy.name == f"ledger.db.before-{REVISION}"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT version FROM schema_versions").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM chunks").fetchone() == (5,)
    copy.unlink()
    open_ledger(f"sqlite:///{old_file}").close()
    assert list(old_file.parent.glob("*before*")) == []


def test_a_new_ledger_keeps_no_copy(tmp_path: Path) -> None:
    """There is nothing to keep of an empty one."""
    open_ledger(f"sqlite:///{tmp_path}/ledger.db").close()
    assert list(tmp_path.glob("*before*")) == []


def test_old_code_leaves_a_migrated_ledger_alone(ledger_url: str) -> None:
    """The code before there were migrations opens version 1 alone, which it reads in schema_versions."""
    database = Database(ledger_url)
    with database.read() as connection:
        assert connection.execute(text("SELECT version FROM schema_versions")).scalars().all() == [2]
    database.close()


@pytest.mark.parametrize("revision", ["0003", "c166e3b4ab42"])
def test_a_newer_ledger_is_left_alone(ledger_url: str, revision: str) -> None:
    """A revision that this code does not know, of a newer version or another program: refused, nothing changed."""
    database = Database(ledger_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
    before = tables_at(ledger_url)
    with pytest.raises(Conflict, match=f"{revision}.*Nothing was changed"):
        open_ledger(ledger_url)
    assert tables_at(ledger_url) == before
    database.close()


@pytest.mark.parametrize("version", [None, 7])
def test_tables_of_somebody_else_are_left_alone(blank_url: str, version: int | None) -> None:
    """A database with a table of a name of ours that is no ledger's, or of a version that never was, is refused."""
    database = Database(blank_url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE messages (id INTEGER)"))
        if version is not None:
            connection.execute(text("CREATE TABLE schema_versions (version INTEGER)"))
            connection.execute(text("INSERT INTO schema_versions VALUES (:n)"), {"n": version})
    before = tables_at(blank_url)
    with pytest.raises(Conflict, match="no ledger that this code knows"):
        open_ledger(blank_url)
    assert tables_at(blank_url) == before
    database.close()


def test_a_migration_that_fails_half_way_changes_nothing(ledger_url: str, tmp_path: Path) -> None:
    """A third migration makes a table and then fails: the table is gone, the revision is the old, the ledger works."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0003_broken.py").write_text(BROKEN)
    before = tables_at(ledger_url)
    database = Database(ledger_url)
    with pytest.raises(BreachError):
        upgrade(database, folder, "0003")
    database.close()
    assert tables_at(ledger_url) == before
    ledger = open_ledger(ledger_url)
    ledger.halts.halt(CASE, "mira", "still works", NOW)
    assert ledger.halts.halted(CASE)
    ledger.close()


OPEN = """
import sys
from datetime import UTC, datetime
from breach.ledger import open_ledger
from breach.ledger import upgrade  # loaded before the start, so that all start together
print("ready", flush=True)
sys.stdin.readline()
open_ledger(sys.argv[1]).alerts.first_time("rehearsal-x", sys.argv[2], datetime.now(UTC))
"""


def open_together(url: str, processes: int) -> None:
    """Open a ledger in several processes at one moment; each writes one row."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, url, str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for n in range(processes)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.wait(60) for process in started] == [0] * processes


def test_processes_that_open_a_new_ledger_at_once_make_it_once(blank_url: str) -> None:
    """Four at one moment: none fails, and each finds the tables that one of them made."""
    open_together(blank_url, 4)
    database = Database(blank_url)
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM alerts")).scalar_one() == 4
        assert connection.execute(text("SELECT count(*) FROM schema_versions")).scalar_one() == 1
        assert find_revision(connection) == REVISION
    database.close()


def test_processes_that_open_an_old_ledger_at_once_migrate_it_once(old_file: Path) -> None:
    """Three at one moment: one copies and migrates, the others wait and go on."""
    open_together(f"sqlite:///{old_file}", 3)
    assert tables_at(f"sqlite:///{old_file}")[0] == REVISION
    assert sorted(path.name for path in old_file.parent.glob("*before*")) == [f"ledger.db.before-{REVISION}"]
