"""From the form to facts: times, paths and later knowledge are taken as they are meant or refused aloud."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.errors import BadInput
from breach.intake import first_facts, inbox_path, incident_of, inside_inbox, next_facts, next_words
from schemas.exposure import DataType
from schemas.facts import FactName
from schemas.forms import FactForm, RespondForm, Words, WordsForm
from schemas.incident import Answer, Cause, Certainty, Facts, IncidentFacts, Locale, Ongoing, Role, SensitiveArea
from schemas.law_facts import Sector

NOW = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)
BEFORE = "2026-11-01T06:00+01:00"
AFTER = "2026-11-09T06:00+01:00"


def form(**cards: dict[str, Any]) -> RespondForm:
    """A complete form, with some answers changed by card."""
    values: dict[str, dict[str, Any]] = {
        "happened": {
            "in_one_line": "A private area was readable.",
            "platform": "Discourse",
            "provider": "Tidewater",
            "learned_how": "the provider told us",
            "cause": "not yet known",
            "certainty": "a suspicion, not yet confirmed",
            "ongoing": "not known",
        },
        "when": {
            "aware_at": "2026-11-08T07:30:00+01:00",
            "platform_aware_at": "",
            "span_known": True,
            "leak_from": "2026-10-20T06:00:00+00:00",
            "leak_until": "2026-11-08T06:00:00+00:00",
        },
        "reach": {
            "areas": ["night-watch"],
            "profiles_exposed": "not known",
            "roster_export": "members.csv",
            "content_exports": ["chat.json"],
        },
        "organisation": {
            "name": "Harbor Watch",
            "established_in": "DE",
            "role": "controller: we decide why and how the data is used",
            "turnover_over_aud_3m": "no",
            "lead": "mara",
        },
    }
    merged = {name: card | cards.get(name, {}) for name, card in values.items()}
    return RespondForm.model_validate({"case_id": "harbor-2026", **merged})


def fact(name: FactName, value: str) -> FactForm:
    return FactForm(case_id="harbor-2026", fact=name, value=value, recorded_by="tomas", source="letter of 9 November")


def held(**cards: dict[str, Any]) -> Facts:
    return first_facts(form(**cards), NOW)


# --- the form


def test_the_first_facts_are_what_the_form_says() -> None:
    """Revision 1, recorded now by who leads, from the form; an empty time stays unknown."""
    facts = held()

    assert (facts.revision, facts.recorded_at, facts.recorded_by, facts.source) == (1, NOW, "mara", "the form")
    assert facts.incident.aware_at == datetime(2026, 11, 8, 6, 30, tzinfo=UTC)
    assert facts.incident.platform_aware_at is None
    assert facts.incident.areas == ("night-watch",)
    assert facts.incident.profiles_exposed is Answer.UNKNOWN


def test_the_platform_s_own_knowledge_is_a_moment() -> None:
    """When the platform knew is read with its zone."""
    incident = incident_of(form(when={"platform_aware_at": "2026-11-07T17:00+01:00"}))

    assert incident.platform_aware_at == datetime(2026, 11, 7, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-13-07T17:00Z", "2026-02-30T17:00+01:00", "2026-11-07T25:00Z", "2026-11-07T17:60Z"]
)
def test_a_time_that_does_not_exist_is_refused(text: str) -> None:
    """A thirteenth month has the shape of a time and is none: never today's date instead."""
    with pytest.raises(BadInput, match="cannot be read") as refused:
        incident_of(form(when={"platform_aware_at": text}))

    assert text not in str(refused.value)


@pytest.mark.parametrize("name", ["aware_at", "platform_aware_at", "leak_from", "leak_until"])
def test_a_time_that_has_not_come_is_named(name: str) -> None:
    """Each of the four times may not lie in the future, and the refusal says which one does."""
    later = {"leak_until": AFTER} if name == "leak_from" else {}

    with pytest.raises(BadInput, match=rf"^{name} lies in the future\.") as refused:
        first_facts(form(when=later | {name: AFTER}), NOW)

    assert "No case was opened" in str(refused.value)


