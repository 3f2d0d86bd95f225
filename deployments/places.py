"""Whether two addresses mean one place, however they are spelt: a ledger's database, a bucket's part."""

from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

AMAZON = "amazonaws.com"
DEFAULT_PORTS = {"http": 80, "https": 443}


def database_place(address: str) -> tuple[str, ...]:
    """What tells a database from others, whoever asks for it by whichever driver; empty when it cannot be read.

    A SQLite file is its path without links and '..'; a server's database is host, port and name. In a PostgreSQL
    address the parameters host, port and dbname go before what stands in front of them, as its driver has it.
    """
    url = _read(address)
    if url is None:
        return ()
    if url.get_backend_name() == "sqlite":
        return ("sqlite", str(Path(url.database or "").resolve()))
    host, port, name = (_asked(url, key) for key in ("host", "port", "dbname"))
    return (
        "postgresql",
        (host or url.host or "").casefold().rstrip("."),
        port or str(url.port or 5432),
        name or url.database or "",
    )


def is_relative_file(address: str) -> bool:
    """Whether an address is of a SQLite file whose place depends on the folder somebody stands in."""
    url = _read(address)
    return url is not None and url.get_backend_name() == "sqlite" and not Path(url.database or "").is_absolute()


def bucket_place(endpoint: str, bucket: str) -> tuple[str, str]:
    """What tells a bucket from others. Every address of Amazon's is one: its names are given out once."""
    try:
        parts = urlsplit(endpoint)
        host, port = (parts.hostname or "").rstrip("."), parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:  # no address: the store says so when it is opened
        return (endpoint, bucket)
    if not endpoint or host == AMAZON or host.endswith(f".{AMAZON}"):
        return ("", bucket)
    return (f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}", bucket)


def within(one: str, other: str) -> bool:
    """Whether two prefixes of one bucket are the same, or one lies in the other."""
    first, second = (f"{prefix.strip('/')}/".lstrip("/") for prefix in (one, other))
    return first.startswith(second) or second.startswith(first)


def _read(address: str) -> URL | None:
    try:
        return make_url(address)
    except (ArgumentError, ValueError):  # the ledger says what is wrong with it when it is opened
        return None


def _asked(url: URL, key: str) -> str:
    value = url.query.get(key, "")
    return value if isinstance(value, str) else ",".join(value)
