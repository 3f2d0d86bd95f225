"""Sending letters by SendGrid: sort out, ask, read the answer."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Protocol

from blocks.sendgrid.answer import (
    REPEAT_WITHIN,
    Answer,
    NoAnswer,
    NotSent,
    TooLarge,
    at_fault,
    reference,
    refusal,
    taken,
    too_large,
    unanswered,
    unsent,
)
from blocks.sendgrid.request import MailSend, check_request, mail_send, tags_of, unsendable
from breach.errors import BreachError
from breach.mail import Addressee, Delivery, Letter
from breach.sending.envelope import Sender


class Poster(Protocol):
    """Posts one request: blocks.sendgrid.client, which takes 0.2 s to import; only senders do."""

    def post(self, request: MailSend) -> Answer:
        """Send once. Raises NotSent or NoAnswer."""
        ...


class SendGridMail:
    """Sends letters through SendGrid's sandbox. Satisfies breach.mail.Mailer; keeps no letters."""

    def __init__(
        self, client: Poster, sender: Sender, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Clock: reads when a wait ends, and how long a request has taken."""
        self._client, self._sender, self._clock = client, sender, clock

    def __repr__(self) -> str:
        """Which client; no key, no address."""
        return f"SendGridMail({self._client!r})"

    def deliver(self, letter: Letter, addressees: Sequence[Addressee], attempt_id: str) -> Delivery:
        """Send one request. SendGrid takes all of it or nothing.

        Who cannot be written to is rejected by token, before it is asked or by its answer; the others are then asked
        for again, as a request refused with 400 took nobody. Raises MailerBusy when nothing was taken and it may
        be tried again; MailerRefused when nothing was taken and a human must look; OutcomeUnknown when no
        answer came that says which.
        """
        check_request(letter, addressees, attempt_id)
        left, rejected = _sorted_out(letter, addressees)
        started = self._clock()
        while left:
            answer = self._ask(letter, left, attempt_id)
            if taken(answer):
                return Delivery(tuple(one.token for one in left), rejected, reference(answer))
            named = at_fault(answer, len(left))
            if not named or self._clock() - started > REPEAT_WITHIN:
                raise refusal(answer, len(left), attempt_id, self._clock())
            rejected |= {left[n].token: "SendGrid does not take the address" for n in named}
            left = [one for n, one in enumerate(left) if n not in named]
        return Delivery((), rejected)

    def find_delivered(self, tokens: Collection[str]) -> set[str]:  # noqa: ARG002
        """None: SendGrid's answer names a request, not people, and its sandbox sends no events.

        Not found does not mean not taken: a doubt stays one until a human or later evidence resolves it.
        """
        return set()

    def _ask(self, letter: Letter, left: Sequence[Addressee], attempt_id: str) -> Answer:
        """The errors are made outside the handlers: none of them carries what the SDK raised."""
        failed: BreachError
        try:
            return self._client.post(mail_send(letter, left, self._sender, attempt_id))
        except TooLarge:
            failed = too_large(attempt_id)
        except NotSent as error:
            failed = unsent(str(error), attempt_id)
        except NoAnswer as error:
            failed = unanswered(str(error), len(left), attempt_id)
        raise failed


def _sorted_out(letter: Letter, addressees: Sequence[Addressee]) -> tuple[list[Addressee], dict[str, str]]:
    """Whom to ask for, and who is rejected here. One address twice would have SendGrid refuse everybody."""
    needed = tags_of(letter)
    left: dict[str, Addressee] = {}
    rejected: dict[str, str] = {}
    for one in addressees:
        reason = unsendable(one, needed) or ("the address stands twice" if one.address.casefold() in left else "")
        if reason:
            rejected[one.token] = reason
        else:
            left[one.address.casefold()] = one
    return list(left.values()), rejected
