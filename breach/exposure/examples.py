"""The most sensitive values that were found, masked: so that a person sees what kind of thing it was."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from schemas.exposure import DataType, FindingExample

MOST = 5
LEAST_SENSITIVE_FIRST = (
    DataType.CLOSED_AREA_POSTS,
    DataType.PROFILE_DETAILS,
    DataType.USERNAME,
    DataType.NAME,
    DataType.LOCATION,
    DataType.IP_ADDRESS,
    DataType.EMAIL,
    DataType.PHONE,
    DataType.DATE_OF_BIRTH,
    DataType.PAYMENT_CARD,
)
"""A type that is not here counts as more sensitive than all of these."""


def most_sensitive(findings: Sequence[Path]) -> tuple[FindingExample, ...]:
    """Five findings: the best-known one of each type, the most sensitive type first; then each type's second.

    Findings: tables of the map step. The same tables give the same examples, in whatever order they come.
    """
    if not findings:
        return ()
    rank = {kind: place for place, kind in enumerate(reversed(LEAST_SENSITIVE_FIRST))}
    order = sorted(DataType, key=lambda kind: (rank.get(kind, -1), list(DataType).index(kind)))
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
