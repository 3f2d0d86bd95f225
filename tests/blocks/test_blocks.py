"""The blocks by Prefect's own standard, their examples run for real, and no secret ever printed."""

import re
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from prefect.blocks.core import Block
from prefect.testing.standard_test_suites import BlockStandardTestSuite
from prefect_aws import AwsCredentials
from pydantic import SecretStr, ValidationError

import blocks
from blocks import (
    Alerts,
    CaseRoot,
    FolderCaseStore,
    LedgerAddress,
    MailAlerts,
    ManualChecklist,
    OutboxMailer,
    PlatformImitation,
    S3CaseStore,
    S3Inbox,
    SendGridMailer,
)
from blocks.mailer import MailerBlock
from breach.approvers import Registry
from breach.errors import BreachError
from breach.mail import Addressee, Letter
from breach.outbox import MaildirOutbox
from breach.platforms.manual import ManualPlatform
from schemas.incident import Mode

CODE = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)
BLOCKS = [getattr(blocks, name) for name in blocks.__all__]
SECRET = "zq9secretsecret"


def sendgrid_mailer() -> SendGridMailer:
    return SendGridMailer(
        api_key=SecretStr(SECRET),
        sender_name="Harbor Watch",
        sender_address="team@harbor.example",
        contact="help@harbor.example",
    )


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[type[Block], Block]:
    """One document of each kind, as a server would hand it out: Block.load answers from here."""
    documents: dict[type[Block], Block] = {
        Alerts: Alerts(folder=str(tmp_path / "alerts"), terminal=False),
        CaseRoot: CaseRoot(
            store_block="folder-case-store/rehearsal",
            ledger_block="ledger-address/rehearsal",
            mailer_block="outbox-mailer/rehearsal",
            alerts_block="alerts/default",
            inbox=str(tmp_path / "inbox"),
            approvers=str(tmp_path / "approvers.json"),
        ),
        FolderCaseStore: FolderCaseStore(root=str(tmp_path / "cases")),
        LedgerAddress: LedgerAddress(url=SecretStr(f"sqlite:///{tmp_path / 'ledger.db'}")),
        MailAlerts: MailAlerts(
            host="127.0.0.1", port=9, sender="watch@harbor.example", addresses_file=str(tmp_path / "nobody.toml")
        ),
        ManualChecklist: ManualChecklist(),
        OutboxMailer: OutboxMailer(
            folder=str(tmp_path / "outbox"),
            sender_name="Harbor Watch",
            sender_address="team@harbor.example",
            contact="help@harbor.example",
        ),
        PlatformImitation: PlatformImitation(address="http://127.0.0.1:4310", api_key=SecretStr(SECRET)),
        S3CaseStore: S3CaseStore(credentials=AwsCredentials(region_name="eu-central-1"), bucket="harbor-cases"),
        S3Inbox: S3Inbox(credentials=AwsCredentials(region_name="eu-central-1"), bucket="harbor-exports"),
        SendGridMailer: sendgrid_mailer(),
    }
    slugs = {kind.get_block_type_slug(): kind for kind in documents}

    def load(cls: type[Block], name: str, *_: Any, **__: Any) -> Block:
        return documents[slugs[name.partition("/")[0]] if cls is Block else cls]

    monkeypatch.setattr(Block, "load", classmethod(load))
    return documents


class TestStandard(BlockStandardTestSuite):
    """Description, documentation, fields and examples as Prefect asks of every collection."""

    @pytest.fixture(params=BLOCKS, ids=lambda kind: kind.__name__)
    def block(self, request: pytest.FixtureRequest) -> type[Block]:  # type: ignore[override]
        kind: type[Block] = request.param
        return kind

    def test_has_a_valid_image(self, block: type[Block]) -> None:
        """No block names a picture: the UI would fetch it from somewhere, and a house may have no way out."""
        assert block._logo_url is None

    def test_has_a_slug_that_the_forms_can_name(self, block: type[Block]) -> None:
        """The slug is the class's name in small letters, and fits the field of a form that names blocks."""
        assert block.get_block_type_slug().replace("-", "") == block.__name__.lower()
        assert re.fullmatch(r"[a-z0-9-]+", block.get_block_type_slug())

    def test_documentation_is_a_page_of_ours(self, block: type[Block]) -> None:
        """The documentation address ends in a page that is there."""
        found = re.fullmatch(r"https://\S+/(docs/[a-z-]+\.md)", str(block._documentation_url))
        assert found
        assert (CODE / found[1]).is_file()

    def test_says_what_it_can_do(self, block: type[Block]) -> None:
        """Each block names at least one capability."""
        assert block.get_block_capabilities()

    def test_the_example_works(self, block: type[Block], stored: dict[type[Block], Block]) -> None:
        """The example in the documentation runs as it is written, against a stored document."""
        example = block.get_code_example()
        assert example is not None
        (code,) = re.findall(r"(?s)```python\n(.*?)```", example)

        exec(compile(code, block.__name__, "exec"), {})  # noqa: S102  (our own documentation)


