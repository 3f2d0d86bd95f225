"""The whole look, in the order in which a person would mend things."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx

from breach.errors import BreachError
from deployments.doctor.disks import look_at_disk
from deployments.doctor.finding import Finding, in_our_words, refused
from deployments.doctor.ledgers import look_at_ledgers
from deployments.doctor.machine import look_at_clock, look_at_versions
from deployments.doctor.mailers import look_at_mailers
from deployments.doctor.people import look_at_approvers
from deployments.doctor.rights import look_at_rights
from deployments.doctor.rooms import look_at_rooms
from deployments.doctor.server import client_of, look_at_port, look_at_server, server_answers
from deployments.doctor.stores import look_at_stores
from deployments.home import CODE, DEFAULT_PORT, Home
from deployments.walls import FILE, read_walls

NO_SERVER = "no server answers"


def examine(
    home: Home, port: int = DEFAULT_PORT, client: httpx.Client | None = None, *, told: str = ""
) -> list[Finding]:
    """Everything there is to say about a home, without changing it.

    Client: asks the server; made when not given. Told: the address that the server was told to listen on, if it is
    not loopback.
    """
    findings = [*look_at_versions(), *look_at_clock(CODE, datetime.now(UTC))]
    if not home.root.is_dir():
        what = f"There is no home at {home.root}."
        return [*findings, Finding.wrong("home", what, "Run 'breach up' once, or name another one with --home.")]
    findings += [*look_at_rights(home), *in_our_words("approvers", lambda: look_at_approvers(home))]
    with client or client_of(home, port, told) as asked:
        return [*findings, *look_at_port(asked, home, port), *_walls(home, asked, told)]


def _walls(home: Home, client: httpx.Client, told: str) -> Iterator[Finding]:
    """Everything whose place walls.toml states."""
    answers = server_answers(client)
    places = ("stores", "ledgers")
    try:
        walls = read_walls(home.root)
    except BreachError as error:
        yield refused(FILE, error)
        yield from (Finding.unseen(name, f"{FILE} cannot be read") for name in places)
    else:
        stated = [name for name, value in walls.model_dump(exclude_defaults=True).items() if value]
        seen = f"It states {', '.join(stated)}." if stated else "There is none, or it is empty: all is in the home."
        yield Finding.ok(FILE, seen)
        yield from look_at_stores(home)
        yield from look_at_ledgers(home)
    yield from look_at_disk(home)
    if answers:
        yield from look_at_server(client, datetime.now(UTC), told=told)
        rooms = look_at_rooms(client, home)
        yield from rooms.findings
        yield from look_at_mailers(home, rooms.mailers)
    else:
        yield from (Finding.unseen(name, NO_SERVER) for name in ("server", "blocks"))
        yield from look_at_mailers(home, None)
