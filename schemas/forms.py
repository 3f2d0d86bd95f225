"""What the Prefect UI shows as forms: one model per flow, in the order and words of the people who fill them in.

Everything typed here is stored in the run history in clear. Free text therefore refuses the @ sign,
and secrets are never asked for except one-time codes.
"""

import re
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from schemas.base import BlockRef, CaseId, StaffId
from schemas.facts import FactName, PaperName
from schemas.incident import (
    Answer,
    Cause,
    Certainty,
    CountryCode,
    LearnedHow,
    Line,
    Locale,
    Mode,
    Ongoing,
    Role,
    Text,
)
from schemas.law_facts import ContractKind, Sector

UNKNOWN = Answer.UNKNOWN
NO_ADDRESSES = "No @ here: this text is kept in the run history, where no address may go."
TIME_OR_EMPTY = r"^$|^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$"


def _written_out(value: object) -> object:
    """A bare number is no date: pydantic would read 2026 as 33 minutes past midnight on 1 January 1970."""
    if isinstance(value, int | float) or (isinstance(value, str) and not re.match(r"\d{4}-\d{2}-\d{2}", value)):
        raise ValueError("a time is written as 2026-11-08T06:00+01:00")
    return value


FormTime = Annotated[AwareDatetime, BeforeValidator(_written_out)]
"""A moment with its zone, as the form's date picker or a person writes it."""


