"""One notice as the bytes of a mail. Whatever a member calls himself, a header stays one header.

The headers are written here and not by the standard library's EmailMessage: that decodes encoded words found in a
name, a line end within them included, and drops the quotes around a long name with a comma when it folds the line
(both seen on Python 3.11.7). Either lets a display name add a header or a recipient.
"""

import re
import unicodedata
from binascii import b2a_base64, b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from breach.mail import Addressee, Letter
from breach.sending.fill import fill

NAME_LIMIT, SUBJECT_LIMIT = 100, 300
"""Characters: long enough for a name and a subject, too short for a message in a header."""
DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of text: they could make an address read as another."""
ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,64}@[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,255}")
PLAIN_NAME = re.compile(r"[A-Za-z0-9'-]+( [A-Za-z0-9'-]+)*")
"""Atoms of RFC 5322; every other name becomes encoded words, which hold no character with a meaning."""
PLAIN_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,:;!?'()/-]{0,65}")
WORD_BYTES = 39
"""UTF-8 bytes in one encoded word: 64 characters as a word (RFC 2047 allows 75), 73 behind the name of its header."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes."""

    name: str
    address: str
    reply_to: str


def build_message(letter: Letter, one: Addressee, sender: Sender, date: datetime) -> bytes:
    """A multipart/alternative mail, text and HTML, lines ending as files on this system do (LF).

    No list headers: a statutory notice offers no unsubscribing. Auto-Submitted keeps holiday replies away. The
    boundary is made of the token: the same in every run, and as hard to guess.
    """
    subject = one_line(fill(letter.subject, one.values))[:SUBJECT_LIMIT]
    boundary = f"=_{one.token}"
    headers = (
        f"From: {_mailbox(sender.name, sender.address)}",
        f"To: {_mailbox(one.name, one.address)}",
        f"Reply-To: {sender.reply_to}",
        f"Subject: {subject if PLAIN_SUBJECT.fullmatch(subject) else _encoded_words(subject)}",
        f"Date: {format_datetime(date)}",
        f"Message-ID: <{one.token}@{sender.address.rpartition('@')[2]}>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
    )
    parts = (_part("plain", letter.text, one), _part("html", letter.html, one))
    body = b"".join(f"--{boundary}\n".encode() + part + b"\n" for part in parts)
    return "\n".join(headers).encode() + b"\n\n" + body + f"--{boundary}--\n".encode()


def unwritable(address: str) -> str:
    """Why no mail can be addressed so; empty when it can. Never quotes the address."""
    if ADDRESS.fullmatch(address) and one_line(address) == address:
        return ""
    return "the address cannot stand in a mail header"


def one_line(text: str) -> str:
    """Text for a header: one line, without control characters, lone surrogates and marks that turn direction."""
    kept = (" " if unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one for one in text if _harmless(one))
    return " ".join("".join(kept).split())


def _harmless(one: str) -> bool:
    return one not in DIRECTION and unicodedata.category(one) != "Cs"


def _mailbox(name: str, address: str) -> str:
    """A name and an address; beyond ASCII the address stands as it is (RFC 6532)."""
    line = one_line(name)[:NAME_LIMIT].strip()
    if not line:
        return address
    plain = PLAIN_NAME.fullmatch(line) and len(line) + len(address) < 70
    return f"{line} <{address}>" if plain else f"{_encoded_words(line)}\n <{address}>"


def _encoded_words(text: str) -> str:
    """RFC 2047, base64, folded after each word; no character is cut in two."""
    words, word = [], b""
    for one in text:
        if len(word) + len(one.encode()) > WORD_BYTES:
            words.append(word)
            word = b""
        word += one.encode()
    words.append(word)
    return "\n ".join(f"=?utf-8?B?{b2a_base64(word, newline=False).decode()}?=" for word in words)


def _part(subtype: str, content: str, one: Addressee) -> bytes:
    """Lone surrogates cannot be written as UTF-8: they become question marks, visibly."""
    lines = fill(content, one.values).replace("\r\n", "\n").replace("\r", "\n")
    head = f'Content-Type: text/{subtype}; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n'
    return head.encode() + b2a_qp(lines.encode("utf-8", "replace"))
