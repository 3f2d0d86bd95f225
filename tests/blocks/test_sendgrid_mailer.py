"""SendGrid's mailer against a small server on this machine, which answers as the vendor's documents say, or not at all.

What a request must look like stands in sendgrid_two_people.json, written by hand from the vendor's API description.
"""

import http.client
import json
import logging
import socket
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from blocks import SendGridMailer
from blocks.mailer import MailerBlock
from blocks.sendgrid.client import SendGridClient
from blocks.sendgrid.mail import SendGridMail
from breach.errors import BadInput, MailerBusy, MailerRefused
from breach.mail import Addressee, Delivery, Letter
from breach.sending.envelope import Sender
from breach.sending.sender import OutcomeUnknown, keeps_letters

KEY = "SG.zq9key.zq9secret"
AT = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)
ATTEMPT = "0123456789ab-w1-e1-1"
TEXT_TAG, HTML_TAG = f"%{'t' * 26}%", f"%{'h' * 26}%"
SENDER = Sender("Harbor Watch", "team@harbor.example", "help@harbor.example")
LETTER = Letter("About a leak – what to do", f"<p>Dear {HTML_TAG},</p>\n", f"Dear {TEXT_TAG},\nread on.\n", "notice")
ANN = Addressee("a" * 26, "ann@mail.example", "Ann", {TEXT_TAG: "Ann & Bob", HTML_TAG: "Ann &amp; Bob"})
ZOE = Addressee("b" * 26, "zoe@mail.example", "", {TEXT_TAG: "Zoë\u00a0Ω 🦀", HTML_TAG: "Zoë\u00a0Ω 🦀"})
QUOTING = "We found the first duplicate instance of [ann@mail.example] for SG.zq9key.zq9secret, Ann & Bob, read on."
"""SendGrid's errors do quote addresses; this one quotes everything it must not."""


@dataclass
class Reply:
    """How the server answers one request: a status, or what it does to the connection instead."""

    status: int = 202
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    instead: str = ""


@dataclass
class FakeSendGrid:
    """Answers one reply after the other, the last one for ever, and keeps what it was asked."""

    url: str = ""
    replies: list[Reply] = field(default_factory=lambda: [Reply()])
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def bodies(self) -> list[Any]:
        return [json.loads(body) for *_, body in self.asked]

    def answers(self, *replies: Reply) -> None:
        self.replies, self.asked = list(replies), []

    def mail(self, **more: Any) -> SendGridMail:
        return SendGridMail(SendGridClient(KEY, "global", host=self.url, **more), SENDER, clock=lambda: AT)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeSendGrid]:
    """A real server on a free port of this machine, no proxy in between."""
    fake = FakeSendGrid()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fake.asked.append((self.command, self.path, dict(self.headers), body))
            reply = fake.replies.pop(0) if len(fake.replies) > 1 else fake.replies[0]
            if reply.instead == "hang":
                fake.released.wait(20)
            if reply.instead in {"hang", "drop"}:
                self.close_connection = True
                return
            written = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            # A promise of more bytes than come: the connection breaks within the answer.
            self.send_header("Content-Length", str(len(written) + (9 if reply.instead == "break" else 0)))
            self.end_headers()
            self.wfile.write(written)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Only what the mailer says is listened to."""

    with pytest.MonkeyPatch.context() as patch, ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        patch.setenv("no_proxy", "127.0.0.1")
        fake.url = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield fake
        fake.released.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def sendgrid(server: FakeSendGrid) -> FakeSendGrid:
    """The server as it is at first: it takes everything."""
    server.answers(Reply(202, headers={"X-Message-Id": "14c5d75ce93.dfd.64b469"}))
    return server


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that any logger says from now on, all of them at DEBUG; the terminal is pytest's to watch."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(self.format(record))

    monkeypatch.setattr(logging.getLogger(), "handlers", [Ear(logging.DEBUG)])
    names = ["python_http_client", "python_http_client.client", "urllib", "http.client", "sendgrid", "blocks"]
    for logger in (logging.getLogger(), *map(logging.getLogger, names)):
        monkeypatch.setattr(logger, "level", logging.DEBUG)
        monkeypatch.setattr(logger, "disabled", False)
        logger.manager._clear_cache()  # type: ignore[attr-defined]  (a level set by hand is cached otherwise)
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    logging.getLogger("python_http_client").debug("the ear hears")
    assert heard == ["the ear hears"]
    return heard


def people(count: int, **changed: Any) -> list[Addressee]:
    digits = str.maketrans("0123456789", "abcdefghij")
    return [
        replace(ANN, token=f"{n:026d}".translate(digits), address=f"person{n}@mail.example", **changed)
        for n in range(count)
    ]


def refused(fault: str, message: str = QUOTING) -> Reply:
    return Reply(400, {"errors": [{"message": message, "field": fault, "help": None}]})


def test_a_request_is_what_the_vendor_describes(sendgrid: FakeSendGrid) -> None:
    """Two people: method, path, key and every value of the body as written by hand from the vendor's description."""
    delivery = sendgrid.mail().deliver(LETTER, [ANN, ZOE], ATTEMPT)

    assert delivery == Delivery((ANN.token, ZOE.token), {}, "14c5d75ce93.dfd.64b469")
    ((method, path, headers, body),) = sendgrid.asked
    assert (method, path) == ("POST", "/v3/mail/send")
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["Content-Type"] == "application/json"
    expected = (Path(__file__).parent / "sendgrid_two_people.json").read_text(encoding="utf-8")
    assert json.loads(body) == json.loads(expected)
    # The vendor asks for plain text first, and an object's equality says nothing about the order in its lists.
    assert [part["type"] for part in json.loads(body)["content"]] == ["text/plain", "text/html"]


