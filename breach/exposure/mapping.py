"""What a person says a column of the member list holds, where the proposal by header and cells is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from breach.errors import BadInput
from breach.exposure.columns import TYPES, Column, Role, plain_header
from schemas.exposure import DataType

NOTHING = "not personal"
BY_A_PERSON = "corrected by a person"
ONE_OF_A_KIND = {Role.MEMBER_ID: Role.OTHER, Role.EMAIL: Role.OTHER_EMAILS}
"""Roles of one column only, and what a column becomes whose role a correction gives to another."""
ROLES = {role.value: role for role in Role if role is not Role.OTHER}
KINDS = {kind.value.casefold(): kind for kind in DataType}
MOST_SIGNS = 3
"""Digits of a header that is shown; more of them are no name of a column."""

_STRANGE = frozenset("<>[]{}|`\\")
"""Signs of markup: what is shown beside a run must not become a link, a picture or a row of its own there."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of the form: this column holds that."""

    header: str
    """As plain_header spells it."""
    role: Role
    kind: DataType | None


def read_correction(line: str, number: int) -> Correction:
    """'header = what it holds': a use, a data type, or 'not personal'. Raises BadInput naming the line by number."""
    header, sign, meaning = line.rpartition("=")
    said = meaning.strip().casefold()
    if sign and header.strip():
        if said in ROLES:
            return Correction(plain_header(header), ROLES[said], TYPES.get(ROLES[said], DataType.PROFILE_DETAILS))
        if said in KINDS or said == NOTHING:
            return Correction(plain_header(header), Role.OTHER, KINDS.get(said))
    raise BadInput(
        f"Line {number} of the corrections is not 'header = what it holds'.",
        "Nothing was recorded.",
        f"Write after the sign one of: {', '.join([*ROLES, *(one for one in KINDS if one not in ROLES), NOTHING])}.",
    )


def correct_columns(columns: Sequence[Column], lines: Sequence[str]) -> tuple[Column, ...]:
    """The columns with the corrections applied; a header that stands twice is corrected in every place.

    Raises BadInput for a line that names no column of this list.
    """
    wanted = {one.header: one for one in (read_correction(line, n) for n, line in enumerate(lines, start=1))}
    names = [plain_header(column.header) for column in columns]
    if missing := sum(header not in names for header in wanted):
        raise BadInput(
            f"{missing} of the corrected columns are not in the member list.",
            "No member list was loaded.",
            "Write each header as it stands in the list, with revise-mapping, and start the case again.",
        )
    taken = {one.role for one in wanted.values()}
    return tuple(
        _corrected(column, wanted[name]) if name in wanted else _yielding(column, taken)
        for column, name in zip(columns, names, strict=True)
    )


def shown_headers(columns: Sequence[Column]) -> list[str]:
    """The headers as they may be shown beside a run.

    A list without a header row has its first member in it: where no header says what its column is, none is shown,
    nor any that looks like a value.
    """
    known = any(column.reason.startswith(("by its header", BY_A_PERSON)) for column in columns)
    return [
        column.header if known and _is_a_name(column.header) else f"column {place}"
        for place, column in enumerate(columns, start=1)
    ]


def _is_a_name(header: str) -> bool:
    if not header.isprintable() or not _STRANGE.isdisjoint(header):
        return False
    return "@" not in header and len(header) <= 60 and sum(sign.isdigit() for sign in header) <= MOST_SIGNS


def _corrected(column: Column, wanted: Correction) -> Column:
    update = {"role": wanted.role, "type": wanted.kind, "reason": BY_A_PERSON, "confidence": 1.0}
    return column.model_copy(update=update)


def _yielding(column: Column, taken: set[Role]) -> Column:
    if column.role in taken and column.role in ONE_OF_A_KIND:
        return column.model_copy(update={"role": ONE_OF_A_KIND[column.role]})
    return column
