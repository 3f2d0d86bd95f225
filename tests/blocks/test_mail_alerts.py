"""Mail to people on duty against a real mail server on loopback, with TLS and with login."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from blocks import MailAlerts
from deployments.home import free_port

ADDRESS = "mara@harbor.example"


class Mailbox:
    """What the server took, and from whom."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.secure: list[bool] = []
        self.refuse = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse:
            return self.refuse
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.secure.append(session.ssl is not None)
        return "250 taken"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of our own for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"watch", b"pass word"), handled=False)


@pytest.fixture
def server(certificate: tuple[Path, Path]) -> Iterator[tuple[Mailbox, int]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    mailbox = Mailbox()
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=free_port(0),
        server_kwargs={
            "tls_context": context,
            "require_starttls": True,
            "authenticator": _login,
            "auth_required": True,
        },
    )
    controller.start()
    try:
        yield mailbox, controller.port
    finally:
        controller.stop()


def private(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


@pytest.fixture
def block(server: tuple[Mailbox, int], certificate: tuple[Path, Path], tmp_path: Path) -> Callable[..., MailAlerts]:
    def made(**changes: object) -> MailAlerts:
        stated: dict[str, object] = {
            "host": "127.0.0.1",
            "port": server[1],
            "sender": "watch@harbor.example",
            "user": "watch",
            "password_file": private(tmp_path / "password", "pass word\n"),
            "addresses_file": private(tmp_path / "addresses.toml", f'mara = "{ADDRESS}"\n'),
            "ca_file": str(certificate[0]),
        }
        return MailAlerts(**stated | changes)

    return made


def test_a_person_on_duty_gets_the_mail(server: tuple[Mailbox, int], block: Callable[..., MailAlerts]) -> None:
    """Over TLS, after a login, to the address in the file; a line end in the subject starts no header."""
    assert block().send("mara", "A clock\nBcc: someone", "Article 33: 18 hours left.") == ""

    (letter,), (secure,) = server[0].letters, server[0].secure
    assert secure
    assert (letter["To"], letter["Subject"], letter["Bcc"]) == (ADDRESS, "A clock Bcc: someone", None)
    assert letter.get_content().strip() == "Article 33: 18 hours left."


def test_who_has_no_address_is_said_and_another_is_told(
    server: tuple[Mailbox, int], block: Callable[..., MailAlerts]
) -> None:
    """Without an address nothing is sent and the reason is given; with a fallback, that person gets it."""
    assert "no address" in block().send("ines", "A clock", "text")
    assert server[0].letters == []
    assert block(fallback="mara").send("ines", "A clock", "text") == ""
    assert [letter["To"] for letter in server[0].letters] == [ADDRESS]


@pytest.mark.parametrize(
    "changes",
    [{"password_file": ""}, {"ca_file": ""}, {"port": 9}, {"user": "nobody"}],
    ids=["no password", "unknown certificate", "no server", "wrong login"],
)
def test_a_mail_that_cannot_be_sent_says_why_without_an_address(
    server: tuple[Mailbox, int], block: Callable[..., MailAlerts], changes: dict[str, object]
) -> None:
    """The watch goes on; nothing is sent in clear or to a stranger's server."""
    said = block(**changes).send("mara", "A clock", "text")

    assert said
    assert "@" not in said
    assert server[0].letters == []


def test_a_refused_mail_is_said(server: tuple[Mailbox, int], block: Callable[..., MailAlerts]) -> None:
    """The server's own words may quote an address, so only the kind of refusal is told."""
    server[0].refuse = f"550 {ADDRESS} is unknown here"

    said = block().send("mara", "A clock", "text")

    assert "SMTPDataError" in said
    assert ADDRESS not in said


def test_a_file_that_others_can_read_is_not_used(block: Callable[..., MailAlerts], tmp_path: Path) -> None:
    """Addresses and password are their owner's alone."""
    mail = block()
    (tmp_path / "addresses.toml").chmod(0o644)

    assert "chmod 600" in mail.send("mara", "A clock", "text")
