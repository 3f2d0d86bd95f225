"""The outbox: a true Maildir, one file for each token whatever happens, headers that stay headers."""

import email
import errno
import fcntl
import mailbox
import os
import stat
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breach import outbox as module
from breach.errors import BadInput, Conflict, StoreBusy
from breach.mail import Addressee, Letter
from breach.outbox import MaildirOutbox
from breach.sending.envelope import Sender, build_message, one_line
from breach.sending.fill import fill

NOW = datetime(2026, 11, 9, 8, 30, tzinfo=UTC)
LETTER = Letter("About [[a]]", "<p>Dear [[ah]],</p>\n", "Dear [[a]],\n", "notice-en")
SENDER = Sender("Harbor team", "team@harbor.example", "help@harbor.example")


def box(root: Path) -> MaildirOutbox:
    return MaildirOutbox(root, "Harbor team", "team@harbor.example", "help@harbor.example", clock=lambda: NOW)


def person(letter: str = "a", name: str = "Anna", address: str = "anna@mail.example") -> Addressee:
    return Addressee(letter * 26, address, name, {"[[a]]": name, "[[ah]]": name.replace("<", "&lt;")})


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def files(root: Path) -> list[str]:
    return sorted(path.name for folder in ("new", "cur") for path in (root / folder).iterdir())


def test_any_mail_program_can_read_it(tmp_path: Path) -> None:
    """Another implementation of Maildir opens the folder and finds both parts, one recipient and no list headers."""
    delivery = box(tmp_path).deliver(LETTER, [person("a"), person("b", "Bö")], "try-1")
    assert delivery.accepted == ("a" * 26, "b" * 26)
    messages = {str(one["Message-ID"]): one for one in mailbox.Maildir(tmp_path, create=False)}
    assert set(messages) == {f"<{letter * 26}@harbor.example>" for letter in "ab"}
    found = parsed(messages[f"<{'a' * 26}@harbor.example>"].as_bytes())
    assert found["To"] == "Anna <anna@mail.example>"
    assert found["From"] == "Harbor team <team@harbor.example>"
    assert found["Reply-To"] == "help@harbor.example"
    assert found["Subject"] == "About Anna"
    assert found["Date"].datetime == NOW
    assert found["Auto-Submitted"] == "auto-generated"
    assert found.get_content_type() == "multipart/alternative"
    assert [part.get_content() for part in found.iter_parts()] == ["Dear Anna,\n", "<p>Dear Anna,</p>\n"]
    assert not [name for name in found if name.lower().startswith(("list-", "bcc", "cc", "precedence"))]


def test_files_are_private_and_named_by_token(tmp_path: Path) -> None:
    """The name begins with the token; folder and file are their owner's alone; tmp is empty afterwards."""
    box(tmp_path / "box").deliver(LETTER, [person()], "try-1")
    (path,) = (tmp_path / "box" / "new").iterdir()
    assert path.name.startswith("a" * 26)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "box").stat().st_mode) == 0o700
    assert list((tmp_path / "box" / "tmp").iterdir()) == []
    assert path.stat().st_nlink == 1


