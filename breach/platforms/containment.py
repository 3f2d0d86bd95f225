"""The chapter that closes areas: snapshot, plan, apply, verify. Each step is written down before the next.

containment/<rev>/areas/<n>.json     one area as it was found; a busy platform is read on from here
containment/<rev>/snapshot.json      the state before anything was touched
containment/<rev>/plan.json          what will be done, and checklist.md, the same for people
containment/<rev>/intents/NNN/KK.json   right before a change: what it replaces
containment/<rev>/actions/NNN.json   right after it was verified: settled, never done again
containment/<rev>/result.json        the main object
"""

from collections import Counter
from datetime import datetime

from breach.digest import digest_bytes, digest_record
from breach.errors import Conflict, PlatformBusy
from breach.platforms.bookkeeping import folder, hands_off, intend, last_intent, require_zone, write_once
from breach.platforms.checklist import checklist
from breach.platforms.lifting import lift_containment
from breach.platforms.platform import Platform
from breach.steps import Work
from breach.store import get_record, put_record, put_same
from schemas.containment import (
    Action,
    ActionKind,
    ActionRecord,
    ActionState,
    AreaState,
    ContainmentPlan,
    ContainmentResult,
    Measures,
    PlatformSnapshot,
    SiteState,
)
from schemas.incident import Answer
from schemas.receipt import Chapter, Receipt

__all__ = ["apply_containment", "lift_containment", "plan_containment"]

NOTHING_ELSE = Measures()


def plan_containment(work: Work, platform: Platform, measures: Measures = NOTHING_ELSE) -> Receipt:
    """Snapshot and plan; changes nothing on the platform. A plan that exists is returned as it is.

    Raises PlatformBusy (call again: areas already read are not read again), BadInput (an unknown area, a wrong key),
    Conflict (the revision was planned with other measures or for another platform).
    """
    plan = _planned(work, platform, measures)
    key = f"{folder(work)}/plan.json"
    counts = {"planned": len(plan.actions), "minutes": plan.minutes}
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.CONTAIN,
        revision=work.revision,
        key=key,
        digest=digest_record(plan),
        counts=counts,
    )


def apply_containment(
    work: Work,
    platform: Platform,
    at: datetime,
    measures: Measures = NOTHING_ELSE,
    *,
    accept_unverified: bool = False,
) -> Receipt:
    """Carry the plan out (planning first where there is none), action by action, each verified and written once.

    at: when this run acts, with a zone. accept_unverified: an action that was made but does not show yet is recorded
    as not verified instead of raising PlatformBusy; for the last of several tries.
    Raises what plan_containment raises; calling again continues behind the last action that was written.
    """
    require_zone(at)
    plan = _planned(work, platform, measures)
    key = f"{folder(work)}/result.json"
    if work.store.get(key) is None:
        for action in plan.actions:
            if work.store.get(_action_key(work, action)) is None:
                record = _carry_out(work, platform, action, at, accept_unverified=accept_unverified)
                write_once(work.store, _action_key(work, action), record)
        put_record(work.store, key, _result(work, plan))
    result = get_record(work.store, key, ContainmentResult)
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.CONTAIN,
        revision=work.revision,
        key=key,
        digest=digest_record(result),
        counts={
            "planned": result.planned,
            "applied": result.states.get(ActionState.APPLIED, 0),
            "already_closed": result.states.get(ActionState.ALREADY, 0),
            "by_hand": result.states.get(ActionState.BY_HAND, 0),
            "planned_only": result.states.get(ActionState.PLANNED_ONLY, 0),
            "verified": result.verified,
            "not_verified": len(result.not_verified),
        },
    )


def _planned(work: Work, platform: Platform, measures: Measures) -> ContainmentPlan:
    key = f"{folder(work)}/plan.json"
    if work.store.get(key) is None:
        snapshot = _snapshot(work, platform)
        plan = _plan(work, platform, snapshot, measures)
        put_same(work.store, f"{folder(work)}/checklist.md", checklist(plan).encode())
        put_record(work.store, key, plan)
    plan = get_record(work.store, key, ContainmentPlan)
    if plan.measures != measures or plan.platform != platform.name:
        raise Conflict(
            f"Containment {work.revision} was planned with other measures or for another platform.",
            "Nothing was changed by this call; the plan stands.",
            "Record the new fact: a new revision is then planned beside it.",
        )
    return plan


