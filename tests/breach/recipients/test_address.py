"""Addresses: which can be written to, and which two are one mailbox. Expectations from RFC 5321, 5322, 6761, 5891."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.recipients.address import Address, alike, read_address
from schemas.expectations import ADDRESS_PATTERN
from schemas.recipients import QuarantineReason


@pytest.mark.parametrize(
    ("given_address", "sent_to", "canonical"),
    [
        ("Ann@Example.ORG", "Ann@example.org", "ann@example.org"),
        ("  ann@example.org ", "ann@example.org", "ann@example.org"),
        ("ann+list@example.org", "ann+list@example.org", "ann+list@example.org"),
        ("a.n.n@example.org", "a.n.n@example.org", "a.n.n@example.org"),
        ("o'brien@example.co.uk", "o'brien@example.co.uk", "o'brien@example.co.uk"),
        # RFC 3492 section 7.1 style: the A-label of bücher is xn--bcher-kva.
        ("ann@BÜCHER.example", "ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        # The same name, composed and decomposed.
        ("ann@bu\u0308cher.example", "ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        # UTS 46 without transitional processing keeps the sharp s.
        ("ann@straße.example", "ann@xn--strae-oqa.example", "ann@xn--strae-oqa.example"),
    ],
)
def test_an_address_is_sent_as_given_and_compared_without_case(
    given_address: str, sent_to: str, canonical: str
) -> None:
    """The local part goes out as the member wrote it; domain and comparison are canonical."""
    assert read_address(given_address) == Address(sent_to, canonical)


@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_nothing_is_no_address(text: str) -> None:
    """White space is not an impossible address; it is none."""
    assert read_address(text) is QuarantineReason.NO_ADDRESS


@pytest.mark.parametrize(
    "text",
    [
        "ann",
        "@example.org",
        "ann@",
        "ann@example",
        "a@b@example.org",
        "ann..b@example.org",
        ".ann@example.org",
        "ann@-example.org",
        "ann@exam ple.org",
        "ann@post..example",
        "ann@192.0.2.1",
        "ann@example.org\r\nBcc: eve@example.org",
        "anon17@anonymized.invalid",
        "a" * 65 + "@example.org",
        "ann@" + "x" * 64 + ".org",
    ],
)
def test_an_impossible_address_is_known(text: str) -> None:
    """What no public mail server could deliver to is set apart before sending."""
    assert read_address(text) is QuarantineReason.BAD_ADDRESS


@pytest.mark.parametrize("text", ['"ann b"@example.org', "jürgen@example.org", "ann@[192.0.2.1]"])
def test_a_possible_address_we_cannot_use_is_not_called_impossible(text: str) -> None:
    """Quoted, international and literal addresses exist; our mail cannot carry them, and that is what is said."""
    assert read_address(text) is QuarantineReason.UNSUPPORTED_ADDRESS


def test_tags_and_dots_meet_only_for_the_report() -> None:
    """ann.b+x and annb differ for sending and meet in the count of addresses that are alike."""
    assert alike("ann.b+x@example.org") == alike("annb@example.org")
    assert alike("annb@example.org") != alike("annb@example.net")


def test_an_address_never_prints_itself() -> None:
    """A traceback that shows an address object shows no address."""
    assert "ann" not in repr(read_address("ann@example.org"))


@given(st.text(max_size=80) | st.emails())
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    """Any text is an address that meets the suite's pattern, or a reason; reading the result again changes nothing."""
    read = read_address(text)

    if isinstance(read, Address):
        assert re.search(ADDRESS_PATTERN, read.sent_to)
        assert read_address(read.sent_to) == read
        assert read_address(read.canonical) == Address(read.canonical, read.canonical)
    else:
        assert isinstance(read, QuarantineReason)
