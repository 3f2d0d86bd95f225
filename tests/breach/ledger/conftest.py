"""A ledger on disk that is in memory where the system has one: commits are synced, and tests make thousands."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from breach.ledger import Ledger, open_ledger

QUICK = Path("/dev/shm")  # noqa: S108 - where the system keeps files in memory


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=QUICK if QUICK.is_dir() else None) as folder:
        open_ledger(f"sqlite:///{folder}/empty.db").close()
        yield Path(folder)


@pytest.fixture
def ledger(quick_folder: Path) -> Iterator[Ledger]:
    with tempfile.TemporaryDirectory(dir=quick_folder) as folder:
        shutil.copy(quick_folder / "empty.db", folder)
        opened = open_ledger(f"sqlite:///{folder}/empty.db")
        yield opened
        opened.close()
