"""Posts in scope become rows of the two tables: an arena at a time, whatever pieces they were read in."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from breach.exposure.arena import ARENA_BYTES, LARGE
from breach.exposure.detect import Hit, Naming, detect_in
from breach.exposure.kinds.registry import Profile
from breach.exposure.mentions import Mentions
from breach.exposure.naming import mask, value_hash
from breach.exposure.tables import FINDINGS, TEXT, TableWriter

MOST_TEXTS = 65_536
"""Texts of one arena: of very short ones, the index would take more memory than they do."""


@dataclass(frozen=True, slots=True)
class Author:
    """A member as authors are looked up: by the platform's id."""

    member_id: str
    region: str | None


Authors = dict[str, Author]
NOBODY = Author("", None)


class Rows:
    """The tables of one scan while they are written."""

    def __init__(
        self,
        findings: TableWriter,
        posts: TableWriter,
        case_key: bytes,
        authors: Authors,
        profile: Profile,
        mentions: Mentions | None = None,
    ) -> None:
        self._findings, self._posts = findings, posts
        self._case_key, self._authors, self._profile, self._mentions = case_key, authors, profile, mentions
        self._digest = ""
        self._held: list[tuple[Sequence[str], Sequence[str], pa.Array]] = []
        self._bytes = self._texts = 0

    def add(self, digest: str, ids: Sequence[str], authors: Sequence[str], texts: pa.Array | Sequence[str]) -> None:
        """Posts of one file, named by its digest."""
        if digest != self._digest:
            self.flush()
            self._digest = digest
        if not len(ids):
            return
        self._posts.add_columns([pa.array(ids, TEXT), pa.array(authors, TEXT)])
        column = texts.cast(LARGE) if isinstance(texts, pa.Array) else pa.array(texts, LARGE)
        self._held.append((ids, authors, column))
        self._bytes += column.nbytes - 8 * len(column)
        self._texts += len(column)
        if self._bytes >= ARENA_BYTES or self._texts >= MOST_TEXTS:
            self.flush()

    def flush(self) -> None:
        """Looks through what is held."""
        if not self._held:
            return
        ids = [one for held, _, _ in self._held for one in held]
        authors = [one for _, held, _ in self._held for one in held]
        texts = pa.concat_arrays([held for _, _, held in self._held])
        self._held, self._bytes, self._texts = [], 0, 0
        known = self._authors
        naming = None
        if self._mentions is not None:
            naming = Naming(self._mentions, lambda at: known.get(authors[at], NOBODY).member_id)
        hits = detect_in(texts, lambda at: known.get(authors[at], NOBODY).region, self._profile, naming)
        if hits:
            self._write(hits, ids, authors, texts)

    def _write(self, hits: list[Hit], ids: list[str], authors: list[str], texts: pa.Array) -> None:
        places = pa.array([number for number, _ in hits], pa.int64())
        said = pc.take(texts, places).to_pylist()
        values = [value for _, value in hits]
        columns = {
            "file_digest": [self._digest] * len(hits),
            "record": [ids[number] for number, _ in hits],
            "member_id": [self._authors.get(authors[number], NOBODY).member_id for number, _ in hits],
            "author_id": [authors[number] for number, _ in hits],
            "type": [value.type.value for value in values],
            "start": [value.start for value in values],
            "end": [value.end for value in values],
            "confidence": [value.confidence for value in values],
            "validator": [value.validator for value in values],
            "masked": [mask(text[value.start : value.end]) for text, value in zip(said, values, strict=True)],
            "value_hash": [value_hash(self._case_key, value.type, value.normal) for value in values],
            "person": [value.person for value in values],
        }
        self._findings.add_columns([pa.array(columns[one.name], one.type) for one in FINDINGS])
