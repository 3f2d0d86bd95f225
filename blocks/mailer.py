"""What every mailer says of itself, whichever vendor stands behind it: who the notices are from, who gets samples."""

from abc import abstractmethod
from typing import ClassVar

from prefect.blocks.core import Block
from pydantic import Field

from breach.mail import Mailer
from schemas.notice import Sender

RESERVED = (".example", ".invalid", ".test", "@example.com", "@example.org", "@example.net")
"""Names that RFC 2606 keeps for samples."""


class MailerBlock(Block):
    """A stored mailer: who the notices are from, and the way they go. One subclass a vendor."""

    _block_schema_capabilities: ClassVar[list[str]] = ["send-mail"]

    sender_name: str = Field(title="Sender's name", description="As members know you. SendGrid takes ASCII only.")
    sender_address: str = Field(
        title="Sender's address", description="The From: of every notice; at SendGrid, a sender verified there."
    )
    contact: str = Field(
        title="Contact for members", description="The address where a person answers members; replies may go there."
    )
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

    def sender(self) -> Sender:
        """Who the notices say they are from."""
        return Sender(name=self.sender_name, contact=self.contact, replies_are_read=self.replies_are_read)

    @property
    @abstractmethod
    def digest(self) -> str:
        """Over everything that decides who the letters are from and where they go; a gate binds to it."""

    @abstractmethod
    def mailer(self, case_id: str) -> Mailer:
        """The mailer for one case. Raises BadInput when it may not or cannot send for it."""
