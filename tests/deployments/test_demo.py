"""What surrounds the demonstration: it can be told to end, it cleans up after itself, and its servers may fail."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import prefect
import pytest
from pydantic import SecretStr

from breach.errors import BadInput
from deployments import demo, processes, summary
from deployments.demo_home import demo_home
from deployments.grown import grown
from deployments.home import CODE, Home, open_home
from deployments.house import House
from deployments.servers.s3 import running_s3
from deployments.walls import Bucket, case_stores, write_walls
from schemas.incident import Mode

TOLD = """
import os, signal, sys
from contextlib import contextmanager
from pathlib import Path
from deployments import demo
from deployments.home import open_home

@contextmanager
def servers(home, say):
    try:
        yield
    finally:
        os.kill(os.getpid(), signal.SIGTERM)  # a second one, in the middle of stopping
        print("stopped", flush=True)

@contextmanager
def told(home, say, port):
    os.kill(os.getpid(), getattr(signal, sys.argv[2]))
    signal.pause()
    yield

demo.grown, demo.running_house = servers, told
demo.run_demo(open_home(Path(sys.argv[1])), 1)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_told_to_end_it_stops_what_it_started(tmp_path: Path, name: str) -> None:
    """It ends as the shell expects of the signal, and the servers are stopped first, though it is told twice."""
    told = subprocess.run(
        [sys.executable, "-c", TOLD, str(tmp_path / "home"), name],
        cwd=CODE,
        env={**os.environ, "PREFECT_HOME": str(tmp_path / "prefect")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 128 + getattr(signal, name), told.stderr
    assert told.stdout.rstrip().endswith("stopped")


@pytest.mark.parametrize(("fault", "drained"), [(SystemExit(143), [0.0]), (BadInput("over"), [])])
def test_runs_end_with_a_demonstration_that_is_broken_off(fault: BaseException, drained: list[float]) -> None:
    """They have sessions of their own and would outlive their workers; whatever else went wrong is left to be read."""
    waited: list[float] = []
    house = SimpleNamespace(fallen=list, drain=lambda _, seconds: waited.append(seconds))
    with pytest.raises(type(fault)), demo._ending_runs(cast(House, house), print):
        raise fault
    assert waited == drained


def test_signals_are_afterwards_as_before() -> None:
    """Whoever called the demonstration has answers of its own; what was ignored stays ignored within."""
    old = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        before = signal.getsignal(signal.SIGTERM)
        with demo.ending_when_told():
            assert signal.getsignal(signal.SIGTERM) is not before
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is before
    finally:
        signal.signal(signal.SIGHUP, old)


@pytest.mark.parametrize(("prefix", "stays"), [("breach-postgres-", False), ("somebody-s-", True)])
def test_an_emptied_home_takes_its_database_with_it(tmp_path: Path, prefix: str, stays: bool) -> None:
    """Its own, told by the name; what else a link leads to is left alone."""
    root = demo_home(tmp_path / "demo").root
    data = Path(tempfile.mkdtemp(prefix=prefix, dir=tmp_path))
    (data / "base").mkdir()
    (root / "postgres").symlink_to(data)

    demo_home(root)

    assert not (root / "postgres").is_symlink()
    assert data.exists() == stays


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        ("s3", RuntimeError("There is no SeaweedFS here. Install it.")),
        ("s3", FileNotFoundError("weed")),
        ("postgres", RuntimeError("The server is not well.")),
        ("postgres", subprocess.CalledProcessError(1, "initdb")),
    ],
)
def test_a_server_that_does_not_start_is_said_in_a_sentence(
    home: Home, wish: str, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what to do instead; no walls are written for it."""

    @contextmanager
    def broken(_: Path) -> Iterator[None]:
        raise fault
        yield

    monkeypatch.setattr("deployments.servers.s3.running_s3", broken)
    monkeypatch.setattr("deployments.servers.postgres.running_postgres", broken)
    monkeypatch.setenv("BREACH_STORE", wish if wish == "s3" else "folder")
    monkeypatch.setenv("BREACH_LEDGER", wish if wish == "postgres" else "sqlite")

    with pytest.raises(BadInput, match=rf"did not start \({wish}\).*BREACH_STORE=folder"), grown(home, print):
        pass
    assert not (home.root / "walls.toml").exists()


def test_a_fault_of_the_demonstration_itself_is_not_a_server_s(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the start of a server is meant."""
    monkeypatch.delenv("BREACH_STORE", raising=False)
    monkeypatch.delenv("BREACH_LEDGER", raising=False)
    with pytest.raises(RuntimeError, match="mine"), grown(home, print):
        raise RuntimeError("mine")


def test_a_dossier_can_be_opened_when_its_server_has_ended(home: Home) -> None:
    """A copy lies in the home; a house started there later would find no case, so none is offered."""
    assert not summary.on_servers(home)
    with running_s3(home.root / "s3") as server:
        server.make_bucket("breach-rehearsal")
        stated = Bucket(
            bucket="breach-rehearsal",
            prefix="cases",
            endpoint=server.endpoint,
            region=server.region,
            access_key=server.access_key,
            secret_key=SecretStr(server.secret),
        )
        write_walls(home.root, Mode.REHEARSAL, "", stated)
        stores = case_stores(home, Mode.REHEARSAL)
        key = "dossier/0001/pictures/clock.svg"
        stores.open("rehearsal-harbor").put_new(key, b"<svg/>")
        with stores.files("rehearsal-harbor", [key]) as files:
            place = summary.dossier_place(home, "s3://somewhere", files / "dossier/0001")

    assert (Path(place) / "pictures" / "clock.svg").read_bytes() == b"<svg/>"
    assert Path(place).is_relative_to(home.root)
    assert summary.on_servers(home)


def test_a_dossier_of_the_folder_stays_where_it_is(home: Home, tmp_path: Path) -> None:
    """No second copy; but a ledger on a server ends the home's use all the same."""
    assert summary.dossier_place(home, "/kept/dossier/0001", tmp_path) == "/kept/dossier/0001"
    write_walls(home.root, Mode.REHEARSAL, "postgresql://postgres@/postgres?host=/nowhere")
    assert summary.dossier_place(home, "/kept/dossier/0001", tmp_path) == "/kept/dossier/0001"
    assert summary.on_servers(home)


# --- the empty database


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in which the empty database has been made."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "python"))
    made = tmp_path / "python" / "share" / f"prefect-{prefect.__version__}-empty.db"
    made.parent.mkdir(parents=True)
    made.write_bytes(b"empty database")
    return made


def test_a_database_is_laid_whole_or_not_at_all(home: Home, installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that breaks off on a full disk leaves nothing that the server would take for a database."""

    def half(_: Path, target: Path) -> None:
        target.write_bytes(b"empty")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(shutil, "copyfile", half)
        processes._lay_database(home, 1)
    assert list((home.root / "prefect").iterdir()) == []
    assert "the server makes its own" in (home.root / "logs" / "server.log").read_text()

    processes._lay_database(home, 1)
    assert home.database.read_bytes() == installed.read_bytes()
    assert home.database.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("fault", [PermissionError(13, "denied"), subprocess.CalledProcessError(1, "prefect")])
def test_an_installation_that_cannot_be_written_to_does_not_stop_the_server(
    home: Home, installed: Path, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read-only, or an upgrade that fails: the server migrates by itself."""
    installed.unlink()

    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(subprocess, "run", fail)
    processes._lay_database(home, 1)
    assert not home.database.exists()
    assert list(installed.parent.iterdir()) == []
