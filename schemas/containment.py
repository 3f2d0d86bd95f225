"""Closing areas and opening them again: what was found, what is planned, what was done. No member is in any of it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import CaseId, Digest, Record, Revision, ZonedTime
from schemas.incident import Line, Mode, Text


class Reversible(StrEnum):
    """Whether an action can be taken back."""

    YES = "yes"
    NO = "no"
    PARTIAL = "partial"


class ActionKind(StrEnum):
    """What is done. Kinds are carried out in this order and taken back in the opposite one.

    Read-only stands last because it also freezes the settings and the announcement on the platforms that have it.
    """

    CLOSE_AREA = "close an area"
    CHANGE_SETTING = "change a setting"
    ANNOUNCE = "announce"
    READ_ONLY = "make the whole platform read-only"


class ActionState(StrEnum):
    """What became of one planned action."""

    APPLIED = "applied"
    ALREADY = "already so before us"
    BY_HAND = "by hand"
    PLANNED_ONLY = "planned only: a rehearsal never touches a real platform"


class LiftState(StrEnum):
    """What became of taking one action back."""

    RESTORED = "restored"
    ALREADY = "already as it was before us"
    CHANGED = "changed since by others, left alone"
    GONE = "no longer there, left alone"
    STAYS = "stays: there is nothing to take back"
    BY_HAND = "by hand"
    PLANNED_ONLY = "planned only: a rehearsal never touches a real platform"


class Measures(Record):
    """What to do beside closing areas. Everything here is off unless somebody asks for it."""

    announcement: Text = Field(default="", description="Shown as a banner and as a topic; empty: nothing is announced.")
    announcement_title: Line = Field(
        default="About a security incident", min_length=15, description="Title of the topic, 15 characters or more."
    )
    login_required: bool = Field(default=False, description="Nobody reads anything without logging in.")
    read_only: bool = Field(default=False, description="Nobody writes anywhere; comes last.")


class Probe(Record):
    """One look at whether something is as wanted."""

    path: str = Field(description="What was looked at.")
    status: int = Field(ge=0, description="HTTP status; 0 when a value was read back instead.")
    anonymous: bool = Field(description="True: asked as a stranger, without our key.")
    as_wanted: bool = Field(description="True: closed, or the value that was set.")


class AreaRef(Record):
    """An area's names on its platform."""

    area_id: str = Field(min_length=1)
    slug: str
    path: str = Field(description="Where a stranger would read it, relative to the site.")
    parent_id: str = Field(default="", description="The area that contains it, if any.")


class AreaState(Record):
    """An area as it was found."""

    ref: AreaRef
    permissions: dict[str, int] | None = Field(
        description="Group to permission as the platform numbers it. None: not readable by us."
    )
    open_to_all: bool | None = Field(description="None: not known.")
    probe: Probe | None = Field(default=None, description="What a stranger got. None: nobody looked.")


class SiteState(Record):
    """What holds for the whole platform, as it was found."""

    settings: dict[str, str] = Field(default_factory=dict, description="Only the settings that containment may touch.")
    read_only: bool | None = Field(default=None, description="None: not known.")
    files: tuple[Probe, ...] = Field(default=(), description="What a stranger got for each file known to be exposed.")


class PlatformSnapshot(Record):
    """The state before anything was touched (containment/<rev>/snapshot.json)."""

    platform: str
    areas: tuple[AreaState, ...] = Field(description="The areas in scope.")
    site: SiteState


class Action(Record):
    """One planned change, with its way back."""

    n: int = Field(ge=1, le=999_999)
    kind: ActionKind
    target: str = Field(description="The area's id, or the setting's name.")
    title: str = Field(description="In words.")
    before: str = Field(description="The value found in the snapshot, in its one written form.")
    after: str = Field(description="The value to set.")
    path: str = Field(default="", description="What a stranger will be made to ask for, to verify it.")
    probe_before: Probe | None = None
    reversible: Reversible
    inverse: str = Field(description="How it is taken back, in words, or that it cannot be.")


class ContainmentPlan(Record):
    """What will be done, in order (containment/<rev>/plan.json)."""

    case_id: CaseId
    mode: Mode
    platform: str
    is_imitation: bool
    by_hand: bool = Field(description="True: a person does all of it; nothing is verified automatically.")
    snapshot: Digest
    measures: Measures
    actions: tuple[Action, ...]
    minutes: int = Field(ge=0, description="Shortest time it takes under the platform's rate limit; 0: no limit known.")
    notes: tuple[str, ...] = Field(default=(), description="What a reader should know before it starts.")


class Intent(Record):
    """Written before a change: what stood there a moment ago. It is what restoring puts back."""

    action: int = Field(ge=1)
    before: str
    after: str


class ActionRecord(Record):
    """One action that is settled (containment/<rev>/actions/NNN.json); written once."""

    action: Action
    state: ActionState
    before_digest: Digest = Field(description="Over the value that stood there right before.")
    after_digest: Digest = Field(description="Over the value that stood there afterwards.")
    probe_after: Probe | None = Field(default=None, description="None: nobody looked.")
    verified: bool = Field(description="True: a probe afterwards showed what was wanted.")
    applied_at: ZonedTime


class ContainmentResult(Record):
    """The containment in numbers (containment/<rev>/result.json)."""

    case_id: CaseId
    platform: str
    snapshot: Digest
    plan: Digest
    planned: int = Field(ge=0)
    states: dict[ActionState, int]
    verified: int = Field(ge=0)
    not_verified: tuple[str, ...] = Field(description="Titles of the actions that no probe confirmed.")
    notes: tuple[str, ...] = ()


LiftName = Annotated[str, Field(pattern=r"^[0-9a-f]{12}-[0-9]{3,6}$")]
"""Revision and number of the action that is taken back."""


class LiftRecord(Record):
    """One action taken back, or left (containment/<rev>/lifted/<name>.json); written once."""

    name: LiftName
    revision: Revision = Field(description="The containment that the action belongs to.")
    action: Action
    state: LiftState
    lifted_at: ZonedTime


class LiftResult(Record):
    """The lifting in numbers (containment/<rev>/lifted.json)."""

    case_id: CaseId
    platform: str
    states: dict[LiftState, int]
    left: tuple[str, ...] = Field(description="What was not restored, each in a sentence.")
