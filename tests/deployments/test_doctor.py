"""The doctor: each planted fault is found by its name with a sentence that mends it, and a sound home has none."""

import json
import os
import resource
import shutil
import socket
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import make_url
from typer.testing import CliRunner

from blocks import OutboxMailer, SendGridMailer
from blocks.sendgrid import client
from breach.approvers import Registry
from breach.ledger import open_ledger
from deployments.cli import app
from deployments.doctor import Finding, Verdict, examine, wrong_ones
from deployments.doctor.disks import filesystem_of, is_share, look_at_disk
from deployments.doctor.ledgers import look_at_ledgers, look_at_postgres
from deployments.doctor.machine import look_at_clock, look_at_versions
from deployments.doctor.mailers import look_at_mailers, look_at_outbox
from deployments.doctor.rooms import kind_of
from deployments.doctor.stores import look_at_folder, look_at_stores
from deployments.home import CODE, Home, open_home
from deployments.servers.postgres import running_postgres
from deployments.servers.s3 import S3Address, running_s3
from deployments.walls import Bucket, write_walls
from schemas.incident import Mode

AT = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)
KEY = "SG.zq9key.zq9secret"
REAL = "watch.org"
"""No reserved domain: a sender under one is still the sample. Nothing is sent to it."""


# --- a sound home, and a server that answers as a real one did


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Both modes with two approvers, a ledger, and an outbox."""
    made = open_home(tmp_path / "home")
    for mode in Mode:
        for name in ("mara", "tomas"):
            Registry(made.approvers(mode)).enrol(name, AT, countersign=None)
        open_ledger(made.ledger_url(mode)).close()
    return made


class FakeServer:
    """What Prefect 3.8.8 answers to what the doctor asks; seen on a real one and written down here."""

    def __init__(self, home: Home) -> None:
        self.host, self.csrf, self.login, self.cors, self.days = "127.0.0.1", True, True, "http://127.0.0.1:4200", 400
        self.version, self.behind = "3.8.8", timedelta(0)
        self.blocks: dict[str, dict[str, Any]] = {
            "alerts/default": {"folder": str(home.root / "alerts")},
        }
        for mode in Mode:
            self.blocks |= {
                f"case-root/{mode}": {
                    "store_block": f"folder-case-store/{mode}",
                    "ledger_block": f"ledger-address/{mode}",
                    "mailer_block": f"outbox-mailer/{mode}",
                    "alerts_block": "alerts/default",
                    "inbox": str(home.inbox),
                    "approvers": str(home.approvers(mode)),
                },
                f"folder-case-store/{mode}": {"root": str(home.cases(mode))},
                f"ledger-address/{mode}": {"url": home.ledger_url(mode)},
                f"outbox-mailer/{mode}": {
                    "folder": str(home.mode(mode) / "outbox"),
                    "sender_name": "Night Watch",
                    "sender_address": f"team@{REAL}",
                    "contact": f"help@{REAL}",
                },
            }

    def client(self) -> httpx.Client:
        return httpx.Client(
            transport=httpx.MockTransport(self._answer), base_url="http://127.0.0.1:4200/api", auth=("breach", "secret")
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        date = {"date": format_datetime(datetime.now(UTC) - self.behind, usegmt=True)}
        if self.login and not request.headers.get("authorization"):
            return httpx.Response(401, headers=date)
        if request.method == "POST":
            return httpx.Response(403 if self.csrf else 200, headers=date, json={"detail": "Missing CSRF token."})
        path = request.url.path.removeprefix("/api")
        if path == "/admin/version":
            return httpx.Response(200, headers=date, json=self.version)
        if path == "/admin/settings":
            return httpx.Response(200, headers=date, json=self._settings())
        slug, _, name = path.removeprefix("/block_types/slug/").partition("/block_documents/name/")
        data = self.blocks.get(f"{slug}/{name}")
        return httpx.Response(200, json={"data": data}) if data else httpx.Response(404, json={"detail": "not found"})

    def _settings(self) -> dict[str, Any]:
        api = {"host": self.host, "csrf_protection_enabled": self.csrf, "cors_allowed_origins": self.cors}
        events = {"retention_period": f"P{self.days}D"}
        return {"server": {"api": api, "events": events, "analytics_enabled": False}}


@pytest.fixture
def server(home: Home) -> FakeServer:
    return FakeServer(home)


def tree(root: Path) -> set[tuple[str, int]]:
    return {(str(path), stat.S_IMODE(path.stat().st_mode)) for path in (root, *root.rglob("*"))}


def found(findings: list[Finding], name: str) -> str:
    """The sentence of what is wrong under a name; nothing else may be wrong."""
    wrong = wrong_ones(findings)
    assert {one.name for one in wrong} == {name}, [str(one) for one in wrong]
    return " ".join(one.sentence for one in wrong)


def test_a_sound_home_has_nothing_wrong_and_is_left_as_it_was(home: Home, server: FakeServer) -> None:
    """Everything is looked at, everything is well, and no file, folder or right has changed afterwards."""
    before = tree(home.root)

    findings = examine(home, client=server.client())

    assert {str(one) for one in findings if one.verdict is not Verdict.OK} == set()
    names = " ".join(one.name for one in findings)
    assert all(part in names for part in ("package sqlalchemy", "store, live", "ledger, rehearsal", "blocks, live"))
    assert tree(home.root) == before


def test_without_a_server_it_is_said_what_nobody_looked_at(home: Home, free: int) -> None:
    """Nothing is wrong, and nothing that only a server knows is called well."""
    findings = examine(home, free)

    assert wrong_ones(findings) == []
    unseen = {one.name: one.sentence for one in findings if one.verdict is Verdict.UNKNOWN}
    assert set(unseen) == {"server", "blocks", "mailer, rehearsal", "mailer, live"}
    assert all("not looked at: no server answers" in sentence for sentence in unseen.values())


def test_the_command_ends_with_1_and_speaks_json(home: Home, free: int) -> None:
    """The exit code is for programs, and so is the other form; both say the same."""
    sound = CliRunner().invoke(app, ["doctor", "--home", str(home.root), "--port", str(free), "--json"])
    home.approvers(Mode.LIVE).chmod(0o644)
    ill = CliRunner().invoke(app, ["doctor", "--home", str(home.root), "--port", str(free)])

    assert sound.exit_code == 0, sound.output
    assert {one["verdict"] for one in httpx.Response(200, text=sound.output).json()} == {"ok", "unknown"}
    assert ill.exit_code == 1
    assert "WRONG    approvers, live: " in ill.output


def test_a_home_that_is_not_there_is_not_made(tmp_path: Path, free: int) -> None:
    """Looking makes nothing; the sentence says how a home comes about."""
    said = found(examine(Home(tmp_path / "nowhere"), free), "home")

    assert "Run 'breach up'" in said
    assert not (tmp_path / "nowhere").exists()


# --- rights, people, walls


def test_a_home_that_others_may_enter_is_found_and_not_mended(home: Home, server: FakeServer) -> None:
    """The doctor tells; closing a door that stood open for a year without a word would hide it."""
    home.root.chmod(0o755)

    said = found(examine(home, client=server.client()), "folders")

    assert f"chmod 700 {home.root}" in said
    assert stat.S_IMODE(home.root.stat().st_mode) == 0o755


def test_an_approvers_file_that_others_may_read_is_found(home: Home, server: FakeServer) -> None:
    """By its rights, and by the registry, which accepts no answer then."""
    home.approvers(Mode.LIVE).chmod(0o644)

    wrong = {one.name: one.sentence for one in wrong_ones(examine(home, client=server.client()))}

    assert set(wrong) == {"secrets", "approvers, live"}
    assert "chmod 600" in wrong["secrets"]
    assert "chmod 600" in wrong["approvers, live"]


def test_one_approver_is_not_enough(home: Home, server: FakeServer) -> None:
    """Two gates need two people; the sentence is the command."""
    home.approvers(Mode.LIVE).unlink()
    Registry(home.approvers(Mode.LIVE)).enrol("mara", AT)

    said = found(examine(home, client=server.client()), "approvers, live")

    assert "1 enrolled" in said
    assert "breach approvers add NAME --mode live" in said


def test_walls_that_cannot_be_read_hide_stores_and_ledgers(home: Home, server: FakeServer) -> None:
    """What depends on them is not looked at, and nothing of the file is quoted."""
    (home.root / "walls.toml").write_text('[live]\nledgre = "postgresql://u:s3cret@h/d"\n')
    (home.root / "walls.toml").chmod(0o600)
    server.blocks = {}

    findings = examine(home, client=server.client())

    wrong = {one.name: one.sentence for one in wrong_ones(findings)}
    assert "docs/growing.md" in wrong["walls.toml"]
    assert "s3cret" not in " ".join(str(one) for one in findings)
    assert {one.name for one in findings if one.verdict is Verdict.UNKNOWN} >= {"stores", "ledgers"}


def test_two_modes_with_one_ledger_are_found_whatever_their_addresses_say(home: Home) -> None:
    """A link, or another spelling, does not make two databases of one."""
    ledger = home.mode(Mode.REHEARSAL) / "ledger.db"
    ledger.unlink()
    ledger.symlink_to(home.mode(Mode.LIVE) / "ledger.db")

    assert "Give each mode its own" in found(list(look_at_ledgers(home)), "ledgers")


# --- machine


def test_a_package_that_breaks_is_found(tmp_path: Path) -> None:
    """With SQLAlchemy 2.1 no schedule fires, and nothing says so: it must be said here, also without a lock."""

    def installed(name: str) -> str:
        return "2.1.0" if name == "sqlalchemy" else version(name)

    said = found(list(look_at_versions(installed, tmp_path / "no-lock")), "package sqlalchemy")

    assert "2.1.0 is installed" in said
    assert "no schedule" in said
    assert "make up" in said


def test_a_missing_package_and_another_python_are_found() -> None:
    """Not installed is wrong; so is a Python that nobody tried."""

    def installed(name: str) -> str:
        if name == "fastapi":
            raise PackageNotFoundError(name)
        return version(name)

    wrong = {one.name: one.sentence for one in wrong_ones(look_at_versions(installed, python="3.10.14"))}

    assert set(wrong) == {"python", "package fastapi"}
    assert "not installed" in wrong["package fastapi"]


def test_what_differs_from_the_lock_is_found(tmp_path: Path) -> None:
    """A version within the bounds that is not the one which was tested; other systems' lines do not count."""
    lock = tmp_path / "run.txt"
    lock.write_text(
        "fastapi==0.140.1 ; sys_platform == 'no-such-system' \\\n    --hash=sha256:00\n"
        "sqlalchemy==2.0.40 \\\n    --hash=sha256:00\n"
    )

    assert "2.0.40 is locked" in found(list(look_at_versions(lock=lock)), "package sqlalchemy")