def test_the_sandbox_takes_a_request_with_200(sendgrid: FakeSendGrid) -> None:
    """In the sandbox SendGrid answers 200 instead of 202, without a message id."""
    sendgrid.answers(Reply(200))

    assert sendgrid.mail().deliver(LETTER, [ANN], ATTEMPT) == Delivery((ANN.token,), {}, "")


@pytest.mark.parametrize("given", ["", "ann@mail.example", "x" * 101, "a b"])
def test_a_message_id_of_another_shape_is_not_kept(sendgrid: FakeSendGrid, given: str) -> None:
    """The ledger keeps the reference for long: only what looks like one is let in."""
    sendgrid.answers(Reply(202, headers={"X-Message-Id": given}))

    assert sendgrid.mail().deliver(LETTER, [ANN], ATTEMPT).provider_ref == ""


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        (refused("content.0.value"), MailerRefused, "whole request of 2 notices (400), naming: content."),
        (Reply(400, b"<html>ann@mail.example</html>"), MailerRefused, "whole request of 2 notices (400)."),
        (Reply(400, b'{"errors": [{"message": 7, "field": []}]}'), MailerRefused, "(400)."),
        (Reply(401, {"errors": [{"message": QUOTING, "field": None, "help": None}]}), MailerRefused, "API key (401)"),
        (Reply(401, {"errors": [{"message": "Maximum credits exceeded"}]}), MailerRefused, "credits"),
        (Reply(403, {"errors": [{"message": QUOTING, "field": "from.email"}]}), MailerRefused, "(403)"),
        (Reply(404, b"ann@mail.example"), MailerRefused, "(404)"),
        (Reply(405), MailerRefused, "(405)"),
        (Reply(413, f"<html>{QUOTING}</html>".encode(), {"Content-Type": "text/html"}), MailerRefused, "too large"),
        (Reply(415), MailerRefused, "(415)"),
        (Reply(429, {"errors": [{"field": None, "message": "too many requests"}]}), MailerBusy, "(429)"),
        (Reply(200, b"<html>Welcome</html>", {"Content-Type": "text/html"}), OutcomeUnknown, "status 200"),
        (Reply(204), OutcomeUnknown, "status 204"),
        (Reply(302, headers={"Location": "/elsewhere"}), OutcomeUnknown, "status 302"),
        (Reply(307, headers={"Location": "/elsewhere"}), OutcomeUnknown, "status 307"),
        (Reply(408), OutcomeUnknown, "status 408"),
        (Reply(500, {"errors": [{"message": QUOTING}]}), OutcomeUnknown, "status 500"),
        (Reply(502, b"<html>ann@mail.example</html>"), OutcomeUnknown, "status 502"),
        (Reply(503), OutcomeUnknown, "status 503"),
        (Reply(504), OutcomeUnknown, "status 504"),
        (Reply(instead="hang"), OutcomeUnknown, "TimeoutError"),
        (Reply(instead="drop"), OutcomeUnknown, "RemoteDisconnected"),
    ],
    ids=lambda given: str(given.status) + given.instead if isinstance(given, Reply) else "",
)
def test_an_answer_is_told_apart_and_nobody_is_quoted(
    sendgrid: FakeSendGrid, heard: list[str], capfd: pytest.CaptureFixture[str], *, reply: Reply, kind: Any, says: str
) -> None:
    """Each answer is one kind of error, asked for once, and neither error nor any log holds key, address or letter."""
    sendgrid.answers(reply)
    mail = sendgrid.mail(seconds=0.5)

    with pytest.raises(kind) as found:
        mail.deliver(LETTER, [ANN, ZOE], ATTEMPT)

    assert says in str(found.value)
    assert type(found.value) is kind
    assert len(sendgrid.asked) == 1
    assert found.value.__cause__ is None
    assert found.value.__context__ is None
    said = [*heard, *capfd.readouterr(), repr(mail), *traceback.format_exception(found.value), repr(found.value.args)]
    assert leaked("\n".join(said)) == []


