"""The outbox: a mailer that writes each notice as a file into a Maildir, which any mail program opens.

A file's name begins with the notice's token. A token is taken at most once, from however many processes: placing a
file and writing its mark below `taken/` happen under one lock, and the mark stays when a mail program moves the file
on, renames it or deletes it. `taken/` holds empty files only: deleting the mails deletes the members' data.
"""

import errno
import fcntl
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from time import sleep

from breach.errors import BadInput, Conflict, StoreBusy
from breach.mail import Addressee, Delivery, Letter
from breach.sending.envelope import Sender, build_message, unwritable

TOKEN = re.compile(r"^[a-z2-7]{26}$")
FULL = {errno.ENOSPC, errno.EDQUOT}
LOCK_TRIES, LOCK_PAUSE = 1000, 0.01
"""10 s in the queue for a lock that is held for a few system calls: longer means that its holder is frozen."""


class MaildirOutbox:
    """Writes notices into a Maildir. Satisfies breach.mail.Mailer."""

    keeps_letters = True
    """Each token is taken once whoever asks, find_delivered is complete, and taken is delivered; see sender.Keeper."""

    def __init__(
        self,
        root: Path,
        sender_name: str,
        sender_address: str,
        reply_to: str,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        """Root: the Maildir's folder, made with the first letter. Clock: gives the Date header, with its zone.

        Raises BadInput when one of the two addresses cannot stand in a mail header.
        """
        if unwritable(sender_address) or unwritable(reply_to):
            raise BadInput("The sender's or the reply address of the outbox is no address.", "Nothing was written.")
        self._root = root
        self._sender = Sender(sender_name, sender_address, reply_to)
        self._clock = clock

    def deliver(self, letter: Letter, addressees: Sequence[Addressee], attempt_id: str) -> Delivery:
        """Write one file per addressee; one that is there already counts as taken.

        A recipient whose address cannot stand in a mail header is rejected by name of its token. Raises BadInput
        when the disk is full and StoreBusy when the folder does not answer: some may have been written then.
        """
        accepted: list[str] = []
        rejected: dict[str, str] = {}
        if not all(TOKEN.match(one.token) for one in addressees):
            raise Conflict("A notice has no proper token.", f"{attempt_id}: nothing was written.", "Plan again.")
        with self._said_aloud(accepted, attempt_id):
            self._make()
            there = self._listed()
            for one in addressees:
                reason = unwritable(one.address)
                if reason:
                    rejected[one.token] = reason
                    continue
                if one.token not in there:
                    message = build_message(letter, one, self._sender, self._clock())
                    self._put(one.token, message)
                accepted.append(one.token)
            for folder in ("new", "taken"):
                _sync(self._root / folder)
        return Delivery(tuple(accepted), rejected)

    def find_delivered(self, tokens: Collection[str]) -> set[str]:
        """Which of these tokens were ever taken: marked, or lying in new/ or cur/."""
        with self._said_aloud([], "a look at what is there"):
            there = self._listed()
            return {token for token in tokens if token in there or self._mark(token).exists()}

    def _make(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in ("new", "cur", "tmp", "taken"):
            (self._root / folder).mkdir(exist_ok=True, mode=0o700)

    def _listed(self) -> set[str]:
        """Tokens in new/ and cur/; a mail program moves files from one to the other and adds flags to the name."""
        found: set[str] = set()
        for folder in ("new", "cur"):
            try:
                names = os.listdir(self._root / folder)  # noqa: PTH208 - names alone; 10,000 Path objects are slow
            except FileNotFoundError:
                continue
            found.update(name[:26] for name in names if TOKEN.match(name[:26]))
        return found

    def _mark(self, token: str) -> Path:
        return self._root / "taken" / token

    def _put(self, token: str, message: bytes) -> None:
        """Write to tmp/, sync, then place: a reader of new/ sees a whole file or none."""
        handle, name = tempfile.mkstemp(dir=self._root / "tmp", prefix=f"{token}.")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            with self._locked():
                self._place(token, fresh)
        finally:
            fresh.unlink(missing_ok=True)

    def _place(self, token: str, fresh: Path) -> None:
        """Under the lock: link into new/ and mark, unless it was done before.

        A process killed between link and mark leaves its tmp file with two names; whoever comes next sees by that
        count that the file was placed, wherever a mail program has moved it since, and writes the mark.
        """
        mark = self._mark(token)
        if mark.exists():
            return
        left = [path for path in (self._root / "tmp").glob(f"{token}.*") if path != fresh]
        if not any(path.stat().st_nlink > 1 for path in left):
            # It exists when its process was killed before it marked, and its tmp file was cleared away since.
            with suppress(FileExistsError):
                os.link(fresh, self._root / "new" / f"{token}.notice")
        os.close(os.open(mark, os.O_CREAT | os.O_WRONLY, 0o600))
        for path in left:
            path.unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._root / "outbox.lock").open("a") as file:
            for _ in range(LOCK_TRIES):
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    sleep(LOCK_PAUSE)
            else:
                raise BlockingIOError(errno.EAGAIN, "frozen")
            yield

    @contextmanager
    def _said_aloud(self, accepted: list[str], attempt_id: str) -> Iterator[None]:
        try:
            yield
        except BlockingIOError:
            raise StoreBusy(
                f"Another process has held the outbox for {LOCK_TRIES * LOCK_PAUSE:.0f} seconds.",
                f"{attempt_id}: {len(accepted)} notices were written before.",
                "End or wake the frozen sender, then run the wave again; nobody is told twice.",
            ) from None
        except OSError as error:
            if error.errno in FULL:
                raise BadInput(
                    "The disk of the outbox is full.",
                    f"{attempt_id}: {len(accepted)} notices were written before; no half-written one is in new/.",
                    "Free some space and run the wave again; it continues where it stopped.",
                ) from None
            raise StoreBusy(
                f"The outbox could not be written: {os.strerror(error.errno or 0)}.",
                f"{attempt_id}: {len(accepted)} notices were written before.",
                "Run the wave again; nobody is told twice.",
            ) from None


def _sync(folder: Path) -> None:
    """Make new names durable, not only the bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