def test_a_clock_before_the_release_is_found() -> None:
    """A machine without a battery wakes up in 1970, and every deadline is wrong."""
    assert "NTP" in found(list(look_at_clock(CODE, datetime(1970, 1, 2, tzinfo=UTC))), "clock")


def test_a_port_of_another_program_is_found(home: Home) -> None:
    """Something listens there that does not know our login."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        nobody = httpx.Client(base_url="http://127.0.0.1:1/api", timeout=1)
        said = found(examine(home, taken.getsockname()[1], nobody), "port")

    assert "End it, or start with --port" in said


def test_too_little_space_for_the_inbox_is_found(home: Home) -> None:
    """Three times the inbox, and never less than 1 GiB: 1,073,741,824 bytes."""
    with (home.inbox / "big.csv").open("wb") as file:
        file.truncate(400 * 1024**2)  # a hole: 1,200 MiB are needed for it

    assert wrong_ones(look_at_disk(home, lambda _: 1200 * 1024**2)) == []
    assert "Free some space" in found(list(look_at_disk(home, lambda _: 1200 * 1024**2 - 1)), "disk space")
    (home.inbox / "big.csv").unlink()
    assert wrong_ones(look_at_disk(home, lambda _: 1_073_741_824)) == []
    assert "1 GiB at least" in found(list(look_at_disk(home, lambda _: 1_073_741_823)), "disk space")


def test_a_share_is_known_by_its_kind() -> None:
    """File systems of other machines, and programs that pass for one."""
    assert [kind for kind in ("nfs4", "cifs", "fuse.sshfs", "ext4", "apfs", "tmpfs", "") if is_share(kind)] == [
        "nfs4",
        "cifs",
        "fuse.sshfs",
    ]
    if Path("/proc/self/mountinfo").exists():
        assert filesystem_of(Path("/proc/self")) == "proc"


# --- stores


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file can grow above a size: what a full disk does, without one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_store_on_a_full_disk_is_found(home: Home) -> None:
    """Nothing can be written; nothing of the try stays."""
    before = tree(home.root)
    with files_up_to(8):
        findings = list(look_at_folder("store, live", home.cases(Mode.LIVE)))

    assert "Free some space" in found(findings, "store, live")
    assert tree(home.root) == before


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder in which this process may not write, also when it is root's: it acts as somebody else then."""
    folder = Path(tempfile.mkdtemp(prefix="doctor-"))
    folder.chmod(0o555)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    yield folder
    os.seteuid(was)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_store_and_an_outbox_that_cannot_be_written_are_found(locked: Path) -> None:
    """Rights, or a disk mounted for reading: the sentence says where to look."""
    store = found(list(look_at_folder("store, live", locked / "cases")), "store, live")
    outbox = found(list(look_at_outbox("mailer, live", locked / "outbox")), "mailer, live")

    assert "could not write" in store
    assert "rights and its disk" in outbox


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Address]:
    with running_s3(tmp_path_factory.mktemp("s3")) as address:
        address.make_bucket("sound")
        address.client().create_bucket(Bucket="forgetful")
        yield address


