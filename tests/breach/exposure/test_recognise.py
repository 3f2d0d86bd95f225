"""Formats are told by content, and what is not known is described without being quoted."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from breach.errors import BadInput
from breach.exposure.recognise import Format, recognise


def test_names_do_not_count(write_users: Callable[..., Path], write_chat: Callable[..., Path]) -> None:
    """A user list called .json and a chat called .csv are what they are."""
    assert recognise(write_users([{"id": "1"}], name="a.json")).format is Format.DISCOURSE_USERS
    assert recognise(write_chat([], name="b.csv")).format is Format.CHAT_EXPORTER


def test_a_packed_export_is_recognised(write_users: Callable[..., Path], tmp_path: Path) -> None:
    """Gzip is looked through."""
    packed = tmp_path / "members.csv.gz"
    packed.write_bytes(gzip.compress(write_users([{"id": "1"}]).read_bytes()))
    assert recognise(packed).format is Format.DISCOURSE_USERS


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"PK\x03\x04rest", "zip archive"),
        (b"%PDF-1.7 Secretname", "PDF"),
        (b'{"users": ["Secretname"]}', "JSON of another shape"),
        (b"Secretname;1;2\nx;1;2\n", "a table of 3 columns"),
        (b"Secretname wrote this", "text without columns"),
        (b"\x00\x01\x02Secretname", "binary data"),
    ],
)
def test_an_unknown_format_is_described_and_not_quoted(tmp_path: Path, content: bytes, seen: str) -> None:
    """Kind and size are said; nothing of the content."""
    path = tmp_path / "export"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=seen) as caught:
        recognise(path)
    assert f"{len(content)} bytes" in str(caught.value)
    assert "Secretname" not in str(caught.value)
    assert caught.value.state
    assert caught.value.next_step


def test_missing_empty_folder_and_damaged_files_are_told_apart(tmp_path: Path) -> None:
    """Each has its own sentence."""
    (tmp_path / "empty.csv").touch()
    (tmp_path / "cut.gz").write_bytes(gzip.compress(os.urandom(200_000))[:40])
    for name, says in (("nowhere.csv", "not exist"), ("", "not a file"), ("empty.csv", "empty"), ("cut.gz", "damaged")):
        with pytest.raises(BadInput, match=says):
            recognise(tmp_path / name)
