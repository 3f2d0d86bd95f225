"""The taxonomy is whole: every data type has its entry, every entry its place in law."""

import re

import pytest
import yaml

from breach.errors import BadInput
from breach.exposure.taxonomy import DATA, Group, Way, most_sensitive_first, read_taxonomy, taxonomy, words_in
from breach.law.elements import LAW_ELEMENTS, Held, counted_from
from breach.law.expression import ATOMS, Bounds
from breach.law.severity import DataClass
from breach.law.severity_data import hits_of
from schemas.exposure import SPECIAL_CATEGORIES, DataType
from schemas.incident import Locale
from schemas.law_facts import LeakedElement, Protection

TEXT = DATA.read_text(encoding="utf-8")
HIBP = set(
    """Ages|Auth tokens|Bank account numbers|Biometric data|Browser user agent details|Chat logs|Credit card CVV
Credit cards|Customer interactions|Dates of birth|Device information|Email addresses|Ethnicities|Genders
Geographic locations|Government issued IDs|Health insurance information|IP addresses|MAC addresses|Names
Partial credit card data|Passport numbers|Passwords|Personal descriptions|Personal health data|Phone numbers|Photos
Physical addresses|Political views|Private messages|Purchases|Races|Religions|Security questions and answers
Sexual orientations|Social security numbers|Usernames""".replace("\n", "|").split("|")
)
"""Of the names that haveibeenpwned.com/api/v3/dataclasses has been returning for years."""


def test_the_file_and_the_types_agree() -> None:
    """Every data type has one entry, and every entry is a data type."""
    names = re.findall(r"^([a-z_]+):$", TEXT, re.MULTILINE)

    assert sorted(names) == sorted(kind.name.lower() for kind in DataType)
    assert set(taxonomy()) == set(DataType)


def test_every_legal_mapping_is_in_the_vocabulary_of_law() -> None:
    """What a type counts as is an element that a rule can ask for."""
    for entry in taxonomy().values():
        assert set(entry.law) <= {*ATOMS, *LAW_ELEMENTS}


def test_every_element_that_a_scan_can_show_is_reachable() -> None:
    """Only logins to accounts that no export shows are left to a person."""
    assert {name for name in LAW_ELEMENTS if not counted_from(name)} == {
        "email_password",
        "financial_login",
        "sensitive_login",
    }


def test_every_type_is_counted_under_its_own_name() -> None:
    """No rule that names a data type counts nobody."""
    for name, kind in ATOMS.items():
        assert Held(9, {kind: 4}).hashed_too(name).low == 4


def test_the_names_are_those_of_have_i_been_pwned() -> None:
    """Members know these words; only types that it does not list have none."""
    named = {kind: entry.hibp for kind, entry in taxonomy().items()}

    assert {name for name in named.values() if name} <= HIBP
    assert {kind for kind, name in named.items() if name is None} == {
        DataType.CRYPTO_WALLET,
        DataType.UNION,
        DataType.GENETIC,
    }


def test_special_categories_are_one_set() -> None:
    """The types of article 9 GDPR are found by columns and declared areas, and by nothing else."""
    special = {kind for kind, entry in taxonomy().items() if entry.group is Group.SPECIAL}

    assert special == SPECIAL_CATEGORIES
    assert {kind for kind, entry in taxonomy().items() if Way.AREA in entry.found} == special
    assert all(Way.CONTENT not in taxonomy()[kind].found for kind in special)


def test_ranks_are_an_order() -> None:
    """No two types are equally sensitive, so the five most sensitive are always the same five."""
    assert sorted(entry.rank for entry in taxonomy().values()) == list(range(1, len(DataType) + 1))
    assert most_sensitive_first({DataType.NAME, DataType.PASSWORD, DataType.SSN}) == (
        DataType.PASSWORD,
        DataType.SSN,
        DataType.NAME,
    )


@pytest.mark.parametrize("locale", list(Locale))
def test_no_two_types_have_the_same_words(locale: Locale) -> None:
    """A reader can tell what is meant."""
    said = words_in(locale)

    assert len(set(said.values())) == len(DataType)


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("  rank: 39\n", "  rank: 39\n  colour: red\n", 1),
        TEXT.replace("username:\n", "user_handle:\n", 1),
        TEXT.replace("group: identity", "group: identities", 1),
        TEXT.replace("  rank: 39\n", "  rank: 40\n", 1),
        TEXT.replace("protection: weak", "protection: rot13"),
        re.sub(r", de: \"[^\"]*\"", "", TEXT, count=1),
        yaml.safe_dump({"name": yaml.safe_load(TEXT)["name"]}),
        "a: [",
        "",
    ],
)
def test_a_file_that_is_not_whole_is_refused(changed: str) -> None:
    """An unknown key, type, group or protection, a missing type or language, a double rank: an error, never a guess."""
    with pytest.raises(BadInput, match=r"taxonomy\.yaml cannot be used"):
        read_taxonomy(changed)


def test_a_password_counts_by_how_it_lay_there() -> None:
    """Three readable, two weakly hashed, four strongly: readable to law are 3 to 5 of them, with hashes 4 to 9."""
    kinds = {DataType.PASSWORD: 3, DataType.WEAK_PASSWORD_HASH: 2, DataType.PASSWORD_HASH: 4}
    held = Held(20, kinds)

    assert held.readable("password") == Bounds(3, 5)
    assert held.hashed_too("password") == Bounds(4, 9)
    assert Held(20, {DataType.PASSWORD_HASH: 4}).readable("password") == Bounds(0, 0)


def test_what_was_found_may_lie_in_free_text_too() -> None:
    """Five numbers found by pattern, eight people with posts: up to thirteen people may be concerned."""
    held = Held(20, {DataType.SSN: 5, DataType.CLOSED_AREA_POSTS: 5, DataType.PRIVATE_MESSAGES: 3})

    assert held.readable("ssn") == Bounds(5, 5)
    assert held.perhaps("ssn") == Bounds(5, 13)


def test_what_a_person_declares_is_not_less_than_what_was_counted() -> None:
    """Ten declared, five counted: between five and ten at most ten, never less than either."""
    told = LeakedElement(element="ssn", persons=10, protection=Protection.PLAIN, source="the provider's letter")

    assert Held(20, {DataType.SSN: 5}, (told,)).readable("ssn") == Bounds(10, 10)


def test_every_type_has_its_place_in_enisas_tables() -> None:
    """No type is scored as unknown; a special category is sensitive data, and a card is financial."""
    hits = {kind: hit for kind in DataType for hit in hits_of([kind.name], 0)}

    assert not [kind for kind, hit in hits.items() if "no class is held" in hit.reason]
    assert {hits[kind].kind for kind in SPECIAL_CATEGORIES} == {DataClass.SENSITIVE}
    assert hits[DataType.PAYMENT_CARD].kind is DataClass.FINANCIAL
    assert hits[DataType.EMAIL].kind is DataClass.SIMPLE
