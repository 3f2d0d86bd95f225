"""Values that somebody wrote so that a machine should not see them: `alex [at] mail dot example`, ４１１１, 4\u200b111.

A text is respelled only when it holds such signs; every character of the respelled text knows where it stood.
"""

import re

import numpy as np

from breach.exposure.arena import Arena

INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
"""Characters without width, which people put into a word to break it, and copying from a web page leaves behind."""
_WIDE = {chr(at + 0xFEE0): chr(at) for at in map(ord, "+-.@_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")}
_DIGITS = {chr(zero + n): str(n) for zero in (0x0660, 0x06F0) for n in range(10)}
"""Arabic-Indic and Eastern Arabic-Indic digits."""
PLAIN = {**_WIDE, **_DIGITS}

_WORD = r"[A-Za-z0-9%+_\-]{1,64}"
_AT = r" ?[\[({<] ?(?:[Aa][Tt]|@) ?[\])}>] ?"
_DOT = r"(?: ?[\[({<] ?(?:[Dd][Oo][Tt]|\.) ?[\])}>] ?| [Dd][Oo][Tt] |\.)"
_APART = re.compile(rf"({_WORD}(?:{_DOT}{_WORD}){{0,4}})({_AT})({_WORD}(?:{_DOT}{_WORD}){{1,4}})(?![A-Za-z0-9])", re.ASCII)
_BETWEEN = re.compile(_DOT, re.ASCII)


def respell(text: str) -> tuple[str, list[int]]:
    """The text as it is meant, and for each of its characters the place in the text as written."""
    kept = [(PLAIN.get(sign, sign), at) for at, sign in enumerate(text) if sign not in INVISIBLE]
    plain, places = "".join(sign for sign, _ in kept), [at for _, at in kept]
    parts: list[str] = []
    where: list[int] = []
    done = 0
    for apart in _APART.finditer(plain):
        for start, end, sign in _joints(apart):
            parts += (plain[done:start], sign)
            where += [*places[done:start], places[start]]
            done = end
    return "".join([*parts, plain[done:]]), where + places[done:]


def _joints(apart: re.Match[str]) -> list[tuple[int, int, str]]:
    """Where an address is written apart, and the sign that is meant there."""
    dots = [
        (dot.start(), dot.end(), ".") for side in (1, 3) for dot in _BETWEEN.finditer(apart.string, *apart.span(side))
    ]
    return sorted([*dots, (*apart.span(2), "@")])


def respelled_numbers(arena: Arena) -> frozenset[int]:
    """The texts of an arena that hold a sign for which they are respelled."""
    data, blob = arena.data, arena.blob
    at = np.concatenate([_bracketed(data, blob), np.empty(0, np.int64) if blob.isascii() else _foreign(data)])
    return frozenset((np.searchsorted(arena.starts, at, "right") - 1).tolist()) if len(at) else frozenset()


def _bracketed(data: "np.typing.NDArray[np.uint8]", blob: bytes) -> "np.typing.NDArray[np.int64]":
    """Closing brackets after `at` or `@`, with a space between at most."""
    spots = []
    for sign in b")]}>":
        closing = np.flatnonzero(data == sign)
        closing = closing[closing >= 3]
        before = closing - 1 - (data[closing - 1] == 0x20)
        word = ((data[before] | 0x20) == 0x74) & ((data[before - 1] | 0x20) == 0x61)
        spots.append(closing[word | (data[before] == 0x40)])
    return np.concatenate(spots)


def _foreign(data: "np.typing.NDArray[np.uint8]") -> "np.typing.NDArray[np.int64]":
    """Characters without width, wide letters and digits, Arabic-Indic digits, by their bytes in UTF-8."""
    spots = []
    for sign in {one.encode()[0] for one in (*INVISIBLE, *PLAIN)}:
        first = np.flatnonzero(data == sign)
        ends = sorted({one.encode()[1:] for one in (*INVISIBLE, *PLAIN) if one.encode()[0] == sign})
        rest = data[first + 1].astype(np.int64)
        if len(ends[0]) == 2:
            rest = rest << 8 | data[first + 2]
        spots.append(first[np.isin(rest, [int.from_bytes(end, "big") for end in ends])])
    return np.concatenate(spots)
