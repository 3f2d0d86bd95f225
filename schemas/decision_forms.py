"""Forms for what a person decides about law: the severity, the conclusion on the risk, counsel's lane."""

from enum import StrEnum

from schemas.counsel import CounselStatus
from schemas.forms import NO_ADDRESSES, ask
from schemas.incident import Line, Text
from schemas.law_form import LawForm, RuleOrAll, Sentence, YesNo
from schemas.severity import SeverityChoice


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
