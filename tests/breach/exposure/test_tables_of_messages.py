"""Messages in tables: written by Python's own csv module, as the platforms document their columns."""

import csv
import gzip
import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from breach.errors import BadInput
from breach.exposure.content_columns import Use, map_content
from breach.exposure.readers import csv_rows
from breach.exposure.readers.csv_rows import CsvRows
from breach.exposure.readers.discourse_users import UserList
from breach.exposure.recognise import Format, recognise

Reader = Callable[..., Any]
_ARCHIVE = "topic_title,categories,is_pm,post_raw,post_cooked,like_count,reply_count,url,created_at"
FIRST = ("https://harbor.example/t/1/1", "2026-10-25 10:00:00 UTC")
ARCHIVE = _ARCHIVE.split(",")


def csv_of(rows: Sequence[Sequence[str]], **options: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, **options).writerows(rows)
    return text.getvalue().encode()


def test_a_discourse_archive_knows_areas_and_private_messages(read: Reader) -> None:
    """A post's text comes first, its title after it; the cooked copy does not count twice; times are UTC."""
    told = read(
        csv_of(
            [
                ARCHIVE,
                ["Anchors", "Night Watch", "No", "mail x@mail.example", "<p>mail x@mail.example</p>", "1", "0", *FIRST],
                ["Hello", "", "Yes", 'two\r\n"lines"', "", "0", "0", "https://harbor.example/t/2/1", "soon"],
            ]
        ),
        Format.DISCOURSE_ARCHIVE,
    )
    (area, first), (direct, second) = told.posts
    assert (area.names, direct.names) == (("Night Watch",), ("direct messages",))
    assert first.text == "mail x@mail.example\nAnchors"
    assert first.written == datetime(2026, 10, 25, 10, tzinfo=UTC)
    assert (second.id, second.text, second.written) == (
        "https://harbor.example/t/2/1",
        'two\r\n"lines"\nHello',
        None,
    )
    assert told.reading.complete
    assert told.reading.notes == ["the table does not say who wrote: its findings belong to no member"]


def test_a_chat_exporters_table_keeps_ids_as_text(read: Reader) -> None:
    """Snowflakes beyond 2**53 keep every digit; attachments are counted; a packed file is read alike."""
    data = csv_of(
        [
            ["AuthorID", "Author", "Date", "Content", "Attachments", "Reactions"],
            ["1504887695214316833", "ann", "2026-10-25T10:00:00.1234567+00:00", "hi", "https://a,https://b", "x (1)"],
        ],
        quoting=csv.QUOTE_ALL,
    )
    told = read(gzip.compress(data), Format.CHAT_EXPORTER_CSV)
    [(area, post)] = told.posts
    assert area.names == ()
    assert (post.author_id, post.text, post.parts) == ("1504887695214316833", "hi", 2)
    assert post.id == "1504887695214316833/2026-10-25T10:00:00.1234567+00:00"
    assert post.written is not None
    assert post.written.microsecond == 123456


def test_columns_of_an_unknown_table_are_proposed_with_a_confidence() -> None:
    """By header first, by cells then; what nothing tells is text, so that it is not passed over."""
    header = ["Message ID", "User", "User ID", "Sent At", "Body", "Edited", "Mood"]
    rows = [["1", "ann", "7", "2026-10-25T10:00:00Z", "hello", "2026-10-25T11:00:00Z", "fine"]]
    mapped = map_content(header, rows)
    assert [column.use for column in mapped] == [
        Use.RECORD,
        Use.TEXT,
        Use.AUTHOR,
        Use.WRITTEN,
        Use.TEXT,
        Use.IGNORED,
        Use.TEXT,
    ]
    assert [column.confidence for column in mapped] == [0.9, 0.3, 0.9, 0.95, 0.9, 0.9, 0.3]


def test_nul_characters_are_dropped_and_said(tmp_path: Path) -> None:
    """They stand in cells of damaged exports; a member's name must not end there."""
    path = tmp_path / "members.csv"
    path.write_bytes(b"id,username\n1,an\x00n\n2,b\x00\n")
    users = UserList(path)
    assert list(users.rows()) == [["1", "ann"], ["2", "b"]]
    assert users.notes == ["2 NUL characters stand in it and were dropped"]


def test_utf_16_without_a_mark_is_seen(tmp_path: Path) -> None:
    """Some tools save it so."""
    path = tmp_path / "members.csv"
    for encoding in ("utf-16-le", "utf-16-be"):
        path.write_bytes("id;username\n1;annähernd\n".encode(encoding))
        assert list(UserList(path).rows()) == [["1", "annähernd"]]


def test_an_endless_line_and_ten_thousand_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line beyond the limit is never held whole; a table wider than any spreadsheet is refused, 10,000 are not."""
    monkeypatch.setattr(csv_rows, "LONGEST_LINE", 100_000)
    path = tmp_path / "members.csv"
    path.write_bytes(b"id,username\n1," + b"x" * 300_000 + b"\n")
    with pytest.raises(BadInput, match="a line of more than 100000 characters near line 2"):
        list(CsvRows(path, "table"))
    path.write_text(",".join(f"c{n}" for n in range(10_000)) + "\n1,2\n")
    assert [len(row) for row in UserList(path).rows()] == [10_000]
    path.write_text("," * 20_001)
    with pytest.raises(BadInput, match="more than 20000 columns"):
        list(CsvRows(path, "table"))


def test_a_gigabyte_without_a_line_break_takes_little_memory(tmp_path: Path) -> None:
    """1 GB of one line, as a hole in a file: refused after the first megabytes."""
    path = tmp_path / "members.csv"
    with path.open("wb") as file:
        file.write(b"id,name,username,email,title,staged\n1,")
        file.truncate(1 << 30)
    assert recognise(path).format is Format.DISCOURSE_USERS
    with pytest.raises(BadInput, match="a line of more than"):
        list(UserList(path).rows())


def test_a_separator_within_quotes_does_not_mislead(tmp_path: Path) -> None:
    """The one that occurs most outside quotes is taken."""
    path = tmp_path / "members.csv"
    path.write_text('"id";"name, first, and, last"\n1;Ann\n')
    assert list(UserList(path).rows()) == [["1", "Ann"]]
