"""Decide duties."""

from breach.law.catalog import rule_pack_hash
from breach.law.decide import decide_duties as decide
from schemas.incident import CaseRef
from schemas.receipt import Chapter, Receipt
from tasks import artifacts
from tasks.chapter import do_chapter, step
from tasks.desk import open_acting


@step("decide-duties")
def decide_duties(ref: CaseRef, exposures: Receipt) -> Receipt:
    """Which duties this exposure creates, and when each falls due."""
    desk = open_acting(ref)
    receipt = do_chapter(
        desk,
        Chapter.DUTIES,
        lambda work: decide(work, exposures),
        upstream={"exposures": exposures},
        rule_pack=rule_pack_hash(),
    )
    artifacts.show_duties(desk, receipt)
    return receipt
