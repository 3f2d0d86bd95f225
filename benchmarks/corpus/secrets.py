"""Keys and tokens as people paste them into chats: the makers' published forms, filled with random signs.

They are put together here when they are needed, so that no file of the repository holds one.
"""

from base64 import b64encode, urlsafe_b64encode
from random import Random

from benchmarks.corpus.checks import BASE62, github_check
from benchmarks.corpus.planting import Author, Maker, Plant

BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
URL_SAFE = BASE62 + "-_"


def _signs(rng: Random, alphabet: str, count: int) -> str:
    return "".join(rng.choices(alphabet, k=count))


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _simple(prefix: str, alphabet: str, count: int) -> Maker:
    def make(rng: Random, _: Author) -> tuple[str, str]:
        # Ends in a letter: what follows a sign such as - in a sentence would be anybody's guess.
        token = prefix + _signs(rng, alphabet, count - 1) + rng.choice("ABCDEF" if alphabet == BASE32 else "abcdef")
        return token, token

    return make


def _github(rng: Random, _: Author) -> tuple[str, str]:
    body = _signs(rng, BASE62, 30)
    token = f"ghp_{body}{github_check(body)}"
    return token, token


def _slack(rng: Random, _: Author) -> tuple[str, str]:
    token = f"xoxb-{rng.randrange(10**11, 10**12)}-{rng.randrange(10**12, 10**13)}-{_signs(rng, BASE62, 24)}"
    return token, token


def _discord(rng: Random, _: Author) -> tuple[str, str]:
    user = b64encode(str(rng.randrange(10**17, 10**18)).encode()).decode().rstrip("=")
    token = f"{user}.{_signs(rng, URL_SAFE, 6)}.{_signs(rng, URL_SAFE, 37)}{rng.choice('abcdef')}"
    return token, token


def _sendgrid(rng: Random, _: Author) -> tuple[str, str]:
    token = f"SG.{_signs(rng, URL_SAFE, 22)}.{_signs(rng, URL_SAFE, 42)}{rng.choice('abcdef')}"
    return token, token


def _telegram(rng: Random, _: Author) -> tuple[str, str]:
    token = f"{rng.randrange(10**8, 10**10)}:AA{_signs(rng, URL_SAFE, 32)}{rng.choice('abcdef')}"
    return token, token


def _jwt(rng: Random, _: Author) -> tuple[str, str]:
    head = _base64url(b'{"alg":"HS256","typ":"JWT"}')
    body = _base64url(
        f'{{"sub":"{rng.randrange(10**9)}","iat":{rng.randrange(1_600_000_000, 1_800_000_000)}}}'.encode()
    )
    token = f"{head}.{body}.{_base64url(rng.randbytes(32))[:42]}{rng.choice('abcdef')}"
    return token, token


def _private_key(rng: Random, _: Author) -> tuple[str, str]:
    body = b64encode(b"\x30\x82" + rng.randbytes(190)).decode()
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    dashes = "-" * 5
    first = f"{dashes}BEGIN RSA PRIVATE KEY{dashes}"
    return f"{first}\n{lines}\n{dashes}END RSA PRIVATE KEY{dashes}", first


_PASTED = ("key:", "the token is", "use", "token:", "")
PLANTS = (
    Plant("secret", "aws access key", 0.25, _simple("AKIA", BASE32, 16), _PASTED),
    Plant("secret", "github token", 0.25, _github, _PASTED),
    Plant("secret", "slack token", 0.2, _slack, _PASTED),
    Plant("secret", "discord bot token", 0.3, _discord, _PASTED),
    Plant("secret", "stripe key", 0.2, _simple("sk_" + "live_", BASE62, 24), _PASTED),
    Plant("secret", "sendgrid key", 0.2, _sendgrid, _PASTED),
    Plant("secret", "google key", 0.2, _simple("AIza", URL_SAFE, 35), _PASTED),
    Plant("secret", "telegram bot token", 0.2, _telegram, _PASTED),
    Plant("secret", "jwt", 0.3, _jwt, _PASTED),
    Plant("secret", "private key", 0.1, _private_key, ("key:\n", "here it is:\n")),
)
