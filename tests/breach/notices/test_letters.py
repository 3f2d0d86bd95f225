"""What the letters say, and what they must not say."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from breach.errors import NoticeRefused
from breach.notices.page import read_page
from breach.notices.render import preview, preview_html
from schemas.incident import Answer, Cause, Certainty, Locale, Ongoing, OwnWords
from schemas.notice import Measure, UpdateText, UpdateWords
from schemas.recipients import ListNotes

from .conftest import Press, everywhere, facts


def test_california_gets_its_title_and_headings(press: Press) -> None:
    """Civil Code 1798.82(d): the title, the five headings in order, in both languages; text of 10 points or more."""
    manifest = press.draft(everywhere())

    for variant in ("notice-en-us-ca", "notice-de-us-ca"):
        page = read_page(preview_html(press.store, manifest, variant))
        assert page.headings(1) == ["Notice of Data Breach"]
        assert page.headings(2) == [
            "What Happened",
            "What Information Was Involved",
            "What We Are Doing",
            "What You Can Do",
            "For More Information",
        ]
        assert min(page.font_points) >= 10
    text = preview(press.store, manifest, "notice-en-us-ca")
    assert "Date of this notice: November 9, 2026" in text
    assert "from October 20, 2026 to November 8, 2026" in " ".join(text.split())


def test_massachusetts_is_not_told_the_nature_of_the_breach(press: Press) -> None:
    """M.G.L. 93H s.3(b): neither what happened nor how many; the police report, the free freeze and how to get it."""
    own = tuple(OwnWords(locale=locale, what_happened="A bug served our area to strangers.") for locale in Locale)
    manifest = press.draft(everywhere(), [Measure.AREAS_CLOSED], own_words=own)

    for variant in ("notice-en-us-ma", "notice-de-us-ma"):
        text = " ".join(preview(press.store, manifest, variant).split())
        for secret in ("bug", "night-watch", "Harbor Board", "Boardworks", "October", "Oktober", "closed the areas"):
            assert secret not in text
        for agency in ("Equifax", "Experian", "TransUnion", "Social Security number"):
            assert agency in text
    english = " ".join(preview(press.store, manifest, "notice-en-us-ma").split())
    assert "right to obtain any police report" in english
    assert "free of charge" in english
    assert any("MA-01" in warning for warning in manifest.warnings)


def test_dates_stand_in_the_readers_language_and_the_organisations_zone(press: Press) -> None:
    """23:30 in Greenwich is the next day in Berlin; English dates cannot be misread, German ones are German."""
    manifest = press.draft(everywhere())

    english = " ".join(preview(press.store, manifest, "notice-en-default").split())
    german = " ".join(preview(press.store, manifest, "notice-de-default").split())
    assert "from 20 October 2026 to 8 November 2026" in english
    assert "vom 20. Oktober 2026 bis zum 8. November 2026" in german
    assert "night-watch" in english
    assert "night-watch" in german


def test_the_six_parts_are_there_with_advice_above_what_we_did(press: Press) -> None:
    """What happened, what was exposed for you, what to do, what we did, what the platform does, apology."""
    manifest = press.draft(everywhere())

    page = read_page(preview_html(press.store, manifest, "notice-en-default"))
    assert page.headings(2) == [
        "What happened",
        "What was exposed for you",
        "What this can mean for you",
        "What you should do",
        "What we have done",
        "What the platform is doing",
        "We are sorry",
        "Questions",
    ]
    assert page.lang == "en"
    assert page.links == 0


def test_the_first_action_depends_on_what_leaked(press: Press) -> None:
    """A card number sends the reader to the bank; an address alone warns of false messages."""
    manifest = press.draft([{"types": ["email address", "payment card number"]}, {"types": ["email address"]}])

    values = press.values(manifest)
    html = press.letter(manifest, "notice-en-default").html
    box = re.search(r'class="first"><strong>Do this first:</strong> (%\w+%)', html)
    assert box
    firsts = [values[token][box.group(1)] for token in sorted(values)]
    assert sorted(firsts) == [
        "Call the company that issued your payment card.",
        "Distrust messages about this incident.",
    ]


def test_only_proven_measures_are_claimed(press: Press) -> None:
    """Without proof in the case, the letter does not say that areas were closed or the provider asked."""
    bare = press.draft([{}])
    proven = press.draft([{}], [Measure.PROVIDER_ASKED, Measure.AREAS_CLOSED])

    before, after = (preview(press.store, manifest, "notice-en-default") for manifest in (bare, proven))
    assert "closed the areas" not in before
    assert "asked Boardworks in writing" not in " ".join(before.split())
    assert "closed the areas" in after
    assert "asked Boardworks in writing" in " ".join(after.split())


def test_what_is_unknown_is_said(press: Press) -> None:
    """Unknown cause, span, areas, end and records each get a sentence of their own."""
    manifest = press.draft(
        [{}, {"locale": "de"}],
        cause=Cause.UNKNOWN,
        span_known=False,
        areas=(),
        ongoing=Ongoing.UNKNOWN,
        profiles_exposed=Answer.UNKNOWN,
    )

    english = " ".join(preview(press.store, manifest, "notice-en-default").split())
    for sentence in (
        "We do not know the cause yet.",
        "We do not know yet when it began and when it ended",
        "We do not know yet whether it has stopped.",
        "We do not know yet which areas it concerns",
        "We do not know yet whether member records could be reached",
    ):
        assert sentence in english
    assert "October" not in english
    assert "Neither you nor another member" not in english


def test_a_suspicion_is_called_one(press: Press) -> None:
    """Nothing is stated as fact that is only suspected, from the subject to the apology."""
    manifest = press.draft(everywhere(), certainty=Certainty.SUSPICION)

    letter = press.letter(manifest, "notice-en-default")
    text = " ".join(preview(press.store, manifest, "notice-en-default").split())
    assert "may have been exposed" in letter.subject
    assert "This is a suspicion. It is not confirmed yet." in text
    assert "would be exposed if the suspicion is right" in text
    assert "Das ist ein Verdacht." in preview(press.store, manifest, "notice-de-default")


@pytest.mark.parametrize(
    ("ongoing", "says"),
    [
        (Ongoing.YES, "within reach since 20 October 2026, and still was when we wrote this"),
        (Ongoing.NO, "It has stopped."),
        (Ongoing.UNKNOWN, "We do not know yet whether it has stopped."),
    ],
)
def test_whether_it_goes_on_is_said_as_known(press: Press, ongoing: Ongoing, says: str) -> None:
    """A leak that still goes on is not given an end."""
    manifest = press.draft([{}], ongoing=ongoing)

    assert says in " ".join(preview(press.store, manifest, "notice-en-default").split())


def test_a_member_caused_leak_does_not_blame_the_platform(press: Press) -> None:
    """The cause decides whom the letter names; it never tells the reader that nobody among us did it."""
    manifest = press.draft([{}, {"locale": "de"}], cause=Cause.MEMBER)

    text = " ".join(preview(press.store, manifest, "notice-en-default").split())
    assert "somebody in our community caused this" in text
    assert "Neither you nor another member" not in text


def test_own_words_appear_only_in_their_language(press: Press) -> None:
    """English sentences do not reach German readers, who get the template's, and the gate learns of it."""
    own = (OwnWords(locale=Locale.EN, what_happened="A fault showed <b>our</b> area.\n\nWe saw it on Sunday."),)
    manifest = press.draft([{}, {"locale": "de"}], own_words=own)

    english, german = (press.letter(manifest, f"notice-{locale}-default") for locale in ("en", "de"))
    assert '<p dir="auto">A fault showed &lt;b&gt;our&lt;/b&gt; area.</p>' in english.html
    assert "We saw it on Sunday." in english.text
    assert "Sunday" not in german.html + german.text
    assert "Personenbezogene Daten" in german.text
    assert any("no own words in 'de'" in warning for warning in manifest.warnings)


