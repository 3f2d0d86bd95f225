"""What every form about law asks, and the form for events from which a clock can start."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import CaseId, StaffId
from schemas.forms import NO_ADDRESSES, Form, FormTime, ask
from schemas.incident import Line, Mode

Sentence = Annotated[str, Field(pattern=r"^[^@\r\n]*$", min_length=10, max_length=300)]
"""One line that says something. No @, as everywhere on a form."""
RULE = r"^[A-Z]{2}[A-Z0-9-]{2,40}$"
RuleOrAll = Annotated[str, Field(pattern=rf"^$|{RULE}")]
PlaceOrAll = Annotated[str, Field(pattern=r"^$|^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
DigestOrNone = Annotated[str, Field(pattern=r"^$|^[0-9a-f]{64}$")]
PROOF = "SHA-256 of the paper that proves it, as custody shows it. May stay empty."


class YesNo(StrEnum):
    """A plain answer; there is no default, so nobody gives it by accident."""

    YES = "yes"
    NO = "no"


class EventName(StrEnum):
    """Events a legal clock can start from, in the words of the people who saw them."""

    AWARE = "we became aware"
    SUSPICION = "somebody suspected it"
    DISCOVERY = "it was discovered"
    DETECTION = "it was detected (monitoring, a log, an alarm)"
    NOTICING = "it was noticed or brought to notice"
    DISCOVERY_OR_NOTIFICATION = "somebody else told us"
    THIRD_PARTY_NOTICE = "our processor or provider told us"
    CONFIRMATION = "it was confirmed"
    INCIDENT_VERIFIED = "the incident was verified"
    REASONABLE_BELIEF = "we had good reason to believe it"
    DETERMINATION = "we determined that it is a breach"
    DETERMINATION_OR_REASON_TO_BELIEVE = "we determined it, or had reason to believe it"
    DETERMINATION_OF_HARM = "we determined that harm is likely"
    DETERMINATION_OF_MISUSE = "we determined that misuse is likely"
    AWARE_PERSONAL_DATA_AFFECTED = "we knew that personal data is affected"
    SCOPE_IDENTIFIED = "the scope was identified"
    PERSONS_IDENTIFIED = "the people were identified"
    ASSESSMENT_NOTIFIABLE = "we assessed it as notifiable"
    RISK_ASSESSED_HIGH = "we assessed the risk as high"
    CLASSIFICATION = "it was classified (financial entities)"
    MATERIALITY_DETERMINATION = "we determined that it is material (listed companies)"
    NEW_INFORMATION = "new information came in"


class LawForm(Form):
    """A fact about law: which case, who says so, and from where."""

    case_id: CaseId = ask(1, "Case", "The name chosen when it was opened.")
    mode: Mode = ask(2, "Mode", "Where the case lives.", default=Mode.REHEARSAL)
    recorded_by: StaffId = ask(3, "Who says so", "Your short name.")
    source: Line = ask(4, "Where it comes from", f"Such as 'letter of the provider'. {NO_ADDRESSES}", min_length=3)


class EventForm(LawForm):
    """Something happened from which a clock can start. The duties are decided again at once."""

    event: EventName = ask(5, "What happened", "Record each event you know of; the law picks.")
    at: FormTime = ask(6, "When", "Date, time and zone. Not later than now.")
    decided_by: StaffId = ask(7, "Who decided that it had", "Short name of the person.")
    evidence: DigestOrNone = ask(8, "Proof", PROOF, default="")
    triggering_event: Line = ask(
        9,
        "What was the triggering event?",
        "Only when this lies before your awareness: what made you aware?",
        default="",
    )
