"""The forms about reports to authorities. Free text refuses the @ sign: it is kept in the run history."""

from typing import Annotated

from pydantic import Field

from schemas.base import CaseId, StaffId
from schemas.filing import AnswerName, FilingId, Track
from schemas.forms import NO_ADDRESSES, Form, FormTime, ask
from schemas.incident import Line, Mode, Text

FilingOrEmpty = Annotated[str, Field(pattern=r"^$|^[a-z]{2,3}-[a-z0-9-]{2,60}$")]
PlaceOrEmpty = Annotated[str, Field(pattern=r"^$|^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]


class Stated(Form):
    """One answer that the case cannot know of itself."""

    what: AnswerName = ask(1, "Which answer", "What the report asks for.")
    answer: Text = ask(2, "Answer", f"Only what is true and known. {NO_ADDRESSES}", min_length=2)


class ReportForm(Form):
    """Draft a report to an authority anew and have exactly that text approved. Nothing is sent by this."""

    case_id: CaseId = ask(1, "Case", "The name chosen when it was opened.")
    mode: Mode = ask(2, "Mode", "Where the case lives.", default=Mode.REHEARSAL)
    filing: FilingOrEmpty = ask(
        3, "Which report", "Its name in the artifact 'filings'. Empty: the most urgent one not filed yet.", default=""
    )
    track: Track = ask(4, "How much at once", "A small team sends the legal minimum first.", default=Track.FULL)
    authority: PlaceOrEmpty = ask(
        5, "Which authority", "Only where several may be it, such as DE-HH for Hamburg.", default=""
    )
    answers: list[Stated] = ask(6, "Answers", "One card an answer. What was stated before still counts.", default=[])
    withdrawal: Text = ask(
        7, "Withdraw: why it was no breach", f"Only to take a filed report back. {NO_ADDRESSES}", default=""
    )
    stated_by: StaffId = ask(8, "Who states this", "Your short name.")


class FiledForm(Form):
    """A report was handed in. Put the receipt or a picture of the last page into the inbox first."""

    case_id: CaseId = ask(1, "Case", "The name chosen when it was opened.")
    mode: Mode = ask(2, "Mode", "Where the case lives.", default=Mode.REHEARSAL)
    filing: FilingId = ask(3, "Which report", "Its name in the artifact 'filings'.")
    filed_at: FormTime = ask(4, "When it was handed in", "Date, time and zone, as the receipt says.")
    reference: Line = ask(
        5, "Reference", f"The authority's number for it, or 'none given'. {NO_ADDRESSES}", min_length=2
    )
    proof: Line = ask(6, "Proof", "File name of the receipt in the inbox.", min_length=1)
    by: StaffId = ask(7, "Who handed it in", "Your short name.")
