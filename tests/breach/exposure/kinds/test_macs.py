"""MAC addresses by the IEEE's registry."""

import pytest

from breach.exposure.kinds import macs
from schemas.exposure import DataType

from .conftest import find, values


@pytest.mark.parametrize("spelled", ["d0:50:99:84:a2:a0", "D0-50-99-84-A2-A0", "d050.9984.a2a0"])
def test_a_makers_card_is_found_in_every_spelling(spelled: str) -> None:
    """D0-50-99 belongs to ASRock (IEEE registry); three spellings are one card."""
    ((found, value),) = find(macs, f"it is {spelled}.")

    assert (found.type, value, found.normal) == (DataType.MAC_ADDRESS, spelled, "d0509984a2a0")


@pytest.mark.parametrize(
    "other",
    [
        "ff:ff:ff:ff:ff:ff",  # everybody
        "01:00:5e:7f:ff:fa",  # a group (RFC 1112)
        "00:00:5E:00:53:2f",  # for documents (RFC 7042)
        "00:11:22:33:44:55",
        "aa:bb:cc:dd:ee:ff",
        "d0:50:99:84:a2:a0:11:22:33:44:55:66:77:88:99:00",  # a fingerprint of a key
        "12:34:56:78:90:12",
        "a6:50:99:84:a2:a0",  # made up by a phone, and nothing says that it is one
    ],
)
def test_what_is_no_persons_card_is_not_found(other: str) -> None:
    """Groups, manuals, fingerprints and rows of hexadecimal digits."""
    assert values(macs, f"see {other} there") == []


def test_a_made_up_address_is_believed_with_its_label() -> None:
    """Phones make up addresses (the second bit of the first octet is set), which no registry knows."""
    assert values(macs, "wifi mac: a6:50:99:84:a2:a0") == ["a6:50:99:84:a2:a0"]
