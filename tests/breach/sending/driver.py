"""A real sender in a process of its own, for the tests that kill, freeze and double it."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from signal import SIGKILL, Signals

import psycopg  # noqa: F401 - every process with a PostgreSQL ledger would import it
import pyarrow as pa
import pyarrow.dataset  # read_table would import it in every process

from breach.errors import BreachError
from breach.folder_store import FolderStore
from breach.ledger import WaveKey, open_ledger
from breach.sending.sender import send_wave
from tests.breach.sending.scene import letters, outbox

pa.array(["warm"])  # imports pandas where it is installed: 1.5 s once instead of in every process


@dataclass(frozen=True, slots=True)
class Orders:
    """What the process does, and at which step (its how-many-eth time) it sends itself a signal."""

    folder: Path
    ledger_url: str
    wave: WaveKey
    holder: str
    ahead: int = 0
    """Seconds that its clock is ahead."""
    step: str = ""
    times: int = 1
    signal: Signals = SIGKILL


def run(orders: Orders, parent: Connection) -> None:
    """Says "ready", sends, and says how it ended: closed, open, or the name of the error."""
    reached = 0

    def on_step(seen: str) -> None:
        nonlocal reached
        reached += seen == orders.step
        if seen == orders.step and reached == orders.times:
            os.kill(os.getpid(), orders.signal)

    parent.send("ready")
    try:
        result = send_wave(
            FolderStore(orders.folder / "case"),
            open_ledger(orders.ledger_url),
            outbox(orders.folder / "outbox"),
            letters,
            orders.wave,
            holder=orders.holder,
            clock=lambda: datetime.now(UTC) + timedelta(seconds=orders.ahead),
            basis_check=lambda: orders.wave.basis_hash,
            on_step=on_step,
        )
    except BreachError as error:
        parent.send(type(error).__name__)
        return
    parent.send("closed" if result.closed else "open")
