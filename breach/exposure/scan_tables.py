"""The three tables that the map step leaves of one file, or of one part of it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from breach.exposure.tables import FINDINGS, MARKS, POSTS, TableWriter


@dataclass(frozen=True, slots=True)
class TableFiles:
    """Where the tables lie."""

    findings: Path
    posts: Path
    marks: Path


@dataclass(frozen=True, slots=True)
class ScanTables:
    """The tables while they are written."""

    files: TableFiles
    findings: TableWriter
    posts: TableWriter
    marks: TableWriter


@contextmanager
def open_tables(folder: Path, stem: str, *, scratch: bool = False) -> Iterator[ScanTables]:
    """Tables that are complete when the block ends. Scratch: Arrow files that are soon read again and removed."""
    ending = "arrow" if scratch else "parquet"
    files = TableFiles(*(folder / f"{stem}-{name}.{ending}" for name in ("findings", "posts", "marks")))
    with ExitStack() as stack:
        findings, posts, marks = (
            stack.enter_context(TableWriter(path, schema, scratch=scratch))
            for path, schema in ((files.findings, FINDINGS), (files.posts, POSTS), (files.marks, MARKS))
        )
        yield ScanTables(files, findings, posts, marks)
