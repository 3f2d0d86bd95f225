"""A desk for each test, at a ledger of either kind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.breach.sending.desk import Desk


@pytest.fixture
def make_desk(tmp_path: Path, ledger_url: str) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(people: int = 20) -> Desk:
        made.append(Desk(tmp_path, ledger_url, people))
        return made[-1]

    yield make
    for desk in made:
        desk.ledger.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()
