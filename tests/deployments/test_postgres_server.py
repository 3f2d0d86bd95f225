"""The demo's PostgreSQL: it starts, keeps its data, stops, and opens nobody's folder."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deployments.servers.postgres import running_postgres


@pytest.fixture
def private() -> Iterator[Path]:
    """A folder closed to everybody else, as a home of the product is."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "home of the product"
        folder.mkdir(mode=0o700)
        yield folder
        shutil.rmtree((folder / "postgres").resolve())


def test_it_stops_and_finds_its_data_again(private: Path) -> None:
    """Two starts in one folder: the second finds what the first wrote; after each nobody answers any more."""
    with running_postgres(private) as uri, psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n integer)")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(uri)
    with running_postgres(private) as uri, psycopg.connect(uri) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(uri)


def test_it_opens_no_folder_to_others(private: Path) -> None:
    """Its starter, run by root, would open all folders above the data to everybody; ours stay closed, data included."""
    with running_postgres(private):
        data = (private / "postgres").resolve()
        for folder in (private, private.parent, data):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
        assert os.geteuid() != 0 or private not in data.parents
