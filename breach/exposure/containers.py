"""Archives an operator names: what is safe in them is offered, everything else is counted with its reason.

Nothing is ever unpacked to a disk, so a path that leaves the archive or a symbolic link could do no harm here; they
are refused all the same, because an export of a platform holds none, and the archive is then not what it says.
"""

import stat
import struct
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol, Self

from breach.errors import BadInput
from breach.exposure.metered import PACKED_ERRORS, STATE, allowance, metered

ZIP_MAGIC, GZIP_MAGIC = b"PK\x03\x04", b"\x1f\x8b"
TAR_MARK = slice(257, 262)
MOST_MEMBERS = 500_000
LARGEST_DIRECTORY = 128 << 20
"""Bytes of a zip's table of contents: half a million members with names of 200 characters."""
LARGEST_TAR_NAME = 1 << 20
"""Bytes of a tar's extended header, which tarfile takes into memory as a whole."""
READ_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

AGAIN = "Export it again, or unpack it yourself and name the files in it."
NESTED = ("zip", "gz", "tgz", "tar", "7z", "rar", "bz2", "xz", "zst")


@dataclass(frozen=True, slots=True)
class Entry:
    """One plain file in an archive, by its name there, in slashes."""

    name: str
    size: int

    @property
    def folder(self) -> str:
        """The folder it lies in; '' at the top."""
        return self.name.rpartition("/")[0]

    @property
    def base(self) -> str:
        """Its name without the folder."""
        return self.name.rpartition("/")[2]

    @property
    def nested(self) -> bool:
        """Called like an archive: it is counted, never unpacked."""
        return self.base.rpartition(".")[2].lower() in NESTED


class Archive(Protocol):
    """An archive opened for reading."""

    entries: tuple[Entry, ...]
    refused: Counter[str]
    """Members that are not offered, by reason."""

    def walk(self, wanted: Callable[[Entry], bool]) -> Iterator[tuple[Entry, IO[bytes]]]:
        """Each wanted entry with its unpacked bytes, in a fixed order; read it before going on.

        Raises BadInput for a zip bomb, and PACKED_ERRORS where the archive is damaged.
        """


class ZipArchive:
    """A zip. Entries come in the order of their names, so that two zips of the same files read alike."""

    def __init__(self, path: Path) -> None:
        """Reads the table of contents. Raises BadInput when it is damaged or too large."""
        self.path = path
        self.refused: Counter[str] = Counter()
        self._infos: dict[Entry, zipfile.ZipInfo] = {}
        self._size = path.stat().st_size
        if _directory_size(path) > LARGEST_DIRECTORY:
            raise _refused(path, f"lists more than {MOST_MEMBERS} members")
        try:
            with zipfile.ZipFile(path) as opened:
                infos = opened.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError):
            raise _refused(path, "is a zip archive without a readable table of contents: cut off, or damaged") from None
        if len(infos) > MOST_MEMBERS:
            raise _refused(path, f"holds more than {MOST_MEMBERS} members")
        if sum(info.compress_size for info in infos) > self._size:
            raise _refused(path, "is a zip archive whose members overlap: a zip bomb")
        for info in infos:
            self._take(info)
        self.entries: tuple[Entry, ...] = tuple(sorted(self._infos, key=lambda entry: entry.name))

    def walk(self, wanted: Callable[[Entry], bool]) -> Iterator[tuple[Entry, IO[bytes]]]:
        """As Archive.walk says."""
        with zipfile.ZipFile(self.path) as opened:
            for entry in self.entries:
                if wanted(entry):
                    with _member(opened, self._infos[entry]) as file:
                        yield entry, file

    @contextmanager
    def open(self, entry: Entry) -> Iterator[IO[bytes]]:
        """One entry's bytes."""
        with zipfile.ZipFile(self.path) as opened, _member(opened, self._infos[entry]) as file:
            yield file

    def _take(self, info: zipfile.ZipInfo) -> None:
        name = _mended(info)
        if name.endswith("/"):
            return
        entry = Entry(name, info.file_size)
        why = _why_not_zipped(info, name) or ("the same name a second time" if entry in self._infos else "")
        if why:
            self.refused[why] += 1
        else:
            self._infos[entry] = info


