"""Facts about law that become known later: kept, refused, challenged; and what they change in the duties."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from breach.errors import BadInput
from breach.intake import next_facts
from breach.law.awareness import challenges
from breach.law.catalog import load_catalog
from breach.law.changes import compare_duties, say_changes
from breach.law.contradictions import find_contradictions
from breach.law.decide import decide
from breach.law.recorded import add_law_fact
from schemas.exposure import ExposureSummary
from schemas.facts import FactName
from schemas.forms import FactForm
from schemas.incident import Certainty, Facts, Ongoing, Role
from schemas.law import ChangeKind, DutyList, DutyStatus
from schemas.law_facts import Anchor, Contract, Event, Hold, LawFacts, Told
from schemas.law_form import EventForm, LawForm
from schemas.law_forms import ElementForm, HoldForm, OwnerForm, RiskForm, ToldForm

AWARE = datetime(2026, 11, 8, 18, 30, tzinfo=UTC)
EARLY = AWARE - timedelta(hours=1)
NOW = AWARE + timedelta(hours=10)
SAID = {"case_id": "harbor-2026", "mode": "rehearsal", "recorded_by": "mara", "source": "the provider's letter"}
NO_HARM = "only nicknames were in it"
Make = Callable[..., Facts]
Duties = Callable[..., DutyList]


def add(held: Facts, form: LawForm, now: datetime = NOW, duties: DutyList | None = None) -> Facts:
    return add_law_fact(held, form, now, load_catalog(), duties)


def event(what: str, at: datetime, why: str = "") -> EventForm:
    return EventForm(**SAID, event=what, at=at, decided_by="tomas", triggering_event=why)


def test_an_event_is_a_new_revision_with_its_source_and_person(facts_of: Make) -> None:
    """Who said it, from where, when; nothing else of the facts changes."""
    held = facts_of()
    after = add(held, event("it was confirmed", AWARE + timedelta(hours=2)))

    assert (after.revision, after.recorded_by, after.recorded_at) == (2, "mara", NOW)
    (kept,) = after.incident.law.events
    assert (kept.anchor, kept.decided_by, kept.source) == (Anchor.CONFIRMATION, "tomas", "the provider's letter")
    assert after.incident.model_copy(update={"law": held.incident.law}) == held.incident


def test_the_same_event_again_says_nothing_new(facts_of: Make) -> None:
    """A task that is tried again after its record was written adds nothing."""
    once = add(facts_of(), event("it was confirmed", AWARE + timedelta(hours=2)))

    assert add(once, event("it was confirmed", AWARE + timedelta(hours=2))).incident == once.incident


def test_an_event_after_now_is_refused(facts_of: Make) -> None:
    """The field is named, and nothing is recorded."""
    with pytest.raises(BadInput, match=r"law\.events\.0 .* lies in the future") as refused:
        add(facts_of(), event("it was confirmed", NOW + timedelta(minutes=1)))
    assert refused.value.state == "Nothing was recorded."


def test_an_event_before_awareness_asks_what_triggered_it(facts_of: Make) -> None:
    """Refused without a sentence; with one, the event and the answer both stay on record and visible."""
    early = AWARE - timedelta(hours=5)
    with pytest.raises(BadInput, match="What was the triggering event"):
        add(facts_of(), event("it was detected (monitoring, a log, an alarm)", early))

    why = "the log was read only when a member wrote to us"
    after = add(facts_of(), event("it was detected (monitoring, a log, an alarm)", early, why))

    assert after.incident.law.triggers[0].sentence == why
    assert any(why in said and "mara" in said for said in challenges(after))
    # Asked once: the next fact is not held up by what was answered.
    assert add(after, event("it was confirmed", AWARE + timedelta(hours=1))).revision == 3
    # An even earlier event is another doubt.
    with pytest.raises(BadInput, match="What was the triggering event"):
        add(after, event("somebody suspected it", early - timedelta(hours=1)))


def _aware(at: datetime, why: str = "") -> FactForm:
    return FactForm(**SAID, fact=FactName.AWARE_AT, value=at.isoformat(), triggering_event=why)


def test_awareness_moved_later_must_be_explained(facts_of: Make) -> None:
    """Later needs a sentence; earlier does not."""
    later = AWARE + timedelta(hours=3)
    with pytest.raises(BadInput, match="Awareness is moved later"):
        next_facts(facts_of(), _aware(later), NOW)

    moved = next_facts(facts_of(), _aware(later, "only then did we see the members' data in it"), NOW)

    assert moved.incident.aware_at == later
    assert [one.aware_at for one in moved.incident.law.triggers] == [later]
    assert next_facts(facts_of(), _aware(AWARE - timedelta(hours=1)), NOW).incident.law.triggers == ()


def test_awareness_after_now_is_refused(facts_of: Make) -> None:
    """Also with an explanation."""
    with pytest.raises(BadInput, match="aware_at lies in the future"):
        next_facts(facts_of(), _aware(NOW + timedelta(hours=1), "we shall know it by then"), NOW)


def test_a_late_notice_needs_its_reason(facts_of: Make, duties_of: Duties) -> None:
    """GDPR Article 33(1): after 72 hours the notice is accompanied by reasons. In time, none is asked for."""
    duties = duties_of({"DE": 3})
    late = AWARE + timedelta(hours=73)
    form = ToldForm(**SAID, rule="EU-GDPR-33-1", at=late)
    with pytest.raises(BadInput, match="was due at"):
        add(facts_of(), form, late, duties)

    why = "the exports could not be read before Wednesday"
    told = add(facts_of(), form.model_copy(update={"late_reason": why}), late, duties).incident.law.told
    assert [one.late_reason for one in told] == [why]
    in_time = form.model_copy(update={"at": AWARE + timedelta(hours=71)})
    assert add(facts_of(), in_time, late, duties).incident.law.told[0].late_reason == ""


def test_a_decision_not_to_notify_is_no_mere_fact(facts_of: Make) -> None:
    """The tests of Articles 33 and 34 are answered 'no' only at a gate; other laws' tests are facts."""
    no = {"met": "no", "sentence": "nobody could read it in that hour"}
    for test in ("risk not unlikely", "high risk"):
        with pytest.raises(BadInput, match="conclude"):
            add(facts_of(), RiskForm(**SAID, test=test, **no))

    kept = add(facts_of(), RiskForm(**SAID, test="real risk of significant harm", **no)).incident.law.risks
    assert [(one.met, one.counsel_agreed, one.decided_by) for one in kept] == [(False, False, "mara")]


