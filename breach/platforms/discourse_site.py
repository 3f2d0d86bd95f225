"""Talking to a Discourse site: with our key, and as a stranger. Answers become records or errors with a next step.

Facts used: requests carry Api-Key and Api-Username; 429 answers JSON with `extras.wait_seconds`; while the site is
read-only every change but switching that off is refused with 503 and `error_type: read_only`; admin calls are limited
to 60 a minute over all keys.
"""

from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from breach.errors import BadInput, PlatformBusy

T = TypeVar("T")
IMITATION_HEADER = "x-platform-imitation"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
Body = dict[str, str | int | list[str] | list[dict[str, str | int]] | dict[str, int]]


class Extras(msgspec.Struct):
    """What a refusal adds."""

    wait_seconds: float = 0


class Refusal(msgspec.Struct):
    """The body of a refused request, as far as it is used."""

    error_type: str = ""
    extras: Extras = msgspec.field(default_factory=Extras)


class DiscourseSite:
    """One site and one admin key. The key is in no repr and in no message."""

    def __init__(
        self,
        base_url: str,
        key: str,
        username: str,
        *,
        is_imitation: bool = False,
        timeout_seconds: float = 10.0,
    ) -> None:
        """is_imitation is a claim: every answer must then carry the imitation's header, or nothing is done.

        Raises BadInput when the address is not one, or would send the key unencrypted over a network.
        """
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise BadInput(
                "The platform's address is not a web address.",
                "Nothing was asked.",
                "Correct it in the platform block; it looks like https://forum.example.",
            )
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise BadInput(
                "The platform's address begins with http:, so the admin key would cross the network unencrypted.",
                "Nothing was asked.",
                "Use the https address in the platform block.",
            )
        self.host = parts.hostname
        self.is_imitation = is_imitation
        # A proxy from the environment must not swallow requests to this machine.
        proxied = parts.hostname not in LOOPBACK
        self._admin = httpx.Client(
            base_url=base_url,
            headers={"Api-Key": key, "Api-Username": username, "Accept": "application/json"},
            timeout=timeout_seconds,
            trust_env=proxied,
        )
        self._stranger = httpx.Client(base_url=base_url, timeout=timeout_seconds, trust_env=proxied)

    def __repr__(self) -> str:
        """The host; the key must not reach a log."""
        return f"DiscourseSite({self.host})"

    def close(self) -> None:
        """Gives the connections back."""
        self._admin.close()
        self._stranger.close()

    def ask(self, path: str, shape: type[T]) -> T | None:
        """GET with our key; None when it is not there (404)."""
        answer = self.send("GET", path, missing_ok=True)
        return None if answer.status_code == 404 else decoded(answer, shape)

    def need(self, path: str, shape: type[T]) -> T:
        """GET with our key what must be there."""
        return decoded(self.send("GET", path), shape)

    def send(self, method: str, path: str, body: Body | None = None, *, missing_ok: bool = False) -> httpx.Response:
        """A request with our key. Raises PlatformBusy (429, 5xx, no answer) or BadInput (everything else refused)."""
        try:
            answer = self._admin.request(method, path, json=body)
        except httpx.RequestError as error:
            raise _no_answer(error) from None
        self._check(answer)
        if answer.status_code in {403, 404} and not (missing_ok and answer.status_code == 404):
            raise BadInput(
                f"The platform answered {answer.status_code} to our key ({method} {path}).",
                "This change was not made.",
                "Check in the platform block that the key is right, belongs to an administrator and has global scope.",
            )
        # A topic looked up by its external id answers with a redirect to it; elsewhere a redirect means that the
        # address is not quite the site's, and that a change was not made.
        expected = {301, 302, 404} if missing_ok else set()
        if 300 <= answer.status_code < 500 and answer.status_code not in expected:
            raise BadInput(
                f"The platform refused a request with {answer.status_code} ({method} {path}).",
                "This change was not made.",
                "Check the address in the platform block; if it is right, make the change by hand and run again.",
            )
        return answer

    def look(self, path: str) -> int:
        """The status a stranger gets, without our key, cookies or the body. Raises PlatformBusy on 429 and 5xx."""
        try:
            self._stranger.cookies.clear()
            with self._stranger.stream("GET", path) as answer:
                if answer.status_code == 429 or answer.status_code >= 500:
                    answer.read()
                self._check(answer)
                return answer.status_code
        except httpx.RequestError as error:
            raise _no_answer(error) from None

    def _check(self, answer: httpx.Response) -> None:
        if answer.status_code == 429 or answer.status_code >= 500:
            raise _busy(answer)
        if self.is_imitation and IMITATION_HEADER not in answer.headers:
            raise BadInput(
                "The platform block says that this is the local imitation, but a different server answered.",
                "Nothing was changed there.",
                "Correct the address in the block, or start the imitation.",
            )


def decoded(answer: httpx.Response, shape: type[T]) -> T:
    """The body in the shape that is needed; further fields are ignored. Raises BadInput."""
    try:
        return msgspec.json.decode(answer.content, type=shape, strict=False)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        raise BadInput(
            f"The platform's answer to {answer.request.method} {answer.request.url.path} cannot be read.",
            "Nothing was changed by this request.",
            "Check that the address is that of a Discourse site; if it is, close the areas by hand meanwhile.",
        ) from None


def _no_answer(error: httpx.RequestError) -> PlatformBusy:
    kind = "did not answer in time" if isinstance(error, httpx.TimeoutException) else "could not be reached"
    return PlatformBusy(f"The platform {kind}.", "What was done before is recorded.", "Run it again; it continues.")


def _busy(answer: httpx.Response) -> PlatformBusy | BadInput:
    try:
        refusal = msgspec.json.decode(answer.content, type=Refusal, strict=False)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        refusal = Refusal()
    if refusal.error_type == "read_only":
        return BadInput(
            "The platform is read-only and refuses every change, closing areas included.",
            "What was done before is recorded.",
            "Switch read-only off on the platform's backup page, then run the case again; it continues.",
        )
    wait = f" Wait {refusal.extras.wait_seconds:.0f} seconds." if refusal.extras.wait_seconds else ""
    return PlatformBusy(
        f"The platform answered {answer.status_code}: it is busy.{wait}",
        "What was done before is recorded.",
        "Run it again; it continues.",
    )