class TarArchive:
    """A tar, plain or gzip. It is read from front to back each time; its order is the file's own."""

    def __init__(self, path: Path, opener: Callable[[Path], AbstractContextManager[IO[bytes]]]) -> None:
        """Reads it through once for the names. Raises BadInput when not even one can be read."""
        self.path, self._opener = path, opener
        self.refused: Counter[str] = Counter()
        self.complete = True
        found: list[Entry] = []
        try:
            for member, _ in self._members():
                why = _why_not_tarred(member)
                if why:
                    self.refused[why] += 1
                elif member.isreg():
                    found.append(Entry(member.name.removeprefix("./"), member.size))
                if len(found) > MOST_MEMBERS:
                    raise _refused(path, f"holds more than {MOST_MEMBERS} members")
        except PACKED_ERRORS:
            self.complete = False
        if not found:
            raise _refused(path, "is a tar archive in which no file can be read")
        self.entries = tuple(found)

    def walk(self, wanted: Callable[[Entry], bool]) -> Iterator[tuple[Entry, IO[bytes]]]:
        """As Archive.walk says."""
        for member, archive in self._members():
            if _why_not_tarred(member) or not member.isreg():
                continue
            entry = Entry(member.name.removeprefix("./"), member.size)
            if wanted(entry):
                file = archive.extractfile(member)
                if file is not None:
                    yield entry, file

    def _members(self) -> Iterator[tuple[tarfile.TarInfo, tarfile.TarFile]]:
        kind: type[_TarInfo] = type("_TarInfo", (_TarInfo,), {})
        with self._opener(self.path) as stream, tarfile.open(fileobj=stream, mode="r|", tarinfo=kind) as archive:
            while (member := archive.next()) is not None:
                # tarfile remembers every member it has seen; a million of them would be a gigabyte.
                archive.members = []  # type: ignore[attr-defined]  # typeshed does not tell of it
                yield member, archive
        # After the first member tarfile takes a wrong header for the end, in silence.
        self.complete = kind.ended


class _TarInfo(tarfile.TarInfo):
    """A member whose extended header is small enough to be taken into memory; a subclass for each reading."""

    ended = False
    """The zero block was seen with which every tar ends."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """A header as tarfile reads it."""
        cls.ended = cls.ended or not any(buf)
        return super().frombuf(buf, encoding, errors)

    def _proc_member(self, tarfile_: tarfile.TarFile) -> tarfile.TarInfo:
        extended = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
        if (
            self.type in (*extended, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
            and self.size > LARGEST_TAR_NAME
        ):
            raise tarfile.ReadError("an extended header of more than a megabyte")
        return super()._proc_member(tarfile_)  # type: ignore[misc,no-any-return]  # typeshed does not tell of it


def said_of(refused: Counter[str]) -> list[str]:
    """Sentences about what was not offered, in a fixed order."""
    return [f"{count} members were not read: {why}" for why, count in sorted(refused.items())]


@contextmanager
def _member(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    try:
        file = opened.open(info)
    except (RuntimeError, NotImplementedError, ValueError, struct.error, OSError):
        # Its own header contradicts the table of contents: another name, a password, a place before the file.
        raise zipfile.BadZipFile("a member that cannot be opened") from None
    with file:
        yield metered(file, info.compress_size, "A member of the archive")


def _mended(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it. Without the UTF-8 flag zipfile reads cp437, and Slack sets no flag."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _why_not_zipped(info: zipfile.ZipInfo, name: str) -> str:
    if not name:
        return "they have no name"
    if _leaves(name):
        return "their path leads out of the archive"
    if stat.S_IFMT(info.external_attr >> 16) == stat.S_IFLNK:
        return "symbolic links"
    if info.flag_bits & 0x1:
        return "encrypted"
    if info.compress_type not in READ_METHODS:
        return "packed by a method that is not read"
    return "zip bombs" if info.file_size > allowance(info.compress_size) else ""


def _why_not_tarred(member: tarfile.TarInfo) -> str:
    if _leaves(member.name):
        return "their path leads out of the archive"
    if member.issym() or member.islnk():
        return "symbolic links"
    return "" if member.isreg() or member.isdir() else "devices or pipes"


def _leaves(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or name[1:2] == ":" or "\x00" in name


def _directory_size(path: Path) -> int:
    """Bytes of the zip's table of contents by its last record (PKWARE APPNOTE 4.3.14 to 4.3.16); 0 when unknown."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return 0
    (directory,) = struct.unpack_from("<I", tail, at + 12)
    large = tail.rfind(b"PK\x06\x06", 0, at)
    if large >= 0 and len(tail) >= large + 48:
        (directory,) = struct.unpack_from("<Q", tail, large + 40)
    return int(directory)


def _refused(path: Path, what: str) -> BadInput:
    return BadInput(f"The archive {path.name!r} {what}.", STATE, AGAIN)