def test_delivered_again_is_one_file_and_taken(tmp_path: Path) -> None:
    """A second request for the same token says taken and writes nothing, even with other wording."""
    first = box(tmp_path).deliver(LETTER, [person()], "try-1")
    before = (tmp_path / "new" / files(tmp_path)[0]).read_bytes()
    assert box(tmp_path).deliver(Letter("x", "x", "x", "x"), [person()], "try-2") == first
    assert (tmp_path / "new" / files(tmp_path)[0]).read_bytes() == before
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("then", ["moved", "deleted"])
def test_what_a_mail_program_did_since_changes_nothing(tmp_path: Path, then: str) -> None:
    """Moved to cur with flags, or sent on and deleted: the notice counts as taken and is not written again."""
    box(tmp_path).deliver(LETTER, [person()], "try-1")
    (path,) = (tmp_path / "new").iterdir()
    if then == "moved":
        path.rename(tmp_path / "cur" / f"{path.name}:2,S")
    else:
        path.unlink()
    assert box(tmp_path).find_delivered({"a" * 26, "b" * 26}) == {"a" * 26}
    box(tmp_path).deliver(LETTER, [person()], "try-2")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_file_without_its_mark_counts(tmp_path: Path) -> None:
    """A file in cur whose mark is missing, as from a backup, is evidence too."""
    box(tmp_path).deliver(LETTER, [person("b")], "try-1")
    (tmp_path / "cur" / f"{'a' * 26}.notice:2,RS").write_bytes(b"x")
    assert box(tmp_path).find_delivered(["a" * 26]) == {"a" * 26}
    box(tmp_path).deliver(LETTER, [person("a")], "try-2")
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize("moved", [False, True])
def test_killed_between_link_and_mark(tmp_path: Path, moved: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next process sees that the file was placed, also when a mail program moved it after the others looked."""
    box(tmp_path)._make()
    left = tmp_path / "tmp" / f"{'a' * 26}.killed"
    left.write_bytes(b"placed")
    os.link(left, tmp_path / "new" / f"{'a' * 26}.notice")
    if moved:
        (tmp_path / "new" / f"{'a' * 26}.notice").rename(tmp_path / "cur" / f"{'a' * 26}.notice:2,S")
    monkeypatch.setattr(MaildirOutbox, "_listed", lambda self: set())  # it looked before the other one placed it
    assert box(tmp_path).deliver(LETTER, [person()], "try-2").accepted == ("a" * 26,)
    assert len(files(tmp_path)) == 1
    assert list((tmp_path / "tmp").iterdir()) == []


def test_frozen_before_placing_and_woken_after_a_mail_program_moved_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sender that looked, froze, and wakes when another has written and a reader has moved the file writes none."""
    slow, real = box(tmp_path), MaildirOutbox._place

    def place(self: MaildirOutbox, token: str, fresh: Path) -> None:
        if self is slow:
            monkeypatch.setattr(MaildirOutbox, "_place", real)
            fcntl_free(tmp_path)
            box(tmp_path).deliver(LETTER, [person()], "try-2")
            (path,) = (tmp_path / "new").iterdir()
            path.rename(tmp_path / "cur" / f"{path.name}:2,S")
        real(self, token, fresh)

    monkeypatch.setattr(MaildirOutbox, "_place", place)
    slow.deliver(LETTER, [person()], "try-1")
    assert files(tmp_path) == [f"{'a' * 26}.notice:2,S"]


def fcntl_free(root: Path) -> None:
    """The sender froze just before it got the lock: let the other one have it."""
    (root / "outbox.lock").rename(root / "outbox.lock.held")


def test_a_frozen_holder_of_the_lock_is_said_aloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever, and nothing is written beside the holder."""
    monkeypatch.setattr(module, "LOCK_TRIES", 3)
    box(tmp_path)._make()
    with (tmp_path / "outbox.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(StoreBusy, match="Another process"):
            box(tmp_path).deliver(LETTER, [person()], "try-1")
    assert files(tmp_path) == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of two letters does not fit: the first is whole, the second is nowhere, and the error says so."""
    real, calls = os.fsync, []

    def fsync(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "anna@mail.example"))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(BadInput, match=r"disk of the outbox is full.*1 notices") as full:
        box(tmp_path).deliver(LETTER, [person("a"), person("b")], "try-1")
    assert "anna" not in str(full.value)
    assert full.value.__suppress_context__
    assert files(tmp_path) == [f"{'a' * 26}.notice"]
    assert list((tmp_path / "tmp").iterdir()) == []
    assert box(tmp_path).find_delivered(["a" * 26, "b" * 26]) == {"a" * 26}


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b\r\nBcc: eve@evil.example", "a b@c.example", "a@b@c.example", "<a@b.example>", "a,b@c.example"],
)
def test_an_address_that_breaks_a_header_is_refused_by_token(tmp_path: Path, address: str) -> None:
    """It is rejected with a reason that does not quote it; the others are written."""
    delivery = box(tmp_path).deliver(LETTER, [person("a", address=address), person("b")], "try-1")
    assert delivery.accepted == ("b" * 26,)
    assert delivery.rejected == {"a" * 26: "the address cannot stand in a mail header"}
    assert len(files(tmp_path)) == 1


