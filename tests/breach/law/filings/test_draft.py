"""What a report says: expectations written from Articles 33(1), (3) and (4) and the other laws, not from its output."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breach.digest import digest_bytes
from breach.law.catalog import load_catalog
from breach.law.decide import decide
from breach.law.elements import LAW_ELEMENTS
from breach.law.filings.catalog import form_for
from breach.law.filings.chapter import before_of
from breach.law.filings.draft import Occasion, draft_filing, lacks_reasons
from breach.law.filings.kept import add_statement
from breach.law.filings.known import CaseView
from breach.law.filings.meaning import ADVICE, AS_A_TYPE, CONSEQUENCES, PASSWORDS
from breach.law.filings.text import render_filing
from breach.law.words import one_line
from schemas.exposure import Certainty, DataType, TypeCount
from schemas.filing import UNKNOWN, Annex, AnswerName, FilingKind, Statement, Track
from schemas.incident import Cause, Facts, Mode
from schemas.law_facts import Hold, LawFacts, LeakedElement
from tests.breach.law.conftest import make_exposure, make_facts
from tests.breach.law.filings.test_mark import later

GDPR = "eu-gdpr-33-1"
AT = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)


def state(desk: Any, filing: str, n: int = 1, **more: Any) -> None:
    answers = more.pop("answers", {})
    add_statement(
        desk.store,
        Statement(
            filing=filing, n=1, run_id=f"run-{n}", at=AT, by="mara", track=more.pop("track", Track.FULL),
            answers=answers, **more,
        ),
    )  # fmt: skip


def field(filing: Any, name: str) -> Any:
    return next(one for one in filing.fields if one.field == name)


def test_the_whole_of_article_33_3_from_the_cases_own_record(desk_of: Callable[..., Any], known: Facts) -> None:
    """(a) nature, whom, how many, what; (b) the contact; (c) consequences; (d) measures: all from facts and counts."""
    desk = desk_of({"DE": 100, "FR": 7})
    desk.view = {"notices": 105}
    filing = desk.filing(known, GDPR)
    assert filing.kind is FilingKind.COMPLETE
    assert field(filing, "nature").lines[0] == "A platform bug showed a private area to strangers"
    assert field(filing, "people_count").lines == ("107 (exact)",)
    assert field(filing, "record_kinds").lines == ("email address (107 people)",)
    assert field(filing, "contact").lines == ("Harbor Watch", "security@harbor.example", "+49 40 555")
    assert "phishing" in field(filing, "consequences").lines[0]
    assert field(filing, "taken").lines[0] == "Containment on Forum: 2 measures verified from outside"
    assert field(filing, "planned").lines == ("105 notices to the people, then 4 updates every 7 days",)
    assert filing.due_at == datetime(2026, 11, 11, 18, 30, tzinfo=UTC)  # awareness and 72 hours
    text = render_filing(filing)
    assert "To:        Der Hamburgische Beauftragte für Datenschutz und Informationsfreiheit" in text
    assert "Sun 8 Nov 2026, 19:30 (UTC+01:00)" in text


def test_what_nobody_knows_stands_as_unknown_and_follows(
    desk_of: Callable[..., Any], facts_of: Callable[..., Facts]
) -> None:
    """Art. 33(4): a report that lacks something goes out incomplete, says so, and the minimum is queued first."""
    desk = desk_of({"DE": 100})
    desk.view = {"sender": None, "contained": None, "evidence_files": 0}
    facts = facts_of(established_in="FR", cause=Cause.UNKNOWN)
    filing = desk.filing(facts, GDPR)
    assert filing.kind is FilingKind.INCOMPLETE
    assert {one.field for one in filing.fields if one.minimum and not one.lines} == {"contact", "taken", "planned"}
    assert [one.field for one in filing.to_follow][:3] == ["contact", "taken", "planned"]
    assert {"span", "cause", "dpo"} <= {one.field for one in filing.to_follow}
    text = render_filing(filing)
    assert text.count(UNKNOWN) == sum(not one.lines for one in filing.fields)
    assert "WHAT FOLLOWS (Article 33(4) GDPR)" in text


@settings(max_examples=30)
@given(
    people=st.integers(1, 10**7), bots=st.integers(0, 50), unmatched=st.integers(0, 9), sure=st.sampled_from(Certainty)
)
def test_a_count_is_never_surer_than_it_was_counted(people: int, bots: int, unmatched: int, sure: Certainty) -> None:
    """Exact only when everything was counted exactly; records that nobody counted are unknown, never zero."""
    exposure = make_exposure({"FR": people}, unmatched=unmatched)
    (kind,) = exposure.by_type
    count = exposure.by_type[kind].model_copy(update={"certainty": sure})
    exposure = exposure.model_copy(update={"affected": people + bots, "bots": bots, "by_type": {kind: count}})
    aware = datetime(2026, 11, 8, tzinfo=UTC)
    facts = make_facts(established_in="FR", span_known=True, leak_from=aware, leak_until=aware, areas=("x",))
    duties = decide(facts, exposure, load_catalog())
    duty = next(one for one in duties.duties if one.rule_id == "EU-GDPR-33-1")
    view = CaseView("harbor-1", Mode.LIVE, facts, ZoneInfo("UTC"), exposure, 1, duties.rule_pack)
    form = form_for(duty.rule_id)
    assert form is not None
    filing = draft_filing(view, Occasion(duty, form, duties, (), None, late=False))
    is_sure = sure is Certainty.EXACT and not unmatched
    counted = field(filing, "people_count")
    assert (counted.certainty is Certainty.EXACT) == is_sure
    assert counted.lines[0].startswith(f"{people} (exact)" if is_sure else f"About {people} (approximate: ")
    assert bool(field(filing, "record_count").lines) == (sure is not Certainty.UNKNOWN)


def test_a_small_team_sends_the_minimum_and_queues_the_rest(desk_of: Callable[..., Any], known: Facts) -> None:
    """Only what the article names goes now; each other field is listed with a date that is said to be our own."""
    desk = desk_of({"DE": 100})
    state(desk, GDPR, track=Track.MINIMUM)
    filing = desk.filing(known, GDPR)
    sent = {one.field for _, fields in filing.sections for one in fields}
    assert sent == {
        "controller", "contact", "nature", "aware", "people_kinds", "people_count", "record_kinds", "record_count",
        "consequences", "taken", "planned",
    }  # fmt: skip
    queued = {one.field: one for one in filing.to_follow}
    assert queued["span"].why == "held back: not part of the legal minimum"
    assert queued["span"].by == datetime(2026, 11, 11, 18, 30, tzinfo=UTC) + timedelta(days=14)
    assert "our own target" in queued["span"].by_words
    assert "Sat" not in render_filing(filing)


def test_a_late_report_lacks_its_reasons_until_somebody_gives_them(desk_of: Callable[..., Any], known: Facts) -> None:
    """Art. 33(1), second sentence. In time, the question is not even on the page."""
    desk = desk_of({"DE": 100})
    assert "Reasons for the delay" not in desk.text(known, GDPR)
    desk.late = {GDPR: True}
    assert lacks_reasons(desk.filing(known, GDPR))
    state(desk, GDPR, answers={AnswerName.DELAY: "The provider told us the extent only on day five."})
    filing = desk.filing(known, GDPR)
    assert not lacks_reasons(filing)
    assert field(filing, "delay").stated_by == "mara"
    assert "The provider told us the extent only on day five." in render_filing(filing)


def test_a_report_to_a_state_that_asks_no_reasons_is_not_held_up(desk_of: Callable[..., Any], facts_of: Any) -> None:
    """California's statute asks for no reasons of a delay."""
    desk = desk_of({"US-CA": 600})
    password = LeakedElement(element="password", source="letter of the provider")
    facts = facts_of(established_in="US-CA", law=LawFacts(elements=(password,)))
    desk.late = {"us-ca-ag": True}
    assert not lacks_reasons(desk.filing(facts, "us-ca-ag"))


