"""A platform without an API that can do this: the same plan, carried out by a person."""

from breach.errors import BadInput
from breach.platforms.platform import ActionOutcome, BeforeWrite
from schemas.containment import (
    Action,
    ActionKind,
    AreaRef,
    AreaState,
    LiftState,
    Measures,
    PlatformSnapshot,
    Probe,
    Reversible,
    SiteState,
)

EVERYTHING = "every area that everyone can read"


class ManualPlatform:
    """Nothing is asked, changed or verified. Satisfies breach.platforms.platform.Platform."""

    by_hand = True
    is_imitation = False
    changes_per_minute = 0

    def __init__(self, name: str = "manual checklist") -> None:
        """Name: how the platform is called in the checklist."""
        self.name = name

    def inventory(self, areas: tuple[str, ...]) -> tuple[AreaRef, ...]:
        """The areas as they were named: whether they exist, nobody can check from here."""
        return tuple(AreaRef(area_id=area, slug=area, path="") for area in areas or (EVERYTHING,))

    def read_area(self, ref: AreaRef) -> AreaState:
        """Nothing is known of it."""
        return AreaState(ref=ref, permissions=None, open_to_all=None)

    def read_site(self) -> SiteState:
        """Nothing is known of it."""
        return SiteState()

    def plan(
        self, snapshot: PlatformSnapshot, measures: Measures, *, files: bool, reference: str
    ) -> tuple[Action, ...]:
        """The same order as on any platform, in words. The reference goes into the announcement's action."""
        drafts = [_close(area.ref.slug) for area in snapshot.areas]
        if files:
            drafts.append(_change("exported files", "Take exported files off every public address", "public address"))
        if measures.login_required:
            drafts.append(_change("login", "Let nobody read without logging in", "access rule"))
        if measures.announcement:
            drafts.append(_announce(measures, reference))
        if measures.read_only:
            read_only = _change("read-only", "Make the whole platform read-only, as the last step", "writing rule")
            drafts.append(read_only.model_copy(update={"kind": ActionKind.READ_ONLY}))
        return tuple(draft.model_copy(update={"n": n}) for n, draft in enumerate(drafts, start=1))

    def apply(self, action: Action, before_write: BeforeWrite) -> ActionOutcome:  # noqa: ARG002 - fits the protocol
        """Raises BadInput: a person does it."""
        raise _for_a_person(action)

    def verify(self, action: Action) -> Probe:
        """Raises BadInput: a person looks."""
        raise _for_a_person(action)

    def announce(self, title: str, text: str, reference: str) -> bool:  # noqa: ARG002 - fits the protocol
        """False: a person publishes it."""
        return False

    def restore(self, action: Action, before: str, after: str) -> LiftState:  # noqa: ARG002 - fits the protocol
        """By hand."""
        return LiftState.BY_HAND


def _for_a_person(action: Action) -> BadInput:
    return BadInput(
        f"Action {action.n} can only be carried out by hand.", "Nothing was changed.", "Follow the checklist."
    )


def _close(area: str) -> Action:
    return Action(
        n=1,
        kind=ActionKind.CLOSE_AREA,
        target=area,
        title=f"Close {area} to everyone but staff"
        if area == EVERYTHING
        else f"Close area {area} to everyone but staff",
        before="not known",
        after="staff only",
        reversible=Reversible.YES,
        inverse="Give every group exactly the rights written down before.",
    )


def _change(target: str, title: str, what: str) -> Action:
    return Action(
        n=1,
        kind=ActionKind.CHANGE_SETTING,
        target=target,
        title=title,
        before="not known",
        after="changed",
        reversible=Reversible.YES,
        inverse=f"Put the {what} back as written down before.",
    )


def _announce(measures: Measures, reference: str) -> Action:
    return Action(
        n=1,
        kind=ActionKind.ANNOUNCE,
        target=reference,
        title="Publish the announcement where every member sees it",
        before="",
        after=measures.announcement,
        reversible=Reversible.PARTIAL,
        inverse="It can be taken down; who has read it has read it.",
    )