@pytest.mark.parametrize(
    ("bucket", "secret", "fault"),
    [
        ("sound", None, None),
        ("sound", "wrong", ("store, live, bucket", "key")),
        ("forgetful", None, ("store, live, versioning", "Switch it on for the bucket")),
    ],
)
def test_a_bucket_is_tried(
    home: Home, s3: S3Address, bucket: str, secret: str | None, fault: tuple[str, str] | None
) -> None:
    """Wrong keys and a bucket without versions are found; a sound one is left empty."""
    stated = Bucket(
        bucket=bucket,
        endpoint=s3.endpoint,
        region=s3.region,
        access_key=s3.access_key,
        secret_key=SecretStr(secret or s3.secret),
    )
    write_walls(home.root, Mode.LIVE, store=stated)

    findings = list(look_at_stores(home))

    if fault:
        assert fault[1] in found(findings, fault[0])
    else:
        assert wrong_ones(findings) == []
    assert s3.secret not in " ".join(str(one) for one in findings)
    assert "Versions" not in s3.client().list_object_versions(Bucket=bucket)


# --- ledgers


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement)


def damaged(file: Path) -> None:
    held = bytearray(file.read_bytes())
    held[4096:] = b"\xff" * len(held[4096:])
    file.write_bytes(held)


@pytest.mark.parametrize(
    ("plant", "seen", "mending"),
    [
        (lambda file: change(file, "PRAGMA journal_mode=DELETE"), "journal mode is delete", "opening the ledger"),
        (
            lambda file: change(file, "UPDATE alembic_version SET version_num='0999'"),
            "revision 0999",
            "Use the version",
        ),
        (damaged, "ledger.db", "restore it from its backup"),
        (
            lambda file: file.write_text("no database at all, and long enough to be read as a header" * 9),
            "no ledger",
            "restore",
        ),
    ],
    ids=["delete", "newer", "damaged", "no ledger"],
)
def test_a_ledger_that_would_not_hold_is_found_and_left(
    home: Home, server: FakeServer, plant: Callable[[Path], None], seen: str, mending: str
) -> None:
    """Its journal, its tables, its pages; a look neither migrates nor mends it."""
    file = home.mode(Mode.LIVE) / "ledger.db"
    plant(file)
    before = file.read_bytes()

    said = found(examine(home, client=server.client()), "ledger, live")

    assert seen in said
    assert mending in said
    assert file.read_bytes() == before


