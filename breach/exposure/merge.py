"""The merge step: tables of all files become one row per affected member. Sums and sets only: no order, no partition.

DuckDB, because it spills to disk; its answers are ordered by what names a row, so that the bytes come out the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from breach.exposure.tables import FINDINGS, MEMBERS, POSTS, TableWriter
from schemas.exposure import DataType

OWN = pa.schema([("member_id", pa.string()), ("type", pa.string()), ("value_hash", pa.string())])
"""Hashes of the members' own addresses and numbers, to find them in what others wrote."""

_VIEWS = """
CREATE TABLE type_order AS SELECT unnest($types) AS type, generate_subscripts($types, 1) AS place;

-- Who wrote under which id. A member without an id on the chat is looked up by the roster's own id.
CREATE TABLE accounts AS
    SELECT DISTINCT member_id, unnest(CASE WHEN len(platform_ids) > 0 THEN platform_ids ELSE [member_id] END)
        AS author_id
    FROM people;

-- Exports may overlap: a message counts once, and so does a value at one place of it.
CREATE TABLE found AS
    SELECT record, author_id, type, "start", "end", value_hash, person
    FROM read_parquet($findings) GROUP BY ALL;

CREATE TABLE wrote AS
    SELECT author_id, count(DISTINCT record) AS messages FROM read_parquet($posts) GROUP BY author_id;

-- A value belongs to its author, whose it really is being unknown; and to the member whose own it is. A name belongs
-- to the member who is named, and not to whoever wrote it.
CREATE TABLE held AS
    SELECT accounts.member_id, found.* EXCLUDE (author_id, person)
    FROM found JOIN accounts USING (author_id) WHERE person = ''
    UNION
    SELECT own.member_id, found.* EXCLUDE (author_id, person) FROM found JOIN own USING (type, value_hash)
    UNION
    SELECT person, found.* EXCLUDE (author_id, person) FROM found WHERE person <> '';

CREATE TABLE exposures AS
    SELECT member_id, type, sum(n)::BIGINT AS n FROM (
        SELECT member_id, unnest(types) AS type, 1 AS n FROM people WHERE $profiles
        UNION ALL
        SELECT member_id, type, count(*) FROM held GROUP BY ALL
        UNION ALL
        SELECT member_id, $posting, sum(messages)
        FROM wrote JOIN accounts USING (author_id) GROUP BY member_id
    ) GROUP BY ALL;

CREATE TABLE members AS
    SELECT member_id, list(type ORDER BY place) AS types, list(n ORDER BY place) AS counts,
        any_value(jurisdiction) AS jurisdiction, any_value(evidence) AS evidence, any_value(locale) AS locale,
        any_value(minor) AS minor, any_value(is_bot) AS is_bot
    FROM exposures JOIN type_order USING (type) JOIN people USING (member_id)
    GROUP BY member_id;
"""

_RECORDS = """
SELECT type, sum(n)::BIGINT FROM (
    SELECT unnest(types) AS type, 1 AS n FROM people WHERE $profiles AND NOT is_bot
    UNION ALL
    SELECT type, 1 FROM (
        SELECT DISTINCT held.* EXCLUDE (member_id) FROM held JOIN people USING (member_id) WHERE NOT is_bot)
    UNION ALL
    SELECT $posting, messages FROM wrote
    WHERE author_id IN (SELECT author_id FROM accounts JOIN people USING (member_id) WHERE NOT is_bot)
) GROUP BY type
"""


_JOINED = (
    "authors_unmatched",
    "authors_matched",
    "messages_unmatched",
    "members_without_platform_id",
    "platform_ids_shared",
)
_JOIN = """
WITH known AS (SELECT DISTINCT author_id FROM accounts)
SELECT
    (SELECT count(*) FROM wrote WHERE author_id <> '' AND author_id NOT IN (FROM known)),
    (SELECT count(*) FROM wrote WHERE author_id IN (FROM known)),
    (SELECT coalesce(sum(messages), 0)::BIGINT FROM wrote WHERE author_id NOT IN (FROM known)),
    (SELECT CASE WHEN max(len(platform_ids)) > 0 THEN count(*) FILTER (len(platform_ids) = 0) ELSE 0 END
        FROM people WHERE NOT is_bot),
    (SELECT count(*) FROM (SELECT 1 FROM accounts GROUP BY author_id HAVING count(DISTINCT member_id) > 1))
"""
"""What the join of authors on the roster lost, in the order of _JOINED."""


