"""What each column of a table of messages is used for: by its header, and where that says nothing, by a sample."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from breach.exposure.columns import SAMPLE_SHARE, plain_header
from breach.exposure.readers.epochs import epoch_seconds
from breach.exposure.readers.reading import moment


class Use(StrEnum):
    """What a column of messages is read as."""

    RECORD = "message id"
    AUTHOR = "author id"
    WRITTEN = "time"
    AREA = "area"
    DIRECT = "whether it is a direct message"
    PARTS = "attachments"
    TEXT = "text"
    IGNORED = "not text"


USES: dict[Use, tuple[str, ...]] = {
    Use.RECORD: ("message id", "post id", "id", "record id", "url", "ts"),
    Use.AUTHOR: (
        "author id",
        "authorid",
        "user id",
        "userid",
        "sender id",
        "member id",
        "from id",
        "author",
        "user",
        "sender",
        "username",
        "from",
    ),
    Use.WRITTEN: ("created at", "timestamp", "date", "time", "sent at", "datetime", "posted at", "create at", "ts"),
    Use.AREA: (
        "channel",
        "channel name",
        "area",
        "space",
        "room",
        "category",
        "categories",
        "sub category",
        "channel id",
    ),
    Use.DIRECT: ("is pm", "is dm", "is direct"),
    Use.PARTS: ("attachments", "files"),
    Use.TEXT: ("content", "contents", "message", "text", "body", "post", "comment", "raw"),
}
"""Headers as columns.plain_header spells them, the most telling first."""
SEVERAL = (Use.AREA, Use.TEXT)
TRUE = frozenset({"true", "t", "1", "yes"})


@dataclass(frozen=True, slots=True)
class ContentColumn:
    """One column, with how sure its use is (0 to 1)."""

    position: int
    header: str
    use: Use
    reason: str
    confidence: float


def map_content(header: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[ContentColumn, ...]:
    """Each column's use. Of several that could be the author, the most telling header is taken.

    A column that no header names is a time when its cells are moments, and text otherwise: nothing is passed over.
    """
    plain = [plain_header(text) for text in header]
    taken: dict[int, Use] = {}
    for use, names in USES.items():
        places = [plain.index(name) for name in names if name in plain]
        for place in places if use in SEVERAL else places[:1]:
            taken.setdefault(place, use)
    return tuple(
        _mapped(position, text, taken.get(position), [row[position] for row in sample])
        for position, text in enumerate(header)
    )


def holds_messages(columns: Sequence[ContentColumn]) -> bool:
    """Whether headers name a text, and who wrote it or when."""
    named = {column.use for column in columns if column.reason.startswith("by its header")}
    return Use.TEXT in named and bool(named & {Use.AUTHOR, Use.WRITTEN})


def written_at(cell: str) -> datetime | None:
    """A moment in a cell (ISO 8601 with zone, ' UTC', or seconds or milliseconds since 1970), None for what is none."""
    text = cell.strip()
    if not text[:1].isdigit():
        return None
    if text.endswith(" UTC"):
        text = text.removesuffix(" UTC") + "+00:00"
    return moment(text) or epoch_seconds(text if len(text.partition(".")[0]) < 12 else text[:-3])


def all_written(cells: Sequence[str]) -> list[datetime | None]:
    """The moments of many cells, as written_at reads them; at once where all are ISO 8601 with a zone."""
    try:
        found = [datetime.fromisoformat(cell) for cell in cells]
    except ValueError:
        return [written_at(cell) for cell in cells]
    return [one if one.tzinfo is not None else written_at(cell) for one, cell in zip(found, cells, strict=True)]


def _mapped(position: int, header: str, use: Use | None, cells: list[str]) -> ContentColumn:
    filled = [cell for cell in cells if cell.strip()]
    times = sum(written_at(cell) is not None and not cell.isdigit() for cell in filled)
    if use is Use.WRITTEN:
        sure = 0.95 if any(map(written_at, filled)) else 0.5
        return ContentColumn(position, header, use, "by its header" + (" and its cells" if sure > 0.9 else ""), sure)
    if use is not None:
        return ContentColumn(position, header, use, "by its header", 0.9)
    if filled and times >= SAMPLE_SHARE * len(filled):
        reason = f"by its cells: {times} of {len(filled)} are moments"
        return ContentColumn(position, header, Use.IGNORED, reason, round(times / len(filled) * 0.9, 2))
    return ContentColumn(position, header, Use.TEXT, "neither header nor cells say more", 0.3)
