"""The affected accounts: exposure and roster side by side, one record each."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from breach.errors import BadInput
from breach.recipients.tables import MEMBER_COLUMNS, PEOPLE_COLUMNS, read_table
from breach.store import CaseStore

TOLD_ANYWAY = ("suspended", "staged", "deleted", "opted_out")


@dataclass(frozen=True, slots=True)
class Account:
    """One affected account. Never printed."""

    member_id: str
    address: str
    """As the roster gives it, unread."""
    name: str
    phone: str
    locale: str
    jurisdiction: str
    types: tuple[str, ...]
    minor: bool
    is_bot: bool
    status: frozenset[str]
    """Of suspended, staged, deleted, opted_out: those that apply."""

    def __repr__(self) -> str:
        """Nothing of it: a member's row must not reach a log through a traceback."""
        return "Account(…)"


def read_accounts(store: CaseStore, people_key: str, members_key: str) -> list[Account]:
    """Every affected account, by member id. One that the roster lacks has no address.

    Raises BadInput when an id stands twice in either table: then nobody could say whom a row means.
    """
    people = _by_id(read_table(store, people_key, PEOPLE_COLUMNS), people_key)
    members = _by_id(read_table(store, members_key, MEMBER_COLUMNS), members_key)
    return [_account(member, people.get(member_id)) for member_id, member in sorted(members.items())]


Row = dict[str, object]


def _account(member: Row, person: Row | None) -> Account:
    person = person or {}

    def text(column: str) -> str:
        return str(person.get(column) or "")

    types = member["types"]
    return Account(
        member_id=str(member["member_id"]),
        address=text("email"),
        name=text("name") or text("username"),
        phone=text("phone"),
        locale=str(member["locale"] or "") or text("locale"),
        jurisdiction=str(member["jurisdiction"]),
        types=tuple(types) if isinstance(types, list) else (),
        minor=bool(member["minor"]),
        is_bot=bool(member["is_bot"]) or bool(person.get("is_bot")),
        status=frozenset(status for status in TOLD_ANYWAY if person.get(status)),
    )


def _by_id(table: pa.Table, key: str) -> dict[str, Row]:
    rows = {str(row["member_id"]): row for row in _rows(table)}
    if len(rows) != table.num_rows:
        raise BadInput(
            f"{table.num_rows - len(rows)} rows of {key} repeat a member id.",
            "No list was built; nothing was sent.",
            "Run the chapter that wrote it again, from an export without repeated ids.",
        )
    return rows


def _rows(table: pa.Table) -> Iterator[Row]:
    """Batch by batch, so that the whole table is never held twice."""
    for batch in table.to_batches(max_chunksize=50_000):
        yield from batch.to_pylist()
