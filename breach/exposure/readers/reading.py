"""The one interface of all readers: a roster is a header and rows; content is posts, batch by batch, by area."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import msgspec

from breach.parquet import Column

BATCH = 4096
"""Posts in one batch, where a format does not come in pieces of its own."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where posts stand: the names by which the facts may call it (its own, its category's or parent's, its id)."""

    names: tuple[str, ...] = ()


DIRECT = "direct messages"
"""The area of every conversation that no channel holds, besides its own names."""


class Post(msgspec.Struct, gc=False):
    """One message, post or row. `parts`: attachments and other things that belong to it and are not read."""

    id: str
    author_id: str
    written: datetime | None
    text: str
    parts: int = 0

    def __repr__(self) -> str:
        """The id; what somebody wrote must not reach a log through a traceback."""
        return f"Post({self.id})"


@dataclass(slots=True)
class Reading:
    """What became of a content file; final when the posts are used up."""

    messages: int = 0
    unread: int = 0
    """Entries that are no readable message."""
    complete: bool = False
    """The file ends as its writer ends it, and holds as much as it says."""
    said: int | None = None
    """How many messages the file says it holds, when it says so and not all of them were read here."""
    own_ids: bool = True
    """Messages are named by ids that the platform gave them; otherwise by what the reader found to tell them apart."""
    unread_files: int = 0
    """Files of an archive that were counted, not read."""
    notes: list[str] = field(default_factory=list)
    """What else was not read, in sentences without a value."""


@dataclass(slots=True, repr=False)
class Columns:
    """Many posts, column by column: what a list of Post says, without an object for each of them."""

    areas: Sequence[Area]
    """One for all, or one a post."""
    ids: Column | Sequence[str]
    authors: Column | Sequence[str]
    written: Sequence[datetime | None]
    texts: Column | Sequence[str]
    parts: Sequence[int]


def strings(cells: Column | Sequence[str]) -> Sequence[str]:
    """A column as Python's own strings."""
    return cells if isinstance(cells, Sequence) else [str(cell) for cell in cells.to_pylist()]


def columns_of(area: Area, posts: Sequence[Post]) -> Columns:
    """Posts of one area as columns."""
    return Columns(
        (area,),
        [one.id for one in posts],
        [one.author_id for one in posts],
        [one.written for one in posts],
        [one.text for one in posts],
        [one.parts for one in posts],
    )


def posts_of(columns: Columns) -> list[Post]:
    """Columns of one area as posts."""
    return list(map(Post, columns.ids, columns.authors, columns.written, columns.texts, columns.parts))


class Content(Protocol):
    """A file of messages. Iterate posts() once; then `reading` says how it went.

    A reader may offer the same as Columns by a method `in_columns()`; a scan then asks for these. One that can begin
    amid a large file has `parts()`, and `in_columns(part)`: the parts' columns, one after the other, are the file's.
    """

    reading: Reading

    def posts(self) -> Iterator[tuple[Area, list[Post]]]:
        """Batches in the file's order, in bounded memory. Raises BadInput for what cannot be read on."""


class Roster(Protocol):
    """A list of members. Iterate rows() as often as needed; `notes` belong to the last time."""

    header: list[str]

    @property
    def notes(self) -> list[str]:
        """What was not read, in sentences without a value."""

    def rows(self) -> Iterator[list[str]]:
        """Each member's cells, exactly as many as the header has. Raises BadInput for what cannot be read."""


def moment(text: str) -> datetime | None:
    """An ISO 8601 moment with its zone; None for anything else, which then counts as in scope."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
