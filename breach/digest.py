"""Digests: SHA-256 over bytes, over files, and over a record's one canonical form."""

import hashlib
import hmac
from base64 import b32encode
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
    mac = hmac.new(key, "\x1f".join(parts).encode(), hashlib.sha256).digest()
    return b32encode(mac).decode().lower()[:26]
