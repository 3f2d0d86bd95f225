"""Tables of anything: written by pyarrow, json and csv, and by hand as ECMA-376 lays out a workbook."""

import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from breach.errors import BadInput
from breach.exposure.assess import find_exposures
from breach.exposure.columns import Role, classify
from breach.exposure.country import Clues, find_country
from breach.exposure.identity import IdWatch, clean_id, is_mangled
from breach.exposure.readers import json_stream
from breach.exposure.readers.json_table import JsonTable
from breach.exposure.readers.parquet_table import ParquetTable
from breach.exposure.readers.xlsx_table import XlsxTable
from breach.exposure.recognise import Format, recognise
from breach.exposure.roster import RosterRecord, load_roster
from breach.parquet import read_parquet
from breach.steps import Work
from breach.store import get_record
from schemas.exposure import CountryEvidence, ExposureSummary
from schemas.incident import Answer, IncidentFacts

KEY = b"k" * 32
ANN = "1504887695214316833"
MakeWork = Callable[[IncidentFacts], Work]
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(path: Path, cells: str, shared: Sequence[str] = (), sheets: int = 1, **parts: str) -> Path:
    """A workbook of one sheet's XML rows, as ECMA-376 part 1 wants it (18.2, 18.3, 18.4, 18.8)."""
    tabs = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, sheets + 1))
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, sheets + 1)
    )
    texts = "".join(f"<si>{text}</si>" for text in shared)
    files = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook {NS} xmlns:r="{LINKS}"><sheets>{tabs}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{links}</Relationships>",
        "xl/styles.xml": f'<styleSheet {NS}><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="22"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f"<sst {NS}>{texts}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {NS}><sheetData>{cells}</sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**files, **parts}.items():
            archive.writestr(name, text)
    return path


def inline(*cells: str) -> str:
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in cells) + "</row>"


def people_of(work: Work, source: Path) -> tuple[list[dict[str, Any]], RosterRecord]:
    receipt = load_roster(work, source)
    held = work.store.get(receipt.key)
    assert held is not None
    record = get_record(work.store, f"roster/{work.revision}/roster.json", RosterRecord)
    return read_parquet(held.data).to_pylist(), record


def test_a_workbook_is_read_cell_by_cell(tmp_path: Path) -> None:
    """Shared and rich texts without phonetic hints, gaps, dates by style, numbers digit by digit, errors blank."""
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="str"><v>Born</v></c>'
        '<c r="E1" t="inlineStr"><is><t>At</t></is></c><c r="F1" t="str"><v>Flag</v></c></row>'
        '<row r="3"><c r="A3"><v>1504887695214316833</v></c><c r="D3" s="2"><v>36526</v></c>'
        '<c r="E3" s="3"><v>36526.5</v></c><c r="F3" t="b"><v>1</v></c></row>'
        '<row r="4"><c r="B4" t="e"><v>#N/A</v></c><c r="D4"><v>36526</v></c><c r="H4"><v>9</v></c></row>'
    )
    texts = ("<t>Member ID</t>", "<r><t>Full </t></r><r><t>name</t></r><rPh><t>hint</t></rPh>")
    table = XlsxTable(workbook(tmp_path / "a.xlsx", rows, texts, sheets=2))
    assert table.header == ["Member ID", "Full name", "", "Born", "At", "Flag"]
    assert list(table.rows()) == [
        ["1504887695214316833", "", "", "2000-01-01", "2000-01-01 12:00:00", "true"],
        ["", "", "", "36526", "", ""],
    ]
    assert table.notes == [
        "1 further sheets of the workbook were not read",
        "1 rows have more cells than the header; what lies beyond it was not read",
    ]


def test_a_workbook_that_wants_all_memory_does_not_get_it(tmp_path: Path) -> None:
    """Cells in far corners take no rectangle; entities are refused; what is no XML ends in a sentence."""
    far = '<row r="1"><c r="A1" t="str"><v>email</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    table = XlsxTable(workbook(tmp_path / "far.xlsx", far))
    assert list(table.rows()) == [[""]]
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    for name, text in (("xl/sharedStrings.xml", bomb), ("xl/worksheets/sheet1.xml", "<worksheet><row>")):
        with pytest.raises(BadInput, match="cannot be read"):
            list(XlsxTable(workbook(tmp_path / "bad.xlsx", far, **{name: text})).rows())


