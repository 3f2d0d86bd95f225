"""Who wrote under which id, as a scan looks it up."""

from dataclasses import dataclass
from pathlib import Path

from breach.parquet import read_parquet


@dataclass(frozen=True, slots=True)
class Author:
    """A member as authors are looked up: by the platform's id."""

    member_id: str
    region: str | None


Authors = dict[str, Author]
NOBODY = Author("", None)


def load_authors(table: Path) -> Authors:
    """The lookup of authors from a Parquet table of author_id, member_id, region ('' when unknown)."""
    columns = read_parquet(table.read_bytes()).to_pydict()
    return {
        author_id: Author(member_id, region or None)
        for author_id, member_id, region in zip(
            columns["author_id"], columns["member_id"], columns["region"], strict=True
        )
    }