def test_an_older_ledger_and_one_not_made_yet_are_no_fault(home: Home) -> None:
    """The next opening migrates the one and makes the other; looking does neither."""
    change(home.mode(Mode.LIVE) / "ledger.db", "UPDATE alembic_version SET version_num='0001'")
    (home.mode(Mode.REHEARSAL) / "ledger.db").unlink()

    findings = {one.name: one for one in look_at_ledgers(home)}

    assert wrong_ones(findings.values()) == []
    assert "revision 0001; the next opening migrates it" in findings["ledger, live"].sentence
    assert not (home.mode(Mode.REHEARSAL) / "ledger.db").exists()


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # started by root, the server is another user
        with running_postgres(Path(folder)) as address:
            yield address


def test_a_postgresql_is_asked(postgres: str) -> None:
    """Its version and its durability are told, and two spellings of one database are known as one."""
    open_ledger(postgres).close()

    findings, identity = look_at_postgres("ledger, live", postgres)
    _, again = look_at_postgres("ledger, live", f"{postgres}&application_name=other")

    assert [one.verdict for one in findings] == [Verdict.OK]
    assert "PostgreSQL 18" in findings[0].sentence
    assert identity == again != ""


def test_one_postgresql_database_for_both_modes_is_found(home: Home, postgres: str) -> None:
    """walls.toml compares addresses; the doctor asks the databases who they are."""
    walls = home.root / "walls.toml"
    link = home.root / "pg"  # a spelling that walls.toml does not see through: another folder of the same socket
    link.symlink_to(str(make_url(postgres).query["host"]))
    other = f"postgresql://postgres@/postgres?host={link}"
    walls.write_text(f'[live]\nledger = "{postgres}"\n[rehearsal]\nledger = "{other}"\n')
    walls.chmod(0o600)

    assert "Give each mode its own" in found(list(look_at_ledgers(home)), "ledgers")


