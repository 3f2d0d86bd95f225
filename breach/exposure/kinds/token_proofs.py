"""What shows that a token is one, beyond its shape: checksums, readable headers, and that no manual prints it."""

import base64
import binascii
import json
import re
import zlib

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PRINTED = re.compile(
    r"example|placeholder|redacted|your[_-]|[_-](?:here|goes)|dummy|x{5}|\*{3}|1234567890|0123456789|abcdefgh",
    re.IGNORECASE,
)
"""Signs of a value out of a manual. Five x in a row stand in one random token of ten million."""
FEWEST_SIGNS = 8
"""Different characters in a secret: of 20 random hexadecimal digits fewer happen once in 30,000 times."""
KNOWN_TO_ALL = frozenset({"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="})
"""Microsoft's storage emulator has the same key everywhere."""


def is_varied(secret: str) -> bool:
    """Not a placeholder: enough different characters, and no words of a manual."""
    return len(set(secret)) >= FEWEST_SIGNS and not PRINTED.search(secret)


def is_github_checked(token: str) -> bool:
    """Its last six characters are the CRC-32 of the thirty after the prefix, in base 62 (GitHub, 5 April 2021)."""
    body = token.partition("_")[2]
    number, digits = zlib.crc32(body[:-6].encode()), ""
    for _ in range(6):
        number, rest = divmod(number, 62)
        digits = BASE62[rest] + digits
    return body[-6:] == digits


def is_signed_token(token: str) -> bool:
    """Its header is JSON that names an algorithm (RFC 7515), and its claims are not those that every manual prints."""
    parts = token.split(".")
    header, claims = (_json(part) for part in parts[:2])
    if not isinstance(header, dict) or not isinstance(header.get("alg"), str) or not isinstance(claims, dict):
        return False
    return not (claims.get("name") == "John Doe" or claims.get("iss") == "joe" or claims.get("sub") == "1234567890")


def is_bot_token(token: str) -> bool:
    """Its first part is a snowflake in base 64 (17 to 20 digits), its second is base 64, too."""
    owner, moment, secret = token.split(".")
    number = _decoded(owner)
    if number is None or not re.fullmatch(rb"[0-9]{17,20}", number):
        return False
    return _decoded(moment) is not None and len(set(secret)) >= FEWEST_SIGNS


def is_storage_key(key: str) -> bool:
    """64 bytes in base 64, and not the emulator's."""
    return key not in KNOWN_TO_ALL and is_varied(key) and len(_decoded(key.rstrip("=")) or b"") == 64


def _json(part: str) -> object:
    data = _decoded(part)
    try:
        return json.loads(data) if data is not None else None
    except (ValueError, RecursionError):
        return None


def _decoded(part: str) -> bytes | None:
    try:
        return base64.b64decode(part.replace("-", "+").replace("_", "/") + "=" * (-len(part) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
