"""A PostgreSQL ledger when things go wrong: refusals and lost connections in our words, and commits nobody saw."""

import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url, text

from breach.errors import BadInput, BreachError, LedgerBusy
from breach.ledger import Ledger, database, open_ledger, postgres
from tests.breach.ledger.wire import wire
from tests.breach.ledgers import PostgresLedgers

CASE = "rehearsal-harbor"
NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
TTL = timedelta(minutes=5)


@pytest.fixture
def url(postgres_ledgers: PostgresLedgers) -> Iterator[str]:
    made = postgres_ledgers.make()
    yield made
    postgres_ledgers.drop(made)


@pytest.fixture
def admin(url: str) -> Iterator[psycopg.Connection]:
    """A superuser's connection to the ledger's database."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    opened = open_ledger(url)
    yield opened
    opened.close()


def as_user(url: str, name: str, password: str = "") -> str:
    return make_url(url).set(username=name, password=password or None).render_as_string(hide_password=False)


def alter(admin: psycopg.Connection, setting: LiteralString) -> None:
    """Change a setting of the database for those who connect from now on."""
    assert admin.info.dbname
    admin.execute(SQL("ALTER DATABASE {} SET ").format(Identifier(admin.info.dbname)) + SQL(setting))


def refused(url: str, kind: type[BreachError], words: str) -> None:
    """Opening is refused with these words, and without the address."""
    with pytest.raises(kind, match=words) as error:
        open_ledger(url)
    assert error.value.__suppress_context__
    assert not any(part in f"{error.value}" for part in ("pass-word", "ledger_", "secretary", "/postgres"))


def test_an_unknown_database_or_user_is_an_input_to_correct(url: str) -> None:
    """Trying again would not help."""
    refused(make_url(url).set(database="nowhere").render_as_string(hide_password=False), BadInput, "does not let")
    refused(as_user(url, "nobody"), BadInput, "does not let")
    refused(f"{url}&colour=blue", BadInput, "option")


def test_a_wrong_password_is_an_input_to_correct(url: str, admin: psycopg.Connection) -> None:
    """A user who must give a password, and gives none or another; the error names neither. The right one opens."""
    row = admin.execute("SHOW hba_file").fetchone()
    assert row is not None
    rules = Path(row[0])
    before = rules.read_text()
    admin.execute("CREATE ROLE secretary LOGIN SUPERUSER PASSWORD 'right/pass-word'")
    try:
        rules.write_text(f"local all secretary scram-sha-256\n{before}")
        admin.execute("SELECT pg_reload_conf()")
        for password in ("", "wrong/pass-word"):
            refused(as_user(url, "secretary", password), BadInput, "does not let")
        open_ledger(as_user(url, "secretary", "right/pass-word")).close()
    finally:
        rules.write_text(before)
        admin.execute("SELECT pg_reload_conf()")
        admin.execute("DROP ROLE secretary")


def test_a_server_that_is_away_or_full_may_be_tried_again(url: str, admin: psycopg.Connection, tmp_path: Path) -> None:
    """No server at the address, and one that takes no more connections: both may be otherwise in a minute."""
    refused(f"postgresql://u:pass-word@/d?host={tmp_path}", LedgerBusy, "cannot be reached")
    admin.execute("CREATE ROLE secretary LOGIN CONNECTION LIMIT 0")
    refused(as_user(url, "secretary"), LedgerBusy, "cannot be reached")
    admin.execute("DROP ROLE secretary")


def test_a_user_without_rights_is_told_what_is_missing(url: str, admin: psycopg.Connection) -> None:
    """A user who may connect and not write."""
    admin.execute("CREATE ROLE secretary LOGIN")
    refused(as_user(url, "secretary"), BadInput, "may not.*owner of the database")
    admin.execute("DROP ROLE secretary")


def test_commits_are_synced_and_writers_read_the_present(url: str, admin: psycopg.Connection) -> None:
    """Whatever the database's own defaults are; readers see one moment and cannot write."""
    alter(admin, "synchronous_commit = off")
    alter(admin, "default_transaction_isolation = 'serializable'")
    opened = database.Database(url)
    with opened.write() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "on"
        assert connection.execute(text("SHOW transaction_isolation")).scalar_one() == "read committed"
    with opened.read() as connection:
        assert connection.execute(text("SHOW transaction_isolation")).scalar_one() == "repeatable read"
        assert connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on"
    opened.close()


