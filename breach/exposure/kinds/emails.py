"""E-mail addresses: what is one, and the form in which two of them are compared."""

import re
import unicodedata

import idna

from breach.exposure.kinds.kind import Found
from schemas.exposure import DataType

PATTERN = (
    r"[A-Za-z0-9._%+'\-]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?)+"
)
_LEADING = ".%+'-"
"""What may stand before an address without being of it."""
_SHAPE = re.compile(r"[^@\s]+@[^@\s]+")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE)
_FILE_ENDINGS = "png jpg jpeg gif webp svg bmp ico pdf css html js json txt"
FILE_ENDINGS = frozenset(_FILE_ENDINGS.split())
"""`logo@2x.png` has the shape of an address; none of these is a top-level domain (IANA root zone)."""


SHORT = 60
"""Characters within which no part of an address is too long."""
_USUAL = re.compile(
    r"[A-Za-z0-9_%+'\-]+(?:\.[A-Za-z0-9_%+'\-]+)*@(?:[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*\.)+([A-Za-z]{2,})", re.ASCII
)
"""What nearly every address looks like: told at once to be one."""


def check_email(text: str) -> str | None:
    """The comparable form when this can be an address (RFC 5321 lengths, a top-level domain of letters), else None."""
    usual = _USUAL.fullmatch(text)
    if usual is not None and len(text) <= SHORT:
        return None if usual[1].lower() in FILE_ENDINGS else text.lower()
    local, _, domain = text.rpartition("@")
    labels = domain.split(".")
    top = labels[-1].lower()
    if not 1 <= len(local) <= 64 or len(text) > 254 or len(labels) < 2:
        return None
    if local[0] == "." or local[-1] == "." or ".." in local:
        return None
    if any(len(label) > 63 or not _LABEL.fullmatch(label) for label in labels):
        return None
    if not (len(top) >= 2 and top.isalpha()) and not top.startswith("xn--"):
        return None
    return None if top in FILE_ENDINGS else same_email(text)


def same_email(address: str) -> str:
    """One form for all spellings of an address: NFC, lower case, the domain in its ASCII form.

    Case of the local part counts by standard and nowhere in practice; taking two spellings for one person's own
    address errs on the side of telling that person.
    """
    text = unicodedata.normalize("NFC", address.strip()).casefold()
    local, _, domain = text.rpartition("@")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode()
        except idna.IDNAError:
            return text
    return f"{local}@{domain}"


def is_email(cell: str) -> bool:
    """Whether a cell of a roster looks like an address."""
    return bool(_SHAPE.fullmatch(cell.strip())) and "." in cell.rpartition("@")[2]


def check(text: str, before: str, after: str, region: str | None) -> Found | None:  # noqa: ARG001  (one form for all kinds)
    """As kind.Check says. Not `@user@server` (a handle) and not `git@host:path` (a repository)."""
    skip = len(text) - len(text.lstrip(_LEADING))
    normal = check_email(text[skip:])
    if normal is None or (skip == 0 and before.endswith("@")) or (normal.startswith("git@") and after.startswith(":")):
        return None
    return Found(DataType.EMAIL, skip, len(text), normal, "address form", 0.95)