def test_now_is_not_the_future() -> None:
    """A leak that lasts until this very moment is taken; one second more is not."""
    first_facts(form(when={"leak_until": NOW.isoformat()}), NOW)

    with pytest.raises(BadInput, match="leak_until"):
        first_facts(form(when={"leak_until": (NOW + timedelta(seconds=1)).isoformat()}), NOW)


def test_an_unknown_span_is_any_date() -> None:
    """When the span is not known its dates are not used: neither their order nor their future matters."""
    facts = held(when={"span_known": False, "leak_from": "2100-01-01T00:00Z", "leak_until": "2000-01-01T00:00Z"})

    assert not facts.incident.span_known


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    """A contradiction is said, and nothing is recorded."""
    with pytest.raises(BadInput, match="leak_until lies before leak_from") as refused:
        held(when={"leak_from": "2026-11-08T06:00:00+00:00", "leak_until": "2026-11-08T05:59:59+00:00"})

    assert refused.value.state == "Nothing was recorded."
    assert refused.value.__cause__ is None


# --- the inbox


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An inbox with one export in a folder, and a secret beside it."""
    (tmp_path / "secret.csv").write_text("not an export")
    folder = tmp_path / "inbox"
    (folder / "harbor").mkdir(parents=True)
    (folder / "harbor" / "members.csv").write_text("id\n")
    (folder / "out").symlink_to(tmp_path / "secret.csv")
    (folder / "outside").symlink_to(tmp_path)
    (folder / "in").symlink_to(folder / "harbor" / "members.csv")
    (folder / "round").symlink_to(folder / "about")
    (folder / "about").symlink_to(folder / "round")
    return folder


@pytest.mark.parametrize("name", ["harbor/members.csv", "./harbor/members.csv", "harbor/../harbor/members.csv", "in"])
def test_an_export_in_the_inbox_is_found(inbox: Path, name: str) -> None:
    """A name relative to the inbox leads to the file, by whatever way inside."""
    assert inbox_path(inbox, name) == inbox / "harbor" / "members.csv"


@pytest.mark.parametrize(
    "name",
    [
        "../secret.csv",
        "harbor/../../secret.csv",
        "..",
        "out",
        "outside/secret.csv",
        "/",
        "/etc/hostname",
        "//etc/hostname",
    ],
)
def test_nothing_outside_the_inbox_is_opened(inbox: Path, name: str) -> None:
    """Dots, absolute names and links that lead outside are refused, whether or not something is there."""
    with pytest.raises(BadInput, match="outside the inbox"):
        inside_inbox(inbox, name)
    with pytest.raises(BadInput, match="outside the inbox"):
        inbox_path(inbox, name)


@pytest.mark.parametrize("name", ["round", "round/members.csv", "harbor/mem\x00bers.csv", "\x00", "x" * 300])
def test_a_name_that_is_no_name_is_refused(inbox: Path, name: str) -> None:
    """Links in a circle, a NUL, a name too long: refused in our words, never an error of the system's."""
    with pytest.raises(BadInput) as refused:
        inbox_path(inbox, name)

    assert refused.value.__cause__ is None


@pytest.mark.parametrize("name", ["absent.csv", "harbor", "harbor/", ".", "harbor/members.csv/x"])
def test_a_missing_export_is_said_with_what_to_do(inbox: Path, name: str) -> None:
    """No file of that name: what is missing, that nothing was sent, and where to put it."""
    with pytest.raises(BadInput, match="is not in the inbox") as refused:
        inbox_path(inbox, name)

    assert name in refused.value.happened
    assert "nothing was sent" in refused.value.state
    assert "inbox" in refused.value.next_step


