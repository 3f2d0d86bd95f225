"""The exposure chapter: scan each export (map), merge by member, freeze, and summarise."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from breach.digest import digest_bytes
from breach.errors import Conflict, Tampered
from breach.exposure.country import region_of
from breach.exposure.kinds.emails import same_email
from breach.exposure.kinds.phones import same_phone
from breach.exposure.merge import OWN, merge
from breach.exposure.mentions import Named, names_of
from breach.exposure.naming import value_hash
from breach.exposure.opening import require_content
from breach.exposure.pool import Progress, scan_all
from breach.exposure.roster import RosterRecord
from breach.exposure.scan import ScanJob
from breach.exposure.scope import Scope, scope_of
from breach.exposure.sources import STATE
from breach.exposure.summary import summarise
from breach.exposure.tables import AUTHORS, TableWriter, parquet_bytes
from breach.parquet import read_parquet
from breach.steps import Work
from breach.store import CaseStore, get_record, put_record, put_same
from schemas.exposure import DataType, ExposureSummary
from schemas.receipt import Chapter, Receipt


def find_exposures(
    work: Work,
    roster: Receipt,
    sources: Sequence[Path],
    case_key: bytes,
    workers: int,
    *,
    on_progress: Progress | None = None,
) -> Receipt:
    """Freezes exposure/<rev>/: findings and posts per file, members.parquet, summary.json; returns counts.

    Roster: receipt of load_roster. Sources: message exports, in any order. Case key: 32 bytes for hashes of values.
    Workers: processes; 1 runs here. A file that cannot be read has its line in the coverage. Raises BadInput for one
    that is missing or a member list, Tampered when the roster is not what its receipt says, Transient when a scanning
    process was ended from outside.
    """
    for source in sources:
        require_content(source)
    people = _read_roster(work.store, roster)
    record = get_record(work.store, f"{roster.key.rpartition('/')[0]}/roster.json", RosterRecord)
    scope = scope_of(work.facts.incident)
    # Only ids, countries and hashes lie in this folder, no value of a member: a kill may leave it behind.
    with TemporaryDirectory(prefix="breach-scan-") as name:
        scratch = Path(name)
        _write_authors(people, scratch / "authors.parquet")
        named = names_of(zip(*(people[name].to_pylist() for name in ("member_id", "username", "name")), strict=True))
        jobs = _jobs(sources, scope, case_key, scratch)
        scans = scan_all(jobs, scratch / "authors.parquet", workers, on_progress, named)
        merged = merge(
            people.drop_columns(["username", "name", "email", "other_emails", "phone"]),
            _own_values(people, case_key),
            [one.findings for one in scans],
            [one.posts for one in scans],
            profiles=scope.profiles,
            scratch=scratch,
        )
        folder = f"exposure/{work.revision}"
        for number, one in enumerate(scans):
            put_same(work.store, f"{folder}/findings/{number:05d}.parquet", one.findings.read_bytes())
            put_same(work.store, f"{folder}/posts/{number:05d}.parquet", one.posts.read_bytes())
    put_same(work.store, f"{folder}/members.parquet", parquet_bytes(merged.members))
    summary = _with_names(summarise(work.facts.incident, people.num_rows, record.coverage, scans, merged), named)
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.EXPOSURES,
        revision=work.revision,
        key=f"{folder}/summary.json",
        digest=put_record(work.store, f"{folder}/summary.json", summary),
        counts={
            "affected": summary.affected,
            "findings": summary.findings,
            "messages_in_scope": summary.messages_in_scope,
            "files": len(scans),
        },
    )


def _with_names(summary: ExposureSummary, named: Named) -> ExposureSummary:
    """Says which members could not be looked for by their names in what others wrote."""
    if not named.skipped or not summary.messages_in_scope:
        return summary
    said = (
        f"{named.skipped} usernames and display names of members were not looked for in what others wrote: too short, "
        f"everyday words, a single word, or shared."
    )
    return summary.model_copy(update={"scope_note": f"{summary.scope_note} {said}"})


def _read_roster(store: CaseStore, roster: Receipt) -> pa.Table:
    held = store.get(roster.key)
    if held is None:
        raise Conflict(f"{roster.key} is missing from the case.", "Nothing was changed.", "Load the roster first.")
    if digest_bytes(held.data) != roster.digest:
        raise Tampered(f"{roster.key} is not what its receipt says.", STATE, "Restore it, or load the roster again.")
    columns = "member_id platform_ids username name email other_emails phone jurisdiction evidence locale minor is_bot types"
    return read_parquet(held.data, columns.split())


def _write_authors(people: pa.Table, target: Path) -> None:
    """Who wrote under which id; of members that share one, the first by id lends it the country."""
    rows = zip(*(people[name].to_pylist() for name in ("member_id", "platform_ids", "jurisdiction")), strict=True)
    taken: set[str] = set()
    with TableWriter(target, AUTHORS) as table:
        for member_id, platform_ids, jurisdiction in sorted(rows):
            for author_id in platform_ids or [member_id]:
                if author_id not in taken:
                    taken.add(author_id)
                    region = region_of(jurisdiction) or ""
                    table.add({"author_id": author_id, "member_id": member_id, "region": region})


def _own_values(people: pa.Table, case_key: bytes) -> pa.Table:
    """Hashes of each member's own addresses and number, in the forms in which findings are compared."""
    rows: dict[str, list[str]] = {name: [] for name in OWN.names}
    names = ("member_id", "email", "other_emails", "phone", "jurisdiction")
    for member_id, email, others, phone, jurisdiction in zip(*(people[n].to_pylist() for n in names), strict=True):
        values = {(DataType.EMAIL, same_email(address)) for address in (email, *others) if address}
        number = same_phone(phone, region_of(jurisdiction)) if phone else None
        if number is not None:
            values.add((DataType.PHONE, number))
        for kind, normal in values:
            rows["member_id"].append(member_id)
            rows["type"].append(kind.value)
            rows["value_hash"].append(value_hash(case_key, kind, normal))
    return pa.table(rows, schema=OWN)


def _jobs(sources: Sequence[Path], scope: Scope, case_key: bytes, scratch: Path) -> list[ScanJob]:
    """One job a file, each with a folder of its own: two copies of one export must not write over each other."""
    jobs = []
    for number, source in enumerate(sources):
        folder = scratch / f"{number:05d}"
        folder.mkdir()
        jobs.append(ScanJob(source, scope, case_key, folder))
    return jobs
