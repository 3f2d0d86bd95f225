"""Machine checks of a letter against what law and decency ask of it. Rules as data stand in rules.yaml."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

import yaml
from pydantic import Field

from breach.errors import NoticeRefused
from breach.exposure.taxonomy import words_in
from breach.notices.context import local_day
from breach.notices.engine import TEMPLATES
from breach.notices.page import Page, one_spaced, read_page
from breach.notices.personal import TAG
from breach.notices.render import fill
from schemas.base import Record
from schemas.exposure import DataType
from schemas.incident import Certainty, Facts, Locale
from schemas.notice import LintFinding, LintReport, Purpose, Sender, Severity
from schemas.recipients import Residence

CALIFORNIA_TITLE = "Notice of Data Breach"
CALIFORNIA_HEADINGS = [
    "What Happened",
    "What Information Was Involved",
    "What We Are Doing",
    "What You Can Do",
    "For More Information",
]
SMALLEST_POINTS = 10.0
LONGEST_SENTENCE = 40  # words; plain-language guides ask for fewer, own words need some room
ADDRESS = re.compile(r"[^\s<>()\"']+@[^\s<>()\"',;]+\w")


@cache
def agency_phones() -> tuple[str, ...]:
    """The toll-free numbers in agencies.j2."""
    return tuple(re.findall(r"\d{3}-\d{3}-\d{4}", (TEMPLATES / "agencies.j2").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Draft:
    """One variant before it is frozen. Never printed with its values."""

    name: str
    locale: Locale
    residence: Residence
    purpose: Purpose
    subject: str
    html: str
    text: str
    values: dict[str, dict[str, str]]
    """Token -> tag -> value."""
    sample: dict[str, str]

    def __repr__(self) -> str:
        """The variant's name and size."""
        return f"Draft({self.name}, {len(self.values)} readers)"


class Rule(Record):
    """One entry of rules.yaml."""

    id: str
    says: str
    severity: Severity
    residences: tuple[Residence, ...] = tuple(Residence)
    purposes: tuple[Purpose, ...] = (Purpose.NOTICE,)
    section: dict[Locale, str] = Field(default_factory=dict)
    must: dict[Locale, str] = Field(default_factory=dict)
    ban: dict[Locale, str] = Field(default_factory=dict)
    at_most: int = Field(default=0, ge=0)
    only_confirmed: bool = False


