"""Wallet addresses, by the examples of the improvement proposals themselves."""

import pytest

from breach.exposure.kinds import crypto
from breach.exposure.kinds.keccak import keccak_256
from schemas.exposure import DataType

from .conftest import find, values

GOOD = [
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",  # Bitcoin wiki, P2PKH
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",  # Bitcoin wiki, P2SH
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",  # BIP 173
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",  # BIP 350
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",  # EIP-55
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]


@pytest.mark.parametrize("address", GOOD)
def test_addresses_of_the_proposals_are_found(address: str) -> None:
    """Each where people paste it."""
    ((found, value),) = find(crypto, f"send it to {address}, thanks")

    assert (found.type, value) == (DataType.CRYPTO_WALLET, address)


@pytest.mark.parametrize("address", GOOD)
def test_one_wrong_sign_is_no_address(address: str) -> None:
    """A checksum that does not fit: nobody's wallet."""
    wrong = address[:-3] + {"a": "c", "A": "C"}.get(address[-3], "a" if address.islower() else "A") + address[-2:]

    assert values(crypto, f"at {wrong} today") == []


@pytest.mark.parametrize(
    "invalid",
    [
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",  # BIP 350: version 1 with the old checksum
        "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",  # BIP 173: wrong length of a program
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kV8F3T4",  # mixed case
        "bc1gmk9yu",  # BIP 173: no program
        "0x0000000000000000000000000000000000000000",
        "0x" + "ab" * 32,  # a transaction, not an address
    ],
)
def test_what_the_proposals_call_invalid_is_refused(invalid: str) -> None:
    """Their own lists of bad addresses, and what has the same letters but is another thing."""
    assert values(crypto, f"wallet {invalid}") == []


def test_an_address_in_one_case_needs_a_word_beside_it() -> None:
    """Forty hexadecimal digits may be a commit; 'wallet' says that they are not."""
    plain = "0x" + "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"

    assert values(crypto, f"fixed in {plain}") == []
    assert values(crypto, f"my ETH wallet: {plain}") == [plain]


def test_two_spellings_are_one_wallet() -> None:
    """Upper and lower case of one address have one form."""
    forms = {find(crypto, address)[0][0].normal for address in GOOD[2:4]}

    assert len(forms) == 1


def test_keccak_is_the_one_before_sha3() -> None:
    """The empty message and 'abc' (Keccak team, known answers)."""
    assert keccak_256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak_256(b"abc").hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