def test_the_dates_follow_own_words(press: Press) -> None:
    """Own words replace the description, never the dates and areas."""
    own = (OwnWords(locale=Locale.EN, what_happened="A fault of the software showed our area to strangers for days."),)
    manifest = press.draft([{}], own_words=own)

    assert "from 20 October 2026" in " ".join(preview(press.store, manifest, "notice-en-default").split())


def test_a_link_in_own_words_is_refused(press: Press) -> None:
    """The letter says that it has no link, so it may have none; what was checked can be read in lint.json."""
    own = (OwnWords(locale=Locale.EN, what_happened="Read more at https://harbor.example/incident about it."),)

    with pytest.raises(NoticeRefused, match="ALL-06 in notice-en-default"):
        press.draft([{}], own_words=own)
    assert any(key.endswith("lint.json") for key in press.store.keys("notices/"))
    assert not any(key.endswith("manifest.json") for key in press.store.keys("notices/"))


def test_an_empty_phrase_is_a_warning(press: Press) -> None:
    """'We take your security seriously' goes out only after somebody at the gate has seen it named."""
    own = (OwnWords(locale=Locale.EN, what_we_have_done="We take your security seriously."),)
    manifest = press.draft([{}], own_words=own)

    assert any(warning.startswith("ALL-05 in notice-en-default") for warning in manifest.warnings)


