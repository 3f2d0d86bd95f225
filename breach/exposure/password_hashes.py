"""How a stored password was scrambled, by its shape; and whether guessing it is slow (strong) or fast (weak).

Shapes: the Modular Crypt Format as passlib documents it, and the frameworks' own pages (Django, WordPress, Werkzeug,
ASP.NET Core Identity, Discourse). Strong: salted, and slow on purpose. Weak: everything else, also when salted.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_ROUNDS = 10_000
"""PBKDF2 with fewer is weak: NIST SP 800-63B (2017) asked for at least so many."""
FEWEST_COST = 8
"""bcrypt: two to this power. Below it a home computer guesses thousands in a second."""
_B64 = r"[./A-Za-z0-9+=]"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to scramble a password."""

    name: str
    shape: re.Pattern[str]
    strong: bool
    work: int = 0
    """If the shape captures a number: strong only from this one on."""


def _scheme(name: str, shape: str, *, strong: bool, work: int = 0) -> Scheme:
    return Scheme(name, re.compile(shape, re.ASCII), strong, work)


SCHEMES = (
    _scheme("bcrypt", r"(?:\$wp)?\$2[abxy]?\$(\d\d)\$[./A-Za-z0-9]{53}", strong=True, work=FEWEST_COST),
    _scheme("argon2", rf"(?:argon2)?\$argon2(?:id|i|d)\$(?:v=\d+\$)?m=\d+,t=\d+,p=\d+\${_B64}+\${_B64}+", strong=True),
    _scheme("scrypt", rf"(?:\$scrypt\$|\$7\$|scrypt[:$]\d+).*{_B64}{{32,}}", strong=True),
    _scheme("yescrypt", r"\$g?y\$[./A-Za-z0-9]+\$[./A-Za-z0-9$]{22,}", strong=True),
    _scheme("pbkdf2", r"\$?pbkdf2[_:\-]?(?:sha\d+)?[:$](?:i=)?(\d+)[,:$].{20,}", strong=True, work=FEWEST_ROUNDS),
    _scheme("pbkdf2 (asp.net identity)", r"AQAAAA[A-Za-z0-9+/]{76,80}={0,2}", strong=True),
    _scheme("sha512-crypt", r"\$6\$(?:rounds=\d+\$)?[^$]{0,16}\$[./A-Za-z0-9]{86}", strong=True),
    _scheme("sha256-crypt", r"\$5\$(?:rounds=\d+\$)?[^$]{0,16}\$[./A-Za-z0-9]{43}", strong=True),
    _scheme("drupal 7", r"\$S\$[./A-Za-z0-9]{52}", strong=True),
    _scheme("phpass", r"\$[PH]\$[./A-Za-z0-9]{31}", strong=False),
    _scheme("md5-crypt", r"\$(?:1|apr1)\$[^$]{0,8}\$[./A-Za-z0-9]{22}", strong=False),
    _scheme("ldap sha-1", r"\{S?SHA\}[A-Za-z0-9+/=]{28,}", strong=False),
    _scheme("mysql", r"\*[0-9A-Fa-f]{40}", strong=False),
    _scheme("django sha-1 or md5", r"(?:sha1|md5)\$[^$]*\$[0-9a-f]{32,40}", strong=False),
    _scheme("salted md5", r"[0-9a-fA-F]{32}:.{2,32}", strong=False),
    _scheme("md5 or ntlm", r"[0-9a-fA-F]{32}", strong=False),
    _scheme("sha-1", r"[0-9a-fA-F]{40}", strong=False),
    _scheme("sha-256", r"[0-9a-fA-F]{64}", strong=False),
    _scheme("sha-512", r"[0-9a-fA-F]{128}", strong=False),
)
BARE = frozenset({"md5 or ntlm", "sha-1", "sha-256", "sha-512", "salted md5"})
"""Sums of anything look like these: a header has to say that they are of passwords."""
SLOW_MARK = re.compile(r"\$pbkdf2-sha\d+\$i=(\d+),l=\d+\$?", re.ASCII)
"""Discourse keeps the algorithm in a column of its own, beside sums that look like SHA-256."""


def scheme_of(cell: str) -> Scheme | None:
    """The scheme that this is a hash of, weak when its own work factor is; None when it is none."""
    for scheme in SCHEMES:
        found = scheme.shape.fullmatch(cell.strip())
        if found is None:
            continue
        if scheme.work and int(found[1]) < scheme.work:
            return Scheme(f"{scheme.name} with little work", scheme.shape, strong=False)
        return scheme
    return None


def main_scheme(cells: Sequence[str], share: float) -> tuple[Scheme, int] | None:
    """The weakest of the schemes that at least this share of the cells are hashes of, and how many cells are."""
    found = [scheme for scheme in map(scheme_of, cells) if scheme is not None]
    if not cells or len(found) < share * len(cells):
        return None
    counted = Counter(found)
    return min(counted, key=lambda scheme: (scheme.strong, -counted[scheme])), len(found)


def is_marked_hash(cell: str) -> bool:
    """Whether a cell can be nothing but a stored password."""
    scheme = scheme_of(cell)
    return scheme is not None and scheme.name not in BARE
