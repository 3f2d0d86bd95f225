"""Whatever is done to the bytes of an export: it is read, or read in part, or refused in a sentence. Nothing else."""

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breach.digest import digest_file
from breach.errors import BadInput
from breach.exposure.columns import Role, classify
from breach.exposure.metered import PACKED_ERRORS
from breach.exposure.opening import CONTENTS, ROSTERS, open_contents, open_roster
from breach.exposure.people import PersonMaker
from breach.exposure.recognise import Format, recognise
from tests.breach.exposure.samples import JSONL, PACKAGE, SLACK, TELEGRAM_CHAT, ZULIP, tarred, zipped

USERS = b"id,name,username,email,title,staged\n1,Ann,ann,ann@mail.example,,false\n2,Bo,bo,,x,true\n"
ARCHIVE = b'topic_title,categories,is_pm,post_raw,url,created_at\nA,B,No,"x\ny",u,2026-10-25 10:00:00 UTC\n'
EXPORTER = b"AuthorID,Author,Date,Content,Attachments,Reactions\n7,ann,2026-10-25T10:00:00+00:00,hi,,\n"
MEMBERS = "Member ID;Name;Email\n1;Ann;a@mail.example\n"
OBJECTS = [{"id": 1, "email": "a@mail.example"}, {"id": 2, "profile": {"name": "x"}}]
CHAT = {
    "guild": {"id": "1"},
    "channel": {"id": "2", "type": "GuildTextChat", "name": "watch"},
    "messages": [{"id": str(n), "timestamp": "", "author": {"id": "7"}, "content": 'a "b"\\'} for n in range(3)],
    "messageCount": 3,
}


SIGNS = (b"\x00", b'"', b"{", b"]", b"\\", b"\xff\xfe", b"9" * 30, b"\r", b"<", b"\xed\xa0\x80")


def _parquet() -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"id": ["1", "2"], "email": ["a@mail.example", None], "n": [1, 2]}), sink)
    return bytes(sink.getvalue())


def _workbook() -> bytes:
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    cells = '<row><c r="A1" t="s"><v>0</v></c></row><row><c r="A2" t="str"><v>a@mail.example</v></c></row>'
    parts = {
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{link}"><sheets><sheet r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<R><Relationship Id="r1" Target="worksheets/sheet1.xml"/></R>',
        "xl/sharedStrings.xml": f"<sst {main}><si><t>Email</t></si></sst>",
        "xl/styles.xml": f'<styleSheet {main}><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{cells}</sheetData></worksheet>",
    }
    return zipped({name: text.encode() for name, text in parts.items()})


SAMPLES: dict[Format, bytes] = {
    Format.DISCOURSE_USERS: USERS,
    Format.DISCOURSE_ARCHIVE: ARCHIVE,
    Format.CHAT_EXPORTER: json.dumps(CHAT, indent=2).encode(),
    Format.CHAT_EXPORTER_CSV: EXPORTER,
    Format.SLACK: zipped(SLACK),
    Format.MATTERMOST: JSONL,
    Format.ZULIP: tarred(ZULIP),
    Format.TELEGRAM: TELEGRAM_CHAT,
    Format.DISCORD_PACKAGE: zipped(PACKAGE),
    Format.CSV_TABLE: MEMBERS.encode("utf-16"),
    Format.XLSX_TABLE: _workbook(),
    Format.JSON_TABLE: json.dumps(OBJECTS).encode(),
    Format.PARQUET_TABLE: _parquet(),
    Format.PARTS: zipped({"a.csv": USERS, "b.json": CHAT}),
}


def survive(path: Path) -> None:
    """Reads a file in every way there is; only the errors that a scan and the roster know may come."""
    digest = digest_file(path)
    for opened in open_contents(path, digest):
        if opened.content is None:
            assert opened.refused
            continue
        try:
            for area, posts in opened.content.posts():
                assert all(isinstance(name, str) for name in area.names)
                assert all(isinstance(part, str) for post in posts for part in (post.id, post.author_id, post.text))
        except (BadInput, *PACKED_ERRORS):
            pass
    try:
        _, roster = open_roster(path)
        rows = list(roster.rows())
        assert all(len(row) == len(roster.header) for row in rows)
        assert all(isinstance(cell, str) for row in rows for cell in row)
    except (BadInput, *PACKED_ERRORS):
        pass


