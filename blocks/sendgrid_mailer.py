"""SendGrid, in its sandbox: everything is sent and checked there as it would be, and nobody receives anything."""

import json
from typing import ClassVar

from pydantic import ConfigDict, Field, HttpUrl, SecretStr

from blocks.case_store import DOCS
from blocks.mailer import MailerBlock
from blocks.sendgrid.answer import Region
from blocks.sendgrid.mail import SendGridMail
from breach.checks import Check
from breach.digest import digest_bytes
from breach.errors import BadInput
from breach.mail import Mailer
from breach.recipients.name import clean_name
from breach.sending.envelope import Sender as From
from breach.sending.envelope import unwritable


class SendGridMailer(MailerBlock):
    """Sends notices through SendGrid's v3 API, up to 1,000 people a request. In this version: into its sandbox only.

    Example:
        Load a stored block and get the mailer:
        ```python
        from blocks import SendGridMailer

        sendgrid = SendGridMailer.load("BLOCK_NAME")
        mailer = sendgrid.mailer("rehearsal-harbor")
        ```
    """

    # Pydantic would quote the whole input, the key in it, when another field is missing.
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", hide_input_in_errors=True)

    _block_type_name = "SendGrid mailer"
    _block_type_slug = "sendgrid-mailer"
    _documentation_url = HttpUrl(f"{DOCS}/runbook.md")
    _description = "Sends notices through SendGrid; in this version into its sandbox only, which reaches nobody."

    api_key: SecretStr = Field(title="API key", description="With the scope mail.send and nothing else.")
    region: Region = Field(
        title="Region",
        description="eu: requests go to the EU host only. It takes the key of an EU subuser.",
        default="global",
    )
    live: bool = Field(title="Live", description="Really send. This version refuses it; leave it off.", default=False)

    @property
    def digest(self) -> str:
        """Over everything that decides who the letters are from and where they go; a new key changes nothing."""
        where = ["sendgrid", self.region, "live" if self.live else "sandbox"]
        return digest_bytes(
            json.dumps([*where, self.sender_name, self.sender_address, self.contact, self.staff_seeds]).encode()
        )

    def mailer(self, case_id: str) -> Mailer:
        """The mailer for one rehearsal. Raises BadInput for live sending, and for a key or sender that cannot be.

        A live case is refused even in the sandbox: there, everything is taken and nobody is told.
        """
        if self.live or not case_id.startswith("rehearsal-"):
            raise BadInput(
                "SendGrid cannot tell anybody in this version: it sends into the sandbox only, in rehearsals.",
                "Nothing was sent; the case is kept.",
                "Switch 'Live' off in the mailer's block for a rehearsal; name an outbox for a live case.",
            )
        key, sender = self._usable()
        from blocks.sendgrid.client import SendGridClient  # noqa: PLC0415  (the SDK; only senders need it)

        return SendGridMail(SendGridClient(key, self.region), sender)

    def checks(self) -> tuple[Check, ...]:
        """What SendGrid answers when key, scope and sandbox are tried; nobody receives anything.

        Raises BadInput for a key or sender that cannot be.
        """
        key, sender = self._usable()
        from blocks.sendgrid.checks import SandboxChecks  # noqa: PLC0415
        from blocks.sendgrid.client import SendGridClient  # noqa: PLC0415  (the SDK; only senders need it)

        return SandboxChecks(SendGridClient(key, self.region), sender).run()

    def _usable(self) -> tuple[str, From]:
        """The key and who writes. Raises BadInput when SendGrid would not take them."""
        key = self.api_key.get_secret_value()
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise _unusable("Its API key is empty or holds a space or a line end.")
        if unwritable(self.sender_address) or unwritable(self.contact):
            raise _unusable("The sender's address or the contact is no address.")
        if not (self.sender_name + self.sender_address + self.contact).isascii():
            # The vendor's page on limitations; mail programs show question marks in place of such characters.
            raise _unusable("SendGrid takes only ASCII characters as the sender's name, address and contact.")
        if not clean_name(self.sender_name):
            raise _unusable("The sender has no name.")
        return key, From(self.sender_name, self.sender_address, self.contact)


def _unusable(why: str) -> BadInput:
    return BadInput(
        f"The SendGrid mailer cannot be used. {why}", "Nothing was sent; the case is kept.", "Correct its block."
    )
