"""National numbers: the examples of their offices and of python-stdnum's own documentation."""

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.exposure.kinds import national_ids
from breach.exposure.kinds.national_formats import FORMATS
from schemas.exposure import DataType

from .conftest import find, values

ALONE = [
    ("BE", "85.07.30-033.28"),
    ("BR", "390.533.447-05"),
    ("CH", "756.9217.0769.85"),
    ("CL", "12.531.909-2"),
    ("CZ", "710319/2745"),
    ("EE", "36805280109"),
    ("ES", "54362315K"),
    ("ES", "X-2482300W"),
    ("FI", "131052-308T"),
    ("FR", "2 95 10 99 126 111 93"),
    ("GB", "AB 12 34 56 C"),
    ("IE", "6433435F"),
    ("IN", "2341 2341 2346"),
    ("IT", "RCCMNL83S18D969H"),
    ("KR", "971013-9019902"),
    ("LT", "33309240064"),
    ("MX", "BOXW310820HNERXN09"),
    ("NO", "151086 95088"),
    ("PL", "44051401359"),
    ("RO", "1630615123457"),
    ("SE", "880320-0016"),
    ("TR", "17291716060"),
    ("US", "912-90-3456"),
    ("ZA", "7503305044089"),
    ("DE", "15070649C103"),
]
"""stdnum's documentation; GB: HMRC's specimen form; DE: the specimen of the pension insurance."""
NAMED = [
    ("AT", "SVNr: 1237 010180", "1237 010180"),
    ("DE", "Steuer-ID: 36 574 261 809", "36 574 261 809"),
    ("DE", "meine IdNr ist 36574261809", "36574261809"),
    ("NL", "BSN 111222333", "111222333"),
    ("GB", "NHS number: 943 476 5870", "943 476 5870"),
    ("GB", "UTR: 1955839661", "1955839661"),
    ("CA", "SIN: 123-456-782", "123-456-782"),
    ("AU", "TFN: 123 456 782", "123 456 782"),
    ("PT", "NIF: 501964843", "501964843"),
    ("HR", "OIB: 33392005961", "33392005961"),
    ("BG", "EGN 7523169263", "7523169263"),
    ("DK", "CPR: 211062-5629", "211062-5629"),
]


@pytest.mark.parametrize(("country", "number"), [case for case in ALONE if case[0] != "KR"])
def test_a_number_of_the_authors_country_is_found(country: str, number: str) -> None:
    """Without a word before it, because its form and checksum are those of where the author lives."""
    ((found, value),) = find(national_ids, f"hi, {number} is mine", country)

    assert value == number
    assert found.normal.startswith(country)
    assert "country" in found.validator


@pytest.mark.parametrize(("country", "message", "number"), NAMED)
def test_a_named_number_is_found(country: str, message: str, number: str) -> None:
    """With its name before it, whatever is known of where the author lives."""
    for region in (country, None):
        ((found, value),) = find(national_ids, message, region)
        assert value == number
        assert "name" in found.validator


@pytest.mark.parametrize(("country", "message", "number"), NAMED)
def test_the_same_digits_without_a_name_are_nothing(country: str, message: str, number: str) -> None:
    """Nine digits are an order, a phone, a part number: a check digit alone is not enough."""
    assert values(national_ids, f"order {number} has shipped", country) == []


@pytest.mark.parametrize(("country", "number"), [case for case in ALONE if case[0] not in {"GB", "US"}])
def test_a_wrong_check_digit_is_no_number(country: str, number: str) -> None:
    """Every single wrong digit is noticed by these sums (or the format's own proof fails)."""
    at = max(place for place, sign in enumerate(number) if sign.isdigit())
    wrong = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]

    assert values(national_ids, f"hi, {wrong} is mine", country) == []


@pytest.mark.parametrize("number", ["BG 12 34 56 C", "ZZ 12 34 56 A", "AO 12 34 56 A", "AB 12 34 56 E"])
def test_letters_that_were_never_issued_are_refused(number: str) -> None:
    """HMRC's manual names prefixes and suffixes that no number has."""
    assert values(national_ids, f"hi, {number} is mine", "GB") == []


def test_elsewhere_only_forms_that_nothing_else_has_are_believed() -> None:
    """Eleven digits are a Polish number in Poland only; an Italian code is one everywhere."""
    assert values(national_ids, "44051401359", "US") == []
    assert values(national_ids, "44051401359", None) == []
    assert values(national_ids, "RCCMNL83S18D969H", "US") == ["RCCMNL83S18D969H"]


def test_what_it_counts_as_follows_the_number() -> None:
    """A tax number is one, and a health service number is one of health insurance."""
    assert find(national_ids, "IdNr 36574261809")[0][0].type is DataType.TAX_ID
    assert find(national_ids, "NHS 943 476 5870")[0][0].type is DataType.HEALTH_INSURANCE
    assert find(national_ids, "RCCMNL83S18D969H")[0][0].type is DataType.TAX_ID


def test_every_format_has_its_checksum() -> None:
    """No entry names a module that is not there."""
    for one in FORMATS:
        if one.module:
            assert callable(importlib.import_module(f"stdnum.{one.module}").is_valid)


@given(
    st.text(alphabet="0123456789 -./ABCXYZ", max_size=60),
    st.sampled_from([None, *sorted({one.country for one in FORMATS})]),
)
def test_noise_is_never_an_error(noise: str, region: str | None) -> None:
    """Whatever digits stand in a message, looking at them ends well."""
    for found, value in find(national_ids, f"nif {noise} cpr {noise}", region):
        assert found.end - found.start == len(value)
