"""Reports drafted from small invented incidents, in a real folder with a real ledger."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from breach.digest import digest_bytes
from breach.folder_store import FolderStore
from breach.law.catalog import load_catalog
from breach.law.decide import decide
from breach.law.filings.chapter import Drafting, draft_filings, duties_to_file
from breach.law.filings.kept import filed_of, read_filing
from breach.law.filings.known import CaseView, filing_id
from breach.law.filings.told import with_filed
from breach.ledger import Ledger, open_ledger
from breach.steps import Work
from breach.store import get_record
from schemas.containment import ContainmentResult
from schemas.exposure import ExposureSummary
from schemas.filing import Filing, FilingManifest
from schemas.incident import Case, Facts, Mode
from schemas.law import DutyList
from schemas.notice import Sender

CASE = "harbor-1"
SENDER = Sender(
    name="Harbor Watch", contact="security@harbor.example", replies_are_read=True, phone="+49 40 555", postal="Kai 1"
)
CONTAINED = ContainmentResult(
    case_id=CASE, platform="Forum", snapshot="a" * 64, plan="b" * 64, planned=2, states={}, verified=2, not_verified=()
)


class Desk:
    """One case: drafts revision after revision, as the tasks would."""

    def __init__(self, folder: Path, exposure: ExposureSummary) -> None:
        self.store = FolderStore(folder / "case")
        self.exposure = exposure
        self.address = f"sqlite:///{folder}/ledger.db"
        self.ledger: Ledger = open_ledger(self.address)
        self.late: dict[str, bool] = {}
        self.view: dict[str, object] = {}

    def duties(self, facts: Facts) -> DutyList:
        return decide(with_filed(facts, filed_of(self.store)), self.exposure, load_catalog())

    def draft(self, facts: Facts, revision: str = "") -> FilingManifest:
        """All reports of these facts; the folder's name is made from what they depend on here."""
        duties = self.duties(facts)
        view = CaseView(
            case_id=CASE,
            mode=Mode.LIVE,
            facts=facts,
            zone=ZoneInfo("Europe/Berlin"),
            exposure=self.exposure,
            counts_revision=1,
            rule_pack=duties.rule_pack,
            **{"sender": SENDER, "contained": CONTAINED, "evidence_files": 2} | self.view,  # type: ignore[arg-type]
        )
        case = Case(case_id=CASE, mode=Mode.LIVE, opened_at=facts.recorded_at, opened_by_run="command line")
        inputs = [facts.model_dump_json(), str(self.late), str(self.view), *self.store.keys("law/filings/stated/")]
        inputs += self.store.keys("law/filings/filed/")
        folder = revision or digest_bytes("".join(inputs).encode())[:12]
        receipt = draft_filings(Work(self.store, case, facts, folder), Drafting(view, duties, self.late))
        return get_record(self.store, receipt.key, FilingManifest)

    def filing(self, facts: Facts, name: str) -> Filing:
        draft = next(one for one in self.draft(facts).drafts if one.filing == name)
        return read_filing(self.store, draft.record_key, draft.record)

    def text(self, facts: Facts, name: str) -> str:
        draft = next(one for one in self.draft(facts).drafts if one.filing == name)
        held = self.store.get(draft.text_key)
        assert held is not None
        return held.data.decode()

    def names(self, facts: Facts) -> list[str]:
        return [filing_id(duty) for duty in duties_to_file(self.duties(facts), self.store)]


@pytest.fixture
def desk_of(tmp_path: Path, exposure_of: Callable[..., ExposureSummary]) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(people: dict[str, int], **more: object) -> Desk:
        made.append(Desk(tmp_path / str(len(made)), exposure_of(people, **more)))
        return made[-1]

    yield make
    for desk in made:
        desk.ledger.close()


@pytest.fixture
def known(facts_of: Callable[..., Facts]) -> Facts:
    """A community in Hamburg that knows when and where data was reachable."""
    aware = datetime(2026, 11, 8, 18, 30, tzinfo=UTC)
    return facts_of(
        established_in="DE-HH",
        span_known=True,
        leak_from=aware - timedelta(days=3),
        leak_until=aware - timedelta(hours=2),
        areas=("night-watch",),
    )
