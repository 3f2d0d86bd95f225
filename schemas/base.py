"""The base of all records, and the few annotated types that every room shares."""

import json
import re
from typing import Annotated, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

V = TypeVar("V")


class Record(BaseModel):
    """A closed, frozen record. Its validation errors never quote the input: the input may be a member's."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)


ZonedTime = AwareDatetime
"""A moment with its zone; a naive time is refused."""

CaseId = Annotated[str, Field(pattern=r"^[a-z0-9-]{6,60}$")]
"""Chosen on the form; also the folder's name, a tag and part of every idempotency key."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256, lower-case hexadecimal."""

Revision = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
"""The first 12 digits of a step's digest: names the folder a chapter wrote its frozen output to."""

Token = Annotated[str, Field(pattern=r"^[a-z2-7]{26}$")]
"""The opaque name of one notice: 130 bits in base32; the only name of a member that leaves the case store."""

StaffId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
"""How a person on duty is named in the record: short, chosen at enrolment, never an address."""

BlockRef = Annotated[str, Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]
"""A Prefect block document as `type-slug/document-name`."""

MemberId = Annotated[str, Field(min_length=1, max_length=200)]
"""The platform's id of a member. Always a string: snowflakes exceed 2**53."""


def only_keys(pattern: str) -> AfterValidator:
    """Refuses a mapping with a key that does not fully match, without quoting it.

    Not a pattern on the key's own type: the place that such an error names is the key itself, which may be a member's.
    """

    def check(given: dict[str, V]) -> dict[str, V]:
        if not all(re.fullmatch(pattern, key) for key in given):
            raise ValueError("holds a key of a shape that does not belong here")
        return given

    return AfterValidator(check)


def canonical_json(record: BaseModel) -> bytes:
    """The one byte form of a record that digests are taken of: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        record.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
