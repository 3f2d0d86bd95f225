"""The error tree. Runners retry by type: Transient may be tried again, Terminal needs a human.

    BreachError
    ├── Transient             may be tried again by itself
    │   ├── StoreBusy         the case store did not answer, or lost a race
    │   ├── LedgerBusy        the ledger is locked or unreachable
    │   ├── PlatformBusy      the platform answered 429 or 5xx
    │   └── MailerBusy        the mailer refused before taking anything
    └── Terminal              a human must look
        ├── BadInput          an export, a fact or a path cannot be used
        ├── Conflict          what is frozen would change, or two things claim one name
        ├── CaseRefused       the case cannot be opened, continued or closed so
        ├── Superseded        another run of this case acts; this one ends
        ├── Halted            the line is stopped
        ├── NotApproved       no approval for exactly this
        ├── LawUnknown        a rule, anchor or jurisdiction cannot be read
        ├── MailerRefused     the mailer will not take a request as it is, and took nothing
        ├── NoticeRefused     a notice cannot be rendered truthfully
        └── Tampered          a digest or the chain does not fit

Every message says what happened, what state things are in, and what to do next: ids and counts, never people.
"""


class BreachError(Exception):
    """Something the operator should read."""

    def __init__(self, happened: str, state: str = "", next_step: str = "") -> None:
        """The three sentences: what happened, what state things are in, what to do next."""
        super().__init__(" ".join(part for part in (happened, state, next_step) if part))
        self.happened, self.state, self.next_step = happened, state, next_step

    def __reduce__(self) -> tuple[type["BreachError"], tuple[str, str, str]]:
        """Pickles with its three parts: process pools carry errors home."""
        return (type(self), (self.happened, self.state, self.next_step))


class Transient(BreachError):
    """May be tried again by itself."""


class Terminal(BreachError):
    """A human must look."""


class StoreBusy(Transient):
    """The case store did not answer, or lost a race."""


class LedgerBusy(Transient):
    """The ledger is locked or unreachable."""


class PlatformBusy(Transient):
    """The platform answered 429 or 5xx."""


class MailerBusy(Transient):
    """The mailer refused before taking anything."""


class BadInput(Terminal):
    """An export, a fact or a path cannot be used."""


class Conflict(Terminal):
    """What is frozen would change, or two things claim one name."""


class CaseRefused(Terminal):
    """The case cannot be opened, continued or closed so."""


class Superseded(Terminal):
    """Another run of this case acts; this one ends."""


class Halted(Terminal):
    """The line is stopped."""


class NotApproved(Terminal):
    """No approval for exactly this."""


class LawUnknown(Terminal):
    """A rule, anchor or jurisdiction cannot be read."""


class MailerRefused(Terminal):
    """The mailer will not take a request as it is, and took nothing of it."""


class NoticeRefused(Terminal):
    """A notice cannot be rendered truthfully."""


class Tampered(Terminal):
    """A digest or the chain does not fit."""
