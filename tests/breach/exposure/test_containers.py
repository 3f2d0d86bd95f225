"""Archives: what is safe is offered, everything else is counted with its reason, and nothing unpacks without end."""

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breach.errors import BadInput
from breach.exposure import containers, metered
from breach.exposure.assess import find_exposures
from breach.exposure.containers import TarArchive, ZipArchive
from breach.exposure.metered import PACKED_ERRORS, Metered
from breach.exposure.opening import open_contents
from breach.exposure.recognise import Format, recognise
from breach.exposure.roster import load_roster
from breach.exposure.sources import open_source
from breach.steps import Work
from breach.store import get_record
from schemas.exposure import ExposureSummary
from schemas.incident import IncidentFacts

KEY = b"k" * 32
DURING = "2026-10-25T00:00:00+00:00"


def read_all(archive: ZipArchive | TarArchive) -> dict[str, bytes]:
    return {entry.name: file.read() for entry, file in archive.walk(lambda _: True)}


def zip_of(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_what_does_not_belong_into_an_export_is_refused_and_counted(tmp_path: Path) -> None:
    """Paths that leave the archive, links, members behind a password, other methods, doubles; the rest is offered."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("good/a.json", b"[]")
        for name in ("../../etc/passwd", "/etc/passwd", "C:\\x", "a/../../b"):
            archive.writestr(name, b"x")
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr(zipfile.ZipInfo("packed.lzma"), b"x" * 99, compress_type=zipfile.ZIP_LZMA)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("good/a.json", b"{}")
    opened = ZipArchive(path)
    assert [entry.name for entry in opened.entries] == ["good/a.json"]
    assert opened.refused == {
        "their path leads out of the archive": 4,
        "symbolic links": 1,
        "packed by a method that is not read": 1,
        "the same name a second time": 1,
    }
    assert read_all(opened) == {"good/a.json": b"[]"}


def test_a_member_behind_a_password_is_counted(tmp_path: Path) -> None:
    """Bit 0 of the general purpose flag (PKWARE APPNOTE 4.4.4), in both of its headers."""
    data = bytearray(zip_of(tmp_path / "a.zip", {"a.json": b"[]"}).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    opened = ZipArchive(tmp_path / "a.zip")
    assert (opened.entries, opened.refused) == ((), {"encrypted": 1})


def test_names_without_the_utf8_flag_are_mended(tmp_path: Path) -> None:
    """Slack writes UTF-8 names and sets no flag; a name that is no UTF-8 stays as zipfile reads it, in cp437."""
    path = zip_of(tmp_path / "a.zip", {"AAAAAAAAA/2020-01-01.json": b"[]", "B.json": b"[]"})
    path.write_bytes(path.read_bytes().replace(b"A" * 9, "général".encode()).replace(b"B.json", b"\x82.json"))
    assert [entry.name for entry in ZipArchive(path).entries] == ["général/2020-01-01.json", "é.json"]


def test_a_zip_bomb_is_refused_before_and_while_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what its directory says, by what comes out of gzip, and when its members share their bytes."""
    monkeypatch.setattr(metered, "FREE", 1 << 20)
    bomb = zip_of(tmp_path / "bomb.zip", {"a.json": bytes(30 << 20)})
    assert ZipArchive(bomb).refused == {"zip bombs": 1}
    packed = tmp_path / "bomb.gz"
    packed.write_bytes(gzip.compress(bytes(30 << 20)))
    with open_source(packed) as file, pytest.raises(BadInput, match="zip bomb"):
        list(iter(lambda: file.read(1 << 20), b""))


def test_members_that_overlap_are_a_bomb(tmp_path: Path) -> None:
    """Many entries that point to one kernel of bytes, as in Fifield's bomb of 2019."""
    kernel = zip_of(tmp_path / "one.zip", {"a.json": b"x" * 500}, zipfile.ZIP_STORED).read_bytes()
    at = kernel.index(b"PK\x01\x02")
    local, central = kernel[:at], kernel[at : kernel.index(b"PK\x05\x06")]
    directory = b"".join(central.replace(b"a.json", f"{n:06d}".encode()) for n in range(50))
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 50, 50, len(directory), len(local), 0)
    (tmp_path / "many.zip").write_bytes(local + directory + end)
    with pytest.raises(BadInput, match="overlap"):
        ZipArchive(tmp_path / "many.zip")


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the size of the table of contents before it is read, and by their number."""
    path = zip_of(tmp_path / "a.zip", {f"{n}": b"" for n in range(50)})
    monkeypatch.setattr(containers, "LARGEST_DIRECTORY", 2000)
    with pytest.raises(BadInput, match="lists more than"):
        ZipArchive(path)
    monkeypatch.setattr(containers, "LARGEST_DIRECTORY", 1 << 20)
    monkeypatch.setattr(containers, "MOST_MEMBERS", 49)
    with pytest.raises(BadInput, match="holds more than 49 members"):
        ZipArchive(path)


@pytest.mark.parametrize("packed", [False, True])
def test_a_tar_is_read_front_to_back_and_its_cut_is_seen(tmp_path: Path, packed: bool) -> None:
    """Links and ways out are counted; a tar that ends before its zero block is not complete."""
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w:gz" if packed else "w") as archive:
        for name, data in (("x/realm.json", b"{}"), ("../out", b"x"), ("x/b.json", b"y" * 20_000)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("x/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    opened = TarArchive(path, open_source)
    assert opened.complete
    assert opened.refused == {"their path leads out of the archive": 1, "symbolic links": 1}
    assert read_all(opened) == {"x/realm.json": b"{}", "x/b.json": b"y" * 20_000}
    whole = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    cut = whole[: whole.index(b"x/b.json") + 9000]
    path.write_bytes(gzip.compress(cut) if packed else cut)
    assert not TarArchive(path, open_source).complete


def test_a_tar_whose_extended_header_wants_all_memory_is_refused(tmp_path: Path) -> None:
    """A header that says it has 8 GiB of attributes is not taken into memory."""
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, 8 << 30
    path = tmp_path / "a.tar"
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(4096))
    with pytest.raises(BadInput, match="no file can be read"):
        TarArchive(path, open_source)


def test_a_zip_of_exports_is_looked_at_file_by_file(
    tmp_path: Path,
    work_for: Callable[[IncidentFacts], Work],
    write_users: Callable[..., Path],
    write_chat: Callable[..., Path],
    incident: IncidentFacts,
) -> None:
    """Each part has its line: a chat read, a nested archive and a picture not; the member list comes out of a zip."""
    users = zip_of(tmp_path / "users.zip", {"u.csv": write_users([{"id": "1", "username": "ann"}]).read_bytes()})
    chat = write_chat([("1", "1", DURING, "x@mail.example")]).read_bytes()
    inner = zip_of(tmp_path / "inner.zip", {"b.json": chat}).read_bytes()
    pack = zip_of(tmp_path / "pack.zip", {"a.json": chat, "b.zip": inner, "c.png": b"\x89PNG..", "../d": b""})
    assert recognise(pack).format is Format.PARTS
    work = work_for(incident)
    receipt = find_exposures(work, load_roster(work, users), [pack], KEY, 1)
    summary = get_record(work.store, receipt.key, ExposureSummary)
    assert [(one.kind, one.scanned, one.reason) for one in summary.coverage] == [
        ("discourse user list", "fully", ""),
        ("archive of export files", "not", "1 members were not read: their path leads out of the archive"),
        ("discord chat exporter json", "fully", ""),
        ("not recognised", "not", "It is an archive within an archive"),
        ("not recognised", "not", "The format is not known: it looks like an image, 6 bytes"),
    ]
    assert (summary.findings, summary.messages_in_scope, receipt.counts["files"]) == (1, 1, 1)


def test_a_file_that_changes_while_it_is_read_is_said(
    work_for: Callable[[IncidentFacts], Work],
    write_users: Callable[..., Path],
    write_chat: Callable[..., Path],
    incident: IncidentFacts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its digest and its findings may then be of two different files."""
    chat = write_chat([("1", "1", DURING, "hello")])

    def growing(path: Path, digest: str) -> object:
        yield from open_contents(path, digest)
        with path.open("ab") as file:
            file.write(b" ")

    monkeypatch.setattr("breach.exposure.scan.open_contents", growing)
    work = work_for(incident)
    receipt = find_exposures(work, load_roster(work, write_users([{"id": "1"}])), [chat], KEY, 1)
    line = get_record(work.store, receipt.key, ExposureSummary).coverage[1]
    assert (line.scanned, line.reason) == ("partly", "the file changed while it was read")


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_change_of_bytes_breaks_an_archive(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Cut anywhere, any bytes overwritten: entries, or a sentence, or the errors that readers know."""
    path = tmp_path_factory.getbasetemp() / "fuzzed.bin"
    as_tar = data.draw(st.booleans())
    if as_tar:
        with tarfile.open(path, "w:gz" if data.draw(st.booleans()) else "w") as archive:
            info = tarfile.TarInfo("é" * 60 + "/a.json")
            info.size = 2
            archive.addfile(info, io.BytesIO(b"[]"))
    else:
        zip_of(path, {"a/b.json": b"[1, 2]" * 9, "c.txt": b"", "é": b"x"})
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole[: data.draw(st.integers(1, len(whole)))])
    try:
        read_all(TarArchive(path, open_source) if as_tar else ZipArchive(path))
    except (BadInput, *PACKED_ERRORS, tarfile.TarError):
        pass


def test_the_meter_counts_what_was_skipped() -> None:
    """Seeking forward does not lead past the allowance."""
    file = Metered(io.BytesIO(bytes(100)), 0, "It")
    assert file.seek(50) == 50
    with pytest.raises(BadInput, match="zip bomb"):
        file.seek(metered.FREE + 1)
