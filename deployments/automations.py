"""What the Prefect server does by itself: it marks a run as crashed whose process has fallen silent.

Without it a run whose machine is gone stays Running for ever. It only marks: what was sent is known from the ledger,
and a case is started again by a person. Prefect's own server brings no such automation.
"""

from datetime import timedelta

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification

from deployments.home import HEARTBEAT_SECONDS

NAME = "breach: crash silent runs"
HEARTBEAT = "prefect.flow-run.heartbeat"
SILENCE = timedelta(seconds=5 * HEARTBEAT_SECONDS)
"""Five heartbeats missed. Fewer would call a machine dead that is only busy; no sender waits for this."""


def crash_automation() -> AutomationCore:
    """After a heartbeat, nothing more of that run within SILENCE: its state becomes Crashed.

    Expected is any event of the run, so that every way to end or to wait disarms it: the final states under whatever
    name (a timeout is `TimedOut`), and `Suspended` or `Paused`, in which a run at a gate stays for days.
    """
    return AutomationCore(
        name=NAME,
        description="A run that sends no heartbeat any more is marked as crashed. Start its case again: it continues.",
        enabled=True,
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            for_each={"prefect.resource.id"},
            after={HEARTBEAT},
            expect={"prefect.flow-run.*"},
            threshold=1,
            within=SILENCE,
        ),
        actions=[
            ChangeFlowRunState(
                name=None,
                state=StateType.CRASHED,
                force=False,
                message="Its process fell silent. Start the case again: it continues.",
            )
        ],
    )


def install_automations(client: SyncPrefectClient) -> None:
    """Make the automation, or put it back as it should be; two starts leave one, also after a person's edit."""
    wanted = crash_automation()
    held = [found for found in client.read_automations_by_name(NAME) if found.name == NAME]
    for extra in held[1:]:
        client.delete_automation(extra.id)
    if not held:
        client.create_automation(wanted)
    elif _as_core(held[0]) != wanted:
        client.update_automation(held[0].id, wanted)


def _as_core(held: Automation) -> AutomationCore:
    """What was asked for, without what the server adds."""
    return AutomationCore.model_validate(held.model_dump(include=set(AutomationCore.model_fields)))
