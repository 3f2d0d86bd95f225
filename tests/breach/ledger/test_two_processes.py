"""Several ledgers of one file in one process, and another process writing: nobody reads the past, no commit is lost."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from breach.ledger import open_ledger

WRITER = """
import sys
from datetime import UTC, datetime
from breach.ledger import open_ledger
open_ledger(sys.argv[1]).halts.halt("case-1", "ann", sys.argv[2], datetime.now(UTC))
"""


def test_opening_a_ledger_again_leaves_the_open_ones_their_locks(tmp_path: Path) -> None:
    """Opening and closing the file would drop them: another process then removes the WAL under open connections."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    first = open_ledger(url)
    assert first.halts.of_case("case-1") == ()
    for written in range(1, 4):
        again = open_ledger(url)
        subprocess.run([sys.executable, "-c", WRITER, url, f"reason {written}"], check=True)
        fresh = open_ledger(url)
        assert [len(ledger.halts.of_case("case-1")) for ledger in (first, again, fresh)] == [written] * 3
    first.halts.lift("case-1", "ann", "looked", datetime.now(UTC))
    assert not open_ledger(url).halts.halted("case-1")