def test_a_second_answer_to_a_test_takes_the_place_of_the_first(facts_of: Make) -> None:
    """One law's test has one answer; the one before stands in its own revision."""
    form = RiskForm(**SAID, test="relevant risk", met="yes", sentence="cards were among what leaked")
    first = add(facts_of(), form)
    second = add(first, form.model_copy(update={"met": "no", "sentence": "the cards had expired in 2019"}))

    assert [one.met for one in second.incident.law.risks] == [False]


def test_a_silence_that_cannot_be_is_refused(facts_of: Make) -> None:
    """Ended before it began, begun after now, or with a time that is none: named, and nothing is recorded."""
    hold = HoldForm(**SAID, since=AWARE, agency="the state police")
    assert add(facts_of(), hold).incident.law.hold == Hold(since=AWARE, agency="the state police")
    for wrong, said in (
        ({"until": "2026-11-08T06:00Z"}, "a hold ends after it began"),
        ({"since": NOW + timedelta(hours=1)}, r"law\.hold\.since lies in the future"),
        ({"until": "2026-13-08T06:00Z"}, "cannot be read"),
    ):
        with pytest.raises(BadInput, match=said) as refused:
            add(facts_of(), hold.model_copy(update=wrong))
        assert refused.value.state == "Nothing was recorded."


@pytest.mark.parametrize("form", [
    ElementForm(**SAID, element="pasword", protection="readable"),
    ToldForm(**SAID, rule="EU-GDPR-99", at=AWARE),
    OwnerForm(**SAID, rule="EU-GDPR-99", owner="tomas"),
])  # fmt: skip
def test_a_name_nobody_knows_is_refused_before_it_is_written(facts_of: Make, form: LawForm) -> None:
    """A misspelt rule or element would count for nothing in silence."""
    with pytest.raises(BadInput, match="not known") as refused:
        add(facts_of(), form)
    assert refused.value.state == "Nothing was recorded."


def test_a_password_adds_duties_and_the_difference_says_so(
    facts_of: Make, exposure_of: Callable[..., ExposureSummary]
) -> None:
    """Passwords beside e-mail addresses trigger California (Civ. Code 1798.82(h)(2)); nothing falls away in silence."""
    catalog, people = load_catalog(), exposure_of({"US-CA": 600, "DE": 2})
    held = facts_of(recorded_at=NOW)
    after = add(held, ElementForm(**SAID, element="password", protection="readable"))
    old, new = decide(held, people, catalog), decide(after, people, catalog)

    found = compare_duties(old, new, ("a" * 12, "b" * 12), after.revision, ZoneInfo("Europe/Berlin"))

    people_told = next(one for one in found.changes if one.rule_id == "US-CA-IND")
    assert people_told.what in {ChangeKind.ADDED, ChangeKind.STATE}
    assert "due" in people_told.after
    assert not [one for one in found.changes if one.what is ChangeKind.REMOVED]
    assert any(line.startswith(("ADDED", "STATE")) and "US-CA-IND" in line for line in say_changes(found))


def test_a_removed_duty_is_listed_with_its_reason(facts_of: Make, exposure_of: Callable[..., ExposureSummary]) -> None:
    """A person's 'no' with counsel takes the duty away, and the sentence stands in the difference."""
    catalog, people = load_catalog(), exposure_of({"CA": 5})
    held = facts_of(recorded_at=NOW)
    no = RiskForm(
        **SAID,
        test="real risk of significant harm",
        met="no",
        sentence=NO_HARM,
        counsel_agreed=True,
    )
    after = add(held, no)

    found = compare_duties(
        decide(held, people, catalog), decide(after, people, catalog), ("a" * 12, "b" * 12), 2, ZoneInfo("UTC")
    )

    removed = [one for one in found.changes if one.what is ChangeKind.REMOVED]
    assert removed
    assert all(NO_HARM in one.why for one in removed if one.regime.startswith("PIPEDA"))
    assert all(one.why for one in removed)


