"""What headers say of a column's kind of data, beyond the roles. The data is column_headers.yaml."""

import re
from functools import cache
from pathlib import Path

import yaml

from schemas.exposure import DataType

DATA = Path(__file__).with_name("column_headers.yaml")
BEFORE = r"(?:(?:user|member|customer|account|contact|billing|shipping|delivery|home|primary|current|profile|your) )*"
AFTER = r"(?: (?:\d|number|no|nr|nummer|value|field))*"


@cache
def _compiled() -> tuple[tuple[DataType, re.Pattern[str]], ...]:
    held: dict[str, list[str]] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return tuple(
        (DataType[name.upper()], re.compile(f"{BEFORE}(?:{'|'.join(names)}){AFTER}")) for name, names in held.items()
    )


def type_by_header(plain: str) -> DataType | None:
    """What a header, as columns.plain_header spells it, says of the column's kind of data."""
    return next((kind for kind, names in _compiled() if names.fullmatch(plain)), None)