def test_a_member_list_of_a_course_platform(work_for: MakeWork, tmp_path: Path, incident: IncidentFacts) -> None:
    """A workbook with addresses and no ids: members are named by a digest of their address, names are put together."""
    source = workbook(
        tmp_path / "members",
        inline("First Name", "Last Name", "Email", "Plans", "Time Zone")
        + inline("Ann", "Example", "Ann@Mail.example", "Gold", "Europe/Berlin")
        + inline("Bo", "", "ann@mail.EXAMPLE", "", "UTC")
        + inline("Cy", "", "", "", ""),
    )
    told = recognise(source)
    assert told.format is Format.XLSX_TABLE
    assert told.reason == "5 columns, among them email: a table of members"
    (ann, again, nobody), record = people_of(work_for(incident), source)
    assert ann["member_id"].startswith("m-")
    assert again["member_id"] == ann["member_id"] + "-2"
    assert nobody["member_id"] == "row-3"
    assert (ann["name"], ann["email"], ann["jurisdiction"]) == ("Ann Example", "Ann@Mail.example", "DE")
    assert record.coverage.reason == (
        "1 rows repeat an address; each counts as a member; 1 rows have neither id nor address"
    )
    assert "mail.example" not in ann["member_id"]


def test_a_csv_member_list_with_odd_columns(work_for: MakeWork, tmp_path: Path, incident: IncidentFacts) -> None:
    """Duplicate headers lose no address; a header its cells contradict is little trusted; zipped, as it is mailed."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(
        [
            ["Member ID", "Name", "Email", "Email", "Phone"],
            ["7", "Ann", "a@mail.example", "b@mail.example", "blue"],
            ["8", "Bo", "c@mail.example", "", "red"],
        ]
    )
    source = tmp_path / "list.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("members.csv", text.getvalue())
    (ann, _), record = people_of(work_for(incident), source)
    assert (ann["email"], ann["other_emails"]) == ("a@mail.example", ["b@mail.example"])
    assert record.coverage.kind == "table in CSV"
    assert {column.role: column.confidence for column in record.columns} == {
        Role.MEMBER_ID: 0.9,
        Role.NAME: 0.9,
        Role.EMAIL: 0.98,
        Role.OTHER_EMAILS: 0.98,
        Role.PHONE: 0.4,
    }


def test_an_address_column_without_a_name_is_found_by_its_cells() -> None:
    """No header says it, so the first that looks like it is it."""
    (contact, _) = classify(["Contact", "Other"], [["a@mail.example", "x"], ["b@mail.example", "y"]])
    assert (contact.role, contact.confidence) == (Role.EMAIL, 0.9)


@pytest.mark.parametrize("layout", ["ndjson", "array", "indented", "utf-16"])
def test_objects_are_rows(layout: str, tmp_path: Path) -> None:
    """One a line or in an array: paths are columns, ids beyond 2**63 keep every digit, lists are joined."""
    objects = [
        {"id": 150488769521431683355, "profile": {"email": "a@mail.example"}, "tags": ["x", None, 1.5], "ok": True},
        {"id": "007", "profile": {"email": None, "bio": "é"}, "more": {"deep": {}}},
    ]
    text = {"ndjson": "\n".join(map(json.dumps, objects)), "indented": json.dumps(objects, indent=2)}.get(
        layout, json.dumps(objects, ensure_ascii=False)
    )
    path = tmp_path / "export"
    path.write_text(text, encoding="utf-16" if layout == "utf-16" else "utf-8")
    told = recognise(path)
    assert told.format is Format.JSON_TABLE
    table = JsonTable(path)
    assert table.header == ["id", "profile.email", "tags", "ok", "profile.bio"]
    assert list(table.rows()) == [
        ["150488769521431683355", "a@mail.example", "x; ; 1.5", "true", ""],
        ["007", "", "", "", "é"],
    ]
    assert table.notes == []
    assert [column.role for column in classify(table.header, [])][:2] == [Role.MEMBER_ID, Role.EMAIL]


def test_cut_off_objects_keep_what_precedes_the_cut(tmp_path: Path) -> None:
    """In both layouts; an entry that is none is counted."""
    objects = [{"id": n, "email": f"m{n}@mail.example"} for n in range(3)]
    path = tmp_path / "export"
    for whole in (json.dumps(objects), "\n".join(map(json.dumps, objects))):
        path.write_text(whole[:-20])
        table = JsonTable(path)
        assert [row[0] for row in table.rows()] == ["0", "1"]
        assert "the file is cut off; what precedes the cut was read" in table.notes
    path.write_text('{"id": 1, "email": "a@mail.example"}\nnot json\n{"id": 2}\n')
    table = JsonTable(path)
    assert [row[0] for row in table.rows()] == ["1", "2"]
    assert table.notes == ["1 entries are no readable object"]


def test_a_parquet_table_of_messages(tmp_path: Path, read: Callable[..., Any]) -> None:
    """Whole numbers of 64 bits keep every digit; moments keep their zone; nested columns are text."""
    path = tmp_path / "export"
    pq.write_table(
        pa.table(
            {
                "message_id": pa.array([int(ANN) + 1, int(ANN) + 2], pa.uint64()),
                "author_id": pa.array([int(ANN), None], pa.int64()),
                "created_at": pa.array([datetime(2026, 10, 25, 10, tzinfo=UTC)] * 2, pa.timestamp("us", "UTC")),
                "content": ["a@mail.example", "hi"],
                "channel": pa.array(["watch", "watch"]).dictionary_encode(),
                "extra": [{"k": "b@mail.example"}, None],
            }
        ),
        path,
    )
    told = read(path, Format.PARQUET_TABLE)
    [(area, first), (_, second)] = told.posts
    assert area.names == ("watch",)
    assert (first.id, first.author_id, first.written) == (
        str(int(ANN) + 1),
        ANN,
        datetime(2026, 10, 25, 10, tzinfo=UTC),
    )
    assert first.text == 'a@mail.example\n{"k": "b@mail.example"}'
    assert second.author_id == ""
    assert "table of messages" in told.reason


def test_a_damaged_parquet_file_is_refused_or_read_up_to_the_damage(tmp_path: Path) -> None:
    """Its end holds its table of contents: cut off, nothing can be read."""
    path = tmp_path / "export"
    pq.write_table(pa.table({"id": [str(n) for n in range(1000)], "email": ["x@mail.example"] * 1000}), path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    with pytest.raises(BadInput, match="cut off, or damaged"):
        ParquetTable(path)
    path.write_bytes(whole[:20] + bytes(200) + whole[220:])
    table = ParquetTable(path)
    rows = list(table.rows())
    assert len(rows) < 1000
    assert table.notes


def test_what_spreadsheets_do_to_ids() -> None:
    """Scientific notation is seen, a rounded column is seen, what was put around an id is taken off."""
    assert [clean_id(text) for text in ("<@!123>", "user4242", "123.0", "channel7", "U01AB", "0123")] == [
        "123",
        "4242",
        "123",
        "channel7",
        "U01AB",
        "0123",
    ]
    assert [is_mangled(text) for text in ("1.50489E+18", "1,5E+17", "1E5", "1504887695214316833", "E5", "")] == [
        *[True] * 3,
        *[False] * 3,
    ]
    watch = IdWatch()
    assert watch.usable(["1.50489E+18", ANN]) == [ANN]
    rounded = IdWatch()
    rounded.usable([f"{n}504887695214316000" for n in range(1, 6)])
    assert watch.notes == ["1 ids were turned into 1.2E+17 by a spreadsheet and join nobody"]
    assert rounded.notes == ["all 5 long ids end in 000: a spreadsheet rounded them, and they join nobody"]


def test_a_list_whose_own_ids_were_rounded_is_refused(
    work_for: MakeWork, tmp_path: Path, incident: IncidentFacts
) -> None:
    """Nobody can be told apart by 1.5E+18."""
    source = tmp_path / "members.csv"
    source.write_text("id,email\n1.50489E+18,a@mail.example\n")
    with pytest.raises(BadInput, match="a spreadsheet rounded"):
        load_roster(work_for(incident), source)


def test_a_separate_roster_is_joined_on_the_platforms_id_and_its_losses_are_told(
    work_for: MakeWork, tmp_path: Path, write_chat: Callable[..., Path], incident: IncidentFacts
) -> None:
    """A chat export carries no address, so a list of addresses and platform ids is joined: matched, lost, shared."""
    source = tmp_path / "members.csv"
    source.write_text(
        "email,Discord ID\n"
        f"ann@mail.example,{ANN}\nann2@mail.example,<@{ANN}>\nbo@mail.example,\ncy@mail.example,1.50489E+18\n"
    )
    when = "2026-10-25T00:00:00+00:00"
    chat = write_chat([("1", ANN, when, "hi"), ("2", "9", when, "x"), ("3", "9", when, "y")])
    work = work_for(incident.model_copy(update={"profiles_exposed": Answer.NO}))
    receipt = find_exposures(work, load_roster(work, source), [chat], KEY, 1)
    summary = get_record(work.store, receipt.key, ExposureSummary)
    assert (summary.authors_matched, summary.authors_unmatched, summary.messages_unmatched) == (1, 1, 2)
    assert (summary.members_without_platform_id, summary.platform_ids_shared, summary.affected) == (2, 1, 2)
    assert "2 members have no id of the platform" in summary.scope_note
    assert "turned into 1.2E+17" in summary.coverage[0].reason


def test_a_time_zone_is_evidence_of_a_country() -> None:
    """After the language's region, before the address's domain; UTC is nobody's."""
    by_zone = find_country(Clues(locale="de", addresses=("a@b.nl",), time_zone="America/Sao_Paulo"))
    assert (by_zone.jurisdiction, by_zone.evidence) == ("BR", CountryEvidence.LOCALE)
    assert find_country(Clues(locale="de-AT", time_zone="Europe/Berlin")).jurisdiction == "AT"
    assert find_country(Clues(time_zone="UTC")).evidence is CountryEvidence.NONE


