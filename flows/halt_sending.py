"""Stop the line, and let it go on: on its own pool, so that it never queues behind a sender."""

from prefect import flow

from schemas.forms import HaltForm
from schemas.incident import CaseRef
from tasks.halting import halt, lift
from tasks.safety import pii_safe


@flow(name="halt-sending")
@pii_safe
def halt_sending(stop: HaltForm) -> tuple[CaseRef, ...]:
    """Stop sending for this case before its next chunk. What was handed to the mailer cannot be called back here.

    Args:
        stop: Which case, who stops it, and why.
    """
    return halt(stop)


@flow(name="lift-halt")
@pii_safe
def lift_halt(resume: HaltForm) -> tuple[CaseRef, ...]:
    """Lift a halt after somebody has looked; then start send-wave again.

    Args:
        resume: Which case, who lifts it, and why.
    """
    return lift(resume)
