"""The clocks of a case over its whole life: facts, filings and killed runs in any order. No server is needed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from prefect.logging import disable_run_logger

from blocks import Alerts
from breach.current import add_facts, facts_of, set_current
from breach.digest import digest_record
from breach.folder_store import FolderStore
from breach.law.filings.kept import FILED
from breach.ledger import open_ledger
from breach.store import put_record
from schemas.exposure import ExposureSummary
from schemas.filing import Filed, FilingKind
from schemas.incident import Case, CaseRef, Facts, Mode
from schemas.law import Duty, DutyList
from schemas.receipt import Chapter, Receipt
from tasks import clocks, law, law_artifacts
from tasks.desk import Desk
from tests.breach.law.conftest import make_exposure, make_facts

CASE = "rehearsal-porto"
AWARE = datetime(2026, 11, 6, 15, 0, tzinfo=UTC)
FILED_AT = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)
BRAZIL = ZoneInfo("America/Sao_Paulo")


@dataclass
class Place:
    """A desk of one case on a real folder and a real ledger, and everything it was heard to say."""

    desk: Any
    alerts: Path
    mails: list[tuple[str, str, str]] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    problem: str = ""

    def record(self, at: datetime, **changes: object) -> None:
        held = facts_of(self.desk.store)
        incident = held.incident.model_copy(update=changes)
        add_facts(
            self.desk.store,
            held.model_copy(update={"revision": held.revision + 1, "recorded_at": at, "incident": incident}),
        )

    def file(self, rule: str, filing: str, n: int = 1, **more: Any) -> None:
        record = Filed(
            filing=filing, n=n, rule_id=rule, kind=FilingKind.COMPLETE, record_key="law/filings/0/f/filing.json",
            text="a" * 64, basis="b" * 64, approved_by="mara", approved_at=FILED_AT - timedelta(minutes=9),
            filed_at=FILED_AT, reference="2026-77", by="tomas", proof="c" * 64, proof_name="receipt.pdf",
            custody="0123456789ab", **more,
        )  # fmt: skip
        put_record(self.desk.store, f"{FILED}{filing}/{n:04d}.json", record)

    def duties(self) -> DutyList:
        found = law.clocks_of(self.desk)
        assert found is not None
        return found

    def duty(self, rule: str, place: str = "") -> Duty:
        (found,) = [one for one in self.duties().duties if one.rule_id == rule and place in {"", one.jurisdiction}]
        return found

    def look(self, now: datetime) -> list[str]:
        """What watch tells at this moment: the alerts that are new."""
        before = {path: path.read_text() for path in self.alerts.glob("*.txt")}
        clocks.ring_clocks(self.desk, now)
        return [path.name for path in sorted(self.alerts.glob("*.txt")) if before.get(path) != path.read_text()]


@pytest.fixture
def place_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Place]]:
    made: list[Place] = []

    def make(people: dict[str, int], **changes: object) -> Place:
        place = _open(tmp_path / str(len(made)), make_exposure(people), make_facts(aware_at=AWARE, **changes))
        made.append(place)
        monkeypatch.setattr(clocks, "emit_event", lambda **said: place.events.append(said["event"]))
        return place

    # What people see in the UI needs a server; what is decided and told does not.
    for shown in ("show_duties", "show_changes", "show_severity"):
        monkeypatch.setattr(law_artifacts, shown, lambda *_: None)
    with disable_run_logger():
        yield make
    for place in made:
        place.desk.ledger.close()


def _open(folder: Path, exposure: ExposureSummary, facts: Facts) -> Place:
    store, alerts = FolderStore(folder / "case"), folder / "alerts"
    alerts.mkdir(parents=True)
    put_record(store, "case.json", Case(case_id=CASE, mode=Mode.REHEARSAL, opened_at=AWARE, opened_by_run="run"))
    add_facts(store, facts)
    key = "exposure/0123456789ab/summary.json"
    put_record(store, key, exposure)
    set_current(
        store,
        "exposures",
        Receipt(
            case_id=CASE, chapter=Chapter.EXPOSURES, revision="0123456789ab", key=key, digest=digest_record(exposure)
        ),
    )
    block = Alerts(folder=str(alerts), terminal=False)
    root = SimpleNamespace(alerts=lambda: teller)
    ledger = open_ledger(f"sqlite:///{folder}/ledger.db")
    desk = Desk(cast(Any, root), store, ledger, CaseRef(case_id=CASE, mode=Mode.REHEARSAL), "run")
    place = Place(desk, alerts)

    def mail(staff: str, subject: str, text: str) -> str:
        place.mails.append((staff, subject, text))
        return place.problem

    teller = SimpleNamespace(tell=block.tell, mail=mail)
    law.recompute(desk)
    return place


def test_a_fact_after_a_filing_leaves_the_clock_that_the_filing_started(place_of: Callable[..., Place]) -> None:
    """Resolution CD/ANPD 15/2024: the complement is due 20 business days after the communication, whatever comes.

    Handed in on Monday 9 November 2026; Friday 20 November is a holiday, so the twentieth is Tuesday 8 December.
    """
    place = place_of({"BR": 400}, established_in="BR", time_zone="America/Sao_Paulo")
    assert place.duty("BR-LGPD-48-FU").by is None
    place.file("BR-LGPD-48-A", "br-lgpd-48-a")
    place.record(FILED_AT + timedelta(days=1), areas=("harbor",))
    law.recompute(place.desk)
    assert place.duty("BR-LGPD-48-A").done_at == FILED_AT
    assert place.duty("BR-LGPD-48-FU").by == datetime(2026, 12, 8, 23, 59, tzinfo=BRAZIL)


def test_a_filing_whose_run_was_killed_starts_its_clock_at_the_next_look(place_of: Callable[..., Place]) -> None:
    """mark-filed wrote the record and died: watch decides with it, and nobody has to know."""
    place = place_of({"BR": 400}, established_in="BR", time_zone="America/Sao_Paulo")
    place.file("BR-LGPD-48-A", "br-lgpd-48-a")
    place.look(FILED_AT + timedelta(hours=1))
    assert place.duty("BR-LGPD-48-FU").by == datetime(2026, 12, 8, 23, 59, tzinfo=BRAZIL)
    told = place.look(datetime(2026, 12, 9, 12, 0, tzinfo=UTC))
    assert any("duty-br-lgpd-48-fu" in name for name in told)


def test_a_report_to_one_member_state_silences_that_states_clock_only(place_of: Callable[..., Place]) -> None:
    """A controller outside the EU tells each state's authority: France was told, so Spain's clock rings on."""
    place = place_of({"FR": 5, "ES": 5}, established_in="US-NY")
    rule = "EU-GDPR-33-1-NONEU"
    place.file(rule, "eu-gdpr-33-1-noneu-fr", late_reason="the provider told us late")
    told = place.look(AWARE + timedelta(hours=73))
    law.recompute(place.desk)
    assert [name for name in told if "duty-eu-gdpr-33-1-noneu-es" in name]
    assert not [name for name in told if "duty-eu-gdpr-33-1-noneu-fr" in name]
    assert (place.duty(rule, "FR").done_at, place.duty(rule, "ES").done_at) == (FILED_AT, None)
    assert place.duty(rule, "FR").late_reason == "the provider told us late"
    assert place.duty(rule, "ES").late_reason == ""


def test_a_clock_that_is_over_at_the_first_look_is_told_once(place_of: Callable[..., Place]) -> None:
    """All four thresholds lie behind; one alert says that it is over, and the next look says nothing."""
    place = place_of({"DE": 100})
    now = AWARE + timedelta(hours=80)
    told = [name for name in place.look(now) if "duty-eu-gdpr-33-1-" in name]
    assert len(told) == 1
    assert told[0].endswith("-0.txt")
    assert place.look(now + timedelta(minutes=15)) == []
    assert "breach.duty.overdue" in place.events


def test_a_look_that_was_killed_loses_no_alert(place_of: Callable[..., Place], monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while it tells the second alert, the next look tells that one and all that come after it."""
    now = AWARE + timedelta(hours=80)
    whole = len(place_of({"DE": 100}).look(now))
    place, tell, told = place_of({"DE": 100}), clocks._tell, []

    def killed(desk: Desk, key: str, sentence: str, at: datetime) -> None:
        if len(told) == 1:
            raise KeyboardInterrupt
        told.append(key)
        tell(desk, key, sentence, at)

    monkeypatch.setattr(clocks, "_tell", killed)
    with pytest.raises(KeyboardInterrupt):
        place.look(now)
    monkeypatch.setattr(clocks, "_tell", tell)
    again = place.look(now + timedelta(minutes=15))
    assert whole > 2
    assert len(again) == whole - 1
    assert {owner for owner, _, _ in place.mails} == {"lead-a"}