@given(st.lists(st.sampled_from(["..", ".", "harbor", "out", "outside", "a", "", "/", "\x00", "~", "…"]), max_size=6))
def test_whatever_is_named_stays_inside(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    """Any mixture of the dangerous parts is refused or leads to a place inside."""
    root = tmp_path_factory.getbasetemp() / "inbox-of-parts"
    root.mkdir(exist_ok=True)
    if not (root / "outside").is_symlink():
        (root / "outside").symlink_to(root.parent)

    try:
        path = inside_inbox(root, "/".join(parts))
    except BadInput:
        return
    assert Path(os.path.realpath(path)).is_relative_to(root.resolve())


# --- later facts

READABLE: dict[FactName, tuple[str, object]] = {
    FactName.AREAS: ("night-watch, galley ,, crew-room", ("night-watch", "galley", "crew-room")),
    FactName.SENSITIVE_AREAS: (
        "support-group=health, Vestry = belief",
        (
            SensitiveArea(area="support-group", category=DataType.HEALTH),
            SensitiveArea(area="Vestry", category=DataType.BELIEF),
        ),
    ),
    FactName.LEAK_FROM: ("2026-10-01T06:00+02:00", datetime(2026, 10, 1, 4, 0, tzinfo=UTC)),
    FactName.LEAK_UNTIL: ("2026-11-07T06:00:30Z", datetime(2026, 11, 7, 6, 0, 30, tzinfo=UTC)),
    FactName.AWARE_AT: ("2026-11-07T06:00+01:00", datetime(2026, 11, 7, 5, 0, tzinfo=UTC)),
    FactName.PLATFORM_AWARE_AT: ("2026-11-06T06:00+01:00", datetime(2026, 11, 6, 5, 0, tzinfo=UTC)),
    FactName.PROFILES_EXPOSED: ("no", Answer.NO),
    FactName.CAUSE: ("the platform caused it", Cause.PLATFORM),
    FactName.CERTAINTY: ("confirmed: data was exposed", Certainty.CONFIRMED),
    FactName.ONGOING: ("it has stopped", Ongoing.NO),
    FactName.ROSTER_EXPORT: ("second/members.csv", "second/members.csv"),
    FactName.CONTENT_EXPORTS: ("chat.json, galley.json,", ("chat.json", "galley.json")),
    FactName.TIME_ZONE: ("America/Los_Angeles", "America/Los_Angeles"),
    FactName.ESTABLISHED_IN: ("US-CA", "US-CA"),
    FactName.ROLE: ("processor: we hold it on behalf of somebody else", Role.PROCESSOR),
    FactName.PLATFORM_CONNECTION: ("discourse/harbor", "discourse/harbor"),
    FactName.ATTACK: ("yes", True),
    FactName.SMALL_AGENT: ("no", False),
    FactName.SECTORS: ("telecom, insurer_us", (Sector.TELECOM, Sector.INSURER_US)),
    FactName.RULE_PACK: ("0123456789ab", "0123456789ab"),
    FactName.POSTS: ("not known", Answer.UNKNOWN),
    FactName.DIRECT_MESSAGES: ("no", Answer.NO),
    FactName.ATTACHMENTS: ("yes", Answer.YES),
    FactName.MESSAGE_IDS: ("provider/messages.txt", "provider/messages.txt"),
    FactName.MEMBER_IDS: ("provider/members.txt", "provider/members.txt"),
    FactName.ATTACHMENT_IDS: ("provider/files.txt", "provider/files.txt"),
    FactName.EXPECTED: ("1200", 1200),
    FactName.ACCEPTED: ("0123456789ab: the old list has no addresses", "0123456789ab: the old list has no addresses"),
}
LISTS = {FactName.MESSAGE_IDS, FactName.MEMBER_IDS, FactName.ATTACHMENT_IDS}
ANY_NAME = {FactName.AREAS, FactName.ROSTER_EXPORT, FactName.CONTENT_EXPORTS, *LISTS}
"""Facts that are names: any line is one."""
CARDS = {"organisation", "law", "narrowing", "roster"}


def stated(incident: IncidentFacts) -> dict[str, object]:
    """Every fact by its name, those of the organisation among them."""
    plain = {name: value for name, value in incident if name not in CARDS}
    cards = (incident.organisation, incident.law, incident.narrowing, incident.roster)
    return plain | {name: value for card in cards for name, value in card}


@pytest.mark.parametrize("name", FactName, ids=lambda one: one.name)
def test_each_fact_changes_one_thing(name: FactName) -> None:
    """A new revision with one field changed, and who says so, from where, when."""
    text, meant = READABLE[name]
    before = held()

    after = next_facts(before, fact(name, text), NOW + timedelta(hours=1))

    was, now = stated(before.incident), stated(after.incident)
    assert now[name.name.lower()] == meant
    changed = {key for key in was if now[key] != was[key]}
    assert changed == {name.name.lower()}
    assert (after.revision, after.recorded_by, after.source) == (2, "tomas", "letter of 9 November")
    assert after.recorded_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize("name", [one for one in FactName if one not in ANY_NAME], ids=lambda one: one.name)
@pytest.mark.parametrize(
    "text", ["", "zq9nonsense", "YES", "2026", "2026-11-07", "2026-11-07T06:00", "1762588800", "now", "1e9"]
)
def test_a_fact_that_cannot_be_read_is_refused(name: FactName, text: str) -> None:
    """No guess: not a word, not a bare number, not a time without a zone; and the value is not repeated."""
    if name is FactName.EXPECTED and text.isdigit():
        return  # a number of members is a bare number
    with pytest.raises(BadInput) as refused:
        next_facts(held(), fact(name, text), NOW)

    assert "zq9nonsense" not in str(refused.value)
    assert "Nothing was recorded." in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("name", sorted(LISTS), ids=lambda one: one.name)
def test_a_list_of_ids_can_be_taken_back(name: FactName) -> None:
    """'none' says that there is no such list, so that everything counts again."""
    listed = next_facts(held(), fact(name, "provider/ids.txt"), NOW)
    assert listed.incident.narrowing.lists == ("provider/ids.txt",)
    assert next_facts(listed, fact(name, "none"), NOW).incident.narrowing.lists == ()


# Not in the IANA database: an invented one, a folder of it, a path, another case, and names too long or with a NUL.
NO_ZONES = ["Mars/Phobos", "Europe", "../etc/passwd", "/etc/passwd", "europe/berlin", "x" * 290, "UTC\x00", ""]


@pytest.mark.parametrize("zone", NO_ZONES)
def test_a_case_does_not_open_in_a_zone_that_does_not_exist(zone: str) -> None:
    """Deadlines end by the zone, so a name that IANA does not have is refused at once, by its field."""
    with pytest.raises(BadInput, match=r"^organisation\.time_zone ") as refused:
        held(organisation={"time_zone": zone})

    assert refused.value.state == "No case was opened and nothing was sent."
    assert refused.value.__cause__ is None
    assert not zone or zone not in str(refused.value).replace("Europe/Berlin", "")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC"])
def test_a_case_opens_in_a_zone_of_the_iana_database(zone: str) -> None:
    """Names of the IANA database are taken as they are."""
    assert held(organisation={"time_zone": zone}).incident.organisation.time_zone == zone


def test_a_zone_held_wrong_does_not_stand_in_the_way() -> None:
    """A case that holds a zone nobody has can be told other facts, and the right zone."""
    facts = held()
    wrong = facts.incident.organisation.model_copy(update={"time_zone": "Mars/Phobos"})
    stuck = facts.model_copy(update={"incident": facts.incident.model_copy(update={"organisation": wrong})})

    assert next_facts(stuck, fact(FactName.ONGOING, "it has stopped"), NOW).incident.ongoing is Ongoing.NO
    mended = next_facts(stuck, fact(FactName.TIME_ZONE, "Europe/Berlin"), NOW)
    assert mended.incident.organisation.time_zone == "Europe/Berlin"


def test_areas_may_become_unknown_again() -> None:
    """No area named means unknown, and unknown means all of them."""
    assert next_facts(held(), fact(FactName.AREAS, " , "), NOW).incident.areas == ()


@pytest.mark.parametrize("line", ["support-group", "support-group=email", "=health", "support-group=health2", "a=b=c"])
def test_a_sensitive_area_needs_one_of_the_categories(line: str) -> None:
    """On the form and later; the line itself is not repeated, for it may name people."""
    with pytest.raises(BadInput, match="support-group=health") as refused:
        first_facts(form(reach={"sensitive_areas": [line]}), NOW)
    assert line == "support-group" or f"{line} " not in str(refused.value)

    marked = held(reach={"sensitive_areas": ["a=b=health"]}).incident
    assert [one.area for one in marked.sensitive_areas] == ["a=b"]


def test_sensitive_areas_may_be_taken_back() -> None:
    """'none' is no area."""
    marked = held(reach={"sensitive_areas": ["vestry=belief"]})

    assert next_facts(marked, fact(FactName.SENSITIVE_AREAS, "none"), NOW).incident.sensitive_areas == ()


def test_a_member_list_keeps_a_name() -> None:
    """The list may be another file, but not none."""
    with pytest.raises(BadInput, match="roster_export"):
        next_facts(held(), fact(FactName.ROSTER_EXPORT, ""), NOW)


def test_sentences_are_written_anew() -> None:
    """The next revision has the new sentences in place of all old ones, and who wrote them; nothing else changes."""
    before = held()
    form = WordsForm(
        case_id="harbor-2026",
        own_words=[Words(locale=Locale.DE, what_happened="Ein Fehler."), Words(locale=Locale.EN)],
        recorded_by="tomas",
        source="asked for at the first gate",
    )

    after = next_words(before, form, NOW + timedelta(hours=1))

    assert [(words.locale, words.what_happened) for words in after.incident.own_words] == [
        (Locale.DE, "Ein Fehler."),
        (Locale.EN, ""),
    ]
    assert {key for key, value in before.incident if getattr(after.incident, key) != value} == {"own_words"}
    assert (after.revision, after.recorded_by, after.source) == (2, "tomas", "asked for at the first gate")
    assert after.recorded_at == NOW + timedelta(hours=1)
    assert next_words(after, form.model_copy(update={"own_words": []}), NOW).incident.own_words == ()


@pytest.mark.parametrize("name", [FactName.LEAK_FROM, FactName.LEAK_UNTIL], ids=lambda one: one.name)
def test_one_end_does_not_make_a_span_known(name: FactName) -> None:
    """While the span is unknown its other end is any date: one end alone must not narrow who is told."""
    unknown = held(when={"span_known": False, "leak_from": "2000-01-01T00:00Z", "leak_until": "2000-01-01T00:00Z"})

    with pytest.raises(BadInput, match="one end alone") as refused:
        next_facts(unknown, fact(name, BEFORE), NOW)
    assert "counts as reached" in refused.value.state

    both = next_facts(unknown, fact(name, f"{BEFORE}/2026-11-08T06:00+01:00"), NOW).incident
    assert both.span_known
    assert both.leak_from == datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
    assert both.leak_until == datetime(2026, 11, 8, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", [f"{BEFORE}/", f"/{BEFORE}", f"{BEFORE}/{BEFORE}/{BEFORE}", "a/b", "/"])
def test_a_span_needs_two_readable_ends(text: str) -> None:
    """Half a span is refused."""
    with pytest.raises(BadInput, match="cannot be read"):
        next_facts(held(when={"span_known": False}), fact(FactName.LEAK_FROM, text), NOW)


@pytest.mark.parametrize(
    "name", [FactName.LEAK_UNTIL, FactName.AWARE_AT, FactName.PLATFORM_AWARE_AT], ids=lambda one: one.name
)
def test_a_later_fact_may_not_lie_in_the_future_either(name: FactName) -> None:
    """The case is open: the refusal does not say that none was opened."""
    with pytest.raises(BadInput, match=f"{name.name.lower()} lies in the future") as refused:
        next_facts(held(), fact(name, AFTER), NOW)

    assert refused.value.state == "Nothing was recorded."


def test_a_later_fact_may_not_contradict() -> None:
    """An end before the beginning is refused as on the form."""
    with pytest.raises(BadInput, match="leak_until lies before leak_from"):
        next_facts(held(), fact(FactName.LEAK_UNTIL, "2026-10-01T06:00Z"), NOW)


@given(
    st.sampled_from(FactName),
    st.text(alphabet=st.characters(exclude_characters="@\r\n", exclude_categories=["Cs"]), max_size=40),
)
def test_a_refusal_never_repeats_the_value(name: FactName, text: str) -> None:
    """Whatever was typed as the new value, the refusal does not hold it: it could be about a member."""
    value = f"zq9{text}"[:300]
    try:
        next_facts(held(), fact(name, value), NOW)
    except BadInput as error:
        said = f"{error} {error!r}"
    else:
        # A connection is any pair of plain names: whether a block is called so is known only where it is loaded.
        assert name in ANY_NAME or name is FactName.PLATFORM_CONNECTION
        return
    assert "zq9" not in said