def _snapshot(work: Work, platform: Platform) -> PlatformSnapshot:
    """Reads on where a busy platform stopped it; what is stored was read before anything was touched, and wins."""
    key = f"{folder(work)}/snapshot.json"
    if work.store.get(key) is None:
        areas = []
        for n, ref in enumerate(platform.inventory(work.facts.incident.areas), start=1):
            part = f"{folder(work)}/areas/{n:05d}.json"
            held = work.store.get(part)
            area = AreaState.model_validate_json(held.data) if held else None
            if area is None or area.ref != ref:
                area = platform.read_area(ref)
                if held is None:
                    write_once(work.store, part, area)
            areas.append(area)
        site: SiteState = platform.read_site()
        write_once(work.store, key, PlatformSnapshot(platform=platform.name, areas=tuple(areas), site=site))
    return get_record(work.store, key, PlatformSnapshot)


def _plan(work: Work, platform: Platform, snapshot: PlatformSnapshot, measures: Measures) -> ContainmentPlan:
    said = f"{work.case.case_id}\n{measures.announcement_title}\n{measures.announcement}"
    actions = platform.plan(
        snapshot,
        measures,
        files=work.facts.incident.profiles_exposed is not Answer.NO,
        reference=f"case-{digest_bytes(said.encode())[:40]}",
    )
    pace = platform.changes_per_minute
    return ContainmentPlan(
        case_id=work.case.case_id,
        mode=work.case.mode,
        platform=platform.name,
        is_imitation=platform.is_imitation,
        by_hand=platform.by_hand,
        snapshot=digest_record(snapshot),
        measures=measures,
        actions=actions,
        minutes=-(-len(actions) // pace) if pace else 0,
        notes=_notes(work, platform, snapshot, actions),
    )


def _notes(work: Work, platform: Platform, snapshot: PlatformSnapshot, actions: tuple[Action, ...]) -> tuple[str, ...]:
    areas = work.facts.incident.areas
    closing = sum(action.kind is ActionKind.CLOSE_AREA and action.before != action.after for action in actions)
    notes = []
    if not areas:
        notes.append(
            f"The areas reached are not known, so every area that everyone can read is closed: {closing}."
            if not platform.by_hand
            else "The areas reached are not known, so every area that everyone can read must be closed."
        )
    elif len(snapshot.areas) > len(areas):
        notes.append(f"{len(areas)} areas were named; with what they contain it is {len(snapshot.areas)}.")
    if platform.is_imitation:
        notes.append("This is the local imitation of a platform: nothing real is closed.")
    elif platform.by_hand:
        notes.append("Every action is done by hand; nothing is verified automatically.")
    elif hands_off(work, platform):
        notes.append("A rehearsal never touches a real platform: the actions are planned only.")
    return tuple(notes)


def _carry_out(
    work: Work, platform: Platform, action: Action, at: datetime, *, accept_unverified: bool
) -> ActionRecord:
    if platform.by_hand or hands_off(work, platform):
        state = ActionState.BY_HAND if platform.by_hand else ActionState.PLANNED_ONLY
        found = digest_bytes(action.before.encode())
        return ActionRecord(
            action=action, state=state, before_digest=found, after_digest=found, verified=False, applied_at=at
        )
    outcome = platform.apply(action, lambda before, after: intend(work, action, before, after))
    probe = platform.verify(action)
    if not probe.as_wanted and not accept_unverified:
        raise PlatformBusy(
            f"Action {action.n} was made, but does not show yet: {probe.path} answers {probe.status}.",
            "The actions before it are settled; a cache may serve the old page for a minute.",
            "Run it again; it looks again. If it stays so, close it by hand and tell the provider.",
        )
    intent = last_intent(work.store, work.revision, action.n)
    return ActionRecord(
        action=action,
        # An intent without a settled action: an earlier run made the change and was killed before it could say so.
        state=ActionState.APPLIED if intent else ActionState.ALREADY,
        before_digest=digest_bytes((intent.before if intent else outcome.value).encode()),
        after_digest=digest_bytes(outcome.value.encode()),
        probe_after=probe,
        verified=probe.as_wanted,
        applied_at=at,
    )


def _action_key(work: Work, action: Action) -> str:
    return f"{folder(work)}/actions/{action.n:03d}.json"


def _result(work: Work, plan: ContainmentPlan) -> ContainmentResult:
    done = [get_record(work.store, _action_key(work, action), ActionRecord) for action in plan.actions]
    return ContainmentResult(
        case_id=work.case.case_id,
        platform=plan.platform,
        snapshot=plan.snapshot,
        plan=digest_record(plan),
        planned=len(plan.actions),
        states=dict(Counter(record.state for record in done)),
        verified=sum(record.verified for record in done),
        not_verified=tuple(record.action.title for record in done if not record.verified),
        notes=plan.notes,
    )
