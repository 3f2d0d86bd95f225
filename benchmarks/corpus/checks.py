"""Check digits by their published rules, written apart from the product's own, which must not test itself."""

import hashlib
import zlib

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def luhn_digit(digits: str) -> str:
    """The digit that makes digits + digit pass Luhn (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def iban_of(country: str, account: str) -> str:
    """The IBAN of an account: check digits so that the whole leaves 1 when divided by 97 (ISO 13616)."""
    number = int("".join(str(int(sign, 36)) for sign in f"{account}{country}00"))
    return f"{country}{98 - number % 97:02d}{account}"


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    """Sum of digit times weight, from the left."""
    return sum(int(sign) * weight for sign, weight in zip(digits, weights, strict=True))


def base58check(version: int, payload: bytes) -> str:
    """A legacy Bitcoin address: version, payload, and four bytes of its double SHA-256, in base 58."""
    data = bytes([version]) + payload
    data += hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]
    number, signs = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        signs = BASE58[rest] + signs
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + signs


def segwit(program: bytes) -> str:
    """A Bitcoin address of witness version 0, with the checksum of BIP 173."""
    bits = "".join(f"{byte:08b}" for byte in program)
    values = [0, *(int(bits[at : at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5))]
    check = _polymod([3, 3, 0, 2, 3, *values, 0, 0, 0, 0, 0, 0]) ^ 1  # "bc" spread out
    values += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return "bc1" + "".join(BECH32[value] for value in values)


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, part in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= part if top >> place & 1 else 0
    return check


def github_check(signs: str) -> str:
    """The last six signs of a GitHub token: CRC-32 of the thirty before them, in base 62."""
    number, check = zlib.crc32(signs.encode()), ""
    for _ in range(6):
        number, rest = divmod(number, 62)
        check = BASE62[rest] + check
    return check
