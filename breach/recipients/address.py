"""E-mail addresses: what can be written to, and which two are the same mailbox."""

import re
import unicodedata
from dataclasses import dataclass

import idna

from schemas.recipients import QuarantineReason

DOT_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LONGEST_LOCAL = 64  # octets, RFC 5321 section 4.5.3.1.1


@dataclass(frozen=True, slots=True)
class Address:
    """An address that can be written to. Never printed."""

    sent_to: str
    """Local part exactly as the member gave it; domain in the ASCII form every mailer takes."""
    canonical: str
    """What decides whether two addresses are one mailbox."""

    def __repr__(self) -> str:
        """Nothing of it: an address must not reach a log through a traceback."""
        return "Address(…)"


def read_address(given: str) -> Address | QuarantineReason:
    """The address, or why nobody can be written to there.

    Canonical: NFC, domain through IDNA (UTS 46), and the local part compared without case. RFC 5321 would let a
    host tell Alex from alex, but no host in use does, and mailers refuse a whole request when it holds both.
    Plus-tags and dots stay: in law two such addresses may be two people.
    """
    text = unicodedata.normalize("NFC", given).strip()
    if not text:
        return QuarantineReason.NO_ADDRESS
    local, at, domain = text.rpartition("@")
    if not at or not local or any(unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in text):
        return QuarantineReason.BAD_ADDRESS
    if domain.startswith("["):
        return QuarantineReason.UNSUPPORTED_ADDRESS
    host = _host(domain)
    if host is None or len(local.encode()) > LONGEST_LOCAL:
        return QuarantineReason.BAD_ADDRESS
    if not DOT_ATOM.fullmatch(local):
        return _odd_local_part(local)
    return Address(f"{local}@{host}", f"{local.casefold()}@{host}")


def alike(canonical: str) -> str:
    """What remains without plus-tag and dots: addresses that meet here may be one person; reported, not merged."""
    local, _, domain = canonical.rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def _host(domain: str) -> str | None:
    """A-labels in lower case, or None when no such host can exist in the public mail system."""
    try:
        host = idna.encode(domain, uts46=True, transitional=False).decode().lower()
    except idna.IDNAError:
        return None
    labels = host.split(".")
    top = labels[-1]
    # ".invalid" is guaranteed never to exist (RFC 6761); forums write it into accounts they have made anonymous.
    if len(labels) < 2 or len(top) < 2 or not top[0].isalpha() or top == "invalid":
        return None
    return host


def _odd_local_part(local: str) -> QuarantineReason:
    quoted = len(local) > 2 and local[0] == local[-1] == '"'
    international = not local.isascii() and DOT_ATOM.fullmatch("".join(c if c.isascii() else "x" for c in local))
    return QuarantineReason.UNSUPPORTED_ADDRESS if quoted or international else QuarantineReason.BAD_ADDRESS
