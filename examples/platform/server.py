"""A small HTTP server that behaves like a Discourse site, as far as closing areas goes. Loopback only.

    python -m examples.platform.server --port 0 --state FILE --key KEY [--port-file FILE]

It answers 503 to the first PUT it ever gets, once, so that a retry can be seen. It is an imitation and says so: every
answer carries the header X-Platform-Imitation.
"""

import argparse
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from examples.platform.answers import Answer, Ask, Form, Platform, refused
from examples.platform.pages import Json
from examples.platform.sample import sample_site
from examples.platform.state import keep, load

LARGEST_BODY = 1 << 20
DEFAULT_EXPORT = "members-2026-10.csv"


class BadBody(Exception):
    """The body of a request is not what its content type says."""


class PlatformServer(ThreadingHTTPServer):
    """Answers one request after the other's change: the site is kept before the answer leaves."""

    daemon_threads = True

    def __init__(self, port: int, platform: Platform, state: Path) -> None:
        """Port 0 takes a free one; see `address`. The state file is written at once."""
        super().__init__(("127.0.0.1", port), Handler)
        self.platform, self.state, self.lock = platform, state, threading.Lock()
        keep(state, platform.site)

    @property
    def address(self) -> str:
        """Where it listens, such as http://127.0.0.1:43210."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is nobody's error; anything else is shown as usual."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def answer(self, ask: Ask) -> Answer:
        """Answer and remember."""
        with self.lock:
            before = self.platform.site.hiccup_left, self.platform.site.limit_left
            answer = self.platform.answer(ask)
            after = self.platform.site.hiccup_left, self.platform.site.limit_left
            if ask.method != "GET" or before != after:
                keep(self.state, self.platform.site)
            return answer


class Handler(BaseHTTPRequestHandler):
    """Takes a request apart and writes the answer."""

    protocol_version = "HTTP/1.1"
    server_version = "PlatformImitation"
    timeout = 30
    # Head and body in one packet: sent apart, the second waits 40 ms for the client's delayed acknowledgement.
    wbufsize = -1

    def do_GET(self) -> None:
        """Reads."""
        self._serve()

    def do_PUT(self) -> None:
        """Changes."""
        self._serve()

    def do_POST(self) -> None:
        """Makes new things."""
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server calls
        """Silent: the terminal belongs to the demo."""

    def _serve(self) -> None:
        server = self.server
        if not isinstance(server, PlatformServer):  # pragma: no cover - it is only ever started by PlatformServer
            raise TypeError
        parts = urlsplit(self.path)
        try:
            form = self._form()
        except BadBody:
            self.close_connection = True
            self._write(refused(400, "invalid_parameters"), read_only=False)
            return
        ask = Ask(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query)),
            form=form,
            key=self.headers.get("Api-Key"),
            username=self.headers.get("Api-Username"),
        )
        self._write(server.answer(ask), read_only=server.platform.site.read_only)

    def _form(self) -> Form:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY or "Transfer-Encoding" in self.headers:
            raise BadBody
        body = self.rfile.read(int(length))
        if not body:
            return {}
        try:
            if "json" in self.headers.get("Content-Type", ""):
                read: Json = json.loads(body)
                return read if isinstance(read, dict) else {}
            return nested(parse_qsl(body.decode(), keep_blank_values=True))
        except ValueError:
            raise BadBody from None

    def _write(self, answer: Answer, *, read_only: bool) -> None:
        body = answer.file
        if body is None:
            body = b"" if answer.body is None else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "text/csv" if answer.file is not None else "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Platform-Imitation", "harbor")
        if read_only:
            self.send_header("Discourse-Readonly", "true")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def nested(pairs: list[tuple[str, str]]) -> Form:
    """Rails' form notation: `a[b]=1` is a map, `a[]=1` a list."""
    form: Form = {}
    for name, value in pairs:
        head, bracket, rest = name.partition("[")
        inner = rest.removesuffix("]")
        if not bracket:
            form[name] = value
        elif inner:
            held = form.setdefault(head, {})
            if isinstance(held, dict):
                held[inner] = value
        else:
            row: Json = form.setdefault(head, [])
            if isinstance(row, list):
                row.append(value)
    return form


def make_server(
    port: int, state: Path, key: str, users: list[dict[str, str]] | None = None, export: Path | None = None
) -> PlatformServer:
    """A server over the kept state, or over the sample community when there is none yet.

    export: a CSV to serve at /uploads/exports/<its name>; without one a header line is served as members-2026-10.csv.
    """
    site = load(state) or sample_site()
    exports = {export.name: export.read_bytes()} if export else {DEFAULT_EXPORT: b"id,name,username,email\n"}
    return PlatformServer(port, Platform(site, key, users or [], exports), state)


def main() -> None:
    """The command line; prints the address and serves until it is ended."""
    parser = argparse.ArgumentParser(prog="examples.platform.server", description="Local imitation of the platform.")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--state", type=Path, required=True, help="JSON file that keeps the site")
    parser.add_argument("--key", required=True, help="the one admin key")
    parser.add_argument("--port-file", type=Path, help="the port is written here once it listens")
    parser.add_argument("--users", type=Path, help="JSON list of users for the admin's user list")
    parser.add_argument("--export", type=Path, help="CSV to expose under /uploads/exports/")
    given = parser.parse_args()
    users = json.loads(given.users.read_text()) if given.users else []
    server = make_server(given.port, given.state, given.key, users, given.export)
    if given.port_file:
        fresh = given.port_file.with_name(f".{given.port_file.name}.{os.getpid()}")
        fresh.write_text(str(server.server_address[1]))
        fresh.replace(given.port_file)
    print(server.address, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