@cache
def rules() -> tuple[Rule, ...]:
    """The rules that are data."""
    held = yaml.safe_load((Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8"))
    return tuple(Rule.model_validate(entry) for entry in held)


def judge(draft: Draft, facts: Facts, sender: Sender) -> tuple[LintFinding, ...]:
    """Every rule that concerns this variant, met or not, on the letter as an invented person would read it."""
    page, text = read_page(fill(draft.html, draft.sample)), one_spaced(fill(draft.text, draft.sample))
    confirmed = facts.incident.certainty is Certainty.CONFIRMED
    by_data = (
        LintFinding(
            rule=rule.id, variant=draft.name, met=_met(rule, draft, page, text), severity=rule.severity, says=rule.says
        )
        for rule in rules()
        if draft.residence in rule.residences and draft.purpose in rule.purposes
        if confirmed or not rule.only_confirmed
    )
    by_form = (
        LintFinding(rule=name, variant=draft.name, met=met, severity=severity, says=says)
        for name, severity, met, says in _form_checks(draft, facts, sender, page, text)
    )
    return (*by_data, *by_form)


def warnings_of(report: LintReport) -> tuple[str, ...]:
    """Sentences for the gate. Raises NoticeRefused when a rule that law makes a must is not met."""
    unmet = [finding for finding in report.findings if not finding.met]
    errors = [finding for finding in unmet if finding.severity is Severity.ERROR]
    if errors:
        named = "; ".join(f"{finding.rule} in {finding.variant}: {finding.says}" for finding in errors)
        raise NoticeRefused(
            f"{len(errors)} rules of content are not met. {named}",
            "The notices were not frozen; nothing was sent.",
            "Correct the own words, the facts or the template; lint.json lists every rule.",
        )
    return tuple(f"{finding.rule} in {finding.variant}: {finding.says}" for finding in unmet)


def _met(rule: Rule, draft: Draft, page: Page, text: str) -> bool:
    """Both forms must meet it; a section is looked up in the HTML, whose headings are marked as such."""
    parts = [page.below(rule.section[draft.locale])] if rule.section else [f"{draft.subject} {page.text}", text]
    must, ban = rule.must.get(draft.locale), rule.ban.get(draft.locale)
    says = all(re.search(must, part, re.IGNORECASE | re.DOTALL) for part in parts) if must else True
    keeps = all(len(re.findall(ban, part, re.IGNORECASE)) <= rule.at_most for part in parts) if ban else True
    return says and keeps


Check = tuple[str, Severity, bool, str]


def _form_checks(draft: Draft, facts: Facts, sender: Sender, page: Page, text: str) -> Iterator[Check]:
    """Checks of form, which no expression can make."""
    both = (page.text, text)
    told = all(one_spaced(sender.name) in part and sender.contact in part for part in both)
    yield "ALL-01", Severity.ERROR, told, "Who we are and one working contact (also EU-34-02)."
    yield "ALL-07", Severity.ERROR, _nobody_else(draft, sender, text), "No address of anybody but us, no open tag."
    yield "ALL-06", Severity.ERROR, page.links == 0, "Nothing in the page can be clicked."
    yield "ALL-08", Severity.ERROR, page.lang.startswith(draft.locale), "The page names the language it is written in."
    plain = "\n" not in draft.subject and draft.subject.isprintable() and 0 < len(draft.subject) <= 200
    yield "FORM-01", Severity.ERROR, plain, "The subject is one line of printable characters."
    size = min(page.font_points, default=0.0)
    sizes = "Text of 10 points at least."
    if draft.purpose is Purpose.NOTICE:
        yield "ALL-03", Severity.ERROR, _types_named(draft, page), "The data of this reader is named, in both forms."
        yield "ALL-04", Severity.ERROR, page.steps > 0, "What to do is a list of actions."
    if draft.residence is Residence.US_CA and draft.purpose is Purpose.NOTICE:
        yield from _californian(draft, facts, page, both)
    yield ("CA-03" if draft.residence is Residence.US_CA else "FORM-02"), Severity.ERROR, size >= SMALLEST_POINTS, sizes
    if draft.residence is Residence.US_MA and draft.purpose is Purpose.NOTICE:
        yield (
            "MA-05",
            Severity.WARNING,
            False,
            "Name a parent or affiliated corporation, if there is one: no fact says.",
        )
        yield "MA-04", Severity.WARNING, False, "Look up the three agencies' addresses again before sending."


def _californian(draft: Draft, facts: Facts, page: Page, both: Sequence[str]) -> Iterator[Check]:
    incident = facts.incident
    yield "CA-01", Severity.ERROR, page.headings(1) == [CALIFORNIA_TITLE], 'The title is "Notice of Data Breach".'
    yield "CA-02", Severity.ERROR, page.headings(2) == CALIFORNIA_HEADINGS, "The five headings, in this order."
    longest = max((len(words.split()) for text in page.paragraphs for words in re.split(r"[.:;!?]\s", text)), default=0)
    yield "CA-04", Severity.ERROR, longest <= LONGEST_SENTENCE, "Plain language: no sentence of more than 40 words."
    yield "CA-05", Severity.ERROR, bool(page.below("For More Information")), "Name and contact of the business."
    involved = page.below("What Information Was Involved")
    yield "CA-06", Severity.ERROR, all(word in involved for word in _data_words(draft)), "The types of information."
    happened = page.below("What Happened")
    day = local_day(facts, incident.leak_from, draft.locale, draft.residence)
    dated = not incident.span_known or day in happened
    notice_day = re.search(r"(Date of this notice|Datum dieser Nachricht): \S", both[0]) is not None
    yield "CA-07", Severity.ERROR, dated and notice_day, "The date of the breach, if known, and of the notice."
    words = words_in(draft.locale)
    if any(words[kind] in involved for kind in (DataType.SSN, DataType.DRIVERS_LICENSE)):
        reachable = all(phone in part for phone in agency_phones() for part in both)
        yield "CA-10", Severity.ERROR, reachable, "How to reach the three credit agencies: numbers or licences leaked."
        offer = "Offer 12 months of identity theft prevention, free, if the breach was yours: no fact says."
        yield "CA-11", Severity.WARNING, False, offer
    yield "CA-08", Severity.WARNING, False, "Say whether law enforcement delayed the notice: no fact says."


def _nobody_else(draft: Draft, sender: Sender, text: str) -> bool:
    """Content before filling: ours is the only address, and what looks like a template is none."""
    contents = (draft.subject, draft.html, draft.text)
    addresses = {found for content in contents for found in ADDRESS.findall(content)} - {sender.contact}
    strange = any(mark in content for content in contents for mark in ("{{", "{%"))
    return not addresses and not strange and not TAG.search(text)


def _types_named(draft: Draft, page: Page) -> bool:
    words = _data_words(draft)
    return bool(words) and all(word in page.text for word in words)


def _data_words(draft: Draft) -> list[str]:
    """The sample's data, and what it can mean, in the reader's words: its plain lists."""
    found = [re.findall(r"<li>([^<]+)</li>", value) for tag, value in draft.sample.items() if tag in draft.html]
    return [unescape(word) for items in found for word in items]