def test_california_gets_the_sample_and_says_what_law_enforcement_asked(
    desk_of: Callable[..., Any], facts_of: Any
) -> None:
    """1798.82(f): the sample copy is annexed, word for word, under its digest; a hold is named with its agency."""
    desk = desk_of({"US-CA": 600})
    words = "Notice of Data Breach\n\nWhat Happened"
    annex = Annex(title="Sample of the notice (notice-en-us-ca)", digest=digest_bytes(words.encode()), text=words)
    other = annex.model_copy(update={"text": "for everybody else"})
    desk.view = {"samples": {"us-ca": annex, "default": other}, "notices": 600}
    hold = Hold(since=datetime(2026, 11, 8, 9, 0, tzinfo=UTC), agency="Hamburg police")
    password = LeakedElement(element="password", source="letter of the provider")
    facts = facts_of(established_in="US-CA", law=LawFacts(hold=hold, elements=(password,)))
    text = desk.text(facts, "us-ca-ag")
    assert words in text
    assert "for everybody else" not in text
    assert annex.digest in text
    assert "Hamburg police has asked for silence since 2026-11-08; it still stands" in text
    assert "600 (exact, by the residence on record)" in text
    told_on = field(desk.filing(facts, "us-ca-ag"), "told_on")
    assert told_on.lines == ()  # drafted notices are no date of notice


