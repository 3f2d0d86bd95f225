"""Ledgers of both kinds; the PostgreSQL server is started for the first test that needs it and stopped at the end."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.servers.postgres import running_postgres
from tests.breach.ledgers import BOTH, QUICK, Ledgers, PostgresLedgers, SqliteLedgers


@pytest.fixture(scope="session")
def sqlite_ledgers() -> Iterator[SqliteLedgers]:
    with tempfile.TemporaryDirectory(dir=QUICK if QUICK.is_dir() else None) as folder:
        yield SqliteLedgers(Path(folder))


@pytest.fixture(scope="session")
def postgres_uri() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=QUICK if QUICK.is_dir() else None) as folder:
        Path(folder).chmod(0o755)  # started by root, the server is another user
        with running_postgres(Path(folder)) as uri:
            yield uri


@pytest.fixture(scope="session")
def postgres_ledgers(postgres_uri: str) -> Iterator[PostgresLedgers]:
    made = PostgresLedgers(postgres_uri)
    yield made
    made.close()


@pytest.fixture(scope="session", params=BOTH)
def ledgers(request: pytest.FixtureRequest) -> Ledgers:
    name = "sqlite_ledgers" if request.param == "sqlite" else "postgres_ledgers"
    found: Ledgers = request.getfixturevalue(name)
    return found


@pytest.fixture
def ledger_url(ledgers: Ledgers) -> Iterator[str]:
    """A new ledger, gone after the test."""
    url = ledgers.make()
    yield url
    ledgers.drop(url)