def test_the_gate_learns_who_reads_in_a_foreign_language(press: Press) -> None:
    """Counts for each language not written, and Quebec by name."""
    manifest = press.draft([{}], notes=ListNotes(other_languages={"fr": 12, "pt": 3}, quebec=5))

    warnings = " ".join(manifest.warnings)
    assert "12 recipients asked for the language 'fr'" in warnings
    assert "5 recipients live in Quebec" in warnings
    assert "French" in warnings


def test_the_gate_learns_of_fields_that_hold_no_language(press: Press) -> None:
    """They are counted in words of their own: 'another' is nobody's language."""
    manifest = press.draft([{}], notes=ListNotes(other_languages={"another": 4, "fr": 1}))

    warnings = " ".join(manifest.warnings)
    assert "4 recipients wrote no known language" in warnings
    assert "1 recipients asked for the language 'fr'" in warnings
    assert "'another'" not in warnings


def test_a_list_of_nobody_has_no_letter_and_says_so(press: Press) -> None:
    """Nobody on the list: no variant is written, and the gate reads why."""
    manifest = press.draft([])

    assert manifest.variants == ()
    assert "Nobody can be told by e-mail." in manifest.warnings
    assert press.values(manifest) == {}
    assert "Nobody can be told by e-mail." not in press.draft([{}]).warnings


def test_an_unknown_time_zone_is_refused(press: Press) -> None:
    """A date that cannot be placed is not replaced by another one."""
    organisation = facts().incident.organisation.model_copy(update={"time_zone": "Berlin"})
    with pytest.raises(NoticeRefused, match="time zone"):
        press.draft([{}], organisation=organisation)


NEWS = UpdateText(
    number=1,
    written_on=date(2026, 11, 16),
    words=(UpdateWords(locale=Locale.EN, what_is_new="The fault is mended.", what_to_do="Log in again."),),
    next_update_on=date(2026, 11, 23),
)


def test_an_update_is_shown_in_the_language_there_is(press: Press) -> None:
    """A German reader gets English news with a German word about it, rather than none or a false 'nothing new'."""
    manifest = press.update(everywhere(), NEWS)

    german = preview(press.store, manifest, "update-001-de-default")
    assert "The fault is mended." in german
    assert "Auf Deutsch haben wir das noch nicht." in german
    assert "23. November 2026" in german
    assert '<p dir="auto" lang="en">The fault is mended.</p>' in press.letter(manifest, "update-001-de-default").html
    assert any("update-001-de-default read the news in 'en'" in warning for warning in manifest.warnings)


def test_an_update_for_massachusetts_keeps_the_nature_out(press: Press) -> None:
    """There is news, and what it is stays out of the letter."""
    manifest = press.update(everywhere(), NEWS)

    text = preview(press.store, manifest, "update-001-en-us-ma")
    assert "There is news." in text
    assert "mended" not in text


def test_an_update_without_news_says_so(press: Press) -> None:
    """The promise to write is kept without inventing anything; the last one promises nothing."""
    manifest = press.update([{}], UpdateText(number=4, written_on=date(2026, 12, 7)), "update-004")

    text = " ".join(preview(press.store, manifest, "update-004-en-default").split())
    assert "nothing new" in text
    assert "This is the last update we planned." in text


def test_an_update_refuses_the_notices_list(press: Press) -> None:
    """A list built for another message would tell the wrong people under used names."""
    with pytest.raises(NoticeRefused, match="not built for update-001"):
        press.update([{}], NEWS, "notice")


def test_times_with_other_zones_are_one_moment(press: Press) -> None:
    """The same moment in another zone makes the same letter."""
    moved = datetime(2026, 10, 20, 6, 0, tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo"))
    one, other = press.draft([{}]), press.draft([{}], leak_from=moved)

    assert preview(press.store, one, "notice-en-default") == preview(press.store, other, "notice-en-default")
