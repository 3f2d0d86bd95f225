"""The demonstration on a real S3 server and a real PostgreSQL: BREACH_STORE=s3, BREACH_LEDGER=postgres, or both."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from pydantic import SecretStr

from breach.errors import BadInput
from deployments.home import Home
from deployments.walls import Bucket, write_walls
from schemas.incident import Mode

BUCKET = "breach-rehearsal"
CHOICES = {"BREACH_STORE": ("folder", "s3"), "BREACH_LEDGER": ("sqlite", "postgres")}


@contextmanager
def grown(home: Home, say: Callable[[str], None]) -> Iterator[None]:
    """Start what the environment asks for and write the home's walls.toml; stopped at the end, the data stay.

    Raises BadInput for a wish that is not one of the choices, when the servers' packages are not installed, or when
    a server does not start.
    """
    store, ledger = (_wish(name) for name in CHOICES)
    with ExitStack() as servers:
        try:
            address = servers.enter_context(_bucket(home, say)) if store == "s3" else None
            url = servers.enter_context(_database(home, say)) if ledger == "postgres" else ""
        except ImportError as missing:
            raise BadInput(
                f"{missing.name} is not installed here.", "Nothing was started.", "Start it with make demo."
            ) from None
        except (RuntimeError, OSError, AssertionError, subprocess.SubprocessError) as error:
            asked = ", ".join(wish for wish in (store, ledger) if wish in {"s3", "postgres"})
            # A RuntimeError is our own sentence, or one of the server's starter: neither knows of a member.
            why = str(error).rstrip(".") if isinstance(error, RuntimeError) else type(error).__name__
            raise BadInput(
                f"A server of the demonstration did not start ({asked}): {why}.",
                "Whatever was started for it has been stopped again.",
                f"Look below {home.root}, or run the demonstration without it: BREACH_STORE=folder "
                "BREACH_LEDGER=sqlite make demo.",
            ) from None
        if address or url:
            write_walls(home.root, Mode.REHEARSAL, url, address)
        yield


def _wish(name: str) -> str:
    wish = os.environ.get(name, "") or CHOICES[name][0]
    if wish not in CHOICES[name]:
        raise BadInput(f"{name} is {wish!r}.", "Nothing was started.", f"It is one of {', '.join(CHOICES[name])}.")
    return wish


@contextmanager
def _bucket(home: Home, say: Callable[[str], None]) -> Iterator[Bucket]:
    from deployments.servers.s3 import running_s3  # noqa: PLC0415  (an optional package)

    say("starting an S3 server (SeaweedFS)")
    with running_s3(home.root / "s3") as server:
        server.make_bucket(BUCKET, lock=True)
        yield Bucket(
            bucket=BUCKET,
            prefix="cases",
            endpoint=server.endpoint,
            region=server.region,
            access_key=server.access_key,
            secret_key=SecretStr(server.secret),
            lock_days=1,
        )


@contextmanager
def _database(home: Home, say: Callable[[str], None]) -> Iterator[str]:
    from deployments.servers.postgres import running_postgres  # noqa: PLC0415  (an optional package)

    say("starting a PostgreSQL")
    with running_postgres(home.root) as url:
        yield url
