"""Looks from outside, against real servers on loopback: what an answer means, and what no answer means."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from blocks import stranger
from blocks.stranger import LARGEST_BODY, ask, is_loopback
from breach.digest import digest_bytes
from breach.errors import BadInput
from breach.folder_store import FolderStore
from breach.platforms.probe_rounds import changes_between, keep_round, rounds_of, were_open
from breach.platforms.probing import check_address, look_of
from schemas.probing import ProbeRound, Standing

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EXPORT = b"id,email\n1,ann@mail.example\n"
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/export.csv": (200, {}, EXPORT),
    "/gone": (404, {}, b"no"),
    "/forbidden": (403, {}, b"<html>no</html>"),
    "/login-page": (200, {}, b'<form><input name="p" type="password"></form>'),
    "/to-login": (302, {"Location": "/login?return=/export.csv"}, b""),
    "/to-cdn": (302, {"Location": "https://cdn.example/export.csv"}, b""),
    "/empty": (204, {}, b""),
    "/busy": (503, {}, b"later"),
    "/limited": (429, {}, b"slowly"),
    "/large": (200, {}, b"x" * (LARGEST_BODY + 5)),
}


class Site(BaseHTTPRequestHandler):
    """Answers by path; remembers what it was asked with."""

    seen: list[dict[str, str]] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.seen.append({name.lower(): value for name, value in self.headers.items()})
        if self.path == "/slow":
            time.sleep(1.5)
        status, headers, body = ANSWERS.get(self.path, (200, {}, b"slow"))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Set-Cookie", "known=1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Site.seen.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("path", "standing", "why"),
    [
        ("/export.csv", Standing.ONGOING, "a stranger gets it: 200"),
        ("/gone", Standing.FIXED, "refused with 404; it was never seen open from here"),
        ("/forbidden", Standing.FIXED, "refused with 403"),
        ("/to-login", Standing.FIXED, "signing in"),
        ("/to-cdn", Standing.UNKNOWN, "leads to another address"),
        ("/login-page", Standing.UNKNOWN, "asks for a password"),
        ("/empty", Standing.UNKNOWN, "nothing in it"),
        ("/busy", Standing.UNKNOWN, "503"),
        ("/limited", Standing.UNKNOWN, "429"),
    ],
)
def test_what_an_answer_means(site: str, path: str, standing: Standing, why: str) -> None:
    """Open only when something comes, fixed only when a server refuses; everything else is not known."""
    look = look_of(site + path, ask(site + path, loopback_only=True), NOW, was_open=False)
    assert look.standing is standing
    assert why in look.reason


def test_it_asks_as_a_stranger(site: str) -> None:
    """No cookie of an answer before, no key, and a redirect is not followed."""
    ask(f"{site}/export.csv", loopback_only=True)
    ask(f"{site}/to-login", loopback_only=True)
    assert len(Site.seen) == 2
    assert not any({"cookie", "authorization", "api-key"} & set(asked) for asked in Site.seen)


def test_no_answer_is_never_a_sign_of_mending(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens, nobody answers in time, no HTTP comes back, the name does not exist: unknown, with the reason."""
    monkeypatch.setattr(stranger, "SECONDS", 0.5)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{deaf.getsockname()[1]}/export.csv"
        refused = look_of(closed, ask(closed, loopback_only=True), NOW, was_open=True)
    slow = look_of("", ask(f"{site}/slow", loopback_only=True), NOW, was_open=True)
    nowhere = look_of("", ask("http://nowhere.invalid/", loopback_only=False), NOW, was_open=True)
    assert {one.standing for one in (refused, slow, nowhere)} == {Standing.UNKNOWN}
    assert "could not be reached" in refused.reason
    assert slow.reason == "it did not answer in time"
    assert refused.digest is None


def test_a_rehearsal_asks_nobody_outside_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a name that leads here is taken for this machine."""
    monkeypatch.setattr(stranger.httpx, "Client", lambda **_: pytest.fail("somebody was asked"))
    answer = ask("https://forum.example/c/night-watch", loopback_only=True)
    assert look_of("", answer, NOW, was_open=False).standing is Standing.UNKNOWN
    assert "rehearsal" in answer.problem
    assert [is_loopback(one) for one in ("127.0.0.1", "::1", "localhost", "127.0.0.1.nip.example", "10.0.0.1")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_large_answer_is_cut_and_said_so(site: str) -> None:
    """Eight MiB are proof enough; the digest is of what was kept."""
    look = look_of("", ask(f"{site}/large", loopback_only=True), NOW, was_open=False)
    assert (look.size, look.cut, look.standing) == (LARGEST_BODY, True, Standing.ONGOING)
    assert look.digest == digest_bytes(b"x" * LARGEST_BODY)


def round_of(store: FolderStore, *urls: str) -> ProbeRound:
    opened = were_open(rounds_of(store))
    answers = [ask(url, loopback_only=True) for url in urls]
    looks = tuple(look_of(url, one, NOW, url in opened) for url, one in zip(urls, answers, strict=True))
    return keep_round(store, "rehearsal-harbor", "mara", looks, tuple(one.body for one in answers))


def test_bodies_are_evidence_and_changes_are_told(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """First open, then closed, then without an answer: each change once, by the address's number."""
    store = FolderStore(tmp_path / "case")
    url, gone = f"{site}/export.csv", f"{site}/gone"
    first = round_of(store, url, gone)
    held = store.get(f"evidence/{digest_bytes(EXPORT)}")
    assert held is not None
    assert held.data == EXPORT
    assert (first.n, first.standing) == (1, Standing.ONGOING)
    assert changes_between(None, first) == ["address 1 is ongoing"]
    second = round_of(store, url, gone)
    assert changes_between(first, second) == []
    monkeypatch.setitem(ANSWERS, "/export.csv", (404, {}, b"no"))
    third = round_of(store, url, gone)
    assert (third.n, third.standing) == (3, Standing.FIXED)
    assert changes_between(second, third) == ["address 1 is fixed, it was ongoing"]
    assert third.looks[0].reason == "a stranger is refused with 404"
    monkeypatch.setitem(ANSWERS, "/export.csv", (500, {}, b"oh"))
    fourth = round_of(store, url, gone)
    assert fourth.standing is Standing.UNKNOWN
    assert changes_between(third, fourth) == ["address 1 is unknown, it was fixed"]
    assert [one.n for one in rounds_of(store)] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "url",
    ["forum.example", "ftp://forum.example/", "https://", "https://ann:pw" + "@forum.example/", "http://a:99999/"],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    """By its number; a login in an address would stand in the run history."""
    with pytest.raises(BadInput, match="Address 2 is not a web address") as refused:
        check_address(url, 2)
    assert refused.value.__cause__ is None
    assert "ann:pw" not in str(refused.value)