def test_every_block_is_announced() -> None:
    """The collection's entry point leads to a package that knows every block under blocks/."""
    (found,) = [one for one in entry_points(group="prefect.collections") if one.name == "breach_response"]

    assert found.load() is blocks
    modules = {path.stem for path in Path(blocks.__file__).parent.glob("*.py")} - {"__init__"}
    inside = [thing for name in modules for thing in vars(import_module(f"blocks.{name}")).values()]
    kinds = {thing for thing in inside if isinstance(thing, type) and issubclass(thing, Block)} - {Block, MailerBlock}
    assert {kind for kind in kinds if kind.__module__.startswith("blocks.")} == set(BLOCKS)


def test_a_folder_keeps_cases(tmp_path: Path) -> None:
    """A case is listed once it is opened, under its name, in the order of names; a folder without a case is none."""
    store = FolderCaseStore(root=str(tmp_path / "cases"))
    assert store.cases() == []

    for name in ("rehearsal-two", "rehearsal-one"):
        store.open(name).put_new("case.json", b"{}")
    store.open("rehearsal-none").put_new("steps/x.json", b"{}")

    assert store.cases() == ["rehearsal-one", "rehearsal-two"]
    held = store.open("rehearsal-one").get("case.json")
    assert held is not None
    assert held.data == b"{}"


def test_two_roots_share_nothing(tmp_path: Path) -> None:
    """What is kept in the rehearsal's folder is not there in the live one."""
    rehearsal, live = (FolderCaseStore(root=str(tmp_path / mode)) for mode in Mode)
    rehearsal.open("harbor-2026").put_new("case.json", b"{}")

    assert live.cases() == []
    assert live.open("harbor-2026").get("case.json") is None


def test_the_ledger_opens_with_its_tables(tmp_path: Path) -> None:
    """An address leads to a ledger that remembers, also when it is opened again."""
    address = LedgerAddress(url=SecretStr(f"sqlite:///{tmp_path / 'ledger.db'}"))
    address.open().halts.halt("harbor-2026", "mara", "stop", AT)

    assert address.open().halts.of_case("harbor-2026")[0].halted_by == "mara"


@pytest.mark.parametrize("url", ["sqlite:///{0}/a-file/{1}/ledger.db", "postgres://u:{1}@h.example/x", "{1}"])
def test_an_address_that_leads_nowhere_is_not_quoted(url: str, tmp_path: Path) -> None:
    """A ledger that cannot be opened is refused in our own words, without its address."""
    (tmp_path / "a-file").touch()

    with pytest.raises(BreachError) as refused:
        LedgerAddress(url=SecretStr(url.format(tmp_path, SECRET))).open()

    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None


def test_the_outbox_writes_one_case_s_mail_into_one_folder(tmp_path: Path) -> None:
    """A letter is a file in the case's own Maildir, from the sender of the block."""
    block = OutboxMailer(
        folder=str(tmp_path),
        sender_name="Harbor Watch",
        sender_address="team@harbor.example",
        contact="help@harbor.example",
    )
    mailer = block.mailer("rehearsal-harbor")
    assert isinstance(mailer, MaildirOutbox)

    taken = mailer.deliver(
        Letter("About a leak", "<p>Dear member</p>\n", "Dear member\n", "notice-en"),
        [Addressee("a" * 26, "ann@mail.example", "Ann", {})],
        "attempt-1",
    )

    assert taken.accepted == ("a" * 26,)
    (written,) = (tmp_path / "rehearsal-harbor" / "new").iterdir()
    assert "From: Harbor Watch <team@harbor.example>" in written.read_text()
    sender = block.sender()
    assert (sender.name, sender.contact, sender.replies_are_read) == ("Harbor Watch", "help@harbor.example", True)


