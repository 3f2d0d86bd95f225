"""The shapes of Discourse's answers, as far as containment reads them, and what they say in our words."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

import msgspec

from schemas.containment import AreaRef

AUTO_GROUPS = {0: "everyone", 1: "admins", 2: "moderators", 3: "staff"}


class Category(msgspec.Struct):
    """A category in the list."""

    id: int
    slug: str = ""
    parent_category_id: int | None = None
    subcategory_list: list["Category"] | None = None


class CategoryList(msgspec.Struct):
    """One page of categories."""

    categories: list[Category]


class CategoryPage(msgspec.Struct):
    """GET /categories.json."""

    category_list: CategoryList


class Permission(msgspec.Struct):
    """What one group may do."""

    permission_type: int
    group_name: str
    group_id: int


class Tag(msgspec.Struct):
    """A tag, where the site lists tags as objects."""

    name: str


class Details(msgspec.Struct):
    """A category as an administrator sees it, as far as it must be sent back."""

    name: str
    color: str
    text_color: str
    group_permissions: list[Permission]
    allowed_tags: list[str | Tag] = msgspec.field(default_factory=list)
    allowed_tag_groups: list[str] = msgspec.field(default_factory=list)
    required_tag_groups: list[dict[str, str | int]] = msgspec.field(default_factory=list)


class Shown(msgspec.Struct):
    """GET /c/{id}/show.json."""

    category: Details


class Setting(msgspec.Struct):
    """One site setting."""

    setting: str
    value: str | int | float | bool | None = None


class Settings(msgspec.Struct):
    """GET /admin/site_settings.json."""

    site_settings: list[Setting]


def refs(categories: Iterable[Category], parent: AreaRef | None = None) -> Iterator[AreaRef]:
    """Categories and what they contain, each with the path where a stranger reads it."""
    for category in categories:
        slug = category.slug or f"{category.id}-category"
        above = parent.path.removesuffix(f"/{parent.area_id}.json") if parent else "/c"
        ref = AreaRef(
            area_id=str(category.id),
            slug=slug,
            path=f"{above}/{quote(slug, safe='')}/{category.id}.json",
            parent_id=parent.area_id if parent else str(category.parent_category_id or ""),
        )
        yield ref
        yield from refs(category.subcategory_list or (), ref)


def is_named(ref: AreaRef, area: str) -> bool:
    """Whether a person who wrote `area` meant this one: its slug, parent/slug or id."""
    wanted = area.strip().removeprefix("#").casefold()
    nested = ref.path.removeprefix("/c/").removesuffix(f"/{ref.area_id}.json")
    return wanted in {ref.slug.casefold(), ref.area_id, nested.casefold()}


def permissions(shown: Details) -> dict[str, int]:
    """By the names the API takes: automatic groups are translated in answers only. No rows: everyone."""
    held = {AUTO_GROUPS.get(row.group_id, row.group_name): row.permission_type for row in shown.group_permissions}
    return held or {"everyone": 1}


def word(value: str | float | bool | None) -> str:
    """A setting's value as the API takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
