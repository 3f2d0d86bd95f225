"""Every value of the sample that a leak can be found by.

Text carries a token of ten characters, drawn once; where letters cannot stand (IP addresses, phone numbers, cards,
chat ids) the value itself is looked for: phone numbers and cards as written and as digits. Dates of birth, country and
language codes, flags, counts and times are not in the list: they are not unique, so finding one proves nothing.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

from examples.harbor.phones import only_digits, spellings

TOKEN = re.compile(r"zq(?:[2-9][a-hjkmnp-z]){4}")
"""How a token looks; nothing else in the files does."""
SHORTEST = 10
"""Shorter strings turn up by chance in a database of some megabytes."""


def sensitive_tokens(data: Path) -> list[str]:
    """All strings of `data` (a folder written by the generator) to search for, sorted, each once, ≥ 10 characters.

    Reads the files as committed: members.csv, chat/*.json, and truth.json for where the planted values stand.
    Raises OSError or ValueError when a file is missing or torn: a search list must not be quietly short.
    """
    found: set[str] = set()
    found.update(_in_roster(data / "members.csv"))
    found.update(_in_chat(data))
    return sorted(value for value in found if len(value) >= SHORTEST)


def _in_roster(path: Path) -> Iterator[str]:
    text = path.read_bytes().decode("utf-8")
    yield from TOKEN.findall(text)
    for row in csv.DictReader(io.StringIO(text, newline="")):
        yield row["ip_address"]
        yield row["Chat id (custom user field)"]
        yield from spellings(row["Phone (custom user field)"])


def _in_chat(data: Path) -> Iterator[str]:
    truth = json.loads((data / "truth.json").read_text(encoding="utf-8"))
    contents: dict[tuple[str, str], str] = {}
    for path in sorted((data / "chat").glob("*.json")):
        for message in json.loads(path.read_text(encoding="utf-8"))["messages"]:
            contents[(f"chat/{path.name}", message["id"])] = message["content"]
            yield message["author"]["id"]
            yield from TOKEN.findall(json.dumps(message, ensure_ascii=False))
    for mark in truth["planted"]:
        written = contents[mark["file"], mark["message_id"]][mark["start"] : mark["end"]]
        match mark["type"]:
            case "phone number":
                yield from spellings(written)
            case "payment card number":
                yield from (written, only_digits(written))
            case _:
                yield written
