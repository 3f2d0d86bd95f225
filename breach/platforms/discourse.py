"""Containment on Discourse, through its admin API.

Facts used: `permissions` of PUT /categories/{id}.json replaces the whole set (1 create, 2 reply, 3 see), the call
requires name, color and text_color, and drops allowed tags that are not sent back; a category without permission rows
is everyone's; groups 0 and 3 are everyone and staff whatever their translated names; a subcategory may not be more
open than its parent. While read-only, the header `Discourse-Readonly: true` comes with every answer.
"""

import msgspec

from breach.errors import BadInput
from breach.platforms.discourse_plan import DOWNLOADS, LOGIN, NOTICE, narrowed, open_to_all, plan_actions
from breach.platforms.discourse_shapes import CategoryPage, Details, Settings, Shown, is_named, permissions, refs, word
from breach.platforms.discourse_site import Body, DiscourseSite
from breach.platforms.platform import ActionOutcome, BeforeWrite, shut, written
from schemas.containment import (
    Action,
    ActionKind,
    AreaRef,
    AreaState,
    LiftState,
    Measures,
    PlatformSnapshot,
    Probe,
    SiteState,
)


class DiscoursePlatform:
    """A Discourse site. Satisfies breach.platforms.platform.Platform."""

    by_hand = False
    changes_per_minute = 30
    """60 admin calls a minute; each change reads first, then writes."""

    def __init__(
        self,
        site: DiscourseSite,
        *,
        name: str = "discourse",
        exposed_files: tuple[str, ...] = (),
        announce_in: str = "announcements",
    ) -> None:
        """exposed_files: paths on the site that a stranger must no longer get; announce_in: slug of an area."""
        self._site, self.name = site, name
        self._exposed_files, self._announce_in = exposed_files, announce_in

    def __repr__(self) -> str:
        """The host; the key must not reach a log."""
        return f"DiscoursePlatform({self._site.host})"

    @property
    def is_imitation(self) -> bool:
        """As the site was set up; its every answer must bear it out."""
        return self._site.is_imitation

    def inventory(self, areas: tuple[str, ...]) -> tuple[AreaRef, ...]:
        """Categories named by slug, parent/slug or id, with their subcategories; all of them when none is named."""
        known = self._categories()
        wanted: set[str] = set()
        for area in areas:
            named = {ref.area_id for ref in known if is_named(ref, area)}
            if not named:
                slugs = ", ".join(sorted(ref.slug for ref in known))
                raise BadInput(
                    f"There is no area '{area}' on the platform.",
                    "Nothing was closed.",
                    f"Areas there are: {slugs}. Correct it in the facts, or leave areas empty to close all.",
                )
            wanted |= named
        while more := {ref.area_id for ref in known if ref.parent_id in wanted} - wanted:
            wanted |= more
        return tuple(ref for ref in known if ref.area_id in wanted or not areas)

    def read_area(self, ref: AreaRef) -> AreaState:
        """Permissions with our key, and the status a stranger gets."""
        shown = self._site.need(f"/c/{ref.area_id}/show.json", Shown)
        held = permissions(shown.category)
        return AreaState(ref=ref, permissions=held, open_to_all=open_to_all(held), probe=self._look(ref.path))

    def read_site(self) -> SiteState:
        """The settings containment may touch, read-only, and the exposed files."""
        files = tuple(self._look(path) for path in self._exposed_files)
        return SiteState(settings=self._settings(), read_only=self._read_only(), files=files)

    def plan(
        self, snapshot: PlatformSnapshot, measures: Measures, *, files: bool, reference: str
    ) -> tuple[Action, ...]:
        """Areas first (subcategories before what contains them), then settings, announcement, read-only."""
        if measures.announcement:
            self._announcement_area()
        return plan_actions(snapshot, measures, files=files, reference=reference)

    def apply(self, action: Action, before_write: BeforeWrite) -> ActionOutcome:
        """Bring about what the action wants; never opens anything wider than it is."""
        if action.kind is ActionKind.CLOSE_AREA:
            return self._close(action, before_write)
        if action.kind is ActionKind.ANNOUNCE:
            return self._publish(action, before_write)
        live = self._value(action)
        if live == action.after:
            return ActionOutcome(live, changed=False)
        before_write(live, action.after)
        self._set(action, action.after)
        return ActionOutcome(action.after, changed=True)

    def verify(self, action: Action) -> Probe:
        """As a stranger for areas, exposed files and login; read back with our key for the rest."""
        if action.kind is ActionKind.CLOSE_AREA or action.target == LOGIN:
            return self._look(action.path)
        if action.target == DOWNLOADS and self._exposed_files:
            looks = [self._look(path) for path in self._exposed_files]
            return next((look for look in looks if not look.as_wanted), looks[0])
        if action.kind is ActionKind.ANNOUNCE:
            there = self._is_announced(action.target)
            return Probe(path="the announcement", status=0, anonymous=False, as_wanted=there)
        return Probe(path=action.target, status=0, anonymous=False, as_wanted=self._value(action) == action.after)

    def announce(self, title: str, text: str, reference: str) -> bool:
        """A topic in the announcement area; `external_id` keeps it from being posted twice."""
        if self._is_announced(reference):
            return False
        body: Body = {"title": title, "raw": text, "category": self._announcement_area(), "external_id": reference}
        self._site.send("POST", "/posts.json", body)
        return True

    def restore(self, action: Action, before: str, after: str) -> LiftState:
        """Three-way: what we set, what was there before, what is there now."""
        if action.kind is ActionKind.ANNOUNCE:
            return LiftState.STAYS
        shown = self._details(action.target) if action.kind is ActionKind.CLOSE_AREA else None
        if action.kind is ActionKind.CLOSE_AREA and shown is None:
            return LiftState.GONE
        live = written(permissions(shown)) if shown else self._value(action)
        if live == before:
            return LiftState.ALREADY
        if live != after:
            return LiftState.CHANGED
        if shown:
            self._permit(action.target, shown, msgspec.json.decode(before, type=dict[str, int]))
        else:
            self._set(action, before)
        return LiftState.RESTORED

    def _close(self, action: Action, before_write: BeforeWrite) -> ActionOutcome:
        shown = self._details(action.target)
        if shown is None:
            raise BadInput(
                f"Area {action.target} is no longer on the platform.",
                "The areas before it in the plan are closed.",
                "Record a new fact without it; the case then plans again.",
            )
        held = permissions(shown)
        wanted = narrowed(held)
        if wanted == held or not (open_to_all(held) or not self.verify(action).as_wanted):
            return ActionOutcome(written(held), changed=False)
        before_write(written(held), written(wanted))
        self._permit(action.target, shown, wanted)
        return ActionOutcome(written(wanted), changed=True)

    def _publish(self, action: Action, before_write: BeforeWrite) -> ActionOutcome:
        if self._is_announced(action.target):
            return ActionOutcome(action.after, changed=False)
        before_write("", action.after)
        title, text = msgspec.json.decode(action.after, type=tuple[str, str])
        return ActionOutcome(action.after, changed=self.announce(title, text, action.target))

    def _permit(self, area_id: str, shown: Details, allowed: dict[str, int]) -> None:
        """Replaces the permissions; everything else the call would drop is sent back as it stands now."""
        body: Body = {"name": shown.name, "color": shown.color, "text_color": shown.text_color}
        body["permissions"] = allowed
        if shown.allowed_tags:
            body["allowed_tags"] = [tag if isinstance(tag, str) else tag.name for tag in shown.allowed_tags]
        if shown.allowed_tag_groups:
            body["allowed_tag_groups"] = shown.allowed_tag_groups
        if shown.required_tag_groups:
            body["required_tag_groups"] = shown.required_tag_groups
        self._site.send("PUT", f"/categories/{area_id}.json", body)

    def _set(self, action: Action, value: str) -> None:
        if action.kind is ActionKind.READ_ONLY:
            self._site.send("PUT", "/admin/backups/readonly", {"enable": value})
        else:
            self._site.send("PUT", f"/admin/site_settings/{action.target}", {action.target: value})

    def _value(self, action: Action) -> str:
        if action.kind is ActionKind.READ_ONLY:
            return word(self._read_only())
        held = self._settings()
        if action.target not in held:
            raise BadInput(
                f"This platform has no setting '{action.target}'.",
                "It was not changed.",
                "Find its present name on the settings page, change it by hand, and run the case again.",
            )
        return held[action.target]

    def _details(self, area_id: str) -> Details | None:
        shown = self._site.ask(f"/c/{area_id}/show.json", Shown)
        return shown.category if shown else None

    def _settings(self) -> dict[str, str]:
        listed = self._site.need("/admin/site_settings.json", Settings).site_settings
        return {entry.setting: word(entry.value) for entry in listed if entry.setting in {DOWNLOADS, LOGIN, NOTICE}}

    def _read_only(self) -> bool:
        return bool(self._site.send("GET", "/categories.json").headers.get("discourse-readonly") == "true")

    def _look(self, path: str) -> Probe:
        status = self._site.look(path)
        return Probe(path=path, status=status, anonymous=True, as_wanted=shut(status))

    def _is_announced(self, reference: str) -> bool:
        return self._site.send("GET", f"/t/external_id/{reference}.json", missing_ok=True).status_code != 404

    def _announcement_area(self) -> int:
        named = [ref for ref in self._categories() if is_named(ref, self._announce_in)]
        if not named:
            raise BadInput(
                f"There is no area '{self._announce_in}' to announce in.",
                "Nothing was announced.",
                "Name an existing area for announcements in the platform block.",
            )
        return int(named[0].area_id)

    def _categories(self) -> tuple[AreaRef, ...]:
        """Every category. Large sites answer in pages, others repeat the first: stops when nothing new comes."""
        found: dict[str, AreaRef] = {}
        page, before = 1, -1
        while len(found) > before:
            before = len(found)
            path = f"/categories.json?include_subcategories=true&page={page}"
            found |= {ref.area_id: ref for ref in refs(self._site.need(path, CategoryPage).category_list.categories)}
            page += 1
        return tuple(sorted(found.values(), key=lambda ref: int(ref.area_id)))
