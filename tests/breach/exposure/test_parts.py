"""A large file in parts, by columns, in several processes: the same as in one piece, row by row, in one."""

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breach.digest import digest_file
from breach.exposure.opening import open_contents
from breach.exposure.part_scan import join_parts, plan_parts, scan_part
from breach.exposure.pool import scan_all
from breach.exposure.readers import csv_blocks, json_stream, json_table, parts
from breach.exposure.readers.reading import Post
from breach.exposure.scan import ScanJob, ScanResult, scan, stamp_of
from breach.exposure.scope import Scope
from breach.exposure.tables import AUTHORS, TableWriter

Write = Callable[..., Path]
EVERYTHING = Scope(frozenset(), None, profiles=True)
KEY = b"k" * 32
SAID = ("hello", 'he said "hi"', "a,b;c", "two\nlines", "x@mail.example", "é 🌊 4111 1111 1111 1111", "", "}, {", "\\")
WHEN = "2026-10-25T00:00:00+00:00"


def rows(count: int, seed: int = 1) -> list[dict[str, str]]:
    draw = random.Random(seed)  # noqa: S311  # an invented community
    return [
        {"id": str(10**17 + n), "author_id": str(n % 7), "timestamp": WHEN, "channel": draw.choice(["a", "b"])}
        | {"content": f"{draw.choice(SAID)} {n}"}
        for n in range(count)
    ]


def as_csv(told: Sequence[dict[str, str]], end: str = "\r\n") -> bytes:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text

    lines = [",".join(told[0]), *(",".join(map(cell, row.values())) for row in told)]
    return (end.join(lines) + end).encode()


def as_lines(told: Sequence[dict[str, str]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in told)


def scanned(path: Path, folder: Path) -> tuple[ScanResult, bytes, bytes]:
    folder.mkdir()
    result = scan(ScanJob(path, EVERYTHING, KEY, folder), {})
    return result, result.findings.read_bytes(), result.posts.read_bytes()


def in_parts(path: Path, folder: Path) -> tuple[ScanResult, bytes, bytes] | None:
    folder.mkdir()
    job = ScanJob(path, EVERYTHING, KEY, folder)
    plan = plan_parts(job)
    assert len(plan) != 1
    done = [one for part in plan if (one := scan_part(part, {}, None)) is not None]
    result = join_parts(job, digest_file(path), done, stamp_of(path)) if len(done) == len(plan) > 1 else None
    return None if result is None else (result, result.findings.read_bytes(), result.posts.read_bytes())


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART", 9_000)
    monkeypatch.setattr("breach.exposure.part_scan.PART", 9_000)
    monkeypatch.setattr(json_stream, "CHUNK", 3_000)
    monkeypatch.setattr("breach.exposure.readers.chat_exporter.CHUNK", 3_000)
    monkeypatch.setattr(csv_blocks, "BLOCK", 3_000)
    monkeypatch.setattr(json_table, "PIECE", 3_000)


@pytest.mark.parametrize("form", ["chat", "csv", "lines"])
@pytest.mark.usefixtures("small_parts")
def test_parts_together_are_the_file(form: str, tmp_path: Path, write_chat: Write) -> None:
    """Each format that is cut: the same findings, posts, counts and areas, byte for byte."""
    told = rows(600)
    path = tmp_path / "export"
    if form == "chat":
        path = write_chat([(row["id"], row["author_id"], WHEN, row["content"]) for row in told])
    else:
        path.write_bytes(as_csv(told) if form == "csv" else as_lines(told))
    whole = scanned(path, tmp_path / "whole")
    assert whole[0].coverage[0].records == 600
    assert whole[0].found > 100
    cut = in_parts(path, tmp_path / "cut")
    assert cut is not None
    assert cut[1:] == whole[1:]
    assert (cut[0].coverage, cut[0].found, cut[0].areas) == (whole[0].coverage, whole[0].found, whole[0].areas)
    assert cut[0].counted_exactly == whole[0].counted_exactly


@pytest.mark.usefixtures("small_parts")
def test_row_groups_are_parts(tmp_path: Path) -> None:
    """Of a Parquet file of 400,000 rows: the same, byte for byte."""
    path = tmp_path / "export"
    pq.write_table(
        pa.Table.from_pylist(rows(4000)).take(pa.array(list(range(4000)) * 100)), path, row_group_size=50_000
    )
    cut = in_parts(path, tmp_path / "cut")
    assert cut is not None
    assert cut[1:] == scanned(path, tmp_path / "whole")[1:]


@pytest.mark.parametrize(
    ("form", "damage"),
    [
        ("csv", lambda data: data.replace(b"hello 3", b'5" disk 3')),
        ("csv", lambda data: data.replace(b"hello 3", b'"a"b')),
        ("lines", lambda data: data[:-40]),
        ("lines", lambda data: data.replace(b'"hello', b'"hel\nlo', 1)),
        ("chat", lambda data: data[:-700]),
        ("chat", lambda data: data.replace(b'"messageCount": 600', b'"messageCount": 601')),
        ("chat", lambda data: data.replace(b'"timestamp":', b'"timestomp":', 1)),
    ],
)
def test_a_damaged_file_is_said_to_be_so_with_any_number_of_workers(
    form: str, damage: Callable[[bytes], bytes], tmp_path: Path, write_chat: Write, small_parts: None
) -> None:
    """In parts it is refused, and then read in one piece: the same result as with one worker."""
    told = rows(600)
    path = tmp_path / "export"
    if form == "chat":
        path = write_chat([(row["id"], row["author_id"], WHEN, row["content"]) for row in told])
        path.write_bytes(damage(path.read_bytes()))
    else:
        data = as_csv(told) if form == "csv" else as_lines(told)
        path.write_bytes(damage(data))
        assert path.read_bytes() != data
    whole = scanned(path, tmp_path / "whole")
    cut = in_parts(path, tmp_path / "cut")
    assert cut is None or (cut[1:] == whole[1:] and cut[0].coverage == whole[0].coverage)


def test_two_workers_on_one_file_change_no_byte(tmp_path: Path) -> None:
    """A file of 40 MB, which is cut in the true sizes."""
    path = tmp_path / "export"
    path.write_bytes(as_lines(rows(4000)) * 70)
    with TableWriter(tmp_path / "authors", AUTHORS):
        pass
    told = []
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        folder.mkdir()
        [result] = scan_all([ScanJob(path, EVERYTHING, KEY, folder)], tmp_path / "authors", workers, None)
        told.append((result.findings.read_bytes(), result.posts.read_bytes(), result.coverage, result.areas))
    assert told[0] == told[1]
    assert told[0][2][0].records == 280_000


CELLS = st.one_of(st.sampled_from(SAID), st.text(alphabet='ab,"\n\r é🌊', max_size=6))
TABLES = st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=12)
HEADER = ["id", "author id", "timestamp", "content"]


