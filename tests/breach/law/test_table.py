"""The duties as a person reads them."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.law.table import duties_table
from breach.law.words import place_name, plain, say_time
from schemas.law import DutyList


def test_the_most_urgent_stands_first(duties_of: Callable[..., DutyList]) -> None:
    """Due before ask counsel before the rest; within due the nearest hour first, the undated after the dated."""
    rows = duties_table(duties_of({"DE": 4, "AU": 2, "BR": 1, "US-CA": 9}))
    assert rows[0]["rule"] == "EU-GDPR-33-1 (EU)"
    assert rows[0]["by when"].startswith("Wed 11 Nov 2026, 19:30 (UTC+01:00): 72 hours")
    assert rows[0]["UTC"] == "Wed 11 Nov 2026, 18:30 (UTC)"
    order = ["due", "ask counsel", "may become due", "voluntary", "proposed", "does not apply"]
    places = [order.index(row["status"]) for row in rows]
    assert places == sorted(places)
    due = [row["UTC"] for row in rows if row["status"] == "due"]
    assert due.index("") == sum(1 for utc in due if utc)
    assert len(rows) == len(duties_of({"DE": 4, "AU": 2, "BR": 1, "US-CA": 9}).duties)


def test_a_working_date_is_not_dressed_as_law(duties_of: Callable[..., DutyList]) -> None:
    """Brazil's assumed date says that it is one."""
    rows = [row for row in duties_table(duties_of({"BR": 1})) if row["rule"].startswith("BR-LGPD-48-A")]
    assert "not a legal deadline" in rows[0]["by when"]


def test_hostile_words_in_a_promise_stay_words(duties_of: Callable[..., DutyList]) -> None:
    """No markup, no HTML, no live link in a cell."""
    rows = duties_table(duties_of({"DE": 1}, promises=("<script>x</script> [a](https://b) | ![i](x)",)))
    why = next(row["why"] for row in rows if row["rule"].startswith("PROMISE"))
    assert "<" not in why
    assert "](" not in why.replace("\\](", "")
    assert "https://" not in why


@pytest.mark.parametrize(
    ("given_words", "shown"),
    [
        ("a\r\n# b", "a \\# b"),
        ("{{7*7}}", "{{7\\*7}}"),
        ("x\u202egpj.exe", "xgpj.exe"),
        ("a & b <i>", "a &amp; b &lt;i&gt;"),
        ("see WWW.example and http://x", "see WWW\\.example and http\\://x"),
        ("=cmd|'/c'", "\\=cmd\\|'/c'"),
        ("1. a", "1\\. a"),
        ("30-day clock", "30-day clock"),
        ("مرحبا 🙂", "مرحبا 🙂"),
    ],
)
def test_words_are_shown_and_not_obeyed(given_words: str, shown: str) -> None:
    """One line, markup and HTML written out, turning characters gone, other scripts untouched."""
    assert plain(given_words) == shown


@given(st.text())
def test_no_words_make_a_second_line_or_a_tag(words: str) -> None:
    """Whatever the words."""
    shown = plain(words)
    assert shown.isprintable() or not any(c in shown for c in "\r\n\x00\u2028\u2029\u0085")
    assert "<" not in shown
    assert len(shown.splitlines()) <= 1


def test_times_and_places_are_said_in_full() -> None:
    """With weekday, zone and country."""
    moment = datetime(2026, 12, 1, 4, 5, tzinfo=UTC)
    assert say_time(moment) == "Tue 1 Dec 2026, 04:05 (UTC)"
    assert say_time(moment, ZoneInfo("America/New_York")) == "Mon 30 Nov 2026, 23:05 (UTC-05:00)"
    assert say_time(moment, ZoneInfo("Asia/Kathmandu")) == "Tue 1 Dec 2026, 09:50 (UTC+05:45)"
    assert (place_name("JP"), place_name("US-NY"), place_name("QQ-X")) == (
        "Japan (JP)",
        "United States, NY (US-NY)",
        "QQ-X",
    )
