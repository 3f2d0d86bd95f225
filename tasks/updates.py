"""Follow-ups: promised on a schedule, written to exactly the people told before."""

from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.schedules import RRuleSchedule
from prefect.exceptions import ObjectAlreadyExists
from prefect.runtime import flow_run

from breach.basis import FIRST, pointer
from breach.current import case_key, current_of, facts_of
from breach.digest import digest_bytes, digest_record
from breach.errors import CaseRefused
from breach.notices.draft import draft_update as draft
from breach.recipients.build import build_update_list, lists_of
from breach.sending.books import notified_tokens
from breach.updates import claim_update, claimed_updates, next_promised
from schemas.chronology import EntryKind
from schemas.forms import UpdateForm
from schemas.incident import CaseRef
from schemas.notice import UpdateClaim, UpdateText, UpdateWords
from schemas.receipt import Chapter, Receipt
from tasks import artifacts
from tasks.chapter import do_chapter, step
from tasks.desk import Desk, open_acting
from tasks.notices import sender_of, validate_recipients
from tasks.opening import reference
from tasks.runs import tag_run

DEPLOYMENT = "security-update/security-update"


@step("name-update")
def name_update(form: UpdateForm) -> tuple[CaseRef, str]:
    """Which case and which message: a scheduled day or a person's run has one number, however often it runs."""
    ref = reference(form.case_id, form.mode)
    tag_run(ref)
    desk = open_acting(ref)
    if FIRST not in desk.ledger.messages.of_case(ref.case_id):
        raise CaseRefused(
            f"Nobody has been told in {ref.case_id} yet, so there is nobody to update.",
            "Nothing was written or sent.",
            "Finish breach-response for this case first.",
        )
    claim = claim_update(desk.store, _slot(), form.number, desk.now().date())
    return ref, f"update-{claim.number:03d}"


@step("list-people-told")
def list_people_told(ref: CaseRef, message: str) -> Receipt:
    """Exactly the people whose notice counts as told, under new tokens."""
    desk = open_acting(ref)
    listed = current_of(desk.store).receipts["recipients"]
    lists = lists_of(desk.store, FIRST, listed.key)
    told = notified_tokens(desk.store, desk.ledger, ref.case_id, FIRST, now=desk.now())
    key = case_key(desk.store)
    receipt = do_chapter(
        desk,
        Chapter.RECIPIENTS,
        lambda work: build_update_list(work, message, lists, told, case_key=key, validate=validate_recipients),
        upstream={"recipients": listed},
        extra={
            "told": digest_bytes("\n".join(sorted(told)).encode()),
            "lists": digest_bytes("\n".join(lists).encode()),
            "message": message,
        },
        name=pointer("recipients", message),
    )
    artifacts.show_recipients(desk, receipt)
    return receipt


@step("draft-update")
def draft_update(ref: CaseRef, message: str, form: UpdateForm, recipients: Receipt) -> Receipt:
    """What is new, in each language it was written in; without news, truthfully that there is none."""
    desk = open_acting(ref)
    sender = sender_of(desk)
    text = _text(desk, _claim(desk, message), form)
    receipt = do_chapter(
        desk,
        Chapter.NOTICES,
        lambda work: draft(work, recipients, text, sender),
        upstream={"recipients": recipients},
        extra={"text": digest_record(text), "sender": digest_record(sender)},
        name=pointer("notices", message),
    )
    artifacts.show_notices(desk, receipt)
    return receipt


def schedule_updates(desk: Desk) -> None:
    """Put the promised rhythm on the case's own schedule: named after the case, with an end, once."""
    plan = facts_of(desk.store).incident.sending
    first = desk.now() + timedelta(days=plan.update_after_days)
    rule = f"DTSTART:{first:%Y%m%dT%H%M%S}\nRRULE:FREQ=DAILY;INTERVAL={plan.update_after_days};COUNT={plan.updates}"
    form = UpdateForm(case_id=desk.ref.case_id, mode=desk.ref.mode, number=0)
    wanted = DeploymentScheduleCreate(
        schedule=RRuleSchedule(rrule=rule, timezone="UTC"),
        parameters={"update": form.model_dump(mode="json")},
        slug=f"{desk.ref.case_id}-1",
    )
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(DEPLOYMENT)
        if wanted.slug not in {schedule.slug for schedule in deployment.schedules}:
            try:
                client.create_deployment_schedules(deployment.id, [wanted])
            except ObjectAlreadyExists:  # another run of the last wave was quicker: the schedule is there
                return
    desk.note(
        EntryKind.SCHEDULED,
        f"{plan.updates} updates promised, every {plan.update_after_days} days, the first on {first:%Y-%m-%d}.",
        once="updates-scheduled",
    )


def end_updates(desk: Desk) -> None:
    """A closed case promises nothing more: its schedule is switched off."""
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(DEPLOYMENT)
        for schedule in deployment.schedules:
            if schedule.slug == f"{desk.ref.case_id}-1" and schedule.active:
                client.update_deployment_schedule(deployment.id, schedule.id, active=False)


def _slot() -> str:
    """What this run stands for: its scheduled day, or itself when a person started it."""
    run_id = UUID(str(flow_run.id))
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(run_id)
    if run.auto_scheduled and run.expected_start_time:
        return f"scheduled-{run.expected_start_time:%Y-%m-%d}"
    return str(run_id)


def _claim(desk: Desk, message: str) -> UpdateClaim:
    number = int(message.removeprefix("update-"))
    return next(claim for claim in claimed_updates(desk.store) if claim.number == number)


def _text(desk: Desk, claim: UpdateClaim, form: UpdateForm) -> UpdateText:
    plan = facts_of(desk.store).incident.sending
    promised = (entry.at.date() for entry in desk.entries() if entry.kind is EntryKind.SCHEDULED)
    promised_on = next(promised, claim.claimed_on)
    return UpdateText(
        number=claim.number,
        written_on=claim.claimed_on,
        words=tuple(UpdateWords(**news.model_dump()) for news in form.news),
        next_update_on=next_promised(promised_on, claim.claimed_on, plan.update_after_days, plan.updates),
    )