def read_both(data: bytes, path: Path) -> tuple[list[Post], list[Post], bool]:
    """Posts row by row and by columns, and whether what is said of the reading agrees."""
    path.write_bytes(data)
    [by_row] = open_contents(path, "d")
    [by_column] = open_contents(path, "d")
    if by_row.content is None or by_column.content is None:
        return [], [], by_row.refused == by_column.refused
    slow: list[Post] = []
    fast: list[Post] = []
    errors = ["", ""]
    try:
        for _, posts in by_row.content.posts():
            slow += posts
    except Exception as error:  # compared below
        errors[0] = str(error)
    try:
        for columns in by_column.content.in_columns():  # type: ignore[attr-defined]
            ids, authors, texts = (
                cells.to_pylist() if isinstance(cells, pa.Array) else cells
                for cells in (columns.ids, columns.authors, columns.texts)
            )
            fast += map(Post, ids, authors, columns.written, texts, columns.parts)
    except Exception as error:  # compared below
        errors[1] = str(error)
    agree = errors[0] == errors[1] and by_row.content.reading == by_column.content.reading
    # Rows are handed on in batches: those of the batch in which a table breaks off are lost to either reader.
    return (slow, fast, agree) if not errors[0] else ([], [], agree)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=TABLES,
    end=st.sampled_from(["\n", "\r\n"]),
    noise=st.just(b"") | st.binary(max_size=4) | st.sampled_from([b'"', b",", b"\r", b"\n", b"\x00", b'""', b" "]),
    where=st.floats(0, 1),
)
def test_columns_say_what_rows_say(
    table: list[list[str]], end: str, noise: bytes, where: float, tmp_path: Path
) -> None:
    """A CSV, also with bytes of anything in it: the same posts, and the same words about what is wrong."""
    data = as_csv([dict(zip(HEADER, row, strict=True)) for row in [HEADER, *table]], end)
    at = int(where * len(data))
    slow, fast, agree = read_both(data[:at] + noise + data[at:], tmp_path / "export")
    assert agree
    assert fast == slow


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.lists(
        st.dictionaries(st.sampled_from([*HEADER, "more"]), st.none() | st.integers() | st.booleans() | CELLS)
    ),
    noise=st.just(b"") | st.binary(max_size=3),
    where=st.floats(0, 1),
)
def test_lines_in_columns_say_what_rows_say(
    table: list[dict[str, object]], noise: bytes, where: float, tmp_path: Path
) -> None:
    """Lines of JSON, also with bytes of anything in them."""
    first = [dict.fromkeys(HEADER, "x")]
    data = b"".join(json.dumps(row).encode() + b"\n" for row in [*first, *table])
    at = int(where * len(data))
    slow, fast, agree = read_both(data[:at] + noise + data[at:], tmp_path / "export")
    assert agree
    assert fast == slow