def test_every_difference_is_accounted_for(facts_of: Make, exposure_of: Callable[..., ExposureSummary]) -> None:
    """Whatever was open before and is not now is listed as removed; whatever is open now and was not, as added."""
    catalog = load_catalog()
    held = facts_of(recorded_at=NOW)
    old = decide(held, exposure_of({"DE": 3, "US-CA": 10, "BR": 2, "CA": 1}), catalog)
    new = decide(held, exposure_of({"DE": 3, "US-NY": 10, "JP": 2}), catalog)
    asks = {DutyStatus.DUE, DutyStatus.ASK_COUNSEL, DutyStatus.MAY_BECOME_DUE}

    def open_in(duties: DutyList) -> set[tuple[str, str]]:
        return {(d.rule_id, d.jurisdiction) for d in duties.duties if d.status in asks}

    found = compare_duties(old, new, ("a" * 12, "b" * 12), 1, ZoneInfo("UTC")).changes

    of = {kind: {(c.rule_id, c.jurisdiction) for c in found if c.what is kind} for kind in ChangeKind}
    assert of[ChangeKind.REMOVED] == open_in(old) - open_in(new)
    assert of[ChangeKind.ADDED] == open_in(new) - open_in(old)
    assert of[ChangeKind.REMOVED]
    assert all(one.why for one in found)


def _facts_with(facts_of: Make, law: LawFacts, **changes: object) -> Facts:
    return facts_of(recorded_at=NOW, law=law, **changes)


@pytest.mark.parametrize(
    ("law", "changes", "said"),
    [
        (
            LawFacts(events=(
                Event(anchor=Anchor.DETECTION, at=AWARE + timedelta(hours=2), source="a log", decided_by="mara"),
                Event(anchor=Anchor.DETERMINATION, at=AWARE + timedelta(hours=1), source="a log", decided_by="mara"),
            )),
            {},
            "before the first discovery",
        ),
        (
            LawFacts(events=(Event(anchor=Anchor.AWARE, at=EARLY, source="x y z", decided_by="mara"),)),
            {},
            "2 times of awareness",
        ),
        (
            LawFacts(
                hold=Hold(since=AWARE, agency="the police"),
                told=(Told(rule_id="EU-GDPR-34-1", at=AWARE + timedelta(hours=1), source="sent"),),
            ),
            {},
            "had asked for silence",
        ),
        (
            LawFacts(contracts=(Contract(rule_id="CT-DPA-CLAUSE", recipient="them", clause="one"),)),
            {"role": Role.CONTROLLER},
            "recorded as controller",
        ),
        (
            LawFacts(events=(Event(anchor=Anchor.CONFIRMATION, at=AWARE, source="x y z", decided_by="mara"),)),
            {"certainty": Certainty.SUSPICION},
            "confirmation is on record",
        ),
        (LawFacts(), {"span_known": False, "ongoing": Ongoing.NO}, "everything still counts"),
    ],
)  # fmt: skip
def test_contradictions_are_said_aloud_with_a_next_step(
    facts_of: Make, law: LawFacts, changes: dict[str, object], said: str
) -> None:
    """Both facts are named; neither is dropped; the person is told what to correct."""
    found = [one for one in find_contradictions(_facts_with(facts_of, law, **changes)) if said in one.facts]

    assert len(found) == 1
    assert found[0].next_step


def test_agreeing_facts_are_no_contradiction(facts_of: Make) -> None:
    """Detected, then determined, told after awareness, no hold: nothing is said."""
    law = LawFacts(
        events=(
            Event(anchor=Anchor.DETECTION, at=AWARE, source="a log", decided_by="mara"),
            Event(anchor=Anchor.DETERMINATION, at=AWARE + timedelta(hours=1), source="a log", decided_by="mara"),
        ),
        told=(Told(rule_id="EU-GDPR-33-1", at=AWARE + timedelta(hours=3), source="filed"),),
    )
    assert find_contradictions(_facts_with(facts_of, law, ongoing=Ongoing.YES)) == ()


def test_a_notice_for_one_place_leaves_the_others_running(duties_of: Duties) -> None:
    """A company outside the EU tells each member state's authority: telling France does not tell Spain."""
    rule = "EU-GDPR-33-1-NONEU"
    told = Told(rule_id=rule, at=AWARE + timedelta(hours=1), source="filed", jurisdiction="FR")
    law = LawFacts(told=(told,))
    duties = duties_of({"FR": 2, "ES": 2}, law=law, established_in="US-CA", recorded_at=NOW).duties
    done = {duty.jurisdiction: duty.done_at for duty in duties if duty.rule_id == rule}
    assert done == {"FR": told.at, "ES": None}
