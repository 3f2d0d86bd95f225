"""What a mailer must be able to do. Every vendor, and the outbox, fits this."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """The content of one variant. Per-person values stand in it as unguessable tags."""

    subject: str
    html: str
    text: str
    category: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """One recipient of one request. Never printed: repr shows the token only."""

    token: str
    address: str
    name: str
    values: dict[str, str]
    """tag -> value, ready for the part it stands in (HTML already escaped)."""

    def __repr__(self) -> str:
        """The token; an address must not reach a log through a traceback."""
        return f"Addressee({self.token})"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The mailer's answer to one request."""

    accepted: tuple[str, ...]
    """Tokens taken."""
    rejected: dict[str, str]
    """Token -> reason, without the address."""
    provider_ref: str = ""


class Mailer(Protocol):
    """Sends one letter to at most 1,000 people.

    Raises MailerBusy when nothing was taken and it may be tried again, MailerRefused when nothing was taken and a
    human must look. Any other exception after the request has left means the outcome is unknown: in doubt.
    """

    def deliver(self, letter: Letter, addressees: Sequence[Addressee], attempt_id: str) -> Delivery:
        """Send; returns what was taken and what was refused."""
        ...

    def find_delivered(self, tokens: Collection[str]) -> set[str]:
        """Which of these notices the mailer can prove it has taken: the evidence that resolves a doubt."""
        ...