def test_a_postgresql_that_is_down_is_found(home: Home, free: int) -> None:
    """Nobody listens; the sentence sends to the server, and the password stays unsaid."""
    write_walls(home.root, Mode.LIVE, f"postgresql://breach:s3cret@127.0.0.1:{free}/ledger")

    said = found(list(look_at_ledgers(home)), "ledger, live")

    assert "cannot be reached" in said
    assert "s3cret" not in said


# --- mailers


@dataclass
class FakeSendGrid:
    """What the vendor's server answers: the scopes of one key, and a status for its sandbox."""

    scopes: list[str] = field(default_factory=lambda: ["mail.send", "sender_verification_eligible"])
    status: int = 200


@pytest.fixture
def sendgrid(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSendGrid]:
    fake = FakeSendGrid()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == "/v3/scopes" and self.headers["Authorization"] == f"Bearer {KEY}"
            self._say(200 if known else 401, json.dumps({"scopes": fake.scopes}) if known else "{}")

        def do_POST(self) -> None:
            settings = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["mail_settings"]
            self._say(fake.status if settings["sandbox_mode"]["enable"] else 500, "")

        def _say(self, code: int, body: str) -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Only what the doctor says is listened to."""

    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        url = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        monkeypatch.setattr(client, "SendGridClient", partial(client.SendGridClient, host=url, seconds=5))
        yield fake
        running.shutdown()
        thread.join()


def looked_at(home: Home, key: str) -> list[Finding]:
    """What is said of a home whose rehearsals go to SendGrid with this key."""
    sender = {"sender_name": "Watch", "sender_address": "team@watch.example", "contact": "help@watch.example"}
    block = SendGridMailer.model_validate({"api_key": key, **sender})
    outbox = OutboxMailer.model_validate({"folder": str(home.root), **sender})
    return list(look_at_mailers(home, {Mode.REHEARSAL: block, Mode.LIVE: outbox}))


@pytest.mark.parametrize(
    ("key", "changed", "fault"),
    [
        (KEY, {"scopes": ["alerts.read"]}, ("scope", "Make one that has it")),
        ("SG.revoked.key", {}, ("key", "Name another key")),
        (KEY, {"status": 403}, ("sandbox", "was not taken")),
    ],
)
def test_a_sendgrid_key_that_could_not_send_is_found(
    home: Home, sendgrid: FakeSendGrid, key: str, changed: dict[str, Any], fault: tuple[str, str]
) -> None:
    """The key, its scope and the sandbox are found wrong by name; the key stands in no sentence."""
    for name, value in changed.items():
        setattr(sendgrid, name, value)

    findings = looked_at(home, key)

    assert fault[1] in found(findings, f"mailer, rehearsal, {fault[0]}")
    assert key not in " ".join(str(one) for one in findings)


def test_a_sendgrid_key_with_its_scope_is_well(
    home: Home, sendgrid: FakeSendGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Key, scope and sandbox, each a line of its own; without a network the first one says so."""
    assert [one.verdict for one in looked_at(home, KEY)] == [Verdict.OK] * 4
    monkeypatch.setattr(client, "SendGridClient", partial(client.SendGridClient, host="http://127.0.0.1:1"))
    assert "not reached" in found(looked_at(home, KEY), "mailer, rehearsal, key")


