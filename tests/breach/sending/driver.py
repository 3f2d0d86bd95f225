"""A real sender in a process of its own, for the tests that kill, freeze and double it.

Arguments: folder, basis, wave, holder, seconds to add to the clock, "step:times" at which to kill itself with SIGKILL
(or "-"). Says "ready" before it begins; ends with the name of the error, if any, on the last line.
"""

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from breach.errors import BreachError
from breach.folder_store import FolderStore
from breach.ledger import WaveKey, open_ledger
from breach.sending.sender import send_wave
from tests.breach.sending.scene import CASE, letters, outbox


def main(arguments: list[str]) -> int:
    folder, basis, wave, holder, ahead, kill_at = arguments
    root = Path(folder)
    step, _, times = kill_at.partition(":")
    left = int(times or 0)

    def on_step(reached: str) -> None:
        nonlocal left
        if reached == step:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    try:
        result = send_wave(
            FolderStore(root / "case"),
            open_ledger(f"sqlite:///{root / 'ledger.db'}"),
            outbox(root / "outbox"),
            letters,
            WaveKey(CASE, "notice", basis, int(wave)),
            holder=holder,
            clock=lambda: datetime.now(UTC) + timedelta(seconds=int(ahead)),
            basis_check=lambda: basis,
            on_step=on_step,
        )
    except BreachError as error:
        sys.stdout.write(f"{type(error).__name__}\n")
        return 3
    sys.stdout.write("closed\n" if result.closed else "open\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
