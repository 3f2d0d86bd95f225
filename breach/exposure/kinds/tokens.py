"""Keys and tokens that open an account or a service, as people paste them into chats: by prefix, length and checksum.

Prefixes and lengths: the vendors' own pages on their token formats. A value that a manual prints is no finding.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from breach.exposure.kinds.kind import Found
from breach.exposure.kinds.token_proofs import (
    is_bot_token,
    is_github_checked,
    is_signed_token,
    is_storage_key,
    is_varied,
)
from schemas.exposure import DataType


@dataclass(frozen=True, slots=True)
class Issuer:
    """One form of token: its shape without word borders, and what else must hold."""

    name: str
    shape: str
    proof: Callable[[str], bool] = is_varied
    confidence: float = 0.95
    inside: str = ""
    """Where the secret itself stands, when the shape begins with a label."""


_W = r"[A-Za-z0-9_\-]"
ISSUERS = (
    Issuer("private key", r"-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY(?: BLOCK)?-----", lambda _: True, 0.99),
    Issuer("json web token", rf"eyJ{_W}{{10,}}\.eyJ{_W}{{8,}}\.{_W}{{16,}}", is_signed_token),
    Issuer("aws access key id", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"),
    Issuer(
        "aws secret key",
        r"(?i:aws_?secret_?(?:access_?)?key)[\"' ]{0,2}[:=][ \"']{0,2}[A-Za-z0-9/+]{40}",
        inside=r"[A-Za-z0-9/+]{40}$",
    ),
    Issuer("google api key", rf"AIza{_W}{{35}}"),
    Issuer("google client secret", rf"GOCSPX-{_W}{{28}}"),
    Issuer("azure storage key", r"AccountKey=[A-Za-z0-9+/]{86}==", is_storage_key, inside=r"[A-Za-z0-9+/]{86}==$"),
    Issuer("azure client secret", r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.\-]{31,34}", confidence=0.9),
    Issuer("github token", r"gh[pousr]_[A-Za-z0-9]{36}", is_github_checked, 0.99),
    Issuer("github fine-grained token", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    Issuer("gitlab token", rf"gl(?:pat|dt|rt|ptt|soat|ft|imt|agent)-{_W}{{20,}}(?:\.[0-9a-z]{{9}})?"),
    Issuer("slack token", r"xox[abeprs](?:-[0-9]{9,14}){1,3}-[A-Za-z0-9]{20,64}"),
    Issuer("slack app token", r"xapp-[0-9]-A[A-Z0-9]{8,12}-[0-9]{9,14}-[a-f0-9]{64}"),
    Issuer("slack webhook", r"https://hooks\.slack\.com/services/T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/[A-Za-z0-9]{24}"),
    Issuer("discord bot token", rf"[MNO]{_W}{{22,27}}\.{_W}{{6}}\.{_W}{{27,38}}", is_bot_token, 0.98),
    Issuer(
        "discord webhook",
        rf"https://(?:ptb\.|canary\.)?discord(?:app)?\.com/api/(?:v[0-9]{{1,2}}/)?webhooks/[0-9]{{17,20}}/{_W}{{60,68}}",
    ),
    Issuer("telegram bot token", rf"[0-9]{{8,10}}:AA{_W}{{33}}"),
    Issuer("sendgrid key", rf"SG\.{_W}{{22}}\.{_W}{{43}}"),
    Issuer("mailgun key", r"(?:key-[0-9a-f]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})", confidence=0.9),
    Issuer("mailchimp key", r"[0-9a-f]{32}-us[0-9]{1,2}", confidence=0.9),
    Issuer("stripe key", r"(?:[sr]k_live_[A-Za-z0-9]{24,120}|whsec_[A-Za-z0-9+/]{32,64}={0,2})"),
    Issuer("square key", rf"(?:EAAA{_W}{{60}}|sq0csp-{_W}{{43}}|sq0atp-{_W}{{22}})"),
    Issuer("braintree token", r"access_token\$production\$[0-9a-z]{16}\$[0-9a-f]{32}"),
    Issuer("twilio key", r"SK[0-9a-f]{32}", confidence=0.85),
    Issuer("npm token", r"npm_[A-Za-z0-9]{36}", is_github_checked, 0.99),
    Issuer("pypi token", rf"pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw){_W}{{50,}}"),
    Issuer(
        "openai key",
        rf"sk-(?:(?:proj|svcacct|admin)-{_W}{{20,74}}T3BlbkFJ{_W}{{20,74}}|[A-Za-z0-9]{{20}}T3BlbkFJ[A-Za-z0-9]{{20}})",
    ),
    Issuer("anthropic key", rf"sk-ant-[a-z]{{3,5}}[0-9]{{2}}-{_W}{{80,}}"),
)


def _alternatives(*, links: bool) -> str:
    """Some shapes begin with a sign that is no letter: no border of a word is there."""
    shapes = (one.shape for one in ISSUERS if one.shape.startswith("https") is links)
    return "|".join(rf"\b{shape}" if shape[0].isalnum() or shape[0] == "(" else shape for shape in shapes)


PATTERN = _alternatives(links=False)
WEBHOOKS = _alternatives(links=True)
"""Tokens that are links themselves: to be asked before links are passed over."""

_COMPILED = tuple((one, re.compile(one.shape, re.ASCII)) for one in ISSUERS)
_WORD = re.compile(r"[A-Za-z0-9_]")


def check(text: str, before: str, after: str, region: str | None) -> Found | None:  # noqa: ARG001 (what kinds are given)
    """A token of one of the issuers, with its proof. A longer word that only begins like one is none."""
    for issuer, shape in _COMPILED:
        found = shape.match(text)
        if found is None or _WORD.match(text[found.end() :] or after) or _WORD.fullmatch(before[-1:]):
            continue
        start = found.end() - len(_secret(issuer, found[0]))
        secret = text[start : found.end()]
        if issuer.proof(secret):
            is_block = secret.startswith("-----BEGIN")
            normal, until = (secret + after.strip(), secret.replace("BEGIN", "END")) if is_block else (secret, "")
            return Found(DataType.ACCESS_TOKEN, start, found.end(), normal, issuer.name, issuer.confidence, until=until)
    return None


def _secret(issuer: Issuer, text: str) -> str:
    found = re.search(issuer.inside, text) if issuer.inside else None
    return found[0] if found else text
