"""The roster chapter: who the members are, from a user list, frozen as one table."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import duckdb
from pydantic import Field

from breach.digest import digest_file
from breach.errors import BadInput
from breach.exposure.columns import Column, Role, classify
from breach.exposure.contract import RosterRead, Validate, keep_contract
from breach.exposure.identity import is_mangled
from breach.exposure.ip_country import NOT_CONFIGURED, IpCountries
from breach.exposure.mapping import correct_columns
from breach.exposure.opening import TABLES, open_roster
from breach.exposure.people import PersonMaker
from breach.exposure.readers.discourse_users import UserList
from breach.exposure.readers.reading import Roster
from breach.exposure.recognise import Recognised
from breach.exposure.sources import STATE
from breach.exposure.tables import PEOPLE, TableWriter
from breach.parquet import read_parquet
from breach.steps import Work
from breach.store import put_record, put_same
from schemas.base import Record
from schemas.expectations import Validation
from schemas.exposure import UNKNOWN_JURISDICTION, FileCoverage
from schemas.receipt import Chapter, Receipt

SAMPLE_ROWS = 500
SAMPLE_CELLS = 500_000
AGAIN = "Export the member list again and start again."


class RosterRecord(Record):
    """How the roster was read (roster/<rev>/roster.json)."""

    recognised: str = Field(description="By what the format was recognised.")
    coverage: FileCoverage
    columns: tuple[Column, ...]
    birth_dates_unread: int = Field(ge=0, description="Filled birth dates in no readable order; age then unknown.")
    alike_addresses: int = Field(
        default=0,
        ge=0,
        description="Addresses that differ from another's only by a +tag, or by dots at Gmail; kept apart.",
    )
    contract: Validation | None = Field(default=None, description="None: it was not checked.")
    accepted: str = Field(default="", description="Why it is believed although it breaks its contract.")
    ip_countries: str = Field(default="", description="What IP addresses were looked up in; empty: there are none.")


def load_roster(
    work: Work, source: Path, ip_countries: IpCountries | None = None, *, validate: Validate | None = None
) -> Receipt:
    """Freezes roster/<rev>/people.parquet and roster.json; returns counts.

    ip_countries: the database in which IP addresses are looked up, if there is one. Validate: what checks the
    contract; without it none is checked. Raises BadInput when the file is missing, no user list, empty, without an id
    column, or names a member twice; and when the contract is broken and nobody accepted that.
    """
    recognised, users = open_roster(source)
    # Of a table of 10,000 columns fewer rows: half a million cells are looked at.
    rows = max(20, min(SAMPLE_ROWS, SAMPLE_CELLS // max(1, len(users.header))))
    proposed = classify(users.header, list(islice(users.rows(), rows)))
    columns = correct_columns(proposed, work.facts.incident.roster.columns)
    _require_ids(source, recognised, columns)
    incident = work.facts.incident
    moment = incident.leak_from if incident.span_known else work.facts.recorded_at
    maker = PersonMaker(columns, moment.date(), ip_countries.country if ip_countries else None)
    with TemporaryFile() as scratch:
        counts = _write_people(scratch, (maker.make(row) for row in users.rows()), source)
        scratch.seek(0)
        data = scratch.read()
    _refuse_twins(data, source)
    coverage = _coverage(source, recognised, users.notes + maker.notes, counts["members"])
    contract = None
    if validate is not None:
        read = RosterRead(data, coverage.digest, misfits_of(users), maker.birth_dates_unread)
        contract = keep_contract(work, read, validate)
    record = RosterRecord(
        recognised=recognised.reason,
        coverage=coverage,
        columns=columns,
        contract=contract,
        accepted=work.facts.incident.roster.accepted if contract is not None and not contract.passed else "",
        birth_dates_unread=maker.birth_dates_unread,
        alike_addresses=_alike(data),
        ip_countries=_ip_note(columns, ip_countries),
    )
    folder = f"roster/{work.revision}"
    put_record(work.store, f"{folder}/roster.json", record)
    digest = put_same(work.store, f"{folder}/people.parquet", data)
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.ROSTER,
        revision=work.revision,
        key=f"{folder}/people.parquet",
        digest=digest,
        counts=counts,
    )


def misfits_of(users: Roster) -> int:
    """Rows of another width than the header, where a format can have such rows."""
    return users.raggedness.too_long + users.raggedness.too_short if isinstance(users, UserList) else 0


def _ip_note(columns: tuple[Column, ...], ip_countries: IpCountries | None) -> str:
    if not any(column.role is Role.IP for column in columns):
        return ""
    return ip_countries.described if ip_countries else NOT_CONFIGURED


def _require_ids(source: Path, recognised: Recognised, columns: tuple[Column, ...]) -> None:
    """Exactly one column of ids; in a table of no known platform, addresses may stand for it."""
    found = sum(column.role is Role.MEMBER_ID for column in columns)
    addressed = any(column.role is Role.EMAIL for column in columns)
    if found != 1 and not (found == 0 and addressed and recognised.format in TABLES):
        raise BadInput(
            f"The member list {source.name!r} has {found} id columns among its {len(columns)}; it needs exactly one.",
            STATE,
            AGAIN,
        )


def _write_people(scratch: IO[bytes], people: Iterator[dict[str, object]], source: Path) -> dict[str, int]:
    counts = Counter(dict.fromkeys(("members", "with_address", "bots", "minors", "unknown_country"), 0))
    with TableWriter(scratch, PEOPLE) as table:
        for person in people:
            counts["members"] += 1
            if not person["member_id"]:
                raise BadInput(f"Member {counts['members']} of {source.name!r} has no id.", STATE, AGAIN)
            if is_mangled(str(person["member_id"])):
                raise BadInput(
                    f"Member {counts['members']} of {source.name!r} has an id that a spreadsheet rounded (1.2E+17).",
                    STATE,
                    "Export the member list again and do not save it from a spreadsheet.",
                )
            counts["with_address"] += person["email"] != ""
            counts["bots"] += bool(person["is_bot"])
            counts["minors"] += bool(person["minor"])
            counts["unknown_country"] += person["jurisdiction"] == UNKNOWN_JURISDICTION
            table.add(person)
    if not counts["members"]:
        raise BadInput(f"The member list {source.name!r} has a header and no members.", STATE, AGAIN)
    return dict(counts)


def _refuse_twins(data: bytes, source: Path) -> None:
    """DuckDB spills to disk where a set of ten million ids would not fit."""
    ids = read_parquet(data, ["member_id"])
    with duckdb.connect() as database:
        database.register("ids", ids)
        ((twins, rows),) = database.execute(
            "SELECT count(*), coalesce(sum(times), 0)::BIGINT "
            "FROM (SELECT count(*) AS times FROM ids GROUP BY member_id HAVING count(*) > 1)"
        ).fetchall()
    if twins:
        raise BadInput(
            f"In the member list {source.name!r}, {twins} ids stand in {rows} rows: an id must name one member.",
            STATE,
            AGAIN,
        )


def _alike(data: bytes) -> int:
    """Addresses of one mailbox by the habits of mail hosts, which no standard promises."""
    addresses = read_parquet(data, ["email"])
    with duckdb.connect() as database:
        database.register("addresses", addresses)
        ((alike,),) = database.execute(_ALIKE).fetchall()
    return int(alike)


_ALIKE = """
WITH parts AS (
    SELECT DISTINCT lower(split_part(email, '@', 2)) AS host, lower(split_part(email, '@', 1)) AS local
    FROM addresses WHERE email LIKE '%_@_%'
), boxes AS (
    SELECT host, CASE WHEN host IN ('gmail.com', 'googlemail.com') THEN replace(split_part(local, '+', 1), '.', '')
        ELSE split_part(local, '+', 1) END AS box
    FROM parts
)
SELECT coalesce(sum(times), 0)::BIGINT FROM (
    SELECT count(*) AS times FROM boxes WHERE box <> '' GROUP BY host, box HAVING count(*) > 1)
"""


def _coverage(source: Path, recognised: Recognised, said: list[str], members: int) -> FileCoverage:
    return FileCoverage(
        digest=digest_file(source),
        kind=recognised.format.value,
        recognised=recognised.reason,
        scanned="partly" if said else "fully",
        reason="; ".join(said),
        records=members,
        in_scope=members,
    )