def test_a_persons_words_stand_with_their_name_and_on_one_line_each(desk_of: Callable[..., Any], known: Facts) -> None:
    """What was stated later replaces what was stated before; what was not restated stays."""
    desk = desk_of({"DE": 100})
    state(desk, GDPR, 1, answers={AnswerName.DPO: "none appointed", AnswerName.CAUSE: "not found yet"})
    state(desk, GDPR, 2, answers={AnswerName.CAUSE: "a wrong permission\non one category"})
    filing = desk.filing(known, GDPR)
    assert field(filing, "cause").lines == ("a wrong permission", "on one category")
    assert (field(filing, "dpo").lines, field(filing, "dpo").stated_by) == (("none appointed",), "mara")


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script> {{ 7 * 7 }} {% raw %}",
        "Forum\u2028WITHDRAWAL\u2029We withdraw",
        "`````text Ltd",
        "Forum \u202egnp.exe",
        "Forum\x1b[2J\x07 Ltd",
    ],
)
def test_a_hostile_name_is_words_and_nothing_else(desk_of: Callable[..., Any], known: Facts, name: str) -> None:
    """Markup, template signs, separators and control characters in the provider's name neither act nor break a line."""
    incident = known.incident.model_copy(update={"provider": name})
    text = desk_of({"DE": 100}).text(known.model_copy(update={"incident": incident}), GDPR)
    line = next(line for line in text.splitlines() if "which runs the platform" in line or one_line(name)[:5] in line)
    assert one_line(name).split()[0] in line
    assert "\nWITHDRAWAL" not in text
    assert not set(text) & {"\x1b", "\x07", "\u202e", "\u2028", "\u2029"}
    assert "49" not in "".join(line for line in text.splitlines() if "script" in line)


def test_nothing_was_filed_so_nothing_went_before(desk_of: Callable[..., Any], known: Facts) -> None:
    """A first report concerns no earlier one."""
    desk = desk_of({"DE": 100})
    assert before_of(desk.store, GDPR) is None
    assert "Concerns:" not in desk.text(known, GDPR)


def test_every_kind_of_data_has_its_consequence_and_the_worst_have_advice() -> None:
    """Art. 33(3)(c) asks for the consequences whatever leaked; whoever can change or revoke something is told."""
    assert set(CONSEQUENCES) == set(DataType)
    logins = {kind for kind in DataType if "PASSWORD" in kind.name or kind.name in {"ACCESS_TOKEN", "SESSION"}}
    assert logins | {DataType.SSN, DataType.PAYMENT_CARD_CODE, DataType.IBAN, DataType.PASSPORT} <= set(ADVICE)
    assert all(name in LAW_ELEMENTS for name in (*AS_A_TYPE, *PASSWORDS))


def test_hashes_numbers_and_sensitive_data_that_were_found_are_said(desk_of: Callable[..., Any], known: Facts) -> None:
    """Art. 33(3)(c), Art. 9: found in an export or stated in a letter, each kind is named, with how it lay there."""
    desk = desk_of({"DE": 100})
    kinds = (DataType.EMAIL, DataType.PASSWORD_HASH, DataType.SSN, DataType.HEALTH)
    count = TypeCount(persons=40, records=40, certainty=Certainty.EXACT)
    desk.exposure = desk.exposure.model_copy(update={"by_type": dict.fromkeys(kinds, count)})
    token = LeakedElement(element="access_token", source="letter of the provider")
    facts = later(known, AT, law=LawFacts(elements=(token,)))
    filing = desk.filing(facts, GDPR)
    assert field(filing, "protection").lines == (
        "access token: readable",
        "password, strongly hashed: salted hash that is slow to guess",
        "other data: readable",
    )
    said = " ".join(field(filing, "consequences").lines)
    for word in ("guessed from the hashes", "in the person's name", "until it is revoked", "health"):
        assert word in said
    assert field(filing, "sensitive").lines == ("Special categories: health (40 people)",)


def test_what_lay_open_and_was_never_protected_leaves_the_measures_to_a_person(
    desk_of: Callable[..., Any], known: Facts
) -> None:
    """Names and addresses that were always readable tell nothing of the security measures before the incident."""
    assert field(desk_of({"DE": 100}).filing(known, GDPR), "protection").lines == ()


def test_a_report_to_one_state_names_the_report_to_the_other(
    desk_of: Callable[..., Any], facts_of: Callable[..., Facts]
) -> None:
    """The same article, nine authorities: Spain is told that France has the report; France is not told of itself."""
    desk = desk_of({"FR": 5, "ES": 5})
    desk.view = {"filed_with": {"eu-gdpr-33-1-noneu-fr": "CNIL, on 2026-11-09, reference 77"}}
    facts = facts_of(established_in="US-NY")
    assert field(desk.filing(facts, "eu-gdpr-33-1-noneu-es"), "others").lines == ("CNIL, on 2026-11-09, reference 77",)
    assert "CNIL" not in field(desk.filing(facts, "eu-gdpr-33-1-noneu-fr"), "others").lines[0]