def test_a_table_of_ten_thousand_columns(work_for: MakeWork, tmp_path: Path, incident: IncidentFacts) -> None:
    """It is classified by fewer rows, and read."""
    source = tmp_path / "members.csv"
    header = ["id", "email", *(f"field {n}" for n in range(9_998))]
    rows = [[str(n), f"m{n}@mail.example", *["x"] * 9_998] for n in range(30)]
    with source.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    people, record = people_of(work_for(incident), source)
    assert (len(people), len(record.columns)) == (30, 10_000)


def test_addresses_that_may_be_one_mailbox_are_counted_and_kept_apart(
    work_for: MakeWork, tmp_path: Path, incident: IncidentFacts
) -> None:
    """A +tag, and dots where the host ignores them; letters' case alone is the same address."""
    source = tmp_path / "members.csv"
    hosts = ("ann@mail.example", "ann+forum@mail.example", "a.nn@mail.example", "ANN@Mail.example", "bo@mail.example")
    gmail = tuple(f"{local}@gmail" + ".com" for local in ("c.y", "cy", "c.y+x"))
    source.write_text("id,email\n" + "".join(f"{n},{email}\n" for n, email in enumerate(hosts + gmail)))
    people, record = people_of(work_for(incident), source)
    assert record.alike_addresses == 2 + 3
    assert len({person["member_id"] for person in people}) == 8


def test_a_large_table_takes_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An array of 15 MB in pieces of 256 KiB, a sheet of 40,000 cells: less than 5 MB at once."""
    monkeypatch.setattr(json_stream, "CHUNK", 256 << 10)
    path = tmp_path / "export"
    objects = [{"id": n, "email": f"m{n}@mail.example", "bio": "x" * 900} for n in range(16_000)]
    path.write_text(json.dumps(objects))
    cells = inline("id", "email") + inline("1", "a@mail.example") * 20_000
    tables = (JsonTable(path), XlsxTable(workbook(tmp_path / "a.xlsx", cells)))
    for table, rows in zip(tables, (16_000, 20_000), strict=True):
        tracemalloc.start()
        assert sum(1 for _ in table.rows()) == rows
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 5 << 20
