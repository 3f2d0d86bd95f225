"""The clocks of law against a real server and worker: facts that move them, a conclusion at its gate, alerts."""

from datetime import UTC, datetime, timedelta

import pytest
from prefect.client.orchestration import get_client
from prefect.events.filters import EventFilter, EventNameFilter

from blocks import Alerts, MailAlerts
from breach.current import current_of, facts_of
from breach.store import get_record
from flows.counsel_lane import ask_counsel, counsel_answer
from flows.record_law import record_event, record_owner, record_told
from flows.watch import watch
from schemas.chronology import EntryKind
from schemas.conclusion import Concluded
from schemas.decision_forms import AnswerForm, QuestionForm
from schemas.law import ChangeKind, DutyChanges, DutyList
from schemas.law_form import EventForm
from schemas.law_forms import OwnerForm, ToldForm

pytestmark = [pytest.mark.server, pytest.mark.timeout(1500)]
CASE = "rehearsal-clocks"
SAID = {"case_id": CASE, "mode": "rehearsal", "recorded_by": "mara", "source": "as the test says"}
ADVICE = "privileged: the hashes were unsalted, we advise to tell everybody"


def duties(site):
    store = site.store(CASE)
    return get_record(store, current_of(store).receipts["duties"].key, DutyList)


def test_a_fact_moves_the_clocks_at_once_and_a_person_concludes(site):
    """Facts, difference, void approval, conclusion not to notify at its gate, counsel, alerts, and the dossier."""
    aware = datetime.now(UTC) - timedelta(hours=40)
    when = {
        "aware_at": aware.isoformat(),
        "platform_aware_at": (aware - timedelta(hours=9)).isoformat(timespec="minutes"),
        "leak_from": (aware - timedelta(days=9)).isoformat(),
        "leak_until": aware.isoformat(),
    }
    run = site.start(incident=site.form(CASE, when=when))
    question = site.question(run)
    store = site.store(CASE)
    first = current_of(store).receipts["duties"]

    _an_event_decides_the_duties_anew(site, aware, first)
    _what_was_asked_before_is_void(site, run, question)
    _not_to_notify_waits_for_a_proven_person(site)
    _counsel_is_asked_and_the_advice_stays_apart(site)
    _each_threshold_is_told_once(site)
    _the_dossier_holds_all_but_the_advice(site)


def _an_event_decides_the_duties_anew(site, aware, first):
    event = {**SAID, "event": "it was detected (monitoring, a log, an alarm)", "decided_by": "tomas"}
    early = (aware - timedelta(hours=3)).isoformat()
    with pytest.raises(Exception, match="What was the triggering event"):
        record_event(EventForm(**event, at=early))
    assert facts_of(site.store(CASE)).revision == 1

    why = "the log was read only when a member wrote to us"
    site.wait(
        site.start("record-event/record-event", event={**event, "at": early, "triggering_event": why}), "Completed"
    )

    store = site.store(CASE)
    now = current_of(store).receipts["duties"]
    assert facts_of(store).revision == 2
    assert now.revision != first.revision
    changes = get_record(store, f"law/{now.revision}/changes.json", DutyChanges)
    assert (changes.before, changes.after, changes.facts_revision) == (first.revision, now.revision, 2)
    assert {one.what for one in changes.changes} <= {ChangeKind.MOVED, ChangeKind.STATE, ChangeKind.ADDED}
    assert any(why in said for said in duties(site).challenges)
    assert any(why in entry.text for entry in site.entries(CASE) if entry.kind is EntryKind.FACTS)
    sheet = store.get(f"law/{now.revision}/clocks.txt")
    assert sheet is not None
    assert b"DUE" in sheet.data
    assert store.get(f"law/{now.revision}/alarms.ics") is not None


def _what_was_asked_before_is_void(site, run, question):
    site.answer(run, "mara")
    asked = site.asked_anew(run, question)
    assert asked.split("-")[-3] != question.split("-")[-3]  # another basis
    assert site.ledger().approvals.decisions(CASE) == ()


