"""A time as a person writes it in a text field: one written form, with its zone."""

import re
from datetime import datetime

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from breach.errors import BadInput
from schemas.forms import TIME_OR_EMPTY

NOTHING_RECORDED = "Nothing was recorded."


def read_time(text: str) -> datetime:
    """Only the one written form: pydantic alone would read 2026 as a second of 1970. Raises BadInput."""
    try:
        if text and re.fullmatch(TIME_OR_EMPTY, text):
            return TypeAdapter(AwareDatetime).validate_python(text)
    except ValidationError:
        pass  # a thirteenth month: refused below, without quoting it
    raise BadInput(
        "A time on the form cannot be read, or has no zone.",
        NOTHING_RECORDED,
        "Write it as 2026-11-08T06:00+01:00.",
    )
