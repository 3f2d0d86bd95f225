"""Decides what a candidate is: the values in it, and where to go on looking."""

import re
from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter

from breach.exposure.candidates import HANDLE, LINK, MARKUP, Finder, rejected
from breach.exposure.kinds.kind import AROUND, BLOCK, Found, Kind
from breach.exposure.kinds.networks import check_ip
from breach.exposure.patterns import Pattern
from schemas.exposure import DataType

Span = tuple[int, int]
Value = tuple[int, int, Found]
"""A value with the byte where it begins and the byte after its last."""
Values = list[Value]

_HOST = re.compile(rb"[A-Za-z][A-Za-z0-9+.\-]*://(?:[^/?#@]*@)?(?:\[([^\]/?#]*)\]|([^/?#:\[\]]*))(?::[0-9]*)?")
_LOOKS_LIKE_IP = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_ASKED_IP = re.compile(rb"(?<==)[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])")
"""?ip=203.0.113.7"""


class Judge:
    """The kinds of one profile, in order."""

    def __init__(self, before: tuple[Kind, ...], after: tuple[Kind, ...]) -> None:
        """Before, after: kinds that are asked before links, and after."""
        self._kinds: list[Kind | None] = [None, *before, None, *after]
        self._link = len(before) + 1
        patterns = [f"{MARKUP}|{HANDLE}", *(one.pattern for one in before), LINK, *(one.pattern for one in after)]
        self._alone = [Pattern(one) for one in patterns]
        self._in_links = [
            (kind, self._alone[number]) for number, kind in enumerate(self._kinds) if kind is not None and kind.in_links
        ]
        self._has_ip = any(one.name == "ip" for one in after)
        self.finder = Finder(patterns)

    def look(self, blob: bytes, span: Span, text: Span, region: str | None) -> tuple[Values, int]:
        """The values in a candidate, and the byte from which the search goes on.

        Span: of the candidate. Text: of the message that holds it. Region: the author's country or None. At one place
        kinds are asked in order, each for its own candidate there; the first that finds a value has it.
        """
        start, end = span
        if blob[start] in b"<@":
            return [], end  # markup, or a handle
        first = self.finder.which(blob, start, end, text[1])
        for number in range(first, len(self._kinds)):
            until: int | None = end if number == first else self._alone[number].end(blob, start, text[1])
            if until is None:
                continue
            kind = self._kinds[number]
            if kind is None:
                return list(self._in_link(blob, (start, until), text)), until
            value = _ask(kind, blob, (start, until), text, region)
            if value is not None:
                return [value], _block_end(value[2], blob, start, text[1])
        return [], rejected(blob, start, end)

    def _in_link(self, blob: bytes, link: Span, text: Span) -> Iterator[Value]:
        """Its host when that is an address; what stands after it, of the kinds that occur in links."""
        rest = _HOST.match(blob, *link)
        at = rest.end() if rest else link[0]
        if rest and self._has_ip and (host := _address_of(rest)) is not None:
            yield host
        told: Values = []
        for kind, pattern in self._in_links:
            if kind.gate and blob.find(kind.gate, at, link[1]) < 0:
                continue
            for span in pattern.spans(blob, at, link[1]):
                value = _ask(kind, blob, span, text, None)
                if value is not None:
                    told.append(value)
        if self._has_ip:
            told += _asked_for(blob, at, link[1])
        free = link[0]
        for one in sorted(told, key=itemgetter(0)):
            if one[0] >= free:
                yield one
                free = one[1]


def _ask(kind: Kind, blob: bytes, span: Span, text: Span, region: str | None) -> Value | None:
    start, end = span
    found = kind.check(
        blob[start:end].decode("latin-1"),
        blob[max(text[0], start - AROUND) : start].decode("latin-1"),
        blob[end : min(text[1], end + AROUND)].decode("latin-1"),
        region,
    )
    if found is None:
        return None
    if found.until:
        lines = blob_text(blob[start + found.start : _block_end(found, blob, start, text[1])])
        found = replace(found, normal="".join(lines.replace("\\n", "").split()))
    return start + found.start, start + found.end, found


def _block_end(found: Found, blob: bytes, start: int, last: int) -> int:
    """Where the block of a value ends. With its first line when the last is missing: messages are cut as well."""
    end = start + found.end
    at = blob.find(found.until.encode("ascii"), end, min(last, end + BLOCK)) if found.until else -1
    return end if at < 0 else at + len(found.until)


def _address_of(host: re.Match[bytes]) -> Value | None:
    start, end = host.span(1) if host[1] is not None else host.span(2)
    written = blob_text(host[1] if host[1] is not None else host[2])
    if not _LOOKS_LIKE_IP.fullmatch(written):
        return None
    return _ip(start, end, written)


def _asked_for(blob: bytes, start: int, end: int) -> Values:
    found = (_ip(*one.span(), blob_text(one[0])) for one in _ASKED_IP.finditer(blob, start, end))
    return [one for one in found if one is not None]


def _ip(start: int, end: int, written: str) -> Value | None:
    normal = check_ip(written)
    if normal is None:
        return None
    return start, end, Found(DataType.IP_ADDRESS, 0, end - start, normal, "address range", 0.9)


def blob_text(part: bytes) -> str:
    """Bytes as text of the same length; what the kinds look for is ASCII."""
    return part.decode("latin-1")
