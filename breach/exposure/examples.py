"""The most sensitive values that were found, masked: so that a person sees what kind of thing it was."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from breach.exposure.taxonomy import most_sensitive_first
from schemas.exposure import DataType, FindingExample

MOST = 5


def most_sensitive(findings: Sequence[Path]) -> tuple[FindingExample, ...]:
    """Five findings: the best-known one of each type, the most sensitive type first; then each type's second.

    Findings: tables of the map step. The same tables give the same examples, in whatever order they come.
    """
    if not findings:
        return ()
    order = most_sensitive_first(DataType)
    with duckdb.connect() as database:
        rows = database.execute(
            _CHOSEN,
            {"findings": [str(path) for path in findings], "types": [kind.value for kind in order], "most": MOST},
        ).fetchall()
    return tuple(
        FindingExample(type=DataType(kind), file=file, masked=masked, validator=validator, confidence=confidence)
        for kind, file, masked, validator, confidence in rows
    )


_CHOSEN = """
WITH type_order AS (SELECT unnest($types) AS type, generate_subscripts($types, 1) AS place),
once AS (
    SELECT *, row_number() OVER (
        PARTITION BY type, value_hash ORDER BY confidence DESC, file_digest, record, "start") AS seen
    FROM read_parquet($findings)
), numbered AS (
    SELECT *, row_number() OVER (
        PARTITION BY type ORDER BY confidence DESC, file_digest, record, "start", value_hash) AS n
    FROM once WHERE seen = 1
)
SELECT type, file_digest, masked, validator, confidence
FROM numbered JOIN type_order USING (type) ORDER BY n, place LIMIT $most
"""