class Form(BaseModel):
    """A form, or a card on one: closed, and silent about what was typed when it refuses."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)


def _ask(position: int, label: str, hint: str, **rules: Any) -> Any:
    """A field with its place, its label and its help line. Rules are pydantic's own.

    A card has an empty help line: the form then shows the docstring of the card's own model.
    """
    return Field(title=label, description=hint or None, json_schema_extra={"position": position}, **rules)


ask = _ask
"""For the forms of other files."""


class WhatHappened(Form):
    """What happened, as far as you know now. Nothing here needs to be perfect; facts can be added later."""

    in_one_line: Line = _ask(1, "What happened, in one line", f"For the record. {NO_ADDRESSES}", min_length=10)
    platform: Line = _ask(
        2, "Platform", "The software the community lives on, such as 'Discourse (hosted)'.", min_length=2
    )
    provider: Line = _ask(3, "Provider", "The company behind the platform.", min_length=2)
    learned_how: LearnedHow = _ask(4, "How did you learn of it?", "Law asks for this.")
    cause: Cause = _ask(5, "Who caused it?", "'Not yet known' is a good answer in the first hour.")
    certainty: Certainty = _ask(
        6, "How certain is it?", "A suspicion takes the same way and can be closed at the first gate."
    )
    ongoing: Ongoing = _ask(7, "Is data still reachable?", "If you do not know, say so.")


class When(Form):
    """The clocks. Choose the zone in which you write the times."""

    aware_at: FormTime = _ask(1, "When did you become aware?", "Date, time and zone. Most legal clocks start here.")
    platform_aware_at: Annotated[str, Field(pattern=TIME_OR_EMPTY)] = _ask(
        2, "When did the platform itself know?", "Such as 2026-11-08T06:00+01:00. Leave empty if unknown.", default=""
    )
    span_known: bool = _ask(3, "The time span of the leak is known", "Off: everything ever written counts as reached.")
    leak_from: FormTime = _ask(4, "Data was reachable from", "If unknown: any date; it is not used then.")
    leak_until: FormTime = _ask(5, "… until", "If it is still going on: now.")


class Reach(Form):
    """What was reached, and the exports that show who lost what. Put the export files into the inbox first."""

    areas: list[Line] = _ask(1, "Areas", "Slugs of channels, categories or rooms. Empty: not known, so all of them.")
    profiles_exposed: Answer = _ask(
        2, "Were member records reachable?", "Profiles or an export file. 'Not known' counts as yes."
    )
    roster_export: Line = _ask(
        3, "Member list", "File name in the inbox, such as members.csv, or s3://bucket/key.", min_length=1
    )
    content_exports: list[Line] = _ask(
        4, "Message exports", "File names in the inbox, one a line. A name that ends in / is everything below it."
    )
    platform_connection: BlockRef = _ask(
        5,
        "Platform connection",
        "The block that closes areas, such as manual-checklist/default.",
        default="manual-checklist/default",
    )
    sensitive_areas: list[Line] = _ask(
        6,
        "Sensitive areas",
        "One a line, such as support-group=health: whoever wrote there counts with it. Categories: health, belief, "
        "politics, sexuality, ethnicity, union, biometric, genetic. Messages themselves are not searched for these.",
        default=[],
    )


class MoreExactly(Form):
    """Only if somebody knows more exactly what was reached. Left as it is, everything counts."""

    posts: Answer = _ask(1, "Were posts readable?", "Of the areas named above.", default=Answer.YES)
    direct_messages: Answer = _ask(
        2, "Were direct messages readable?", "'Not known' counts as yes, in any area.", default=Answer.UNKNOWN
    )
    attachments: Answer = _ask(
        3, "Were uploaded files readable?", "They are counted, not read.", default=Answer.UNKNOWN
    )
    message_ids: Line = _ask(4, "Message ids", "File in the inbox, one id a line. Never ids here.", default="")
    member_ids: Line = _ask(5, "Member ids", "File in the inbox: whose member records were reached.", default="")
    attachment_ids: Line = _ask(6, "Attachment ids", "File in the inbox, one id a line.", default="")
    members_expected: int = _ask(
        7,
        "How many members do you have?",
        "About. The member list is checked against it. 0: not known.",
        ge=0,
        default=0,
    )


class WhoWeAre(Form):
    """Facts about your organisation that law needs."""

    name: Line = _ask(1, "Name", "As members know it.", min_length=2)
    established_in: CountryCode = _ask(2, "Established in", "Country code, such as DE, GB or US-CA.")
    role: Role = _ask(3, "Your role", "Most communities are controllers.")
    turnover_over_aud_3m: Answer = _ask(4, "Turnover above 3 million Australian dollars?", "Asked for Australian law.")
    time_zone: Line = _ask(5, "Time zone", "Such as Europe/Berlin. Local deadlines end by it.", default="UTC")
    promises: list[Line] = _ask(6, "Promises", f"Contracts or policies that promise notice. {NO_ADDRESSES}", default=[])
    lead: StaffId = _ask(7, "Who leads?", "Short name as enrolled by 'breach approvers add'.")


class ContractCard(Form):
    """A contract or a policy that promises notice."""

    kind: ContractKind = _ask(1, "Kind", "What kind of promise it is.")
    recipient: Line = _ask(2, "Promised to", f"An organisation. {NO_ADDRESSES}", min_length=3)
    clause: Line = _ask(3, "Clause", "Such as 'clause 7.2'.", min_length=3)
    hours: int = _ask(4, "Hours", "0: the clause names no number.", ge=0, le=8784, default=0)


class LawCard(Form):
    """What changes duties early. All of it may stay as it is: 'not known' is said aloud, and falls to the safe side."""

    attack: Answer = _ask(1, "Did somebody break in?", "An attack from outside, suspected ones too.", default=UNKNOWN)
    small_agent: Answer = _ask(2, "A small processing agent?", "Asked for Brazilian law.", default=UNKNOWN)
    sectors: list[Sector] = _ask(3, "Lines of business", "Those that are yours.", default=[])
    sectors_known: bool = _ask(
        4, "I have read that list", "On: what is not chosen does not apply. Off: nobody has said so yet.", default=False
    )
    hold_since: Annotated[str, Field(pattern=TIME_OR_EMPTY)] = _ask(
        5, "Law enforcement asks for silence since", "Such as 2026-11-08T06:00+01:00. Empty: nobody has.", default=""
    )
    hold_agency: Line = _ask(6, "Who asked for silence", "The agency; needed with the time.", default="")
    contracts: list[ContractCard] = _ask(7, "Contracts", "Promises of notice, one card each.", default=[])
    lead_told_hours: int = _ask(8, "Lead told within", "Hours. A target of your own.", ge=1, le=720, default=1)
    severity_hours: int = _ask(9, "Severity judged within", "Hours. A target of your own.", ge=1, le=720, default=2)
    decision_hours: int = _ask(10, "Decided within", "Hours. A target of your own.", ge=1, le=720, default=24)
    asap_hours: int = _ask(11, "'As soon as possible' is", "Hours. A target of your own.", ge=1, le=720, default=72)
    stale_after_days: int = _ask(12, "Rules age after", "Days; older ones ask counsel.", ge=1, le=3650, default=365)


class Words(Form):
    """Your own sentences in one language. Members who read another language do not see them."""

    locale: Locale = _ask(1, "Language", "The language of these sentences.")
    what_happened: Text = _ask(2, "What happened", f"Two sentences. {NO_ADDRESSES}", default="")
    what_we_have_done: Text = _ask(3, "What we have done", "Only what is true now.", default="")
    what_the_platform_is_doing: Text = _ask(4, "What the platform is doing", "Only what they told you.", default="")


class Sending(Form):
    """How the approved notices go out."""

    canary_size: int = _ask(1, "First group", "How many members are told first.", ge=1, le=1000, default=25)
    chunk_size: int = _ask(2, "Recipients a request", "At most 1,000.", ge=1, le=1000, default=500)
    observe_minutes: int = _ask(
        3, "Minutes between waves", "Time to look before the next wave.", ge=0, le=1440, default=30
    )
    update_after_days: int = _ask(4, "Days between updates", "A promised rhythm.", ge=1, le=60, default=7)
    updates: int = _ask(5, "How many updates", "The series ends by itself.", ge=1, le=26, default=4)


class RespondForm(Form):
    """Everything needed to open a case, or to continue one by its name."""

    case_id: CaseId = _ask(1, "Case", "6 to 60 of a-z, 0-9 and -. An existing case is continued.")
    mode: Mode = _ask(
        2, "Mode", "A rehearsal has its own members' store, ledger and approvers.", default=Mode.REHEARSAL
    )
    happened: WhatHappened = _ask(3, "What happened", "")
    when: When = _ask(4, "When", "")
    reach: Reach = _ask(5, "What was reached", "")
    organisation: WhoWeAre = _ask(6, "Who you are", "")
    own_words: list[Words] = _ask(7, "In your own words", "One card a language; may stay empty.", default=[])
    sending: Sending = _ask(8, "Sending", "", default=Sending())
    law: LawCard = _ask(9, "What law asks first", "", default=LawCard())
    exactly: MoreExactly = _ask(10, "What was reached, more exactly", "", default=MoreExactly())
    separate: bool = _ask(
        11,
        "This is another incident",
        "Only when you were asked: an open case covers the same platform and dates, and this one is still another.",
        default=False,
    )


class CaseForm(Form):
    """A case that is open already."""

    case_id: CaseId = _ask(1, "Case", "The name chosen when it was opened.")
    mode: Mode = _ask(2, "Mode", "Where the case lives.", default=Mode.REHEARSAL)


class FactForm(Form):
    """One new fact. Everything that depends on it is computed again; an approval it touches is void."""

    case_id: CaseId = _ask(1, "Case", "The name chosen when it was opened.")
    mode: Mode = _ask(2, "Mode", "Where the case lives.", default=Mode.REHEARSAL)
    fact: FactName = _ask(3, "Which fact", "What has become known.")
    value: Line = _ask(
        4,
        "What is it now?",
        f"Areas: separated by commas. Times: 2026-11-08T06:00+01:00. Span not known before: from/until. {NO_ADDRESSES}",
    )
    recorded_by: StaffId = _ask(5, "Who says so", "Your short name.")
    source: Line = _ask(
        6, "Where it comes from", f"Such as 'letter of the provider of 9 November'. {NO_ADDRESSES}", min_length=3
    )
    triggering_event: Line = _ask(
        7,
        "What was the triggering event?",
        "Only when awareness is set later, or after another event: what made you aware?",
        default="",
    )


class News(Form):
    """What is new, in one language."""

    locale: Locale = _ask(1, "Language", "The language of these sentences.")
    what_is_new: Text = _ask(2, "What is new", NO_ADDRESSES, min_length=1)
    what_to_do: Text = _ask(3, "What members should do", NO_ADDRESSES, default="")


class UpdateForm(Form):
    """A follow-up to exactly the people told before."""

    case_id: CaseId = _ask(1, "Case", "The name chosen when it was opened.")
    mode: Mode = _ask(2, "Mode", "Where the case lives.", default=Mode.REHEARSAL)
    number: int = _ask(
        3, "Number of the update", "1 for the first; the schedule fills it in. 0: the next one.", ge=0, le=999
    )
    news: list[News] = _ask(
        4, "News", "One card a language; empty says truthfully that there is nothing new.", default=[]
    )


class HaltForm(Form):
    """Stop the line. Takes effect before the next chunk."""

    case_id: CaseId = _ask(1, "Case", "The case whose sending must stop. No mode is asked: the name says which.")
    by: StaffId = _ask(2, "Who stops it", "Your short name.")
    reason: Line = _ask(3, "Why", f"One line. {NO_ADDRESSES}", min_length=3)


class WordsForm(Form):
    """Your own sentences in the notices, written anew. They replace all that were there before."""

    case_id: CaseId = _ask(1, "Case", "The name chosen when it was opened.")
    mode: Mode = _ask(2, "Mode", "Where the case lives.", default=Mode.REHEARSAL)
    own_words: list[Words] = _ask(3, "In your own words", "One card a language. None: the templates' sentences alone.")
    recorded_by: StaffId = _ask(4, "Who writes", "Your short name.")
    source: Line = _ask(5, "Why", f"Such as 'asked for at the first gate'. {NO_ADDRESSES}", min_length=3)


class MappingForm(Form):
    """What columns of the member list hold, where the proposal is wrong. It replaces all corrections before."""

    case_id: CaseId = _ask(1, "Case", "The name chosen when it was opened.")
    mode: Mode = _ask(2, "Mode", "Where the case lives.", default=Mode.REHEARSAL)
    columns: list[Line] = _ask(
        3, "Corrections", "One a line: header = what it holds, such as 'Wohnland = country'. None: as proposed."
    )
    recorded_by: StaffId = _ask(4, "Who says so", "Your short name.")
    source: Line = _ask(5, "Why", f"Such as 'the columns artifact is wrong'. {NO_ADDRESSES}", min_length=3)


WebAddress = Annotated[str, Field(pattern=r"^https?://[^@\s]+$", max_length=1000)]
"""A web address without a login in it; it is kept in the run history."""


class ProbeForm(Form):
    """Look, as a stranger, whether addresses that were open still are. Nothing is changed there."""

    case_id: CaseId = _ask(1, "Case", "The name chosen when it was opened.")
    mode: Mode = _ask(2, "Mode", "A rehearsal asks nobody outside this machine.", default=Mode.REHEARSAL)
    urls: list[WebAddress] = _ask(
        3,
        "Addresses",
        "One a line, such as https://forum.example/c/night-watch. None that names a member.",
        min_length=1,
    )
    every_hours: int = _ask(4, "Again every so many hours", "0: only now.", ge=0, le=168, default=0)
    times: int = _ask(5, "How many times more", "The series ends by itself.", ge=1, le=500, default=28)
    by: StaffId = _ask(6, "Who asks", "Your short name.")


class CloseForm(Form):
    """The end of a case."""

    case_id: CaseId = _ask(1, "Case", "The name chosen when it was opened.")
    mode: Mode = _ask(2, "Mode", "Where the case lives.", default=Mode.REHEARSAL)
    by: StaffId = _ask(3, "Who closes it", "Your short name.")
    reason: Line = _ask(4, "Why now", f"One line. {NO_ADDRESSES}", min_length=3)


class TickForm(Form):
    """Tick off a paper that was sent by hand."""

    case_id: CaseId = _ask(1, "Case", "The name chosen when it was opened.")
    mode: Mode = _ask(2, "Mode", "Where the case lives.", default=Mode.REHEARSAL)
    paper: PaperName = _ask(3, "Which paper", "Which one has been sent.")
    by: StaffId = _ask(4, "Who sent it", "Your short name.")
    on: FormTime = _ask(5, "When", "Date, time and zone.")
