"""$BREACH_HOME: where the server's database, the ledger, the cases, the secrets and the inbox are."""

import contextlib
import fcntl
import os
import secrets
import shlex
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import platformdirs

from breach.errors import BadInput
from deployments.walls import ledger_url, read_walls
from schemas.incident import Mode

CODE = Path(__file__).resolve().parent.parent
"""The folder that holds prefect.yaml and the rooms."""
DEFAULT_PORT = 4200
FOLDERS = ("", "prefect", "results", "secrets", "inbox", "contracts", "alerts", "logs", *(mode.value for mode in Mode))
"""What a home is made with, each for its owner alone."""
HEARTBEAT_SECONDS = 30
"""The shortest that Prefect takes; from its silence a run is known to be dead."""
DATABASE_SETTINGS = ("PREFECT_SERVER_DATABASE", "PREFECT_API_DATABASE")
"""What the shell may say of Prefect's database, under its older name too; Prefect reads either in any case."""
EVENT_DAYS = 400
"""Prefect deletes its events after 7 days by default; a case and its questions last longer than a year."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folders and secrets of one installation."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Exports are named relative to this folder."""
        return self.root / "inbox"

    @property
    def database(self) -> Path:
        """Prefect's own database."""
        return self.root / "prefect" / "prefect.db"

    def mode(self, mode: Mode) -> Path:
        """The root of one mode: cases, ledger, outbox."""
        return self.root / mode.value

    def approvers(self, mode: Mode) -> Path:
        """The approvers file of one mode."""
        return self.root / "secrets" / f"approvers-{mode.value}.json"

    def ledger_url(self, mode: Mode) -> str:
        """SQLAlchemy's address of the ledger of one mode: what walls.toml says, else a file of this home."""
        return ledger_url(self.root, mode, read_walls(self.root))

    def cases(self, mode: Mode) -> Path:
        """The folder with all cases of one mode."""
        return self.mode(mode) / "cases"

    def lock(self) -> IO[str]:
        """The right to run, or to empty, this home; held until closed. Raises BadInput while somebody else has it."""
        file = (self.root / ".lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise BadInput(
                f"A house is running in {self.root} already.", "Nothing was started or emptied.", "Stop it first."
            ) from None
        return file

    def secret(self, name: str) -> str:
        """A secret kept in a 0600 file, made when first asked for."""
        path = self.root / "secrets" / name
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(32))
        return path.read_text().strip()

    @property
    def login(self) -> str:
        """The generated login of the UI and API, as user:password."""
        return f"breach:{self.secret('api-password')}"

    def environment(self, port: int) -> dict[str, str]:
        """Everything a server, a worker or a client of this home needs in its environment."""
        address = f"http://127.0.0.1:{port}"
        return {
            **{name: value for name, value in os.environ.items() if not name.upper().startswith(DATABASE_SETTINGS)},
            "NO_PROXY": "127.0.0.1,localhost",
            "BREACH_HOME": str(self.root),
            "BREACH_CODE": str(CODE),
            "BREACH_PYTHON": shlex.quote(sys.executable),
            "PREFECT_HOME": str(self.root / "prefect"),
            "PREFECT_PROFILES_PATH": str(self.root / "prefect" / "profiles.toml"),
            "PREFECT_API_URL": f"{address}/api",
            "PREFECT_UI_URL": address,
            "PREFECT_UI_API_URL": f"{address}/api",
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_API_AUTH_STRING": self.login,
            "PREFECT_API_AUTH_STRING": self.login,
            "PREFECT_SERVER_ENCRYPTION_KEY": self._fernet_key(),
            "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
            "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "true",
            "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": address,
            "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{EVENT_DAYS}D",
            "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
            "PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(self.root / "results"),
            "PREFECT_LOGGING_CONFIG_PATH": str(CODE / "deployments" / "logging.yml"),
            "PREFECT_CLIENT_MAX_RETRIES": "12",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_WORKER_PREFETCH_SECONDS": "5",
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
            "GX_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
        }

    def server_environment(self, port: int) -> dict[str, str]:
        """What the server needs besides: the address of its database, which is nobody else's business."""
        stated = read_walls(self.root).prefect.database
        database = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": stated.get_secret_value()} if stated else {}
        return self.environment(port) | database

    def _fernet_key(self) -> str:
        """32 url-safe base64 bytes with padding, as Fernet wants them; token_urlsafe(32) lacks the padding."""
        return self.secret("encryption-key") + "="


def _write_once(path: Path, value: str) -> None:
    """All of it or nothing, 0600, and never twice: two first starts at once must not read a half-written secret."""
    handle, fresh = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(value)
        with contextlib.suppress(FileExistsError):  # another start was quicker; its secret holds
            os.link(fresh, path)
    finally:
        Path(fresh).unlink()


def chosen_root(root: Path | None = None) -> Path:
    """Where a home is or would be: at root, at $BREACH_HOME, or in the user's data directory."""
    chosen = root or Path(os.environ.get("BREACH_HOME") or platformdirs.user_data_path("breach-response"))
    return chosen.expanduser().resolve()


def open_home(root: Path | None = None) -> Home:
    """The home at root, at $BREACH_HOME, or in the user's data directory; its folders made, closed to others.

    Raises BadInput when it would lie inside the checkout: members' data next to code gets committed one day.
    """
    chosen = chosen_root(root)
    if chosen == CODE or chosen.is_relative_to(CODE):
        raise BadInput("BREACH_HOME lies inside the checkout.", "Nothing was started.", "Choose a folder outside it.")
    for folder in FOLDERS:
        path = chosen / folder
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
    return Home(chosen)


def free_port(wanted: int = DEFAULT_PORT) -> int:
    """The wanted port on loopback when it is free, else one the system gives."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port left a minute ago is free
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise BadInput("No port is free on this machine's loopback address.", "Nothing was started.")
