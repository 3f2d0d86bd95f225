"""Messages that come as a table: of any container that yields a header and rows."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from breach.exposure.content_columns import TRUE, ContentColumn, Use, map_content, written_at
from breach.exposure.readers.column_map import ColumnMap
from breach.exposure.readers.csv_blocks import Block, columns_of_rows
from breach.exposure.readers.parts import Part
from breach.exposure.readers.reading import BATCH, DIRECT, Area, Columns, Post, Reading, Roster

SAMPLE_ROWS = 100
MOST_SAMPLED = 100_000
"""Cells of the sample: of a table of 10,000 columns, 10 rows are looked at."""


class TableContent:
    """One table. Iterate posts() once; then `reading` says how it went."""

    def __init__(self, table: Roster, uses: Sequence[tuple[str, Use]] = ()) -> None:
        """Uses: of columns by header, where the format is known; otherwise they are proposed by name and sample."""
        self.reading = Reading()
        self._table = table
        self.columns = known_columns(table.header, uses) if uses else map_content(table.header, sample_of(table))
        places = {use: [one.position for one in self.columns if one.use is use] for use in Use}
        # The message's own text comes first, so that places in it are places in the message.
        order = [name for name, _ in uses]
        rank = {at: order.index(name) for at, one in enumerate(table.header) if (name := one.strip().lower()) in order}
        places[Use.TEXT].sort(key=lambda at: (-self.columns[at].confidence, rank.get(at, len(order)), at))
        self._places, self._map = places, ColumnMap(places)
        self.reading.own_ids = bool(places[Use.RECORD])

    def posts(self) -> Iterator[tuple[Area, list[Post]]]:
        """As Content says. Consecutive rows of one area make a batch."""
        area = Area()
        batch: list[Post] = []
        for number, row in enumerate(self._table.rows(), start=1):
            here = self._area(row)
            if batch and (here != area or len(batch) >= BATCH):
                yield area, batch
                batch = []
            area = here
            batch.append(self._post(row, number))
            self.reading.messages += 1
        if batch:
            yield area, batch
        self._finish()

    def parts(self) -> list[Part]:
        """Where the table may be cut; nowhere when its rows are named by their number."""
        parts = getattr(self._table, "parts", None)
        named = self._places[Use.RECORD] or (self._places[Use.AUTHOR] and self._places[Use.WRITTEN])
        return parts() if parts is not None and named else []

    def in_columns(self, part: Part | None = None) -> Iterator[Columns]:
        """The same, column by column."""
        blocks = getattr(self._table, "blocks", None)
        self._map.numbered = part is None
        told = blocks(part) if blocks is not None else _blocks_of(self._table.rows(), len(self._table.header))
        for block in told:
            columns = self._map.columns(block, self.reading.messages + 1)
            self.reading.messages += len(columns.ids)
            yield columns
        self._finish()

    def _finish(self) -> None:
        self.reading.complete = True
        self.reading.notes += self._table.notes
        if not self._places[Use.AUTHOR]:
            self.reading.notes.append("the table does not say who wrote: its findings belong to no member")

    def _area(self, row: Sequence[str]) -> Area:
        names = [name for at in self._places[Use.AREA] if (name := row[at].strip())]
        direct = any(row[at].strip().casefold() in TRUE for at in self._places[Use.DIRECT])
        return Area((*names, DIRECT) if direct else tuple(names))

    def _post(self, row: Sequence[str], number: int) -> Post:
        author, written = self._first(row, Use.AUTHOR), self._first(row, Use.WRITTEN)
        name = self._first(row, Use.RECORD) or (f"{author}/{written}" if author and written else f"row {number}")
        parts = sum(bool(part) for at in self._places[Use.PARTS] for part in row[at].split(","))
        text = "\n".join(cell for at in self._places[Use.TEXT] if (cell := row[at]))
        return Post(name, author, written_at(written), text, parts)

    def _first(self, row: Sequence[str], use: Use) -> str:
        return next((text for at in self._places[use] if (text := row[at].strip())), "")


def _blocks_of(rows: Iterator[list[str]], width: int) -> Iterator[Block]:
    while held := list(islice(rows, BATCH)):
        yield columns_of_rows(held, width)


def sample_of(table: Roster) -> list[list[str]]:
    """The first rows, fewer of a wide table."""
    return list(islice(table.rows(), max(1, min(SAMPLE_ROWS, MOST_SAMPLED // max(1, len(table.header))))))


def known_columns(header: Sequence[str], uses: Sequence[tuple[str, Use]]) -> tuple[ContentColumn, ...]:
    """Columns of a format whose headers are known; any other column is text."""
    by_name = dict(uses)
    return tuple(
        ContentColumn(at, text, by_name.get(text.strip().lower(), Use.TEXT), "by its header", 1.0)
        for at, text in enumerate(header)
    )


def reader_of(container: Callable[..., Roster], uses: Sequence[tuple[str, Use]] = ()) -> Callable[..., TableContent]:
    """A content reader for tables of one container."""
    return lambda source: TableContent(container(source), uses)


DISCOURSE_ARCHIVE = (
    ("post_raw", Use.TEXT),
    ("post", Use.TEXT),
    ("post_cooked", Use.IGNORED),
    ("topic_title", Use.TEXT),
    ("categories", Use.AREA),
    ("category", Use.AREA),
    ("sub_category", Use.AREA),
    ("is_pm", Use.DIRECT),
    ("like_count", Use.IGNORED),
    ("reply_count", Use.IGNORED),
    ("url", Use.RECORD),
    ("created_at", Use.WRITTEN),
)
"""Columns of a Discourse user's archive of their own posts (discourse, app/jobs/regular/export_user_archive.rb)."""

CHAT_EXPORTER_CSV = (
    ("authorid", Use.AUTHOR),
    ("author", Use.IGNORED),
    ("date", Use.WRITTEN),
    ("content", Use.TEXT),
    ("attachments", Use.PARTS),
    ("reactions", Use.IGNORED),
)
"""Columns that DiscordChatExporter writes (CsvMessageWriter); the channel stands in no cell."""
