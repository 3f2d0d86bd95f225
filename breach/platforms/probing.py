"""Whether something that was open still is, judged by what a stranger gets. No answer is never a sign of mending."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from breach.digest import digest_bytes
from breach.errors import BadInput
from schemas.probing import Look, Standing

REFUSED = frozenset({401, 403, 404, 410, 451})
"""Statuses by which a server says that a stranger does not get it, or that it is not there."""
MOVED = frozenset({301, 302, 303, 307, 308})
_SIGN_IN = re.compile(r"log-?in|sign-?in|/auth|/sso|/session", re.IGNORECASE)
_ASKS_PASSWORD = re.compile(rb"<input[^>]{0,200}type\s*=\s*[\"']?password", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. The body may hold members' data and is in no repr."""

    status: int = 0
    """HTTP status; 0: no answer."""
    location: str = field(default="", repr=False)
    body: bytes = field(default=b"", repr=False)
    cut: bool = False
    problem: str = ""
    """Why there was no answer, in our words."""


def check_address(url: str, number: int) -> str:
    """The address. Raises BadInput, naming it by its number, when it is no plain web address."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.username or parts.password)
        _ = parts.port  # an impossible one raises
    except ValueError:
        usable = False
    if not usable:
        raise BadInput(
            f"Address {number} is not a web address.",
            "Nothing was asked.",
            "Write it as a browser shows it, beginning with https:// and without a login in it.",
        )
    return url.strip()


def judge(answer: Answer, was_open: bool) -> tuple[Standing, str]:
    """What an answer means, and why. was_open: an earlier look has found it open."""
    if not answer.status:
        return Standing.UNKNOWN, answer.problem or "there was no answer"
    if answer.status in REFUSED:
        since = "" if was_open else "; it was never seen open from here"
        return Standing.FIXED, f"a stranger is refused with {answer.status}{since}"
    if answer.status in MOVED:
        sent = bool(_SIGN_IN.search(urlsplit(answer.location).path))
        told = "a stranger is sent to a page for signing in" if sent else "it leads to another address; give that one"
        return Standing.FIXED if sent else Standing.UNKNOWN, told
    if 200 <= answer.status < 300:
        return _judge_page(answer)
    return Standing.UNKNOWN, f"the server answered {answer.status}, which says nothing about this address"


def _judge_page(answer: Answer) -> tuple[Standing, str]:
    if not answer.body:
        return Standing.UNKNOWN, f"it answers {answer.status} with nothing in it"
    if _ASKS_PASSWORD.search(answer.body):
        return Standing.UNKNOWN, "it answers with a page that asks for a password; look at it"
    return Standing.ONGOING, f"a stranger gets it: {answer.status}"


def look_of(url: str, answer: Answer, at: datetime, was_open: bool) -> Look:
    """The record of one look."""
    standing, reason = judge(answer, was_open)
    return Look(
        url=url,
        at=at,
        status=answer.status,
        standing=standing,
        reason=reason,
        size=len(answer.body),
        digest=digest_bytes(answer.body) if answer.body else None,
        cut=answer.cut,
    )
