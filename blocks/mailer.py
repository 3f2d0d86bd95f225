"""What every mailer block offers, whichever vendor stands behind it."""

from collections.abc import Sequence
from typing import Protocol

from breach.mail import Mailer
from schemas.notice import Sender


class MailerBlock(Protocol):
    """A stored mailer: who the notices are from, and the way they go."""

    @property
    def sender_name(self) -> str:
        """The organisation, as members know it."""
        ...

    @property
    def sender_address(self) -> str:
        """The From: of every notice."""
        ...

    @property
    def contact(self) -> str:
        """The address where a person answers members."""
        ...

    @property
    def staff_seeds(self) -> Sequence[str]:
        """Addresses of the team; each variant is sent to them first."""
        ...

    @property
    def is_sample(self) -> bool:
        """Whether it still writes in the name of the invented community."""
        ...

    @property
    def digest(self) -> str:
        """Over everything that decides who the letters are from and where they go; a gate binds to it."""
        ...

    def sender(self) -> Sender:
        """Who the notices say they are from."""
        ...

    def mailer(self, case_id: str) -> Mailer:
        """The mailer for one case. Raises BadInput when it may not or cannot send for it."""
        ...
