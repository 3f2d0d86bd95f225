"""A case at a ledger with the means to send it, and a mailer that can be made to fail."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from breach.errors import MailerBusy, MailerRefused
from breach.ledger import Ledger, WaveKey, open_ledger
from breach.mail import Addressee, Delivery, Letter, Mailer
from breach.sending.books import count_books
from breach.sending.sender import SendSettings, Step, WaveResult, send_wave
from schemas.recipients import Books
from tests.breach.sending.scene import (
    CASE,
    START,
    MemoryStore,
    Scene,
    files_by_token,
    letters,
    make_scene,
    outbox,
)

USUAL = SendSettings()


class Clock:
    """Every look is a second later."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Post:
    """A mailer without evidence: it takes what it is given, once for each time it is given."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.refuse: set[str] = set()
        self.fail: list[Exception] = []

    def deliver(self, letter: Letter, addressees: Sequence[Addressee], attempt_id: str) -> Delivery:
        if self.fail and isinstance(self.fail[0], MailerBusy | MailerRefused):
            raise self.fail.pop(0)
        accepted = tuple(one.token for one in addressees if one.token not in self.refuse)
        self.taken += accepted
        if self.fail:
            raise self.fail.pop(0)
        return Delivery(accepted, {one.token: "refused" for one in addressees if one.token in self.refuse}, "ref")

    def find_delivered(self, tokens: Collection[str]) -> set[str]:
        return set()


class Desk:
    """A scene at a ledger, with the means to send."""

    def __init__(self, folder: Path, ledger_url: str, people: int = 20) -> None:
        self.folder = folder
        self.scene: Scene = make_scene(MemoryStore(), people)
        self.ledger: Ledger = open_ledger(ledger_url)
        self.clock = Clock()
        self.receipt = self.scene.plan()
        self.waves = self.scene.register(self.ledger, self.receipt)

    def send(
        self,
        wave: WaveKey,
        mailer: Mailer | None = None,
        *,
        holder: str = "run-1",
        on_step: Callable[[str], None] = lambda step: None,
        basis: str = "",
        settings: SendSettings = USUAL,
    ) -> WaveResult:
        return send_wave(
            self.scene.store,
            self.ledger,
            mailer or outbox(self.folder / "outbox"),
            letters,
            wave,
            holder=holder,
            clock=self.clock,
            basis_check=lambda: basis or wave.basis_hash,
            on_step=on_step,
            settings=settings,
        )

    def books(self, hours_later: int = 0) -> Books:
        now = self.clock() + timedelta(hours=hours_later)
        return count_books(self.scene.store, self.ledger, CASE, self.scene.message, self.scene.recipients, now=now)

    @property
    def files(self) -> dict[str, int]:
        found = files_by_token(self.folder / "outbox")
        return {token: count for token, count in found.items() if token in set(self.scene.tokens)}


def crash(desk: Desk, wave: WaveKey, step: Step, mailer: Mailer | None = None, times: int = 1) -> None:
    """End a sender at a step as a kill does: no lease is released, nothing more is written."""
    reached = 0

    def end(seen: str) -> None:
        nonlocal reached
        reached += seen == step
        if seen == step and reached == times:
            raise SystemExit

    released = desk.ledger.waves.release_wave
    desk.ledger.waves.release_wave = lambda *args: False  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        desk.send(wave, mailer, on_step=end, holder="dead")
    desk.ledger.waves.release_wave = released  # type: ignore[method-assign]
