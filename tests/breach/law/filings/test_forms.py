"""The forms against the laws they answer: what each article or section lists has a field of its own."""

import re

import pytest

from breach.errors import LawUnknown
from breach.law.catalog import load_catalog
from breach.law.filings.catalog import FilingForm, form_for, load_forms, read_data
from breach.law.filings.fill import FILLERS
from schemas.filing import AnswerName

FORMS = {form.name: form for form in load_forms()}

LISTED = {
    # Art. 33(3): (a) nature, categories and number of people, categories and number of records; (b) the contact point;
    # (c) the consequences; (d) measures taken or proposed.
    "gdpr": {
        "Art. 33(3)(a)": {"nature", "people_kinds", "people_count", "record_kinds", "record_count"},
        "Art. 33(3)(b)": {"controller", "contact"},
        "Art. 33(3)(c)": {"consequences"},
        "Art. 33(3)(d)": {"taken", "planned"},
    },
    # s 26WK(3): identity and contact details; description; kinds of information; recommended steps.
    "au": {
        "s 26WK(3)(a)": {"organisation", "contact"},
        "s 26WK(3)(b)": {"nature"},
        "s 26WK(3)(c)": {"record_kinds"},
        "s 26WK(3)(d)": {"recommendations"},
    },
    # Art. 15(1) of the Data Protection Ordinance, letters a to g.
    "ch": {
        "Art. 15(1)(a) DPO": {"nature"},
        "Art. 15(1)(b) DPO": {"span"},
        "Art. 15(1)(c) DPO": {"record_kinds", "record_count"},
        "Art. 15(1)(d) DPO": {"people_kinds", "people_count"},
        "Art. 15(1)(e) DPO": {"consequences"},
        "Art. 15(1)(f) DPO": {"taken", "planned"},
        "Art. 15(1)(g) DPO": {"contact"},
    },
    # Regulation respecting confidentiality incidents, section 3, paragraphs 1 to 11; the business number and the cause
    # only "if any" and "if known".
    "ca-qc": {
        "s. 3(1)": {"organisation"},
        "s. 3(2)": {"contact"},
        "s. 3(3)": {"record_kinds"},
        "s. 3(4)": {"nature"},
        "s. 3(5)": {"span"},
        "s. 3(6)": {"aware"},
        "s. 3(7)": {"people_count", "people_here"},
        "s. 3(8)": {"risk"},
        "s. 3(9)": {"telling"},
        "s. 3(10)": {"taken", "planned"},
        "s. 3(11)": {"others"},
    },
    # 1798.82(f): a single sample copy, and nothing else.
    "us-ca": {"1798.82(f)": {"sample"}},
}


@pytest.mark.parametrize(("form", "cite"), [(form, cite) for form, cites in LISTED.items() for cite in cites])
def test_what_the_law_lists_is_the_minimum(form: str, cite: str) -> None:
    """Each letter of the list has exactly its fields, and they are part of the legal minimum."""
    assert {field.field for field in FORMS[form].all_fields() if field.minimum and field.cite == cite} == LISTED[form][
        cite
    ]


@pytest.mark.parametrize("form", ["gdpr", "gb-ico", "br"])
def test_a_late_report_is_asked_for_its_reasons(form: str) -> None:
    """Art. 33(1) of both GDPRs and Art. 48 par. 1 V LGPD: the reasons of the delay, only when there is one."""
    (delay,) = [field for field in FORMS[form].all_fields() if field.field == "delay"]
    assert (delay.when, delay.minimum, delay.answer) == ("late", True, AnswerName.DELAY)
    assert FORMS[form].reasons_for_delay


def test_the_californian_form_asks_what_the_attorney_generals_page_asks() -> None:
    """Section 1 the sample; section 2 dates of breach, of discovery, of notice, and the type of information."""
    labels = [field.label.casefold() for field in FORMS["us-ca"].all_fields()]
    for asked in (
        "sample copy of the notice",
        "organisation name",
        "date(s) of breach",
        "date(s) of discovery of breach",
        "date(s) individual notice provided to consumers",
        "type of personal information involved in the breach",
        "law enforcement",
    ):
        assert any(asked in label for label in labels), asked


def test_the_brazilian_form_holds_the_lists_of_article_48() -> None:
    """LGPD Art. 48 par. 1, I to VI, and what Resolution 15/2024 adds: minors, controller, officer, processor, total."""
    minimum = [field for field in FORMS["br"].all_fields() if field.minimum]
    cited = " ".join(field.cite for field in minimum)
    assert all(f"par. 1, {number}" in cited for number in ("I", "II", "III", "IV", "V", "VI"))
    assert {"minors", "controller", "dpo", "processor", "people_total", "aware"} <= {field.field for field in minimum}


def test_every_rule_of_a_form_is_a_duty_towards_an_authority() -> None:
    """No form answers a rule that is not held, or that tells somebody else."""
    catalog = load_catalog()
    for form in FORMS.values():
        for rule in form.rules:
            assert catalog.by_id[rule].recipient.value == "authority", rule


def test_every_state_with_a_report_to_its_attorney_general_has_a_form() -> None:
    """The general form speaks for each rule US-xx-AG; California has its own."""
    rules = [rule.id for rule in load_catalog().rules if re.fullmatch(r"US-[A-Z]{2}-AG\d?", rule.id)]
    assert len(rules) > 45
    found = {rule: form_for(rule) for rule in rules}
    assert [rule for rule, form in found.items() if form is None] == []
    assert {form.name for rule, form in found.items() if form and rule != "US-CA-AG"} == {"us-state"}


def test_forms_and_fillers_need_each_other() -> None:
    """No form names a filler or a statement that does not exist, and none of them is there for nobody."""
    fields = [field for form in FORMS.values() for field in form.all_fields()]
    assert {field.source for field in fields if field.source} == set(FILLERS)
    assert {field.answer for field in fields if field.answer} == set(AnswerName)
    assert [field.field for field in fields if not field.source and not field.answer] == []


def test_a_follow_up_clock_is_a_rule_that_is_held() -> None:
    """Where a form takes the date of a follow-up from a rule, the pack has it."""
    named = {form.follow_up.rule for form in FORMS.values()} - {""}
    assert named == {"EU-GDPR-33-4", "BR-LGPD-48-FU"}
    assert named <= set(load_catalog().by_id)


@pytest.mark.parametrize("page", [b"title: only", b"- a list", b"\xff\xfe", b"title: x\nsurprise: y"])
def test_a_form_that_cannot_be_read_stops_the_drafting(page: bytes) -> None:
    """A missing or unknown key, or bytes that are no page: an error that names the file, never a shorter report."""
    with pytest.raises(LawUnknown, match=r"broken\.yaml"):
        read_data("broken.yaml", page, FilingForm, name="broken")
