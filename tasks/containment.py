"""Close areas and open them again, through whatever connection the form named."""

from prefect import get_run_logger
from prefect.runtime import task_run

from blocks.case_root import load_platform
from breach.current import current_of, facts_of
from breach.errors import CaseRefused
from breach.platforms.containment import apply_containment
from breach.platforms.lifting import lift_containment
from schemas.chronology import EntryKind
from schemas.incident import CaseRef
from schemas.receipt import Chapter, Receipt
from tasks import artifacts
from tasks.chapter import do_chapter, step
from tasks.desk import Desk, open_acting
from tasks.safety import RETRIES


@step("contain-areas")
def contain_areas(ref: CaseRef, *, again: bool = False) -> Receipt:
    """Close the areas, check from outside that they are closed; a platform that is busy is asked again.

    again: a person asks for it now, whatever was done before. A case that runs on leaves lifted areas alone.
    """
    desk = open_acting(ref)
    if not again and is_lifted(desk):
        get_run_logger().warning("the containment was lifted; it is left so. The deployment 'contain' closes again.")
        return current_of(desk.store).receipts[Chapter.CONTAIN.value]
    platform = load_platform(facts_of(desk.store).incident.platform_connection)
    # A cache may show a closed page for a while. After the last try it is written down as not verified.
    last_try = (task_run.run_count or 1) > RETRIES
    receipt = do_chapter(
        desk,
        Chapter.CONTAIN,
        lambda work: apply_containment(work, platform, desk.now(), accept_unverified=last_try),
        extra={"platform": platform.name} | ({"asked": desk.run_id} if again else {}),
    )
    artifacts.show_containment(desk, receipt)
    return receipt


@step("restore-areas")
def restore_areas(ref: CaseRef) -> Receipt:
    """Restore what still is as we set it; report the rest."""
    desk = open_acting(ref, closed_too=True)
    platform = load_platform(facts_of(desk.store).incident.platform_connection)
    applied = current_of(desk.store).receipts.get(Chapter.CONTAIN.value)
    if applied is None:
        raise CaseRefused(f"Nothing was closed in {ref.case_id}.", "Nothing was changed.", "There is nothing to lift.")
    receipt = do_chapter(
        desk,
        Chapter.CONTAIN,
        lambda work: lift_containment(work, platform, desk.now()),
        upstream={"contain": applied},
        extra={"lift": desk.run_id},
        name=_lift_of(applied),
    )
    desk.note(EntryKind.CONTAINMENT, "Containment was lifted where it still was ours.", counts=receipt.counts)
    get_run_logger().info("restored what still was as we had set it: %s", receipt.counts)
    return receipt


def is_lifted(desk: Desk) -> bool:
    """Whether the newest containment was taken back."""
    receipts = current_of(desk.store).receipts
    contained = receipts.get(Chapter.CONTAIN.value)
    return contained is not None and _lift_of(contained) in receipts


def _lift_of(contained: Receipt) -> str:
    return f"lift@{contained.revision}"
