"""Sending one wave: settle what is in doubt, then claim, request, deliver, complete, one chunk after the other."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from breach.errors import BreachError, Conflict, Halted, LedgerBusy, MailerBusy, MailerRefused, NotApproved, Terminal
from breach.ledger import ChunkRow, Ledger, Resolution, WaveKey
from breach.mail import Addressee, Delivery, Letter, Mailer
from breach.sending.chunk_files import read_addressees
from breach.store import CaseStore
from schemas.sending import ChunkState


class Step(StrEnum):
    """The named steps of a sender; the kill tests end it at each of them."""

    BEFORE_CLAIM = "before-claim"
    CLAIMED = "claimed"
    REQUESTED = "requested"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    WAVE_CLOSED = "wave-closed"


class OutcomeUnknown(Terminal):
    """A request left and no answer came that can be trusted."""


@runtime_checkable
class Keeper(Protocol):
    """A mailer that may say: I take a token once, whoever asks; what I do not find was not taken; taken is delivered.

    With such a mailer a new run settles doubts by itself and at once. With every other one a doubt waits for the
    request's timeout, and then for a human.
    """

    @property
    def keeps_letters(self) -> bool:
        """True when all three hold."""
        ...


@dataclass(frozen=True, slots=True)
class SendSettings:
    """How long to wait for what, and when a wave stops itself."""

    lease: timedelta = timedelta(seconds=60)
    """How long a dead sender blocks the next one. One chunk must be delivered within it."""
    request_timeout: timedelta = timedelta(seconds=120)
    """Timeout of one request plus margin: before that, an older sender may still get its answer."""
    rejected_limit: float = 0.05
    """Share of a wave's notices that may be rejected before the case is halted."""


@dataclass(frozen=True, slots=True)
class WaveResult:
    """How a wave stands when its sender ends without an error."""

    wave: WaveKey
    closed: bool
    next_at: datetime | None
    """When the next wave may begin; None while this one is open."""
    recipients: int
    accepted: int
    rejected: int
    in_doubt: int
    """Chunks waiting for a human."""
    settle_at: datetime | None
    """When chunks requested by an older sender may be settled; run the wave again then."""


def _no_step(step: str) -> None:
    """Nobody watches."""


def send_wave(
    store: CaseStore,
    ledger: Ledger,
    mailer: Mailer,
    letters: Callable[[str], Letter],
    wave: WaveKey,
    *,
    holder: str,
    clock: Callable[[], datetime],
    basis_check: Callable[[], str],
    on_step: Callable[[str], None] = _no_step,
    settings: SendSettings = SendSettings(),
) -> WaveResult:
    """Send what is left of a wave, and close it when nothing is. A closed wave is only looked at.

    letters(variant) gives the approved content; basis_check() the hash rebuilt from the current case, asked before
    each claim. Raises NotApproved when it differs, Halted, Superseded, Conflict when the wave is not due, MailerBusy
    when a chunk was refused whole and is planned again, and OutcomeUnknown (or the mailer's own error) when a chunk
    is in doubt: nothing more is sent then, and a new run settles it.
    """
    stands = ledger.waves.row(wave)
    if stands.closed_at is not None:
        return _result(ledger, wave, None)
    epoch = ledger.waves.open_wave(wave, holder, clock(), settings.lease)
    sending = _Sending(store, ledger, mailer, letters, wave, epoch, clock, on_step, settings)
    try:
        young = sending.settle()
        while sending.send_next(basis_check):
            pass
        return sending.close(young)
    finally:
        # A ledger that is busy now keeps the lease until it runs out by itself; the error on its way matters more.
        with suppress(LedgerBusy):
            ledger.waves.release_wave(wave, epoch, clock())


def settle_wave(
    store: CaseStore,
    ledger: Ledger,
    mailer: Mailer,
    wave: WaveKey,
    *,
    holder: str,
    clock: Callable[[], datetime],
    settings: SendSettings = SendSettings(),
) -> WaveResult:
    """Settle what an ended sender left open, and send nothing: what another plan needs before it can be registered."""
    epoch = ledger.waves.open_wave(wave, holder, clock(), settings.lease)
    try:
        sending = _Sending(store, ledger, mailer, _no_letters, wave, epoch, clock, _no_step, settings)
        return _result(ledger, wave, sending.settle_at(sending.settle()))
    finally:
        with suppress(LedgerBusy):
            ledger.waves.release_wave(wave, epoch, clock())