@dataclass(frozen=True, slots=True)
class Merged:
    """All files together, by member and in numbers. `people` in a name: accounts that are no bots."""

    members: pa.Table
    """tables.MEMBERS, ordered by member_id."""
    affected: int
    bots: int
    minors: int
    findings: int
    messages: int
    """In scope, each once."""
    authors_unmatched: int
    authors_matched: int
    messages_unmatched: int
    """Of authors who are not in the roster, or whom the export does not name."""
    members_without_platform_id: int
    """0 when the roster has no such column: then its own ids are joined on."""
    platform_ids_shared: int
    """Ids that stand with several members."""
    people_by_type: dict[str, int]
    records_by_type: dict[str, int]
    detected_types: frozenset[str]
    """Types in which at least one record was found in a text, by a pattern."""
    matrix: dict[str, dict[str, int]]
    people_by_jurisdiction: dict[str, int]


def merge(
    people: pa.Table, own: pa.Table, findings: Sequence[Path], posts: Sequence[Path], *, profiles: bool, scratch: Path
) -> Merged:
    """Merges the tables of all scans.

    People: the roster's columns that are needed. Own: see OWN. Findings, posts: the files of the map step.
    Profiles: whether the members' records were reachable. Scratch: a folder for DuckDB to spill to.
    """
    arguments = {
        "types": [one.value for one in DataType],
        "profiles": profiles,
        "posting": DataType.CLOSED_AREA_POSTS.value,
        "findings": [str(path) for path in findings] or [_empty(scratch / "no-findings.parquet", FINDINGS)],
        "posts": [str(path) for path in posts] or [_empty(scratch / "no-posts.parquet", POSTS)],
    }
    with duckdb.connect(config={"temp_directory": str(scratch)}) as database:
        database.register("people", people)
        database.register("own", own)
        for statement in _VIEWS.split(";\n"):
            if statement.strip():
                used = {name: value for name, value in arguments.items() if f"${name}" in statement}
                database.execute(statement, used)
        return _numbers(database, profiles)


def _numbers(database: duckdb.DuckDBPyConnection, profiles: bool) -> Merged:
    arguments = {"profiles": profiles, "posting": DataType.CLOSED_AREA_POSTS.value}
    affected, bots, minors = _row(
        database,
        "SELECT count(*), count(*) FILTER (is_bot), count(*) FILTER (minor AND NOT is_bot) FROM members",
    )
    matrix: dict[str, dict[str, int]] = {}
    crossed = "SELECT jurisdiction, unnest(types) AS type, count(*) FROM members WHERE NOT is_bot GROUP BY 1, 2"
    for jurisdiction, kind, count in database.execute(f"{crossed} ORDER BY 1, 2").fetchall():
        matrix.setdefault(jurisdiction, {})[kind] = count
    (joined,) = database.execute(_JOIN).fetchall()
    residents = "SELECT jurisdiction, count(*) FROM members WHERE NOT is_bot GROUP BY 1 ORDER BY 1"
    return Merged(
        members=database.sql("FROM members ORDER BY member_id").to_arrow_table().select(MEMBERS.names).cast(MEMBERS),
        affected=affected,
        bots=bots,
        minors=minors,
        findings=_row(database, "SELECT count(*) FROM found")[0],
        messages=_row(database, "SELECT coalesce(sum(messages), 0)::BIGINT FROM wrote")[0],
        **dict(zip(_JOINED, joined, strict=True)),
        people_by_type=dict(
            database.execute(
                "SELECT type, count(*) FROM exposures JOIN people USING (member_id) WHERE NOT is_bot GROUP BY type"
            ).fetchall()
        ),
        records_by_type=dict(database.execute(_RECORDS, arguments).fetchall()),
        detected_types=frozenset(row[0] for row in database.execute("SELECT DISTINCT type FROM held").fetchall()),
        matrix=matrix,
        people_by_jurisdiction=dict(database.execute(residents).fetchall()),
    )


def _row(database: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    """The one row of an aggregate without groups."""
    (row,) = database.execute(query).fetchall()
    return tuple(row)


def _empty(path: Path, schema: pa.Schema) -> str:
    with TableWriter(path, schema):
        pass
    return str(path)