@pytest.mark.parametrize(
    ("host", "sample"),
    [
        ("harbor.example", True),
        ("Harbor.EXAMPLE", True),
        ("Example.COM", True),
        ("harbor.Test", True),
        ("harbor-watch.org", False),
        ("myexample.com", False),
    ],
)
def test_a_sample_address_is_one_however_it_is_spelt(host: str, sample: bool, tmp_path: Path) -> None:
    """RFC 2606 keeps these names for samples, and host names have no case (RFC 4343)."""
    address, real = f"team@{host}", "@".join(("help", "harbor-watch.org"))
    for sender, contact in ((address, real), (real, address)):
        block = OutboxMailer(folder=str(tmp_path), sender_name="H", sender_address=sender, contact=contact)
        assert block.is_sample is sample


def test_an_alert_is_a_file_and_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each alert has a file of its own; told again, it gets a second line; the terminal hears it only when asked to."""
    loud = Alerts(folder=str(tmp_path / "alerts"))
    loud.tell("rehearsal-harbor", "gate-waits", "A gate waits.", AT)
    loud.tell("rehearsal-harbor", "gate-waits", "A gate waits.", AT)
    Alerts(folder=str(tmp_path / "alerts"), terminal=False).tell("rehearsal-harbor", "late", "A wave is late.", AT)

    line = "2026-11-08T09:00:00+00:00 [rehearsal-harbor] A gate waits.\n"
    files = {path.name: path.read_text() for path in (tmp_path / "alerts").iterdir()}
    assert files["rehearsal-harbor.gate-waits.txt"] == line * 2
    assert set(files) == {"rehearsal-harbor.gate-waits.txt", "rehearsal-harbor.late.txt"}
    assert capsys.readouterr().err == f"ALERT {line}" * 2
    assert (tmp_path / "alerts").stat().st_mode & 0o077 == 0


def test_the_checklist_is_a_platform_done_by_hand() -> None:
    """The manual checklist needs no connection and never claims to be an imitation."""
    platform = ManualChecklist(platform_name="Our wiki").platform()

    assert isinstance(platform, ManualPlatform)
    assert platform.by_hand
    assert not platform.is_imitation


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1",
        "http://harbor.example",
        "http://127.0.0.1.example",
        "http://127.0.0.1:4310/x",
        "http://127.0.0.1\n",
    ],
)
def test_an_imitation_is_on_this_machine(address: str) -> None:
    """Only a loopback address is an imitation: rehearsals act on it as if it were real."""
    with pytest.raises(ValidationError):
        PlatformImitation(address=address, api_key=SecretStr(SECRET))

    assert PlatformImitation(address="http://localhost:1", api_key=SecretStr(SECRET)).platform().is_imitation


def test_a_root_opens_its_own_parts(stored: dict[type[Block], Block], tmp_path: Path) -> None:
    """A root leads to the parts it names, and to its approvers' file on this host."""
    root = stored[CaseRoot]
    assert isinstance(root, CaseRoot)

    parts = (root.store(), root.ledger_address(), root.mailer(), root.alerts())

    assert parts == tuple(stored[kind] for kind in (FolderCaseStore, LedgerAddress, OutboxMailer, Alerts))
    assert isinstance(root.registry(), Registry)
    assert root.registry().path == tmp_path / "approvers.json"


@pytest.mark.parametrize("show", [repr, str, lambda block: block.model_dump_json(), lambda block: block.model_dump()])
def test_a_secret_is_never_printed(show: Any) -> None:
    """No way of printing a block shows its key or the password in its address."""
    for block in (
        LedgerAddress(url=SecretStr(f"postgresql://u:{SECRET}@db.example/x")),
        PlatformImitation(address="http://127.0.0.1:1", api_key=SecretStr(SECRET)),
        sendgrid_mailer(),
    ):
        assert SECRET not in str(show(block))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (PlatformImitation, {"api_key": SECRET}),
        (PlatformImitation, {"address": SECRET, "api_key": SECRET}),
        (PlatformImitation, {"address": "http://127.0.0.1", "api_key": [SECRET]}),
        (LedgerAddress, {"url": [SECRET]}),
        (SendGridMailer, {"api_key": SECRET}),
        (SendGridMailer, {"api_key": [SECRET], "sender_name": "H"}),
    ],
)
def test_a_refused_block_does_not_quote_its_secret(kind: type[Block], values: dict[str, Any]) -> None:
    """A document that cannot be is refused without saying what was in it."""
    with pytest.raises(ValidationError) as refused:
        kind(**values)

    assert SECRET not in str(refused.value)
