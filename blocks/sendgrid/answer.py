"""What SendGrid's answers mean. Its sentences may quote an address: they are read and never repeated."""

import math
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

import msgspec

from breach.errors import BreachError, MailerBusy, MailerRefused
from breach.sending.sender import OutcomeUnknown

Region = Literal["global", "eu"]

REPEAT_WITHIN = timedelta(seconds=30)
"""A request is repeated without the people at fault only so long: a chunk must end within its lease."""
LONGEST_WAIT = 3600
EPOCHS_FROM = 1_000_000_000
"""A greater number in X-RateLimit-Reset is a moment, a smaller one a wait: the vendor's pages show both."""
REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,100}")
RECIPIENT = re.compile(r"personalizations\.(\d{1,4})\.to(?:\.0(?:\.email)?)?")
FIELDS = frozenset(
    {"personalizations", "from", "reply_to", "subject", "content", "headers", "categories", "custom_args"}
    | {"mail_settings", "tracking_settings"}
)
RUN_AGAIN = "then run the wave again."


class NotSent(Exception):
    """Nothing of the request left this machine. Its text names the kind of failure."""


class TooLarge(NotSent):
    """The request exceeds SendGrid's limit."""


class NoAnswer(Exception):
    """The request left, wholly or in part, and no answer came. Its text names the kind of failure."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What SendGrid answered. Never printed: an error message may quote an address."""

    status: int
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    def __repr__(self) -> str:
        """The status."""
        return f"Answer({self.status})"


class Fault(msgspec.Struct):
    """One entry of an answer's `errors`."""

    message: str | None = None
    field: str | None = None


class Faults(msgspec.Struct):
    """The body of a refusal."""

    errors: list[Fault] = []


def taken(answer: Answer) -> bool:
    """202: queued for everybody in the request; in the sandbox 200: it would have been.

    A 200 with a web page is some proxy's.
    """
    page = answer.headers.get("content-type", "").lower().startswith("text/html")
    return answer.status == 202 or (answer.status == 200 and not page)


def reference(answer: Answer) -> str:
    """X-Message-Id: one for each request, the beginning of its events' sg_message_id. Empty when there is none."""
    given = answer.headers.get("x-message-id", "")
    return given if REFERENCE.fullmatch(given) else ""


def at_fault(answer: Answer, people: int) -> set[int]:
    """Whose addresses alone made SendGrid refuse the request, by their place in it; empty when it is anything else."""
    places = [RECIPIENT.fullmatch(fault.field or "") for fault in _faults(answer)] if answer.status == 400 else []
    named = {int(place[1]) for place in places if place}
    return named if all(places) and all(place < people for place in named) else set()


REFUSALS = {
    400: (
        "SendGrid refuses the whole request of {people} notices (400){fields}.",
        f"Correct what it names, in the letters or in the mailer's block; {RUN_AGAIN}",
    ),
    401: (
        "SendGrid does not know the API key (401).",
        f"Put a valid key of the right region into the mailer's block, {RUN_AGAIN}",
    ),
    403: (
        "SendGrid does not let this key send from this sender (403).",
        f"Give the key the scope mail.send and verify the sender's address there, {RUN_AGAIN}",
    ),
    413: (
        "The request of {people} notices is too large for SendGrid (413).",
        "Send fewer people in one chunk, or shorten the letter; then approve the new plan.",
    ),
} | dict.fromkeys(
    (404, 405, 415),
    (
        "What answers in place of SendGrid does not know the request ({status}).",
        f"Check the region in the mailer's block and the way out of this network, {RUN_AGAIN}",
    ),
)
"""Status -> what happened, what to do. All of them refuse a whole request before taking any of it."""
OUT_OF_CREDITS = ("The credits of the SendGrid account are used up (401).", f"Add some, {RUN_AGAIN}")


def refusal(answer: Answer, people: int, attempt_id: str, now: datetime) -> BreachError:
    """The error that an answer other than `taken` means."""
    nothing = f"Nothing of {attempt_id} was taken."
    if answer.status == 429:
        wait = _wait(answer, now)
        next_step = f"Wait {wait} seconds, {RUN_AGAIN}" if wait else f"Wait a minute, {RUN_AGAIN}"
        return MailerBusy("SendGrid takes no more requests at the moment (429).", nothing, next_step)
    if answer.status not in REFUSALS:
        return unanswered(f"status {answer.status}", people, attempt_id)
    # 401 has two meanings, and its sentence alone tells them apart.
    spent = answer.status == 401 and any("credits exceeded" in (one.message or "").lower() for one in _faults(answer))
    happened, next_step = OUT_OF_CREDITS if spent else REFUSALS[answer.status]
    said = happened.format(people=people, status=answer.status, fields=_named_fields(answer))
    return MailerRefused(said, nothing, next_step)


def unanswered(kind: str, people: int, attempt_id: str) -> OutcomeUnknown:
    """No answer that says whether the request was taken: a timeout, a broken connection, a 5xx."""
    return OutcomeUnknown(
        f"SendGrid did not say whether it took {people} notices ({kind}).",
        f"The outcome of {attempt_id} is unknown; nothing is sent again by itself.",
        "Run the wave again: it settles the chunk by evidence, or lists it for a human.",
    )


def unsent(kind: str, attempt_id: str) -> MailerBusy:
    """No connection came about."""
    return MailerBusy(
        f"SendGrid could not be reached ({kind}).",
        f"Nothing of {attempt_id} left this machine.",
        f"Check the way out of this network, {RUN_AGAIN}",
    )


def too_large(attempt_id: str) -> MailerRefused:
    """More bytes than SendGrid takes in one request."""
    return MailerRefused(
        "The request is larger than the 30 megabytes that SendGrid takes.",
        f"Nothing of {attempt_id} left this machine.",
        "Send fewer people in one chunk, or shorten the letter; then approve the new plan.",
    )


def _faults(answer: Answer) -> list[Fault]:
    """None when the body is not what SendGrid writes: a 413 comes as HTML, a proxy's page as anything."""
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.json.decode(answer.body, type=Faults).errors
    return []


def _named_fields(answer: Answer) -> str:
    """Which known parts of the request are named, without places or values."""
    named = {(fault.field or "").partition(".")[0] for fault in _faults(answer)} & FIELDS
    return f", naming: {', '.join(sorted(named))}" if named else ""


def _wait(answer: Answer, now: datetime) -> int:
    """Seconds until it may be tried again, by whichever header says longer; 0 when none can be read."""
    waits = [_seconds(answer.headers.get(name, ""), now) for name in ("x-ratelimit-reset", "retry-after")]
    return min(math.ceil(max(waits)), LONGEST_WAIT)


def _seconds(given: str, now: datetime) -> float:
    if re.fullmatch(r"\d{1,12}", given.strip(), re.ASCII):
        number = int(given)
        return max(0.0, number - now.timestamp()) if number > EPOCHS_FROM else float(number)
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(given) - now).total_seconds())
    return 0.0