def test_a_locked_ledger_is_busy_and_can_be_read(
    url: str, admin: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that waited its time for another says so; readers wait for nobody."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    ledger = open_ledger(url)
    with admin.transaction():
        admin.execute(SQL("SELECT pg_advisory_xact_lock({})").format(postgres.WRITERS))
        assert ledger.halts.halted(CASE) is False
        with pytest.raises(LedgerBusy, match="locked by another writer"):
            ledger.halts.halt(CASE, "mira", "test", NOW)
    ledger.halts.halt(CASE, "mira", "test", NOW)
    assert ledger.halts.halted(CASE)
    ledger.close()


def test_a_writer_that_stands_still_is_cut_off(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server undoes what a frozen client began and lets the next one write; the frozen one hears it on waking."""
    monkeypatch.setattr(postgres, "IDLE_SECONDS", 0.2)
    frozen, other = database.Database(url), open_ledger(url)
    took_over = threading.Event()

    def write() -> None:
        with frozen.write() as connection:
            connection.execute(text("INSERT INTO alerts VALUES ('rehearsal-x', 'frozen', '2026')"))
            other.halts.halt(CASE, "mira", "written meanwhile", NOW)
            took_over.set()
            connection.execute(text("INSERT INTO alerts VALUES ('rehearsal-x', 'awake', '2026')"))

    with pytest.raises(LedgerBusy, match=r"stood still|connection to the ledger was lost"):
        write()
    assert took_over.is_set()
    assert other.alerts.first_time("rehearsal-x", "frozen", NOW)
    frozen.close()
    other.close()


def test_a_server_that_was_restarted_meanwhile_costs_nothing(ledger: Ledger, admin: psycopg.Connection) -> None:
    """Connections held ready that died are replaced before anything is asked."""
    ledger.halts.halt(CASE, "mira", "before", NOW)
    cut_all(admin)
    ledger.halts.halt(CASE, "mira", "after", NOW)
    assert len(ledger.halts.of_case(CASE)) == 2


def test_a_connection_lost_half_way_has_written_nothing(url: str, admin: psycopg.Connection) -> None:
    """The server ends the connection between two statements: it says so, and the first is undone."""
    opened = database.Database(url)

    def write() -> None:
        with opened.write() as connection:
            connection.execute(text("INSERT INTO alerts VALUES ('rehearsal-x', 'half', '2026')"))
            cut_all(admin)
            connection.execute(text("INSERT INTO alerts VALUES ('rehearsal-x', 'other half', '2026')"))

    with pytest.raises(LedgerBusy, match=r"lost\. Nothing was written"):
        write()
    with opened.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM alerts")).scalar_one() == 0
    opened.close()


def cut_all(admin: psycopg.Connection) -> None:
    admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@pytest.mark.parametrize(("cut", "written"), [("before", False), ("after", True)])
def test_a_commit_whose_answer_is_lost_is_called_unknown(url: str, ledger: Ledger, cut: str, written: bool) -> None:
    """The wire breaks before or after the server commits: both look the same, and doing it again ends the same."""
    socket = Path(str(make_url(url).query["host"])) / ".s.PGSQL.5432"
    with tempfile.TemporaryDirectory() as place, wire(Path(place), socket) as line:
        address = make_url(url).update_query_dict({"host": place})
        distant = open_ledger(address.render_as_string(hide_password=False))
        line.armed = cut
        with pytest.raises(LedgerBusy, match="not known"):
            distant.leases.take_case(CASE, "run-1", NOW, TTL)
        wait_for_writers(url)
        assert (ledger.leases.holder(CASE, NOW) == "run-1") is written
        assert distant.leases.take_case(CASE, "run-1", NOW, TTL) == 1 + written
        distant.close()
    assert ledger.leases.holder(CASE, NOW) == "run-1"


def wait_for_writers(url: str) -> None:
    """Until the server has ended what a lost client began."""
    opened = database.Database(url)
    with opened.write():
        pass
    opened.close()


def test_a_server_that_takes_no_writes_may_be_tried_again(url: str) -> None:
    """A standby says the same as a transaction that was made read-only; another server may be taking over."""
    opened = database.Database(url)

    def write() -> None:
        with opened.write() as connection:
            connection.execute(text("SET TRANSACTION READ ONLY"))
            connection.execute(text("INSERT INTO alerts VALUES ('rehearsal-x', 'a', '2026')"))

    with pytest.raises(LedgerBusy, match="no writes"):
        write()
    opened.close()


@pytest.mark.parametrize("person", ["a-very-long-name" * 4, "nul\0"])
def test_what_does_not_fit_is_an_input_to_correct(ledger: Ledger, person: str) -> None:
    """Too long for its column, or with a character that the database cannot keep: refused for good, not quoted."""
    with pytest.raises(BadInput, match="does not fit") as error:
        ledger.halts.halt(CASE, person, "test", NOW)
    assert person not in str(error.value)
    assert not ledger.halts.halted(CASE)


def test_moments_sort_byte_by_byte(url: str) -> None:
    """The database's own language has no say in which moment is later: every moment's column has the C collation."""
    opened = database.Database(url)
    with opened.read() as connection:
        odd = connection.execute(
            text(
                "SELECT table_name, column_name, collation_name FROM information_schema.columns "
                "WHERE table_schema = 'public' AND character_maximum_length = 32 AND table_name <> 'alembic_version' "
                "AND collation_name IS DISTINCT FROM 'C'"
            )
        ).all()
    assert odd == []
    opened.close()


def test_a_ledger_is_opened_quickly(url: str) -> None:
    """Every run opens it: the median of nine openings stays under 50 ms, imports apart."""
    open_ledger(url).close()
    times = []
    for _ in range(9):
        start = time.perf_counter()
        open_ledger(url).close()
        times.append(time.perf_counter() - start)
    assert sorted(times)[4] < 0.05
