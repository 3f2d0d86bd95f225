"""What a member list must satisfy before it is believed, and what happens when it does not."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from breach.errors import BadInput
from breach.exposure.sources import STATE
from breach.parquet import read_parquet
from breach.steps import Work
from breach.store import put_record
from schemas.expectations import Expectation, Validation, roster_suite

Validate = Callable[[Work, pa.Table, tuple[Expectation, ...]], Validation]
"""Checks a table against a suite. Great-expectations in the house; anything in a test."""


@dataclass(frozen=True, slots=True)
class RosterRead:
    """What was made of a member list, as far as its contract asks."""

    people: bytes
    """people.parquet."""
    digest: str
    """Of the export."""
    misfits: int
    """Rows of another width than the header."""
    unread_dates: int
    """Filled birth dates in no readable order."""


def keep_contract(work: Work, roster: RosterRead, validate: Validate) -> Validation:
    """Validates the people that were read, and writes roster/<rev>/contract.json whatever comes of it.

    Raises BadInput when the contract is broken and no fact accepts this very file.
    """
    suite = roster_suite(work.facts.incident.roster.expected)
    validation = validate(work, view_of(roster), suite)
    put_record(work.store, f"roster/{work.revision}/contract.json", validation)
    accepted = work.facts.incident.roster.accepted.startswith(f"{roster.digest[:12]}: ")
    if not validation.passed and not accepted:
        meanings = {one.name: one.meaning for one in suite}
        broken = "; ".join(f"{meanings[one.name]} ({one.name}: {one.rows} rows)" for one in validation.failed)
        raise BadInput(
            f"The member list breaks {len(validation.failed)} of the {validation.expectations} expectations of its "
            f"contract: {broken}.",
            STATE,
            "Export it again, or correct its columns with revise-mapping. To believe it all the same, record the fact "
            f"'why a member list that fails its contract is believed' as '{roster.digest[:12]}: the reason'.",
        )
    return validation


def view_of(roster: RosterRead) -> pa.Table:
    """The people as the suite sees them. A blank cell is none: it breaks only what must not be blank.

    Which rows did not fit, and whose dates could not be read, is not kept; only how many. So the last rows stand for
    them, which the shares do not mind.
    """
    people = read_parquet(roster.people, ["member_id", "email", "birth_date"])
    rows = people.num_rows
    misfits = min(roster.misfits, rows)
    read = [bool(born) for born in people["birth_date"].to_pylist()]
    filled = sum(read)
    dates = ["read"] * filled + ["unread"] * min(roster.unread_dates, rows - filled)
    return pa.table(
        {
            "member_id": pa.array([one or None for one in people["member_id"].to_pylist()], pa.string()),
            "address": pa.array([one or None for one in people["email"].to_pylist()], pa.string()),
            "width": pa.array(["as the header"] * (rows - misfits) + ["another"] * misfits),
            "birth_date": pa.array([*dates, *[None] * (rows - len(dates))], pa.string()),
        }
    )
