"""An open ledger, of either kind."""

from collections.abc import Iterator

import pytest

from breach.ledger import Ledger, open_ledger


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    opened = open_ledger(ledger_url)
    yield opened
    opened.close()