def _no_letters(variant: str) -> Letter:
    raise NotApproved(f"Settling sends nothing, and so no {variant}.")


def keeps_letters(mailer: Mailer) -> bool:
    """True when the mailer vouches for all that Keeper asks."""
    return isinstance(mailer, Keeper) and mailer.keeps_letters


@dataclass(slots=True)
class _Sending:
    """One sender's hold on one wave."""

    store: CaseStore
    ledger: Ledger
    mailer: Mailer
    letters: Callable[[str], Letter]
    wave: WaveKey
    epoch: int
    clock: Callable[[], datetime]
    on_step: Callable[[str], None]
    settings: SendSettings
    tries: int = 0

    def settle(self) -> tuple[ChunkRow, ...]:
        """Doubts by evidence; returns the chunks that an older sender requested too recently to be doubted."""
        keeper = keeps_letters(self.mailer)
        # A keeper takes a token once even from a sender that wakes up later: there is nothing to wait for.
        margin = timedelta(0) if keeper else self.settings.request_timeout
        young = self.ledger.doubts.requested_of_older_epochs(self.wave, self.epoch, self.clock(), margin)
        for chunk in self.ledger.doubts.in_wave(self.wave) if keeper else ():
            tokens = [one.token for one in read_addressees(self.store, chunk)]
            self.ledger.doubts.resolve(
                chunk.chunk_id,
                Resolution.SEND_AGAIN,
                "evidence",
                "what the mailer has kept is taken",
                self.clock(),
                taken=self.mailer.find_delivered(tokens),
                proven=True,
            )
        return young

    def settle_at(self, young: Sequence[ChunkRow]) -> datetime | None:
        """When the youngest of these may be doubted."""
        moments = [chunk.requested_at + self.settings.request_timeout for chunk in young if chunk.requested_at]
        return max(moments, default=None)

    def send_next(self, basis_check: Callable[[], str]) -> bool:
        """One chunk, from claim to completion; False when none is left."""
        self.on_step(Step.BEFORE_CLAIM)
        if basis_check() != self.wave.basis_hash:
            raise NotApproved(
                f"The case has changed since {self.wave.message} was approved.",
                "Nothing more was claimed; what was sent before stands.",
                "Answer the gates again; they show the case as it is now.",
            )
        self.tries += 1
        attempt_id = f"{self.wave.basis_hash[:12]}-w{self.wave.n}-e{self.epoch}-{self.tries}"
        chunk = self.ledger.claims.claim_next(self.wave, self.epoch, attempt_id, self.clock())
        if chunk is None:
            return False
        self.on_step(Step.CLAIMED)
        letter, taken, left = self._prepare(chunk, attempt_id)
        try:
            marked = self.ledger.claims.mark_requested(attempt_id, self.epoch, self.clock())
        except BreachError as error:
            self._put_back(attempt_id, error)
            raise
        if marked:
            self.on_step(Step.REQUESTED)
            answer = self._deliver(chunk, letter, left, attempt_id)
            self.on_step(Step.DELIVERED)
            delivery = Delivery((*sorted(taken), *answer.accepted), answer.rejected, answer.provider_ref)
            self.ledger.claims.complete(attempt_id, delivery, self.clock(), proven=keeps_letters(self.mailer))
            self.on_step(Step.COMPLETED)
            self._break_at(answer)
        return True

    def _put_back(self, attempt_id: str, error: Exception) -> None:
        self.ledger.claims.put_back(attempt_id, self.clock(), f"not requested: {type(error).__name__}")

    def _prepare(self, chunk: ChunkRow, attempt_id: str) -> tuple[Letter, set[str], list[Addressee]]:
        """The letter, whom an earlier attempt told, and who is left: all that can fail before anything leaves."""
        try:
            addressees = read_addressees(self.store, chunk)
            tokens = {one.token for one in addressees}
            taken: set[str] = set()
            if chunk.attempts > 1:
                taken = tokens & (self.ledger.doubts.known_taken(chunk.chunk_id) | self.mailer.find_delivered(tokens))
            return self.letters(chunk.variant), taken, [one for one in addressees if one.token not in taken]
        except BreachError as error:
            self._put_back(attempt_id, error)
            raise
        except Exception as error:
            self._put_back(attempt_id, error)
            raise Conflict(
                f"Chunk {chunk.n} of {self.wave.message} could not be prepared ({type(error).__name__}).",
                "Nothing of it was sent; it is planned again.",
                "Look at the chunk's file and its letter.",
            ) from None

    def _deliver(self, chunk: ChunkRow, letter: Letter, left: Sequence[Addressee], attempt_id: str) -> Delivery:
        """Ask the mailer; anything but a full answer or a clean refusal is a doubt."""
        try:
            answer = self.mailer.deliver(letter, left, attempt_id) if left else Delivery((), {})
        except (MailerBusy, MailerRefused) as error:
            self.ledger.claims.put_back(attempt_id, self.clock(), f"{type(error).__name__}: nothing was taken")
            raise
        except BreachError as error:
            self.ledger.doubts.doubt(attempt_id, type(error).__name__, self.clock())
            raise
        except Exception as error:
            # Whatever it says may quote an address: only its type is kept.
            self.ledger.doubts.doubt(attempt_id, type(error).__name__, self.clock())
            raise _unknown(chunk, f"The mailer failed with {type(error).__name__}") from None
        asked, named = {one.token for one in left}, [*answer.accepted, *answer.rejected]
        if set(named) != asked or len(named) != len(asked):
            self.ledger.doubts.doubt(attempt_id, "the answer does not fit the request", self.clock())
            raise _unknown(chunk, f"The mailer answered for {len(named)} of {len(asked)} notices")
        return answer

    def _break_at(self, delivery: Delivery) -> None:
        """Halt the case when too much of the wave was rejected since a human last looked and lifted."""
        if not delivery.rejected:
            return
        lifted = [halt.lifted_at for halt in self.ledger.halts.of_case(self.wave.case_id) if halt.lifted_at]
        rejected = self.ledger.waves.rejected_since(self.wave, max(lifted, default=None))
        total = self.ledger.waves.row(self.wave).recipients
        if rejected <= total * self.settings.rejected_limit:
            return
        reason = (
            f"{rejected} of {total} notices of wave {self.wave.n} of {self.wave.message} were rejected; "
            f"the limit is {self.settings.rejected_limit:.0%}"
        )
        self.ledger.halts.halt(self.wave.case_id, "breaker", reason, self.clock())
        raise Halted(
            f"{reason}.", "The case is halted; what was sent before stands.", "Find the cause, lift the halt, go on."
        )

    def close(self, young: Sequence[ChunkRow]) -> WaveResult:
        """Close the wave when every chunk is done; otherwise say what it waits for."""
        open_states = {ChunkState.REQUESTED, ChunkState.IN_DOUBT}
        if not open_states & self.ledger.waves.row(self.wave).states.keys():
            self.ledger.waves.close_wave(self.wave, self.epoch, self.clock())
            self.on_step(Step.WAVE_CLOSED)
        return _result(self.ledger, self.wave, self.settle_at(young))


def _unknown(chunk: ChunkRow, happened: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"{happened} in chunk {chunk.n} of {chunk.wave.message}.",
        "The chunk is in doubt; nothing more was sent.",
        "Run the wave again: it settles the chunk by evidence, or lists it for a human.",
    )


def _result(ledger: Ledger, wave: WaveKey, settle_at: datetime | None) -> WaveResult:
    row = ledger.waves.row(wave)
    return WaveResult(
        wave=wave,
        closed=row.closed_at is not None,
        next_at=row.next_at,
        recipients=row.recipients,
        accepted=row.accepted,
        rejected=row.rejected,
        in_doubt=row.states.get(ChunkState.IN_DOUBT, 0),
        settle_at=settle_at,
    )
