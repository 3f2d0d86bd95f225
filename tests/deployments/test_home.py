"""The home: closed to others, never in the checkout, its secrets drawn once, its settings the ones that protect."""

import base64
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import platformdirs
import pytest
import yaml
from cryptography.fernet import Fernet

from breach.errors import BadInput
from deployments.demo_home import MARK, demo_home
from deployments.home import CODE, Home, free_port, open_home
from deployments.processes import start
from schemas.incident import Mode


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- folders


def test_every_folder_is_the_owner_s_alone(home: Home) -> None:
    """The home and all it is made with are 0700, whatever the umask, also when they were open before."""
    folders = [home.root, *(path for path in home.root.rglob("*") if path.is_dir())]
    assert {path.name for path in folders} >= {"secrets", "inbox", "prefect", "results", "alerts", "logs", "live"}
    for folder in folders:
        folder.chmod(0o755)

    old = os.umask(0)
    try:
        open_home(home.root)
    finally:
        os.umask(old)

    assert {rights(folder) for folder in folders} == {0o700}


def test_a_home_is_never_in_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Members' data beside code is committed one day: not there, not by a link, not by the environment."""
    link = tmp_path / "link"
    link.symlink_to(CODE)
    before = sorted(path.name for path in CODE.iterdir())

    for inside in (CODE, CODE / "home", CODE / "examples" / "home", CODE / ".." / CODE.name / "home", link / "home"):
        with pytest.raises(BadInput, match="inside the checkout"):
            open_home(inside)
    monkeypatch.setenv("BREACH_HOME", str(CODE / "home"))
    with pytest.raises(BadInput, match="inside the checkout"):
        open_home()

    assert sorted(path.name for path in CODE.iterdir()) == before


def test_the_home_is_chosen_by_argument_then_environment_then_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said on the command line goes first; without anything it is the user's data directory."""
    monkeypatch.setattr(platformdirs, "user_data_path", lambda name: tmp_path / "data" / name)
    monkeypatch.delenv("BREACH_HOME", raising=False)
    assert open_home().root == tmp_path / "data" / "breach-response"

    monkeypatch.setenv("BREACH_HOME", str(tmp_path / "environment"))
    assert open_home().root == tmp_path / "environment"
    assert open_home(tmp_path / "argument").root == tmp_path / "argument"


def test_the_modes_share_no_place(home: Home) -> None:
    """A rehearsal and a live case have their own cases, ledger and approvers, none within the other's."""
    for place in (home.mode, home.cases, home.approvers):
        rehearsal, live = place(Mode.REHEARSAL), place(Mode.LIVE)
        assert not rehearsal.is_relative_to(live)
        assert not live.is_relative_to(rehearsal)
        assert rehearsal.is_relative_to(home.root)
    assert home.ledger_url(Mode.REHEARSAL) != home.ledger_url(Mode.LIVE)


# --- secrets


def test_a_secret_is_drawn_once_and_kept_private(home: Home) -> None:
    """256 bits, 0600, the same at every asking, another for another name and another home."""
    secret = home.secret("api-password")

    assert len(base64.urlsafe_b64decode(secret + "=")) == 32
    assert Home(home.root).secret("api-password") == secret
    assert home.secret("imitation-key") != secret
    assert open_home(home.root.parent / "other").secret("api-password") != secret
    assert {rights(path) for path in (home.root / "secrets").iterdir()} == {0o600}
    assert {path.name for path in (home.root / "secrets").iterdir()} == {"api-password", "imitation-key"}


def test_two_first_starts_read_the_same_secret(home: Home) -> None:
    """Whoever is second gets what the first has written, whole: never an empty or a second one."""
    for n in range(20):
        with ThreadPoolExecutor(8) as pool:
            drawn = set(pool.map(home.secret, [f"secret-{n}"] * 8))
        assert len(drawn) == 1
        assert len(drawn.pop()) == 43  # 32 bytes in base64 without padding


def test_the_login_stays(home: Home) -> None:
    """user:password, the same after every start, its password in a private file."""
    user, _, password = home.login.partition(":")

    assert user == "breach"
    assert password == (home.root / "secrets" / "api-password").read_text()
    assert Home(home.root).login == home.login


def test_the_server_s_key_is_a_fernet_key(home: Home) -> None:
    """The library that uses it takes it, and it is the same at the next start: else nothing stored is readable."""
    key = home.environment(4200)["PREFECT_SERVER_ENCRYPTION_KEY"]

    assert Fernet(key).decrypt(Fernet(key).encrypt(b"receipt")) == b"receipt"
    assert Home(home.root).environment(4300)["PREFECT_SERVER_ENCRYPTION_KEY"] == key


# --- the environment


