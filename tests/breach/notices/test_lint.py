"""The machine checks: each must be able to fail."""

from dataclasses import replace

import pytest

from breach.errors import NoticeRefused
from breach.notices.lint import Draft, judge, rules, warnings_of
from breach.notices.render import sample_values
from breach.store import get_record
from schemas.incident import Locale
from schemas.notice import LintReport, Purpose
from schemas.recipients import Residence

from .conftest import SENDER, Press, everywhere, facts


def drafted(press: Press, variant: str) -> Draft:
    """A good draft, as it was frozen."""
    manifest = press.draft(everywhere())
    letter = press.letter(manifest, f"notice-{variant}")

    locale, residence = variant.split("-", 1)
    return Draft(
        name=f"notice-{variant}",
        locale=Locale(locale),
        residence=Residence(residence),
        purpose=Purpose.NOTICE,
        subject=letter.subject,
        html=letter.html,
        text=letter.text,
        values={},
        sample=sample_values(press.store, manifest, f"notice-{variant}"),
    )


def unmet(draft: Draft) -> set[str]:
    return {finding.rule for finding in judge(draft, facts(), SENDER) if not finding.met}


GOOD: dict[str, set[str]] = {"default": set(), "us-ca": {"CA-08", "CA-11"}, "us-ma": {"MA-04", "MA-05"}}
"""What no fact can answer stays a warning in every draft: police delay, services, parent company, addresses."""


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("residence", ["default", "us-ca", "us-ma"])
def test_our_own_letters_pass(press: Press, locale: str, residence: str) -> None:
    """Every shipped template meets every rule of its residence."""
    assert unmet(drafted(press, f"{locale}-{residence}")) == GOOD[residence]


@pytest.mark.parametrize(
    ("variant", "old", "new", "rule"),
    [
        ("en-default", "help@harbor.example", "somewhere", "ALL-01"),
        ("en-default", "<h2>What happened</h2>", "<h2>News</h2>", "ALL-02"),
        ("en-default", "<h2>What we have done</h2>", "<h2>Us</h2>", "ALL-04"),
        ("en-default", "We are sorry. You", "We take your security seriously. You", "ALL-05"),
        ("en-default", "never ask you for a password", "ask you for a password", "ALL-06"),
        ("en-default", "<p>You can also", '<p><a href="x">Log in</a> You can also', "ALL-06"),
        ("en-default", "You can also", "Ask eve@harbor.example. You can also", "ALL-07"),
        ("en-default", "You can also", "{{ 7*7 }} You can also", "ALL-07"),
        ("en-default", '<html lang="en">', '<html lang="de">', "ALL-08"),
        ("en-default", "You can also", "It may, might, possibly be so. You can also", "ALL-09"),
        ("en-default", "This is what people can do with such data:", "", "EU-34-03"),
        ("en-default", "We plan to write", "We write", "EU-34-04"),
        ("de-default", "Das können andere mit solchen Daten tun:", "", "EU-34-03"),
        ("en-us-ca", "<h1>Notice of Data Breach</h1>", "<h1>Notice of a Data Breach</h1>", "CA-01"),
        ("en-us-ca", "<h2>What We Are Doing</h2>", "<h2>What We Did</h2>", "CA-02"),
        ("en-us-ca", "font-size: 11pt", "font-size: 13px", "CA-03"),
        ("en-us-ca", "We are sorry.", "We are " + "very " * 40 + "sorry", "CA-04"),
        ("en-us-ca", "October 20, 2026", "the past", "CA-07"),
        ("en-us-ca", "Date of this notice:", "Date:", "CA-07"),
        ("en-us-ma", "We are sorry.", "The data was publicly visible.", "MA-01"),
        ("de-us-ma", "Es tut uns leid. Sie", "Ein Programmfehler war es. Sie", "MA-01"),
        ("en-us-ma", "We are sorry.", "It concerns 1,204 residents.", "MA-02"),
        ("en-us-ma", "right to obtain any police report", "right", "MA-03"),
        ("en-us-ma", "free of charge", "easy", "MA-04"),
        ("de-us-ma", "kostenlos", "einfach", "MA-04"),
    ],
)
def test_each_rule_can_fail(press: Press, variant: str, old: str, new: str, rule: str) -> None:
    """A letter changed in one place breaks the rule about that place."""
    draft = drafted(press, variant)
    broken = replace(draft, html=draft.html.replace(old, new), text=draft.text.replace(old, new))

    assert broken.html != draft.html
    before = [finding for finding in GOOD[draft.residence] if finding == rule]
    assert rule in unmet(broken)
    if not before:
        assert rule not in unmet(draft)


def test_californians_whose_numbers_leaked_are_told_of_the_credit_agencies(press: Press) -> None:
    """Civil Code 1798.82(d)(2)(F): only where a number or licence leaked, and then with every agency."""
    draft = drafted(press, "en-us-ca")
    cut = {tag: value.replace("888-397-3742", "") for tag, value in draft.sample.items()}
    without = get_record(
        press.store,
        press.draft(everywhere(types=["email address"])).personal_key.replace("personal.parquet", "lint.json"),
        LintReport,
    )

    assert "CA-10" in unmet(replace(draft, sample=cut))
    assert not {"CA-10", "CA-11"} & {finding.rule for finding in without.findings}


def test_a_subject_of_two_lines_is_refused(press: Press) -> None:
    """A subject is a header: one line, printable."""
    draft = replace(drafted(press, "en-default"), subject="Hello\r\nBcc: eve")

    assert "FORM-01" in unmet(draft)


def test_an_unmet_must_stops_the_notices(press: Press) -> None:
    """Errors refuse with the rule and the variant; warnings are sentences for the gate."""
    draft = replace(drafted(press, "en-us-ma"), html="<html lang='en'></html>")
    with pytest.raises(NoticeRefused, match="MA-03 in notice-en-us-ma"):
        warnings_of(LintReport(findings=judge(draft, facts(), SENDER)))


def test_what_was_checked_is_kept(press: Press) -> None:
    """lint.json lists the rules that were met as well, for whoever asks later."""
    manifest = press.draft([{}])
    report = get_record(press.store, manifest.personal_key.replace("personal.parquet", "lint.json"), LintReport)

    assert {"ALL-01", "ALL-02", "ALL-03", "ALL-04", "EU-34-01", "EU-34-03"} <= {f.rule for f in report.findings}


def test_every_rule_as_data_speaks_every_language() -> None:
    """A rule without an expression for one language would silently pass there."""
    for rule in rules():
        for held in (rule.section, rule.must, rule.ban):
            assert not held or set(held) == set(Locale), rule.id
        assert rule.must or rule.ban, rule.id
