"""Times, places and other people's words, made fit to stand in a page that a tired person reads."""

import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
MARKS = re.compile(r"([\\`*_\[\]|~#!$])")
LINKS = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{0,19}):(?=//)|\b(www)\.")
LISTED = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+=]))")
"""What would begin a list, a heading line or a spreadsheet formula."""
TURNED = {"RLE", "LRE", "RLO", "LRO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Bidirectional classes that turn or wrap the words around them."""


def plain(words: str) -> str:
    """Somebody's words as one line of Markdown that shows exactly them: no markup, no HTML, no live link."""
    safe = LISTED.sub(r"\1\\", MARKS.sub(r"\\\1", one_line(words).translate(ENTITIES)))
    return LINKS.sub(lambda match: f"{match[1]}\\:" if match[1] else f"{match[2]}\\.", safe)


def one_line(words: str) -> str:
    """The same for a page of plain text: no line break, no control character, nothing that turns what is around it."""
    return " ".join("".join(_visible(letter) for letter in words).split())


def _visible(letter: str) -> str:
    if unicodedata.bidirectional(letter) in TURNED:
        return ""
    return " " if unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"} else letter


def say_time(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """Such as 'Mon 26 Oct 2026, 11:00 (UTC+01:00)': in the zone given, else in the moment's own."""
    local = moment.astimezone(zone) if zone else moment
    offset = local.strftime("%z")
    sign = f"{offset[:3]}:{offset[3:5]}"
    date = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{date}, {local:%H:%M} (UTC{'' if sign == '+00:00' else sign})"


@lru_cache(maxsize=1024)
def place_name(code: str) -> str:
    """'Japan (JP)', 'United States, NY (US-NY)'; the code alone when the country has no English name."""
    country, _, part = code.partition("-")
    name = Locale("en").territories.get(country)
    if name is None:
        return code
    return f"{name}, {part} ({code})" if part else f"{name} ({code})"
