"""Asking as a stranger: no key, no cookie, no redirect followed, a bounded body and a bounded time."""

import ipaddress
from time import monotonic
from urllib.parse import urlsplit

import httpx

from breach.platforms.probing import Answer

LARGEST_BODY = 8 << 20
"""Bytes; enough to prove what is served, and no way to fill the store."""
SECONDS = 10.0
"""For a connection, and for each part of an answer."""
ALTOGETHER = 60.0
"""Seconds for one address: a server that sends a byte now and then is no answer."""
AGENT = "breach-response (anonymous check of a reported exposure)"


def ask(url: str, *, loopback_only: bool) -> Answer:
    """GET as a stranger. Never raises for what a server or a network does: that is what `problem` says.

    loopback_only: a rehearsal asks nobody but this machine.
    """
    host = urlsplit(url).hostname or ""
    near = is_loopback(host)
    if loopback_only and not near:
        return Answer(problem="not asked: a rehearsal asks nobody outside this machine")
    try:
        with (
            # A proxy from the environment must not swallow requests to this machine.
            httpx.Client(timeout=SECONDS, trust_env=not near, headers={"User-Agent": AGENT}) as client,
            client.stream("GET", url, follow_redirects=False) as answer,
        ):
            return _read(answer)
    except httpx.TimeoutException:
        return Answer(problem="it did not answer in time")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        return Answer(problem=f"it could not be reached ({type(error).__name__})")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name; a name that merely resolves to it is not."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(answer: httpx.Response) -> Answer:
    started, parts, size = monotonic(), [], 0
    cut = False
    for part in answer.iter_bytes(1 << 16):
        parts.append(part[: LARGEST_BODY - size])
        size += len(parts[-1])
        if monotonic() - started > ALTOGETHER:
            return Answer(problem="it did not answer in time")
        if size >= LARGEST_BODY:
            cut = True
            break
    return Answer(answer.status_code, answer.headers.get("location", ""), b"".join(parts), cut)
