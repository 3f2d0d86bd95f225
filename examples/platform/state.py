"""What the imitated site remembers, kept in one JSON file so that it survives a restart."""

import os
from pathlib import Path

import msgspec

GROUPS = {"everyone": 0, "admins": 1, "moderators": 2, "staff": 3, "trust_level_0": 10, "night-crew": 41}
"""Group name to id; the first four are Discourse's automatic groups."""


class Category(msgspec.Struct):
    """A category with its permissions: group to 1 (create), 2 (reply) or 3 (see). No rows: everyone's."""

    id: int
    slug: str
    name: str
    color: str
    text_color: str
    parent_category_id: int | None = None
    permissions: dict[str, int] = msgspec.field(default_factory=lambda: {"everyone": 1})
    allowed_tags: list[str] = msgspec.field(default_factory=list)

    @property
    def open_to_all(self) -> bool:
        """Whether a stranger may see it."""
        return not self.permissions or "everyone" in self.permissions


class Topic(msgspec.Struct):
    """A topic and its first post."""

    id: int
    title: str
    raw: str
    category_id: int
    external_id: str = ""


class Site(msgspec.Struct):
    """Everything."""

    categories: list[Category]
    settings: dict[str, str]
    topics: list[Topic] = msgspec.field(default_factory=list)
    read_only: bool = False
    hiccup_left: int = 1
    """How many PUTs will still be answered 503."""
    limit_left: int = 0
    """How many requests will still be answered 429."""
    wait_seconds: int = 0

    def category(self, category_id: int) -> Category | None:
        """One category, or None."""
        return next((one for one in self.categories if one.id == category_id), None)


def load(path: Path) -> Site | None:
    """The site as it was kept, or None on the first start."""
    return msgspec.json.decode(path.read_bytes(), type=Site) if path.exists() else None


def keep(path: Path, site: Site) -> None:
    """Write beside and rename: a reader, or a killed server, never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(site), indent=1))
    fresh.replace(path)