def test_the_server_is_closed_to_strangers(home: Home) -> None:
    """Loopback, a login on both sides, protection against forged requests, and its own origin alone."""
    environment = home.environment(4321)

    assert environment["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert environment["PREFECT_SERVER_API_AUTH_STRING"] == environment["PREFECT_API_AUTH_STRING"] == home.login
    assert environment["PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED"] == "true"
    assert environment["PREFECT_CLIENT_CSRF_SUPPORT_ENABLED"] == "true"
    assert environment["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4321"
    assert environment["PREFECT_API_URL"] == environment["PREFECT_UI_API_URL"] == "http://127.0.0.1:4321/api"
    assert environment["PREFECT_SERVER_API_PORT"] == "4321"


def test_nothing_is_reported_and_nothing_starts_by_itself(home: Home) -> None:
    """No usage statistics, from whomever; no server inside a client that found none."""
    environment = home.environment(4200)

    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["GX_ANALYTICS_ENABLED"] == "false"
    assert environment["DO_NOT_TRACK"] == "1"
    assert environment["PREFECT_SERVER_EPHEMERAL_ENABLED"] == "false"


def test_what_is_stored_stays_in_the_home_and_is_text(home: Home) -> None:
    """Database, profiles and results lie in the home; results are JSON, no pickle; logs pass our filter."""
    environment = home.environment(4200)

    for name in ("PREFECT_HOME", "PREFECT_PROFILES_PATH", "PREFECT_RESULTS_LOCAL_STORAGE_PATH", "BREACH_HOME"):
        assert Path(environment[name]).is_relative_to(home.root)
    assert home.database.is_relative_to(Path(environment["PREFECT_HOME"]))
    assert environment["PREFECT_RESULTS_DEFAULT_SERIALIZER"] == "json"
    settings = Path(environment["PREFECT_LOGGING_CONFIG_PATH"])
    assert "redact" in yaml.safe_load(settings.read_text())["filters"]
    assert Path(environment["BREACH_CODE"]) == CODE
    assert (CODE / "prefect.yaml").is_file()


def test_the_history_outlives_a_year(home: Home) -> None:
    """Prefect forgets events after a week by default; questions about a case come later."""
    kept = home.environment(4200)["PREFECT_SERVER_EVENTS_RETENTION_PERIOD"]

    assert kept.startswith("P")
    assert kept.endswith("D")
    assert int(kept[1:-1]) > 365


def test_prefect_knows_every_setting_we_make(home: Home, tmp_path: Path) -> None:
    """In a fresh process Prefect reads our environment to the values meant: a misspelt name would be silent."""
    script = (
        "from prefect.settings import get_current_settings as s\n"
        "c = s()\n"
        "print(c.server.ephemeral.enabled, c.server.analytics_enabled, c.server.api.csrf_protection_enabled,\n"
        "      c.client.csrf_support_enabled, c.server.api.cors_allowed_origins, c.server.api.host,\n"
        "      c.server.api.port, c.results.default_serializer, c.results.local_storage_path, c.home,\n"
        "      c.server.events.retention_period.days,\n"
        "      c.api.auth_string.get_secret_value() == c.server.api.auth_string.get_secret_value(), c.api.url)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=home.environment(4321),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == [
        "False", "False", "True", "True", "http://127.0.0.1:4321", "127.0.0.1", "4321", "json",
        str(home.root / "results"), str(home.root / "prefect"), "400", "True", "http://127.0.0.1:4321/api",
    ]  # fmt: skip


# --- ports


def test_a_free_port_is_the_one_that_is_wanted() -> None:
    """When nobody has it, it is taken; and it is free again afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        wanted = probe.getsockname()[1]

    assert free_port(wanted) == wanted
    assert free_port(wanted) == wanted


def test_a_port_in_use_is_left_alone() -> None:
    """When somebody listens there, another one is given, and it can be listened on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]

        found = free_port(wanted)

        assert found != wanted
        with socket.socket() as mine:
            mine.bind(("127.0.0.1", found))
            mine.listen()


# --- the demonstration's home


def test_a_demonstration_empties_only_what_it_made(tmp_path: Path) -> None:
    """Its own home is emptied at the next start; a folder with anything else in it is left alone."""
    first = demo_home(tmp_path / "demo")
    (first.root / "old").touch()
    again = demo_home(tmp_path / "demo")
    assert again.root == first.root
    assert not (again.root / "old").exists()
    assert (again.root / MARK).is_file()

    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "letter.txt").write_text("mine")
    with pytest.raises(BadInput, match="was not made by a demonstration"):
        demo_home(precious)
    assert (precious / "letter.txt").read_text() == "mine"


def test_a_demonstration_never_empties_a_real_home(home: Home) -> None:
    """A home made by anything but a demonstration is refused and stays."""
    secret = home.secret("api-password")

    with pytest.raises(BadInput):
        demo_home(home.root)

    assert home.secret("api-password") == secret


# --- processes

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
ghost = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(ghost.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def programs(tmp_path: Path) -> dict[str, str]:
    """An environment in which two small programs can be started by name."""
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "stubborn.py").write_text(STUBBORN)
    (folder / "obedient.py").write_text("import time\nprint('up', flush=True)\ntime.sleep(60)\n")
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)}


def said(log: Path) -> str:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if log.is_file() and (text := log.read_text().strip()):
            return text
        time.sleep(0.02)
    raise AssertionError(f"{log.name} stayed empty")


def test_a_child_that_is_asked_ends(home: Home, programs: dict[str, str]) -> None:
    """One interrupt is enough, also for a child of a background shell; its log is the owner's alone."""
    old = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does to what it starts in the background
    try:
        child = start(home, "obedient", ["obedient"], programs)
    finally:
        signal.signal(signal.SIGINT, old)
    said(child.log)
    assert child.alive()

    child.stop(grace=20)

    assert not child.alive()
    assert child.process.returncode == -signal.SIGINT
    assert rights(child.log) == 0o600


def test_a_stubborn_child_and_what_it_started_end(home: Home, programs: dict[str, str]) -> None:
    """Who ignores both signals is ended, and no ghost of it stays."""
    child = start(home, "stubborn", ["stubborn"], programs)
    ghost = int(said(child.log))

    child.stop(grace=0.2)

    assert not child.alive()
    until = time.monotonic() + 10
    while _runs(ghost) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _runs(ghost)


def _runs(pid: int) -> bool:
    """Whether a process still works; one that waits to be reaped does not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")