def test_an_improper_token_is_no_file_name(tmp_path: Path) -> None:
    """A token that is a path is refused before anything is written."""
    with pytest.raises(Conflict):
        box(tmp_path).deliver(LETTER, [Addressee("../../etc/cron.d/x", "a@b.example", "", {})], "try-1")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_outbox_has_delivered_nothing(tmp_path: Path) -> None:
    """Looking into an outbox that was never written to finds nothing and makes nothing."""
    assert box(tmp_path / "none").find_delivered(["a" * 26]) == set()
    assert not (tmp_path / "none").exists()


NASTY = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "CR\r\nBcc: eve@evil.example\r\n\r\nbody",
            "a\nSubject: won",
            '"quoted" \\ <eve@evil.example>, Bob',
            "\u202egnp.exe",
            "\u2028Bcc: x",
            "🦊" * 60,
            "=?utf-8?q?=0ABcc:_eve=40evil.example?=",
            "=??Q?=0A",
            "Ann, Eve <eve@evil.example>; other" * 4,
            "\ud800",
            "[[ah]][[a]]",
        ]
    ),
)


@settings(max_examples=80, deadline=None)
@given(name=NASTY)
def test_no_name_can_add_a_header_or_a_recipient(name: str) -> None:
    """Whatever a member is called, the mail has the same headers, one recipient, and the subject on one line."""
    data = build_message(LETTER, person(name=name), SENDER, NOW)
    found = parsed(data)
    assert sorted(found) == sorted(
        ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
    )
    assert [one.addr_spec for one in found["To"].addresses] == ["anna@mail.example"]
    # An old reader that knows no encoded words sees one address as well.
    old = email.message_from_bytes(data)
    assert [address for _, address in getaddresses([str(old["To"])])] == ["anna@mail.example"]
    subject = "".join(str(make_header(decode_header(str(old["Subject"])))).split())
    assert subject == "".join(f"About {one_line(name)}"[:300].split())
    assert all(len(line) <= 78 for line in data.partition(b"\n\n")[0].split(b"\n"))
    assert b"\nBcc" not in data.partition(b"\n\n")[0]


@settings(max_examples=40, deadline=None)
@given(name=NASTY)
def test_bodies_carry_the_value_as_it_is(name: str) -> None:
    """The text part shows the name as the member wrote it; only line ends and what UTF-8 cannot write change."""
    found = parsed(build_message(LETTER, person(name=name), SENDER, NOW))
    text, _ = (part.get_content() for part in found.iter_parts())
    writable = name.encode("utf-8", "replace").decode()
    assert "".join(text.split()) == "".join(f"Dear {writable},".split())


@given(text=st.text())
def test_a_header_line_is_one_line(text: str) -> None:
    """No line end, control character or direction mark survives."""
    line = one_line(text)
    assert line.splitlines() in ([], [line])
    assert all(ord(one) >= 32 and one not in "\u202e\u2066\x7f" for one in line)


@given(values=st.dictionaries(st.text("[]ab", min_size=1, max_size=4), st.text("[]ab", max_size=6), max_size=5))
def test_filling_reads_nothing_that_was_filled_in(values: dict[str, str]) -> None:
    """Filled by hand from the left, always the longest tag that fits: the same text."""
    content, expected, at = "[a][b]ab[[a]]", "", 0
    while at < len(content):
        tag = max((tag for tag in values if content.startswith(tag, at)), key=len, default="")
        expected += values[tag] if tag else content[at]
        at += len(tag) or 1
    assert fill(content, values) == expected


def test_a_sender_that_breaks_a_header_is_refused(tmp_path: Path) -> None:
    """A wrong setting is found before the first notice."""
    with pytest.raises(BadInput):
        MaildirOutbox(tmp_path, "x", "team@harbor.example\nBcc: a@b.example", "help@harbor.example", clock=lambda: NOW)
