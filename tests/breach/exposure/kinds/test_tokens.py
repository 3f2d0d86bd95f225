"""Tokens by their issuers' documents. Values are put together here, so that no scanner takes this file for a leak."""

import base64
import zlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.exposure.kinds import tokens
from schemas.exposure import DataType

from .conftest import find, values

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM = Random(4)  # noqa: S311 (invented values)


def signs(number: int, alphabet: str = LETTERS) -> str:
    return "".join(RANDOM.choice(alphabet) for _ in range(number))


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


HEX, BASE32 = "0123456789abcdef", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
GITHUB = "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17"
"""A token that its owner revoked and published to show the checksum (gist coolaj86/eb8cddfd)."""
JWT = ".".join(
    (
        base64url(b'{"alg":"HS256","typ":"JWT"}'),
        base64url(b'{"sub":"u-77","role":"admin"}'),
        base64url(bytes(range(32))),
    )
)

GOOD = {
    "aws access key id": "AKIA" + signs(16, BASE32),
    "google api key": "AIza" + signs(35),
    "google client secret": "GOCSPX-" + signs(28),
    "azure client secret": "abc8Q~" + signs(34),
    "github token": GITHUB,
    "github fine-grained token": f"github_pat_{signs(22)}_{signs(59)}",
    "gitlab token": "glpat-" + signs(20),
    "slack token": f"xoxb-{'2' * 4}35471{'9' * 3}-283746510293-{signs(24)}",
    "slack app token": f"xapp-1-A0{signs(9, BASE32)}-2837465102931-{signs(64, HEX)}",
    "slack webhook": f"https://hooks.slack.com/services/T0{signs(8, BASE32)}/B0{signs(8, BASE32)}/{signs(24)}",
    "discord webhook": f"https://discord.com/api/webhooks/803511102246789123/{signs(68)}",
    "telegram bot token": f"4839574812:AA{signs(33)}",
    "sendgrid key": f"SG.{signs(22)}.{signs(43)}",
    "mailgun key": "key-" + signs(32, HEX),
    "mailchimp key": signs(32, HEX) + "-us12",
    "stripe key": "sk_" + "live_" + signs(24),
    "square key": "sq0csp-" + signs(43),
    "braintree token": f"access_token$production${signs(16, HEX)}${signs(32, HEX)}",
    "twilio key": "SK" + signs(32, HEX),
    "pypi token": "pypi-AgEIcHlwaS5vcmc" + signs(80),
    "openai key": f"sk-{signs(20)}T3BlbkFJ{signs(20)}",
    "anthropic key": "sk-ant-api03-" + signs(93) + "AA",
    "json web token": JWT,
}


@pytest.mark.parametrize("issuer", sorted(GOOD))
def test_a_token_is_found_whole_and_named(issuer: str) -> None:
    """Of the documented prefix and length, within a sentence, in code marks, and at the end."""
    for message in (f"use {GOOD[issuer]} for now", f"`{GOOD[issuer]}`", f"KEY={GOOD[issuer]}", GOOD[issuer]):
        ((found, value),) = find(tokens, message, links=tokens.WEBHOOKS)
        assert (found.type, found.validator, value) == (DataType.ACCESS_TOKEN, issuer, GOOD[issuer])
        assert found.normal == value


@pytest.mark.parametrize(
    "issuer", sorted(set(GOOD) - {"anthropic key", "json web token", "pypi token", "gitlab token"})
)
def test_one_sign_more_or_less_is_no_token(issuer: str) -> None:
    """Lengths are exact where the issuer's are."""
    assert issuer not in [found.validator for found, _ in find(tokens, f"x{GOOD[issuer]}", links=tokens.WEBHOOKS)]
    shorter = [found.validator for found, _ in find(tokens, GOOD[issuer][:-9], links=tokens.WEBHOOKS)]
    assert shorter == []


def test_labelled_secrets_are_found_without_their_label() -> None:
    """The label is what makes forty letters a secret; the finding stands on the secret alone."""
    secret = signs(40)
    storage = base64.b64encode(bytes(RANDOM.randbytes(64))).decode()

    assert values(tokens, f"aws_secret_access_key = {secret}") == [secret]
    assert values(tokens, f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={storage};") == [storage]
    assert values(tokens, f"commit {secret}") == []


def test_githubs_checksum_decides() -> None:
    """CRC-32 of the thirty characters after the prefix, in base 62; one changed character and it is none."""
    body = signs(30)
    number, digits = zlib.crc32(body.encode()), ""
    while number:
        number, rest = divmod(number, 62)
        digits = LETTERS[rest] + digits
    made = f"npm_{body}{digits.rjust(6, '0')}"
    other = "1" if GITHUB[10] != "1" else "2"

    assert values(tokens, made) == [made]
    assert values(tokens, GITHUB[:10] + other + GITHUB[11:]) == []


def test_a_web_token_needs_a_readable_header() -> None:
    """Three parts of the right letters are none when the first is no JSON that names an algorithm."""
    nameless = ".".join((base64url(b'{"typ":"JWT","kid":"1"}'), *JWT.split(".")[1:]))
    broken = ".".join((base64url(b'{"alg":"HS256"'), *JWT.split(".")[1:]))

    assert values(tokens, nameless) == []
    assert values(tokens, broken) == []


def test_a_bot_token_names_its_bot() -> None:
    """Discord: the first part is the bot's id in base 64 (discord.com/developers/docs/reference)."""
    real = ".".join((base64url(b"803511102246789123"), "Cl2FMQ", signs(38)))
    other = ".".join((base64url(b"not-a-snowflake-00"), "Cl2FMQ", signs(38)))

    assert real[0] in "MNO"
    assert values(tokens, f"bot {real}") == [real]
    assert values(tokens, f"bot {'M' + other[1:]}") == []


@pytest.mark.parametrize("kind", ["RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "DSA ", ""])
def test_private_keys_begin_with_their_line(kind: str) -> None:
    """RFC 7468 and its ancestors; two keys with different bodies are two values."""
    line = "-----BEGIN " + f"{kind}PRIVATE KEY-----"
    first, second = (find(tokens, f"{line}\nMIIEpAIBAAKCAQEA{end}")[0][0] for end in ("abcdefgh", "ijklmnop"))

    assert first.normal != second.normal
    assert values(tokens, "-----BEGIN " + "PUBLIC KEY-----") == []


@pytest.mark.parametrize(
    "printed",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "sk_live_" + "x" * 24,
        "SG." + "x" * 22 + "." + "y" * 43,
        "glpat-xxxxxxxxxxxxxxxxxxxx",
        "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11",
        # RFC 7519, section 3.1, and the page of jwt.io
        (
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
            "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        ),
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
    ],
)
def test_what_manuals_print_is_no_finding(printed: str) -> None:
    """The vendors' own examples leak nobody's account."""
    assert values(tokens, printed, links=tokens.WEBHOOKS) == []


@given(st.text(alphabet=LETTERS + "-_.:$/ \n", max_size=200))
def test_noise_is_never_an_error(noise: str) -> None:
    """Whatever stands in a message, looking at it ends well, and a finding lies within it."""
    for found, value in find(tokens, noise):
        assert value
        assert found.end - found.start == len(value)


def test_json_that_is_nested_without_end_is_no_token() -> None:
    """A hostile header does not exhaust the stack."""
    hostile = ".".join((base64url(b'{"alg":' + b"[" * 50_000), *JWT.split(".")[1:]))

    assert values(tokens, hostile) == []
