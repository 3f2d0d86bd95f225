"""The server and its workers as child processes: started, watched, and stopped without leaving ghosts."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import prefect

from breach.errors import BadInput
from deployments.home import Home
from deployments.walls import read_walls

START_SECONDS = 180
"""A first start compiles and migrates: 12 to 25 s were seen on 2 cores; a busy machine gets time."""


@dataclass(slots=True)
class Child:
    """One process of ours, with its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def stop(self, grace: float = 10.0) -> None:
        """Ask, wait, then end it and everything it started."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            if not self.alive():
                break
            _signal_group(self.process.pid, sign)
            try:
                self.process.wait(grace if sign != signal.SIGKILL else 5)
            except subprocess.TimeoutExpired:
                continue
        _signal_group(self.process.pid, signal.SIGKILL)


def start(home: Home, name: str, command: Sequence[str], environment: dict[str, str]) -> Child:
    """Start a child in a group of its own, its output in a log file of the home."""
    log = home.root / "logs" / f"{name}.log"
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=home.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_heed_interrupts,  # noqa: PLW1509  (one thread at this point)
        )
    log.chmod(0o600)
    return Child(name, process, log)


def start_server(home: Home, port: int) -> Child:
    """Start the Prefect server and wait until it answers. Raises BadInput with the end of its log when it does not."""
    if read_walls(home.root).prefect.database is None:
        _lay_database(home, port)
    child = start(home, "server", ["prefect", "server", "start"], home.server_environment(port))
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and child.alive():
        try:
            if httpx.get(f"http://127.0.0.1:{port}/api/ready", timeout=2).status_code == httpx.codes.OK:
                return child
        except httpx.HTTPError:
            pass  # not listening yet: asked again below until the time is up
        time.sleep(0.25)
    child.stop()
    raise BadInput(
        f"The Prefect server did not start within {START_SECONDS} s.",
        "Nothing else was started.",
        f"Read the end of {child.log}.",
    )


def _lay_database(home: Home, port: int) -> None:
    """Give a new home the empty database that this Prefect makes.

    A server that finds none walks through every version's migrations: 8 of its 16 s. What comes out is the same each
    time and holds nothing of ours, so it is made once for an installation and copied.
    """
    database = home.root / "prefect" / "prefect.db"
    if database.exists():
        return
    made = Path(sys.prefix) / "share" / f"prefect-{prefect.__version__}-empty.db"
    try:
        if not made.exists():
            _make_empty(made, home.environment(port))
        with tempfile.TemporaryDirectory(dir=database.parent) as folder:  # a killed start leaves no half database
            copied = Path(folder) / database.name
            shutil.copyfile(made, copied)
            copied.chmod(0o600)
            copied.replace(database)
    except (OSError, subprocess.CalledProcessError) as error:
        # An installation that nobody may write to, or a full disk: the server makes its database itself, 8 s later.
        with contextlib.suppress(OSError), (home.root / "logs" / "server.log").open("a") as log:
            log.write(f"No empty database was laid ({type(error).__name__}); the server makes its own.\n")


def _make_empty(made: Path, environment: dict[str, str]) -> None:
    made.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=made.parent) as folder:
        fresh = Path(folder) / "prefect.db"
        address = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{fresh}"}
        upgrade = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]
        subprocess.run(upgrade, env=environment | address, check=True, capture_output=True)
        fresh.replace(made)


def start_worker(home: Home, port: int, pool: str) -> Child:
    """Start one process worker for a pool.

    No --limit: with one, this Prefect's worker dies when a run is resumed while its process is still ending
    ("this borrower is already holding one of this CapacityLimiter's tokens"). The pool has the limit.
    """
    command = ["prefect", "worker", "start", "--pool", pool, "--type", "process"]
    return start(home, f"worker-{pool}", [*command, "--name", f"{pool}-1"], home.environment(port))


def end_flow_process(run_id: str, infrastructure_pid: str | None) -> bool:
    """End the process of a flow run, which has a session of its own; True when there was one.

    infrastructure_pid: as Prefect keeps it, host:pid or pid. A pid that now belongs to another program is left alone.
    """
    text = (infrastructure_pid or "").rsplit(":", 1)[-1]
    if not text.isdigit() or not _belongs_to(int(text), run_id):
        return False
    try:
        os.kill(int(text), signal.SIGKILL)
    except ProcessLookupError:  # it has just ended
        return False
    return True


def _belongs_to(pid: int, run_id: str) -> bool:
    """Whether a process was started for this run: its environment says so, as far as the system lets us read it."""
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:  # no /proc here (macOS), where ps shows the environment; or it has ended
        shown = subprocess.run(["ps", "-E", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
        environment = shown.stdout
    return f"PREFECT__FLOW_RUN_ID={run_id}".encode() in environment


def _heed_interrupts() -> None:
    """A child of a background shell ignores Ctrl-C for ever, and Prefect's worker then never stops."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _signal_group(pid: int, sign: signal.Signals) -> None:
    try:
        os.killpg(pid, sign)
    except ProcessLookupError:
        return
