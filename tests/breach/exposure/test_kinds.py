"""Kinds of values: what is one and what only looks like one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.exposure.detect import Value, detect
from breach.exposure.kinds.cards import check_card, passes_luhn
from breach.exposure.kinds.ibans import is_iban
from breach.exposure.kinds.networks import check_ip
from breach.exposure.kinds.phones import check_phone
from schemas.exposure import DataType

DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
# Discord's API reference, "Snowflakes": milliseconds since 2015, shifted left by 22 bits.
SNOWFLAKES = st.builds(
    lambda when, low: str((int((when - DISCORD_EPOCH) / timedelta(milliseconds=1)) << 22) | low),
    st.datetimes(datetime(2015, 1, 20), datetime(2080, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 2**22 - 1),
)


def found_in(text: str, region: str | None = None) -> list[tuple[DataType, str]]:
    """(type, the piece of text) of each value found."""
    values: list[Value] = [value for _, value in detect([text], lambda _: region)]
    return [(value.type, text[value.start : value.end]) for value in values]


@given(SNOWFLAKES, st.sampled_from(["{}", "<@{}>", "<@!{}>", "<#{}>", "<:wave:{}>", "<a:wave:{}>", "see {}, please"]))
def test_an_id_of_the_platform_is_never_a_card(snowflake: str, written: str) -> None:
    """No Discord id, bare or in markup, becomes a finding of any type."""
    assert found_in(written.format(snowflake)) == []


# Test numbers that the card brands and payment processors publish.
@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111",
        "4222222222222",
        "5555555555554444",
        "2223003122003222",
        "378282246310005",
        "6011111111111117",
        "30569309025904",
        "3530111333300000",
        "6240008631401148",
    ],
)
def test_published_test_cards_are_found_bare(number: str) -> None:
    """Each brand's published test number is a payment card; with its last digit changed it is not."""
    assert found_in(f"card {number} ok") == [(DataType.PAYMENT_CARD, number)]
    other = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert found_in(f"card {other} ok") == []


@pytest.mark.parametrize(
    "text", ["4111 1111 1111 1111", "4111-1111-1111-1111", "3782 822463 10005", "3056-930902-5904"]
)
def test_cards_are_found_as_they_are_embossed(text: str) -> None:
    """Spaces and dashes in the embossed groups."""
    assert found_in(f"it is {text}, valid") == [(DataType.PAYMENT_CARD, text)]


def test_a_card_is_found_among_other_numbers() -> None:
    """A house number before it, the check value or the expiry behind it do not hide it."""
    card = (DataType.PAYMENT_CARD, "4111 1111 1111 1111")
    assert found_in("at 12 4111 1111 1111 1111 123") == [card]
    assert found_in("SW19 4111 1111 1111 1111 12/27") == [card]


def test_a_length_the_brand_never_issued_is_no_card() -> None:
    """Visa has 13, 16 and 19 digits: 15 that pass Luhn are none."""
    assert passes_luhn("411111111111116")
    assert check_card("411111111111116") is None


def test_luhn_by_hand() -> None:
    """79927398713 is the worked example of the method; its neighbours fail."""
    assert [digit for digit in "0123456789" if passes_luhn("7992739871" + digit)] == ["3"]


def test_an_account_number_is_neither_card_nor_phone() -> None:
    """The German example IBAN holds groups of four digits; it is found as what it is, in small letters as well."""
    number = "DE89 3704 0044 0532 0130 00"
    assert is_iban(number)
    for written in (number, number.lower(), number.replace(" ", "")):
        assert found_in(f"pay to {written} KLAR", "DE") == [(DataType.BANK_ACCOUNT, written)]
    assert not is_iban("DE89 3704 0044 0532 0130")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("write to ann@mail.example.", "ann@mail.example"),
        ("<ann.b+tag@sub.mail.example>", "ann.b+tag@sub.mail.example"),
        ("mailto:ann@mail.example?subject=x", "ann@mail.example"),
        ("https://x.example/?to=ann@mail.example&b=1", "ann@mail.example"),
        ("**ann@mail.example**", "ann@mail.example"),
        ("'ann@mail.example'", "ann@mail.example"),
        ("é ann@mail.example", "ann@mail.example"),
    ],
)
def test_addresses_are_found_where_people_write_them(text: str, address: str) -> None:
    """Sentences, brackets, links, markdown."""
    assert found_in(text) == [(DataType.EMAIL, address)]


