"""Opening areas again: a comparison, not an undo. Only what still is as we set it is put back; the rest is reported."""

from collections import Counter
from datetime import datetime

from breach.digest import digest_record
from breach.errors import BadInput
from breach.platforms.bookkeeping import folder, hands_off, last_intent, require_zone, write_once
from breach.platforms.platform import Platform
from breach.steps import Work
from breach.store import CaseStore, get_record, put_record
from schemas.containment import ActionRecord, ActionState, ContainmentPlan, LiftRecord, LiftResult, LiftState
from schemas.receipt import Chapter, Receipt

TO_TAKE_BACK = {ActionState.APPLIED, ActionState.BY_HAND}


def lift_containment(work: Work, platform: Platform, at: datetime) -> Receipt:
    """Take back every action of this case that is not taken back yet, whichever revision made it, latest first.

    Writes containment/<rev>/lifted/<name>.json per action and lifted.json as the main object. at: with a zone.
    Raises PlatformBusy (call again: it continues), BadInput (a wrong key, or another platform than the one closed).
    """
    require_zone(at)
    key = f"{folder(work)}/lifted.json"
    if work.store.get(key) is None:
        for name, record in _to_take_back(work):
            own = f"{folder(work)}/lifted/{name}.json"
            if work.store.get(own) is None:
                write_once(work.store, own, _take_back(work, platform, name, record, at))
        put_record(work.store, key, _result(work, platform))
    result = get_record(work.store, key, LiftResult)
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.CONTAIN,
        revision=work.revision,
        key=key,
        digest=digest_record(result),
        counts={state.name.lower(): result.states.get(state, 0) for state in LiftState},
    )


def _to_take_back(work: Work) -> list[tuple[str, ActionRecord]]:
    """Name and record, latest first: two revisions that changed one thing are unwound like a stack."""
    settled = {
        record.name
        for key, record in _lifted(work.store)
        if record.state is LiftState.RESTORED and not key.startswith(f"{folder(work)}/")
    }
    found = []
    for key in work.store.keys("containment/"):
        _, revision, kind, *rest = [*key.split("/"), ""]
        if kind != "actions":
            continue
        record = get_record(work.store, key, ActionRecord)
        name = f"{revision}-{rest[0].removesuffix('.json')}"
        if record.state in TO_TAKE_BACK and name not in settled:
            found.append((name, record))
    return sorted(found, key=lambda one: (one[1].applied_at, one[1].action.n, one[0]), reverse=True)


def _lifted(store: CaseStore) -> list[tuple[str, LiftRecord]]:
    keys = [key for key in store.keys("containment/") if key.split("/")[2] == "lifted"]
    return [(key, get_record(store, key, LiftRecord)) for key in keys]


def _take_back(work: Work, platform: Platform, name: str, record: ActionRecord, at: datetime) -> LiftRecord:
    revision = name.split("-", maxsplit=1)[0]
    state = _restored(work, platform, revision, record)
    return LiftRecord(name=name, revision=revision, action=record.action, state=state, lifted_at=at)


def _restored(work: Work, platform: Platform, revision: str, record: ActionRecord) -> LiftState:
    if record.state is ActionState.BY_HAND or platform.by_hand:
        return LiftState.BY_HAND
    closed_through = get_record(work.store, f"containment/{revision}/plan.json", ContainmentPlan).platform
    if closed_through != platform.name:
        raise BadInput(
            f"The areas were closed through '{closed_through}', not through '{platform.name}'.",
            "Nothing was opened by this call.",
            "Lift the containment through the same platform block, or through the manual checklist.",
        )
    if hands_off(work, platform):
        return LiftState.PLANNED_ONLY
    intent = last_intent(work.store, revision, record.action.n)
    if intent is None:
        return LiftState.ALREADY
    return platform.restore(record.action, intent.before, intent.after)


def _result(work: Work, platform: Platform) -> LiftResult:
    own = [record for key, record in _lifted(work.store) if key.startswith(f"{folder(work)}/")]
    return LiftResult(
        case_id=work.case.case_id,
        platform=platform.name,
        states=dict(Counter(record.state for record in own)),
        left=tuple(_left(record) for record in own if record.state not in {LiftState.RESTORED, LiftState.ALREADY}),
    )


def _left(record: LiftRecord) -> str:
    return f"{record.action.title}: {record.state}. To take back: {record.action.inverse}"
