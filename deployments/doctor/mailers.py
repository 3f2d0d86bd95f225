"""Whether notices could go: the outbox takes a file, SendGrid knows the key and takes a request in its sandbox."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol, runtime_checkable

from blocks import OutboxMailer
from blocks.mailer import MailerBlock
from breach.checks import Check
from deployments.doctor.disks import standing
from deployments.doctor.finding import Finding, in_our_words
from deployments.home import Home
from schemas.incident import Mode


@runtime_checkable
class Checked(Protocol):
    """A block that tries itself."""

    def checks(self) -> tuple[Check, ...]:
        """What was tried."""
        ...


def look_at_mailers(home: Home, mailers: Mapping[Mode, MailerBlock] | None) -> Iterator[Finding]:
    """The mailer of each mode. Mailers: as the server has them; None when it does not answer."""
    for mode in Mode:
        name = f"mailer, {mode}"
        if mailers is None:
            yield from look_at_outbox(name, home.mode(mode) / "outbox")
            yield Finding.unseen(name, "no server answers; which mailer is chosen stands in its blocks")
        elif mode not in mailers:
            yield Finding.unseen(name, "its blocks do not load")
        else:
            yield from _mailer(name, mailers[mode])


def _mailer(name: str, mailer: MailerBlock) -> Iterator[Finding]:
    if isinstance(mailer, OutboxMailer):
        yield from look_at_outbox(name, Path(mailer.folder))
    elif isinstance(mailer, Checked):
        yield from in_our_words(name, partial(_tried, name, mailer))
    else:
        yield Finding.unseen(name, "this kind of mailer tells nothing about itself")


def _tried(name: str, mailer: Checked) -> Iterator[Finding]:
    return (Finding.of(name, check) for check in mailer.checks())


def look_at_outbox(name: str, folder: Path) -> Iterator[Finding]:
    """A file is written where the outbox is or will be, synced, and removed."""
    place = standing(folder)
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".doctor-") as file:
            file.write(b"Written and removed by breach doctor.\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        what = f"The outbox {folder} takes no file ({error.strerror})."
        yield Finding.wrong(name, what, "Look at the folder's rights and its disk.")
    else:
        yield Finding.ok(name, f"The outbox takes files{'' if place == folder else '; the first case makes it'}.")
