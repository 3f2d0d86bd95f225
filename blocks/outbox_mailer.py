"""The outbox: notices as files in a Maildir that any mail program opens. Nothing leaves this machine."""

from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl

from blocks.case_store import DOCS
from breach.digest import digest_bytes
from breach.mail import Mailer
from breach.outbox import MaildirOutbox
from schemas.notice import Sender

RESERVED = (".example", ".invalid", ".test", "@example.com", "@example.org", "@example.net")
"""Names that RFC 2606 keeps for samples."""


class OutboxMailer(Block):
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
    _block_schema_capabilities: ClassVar[list[str]] = ["send-mail"]

    folder: str = Field(title="Folder", description="One Maildir a case is made below it.")
    sender_name: str = Field(title="Sender's name", description="As members know you.")
    sender_address: str = Field(title="Sender's address", description="The From: of every notice.")
    contact: str = Field(title="Contact for members", description="The address where a person answers members.")
    replies_are_read: bool = Field(
        title="Replies are read", description="A person reads answers to the notice.", default=True
    )
    staff_seeds: list[str] = Field(
        title="Staff who get samples",
        description="Addresses of the team; each variant is sent to them first.",
        default=[],
    )

    @property
    def is_sample(self) -> bool:
        """Whether it still writes in the name of the invented community: such addresses belong to nobody."""
        return any(address.casefold().endswith(RESERVED) for address in (self.sender_address, self.contact))

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

    def sender(self) -> Sender:
        """Who the notices say they are from."""
        return Sender(name=self.sender_name, contact=self.contact, replies_are_read=self.replies_are_read)
