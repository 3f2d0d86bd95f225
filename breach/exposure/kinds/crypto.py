"""Addresses of crypto wallets: Bitcoin by its checksums, Ethereum by the case of its letters (EIP-55)."""

import hashlib
import re

from stdnum.bitcoin import b58decode, bech32_checksum

from breach.exposure.kinds.keccak import keccak_256
from breach.exposure.kinds.kind import Found
from schemas.exposure import DataType

PATTERN = (
    r"\b[13][1-9A-HJ-NP-Za-km-z]{25,34}\b"
    r"|\b(?:bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71})\b"
    r"|\b0x[0-9a-fA-F]{40}\b"
)
SIGNS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
"""Alphabet of bech32 (BIP 173)."""
BECH32, BECH32M = 1, 0x2BC830A3
"""What a checksum leaves: of version 0, and of every later one (BIP 350)."""
LABEL = re.compile(
    r"\b(?:eth|ethereum|ether|wallet|metamask|erc-?20|usdt|usdc|address|adresse|direcci.n)\b", re.IGNORECASE
)
BURNT = frozenset({"0" * 40, "0" * 36 + "dead", "e" * 40, "f" * 40})
"""Nobody holds these."""


def check(text: str, before: str, after: str, region: str | None) -> Found | None:  # noqa: ARG001 (what kinds are given)
    """A wallet's address. One of Ethereum in a single case has no checksum, and needs a word beside it that says so."""
    if text.startswith("0x"):
        return _ethereum(text, before, after)
    if text[:3].lower() == "bc1":
        good = text in {text.lower(), text.upper()} and _is_segwit(text.lower())
        return _found(text, text.lower(), "bech32", 0.99) if good else None
    return _found(text, text, "base58check", 0.99) if _is_base58(text) else None


def _found(text: str, normal: str, validator: str, confidence: float) -> Found:
    return Found(DataType.CRYPTO_WALLET, 0, len(text), normal, validator, confidence)


def _is_base58(text: str) -> bool:
    if not re.fullmatch(r"[13][1-9A-HJ-NP-Za-km-z]{25,34}", text):
        return False
    data = b58decode(text)
    checksum = hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()[:4]
    return len(data) == 25 and data[0] in {0, 5} and checksum == data[-4:]


def _is_segwit(text: str) -> bool:
    """BIP 173 and BIP 350: human-readable part bc, version, program, six signs of checksum."""
    if not all(sign in SIGNS for sign in text[3:]) or not 14 <= len(text) <= 74:
        return False
    data = [SIGNS.index(sign) for sign in text[3:]]
    left = bech32_checksum([3, 3, 0, 2, 3, *data])  # "bc" spread as BIP 173 says
    bits = 5 * (len(data) - 7)
    padding, program = bits % 8, bits // 8
    if padding > 4 or (data[-7] & ((1 << padding) - 1) if len(data) > 7 else 0) or not 2 <= program <= 40:
        return False
    return (left == BECH32 and program in {20, 32}) if data[0] == 0 else (left == BECH32M and data[0] <= 16)


def _ethereum(text: str, before: str, after: str) -> Found | None:
    digits = text[2:]
    lower = digits.lower()
    if not re.fullmatch(r"[0-9a-f]{40}", lower) or lower in BURNT:
        return None
    if digits in {lower, digits.upper()}:
        labelled = LABEL.search(before) or LABEL.search(after)
        return _found(text, f"0x{lower}", "form and label", 0.7) if labelled else None
    nibbles = keccak_256(lower.encode()).hex()
    raised = "".join(sign.upper() if int(nibbles[at], 16) >= 8 else sign for at, sign in enumerate(lower))
    return _found(text, f"0x{lower}", "eip-55", 0.99) if digits == raised else None