# --- the server and its blocks


@pytest.mark.parametrize(
    ("changed", "name", "mending"),
    [
        ({"version": "3.9.1"}, "server version", "3.9.1, and 3.8.8 is installed"),
        ({"login": False}, "server login", "breach up"),
        ({"csrf": False}, "server CSRF", "breach up"),
        ({"host": "0.0.0.0"}, "server settings", "loopback"),  # noqa: S104  (the fault)
        ({"cors": "*"}, "server settings", "CORS"),
        ({"days": 7}, "server settings", "deletes its events after 7 days"),
        ({"behind": timedelta(minutes=2)}, "server clock", "NTP"),
    ],
)
def test_a_server_without_protection_is_found(
    home: Home, server: FakeServer, changed: dict[str, Any], name: str, mending: str
) -> None:
    """A setting that is off, or a clock that has run away, by its name."""
    for attribute, value in changed.items():
        setattr(server, attribute, value)

    assert mending in found(examine(home, client=server.client()), name)


def test_a_block_that_does_not_load_is_found(home: Home, server: FakeServer) -> None:
    """Deleted in the UI, or with a field missing; what depends on it is not called well."""
    del server.blocks["ledger-address/live"]
    server.blocks["outbox-mailer/rehearsal"] = {"folder": "/x", "sender_name": "s3cret"}

    findings = examine(home, client=server.client())

    wrong = {one.name: one.sentence for one in wrong_ones(findings)}
    assert set(wrong) == {"blocks, live", "blocks, rehearsal"}
    assert "ledger-address/live is not there" in wrong["blocks, live"]
    assert "contact, sender_address" in wrong["blocks, rehearsal"]
    assert "s3cret" not in wrong["blocks, rehearsal"]


def test_a_live_mailer_of_the_sample_is_found(home: Home, server: FakeServer) -> None:
    """Letters in the name of an invented community, whose addresses belong to nobody."""
    server.blocks["outbox-mailer/live"]["sender_address"] = "security@harbor-watch.example"

    assert "Fill in your name" in found(examine(home, client=server.client()), "live sender")


def test_a_halt_that_would_stop_nothing_is_found(home: Home, server: FakeServer) -> None:
    """The command line reads walls.toml, the runs read the block; they must mean one ledger."""
    server.blocks["ledger-address/live"]["url"] = "sqlite:////elsewhere/ledger.db"

    assert "'breach halt' would stop nothing" in found(examine(home, client=server.client()), "ledger block, live")


def test_every_kind_of_block_is_known() -> None:
    """A case root may name any block of ours; one that the doctor cannot load it would call broken."""
    for slug in ("case-root", "folder-case-store", "s3-case-store", "outbox-mailer", "sendgrid-mailer", "s3-inbox"):
        kind = kind_of(slug)
        assert kind is not None
        assert kind.get_block_type_slug() == slug
    assert kind_of("secret") is None


def test_a_server_may_listen_where_it_was_told_to(home: Home, server: FakeServer) -> None:
    """Whoever puts it behind a proxy says so; anything else than what was said stays wrong."""
    server.host = "10.0.0.7"

    assert wrong_ones(examine(home, client=server.client(), told="10.0.0.7")) == []
    assert "loopback" in found(examine(home, client=server.client(), told="10.0.0.8"), "server settings")


@pytest.fixture
def free() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
