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


def raised(address: bytes) -> str:
    """An Ethereum address with its letters raised by EIP-55: where Keccak-256 of its lower-case form has 8 or more."""
    lower = address.hex()
    nibbles = keccak_256(lower.encode()).hex()
    return "0x" + "".join(sign.upper() if int(nibbles[at], 16) >= 8 else sign for at, sign in enumerate(lower))


def keccak_256(data: bytes) -> bytes:
    """Keccak before it became SHA-3 (padding 0x01), of at most 135 bytes: one block of the rate 1088."""
    block = bytearray(data + b"\x01" + bytes(135 - len(data)))
    block[135] |= 0x80
    lanes = [int.from_bytes(block[at : at + 8], "little") for at in range(0, 136, 8)] + [0] * 8
    for constant in _round_constants():
        lanes = _keccak_round(lanes, constant)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


_WORD = (1 << 64) - 1


def _turned(lane: int, by: int) -> int:
    return (lane << by | lane >> 64 - by) & _WORD if by else lane


def _round_constants() -> list[int]:
    """Bits at 2^j - 1 from the feedback register x^8 + x^6 + x^5 + x^4 + 1 (FIPS 202, 3.2.5)."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for power in range(7):
            constant |= (register & 1) << (1 << power) - 1
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return constants


def _keccak_round(lanes: list[int], constant: int) -> list[int]:
    """Theta, rho, pi, chi and iota on lanes at x + 5 y (FIPS 202, 3.2)."""
    columns = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
    mixed = [columns[(x - 1) % 5] ^ _turned(columns[(x + 1) % 5], 1) for x in range(5)]
    lanes = [lane ^ mixed[at % 5] for at, lane in enumerate(lanes)]
    moved, x, y = lanes[:], 1, 0
    held = lanes[1]
    for step in range(24):
        x, y = y, (2 * x + 3 * y) % 5
        held, moved[x + 5 * y] = lanes[x + 5 * y], _turned(held, (step + 1) * (step + 2) // 2 % 64)
    out = [
        moved[at] ^ (~moved[(at + 1) % 5 + at // 5 * 5] & moved[(at + 2) % 5 + at // 5 * 5]) & _WORD for at in range(25)
    ]
    out[0] ^= constant
    return out