def changed(data: bytes, source: random.Random) -> bytes:
    """The bytes with a few of them overwritten, cut out, doubled, or the whole cut off."""
    whole = bytearray(data)
    for _ in range(source.randint(1, 5)):
        at = source.randrange(len(whole))
        match source.randrange(5):
            case 0:
                whole[at] = source.randrange(256)
            case 1:
                whole[at : at + 1] = source.choice(
                    (b"\x00", b'"', b"{", b"]", b"\\", b"\xff\xfe", b"9" * 30, b"\r", b"<")
                )
            case 2:
                del whole[at : at + source.randint(1, 40)]
            case 3:
                whole[at:at] = whole[at : at + source.randint(1, 200)]
            case _:
                del whole[max(1, at) :]
        if not whole:
            return b"x"
    return bytes(whole)


def test_every_format_has_a_sample_and_is_recognised_from_it(tmp_path: Path) -> None:
    """So that none is left out below; whatever the file is called."""
    assert set(SAMPLES) == set(Format) == set(ROSTERS) | set(CONTENTS) | {Format.PARTS}
    for form, data in SAMPLES.items():
        path = tmp_path / "export.pdf"
        path.write_bytes(data)
        told = recognise(path)
        assert told.format is form
        assert len(told.reason) > 20
        survive(path)


@pytest.mark.parametrize("form", Format)
def test_changed_bytes_end_in_rows_or_a_sentence(form: Format, tmp_path: Path) -> None:
    """120 seeded changes of each sample, plain and, where it is no archive, within gzip."""
    source = random.Random(form.value)  # noqa: S311  # a fuzzer wants the same bytes each time
    path = tmp_path / "export"
    for turn in range(120):
        data = changed(SAMPLES[form], source)
        path.write_bytes(gzip.compress(data, 1) if turn % 10 == 9 else data)
        survive(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(min_size=1, max_size=300), st.text(min_size=1, max_size=200).map(str.encode)))
def test_any_bytes_at_all(data: bytes, tmp_path: Path) -> None:
    """Most are no export; all end in a sentence."""
    path = tmp_path / "export"
    path.write_bytes(data)
    survive(path)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=8,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wrong=JSON, data=st.data())
def test_fields_of_any_shape(wrong: object, data: st.DataObject, tmp_path: Path) -> None:
    """Any field of any platform's JSON may hold anything."""
    name, document = data.draw(
        st.sampled_from([("slack", SLACK), ("package", PACKAGE), ("zulip", ZULIP), ("chat", {"c": CHAT})])
    )
    files = json.loads(json.dumps({key: value for key, value in document.items() if not isinstance(value, bytes)}))
    _replace(files[data.draw(st.sampled_from(sorted(files)))], wrong, data)
    path = tmp_path / "export"
    if name == "chat":
        path.write_text(json.dumps(files["c"]))
    else:
        path.write_bytes(tarred(files) if name == "zulip" else zipped(files))
    survive(path)


def _replace(where: object, wrong: object, data: st.DataObject) -> None:
    """Puts something else at a drawn place."""
    while isinstance(where, dict | list) and where:
        keys = sorted(where) if isinstance(where, dict) else list(range(len(where)))
        key = data.draw(st.sampled_from(keys))
        inner = where[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 3)) == 0:
            where[key] = wrong
            return
        where = inner


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=5), st.lists(st.text(), min_size=3))
def test_any_cells_make_a_member(rows: list[list[str]], header: list[str]) -> None:
    """Whatever stands in a row, it is a person of the table's shape, with a name of their own."""
    from datetime import date

    header = [*header[:1], "Email", "Chat id"]
    columns = classify(header, rows)
    roles = {column.role for column in columns}
    maker = PersonMaker(columns, date(2026, 10, 20))
    people = [maker.make(row) for row in rows]
    assert len({person["member_id"] for person in people}) == len(people) or Role.MEMBER_ID in roles


def test_a_reader_that_recurses_is_stopped(tmp_path: Path, read: Callable[..., object]) -> None:
    """100,000 brackets within each other, in a message and as a document."""
    deep = b"[" * 100_000
    path = tmp_path / "export"
    for data in (deep, b'[{"id": ' + deep, b'{"channel": {}, "messages": [{"id": ' + deep + b"]" * 100_000 + b"}]}"):
        path.write_bytes(data)
        survive(path)
