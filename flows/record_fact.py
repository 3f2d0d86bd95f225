"""What becomes known later: one fact, or one paper sent by hand."""

from prefect import flow

from schemas.forms import FactForm, MappingForm, TickForm, WordsForm
from schemas.incident import CaseRef
from tasks.alerts import alert_failure
from tasks.law import recompute_duties
from tasks.opening import add_fact, replace_mapping, replace_words, tick
from tasks.safety import pii_safe


@flow(name="record-fact", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def record_fact(fact: FactForm) -> CaseRef:
    """Record one new fact. The duties are decided again at once, the rest when the case runs on; approvals are void.

    Args:
        fact: What has become known, from where, and who says so.
    """
    case = add_fact(fact)
    recompute_duties(case)
    return case


@flow(name="revise-words", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def revise_words(words: WordsForm) -> CaseRef:
    """Write your own sentences anew, as when a gate has said 'revise'; then start the case again.

    Args:
        words: The sentences that replace those before.
    """
    return replace_words(words)


@flow(name="revise-mapping", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def revise_mapping(mapping: MappingForm) -> CaseRef:
    """Correct what columns of the member list hold; then start the case again, and it is read anew.

    Args:
        mapping: The corrections that replace those before.
    """
    return replace_mapping(mapping)


@flow(name="tick-paper", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def tick_paper(paper: TickForm) -> CaseRef:
    """Tick off a first-hour paper that was sent by hand.

    Args:
        paper: Which paper, who sent it, when.
    """
    return tick(paper)