def test_a_mail_that_was_not_taken_is_written_again_and_said_once(place_of: Callable[..., Place]) -> None:
    """The server was down at three and is up at half past: the owner gets the mail then, and gets it once."""
    place, now = place_of({"DE": 100}), AWARE + timedelta(hours=80)
    place.problem = "the mail server did not take the mail for lead-a (ConnectionRefusedError)"
    assert f"{CASE}.mail-lead-a.txt" in place.look(now)
    assert place.look(now + timedelta(minutes=15)) == []
    place.problem = ""
    for minutes in (30, 45):
        place.look(now + timedelta(minutes=minutes))
    bodies = [text for _, _, text in place.mails]
    assert len(bodies) == 3
    assert bodies[0].count("EU-GDPR-33-1;") == bodies[2].count("EU-GDPR-33-1;") == 1


def test_the_same_fact_decided_twice_changes_nothing(place_of: Callable[..., Place]) -> None:
    """A run that is killed and started again writes the same duties and the same difference."""
    place = place_of({"DE": 100})
    place.record(AWARE + timedelta(hours=2), areas=("harbor",))
    law.recompute(place.desk)
    store = place.desk.store
    before = {key: store.get(key).data for key in store.keys("law/")}
    law.recompute(place.desk)
    assert {key: store.get(key).data for key in store.keys("law/")} == before
