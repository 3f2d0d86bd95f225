"""Looks from outside on the case's own schedule: laid at run time on a deployment without a schedule of its own."""

from datetime import timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.schedules import RRuleSchedule
from prefect.exceptions import ObjectAlreadyExists

from schemas.chronology import EntryKind
from schemas.forms import ProbeForm
from tasks.desk import Desk

DEPLOYMENT = "re-probe/re-probe"


def schedule_probes(desk: Desk, form: ProbeForm) -> None:
    """Put the looks on the case's own schedule, in the place of an earlier one: named after the case, with an end."""
    first = desk.now() + timedelta(hours=form.every_hours)
    rule = f"DTSTART:{first:%Y%m%dT%H%M%S}\nRRULE:FREQ=HOURLY;INTERVAL={form.every_hours};COUNT={form.times}"
    once = form.model_copy(update={"every_hours": 0})
    wanted = DeploymentScheduleCreate(
        schedule=RRuleSchedule(rrule=rule, timezone="UTC"),
        parameters={"probe": once.model_dump(mode="json")},
        slug=_slug(desk),
    )
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(DEPLOYMENT)
        for schedule in deployment.schedules:
            if schedule.slug == wanted.slug:
                client.delete_deployment_schedule(deployment.id, schedule.id)
        try:
            client.create_deployment_schedules(deployment.id, [wanted])
        except ObjectAlreadyExists:  # another run was quicker: its schedule stands
            return
    desk.note(
        EntryKind.PROBED,
        f"{form.times} looks from outside, every {form.every_hours} hours, the first on {first:%Y-%m-%d %H:%M} UTC.",
        actor=form.by,
    )


def end_probes(desk: Desk) -> None:
    """A closed case is not looked at any more: its schedule is switched off."""
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(DEPLOYMENT)
        for schedule in deployment.schedules:
            if schedule.slug == _slug(desk) and schedule.active:
                client.update_deployment_schedule(deployment.id, schedule.id, active=False)


def _slug(desk: Desk) -> str:
    return f"{desk.ref.case_id}-probe"
