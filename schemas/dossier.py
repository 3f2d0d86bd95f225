"""The dossier: what it is built from, and the manifest that seals it. Ids, counts, tokens; no value of a member."""

from pydantic import Field

from schemas.base import CaseId, Digest, Record, StaffId, Token, ZonedTime
from schemas.chronology import Entry
from schemas.conclusion import Concluded
from schemas.containment import ActionRecord, LiftRecord
from schemas.counsel import CounselRecord
from schemas.evidence import Custody
from schemas.exposure import ExposureSummary
from schemas.filing import FilingStory
from schemas.gate import Gate, Verdict
from schemas.incident import Facts, Line, Locale, Mode
from schemas.law import DutyChanges, DutyList
from schemas.notice import NoticeManifest
from schemas.receipt import Receipt
from schemas.recipients import Books, ListManifest
from schemas.sending import SendPlan
from schemas.severity import SeverityRecord

FORMAT = 1
"""Version of the folder's layout; a verifier refuses one it does not know."""


class NoticeText(Record):
    """One variant as members read it, with the values of an invented person."""

    variant: str = Field(pattern=r"^[a-z0-9-]+$")
    locale: Locale
    subject: str
    text: str = Field(description="The plain-text part.")
    html: str = Field(description="The HTML part; kept in the records, never put into the page as markup.")


class MessageRecord(Record):
    """Everything about one message: the notice, or one of the updates."""

    message: str = Field(pattern=r"^[a-z0-9-]+$", description="'notice' or 'update-001'.")
    recipients: ListManifest | None = Field(default=None, description="None: no list was frozen for it.")
    notices: NoticeManifest | None = None
    texts: tuple[NoticeText, ...] = ()
    plan: SendPlan | None = None
    books: Books | None = None


class OutcomeRow(Record):
    """What became of one notice."""

    token: Token
    message: str
    wave: str = Field(description="Name of the wave.")
    state: str = Field(description="Accepted, delivered, bounced, in doubt…, as the ledger and the events say.")
    members: int = Field(default=1, ge=0, description="Members it tells; 0 for a copy to the staff.")


class ApprovalRecord(Record):
    """One decision at a gate, also one that became void."""

    message: str = Field(default="", description="Which message it was about; empty: told by the basis alone.")
    gate: Gate
    approver: StaffId
    verdict: Verdict
    reason: Line
    basis: Digest = Field(description="Hash over exactly what was approved.")
    at: ZonedTime
    void: str = Field(default="", description="Why it does not count any more; empty while it does.")


class AttemptRecord(Record):
    """One answer at a gate that did not become a decision."""

    gate: str
    basis: Digest
    n: int = Field(ge=0, description="Number of the answer to this question.")
    outcome: str = Field(description="Why it was refused.")
    at: ZonedTime


class HaltRecord(Record):
    """One stop of the line."""

    at: ZonedTime
    by: str
    reason: str = ""
    lifted_at: ZonedTime | None = None
    lifted_by: str = ""
    lift_reason: str = ""


class PaperRecord(Record):
    """A first-hour paper."""

    title: str
    body: str = Field(description="Markdown.")
    sent_at: ZonedTime | None = Field(default=None, description="None: nobody has said that it was sent.")
    sent_by: str = ""


class StateRecord(Record):
    """One state of a run."""

    at: ZonedTime
    name: str
    message: str = ""


class LogRecord(Record):
    """One line of a run's log."""

    at: ZonedTime
    level: str
    message: str
    task: str = Field(default="", description="Name of the task run; empty for the flow itself.")


class ArtifactRecord(Record):
    """One artifact of a run."""

    key: str
    kind: str
    body: str
    description: str = ""
    at: ZonedTime


class TaskRecord(Record):
    """One task run."""

    task_run_id: str
    name: str
    states: tuple[StateRecord, ...]


class RunRecord(Record):
    """One flow run, exported after it had settled."""

    run_id: str
    name: str
    flow: str
    deployment: str = ""
    tags: tuple[str, ...] = ()
    settled: bool = Field(description="False: it was still at work; its history here is incomplete.")
    states: tuple[StateRecord, ...]
    tasks: tuple[TaskRecord, ...] = ()
    logs: tuple[LogRecord, ...] = ()
    artifacts: tuple[ArtifactRecord, ...] = ()


class DossierSources(Record):
    """All a dossier is made of. Empty means that there is none, and the page says so."""

    facts: tuple[Facts, ...] = Field(min_length=1, description="Every revision, oldest first.")
    receipts: dict[str, Receipt] = Field(default_factory=dict, description="Current ones, as in current.json.")
    exposure: ExposureSummary | None = None
    heatmap: str = Field(default="", description="The exposure as an SVG; empty: no assessment.")
    duties: DutyList | None = None
    changes: tuple[DutyChanges, ...] = Field(default=(), description="What each new fact changed in the duties.")
    severity: SeverityRecord | None = None
    conclusions: tuple[Concluded, ...] = Field(default=(), description="On the risk; also those not to notify.")
    counsel: tuple[CounselRecord, ...] = Field(default=(), description="Questions and their state. Never advice.")
    clock_sheet: str = Field(default="", description="The plain sheet of running clocks (clocks.txt).")
    alarms: str = Field(default="", description="The same as a calendar that rings (alarms.ics).")
    messages: tuple[MessageRecord, ...] = ()
    outcomes: tuple[OutcomeRow, ...] = ()
    approvals: tuple[ApprovalRecord, ...] = ()
    attempts: tuple[AttemptRecord, ...] = Field(default=(), description="Answers at gates that did not count.")
    halts: tuple[HaltRecord, ...] = ()
    chronology: tuple[Entry, ...] = ()
    containment: tuple[ActionRecord, ...] = Field(default=(), description="Settled actions, in the plan's order.")
    lifted: tuple[LiftRecord, ...] = Field(default=(), description="Actions taken back, or left.")
    papers: tuple[PaperRecord, ...] = ()
    filings: tuple[FilingStory, ...] = Field(default=(), description="Reports to authorities, most urgent first.")
    custody: tuple[Custody, ...] = ()
    runs: tuple[RunRecord, ...] = ()
    unknowns: tuple[str, ...] = Field(default=(), description="What else is not known, a sentence each.")


class FileSeal(Record):
    """One file of the dossier."""

    path: str
    size: int = Field(ge=0, description="Bytes.")
    sha256: Digest


class ChainHead(Record):
    """The last entry of the chronology."""

    n: int = Field(ge=0)
    digest: Digest


class DossierManifest(Record):
    """manifest.json: the file is exactly this record's canonical JSON; its SHA-256 is the digest of the dossier."""

    format: int = FORMAT
    case_id: CaseId
    mode: Mode
    number: int = Field(ge=1)
    as_of: ZonedTime
    chronology: ChainHead
    files: tuple[FileSeal, ...] = Field(description="Every file but manifest.json, sorted by path.")
