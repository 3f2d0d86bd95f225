"""Values of any file as the text of a cell, and objects as rows: what a table reader shares with the others."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

DEEPEST = 6
"""Objects within objects; what lies deeper becomes one cell of JSON."""


def cell_text(value: Any) -> str:
    """A value as text: whole numbers with every digit, true and false, dates in ISO order, several joined by '; '."""
    match value:
        case None:
            text = ""
        case bool():
            text = "true" if value else "false"
        case date():  # a moment is one, too
            text = value.isoformat()
        case bytes():
            text = value.decode("utf-8", "replace")
        case list() | tuple():
            text = "; ".join(cell_text(one) for one in value)
        case dict():
            text = json.dumps(value, ensure_ascii=False, default=str)
        case _:
            text = str(value)
    return text


def flattened(value: Mapping[str, Any], before: str = "", depth: int = 1) -> dict[str, str]:
    """An object as cells by path: {"profile": {"email": "x"}} is {"profile.email": "x"}."""
    cells: dict[str, str] = {}
    for key, held in value.items():
        path = f"{before}.{key}" if before else str(key)
        if isinstance(held, dict) and depth < DEEPEST:
            cells |= flattened(held, path, depth + 1)
        else:
            cells[path] = cell_text(held)
    return cells


def header_of(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Every path that occurs in the rows, in the order of its first occurrence."""
    return list(dict.fromkeys(path for row in rows for path in row))
