"""Forms for what law asks later: events, findings, elements, notices given, holds, contracts, counsel, conclusions."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import CaseId, StaffId
from schemas.counsel import CounselStatus
from schemas.forms import NO_ADDRESSES, TIME_OR_EMPTY, ContractCard, Form, FormTime, ask
from schemas.incident import Line, Mode, Text
from schemas.law_facts import Protection, RiskTest
from schemas.severity import SeverityChoice

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


class RiskForm(LawForm):
    """One law's own risk test, answered in a sentence. 'No' counts only when counsel agreed."""

    test: RiskTest = ask(5, "Which test", "As the duties name it. Each law has its own.")
    met: YesNo = ask(6, "Is it met?", "Article 33 and 34 GDPR: a 'no' is concluded with conclude-risk.")
    sentence: Sentence = ask(7, "Why", f"A sentence that a lawyer can check. {NO_ADDRESSES}")
    counsel_agreed: bool = ask(8, "Counsel has agreed", "Off, until they have.", default=False)


class ElementForm(LawForm):
    """Something leaked that the exports cannot show: passwords, numbers, records of health."""

    element: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,40}$")] = ask(
        5, "What leaked", "As docs/add-a-law.md names elements, such as password or health."
    )
    place: PlaceOrAll = ask(6, "Of people in", "Such as US-CA. Empty: anywhere.", default="")
    persons: int = ask(7, "Of how many people", "-1: nobody knows; up to everybody.", ge=-1, default=-1)
    protection: Protection = ask(8, "How it lay there", "Never a plain yes or no.")


class ToldForm(LawForm):
    """A notice was given under a rule, or a target of your own is met."""

    rule: Annotated[str, Field(pattern=RULE)] = ask(
        5, "Under which rule", "As the duties table names it, such as EU-GDPR-33-1. Targets begin with TARGET-."
    )
    place: PlaceOrAll = ask(
        6, "Only for", "Such as FR, when the rule asks several authorities. Empty: all.", default=""
    )
    at: FormTime = ask(7, "When", "Date, time and zone. Not later than now.")
    late_reason: Line = ask(8, "Reason for the delay", "Required when its time was over. It is filed, too.", default="")
    proof: DigestOrNone = ask(9, "Proof", PROOF, default="")


class HoldForm(LawForm):
    """Law enforcement has asked for silence, in writing."""

    since: FormTime = ask(5, "Since", "Date, time and zone.")
    until: Annotated[str, Field(pattern=TIME_OR_EMPTY)] = ask(6, "Until", "Empty: it still stands.", default="")
    agency: Line = ask(7, "Who asked", f"The agency. {NO_ADDRESSES}", min_length=3)


class ContractForm(LawForm):
    """A contract or a policy that promises notice."""

    contract: ContractCard = ask(5, "The contract", "")


class OwnerForm(LawForm):
    """Who sees to a duty, and gets its alerts."""

    rule: RuleOrAll = ask(
        5, "Which rule", "As the duties table names it. Empty: every duty without an owner.", default=""
    )
    owner: StaffId = ask(6, "Owner", "Short name. Addresses stand in a file on the worker's machine, never here.")


class AdjustForm(LawForm):
    """A person's own value for a factor of the severity, or for its level."""

    choice: SeverityChoice = ask(5, "What do you judge?", "A factor, or the level itself.")
    sentence: Sentence = ask(6, "Why", f"A sentence. {NO_ADDRESSES}")
    counsel_agreed: bool = ask(7, "Counsel has agreed", "Needed to lower what was judged or computed.", default=False)


class About(StrEnum):
    """Which conclusion is drawn."""

    AUTHORITY = "Article 33: a risk to people is not unlikely, so the authority is told"
    PEOPLE = "Article 34: the risk to people is high, so they are told"


class ConcludeForm(LawForm):
    """The conclusion under Article 33 or 34 GDPR, in writing. A proven person confirms it at a gate."""

    about: About = ask(5, "Which conclusion", "One at a time.")
    met: YesNo = ask(6, "Is it so?", "'No' means: not to notify. It is recorded as fully as a notice.")
    facts: Text = ask(7, "The facts", f"What happened, to whose data. Article 33(5). {NO_ADDRESSES}", min_length=20)
    effects: Text = ask(8, "The effects", "What it may mean for the people.", min_length=20)
    measures: Text = ask(9, "What was done", "The remedial action taken.", min_length=10)
    sentence: Sentence = ask(10, "The conclusion and why", f"One sentence. {NO_ADDRESSES}")
    counsel_agreed: bool = ask(11, "Counsel has agreed", "A 'no' takes a duty away only with counsel.", default=False)


class QuestionForm(LawForm):
    """A question for counsel. It stands in the duties and in the dossier."""

    rule: RuleOrAll = ask(5, "About which rule", "As the duties table names it. Empty: in general.", default="")
    question: Sentence = ask(6, "The question", f"One sentence. {NO_ADDRESSES}")


class AnswerForm(LawForm):
    """What became of a question. The advice itself stays out of the run history: it is a file in the inbox."""

    number: int = ask(5, "Which question", "Its number.", ge=1)
    status: CounselStatus = ask(6, "Status", "Shown in the duties and in the dossier.")
    note_file: Line = ask(
        7, "Privileged note", "File name in the inbox. Kept under law/counsel, never in the dossier.", default=""
    )
