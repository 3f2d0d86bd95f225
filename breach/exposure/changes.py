"""What an assessment says otherwise than the one before it: in counts, and in files by digest. Never who."""

from collections import defaultdict
from collections.abc import Iterable

import duckdb
import pyarrow as pa

from breach.digest import digest_bytes
from breach.errors import Tampered
from breach.exposure.sources import STATE
from breach.parquet import read_parquet
from breach.store import CaseStore, get_record
from schemas.evidence import Custody
from schemas.exposure import DataType, ExposureChanges, ExposureSummary
from schemas.receipt import Receipt

CHANGES = "changes.json"


def compare_exposures(store: CaseStore, before: Receipt, after: Receipt) -> ExposureChanges:
    """Before, after: receipts of find_exposures. Raises Conflict or Tampered when one of them is not what it was."""
    was, now = _summary(store, before), _summary(store, after)
    with duckdb.connect() as database:
        database.register("was", _members(store, before))
        database.register("now", _members(store, after))
        ((newly, no_longer, moved),) = database.execute(_PEOPLE).fetchall()
        added = dict(database.execute(_TYPES.format(more="now", less="was")).fetchall())
        removed = dict(database.execute(_TYPES.format(more="was", less="now")).fetchall())
    old, new = ({line.digest for line in one.coverage} for one in (was, now))
    renamed = _successors(store, old - new, new - old)
    return ExposureChanges(
        before=before.revision,
        affected_before=was.affected,
        affected_after=now.affected,
        newly_affected=newly,
        no_longer_affected=no_longer,
        moved=moved,
        types_added={kind: added[kind.value] for kind in DataType if kind.value in added},
        types_removed={kind: removed[kind.value] for kind in DataType if kind.value in removed},
        files_added=tuple(sorted(new - old - set(renamed.values()))),
        files_removed=tuple(sorted(old - new - set(renamed))),
        files_changed={digest: renamed[digest] for digest in sorted(renamed)},
        files_same=len(old & new),
    )


def _summary(store: CaseStore, receipt: Receipt) -> ExposureSummary:
    held = store.get(receipt.key)
    if held is not None and digest_bytes(held.data) != receipt.digest:
        raise Tampered(f"{receipt.key} is not what its receipt says.", STATE, "Restore it and start the case again.")
    return get_record(store, receipt.key, ExposureSummary)


def _members(store: CaseStore, receipt: Receipt) -> pa.Table:
    key = f"{receipt.key.rpartition('/')[0]}/members.parquet"
    held = store.get(key)
    if held is None:
        raise Tampered(f"{key} is missing from the case.", STATE, "Restore it and start the case again.")
    return read_parquet(held.data, ["member_id", "types", "jurisdiction"])


def _successors(store: CaseStore, gone: Iterable[str], come: Iterable[str]) -> dict[str, str]:
    """Digest of a file -> digest of the one that was taken under its name later, by the custody entries."""
    lost, found = set(gone), set(come)
    names: dict[str, list[str]] = defaultdict(list)
    for key in store.keys("custody/") if lost and found else []:
        entry = get_record(store, key, Custody)
        names[entry.name].append(entry.digest)
    pairs: dict[str, str] = {}
    for digests in names.values():
        latest = digests[-1]
        old = next((one for one in reversed(digests) if one in lost), None)
        if latest in found and old is not None and latest not in pairs.values():
            pairs.setdefault(old, latest)
    return pairs


_PEOPLE = """
SELECT count(*) FILTER (was.member_id IS NULL), count(*) FILTER (now.member_id IS NULL),
    count(*) FILTER (was.jurisdiction <> now.jurisdiction)
FROM was FULL JOIN now USING (member_id)
"""
# Only of members who stand in both: the others are counted as newly affected or no longer.
_TYPES = """
WITH both_times AS (SELECT member_id FROM was INTERSECT SELECT member_id FROM now)
SELECT type, count(*) FROM (
    SELECT member_id, unnest(types) AS type FROM {more} WHERE member_id IN (FROM both_times)
    EXCEPT SELECT member_id, unnest(types) FROM {less}
) GROUP BY type
"""