def leaked(said: str) -> list[str]:
    """Which of the words that must never be heard are in it."""
    never = ("zq9", "Bearer", "@", "ann@", "zoe@", "mail.example", "harbor", "Ann &", "read on", "Dear", "Harbor Watch")
    return [word for word in never if word in said]


def test_a_letter_taken_is_not_heard_either(
    sendgrid: FakeSendGrid, heard: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    """Without any error, too, no logger and no terminal gets the key, an address or a sentence of the letter."""
    sendgrid.mail().deliver(LETTER, [ANN, ZOE], ATTEMPT)

    assert heard == ["the ear hears"]
    assert capfd.readouterr() == ("", "")


def test_what_is_made_of_a_key_does_not_show_it(sendgrid: FakeSendGrid) -> None:
    """Client, mailer, block and request print without key, address and letter."""
    block = made()
    sent: list[Any] = []

    class Keeper:
        def post(self, request: Any) -> Any:
            sent.append(request)
            return sendgrid.mail()._client.post(request)

    SendGridMail(Keeper(), SENDER).deliver(LETTER, [ANN, ZOE], ATTEMPT)
    for thing in (sendgrid.mail(), sendgrid.mail()._client, block.mailer("rehearsal-harbor"), *sent):
        assert leaked(repr(thing) + str(thing)) == []
    assert "zq9" not in repr(block) + str(block) + block.model_dump_json() + str(block.model_dump())


def test_an_answer_that_breaks_off_still_has_its_status(sendgrid: FakeSendGrid) -> None:
    """202 was said before the connection broke: the notices are taken, not in doubt."""
    sendgrid.answers(Reply(202, b"{", instead="break"))

    assert sendgrid.mail().deliver(LETTER, [ANN], ATTEMPT).accepted == (ANN.token,)


def test_a_server_that_cannot_be_reached_was_told_nothing(sendgrid: FakeSendGrid) -> None:
    """Nobody listens, no such host, or a handshake fails: nothing has left, so it may be tried again."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
        for host in (nobody, "http://nobody.invalid", sendgrid.url.replace("http:", "https:")):
            with pytest.raises(MailerBusy, match="could not be reached") as found:
                SendGridMail(SendGridClient(KEY, "global", host=host), SENDER).deliver(LETTER, [ANN], ATTEMPT)
            assert found.value.__context__ is None

    assert sendgrid.asked == []


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"X-RateLimit-Reset": "17"}, 17),
        ({"X-RateLimit-Reset": str(int(AT.timestamp()) + 42)}, 42),
        ({"X-RateLimit-Reset": str(int(AT.timestamp()) - 42)}, None),
        ({"X-RateLimit-Reset": "999999999"}, 3600),
        ({"Retry-After": "5", "X-RateLimit-Reset": "3"}, 5),
        ({"Retry-After": "Sun, 08 Nov 2026 09:01:30 GMT"}, 90),
        ({"Retry-After": "Sun, 08 Nov 2026 09:01:30"}, None),
        ({"X-RateLimit-Reset": "soon"}, None),
        ({"X-RateLimit-Reset": "-1"}, None),
        ({}, None),
    ],
)
def test_too_many_requests_says_how_long_to_wait(
    sendgrid: FakeSendGrid, headers: dict[str, str], wait: int | None
) -> None:
    """The number is seconds, or a moment when it is great; the longer of two headers counts, at most an hour."""
    sendgrid.answers(Reply(429, headers=headers))

    with pytest.raises(MailerBusy) as busy:
        sendgrid.mail().deliver(LETTER, [ANN], ATTEMPT)

    assert busy.value.next_step == (f"Wait {wait} seconds" if wait else "Wait a minute") + ", then run the wave again."


def test_people_at_fault_are_left_out_and_the_others_asked_for_again(sendgrid: FakeSendGrid) -> None:
    """A request refused for the addresses at 1 and 3 took nobody: the rest goes again, those two are rejected."""
    five = people(5)
    faults = [{"message": QUOTING, "field": f"personalizations.{n}.to.0.email", "help": None} for n in (1, 3)]
    sendgrid.answers(Reply(400, {"errors": faults}), refused("personalizations.0.to"), Reply(202))

    delivery = sendgrid.mail().deliver(LETTER, five, ATTEMPT)

    assert delivery.accepted == (five[2].token, five[4].token)
    assert delivery.rejected == {five[n].token: "SendGrid does not take the address" for n in (0, 1, 3)}
    asked = [[one["to"][0]["email"][6] for one in body["personalizations"]] for body in sendgrid.bodies()]
    assert asked == [["0", "1", "2", "3", "4"], ["0", "2", "4"], ["2", "4"]]


@pytest.mark.parametrize(
    "fault", ["personalizations.2.to.0.email", "personalizations.1.substitutions", "personalizations", "from.email"]
)
def test_a_refusal_that_is_not_about_an_address_rejects_nobody(sendgrid: FakeSendGrid, fault: str) -> None:
    """Somebody who is not in the request, a value or the sender: the whole request is refused, once."""
    sendgrid.answers(refused(fault))

    with pytest.raises(MailerRefused, match=r"whole request of 2 notices \(400\), naming: (personalizations|from)\."):
        sendgrid.mail().deliver(LETTER, [ANN, ZOE], ATTEMPT)

    assert len(sendgrid.asked) == 1


def test_a_slow_refusal_is_not_asked_again(sendgrid: FakeSendGrid) -> None:
    """A chunk must end within its sender's lease: after more than 30 seconds a refusal ends it."""
    times = iter(AT + timedelta(seconds=n) for n in (0, 31, 31))
    sendgrid.answers(refused("personalizations.0.to"))

    with pytest.raises(MailerRefused):
        SendGridMail(sendgrid.mail()._client, SENDER, clock=lambda: next(times)).deliver(LETTER, [ANN, ZOE], ATTEMPT)

    assert len(sendgrid.asked) == 1


def test_who_cannot_be_written_to_is_rejected_before_the_request(sendgrid: FakeSendGrid) -> None:
    """One reason each, without their address; the others are sent to, and what is exactly at the limit passes."""
    full = 10_000 - len(TEXT_TAG) - len(HTML_TAG)
    faulty = {
        "the address cannot stand in a mail header": replace(ANN, address="a@b.example\r\nBcc: x@y.example"),
        "SendGrid reaches no address with characters beyond ASCII": replace(ANN, address="zoë@mail.example"),
        "a value of the letter is missing": replace(ANN, values={TEXT_TAG: "Ann"}),
        "a value holds a tag of the letter": replace(ANN, values={TEXT_TAG: f"x{HTML_TAG}", HTML_TAG: ""}),
        "the values take more than 10000 bytes": replace(ANN, values={TEXT_TAG: "ü" * (full // 2), HTML_TAG: "x"}),
        "the address stands twice": replace(ANN, address="PERSON0@mail.example"),
    }
    good = [*people(1), replace(people(2)[1], values={TEXT_TAG: "ü" * (full // 2), HTML_TAG: ""})]
    bad = [replace(one, token=letter * 26) for one, letter in zip(faulty.values(), "klmnop", strict=True)]

    delivery = sendgrid.mail().deliver(LETTER, [*good, *bad], ATTEMPT)

    assert delivery.accepted == tuple(one.token for one in good)
    assert delivery.rejected == {letter * 26: reason for letter, reason in zip("klmnop", faulty, strict=True)}
    assert [one["to"][0]["email"] for one in sendgrid.bodies()[0]["personalizations"]] == [one.address for one in good]


def test_no_request_is_made_for_nobody(sendgrid: FakeSendGrid) -> None:
    """With nobody in the chunk, or nobody left in it, SendGrid is not asked."""
    assert sendgrid.mail().deliver(LETTER, [], ATTEMPT) == Delivery((), {})
    assert list(sendgrid.mail().deliver(LETTER, [replace(ANN, address="")], ATTEMPT).rejected) == [ANN.token]
    assert sendgrid.asked == []


@pytest.mark.parametrize(
    ("letter", "chunk", "attempt", "says"),
    [
        (LETTER, people(1001), ATTEMPT, "1001 people in one request"),
        (LETTER, [replace(ANN, token="ann@mail.example")], ATTEMPT, "no proper token"),
        (LETTER, [ANN, replace(ZOE, token=ANN.token)], ATTEMPT, "one token"),
        (replace(LETTER, subject=" \r\n "), [ANN], ATTEMPT, "lacks"),
        (replace(LETTER, text=""), [ANN], ATTEMPT, "lacks"),
        (replace(LETTER, html=""), [ANN], ATTEMPT, "lacks"),
        (replace(LETTER, subject="x" * 301), [ANN], ATTEMPT, "subject is longer"),
        (replace(LETTER, category="x" * 256), [ANN], ATTEMPT, "category"),
        (replace(LETTER, category=""), [ANN], ATTEMPT, "category"),
        (LETTER, [ANN], "", "attempt"),
        (LETTER, [ANN], "x" * 201, "attempt"),
    ],
)
def test_what_no_recipient_is_to_blame_for_stops_the_request(
    sendgrid: FakeSendGrid, letter: Letter, chunk: list[Addressee], attempt: str, says: str
) -> None:
    """A request that SendGrid would refuse for a fault of ours does not leave."""
    with pytest.raises(MailerRefused, match=says) as found:
        sendgrid.mail().deliver(letter, chunk, attempt)

    assert "@" not in str(found.value)
    assert sendgrid.asked == []


def test_a_thousand_people_fit_into_one_request(sendgrid: FakeSendGrid) -> None:
    """The vendor's limit is reached, not missed by one; the category may have 255 characters."""
    thousand = people(1000)

    delivery = sendgrid.mail().deliver(replace(LETTER, category="x" * 255), thousand, ATTEMPT)

    assert delivery.accepted == tuple(one.token for one in thousand)
    assert len(sendgrid.bodies()[0]["personalizations"]) == 1000


def test_a_request_above_thirty_megabytes_does_not_leave(sendgrid: FakeSendGrid) -> None:
    """1,000 people with 2,480 emoji each: 12 bytes an emoji as the SDK writes JSON, 29.8 MB, and 2 kB of HTML each."""
    huge = people(1000, values={TEXT_TAG: "🦀" * 2480, HTML_TAG: ""})
    long = replace(LETTER, html=f"<p>{'x' * 400_000}</p>")

    with pytest.raises(MailerRefused, match="30 megabytes"):
        sendgrid.mail().deliver(long, huge, ATTEMPT)
    assert sendgrid.asked == []

    assert len(sendgrid.mail().deliver(LETTER, huge[:900], ATTEMPT).accepted) == 900


def test_a_name_stays_one_name(sendgrid: FakeSendGrid) -> None:
    """Separators, quotes and line ends go, letters of any script stay; a name of nothing else is left out."""
    names = ['Ann "The; Boss", <x@y.example>\r\nBcc: z@y.example', "Zoë 王\u202e", ";,\r\n", "Kim"]
    chunk = [replace(one, name=name) for one, name in zip(people(4), names, strict=True)]
    sendgrid.mail().deliver(LETTER, chunk, ATTEMPT)

    said = [one["to"][0].get("name") for one in sendgrid.bodies()[0]["personalizations"]]
    assert said == ["Ann The Boss x@y.example Bcc: z@y.example", "Zoë 王", None, "Kim"]


def test_a_subject_stays_one_line(sendgrid: FakeSendGrid) -> None:
    """Line ends in the subject, or in a value that stands in it, would begin a new header."""
    letter = replace(LETTER, subject=f"Dear\r\n{TEXT_TAG}")
    sendgrid.mail().deliver(letter, [replace(ANN, values={**ANN.values, TEXT_TAG: "A\r\nBcc: x"})], ATTEMPT)

    (body,) = sendgrid.bodies()
    assert body["subject"] == f"Dear {TEXT_TAG}"
    assert body["personalizations"][0]["substitutions"][TEXT_TAG] == "A Bcc: x"


def test_values_the_letter_does_not_show_do_not_leave(sendgrid: FakeSendGrid) -> None:
    """A person's further values stay here."""
    sendgrid.mail().deliver(LETTER, [replace(ANN, values={**ANN.values, f"%{'x' * 26}%": "secret"})], ATTEMPT)

    assert sendgrid.bodies()[0]["personalizations"][0]["substitutions"] == ANN.values


TEXTS = st.text(st.characters(), max_size=60)
PERSONS = st.tuples(st.from_regex(r"[a-z0-9.+'_-]{1,20}@[a-z]{1,9}\.example", fullmatch=True), TEXTS, TEXTS, TEXTS)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PERSONS, max_size=8, unique_by=lambda person: person[0].casefold()))
def test_everybody_is_alone_in_one_envelope(server: FakeSendGrid, persons: list[tuple[str, str, str, str]]) -> None:
    """Whatever people and values are called: the JSON reads back, and each address stands in it once, alone."""
    server.answers(Reply(202))
    chunk = [
        replace(one, address=address, name=name, values={TEXT_TAG: text, HTML_TAG: html})
        for one, (address, name, text, html) in zip(people(len(persons)), persons, strict=True)
    ]

    delivery = server.mail().deliver(LETTER, chunk, ATTEMPT)

    assert delivery == Delivery(tuple(one.token for one in chunk), {})
    letters = [one for body in server.bodies() for one in body["personalizations"]]
    assert [[one["email"] for one in letter["to"]] for letter in letters] == [[one.address] for one in chunk]
    assert [letter["custom_args"]["notice_token"] for letter in letters] == [one.token for one in chunk]
    assert not any({"cc", "bcc", "from", "subject", "headers"} & set(letter) for letter in letters)
    for letter, one in zip(letters, chunk, strict=True):
        assert letter["substitutions"] == {
            tag: value.encode("utf-8", "replace").decode() for tag, value in one.values.items()
        }
        name = letter["to"][0].get("name", "x")
        assert name
        assert not set(name) & set(';,"<>\r\n')


def test_one_mailer_serves_several_threads(sendgrid: FakeSendGrid) -> None:
    """Forty requests from eight threads: each is asked for once, with its own attempt and the one key."""
    mail = sendgrid.mail()
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda n: mail.deliver(LETTER, [ANN], f"attempt-{n}").accepted, range(40)))

    assert taken == [(ANN.token,)] * 40
    attempts = {body["personalizations"][0]["custom_args"]["send_attempt"] for body in sendgrid.bodies()}
    assert attempts == {f"attempt-{n}" for n in range(40)}
    assert {headers["Authorization"] for _, _, headers, _ in sendgrid.asked} == {f"Bearer {KEY}"}
    assert len(sendgrid.asked) == 40


def test_nothing_is_claimed_to_be_proven(sendgrid: FakeSendGrid) -> None:
    """SendGrid's answer is no evidence about one person: doubts wait for a human, also about what was taken."""
    mail = sendgrid.mail()
    mail.deliver(LETTER, [ANN], ATTEMPT)

    assert mail.find_delivered([ANN.token, ZOE.token]) == set()
    assert not keeps_letters(mail)


def made(**changed: Any) -> SendGridMailer:
    values: dict[str, Any] = {
        "api_key": SecretStr(KEY),
        "sender_name": "Harbor Watch",
        "sender_address": "team@harbor.example",
        "contact": "help@harbor.example",
        "staff_seeds": ["mara@harbor.example"],
    }
    return SendGridMailer(**(values | changed))


@pytest.mark.parametrize(
    ("region", "host"), [("global", "https://api.sendgrid.com"), ("eu", "https://api.eu.sendgrid.com")]
)
def test_a_region_is_a_host(region: str, host: str) -> None:
    """EU data goes to the EU host only; both are named in the vendor's API description."""
    mail: Any = made(region=region).mailer("rehearsal-harbor")

    assert mail._client._wire().mail.send.host == host
    assert mail._client._wire().mail.send.timeout == 30


def test_live_is_refused_in_a_sentence() -> None:
    """Neither the switch nor a live case gets a mailer: in the sandbox everything is taken and nobody is told."""
    for block, case_id in ((made(live=True), "rehearsal-harbor"), (made(), "harbor-2026")):
        with pytest.raises(BadInput, match="sandbox only, in rehearsals") as found:
            block.mailer(case_id)
        assert leaked(str(found.value)) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"api_key": SecretStr("")},
        {"api_key": SecretStr(f"{KEY}\n")},
        {"api_key": SecretStr(f"{KEY} ")},
        {"api_key": SecretStr(f"{KEY}é")},
        {"sender_address": "team"},
        {"contact": "help@harbor.example\r\nBcc: x@y.example"},
        {"sender_name": "Hafenwächter"},
        {"sender_address": "tëam@harbor.example"},
        {"sender_name": " ;, "},
    ],
)
def test_a_mailer_that_could_not_send_is_refused_at_once(
    changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bad key, also one that the SDK would replace from the environment, or a sender that SendGrid does not take."""
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.somebody.elses")

    with pytest.raises(BadInput, match="cannot be used") as found:
        made(**changed).mailer("rehearsal-harbor")

    assert leaked(str(found.value)) == []
    assert "Hafen" not in str(found.value)


def test_the_digest_names_where_letters_go_and_not_the_key() -> None:
    """A gate's approval ends with any change of sender, seeds, region or mode, and outlives a new key."""
    changes = [
        {"region": "eu"},
        {"live": True},
        {"sender_name": "Harbor"},
        {"sender_address": "x@harbor.example"},
        {"contact": "x@harbor.example"},
        {"staff_seeds": []},
        {"staff_seeds": ["mara@harbor.example", "ben@harbor.example"]},
    ]

    assert len({made(**changed).digest for changed in ({}, *changes)}) == len(changes) + 1
    assert made(api_key=SecretStr("SG.another.key")).digest == made().digest


def test_the_block_offers_what_every_mailer_offers() -> None:
    """Sender, contact and seeds are said as the outbox says them; sample addresses are known as such."""
    block: MailerBlock = made(replies_are_read=False)

    assert (block.sender().name, block.sender().contact) == ("Harbor Watch", "help@harbor.example")
    assert not block.sender().replies_are_read
    assert list(block.staff_seeds) == ["mara@harbor.example"]
    assert block.is_sample
    real = "@".join(("team", "harbor-watch.org"))
    assert not made(sender_address=real, contact=real).is_sample
