"""Alerts by mail to the people on duty, over a server of your own. Never to members."""

import smtplib
import ssl
import tomllib
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import ClassVar, Literal

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl

from blocks.case_store import DOCS

PATIENCE = 20.0
"""Seconds for a server that does not answer: the watch has other clocks to look at."""


class MailAlerts(Block):
    """Writes to people on duty by their short names. Addresses and password stand in files on the worker's machine.

    Example:
        Load a stored block and write to somebody:
        ```python
        from blocks import MailAlerts

        mail = MailAlerts.load("BLOCK_NAME")
        problem = mail.send("mara", "A clock runs out", "Article 33: 18 hours left.")
        ```
    """

    _block_type_name = "Mail alerts"
    _block_type_slug = "mail-alerts"
    _documentation_url = HttpUrl(f"{DOCS}/runbook.md")
    _description = "Mail to the people on duty, never to members."
    _block_schema_capabilities: ClassVar[list[str]] = ["mail-alert"]

    host: str = Field(title="Mail server", description="Its name, as its certificate has it.")
    port: int = Field(title="Port", description="587 with STARTTLS, 465 with TLS.", default=587)
    security: Literal["starttls", "tls"] = Field(
        title="Encryption", description="Nothing is sent in clear.", default="starttls"
    )
    sender: str = Field(title="Sender", description="An address of yours.")
    user: str = Field(title="User", description="Empty: the server asks for no login.", default="")
    password_file: str = Field(title="Password file", description="On the worker's machine, 0600.", default="")
    addresses_file: str = Field(
        title="Addresses", description='On the worker\'s machine, 0600: lines such as mara = "…". Never in a block.'
    )
    fallback: str = Field(title="Else to", description="Short name, for whoever has no address there.", default="")
    ca_file: str = Field(title="Certificate", description="Of a server with one of its own; else empty.", default="")

    def send(self, staff: str, subject: str, text: str) -> str:
        """Write to one person. Returns why it could not be sent, without any address; empty when it was taken."""
        try:
            address = self._address_of(staff)
            letter = EmailMessage()
            letter["From"], letter["To"] = self.sender, address
            letter["Subject"] = " ".join(subject.split())
            letter["Date"] = formatdate(usegmt=True)
            letter.set_content(text)
            self._hand_over(letter)
        except _Unsendable as problem:
            return str(problem)
        except (OSError, smtplib.SMTPException) as error:  # its text quotes addresses; its kind does not
            return f"the mail server did not take the mail for {staff} ({type(error).__name__})"
        except ValueError:  # a line of the addresses file that is no address
            return f"the address of {staff} cannot be used"
        return ""

    def _hand_over(self, letter: EmailMessage) -> None:
        context = ssl.create_default_context(cafile=self.ca_file or None)
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
        with server:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, _private(self.password_file).strip())
            server.send_message(letter)

    def _address_of(self, staff: str) -> str:
        try:
            known = tomllib.loads(_private(self.addresses_file))
        except tomllib.TOMLDecodeError:
            raise _Unsendable("the addresses file cannot be read") from None
        address = known.get(staff) or known.get(self.fallback)
        if not isinstance(address, str):
            raise _Unsendable(f"{staff} has no address in the addresses file")
        return address


class _Unsendable(Exception):
    """Why there is nothing to send; our own words."""


def _private(name: str) -> str:
    """A file that is its owner's alone; one that others could read is not used."""
    path = Path(name).expanduser()
    if not name or not path.is_file():
        raise _Unsendable("the addresses or password file is not there")
    if path.stat().st_mode & 0o077:
        raise _Unsendable(f"{path.name} can be read by others; close it with chmod 600")
    return path.read_text(encoding="utf-8")
