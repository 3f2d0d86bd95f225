"""Decides what a candidate is: the values in it, and where to go on looking."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from breach.exposure.candidates import Shape, shape_of
from breach.exposure.kinds.cards import check_card
from breach.exposure.kinds.emails import check_email
from breach.exposure.kinds.ibans import is_iban
from breach.exposure.kinds.networks import check_ip
from breach.exposure.kinds.phones import check_phone
from schemas.exposure import DataType


@dataclass(frozen=True, slots=True, repr=False)
class Value:
    """A value found in a text. Lives in memory only: what is kept of it is a finding, without the value."""

    type: DataType
    start: int
    end: int
    normal: str
    validator: str
    confidence: float


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """The values in one candidate, with offsets from its start, and the offset to go on from."""

    values: tuple[Value, ...]
    go_on: int


AROUND = 24
"""How many characters before and after a candidate are looked at."""

_FIRST_RUN = re.compile(r"[^A-Za-z0-9]*[A-Za-z0-9]+")
_LEADING = re.compile(r"[.%+'\-]*")
_QUAD = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3,}")
_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://(?:[^/?#@]*@)?\[?([^/?#\[\]]*?)\]?(?::[0-9]+)?(?=[/?#]|$)")
_URL_ID = re.compile(r"[0-9]{7,}")
_URL_EMAIL = re.compile(r"[A-Za-z0-9._%+'\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]*[A-Za-z0-9])+")
_URL_IP = re.compile(r"(?<==)[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])")


def judge(text: str, before: str, after: str, region: str | None) -> Verdict:
    """What a candidate holds.

    Text: the candidate. Before, after: up to AROUND characters of the same message. Region: the author's country
    (ISO 3166-1) or None. When nothing is in it, the search goes on after its first run of letters or digits.
    """
    shape = shape_of(text)
    if shape is Shape.MARKUP:
        return Verdict((), len(text))
    if shape is Shape.URL:
        return Verdict(tuple(_in_url(text)), len(text))
    if shape is Shape.IBAN and any(is_iban(text[:end]) for end in _shorter(text)):
        return Verdict((), next(end for end in _shorter(text) if is_iban(text[:end])))
    value = _value(shape, text, before, after, region)
    if value is not None:
        return Verdict((value,), value.end)
    run = _FIRST_RUN.match(text)
    return Verdict((), run.end() if run else len(text))


def _value(shape: Shape, text: str, before: str, after: str, region: str | None) -> Value | None:
    if shape is Shape.EMAIL:
        return _email(text, before, after)
    if shape is Shape.IP6 or _QUAD.fullmatch(text):
        address = None if shape is Shape.IP6 and _is_word(after[:1]) else check_ip(text, before, after)
        if address is not None:
            return Value(DataType.IP_ADDRESS, 0, len(text), address, "address range", 0.9)
    return _number(text, before, region) if shape is Shape.NUMBER else None


def _email(text: str, before: str, after: str) -> Value | None:
    """Not `@user@server` (a handle) and not `git@host:path` (a repository)."""
    skip = len(_LEADING.match(text)[0])  # type: ignore[index]  # the pattern also fits nothing
    normal = check_email(text[skip:])
    if normal is None or (skip == 0 and before.endswith("@")) or (normal.startswith("git@") and after.startswith(":")):
        return None
    return Value(DataType.EMAIL, skip, len(text), normal, "address form", 0.95)


def _number(text: str, before: str, region: str | None) -> Value | None:
    """A card or a phone number; the longest that is one, when other groups of digits follow it."""
    for end in _shorter(text):
        card = check_card(text[:end])
        if card is not None:
            return Value(DataType.PAYMENT_CARD, 0, end, card[0], f"luhn, {card[1]}", 0.98)
    if text[0] == "+" and _is_word(before[-1:]):
        return None
    for end in _shorter(text):
        phone = check_phone(text[:end], region)
        if phone is not None:
            confidence = 0.95 if phone[1] == "international" else 0.8
            return Value(DataType.PHONE, 0, end, phone[0], f"numbering plan, {phone[1]}", confidence)
    return None


def _shorter(text: str) -> Iterator[int]:
    """The candidate's ends: the whole, then without its last group, and so on."""
    end = len(text)
    while end > 0:
        yield end
        end = max(text.rfind(separator, 0, end) for separator in " -./)")
        while end > 0 and not text[end - 1].isalnum():
            end -= 1


def _in_url(url: str) -> Iterator[Value]:
    """Its host when that is an address, e-mail addresses and `=`-addresses in the rest; long numbers are ids."""
    authority = _AUTHORITY.match(url)
    rest_at = authority.end() if authority else 0
    if authority and _looks_like_ip(authority[1]):
        normal = check_ip(authority[1])
        if normal is not None:
            yield Value(DataType.IP_ADDRESS, *authority.span(1), normal, "address range", 0.9)
    rest = _URL_ID.sub(lambda run: "_" * len(run[0]), url[rest_at:])
    for found in _URL_EMAIL.finditer(rest):
        start, end = found.start() + rest_at, found.end() + rest_at
        value = _email(url[start:end], url[:start], url[end:])
        if value is not None:
            yield Value(value.type, start + value.start, start + value.end, value.normal, value.validator, 0.9)
    for found in _URL_IP.finditer(rest):
        normal = check_ip(found[0])
        if normal is not None:
            yield Value(
                DataType.IP_ADDRESS, found.start() + rest_at, found.end() + rest_at, normal, "address range", 0.9
            )


def _is_word(sign: str) -> bool:
    """ASCII only: what stands around a candidate is bytes, and half of a letter is none."""
    return sign.isascii() and sign.isalnum()


def _looks_like_ip(host: str) -> bool:
    return bool(_QUAD.fullmatch(host)) or host.count(":") >= 2
