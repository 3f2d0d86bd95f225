"""What is tried with SendGrid before a case depends on it: the key, its scopes, one request into the sandbox."""

from typing import Protocol

import msgspec

from blocks.sendgrid.answer import Answer, NoAnswer, NotSent
from blocks.sendgrid.mail import Poster, SendGridMail
from breach.checks import Check
from breach.errors import BreachError
from breach.mail import Addressee, Letter
from breach.sending.envelope import Sender
from breach.sending.sender import OutcomeUnknown

NEEDED = "mail.send"
NOBODY = Addressee("a" * 26, "nobody@breach-doctor.invalid", "", {})
"""A reserved domain (RFC 2606), and the sandbox sends nothing anyway."""
LETTER = Letter("A check of the sandbox", "<p>Nobody receives this.</p>\n", "Nobody receives this.\n", "check")


class Asked(Poster, Protocol):
    """A client that can also be asked what its key may do."""

    def scopes(self) -> Answer:
        """GET /v3/scopes. Raises NotSent or NoAnswer."""
        ...


class Scopes(msgspec.Struct):
    """The body of the answer to GET /v3/scopes."""

    scopes: list[str]


class SandboxChecks:
    """The checks of one key; each is one sentence, in which no key and no answer is quoted."""

    def __init__(self, client: Asked, sender: Sender) -> None:
        """Sender: as notices have it. It must be verified at SendGrid for real sending; the sandbox does not look."""
        self._client, self._sender = client, sender

    def run(self) -> tuple[Check, ...]:
        """Key, scope, sandbox, in the order in which they need each other; the first failure is the last line."""
        key, scopes = self._key()
        if not key.ok:
            return (key,)
        if NEEDED not in scopes:
            what = f"The key lacks the scope {NEEDED}. Make one that has it and nothing else, and name it in the block."
            return key, Check("scope", False, what)
        more = sum(one.startswith(("mail.", "api_keys.", "user.", "teammates.")) for one in scopes) - 1
        seen = f"The key has {NEEDED}" + (f", and {more} scopes more than needed." if more > 0 else ".")
        return key, Check("scope", True, seen), self._sandbox()

    def _key(self) -> tuple[Check, list[str]]:
        try:
            answer = self._client.scopes()
        except (NotSent, NoAnswer):
            what = "SendGrid was not reached. Look at the network, and at a proxy or firewall in between."
            return Check("key", False, what), []
        if answer.status != 200:
            what = f"SendGrid does not take the key (status {answer.status}). Name another key in the block."
            return Check("key", False, what), []
        try:
            held = msgspec.json.decode(answer.body, type=Scopes).scopes
        except msgspec.DecodeError:
            return Check("key", False, "What answered is not SendGrid. Look at what stands between."), []
        return Check("key", True, "SendGrid knows the key."), held

    def _sandbox(self) -> Check:
        try:
            SendGridMail(self._client, self._sender).deliver(LETTER, [NOBODY], "doctor")
        except (BreachError, OutcomeUnknown) as error:
            return Check("sandbox", False, f"A request into the sandbox was not taken. {error}")
        return Check("sandbox", True, "A request into the sandbox was taken; it reaches nobody.")
