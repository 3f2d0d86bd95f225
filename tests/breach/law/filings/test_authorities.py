"""Whom a report goes to: by country, by Land, one for each member state, or left to choose."""

from collections.abc import Callable
from typing import Any

import pytest

from breach.errors import BadInput
from breach.law.filings.authorities import find_authority, load_authorities
from schemas.filing import Seen
from schemas.incident import Facts
from schemas.law import Duty
from schemas.law_facts import LawFacts, LeakedElement

MEMBERS = "AT BE BG HR CY CZ DK EE FI FR GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"  # and Germany: by Länder
EEA = [*MEMBERS.split(), "IS", "LI", "NO"]
PARTS = "BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH"
LAENDER = PARTS.split()


def test_every_country_of_the_eea_the_uk_and_switzerland_has_its_authority() -> None:
    """The 27 members of the EU and the three of the EFTA that the GDPR binds, the UK, Switzerland; 16 Länder."""
    known = load_authorities()
    assert [code for code in [*EEA, "GB", "CH", *(f"DE-{land}" for land in LAENDER)] if code not in known] == []
    assert "DE" not in known


def test_an_address_that_nobody_has_looked_up_says_so() -> None:
    """A date stands only beside what was checked, and a web form only beside what was seen somewhere."""
    for one in load_authorities().values():
        assert (one.checked_on is None) == (one.seen is Seen.MEMORY), one.code
        assert one.form is None or one.seen is not Seen.MEMORY, one.code


def test_a_german_organisation_must_say_in_which_land_it_is(duty_of: Callable[..., Duty]) -> None:
    """'DE' alone leaves the sixteen to choose from; a Land, or a choice, decides."""
    duty = duty_of("EU-GDPR-33-1", {"DE": 10})
    undecided = find_authority(duty, "DE", None)
    assert undecided.authority is None
    assert len(undecided.choices) == 16
    for home, chosen in (("DE-BY", None), ("DE", "DE-BY")):
        found = find_authority(duty, home, chosen).authority
        assert found is not None
        assert found.name == "Bayerisches Landesamt für Datenschutzaufsicht"


@pytest.mark.parametrize(("home", "chosen"), [("DE", "FR"), ("FR", "DE-BY"), ("FR", "BE")])
def test_an_authority_of_somewhere_else_is_refused(duty_of: Callable[..., Duty], home: str, chosen: str) -> None:
    """The choice is only among those that may be it."""
    with pytest.raises(BadInput, match="none of those"):
        find_authority(duty_of("EU-GDPR-33-1", {"DE": 10}), home, chosen)


def test_a_controller_outside_the_eu_writes_to_each_member_state(
    desk_of: Callable[..., Any], facts_of: Callable[..., Facts]
) -> None:
    """EDPB Guidelines 9/2022, paragraph 73: no one-stop shop without an establishment; nine states, nine reports."""
    states = ["AT", "BE", "DE", "DK", "ES", "FR", "IT", "NL", "SE"]
    desk = desk_of(dict.fromkeys(states, 5) | {"US-NY": 50})
    facts = facts_of(established_in="US-NY")
    names = [name for name in desk.names(facts) if name.startswith("eu-")]
    assert names == [f"eu-gdpr-33-1-noneu-{state.lower()}" for state in states]
    spain = desk.filing(facts, "eu-gdpr-33-1-noneu-es")
    assert spain.authority.name == "Agencia Española de Protección de Datos"


def test_a_state_authority_is_named_by_its_rule(desk_of: Callable[..., Any], facts_of: Callable[..., Facts]) -> None:
    """New York has four; none of them is in our list, so the rule's own name stands there, without an address."""
    desk = desk_of({"US-NY": 600})
    password = LeakedElement(element="password", source="letter of the provider")
    facts = facts_of(established_in="US-NY", law=LawFacts(elements=(password,)))
    one = desk.filing(facts, "us-ny-ag1")
    assert one.authority is None
    assert one.choices == ()
    assert one.authority_name
