"""Passwords that people wrote after a word that says so: `password: …`, `Passwort ist …`. Free guesses are not made.

Without a word beside it nothing is a password; with one, most of what follows is still none ("password: forgotten").
So what follows must look like one: a digit, a sign or a capital within it.
"""

import re

from breach.exposure.kinds.kind import Found
from schemas.exposure import DataType

_LABELS = (
    r"(?i:passwords?|passcode|passphrase|passw|passwd|pwd|pw|pass|login|credentials?"
    r"|passwort|kennwort|zugangsdaten"
    r"|mot de passe|mdp"
    r"|contrase[^ -~\n]{1,2}a|contrasena|clave|senha)"
)
_IS = r"(?i:is|was|ist|war|lautet|est|es|era)"
_JOINED = rf"(?:[ \t]{{0,2}}[:=][ \t]{{0,3}}|[ \t]{_IS}(?:[ \t]{{1,2}}|[ \t]?:[ \t]{{0,2}}))"
PATTERN = rf"(?:\b|_){_LABELS}[\"'`*]{{0,2}}{_JOINED}[!-~]{{6,72}}"
"""The words in English, German, French, Spanish and Portuguese; 72: bcrypt takes no longer ones."""

_VALUE = re.compile(r"(?:[:=]|(?<=[ \t])" + _IS + r"(?=[ \t:])[ \t]*:?)[ \t]*(?P<value>[!-~]{6,72})$", re.ASCII)
_WRAPPED = re.compile(r"[\"'`*|({\[]*(?P<inner>.*?)[\"'`*|)}\]]*[.,;:!?]*[\"'`*|)}\]]*")
_CODE = re.compile(
    r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|[A-Za-z_][\w.]*[(\[<].*|.*://.*|\$.*|<.*>?|%.*%?|.*\*{3}.*|.*x{4}.*|\W+|[\d.,:/+\-]+"
    r"|https?.*|.*@.*\.[a-z]{2,}"
)
"""Programs, places to fill in, stars, dates and numbers, links and addresses."""
_NONE = re.compile(
    r"(?:your|my|the|new|old|mein|dein|ihr|votre)?[_-]?(?:password|passwort|secret|kennwort)s?\d{0,3}|null|none|true|false",
    re.IGNORECASE,
)


def check(text: str, before: str, after: str, region: str | None) -> Found | None:  # noqa: ARG001 (what kinds are given)
    """The value behind the word, without what wraps it, when it looks like a password."""
    found = _VALUE.search(text)
    if found is None:
        return None
    inner = _WRAPPED.fullmatch(found["value"])
    value = inner["inner"] if inner else found["value"]
    if not 6 <= len(value) <= 72 or _CODE.fullmatch(value) or _NONE.fullmatch(value) or not _looks_chosen(value):
        return None
    start = found.start("value") + (inner.start("inner") if inner else 0)
    spelled = ":" in text[: found.start("value")] or "=" in text[: found.start("value")]
    confidence = 0.8 if spelled else 0.6
    return Found(DataType.PASSWORD, start, start + len(value), value, "word before it", confidence)


def _looks_chosen(value: str) -> bool:
    """A digit beside a letter, a sign that no word has, or a capital inside."""
    digit, letter = re.search(r"[0-9]", value), re.search(r"[A-Za-z]", value)
    strange = re.search(r"[^A-Za-z0-9'\-./,]", value)
    inner_capital = re.search(r"[a-z][A-Z]", value)
    return bool(letter and (digit or strange or inner_capital))
