"""The server: whose the port is, and whether it was started with the settings that protect."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address

import httpx
import prefect
from pydantic import BaseModel, TypeAdapter, ValidationError

from deployments.doctor.finding import Finding
from deployments.home import EVENT_DAYS, Home

SECONDS = 5.0
APART = timedelta(seconds=5)
"""Codes of authenticators change every 30 s; the Date header counts whole seconds."""
START = "Stop it and start it with 'breach up', which sets it."


class Api(BaseModel):
    """What of the server's settings on its API matters here."""

    host: str
    csrf_protection_enabled: bool
    cors_allowed_origins: str


class Events(BaseModel):
    """How long the server keeps its events."""

    retention_period: timedelta


class Server(BaseModel):
    """What of the server's settings matters here."""

    api: Api
    events: Events
    analytics_enabled: bool


class Settings(BaseModel):
    """The answer of GET /admin/settings, as far as it is read."""

    server: Server


def client_of(home: Home, port: int, host: str = "") -> httpx.Client:
    """A client of this home's server, on loopback unless told. A login that is not there yet is not made."""
    password = home.root / "secrets" / "api-password"
    auth = ("breach", password.read_text().strip()) if password.is_file() else None
    return httpx.Client(
        base_url=f"http://{host or '127.0.0.1'}:{port}/api", auth=auth, timeout=SECONDS, trust_env=False
    )


def server_answers(client: httpx.Client) -> bool:
    """Whether a Prefect server that knows our login is there."""
    try:
        answer = client.get("/admin/version")
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK and bool(_text(answer))


def look_at_port(client: httpx.Client, home: Home, port: int) -> Iterator[Finding]:
    """Whether the port is free, ours, or somebody else's."""
    if server_answers(client):
        yield Finding.ok("port", f"{port} is this house's own server.")
    elif _is_taken(port):
        what = f"{port} is taken by another program, or by the server of another home."
        yield Finding.wrong(
            "port", what, f"End it, or start with --port and look again: breach doctor --home {home.root}."
        )
    else:
        yield Finding.ok("port", f"{port} is free.")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port left a minute ago is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def look_at_server(client: httpx.Client, now: datetime, *, told: str = "") -> Iterator[Finding]:
    """Version, login, CSRF, address, retention and clock of the server. Told: an address it was told to listen on."""
    answer = client.get("/admin/version")
    yield _version(_text(answer))
    yield _clock(answer, now)
    yield from _refusals(client)
    try:
        settings = Settings.model_validate_json(client.get("/admin/settings").content).server
    except (httpx.HTTPError, ValidationError):
        what = "It does not tell its settings as this version does."
        yield Finding.wrong("server settings", what, "Start the server and this command from one installation.")
        return
    yield from _settings(settings, told)


def _version(running: str) -> Finding:
    if running == prefect.__version__:
        return Finding.ok("server version", f"{running}, the one that is installed here.")
    what = f"The server is Prefect {running}, and {prefect.__version__} is installed here."
    return Finding.wrong("server version", what, "Stop it and start it from this installation with 'breach up'.")


def _settings(server: Server, told: str) -> Iterator[Finding]:
    days = server.events.retention_period.days
    wrong = {
        f"It listens on {server.api.host}, not on this machine's loopback alone.": not _is_own(server.api.host, told),
        "Every web page may ask it (CORS is *).": server.api.cors_allowed_origins == "*",
        f"It deletes its events after {days} days, and a case lasts longer.": days < EVENT_DAYS,
        "It reports to its makers (analytics).": server.analytics_enabled,
    }
    for what in (what for what, is_so in wrong.items() if is_so):
        yield Finding.wrong("server settings", what, START)
    if not any(wrong.values()):
        yield Finding.ok("server settings", f"Listens on {server.api.host}, events kept {days} days, CORS narrowed.")


def _is_own(host: str, told: str) -> bool:
    if host in {"localhost", told}:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name: whose it is, is not known
        return False


def _refusals(client: httpx.Client) -> Iterator[Finding]:
    """Tried, not believed: a stranger without the login, and a write without the token of our own pages."""
    stranger = client.get("/admin/version", auth=None, headers={"Authorization": ""})
    if stranger.status_code in {401, 403}:
        yield Finding.ok("server login", "A request without the login was refused.")
    else:
        what = f"A request without the login was answered ({stranger.status_code}): anybody here can start runs."
        yield Finding.wrong("server login", what, START)
    counted = client.post("/flow_runs/count", json={})
    if counted.status_code == httpx.codes.FORBIDDEN:
        yield Finding.ok("server CSRF", "A POST without a token was refused.")
    else:
        what = f"A POST without a token was answered ({counted.status_code}): a web page could act for you."
        yield Finding.wrong("server CSRF", what, START)


def _clock(answer: httpx.Response, now: datetime) -> Finding:
    try:
        apart = abs(parsedate_to_datetime(answer.headers["date"]) - now)
    except (KeyError, ValueError):
        return Finding.unseen("server clock", "the server's answer has no date")
    if apart > APART:
        what = f"The server's clock and this one differ by {apart.total_seconds():.0f} s: codes of approvers fail."
        return Finding.wrong("server clock", what, "Let both be set by the network (NTP).")
    return Finding.ok("server clock", "The server's clock and this one agree.")


def _text(answer: httpx.Response) -> str:
    try:
        return TypeAdapter(str).validate_json(answer.content)
    except ValidationError:
        return ""
