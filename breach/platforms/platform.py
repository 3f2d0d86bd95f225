"""What a platform must be able to do for containment. Every vendor, and the manual checklist, fits this."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from schemas.containment import Action, AreaRef, AreaState, LiftState, Measures, PlatformSnapshot, Probe, SiteState

BeforeWrite = Callable[[str, str], None]
"""Told the live value and the one that replaces it, right before the platform is asked to change anything."""


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    """What stood there after an action was applied, and whether applying it changed anything."""

    value: str
    changed: bool


class Platform(Protocol):
    """One community on one platform.

    Everything is idempotent by state: what is already as wanted is left as it is, so each call may be repeated.
    Raises PlatformBusy (429, 5xx, no connection: try again) and BadInput (a wrong key, an unknown area: a human looks).
    """

    @property
    def name(self) -> str:
        """Names it in the record; the same on every run of a case."""
        ...

    @property
    def is_imitation(self) -> bool:
        """True only for the local imitation: a rehearsal changes nothing anywhere else."""
        ...

    @property
    def by_hand(self) -> bool:
        """True: a person carries the plan out; apply, verify and restore are never called."""
        ...

    @property
    def changes_per_minute(self) -> int:
        """Changes to one area or setting that the rate limit allows in a minute; 0: no limit known."""
        ...

    def inventory(self, areas: tuple[str, ...]) -> tuple[AreaRef, ...]:
        """The areas in scope: those named and what they contain, or all when none is named. Raises BadInput."""
        ...

    def read_area(self, ref: AreaRef) -> AreaState:
        """One area as it is now, with what a stranger gets for it."""
        ...

    def read_site(self) -> SiteState:
        """What holds for the whole platform now."""
        ...

    def plan(
        self, snapshot: PlatformSnapshot, measures: Measures, *, files: bool, reference: str
    ) -> tuple[Action, ...]:
        """What to do, in order; changes nothing. files: close exposed export files, too; reference: see announce."""
        ...

    def apply(self, action: Action, before_write: BeforeWrite) -> ActionOutcome:
        """Bring about what the action wants; what stands so already is not written again."""
        ...

    def verify(self, action: Action) -> Probe:
        """Look whether the action holds: as a stranger where a stranger could see it."""
        ...

    def announce(self, title: str, text: str, reference: str) -> bool:
        """Publish once under a reference (at most 50 of A-Z a-z 0-9 _ -); False when it was published before."""
        ...

    def restore(self, action: Action, before: str, after: str) -> LiftState:
        """Put `before` back if what stands there still is `after`; anything else is reported and left."""
        ...


def written(value: dict[str, int]) -> str:
    """The one written form of a set of permissions, for comparing and for digests."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def shut(status: int) -> bool:
    """Whether a stranger's HTTP status means that nothing was shown. Redirects and surprises do not count as closed."""
    return status in {401, 403, 404, 410}
