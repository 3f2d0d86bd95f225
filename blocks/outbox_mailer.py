"""The outbox: notices as files in a Maildir that any mail program opens. Nothing leaves this machine."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, HttpUrl

from blocks.case_store import DOCS
from blocks.mailer import MailerBlock
from breach.digest import digest_bytes
from breach.mail import Mailer
from breach.outbox import MaildirOutbox


class OutboxMailer(MailerBlock):
    """Writes every notice as a mail file into a folder. A file written and synced counts as told.

    Example:
        Load a stored block and get the mailer:
        ```python
        from blocks import OutboxMailer

        outbox = OutboxMailer.load("BLOCK_NAME")
        mailer = outbox.mailer("rehearsal-harbor")
        ```
    """

    _block_type_name = "Outbox mailer"
    _block_type_slug = "outbox-mailer"
    _documentation_url = HttpUrl(f"{DOCS}/runbook.md")
    _description = "Writes every notice as a mail file into a folder that any mail program opens."

    folder: str = Field(title="Folder", description="One Maildir a case is made below it.")

    @property
    def digest(self) -> str:
        """Over everything that decides who the letters are from and where they go."""
        parts = (self.folder, self.sender_name, self.sender_address, self.contact, *self.staff_seeds)
        return digest_bytes("\x1f".join(parts).encode())

    def mailer(self, case_id: str) -> Mailer:
        """The mailer for one case."""
        return MaildirOutbox(
            Path(self.folder) / case_id,
            sender_name=self.sender_name,
            sender_address=self.sender_address,
            reply_to=self.sender_address,
            clock=lambda: datetime.now(UTC),
        )