@pytest.mark.parametrize(
    "text",
    [
        "@ann@social.example",
        "logo@2x.png",
        "react@18.2.0",
        "git@code.example:ann/repo.git",
        "https://ann:secret@host.example/",
        "a@b",
        "mail @ann now",
        "ann@mail..example",
    ],
)
def test_what_only_looks_like_an_address_is_none(text: str) -> None:
    """Handles of other networks, file names, package versions, repositories, logins in links."""
    assert found_in(text) == []


@pytest.mark.parametrize("text", ["203.0.113.7", "2001:db8::7", "2001:DB8:0:0:8:800:200C:417A"])
def test_addresses_of_a_line_are_found(text: str) -> None:
    """IPv4 and IPv6, by the forms of RFC 4291; the ranges are those for documentation."""
    assert found_in(f"from {text}, I think") == [(DataType.IP_ADDRESS, text)]
    assert found_in(f"({text})") == [(DataType.IP_ADDRESS, text)]


def test_an_address_as_a_host_is_found() -> None:
    """A link to somebody's own machine."""
    assert found_in("http://203.0.113.7:8080/x") == [(DataType.IP_ADDRESS, "203.0.113.7")]
    assert found_in("http://[2001:db8::7]/x") == [(DataType.IP_ADDRESS, "2001:db8::7")]


@pytest.mark.parametrize(
    "text",
    [
        "v1.2.3.4",
        "version 10.2.3.4",
        "1.2.3.4.5",
        "256.1.2.3",
        "203.0.113.07",
        "12:30:45",
        "std::vector",
        "ab::cd",
        "192.168.0.1",
        "127.0.0.1",
        "fe80::1",
        "00:1b:44:11:3a:b7",
        "203.0.113.7-beta",
    ],
)
def test_what_is_no_address_of_a_person(text: str) -> None:
    """Versions, times, code, hardware, and addresses that every network has."""
    assert found_in(text) == []


def test_a_version_is_told_by_what_stands_before_it() -> None:
    """The same digits after "version" and after "from"."""
    assert check_ip("8.8.4.4", before="version ") is None
    assert check_ip("8.8.4.4", before="from ") == "8.8.4.4"


# Numbers set apart for fiction: NANPA 555-01xx, ARCEP 01 99 00, Ofcom 020 7946 0xxx, Bundesnetzagentur (030) 23125.
@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("+1 212-555-0123", None, "+12125550123"),
        ("0049 30 23125 001", None, "+493023125001"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("212-555-0123", "CA", "+12125550123"),
        ("01 99 00 12 34", "FR", "+33199001234"),
        ("020 7946 0123", "GB", "+442079460123"),
        ("030 23125 001", "DE", "+493023125001"),
        ("810 12 34 56", "ES", "+34810123456"),
    ],
)
def test_phone_numbers_by_the_plan_of_the_country(text: str, region: str | None, e164: str) -> None:
    """International form needs no country; a local form is read by the author's."""
    found = check_phone(text, region)
    assert found is not None
    assert found[0] == e164
    assert found_in(f"ring {text}!", region) == [(DataType.PHONE, text)]


@pytest.mark.parametrize("text", ["020 7946 0123", "(212) 555-0123", "01 99 00 12 34"])
def test_a_local_number_of_an_author_without_country_is_not_guessed(text: str) -> None:
    """Ten digits are a phone number only where a plan says so."""
    assert found_in(text) == []


@pytest.mark.parametrize("region", ["DE", "GB", "FR", "US", "ES", "JP", None])
@pytest.mark.parametrize(
    "text", ["2026-10-31", "31.10.2026", "01/12/2026", "01.12.26 18:30", "21:30–23:15", "1,299.00"]
)
def test_dates_times_and_prices_are_no_phone_numbers(text: str, region: str | None) -> None:
    """In any country."""
    assert found_in(text, region) == []


def test_a_number_ends_where_it_ends() -> None:
    """A following year does not become part of the number."""
    assert found_in("+49 30 23125 001 2026") == [(DataType.PHONE, "+49 30 23125 001")]


def test_ids_in_links_are_no_numbers() -> None:
    """A shop's item number that passes Luhn stays a link."""
    assert found_in("https://shop.example/item/4111111111111111?tel=2125550123", "US") == []