def _not_to_notify_waits_for_a_proven_person(site):
    form = {
        **SAID,
        "about": "Article 34: the risk to people is high, so they are told",
        "met": "no",
        "facts": "A private area was readable by strangers for nineteen days.",
        "effects": "Posts may have been read by people they were not meant for.",
        "measures": "The area was closed.",
        "sentence": "the posts are about knots and weather",
        "counsel_agreed": True,
    }
    run = site.start("conclude-risk/conclude-risk", conclusion=form)
    question = site.question(run)
    site.answer(run, "mara", code="000000")
    asked = site.asked_anew(run, question)
    assert asked.rsplit("-", 2)[0] == question.rsplit("-", 2)[0]  # the same content, the next number
    assert facts_of(site.store(CASE)).incident.law.risks == ()
    site.answer(run, "ines")
    site.wait(run, "Completed")

    store = site.store(CASE)
    (finding,) = facts_of(store).incident.law.risks
    assert (finding.met, finding.decided_by, finding.counsel_agreed) == (False, "ines", True)
    (key,) = [key for key in store.keys("law/") if "/conclusions/risk-" in key]
    kept = get_record(store, key, Concluded)
    assert (kept.conclusion.effects, kept.approver, kept.facts_revision) == (form["effects"], "ines", 2)
    told = [one for one in duties(site).duties if one.rule_id == "EU-GDPR-34-1"]
    assert [one.status.value for one in told] == ["does not apply"]
    assert "the posts are about knots and weather" in told[0].reason
    assert any(entry.kind is EntryKind.CONCLUSION and entry.actor == "ines" for entry in site.entries(CASE))


def _counsel_is_asked_and_the_advice_stays_apart(site):
    question = "Does an unsalted hash count as protected?"
    ask_counsel(QuestionForm(**SAID, rule="EU-GDPR-34-1", question=question))
    (site.home.inbox / "advice.txt").write_text(ADVICE)
    counsel_answer(AnswerForm(**SAID, number=1, status="answered", note_file="advice.txt"))

    store = site.store(CASE)
    (note,) = store.keys("law/counsel/privileged/")
    held = store.get(note)
    assert held is not None
    assert held.data.decode() == ADVICE


def _each_threshold_is_told_once(site):
    record_owner(OwnerForm(**SAID, rule="EU-GDPR-33-1", owner="tomas"))
    addresses = site.home.root / "secrets" / "staff.toml"
    addresses.write_text('mara = "mara@harbor.example"\n')
    addresses.chmod(0o600)
    MailAlerts(host="127.0.0.1", port=9, sender="watch@harbor.example", addresses_file=str(addresses)).save(
        "default", overwrite=True
    )
    alerts = site.home.root / "alerts"
    Alerts(folder=str(alerts), terminal=False, mail_block="mail-alerts/default").save("default", overwrite=True)
    # As the house runs it: in this process, Prefect's sender of events may still hold on to an earlier test's server.
    site.wait(site.start("watch/watch"), "Completed")
    watch()

    told = {path.name: path.read_text() for path in alerts.glob(f"{CASE}.duty-eu-gdpr-33-1-*.txt")}
    # 72 hours from 40 hours ago: 32 hours are left, so half is over and a quarter is not.
    assert len(told) == 1
    ((name, text),) = told.items()
    assert name.endswith("-50.txt")
    assert text.count("\n") == 1
    assert "owner tomas" in text
    assert any(path.name.startswith(f"{CASE}.target-") for path in alerts.glob("*.txt"))
    # Nobody was reached by mail: tomas has no address, and on port 9 there is no server. Both are said.
    unsent = {path.name: path.read_text() for path in alerts.glob(f"{CASE}.mail-*.txt")}
    assert "tomas has no address" in unsent[f"{CASE}.mail-tomas.txt"]
    assert all("@" not in said for said in unsent.values())
    site.wait_for(lambda: "breach.duty.due-soon" in _events())
    _a_late_target_is_ticked_off(site)


def _events():
    names = ["breach.duty.due-soon", "breach.duty.overdue", "breach.target.overdue"]
    chosen = EventFilter(event=EventNameFilter(name=names))
    with get_client(sync_client=True) as client:
        answer = client.request("POST", "/events/filter", json={"filter": chosen.model_dump(mode="json")})
    events = [one for one in answer.json()["events"] if one["resource"]["prefect.resource.id"] == f"breach.case.{CASE}"]
    assert all("@" not in str(one["payload"]) for one in events)
    return {one["event"] for one in events}


def _a_late_target_is_ticked_off(site):
    """A legal deadline that is over asks for the reason; a target of our own does not."""
    record_told(ToldForm(**SAID, rule="TARGET-LEAD-TOLD", at=datetime.now(UTC) - timedelta(minutes=1)))
    done = {one.name.value for one in duties(site).targets if one.done}
    assert done == {"TARGET-LEAD-TOLD", "TARGET-DECISION"}


def _the_dossier_holds_all_but_the_advice(site):
    case = {"case_id": CASE, "mode": "rehearsal"}
    site.wait(site.start("export-dossier/export-dossier", case=case), "Completed")
    folder = max(site.store(CASE).root.glob("dossier/*"))
    page = (folder / "index.html").read_text()
    assert "not met: not to notify" in page
    assert "the posts are about knots and weather" in page
    assert "Does an unsalted hash count as protected?" in page
    assert "We" in (folder / "clocks.txt").read_text()
    assert all(ADVICE.encode() not in path.read_bytes() for path in folder.rglob("*") if path.is_file())
