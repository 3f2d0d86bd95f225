"""Digests: SHA-256 over bytes, over files, and over a record's one canonical form."""

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel

from schemas.base import canonical_json


def digest_bytes(data: bytes) -> str:
    """SHA-256 of bytes, lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_record(record: BaseModel) -> str:
    """SHA-256 of a record's canonical JSON."""
    return digest_bytes(canonical_json(record))


def digest_file(path: Path) -> str:
    """SHA-256 of a file, read in blocks: exports reach gigabytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_stream(pieces: Iterable[bytes]) -> str:
    """SHA-256 of pieces of bytes, one after the other."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def keyed_token(key: bytes, *parts: str) -> str:
    """26 base32 characters (130 bits) of HMAC-SHA256 over the parts: opaque without the key, the same with it.

    A token that can be made again, instead of one drawn at random, keeps a member's name the same
    when a killed run freezes its list a second time: nobody can be told twice under two names.
    """
    mac = hmac.digest(key, "\x1f".join(parts).encode(), "sha256")
    bits = int.from_bytes(mac[:17], "big") >> 6
    return "".join([_PAIRS[bits >> shift & 1023] for shift in range(120, -1, -10)])


_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [one + other for one in _BASE32 for other in _BASE32]
"""RFC 4648's alphabet in small letters, two characters at a time: base64.b32encode takes 15 microseconds."""
