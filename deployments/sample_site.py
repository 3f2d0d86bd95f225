"""The sample's platform: the imitation as a child process, for the demonstration and for walks in a browser."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from breach.errors import BadInput
from deployments.home import CODE, Home
from deployments.processes import Child, start

START_SECONDS = 30


@contextmanager
def sample_platform(home: Home, port: int) -> Iterator[str]:
    """The imitation on a free loopback port; yields its address. The export in the inbox is what it exposes."""
    port_file, state = home.root / "imitation.port", home.root / "imitation.json"
    port_file.unlink(missing_ok=True)
    command = ["examples.platform.server", "--state", str(state), "--key", home.secret("imitation-key")]
    exposed = str(home.inbox / "harbor" / "members.csv")
    environment = {**home.environment(port), "PYTHONPATH": str(CODE)}
    child = start(home, "imitation", [*command, "--port-file", str(port_file), "--export", exposed], environment)
    try:
        yield f"http://127.0.0.1:{_port_in(port_file, child)}"
    finally:
        child.stop(2)


def _port_in(file: Path, child: Child) -> int:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and child.alive():
        if file.is_file() and (text := file.read_text().strip()):
            return int(text)
        time.sleep(0.1)
    raise BadInput("The platform's imitation did not start.", "No case was opened.", f"Read {child.log}.")
