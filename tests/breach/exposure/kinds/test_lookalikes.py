"""What a search took for a value because it began in the middle of something else; measured by the benchmark."""

import pytest

from breach.exposure.detect import Value, detect
from breach.exposure.kinds.registry import Profile
from schemas.exposure import DataType

CARD = (DataType.PAYMENT_CARD, "4222222222222")
"""Visa's published test number of 13 digits."""


def found_in(text: str, region: str | None = None, profile: Profile = Profile.FULL) -> list[tuple[DataType, str]]:
    """(type, the piece of text) of each value found."""
    values: list[Value] = [value for _, value in detect([text], lambda _: region, profile)]
    return [(value.type, text[value.start : value.end]) for value in values]


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize(
    "handle", ["@mod_team@social.example.org", "@a.b-c@social.example", "@" + "long_" * 12 + "@s.example"]
)
def test_a_handle_of_a_federated_server_holds_no_address(handle: str, profile: Profile) -> None:
    """Nor does any end of it; an address after it is found."""
    assert found_in(f"ask {handle} or ann@mail.example", profile=profile) == [(DataType.EMAIL, "ann@mail.example")]


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("written", ["xoxb-{}-{}-", "{}-abc", "id-{}", "+{}"])
def test_bare_digits_in_a_longer_word_are_no_card(written: str, profile: Profile) -> None:
    """Parts of a token, of a compound, and of a phone number pass the check digit as often as not."""
    text = written.format(CARD[1], CARD[1])
    assert DataType.PAYMENT_CARD not in {kind for kind, _ in found_in(f"here {text} ok", profile=profile)}
    assert found_in(f"here - {CARD[1]} - or {CARD[1]}-", profile=profile) == [CARD, CARD]


@pytest.mark.parametrize(
    "digits",
    ["4551 7305 0914 3051", "4746-0512-1222-2092", "3600 050167 5157", "3824 019686 0269", "3456-091761-96784"],
)
@pytest.mark.parametrize("region", ["DE", "FR", "GB", "SE", "CH", "US", "ES", "PL"])
def test_digits_spaced_as_a_card_hold_no_phone(digits: str, region: str) -> None:
    """With a wrong check digit they are a card's typing error, not a number that may be called."""
    assert found_in(f"and {digits} is", region) == []


@pytest.mark.parametrize("moment", ["07:33:08.164877", "07:33:08,164877", "2026-10-31 07:33:08.0641234", "07:0164877"])
@pytest.mark.parametrize("region", ["DE", "AT", "GB", "FR", "IT", "PL"])
def test_a_fraction_of_a_second_is_no_phone(moment: str, region: str) -> None:
    """Times as RFC 3339 and log files write them."""
    assert found_in(f"at {moment} it fell over", region) == []


def test_a_number_after_a_word_with_a_colon_is_found() -> None:
    """Only digits before the colon make it a time."""
    assert found_in("tel:030 23125 001", "DE") == [(DataType.PHONE, "030 23125 001")]


# National plans: UKE (Poland, nine digits, 12 is Krakow), IFT (Mexico, ten digits, 222 is Puebla).
@pytest.mark.parametrize(("text", "region"), [("12 345 65 68", "PL"), ("222 123 4156", "MX")])
def test_local_numbers_of_countries_without_a_trunk_prefix(text: str, region: str) -> None:
    """Found where the author lives there, and nowhere else."""
    assert found_in(f"ring {text}!", region) == [(DataType.PHONE, text)]
    for other in ("US", "DE", "ES", None):
        assert found_in(f"ring {text}!", other) == []


KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC{}\n{}\n-----END PRIVATE KEY-----"


def test_a_private_key_is_one_value_by_all_of_its_lines() -> None:
    """Its place is its first line; broken otherwise or written as escapes it is the same key, another one is not.

    All RSA keys in PKCS #8 begin with the same characters (RFC 5208: version, algorithm).
    """
    one, other = KEY.format("a" * 32, "b/4222222222222/" * 4), KEY.format("c" * 32, "d" * 64)
    respaced, escaped = one.replace("a\n", "a\r\n"), one.replace("\n", "\\n")
    texts = [f"it is {one} ok", other, respaced, escaped]
    found = [value for _, value in detect(texts, lambda _: None)]
    assert [texts[at][value.start : value.end] for at, value in enumerate(found)] == [one[:27]] * 4
    assert {value.type for value in found} == {DataType.ACCESS_TOKEN}
    assert found[0].normal == found[2].normal == found[3].normal != found[1].normal


def test_a_private_key_that_was_cut_off_is_found_by_its_first_line() -> None:
    """Messages have a greatest length; the key's end is not sought in the next one."""
    one = KEY.format("a" * 32, "b" * 64)
    texts = [one[:60], one[60:]]
    assert [(at, texts[at][value.start : value.end]) for at, value in detect(texts, lambda _: None)] == [
        (0, "-----BEGIN PRIVATE KEY-----")
    ]


@pytest.mark.parametrize("region", ["SE", "DE", "GB", "FR", "US"])
def test_a_uuid_holds_no_phone(region: str) -> None:
    """Its groups may be digits alone (RFC 9562: 8, 4, 4, 4 and 12 hexadecimal signs)."""
    assert found_in("maybe 15e66caa-0337-4788-a109-de044b4d3517 given", region) == []
