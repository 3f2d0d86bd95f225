"""What to do on a Discourse site, in order, from a snapshot. Nothing is asked or changed here."""

import json
from collections.abc import Iterator

from breach.platforms.platform import written
from schemas.containment import Action, ActionKind, AreaState, Measures, PlatformSnapshot, Probe, Reversible, SiteState

DOWNLOADS = "prevent_anons_from_downloading_files"
LOGIN = "login_required"
NOTICE = "global_notice"
STAFF_GROUPS = {"admins", "moderators", "staff"}
STAFF_ONLY = {"staff": 1}
FRONT = "/categories.json"
"""A page that every stranger can read unless login is required."""


def open_to_all(permissions: dict[str, int]) -> bool:
    """Whether everyone may at least see; no rows at all also means everyone."""
    return not permissions or "everyone" in permissions


def narrowed(permissions: dict[str, int]) -> dict[str, int]:
    """Staff only; a set that holds nothing but staff's own groups is never widened to all of staff."""
    return permissions if permissions and set(permissions) <= STAFF_GROUPS else STAFF_ONLY


def plan_actions(snapshot: PlatformSnapshot, measures: Measures, *, files: bool, reference: str) -> tuple[Action, ...]:
    """Areas, settings, announcement, read-only: numbered from 1 in the order they are carried out."""
    drafts = [*_areas(snapshot.areas), *_settings(snapshot.site, measures, files=files)]
    if measures.announcement:
        drafts.append(_announcement(measures, reference))
    if measures.read_only:
        drafts.append(_read_only(snapshot.site))
    return tuple(draft.model_copy(update={"n": n}) for n, draft in enumerate(drafts, start=1))


def _areas(areas: tuple[AreaState, ...]) -> Iterator[Action]:
    """Subcategories before what contains them: the platform refuses a parent that is narrower than its child."""
    parents = {area.ref.area_id: area.ref.parent_id for area in areas}
    for area in sorted(areas, key=lambda area: (-_depth(area.ref.area_id, parents), int(area.ref.area_id))):
        held = area.permissions or {}
        shown = area.probe is not None and not area.probe.as_wanted
        needed = open_to_all(held) or shown
        yield Action(
            n=1,
            kind=ActionKind.CLOSE_AREA,
            target=area.ref.area_id,
            title=f"Close area {area.ref.slug} to everyone but staff"
            if needed
            else f"Area {area.ref.slug} is not open to everyone: check that a stranger gets nothing",
            before=written(held),
            after=written(narrowed(held) if needed else held),
            path=area.ref.path,
            probe_before=area.probe,
            reversible=Reversible.YES,
            inverse=f"Give area {area.ref.slug} its permissions back: {written(held)}.",
        )


def _depth(area_id: str, parents: dict[str, str]) -> int:
    depth, seen = 0, {area_id}
    while (area_id := parents.get(area_id, "")) and area_id not in seen:
        seen.add(area_id)
        depth += 1
    return depth


def _settings(site: SiteState, measures: Measures, *, files: bool) -> Iterator[Action]:
    if files:
        worst = next((probe for probe in site.files if not probe.as_wanted), next(iter(site.files), None))
        path = worst.path if worst else ""
        yield _setting(site, DOWNLOADS, "true", "Stop strangers from downloading files", path=path, probe=worst)
    if measures.login_required:
        yield _setting(site, LOGIN, "true", "Let nobody read without logging in", path=FRONT)
    if measures.announcement:
        yield _setting(site, NOTICE, measures.announcement, "Show the announcement as a banner")


def _setting(
    site: SiteState, name: str, value: str, title: str, *, path: str = "", probe: Probe | None = None
) -> Action:
    before = site.settings.get(name, "")
    return Action(
        n=1,
        kind=ActionKind.CHANGE_SETTING,
        target=name,
        title=f"{title} (setting {name})",
        before=before,
        after=value,
        path=path,
        probe_before=probe,
        reversible=Reversible.YES,
        inverse=f"Set {name} back to '{before}'.",
    )


def _announcement(measures: Measures, reference: str) -> Action:
    return Action(
        n=1,
        kind=ActionKind.ANNOUNCE,
        target=reference,
        title="Post the announcement as a topic",
        before="",
        after=json.dumps([measures.announcement_title, measures.announcement], ensure_ascii=False),
        reversible=Reversible.PARTIAL,
        inverse="A person may unlist the topic; who has read it has read it.",
    )


def _read_only(site: SiteState) -> Action:
    return Action(
        n=1,
        kind=ActionKind.READ_ONLY,
        target="read-only",
        title="Make the whole platform read-only",
        before="true" if site.read_only else "false",
        after="true",
        reversible=Reversible.YES,
        inverse="Switch read-only off. It is the first thing to take back: it blocks all other changes.",
    )
