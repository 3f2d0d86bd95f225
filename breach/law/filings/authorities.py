"""Whom a report goes to: found by the country of the duty, or left to choose where several may be it."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import Field

from breach.errors import BadInput
from breach.law.filings.catalog import read_data
from schemas.base import Record
from schemas.filing import Authority
from schemas.law import Duty


class AuthorityList(Record):
    """The file authorities.yaml."""

    authorities: tuple[Authority, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Addressee:
    """The authority, or those among which a person chooses, and how it is called until then."""

    authority: Authority | None
    choices: tuple[Authority, ...]
    name: str


@cache
def load_authorities() -> dict[str, Authority]:
    """Every authority by its code. Raises LawUnknown."""
    page = files("breach.law.filings").joinpath("authorities.yaml")
    read = read_data("authorities.yaml", page.read_bytes(), AuthorityList).authorities
    return {one.code: one for one in read}


def find_authority(duty: Duty, home: str, chosen: str | None) -> Addressee:
    """Whom this duty's report goes to.

    home: where the organisation is established; decides where the duty speaks of a whole union. chosen: what a
    person said where several may be it. Raises BadInput for a choice that is none of them.
    """
    known = load_authorities()
    place = duty.jurisdiction if duty.jurisdiction not in {"EU", "EEA"} else home
    country = place.partition("-")[0]
    parts = tuple(one for code, one in known.items() if code.startswith(f"{country}-"))
    one = known.get(place) or known.get(country)
    if one is None and parts and place == country:
        return _choose(parts, chosen, duty)
    if chosen and (one is None or chosen != one.code):
        raise _no_choice(duty.rule_id, [one.code] if one else [])
    return Addressee(one, (), one.name if one else duty.recipient_name)


def _choose(parts: tuple[Authority, ...], chosen: str | None, duty: Duty) -> Addressee:
    if chosen is None:
        return Addressee(None, parts, duty.recipient_name)
    one = next((part for part in parts if part.code == chosen), None)
    if one is None:
        raise _no_choice(duty.rule_id, [part.code for part in parts])
    return Addressee(one, parts, one.name)


def _no_choice(rule_id: str, codes: list[str]) -> BadInput:
    among = f"Choose one of {', '.join(codes)}." if codes else "Leave 'Which authority' empty."
    return BadInput(f"The authority named for {rule_id} is none of those it may go to.", "Nothing was drafted.", among)
