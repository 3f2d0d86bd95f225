"""Close areas and open them again, through whatever connection the form named."""

from prefect import get_run_logger
from prefect.runtime import task_run

from blocks.case_root import load_platform
from breach.current import current_of, facts_of
from breach.platforms.containment import apply_containment
from breach.platforms.lifting import lift_containment
from schemas.chronology import EntryKind
from schemas.incident import CaseRef
from schemas.receipt import Chapter, Receipt
from tasks import artifacts
from tasks.chapter import do_chapter, step
from tasks.desk import open_acting
from tasks.safety import RETRIES


@step("contain-areas")
def contain_areas(ref: CaseRef) -> Receipt:
    """Close the areas, check from outside that they are closed; a platform that is busy is asked again."""
    desk = open_acting(ref)
    platform = load_platform(facts_of(desk.store).incident.platform_connection)
    # A cache may show a closed page for a while. After the last try it is written down as not verified.
    last_try = (task_run.run_count or 1) > RETRIES
    receipt = do_chapter(
        desk,
        Chapter.CONTAIN,
        lambda work: apply_containment(work, platform, desk.now(), accept_unverified=last_try),
        extra={"platform": platform.name},
    )
    artifacts.show_containment(desk, receipt)
    return receipt


@step("restore-areas")
def restore_areas(ref: CaseRef) -> Receipt:
    """Restore what still is as we set it; report the rest."""
    desk = open_acting(ref, closed_too=True)
    platform = load_platform(facts_of(desk.store).incident.platform_connection)
    applied = current_of(desk.store).receipts[Chapter.CONTAIN.value]
    receipt = do_chapter(
        desk,
        Chapter.CONTAIN,
        lambda work: lift_containment(work, platform, desk.now()),
        upstream={"contain": applied},
        extra={"lift": desk.run_id},
        name="lift",
    )
    desk.note(EntryKind.CONTAINMENT, "Containment was lifted where it still was ours.", counts=receipt.counts)
    get_run_logger().info("restored what still was as we had set it: %s", receipt.counts)
    return receipt
