"""What a table must fulfil before anybody is written to: data, read by the validator and by our own row checks."""

from enum import StrEnum

from pydantic import Field

from schemas.base import Record
from schemas.incident import Locale
from schemas.recipients import Residence


class ExpectationKind(StrEnum):
    """The few kinds in use, by the name great-expectations has for each."""

    ROW_COUNT = "expect_table_row_count_to_be_between"
    NOT_NULL = "expect_column_values_to_not_be_null"
    UNIQUE = "expect_column_values_to_be_unique"
    MATCHES = "expect_column_values_to_match_regex"
    IN_SET = "expect_column_values_to_be_in_set"
    BETWEEN = "expect_column_values_to_be_between"


ROW_LEVEL = frozenset(ExpectationKind) - {ExpectationKind.ROW_COUNT}
"""Kinds that single rows can break; such rows go into quarantine instead of stopping everybody."""


class Expectation(Record):
    """One expectation: kind, column, arguments."""

    kind: ExpectationKind
    column: str = Field(default="", description="Empty for a whole-table expectation.")
    pattern: str = Field(default="", description="Regular expression, for MATCHES.")
    values: tuple[str, ...] = Field(default=(), description="Allowed values, for IN_SET.")
    at_least: int | None = Field(default=None, description="Lower bound, for BETWEEN and ROW_COUNT.")
    at_most: int | None = Field(default=None, description="Upper bound, for BETWEEN and ROW_COUNT.")
    mostly: float | None = Field(default=None, gt=0, le=1, description="Share of filled cells that must; None: all.")
    meaning: str = Field(default="", description="In words, for whoever reads that it was not met.")

    @property
    def name(self) -> str:
        """How a report calls it: what, of which column."""
        return f"{self.kind.value} ({self.column})" if self.column else self.kind.value


class FailedExpectation(Record):
    """An expectation that was not met. Counts only, never a value."""

    name: str
    rows: int = Field(ge=0, description="Rows that break it; 0 when the whole table does, or no row could be named.")


class Validation(Record):
    """What a validator says about a table (recipients/<rev>/validation/result.json)."""

    passed: bool
    expectations: int = Field(ge=1, description="How many were checked.")
    failed: tuple[FailedExpectation, ...] = Field(default=())


# RFC 5322 dot-atom before the @; A-labels with at least one dot after it. 254 octets are the longest path that
# RFC 5321 lets a server take (section 4.5.3.1.3, without the angle brackets); it is checked by its own column.
# No capturing groups: pandas warns of them.
ADDRESS_PATTERN = (
    r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])\Z"
)
LONGEST_ADDRESS = 254
LONGEST_NAME = 70

RECIPIENT_SUITE: tuple[Expectation, ...] = (
    Expectation(kind=ExpectationKind.ROW_COUNT, at_least=1),
    Expectation(kind=ExpectationKind.NOT_NULL, column="token"),
    Expectation(kind=ExpectationKind.MATCHES, column="token", pattern=r"^[a-z2-7]{26}\Z"),
    Expectation(kind=ExpectationKind.UNIQUE, column="token"),
    Expectation(kind=ExpectationKind.NOT_NULL, column="address"),
    Expectation(kind=ExpectationKind.MATCHES, column="address", pattern=ADDRESS_PATTERN),
    Expectation(kind=ExpectationKind.BETWEEN, column="address_length", at_least=6, at_most=LONGEST_ADDRESS),
    Expectation(kind=ExpectationKind.NOT_NULL, column="canonical"),
    Expectation(kind=ExpectationKind.UNIQUE, column="canonical"),
    Expectation(kind=ExpectationKind.NOT_NULL, column="name"),
    Expectation(kind=ExpectationKind.MATCHES, column="name", pattern=r"^[^\x00-\x1f\x7f\u2028\u2029;,\"<>]{0,70}\Z"),
    Expectation(kind=ExpectationKind.IN_SET, column="locale", values=tuple(Locale)),
    Expectation(kind=ExpectationKind.IN_SET, column="residence", values=tuple(Residence)),
    Expectation(kind=ExpectationKind.NOT_NULL, column="variant"),
    Expectation(kind=ExpectationKind.MATCHES, column="variant", pattern=r"^[a-z0-9-]+\Z"),
    Expectation(kind=ExpectationKind.BETWEEN, column="member_count", at_least=1),
    Expectation(kind=ExpectationKind.BETWEEN, column="type_count", at_least=1),
)
"""For the checked view of recipients.parquet: its scalar columns, the canonical address, and three counts."""

OF_EXPECTED = 0.9
"""A list may be this much shorter than the community is said to be: people leave, and heads are counted roughly."""
OF_ADDRESSES = 0.9
"""Of the filled cells. Below it the column is another one, or the file was saved by a program that broke it."""
OF_DATES = 0.95
OF_ROWS = 0.99


def roster_suite(expected: int) -> tuple[Expectation, ...]:
    """The contract of a member list. Expected: how many members there should be; 0 when nobody has said."""
    return (
        Expectation(
            kind=ExpectationKind.ROW_COUNT,
            at_least=max(1, round(OF_EXPECTED * expected)),
            meaning=f"at least {max(1, round(OF_EXPECTED * expected))} members, nine tenths of what was said"
            if expected
            else "at least one member",
        ),
        Expectation(kind=ExpectationKind.NOT_NULL, column="member_id", meaning="every member has an id"),
        Expectation(kind=ExpectationKind.UNIQUE, column="member_id", meaning="no id stands with two members"),
        Expectation(
            kind=ExpectationKind.MATCHES,
            column="address",
            pattern=ADDRESS_PATTERN,
            mostly=OF_ADDRESSES,
            meaning="nine of ten addresses look like one",
        ),
        Expectation(
            kind=ExpectationKind.IN_SET,
            column="width",
            values=("as the header",),
            mostly=OF_ROWS,
            meaning="99 of 100 rows are as wide as the header",
        ),
        Expectation(
            kind=ExpectationKind.IN_SET,
            column="birth_date",
            values=("read",),
            mostly=OF_DATES,
            meaning="19 of 20 birth dates can be read",
        ),
    )
