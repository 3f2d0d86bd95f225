"""Facts in the reader's language: everything a letter may say, and nothing else."""

import unicodedata
from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date
from babel.lists import format_list

from breach.errors import NoticeRefused
from breach.notices.engine import Value
from schemas.incident import Cause, Certainty, Facts, Locale, Ongoing, OwnWords
from schemas.notice import Measure, Sender, UpdateText, UpdateWords
from schemas.recipients import Residence

REGIONS = {Locale.EN: "en_GB"}
"""How dates are written where the bare language would mean American ones; day before month is misread by nobody."""

CAUSES = {Cause.PLATFORM: "platform", Cause.MEMBER: "member", Cause.UNKNOWN: "unknown"}
ONGOING = {Ongoing.YES: "yes", Ongoing.NO: "no", Ongoing.UNKNOWN: "unknown"}
PROFILES = {"yes": "yes", "no": "no", "not known": "unknown"}


def sender_context(sender: Sender) -> dict[str, Value]:
    """Who writes, and where an answer is read."""
    return {
        "org": one_line(sender.name),
        "contact_address": sender.contact,
        "replies_are_read": sender.replies_are_read,
        "phone": sender.phone,
        "postal": one_line(sender.postal),
    }


def notice_context(
    facts: Facts, locale: Locale, residence: Residence, measures: Collection[Measure]
) -> dict[str, Value]:
    """What a notice of this variant says. Raises NoticeRefused when the organisation's time zone is not one."""
    incident = facts.incident
    own = _own_words(incident.own_words, locale, residence)

    def day(moment: datetime) -> str:
        return local_day(facts, moment, locale, residence)

    return {
        "platform": one_line(incident.platform),
        "provider": one_line(incident.provider),
        "cause": CAUSES[incident.cause],
        "confirmed": incident.certainty is Certainty.CONFIRMED,
        "ongoing": ONGOING[incident.ongoing],
        "span_known": incident.span_known,
        "leak_from": day(incident.leak_from),
        "leak_until": day(incident.leak_until),
        "aware_on": day(incident.aware_at),
        "written_on": day(facts.recorded_at),
        "areas": format_list([one_line(area) for area in incident.areas], locale=_babel(locale, residence)),
        "area_count": len(incident.areas),
        "profiles": PROFILES[incident.profiles_exposed],
        "own": {
            "what_happened": paragraphs(own.what_happened),
            "what_we_have_done": paragraphs(own.what_we_have_done),
            "what_the_platform_is_doing": paragraphs(own.what_the_platform_is_doing),
        },
        "measures": [measure.value for measure in measures],
        "update_days": incident.sending.update_after_days,
        "update_count": incident.sending.updates,
    }


def update_context(update: UpdateText, locale: Locale, residence: Residence) -> dict[str, Value]:
    """What an update of this variant says. News in another language is shown rather than held back."""
    words = words_for(update, locale)
    withheld = words is not None and residence is Residence.US_MA
    shown = None if withheld else words
    return {
        "number": update.number,
        "new": paragraphs(shown.what_is_new) if shown else [],
        "to_do": paragraphs(shown.what_to_do) if shown else [],
        "foreign": shown is not None and shown.locale is not locale,
        "said_in": shown.locale.value if shown else locale.value,
        "withheld": withheld,
        "next_update_on": local_date(update.next_update_on, locale, residence) if update.next_update_on else "",
        "written_on": local_date(update.written_on, locale, residence),
    }


def local_day(facts: Facts, moment: datetime, locale: Locale, residence: Residence) -> str:
    """The date of a moment where the organisation is. Raises NoticeRefused when its time zone is not one."""
    zone = _zone(facts.incident.organisation.time_zone)
    return local_date(moment.astimezone(zone).date(), locale, residence)


def words_for(update: UpdateText, locale: Locale) -> UpdateWords | None:
    """The words in this language, else in whichever there is; None when there is nothing new to tell."""
    by_locale = {words.locale: words for words in update.words}
    return by_locale.get(locale) or next(iter(update.words), None)


def local_date(day: date, locale: Locale, residence: Residence) -> str:
    """Such as '8 November 2026', '8. November 2026', or 'November 8, 2026' for readers in the United States."""
    return format_date(day, format="long", locale=_babel(locale, residence))


def paragraphs(text: str) -> list[str]:
    """Free text as paragraphs: parted at empty lines, without invisible characters."""
    parts = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    return [clean for clean in (one_line(part) for part in parts) if clean]


def one_line(text: str) -> str:
    """One line without control, bidi or other invisible characters: it may stand in a subject."""
    kept = (" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in text)
    return " ".join("".join(char for char in kept if unicodedata.category(char) not in {"Cf", "Cs"}).split())


def _own_words(all_words: Collection[OwnWords], locale: Locale, residence: Residence) -> OwnWords:
    """In the reader's language only; none for Massachusetts, where they could describe the nature of the breach."""
    empty = OwnWords(locale=locale)
    if residence is Residence.US_MA:
        return empty
    return next((words for words in all_words if words.locale is locale), empty)


def _babel(locale: Locale, residence: Residence) -> str:
    american = locale is Locale.EN and residence is not Residence.DEFAULT
    return "en_US" if american else REGIONS.get(locale, locale.value)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NoticeRefused(
            f"The organisation's time zone {name!r} is not a known one.",
            "No notice was written; nothing was sent.",
            "Record it again as an IANA name, such as Europe/Berlin.",
        ) from None
