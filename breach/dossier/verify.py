#!/usr/bin/env python3
"""Check a dossier: every file, the chain of its chronology, and its books. Needs Python 3.11 or newer, nothing else.

    python verify.py [FOLDER] [--digest DIGEST] [--head N:DIGEST]

FOLDER    the dossier; without it, the folder this file lies in
--digest  the dossier's digest, as it was given to you by another way (it is the SHA-256 of manifest.json)
--head    a head of the chronology that was seen at a gate, in an alert or in a letter, such as 42:9f86d0…

Exit code 0 and a line beginning "verified:" when all holds; 1 and one line per problem when it does not.
A whole folder can be made anew by somebody with every right on the machine, this file included: take verify.py from
a source you trust, and the digest or a head from outside the folder.
"""

import argparse
import csv
import hashlib
import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

FORMAT = 1
MANIFEST = "manifest.json"
CHRONOLOGY = "records/chronology.json"
BOOKS = "records/books.json"
OUTCOMES = "outcomes.csv"
COLUMNS = ["message", "token", "wave", "state", "members"]
GENESIS = "0" * 64
Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


def verify_folder(folder: Path, head: str | None = None, digest: str | None = None) -> list[str]:
    """Every problem found, one readable line each; an empty list when the dossier holds.

    head: "N:DIGEST" kept elsewhere. digest: of the whole dossier, kept elsewhere.
    """
    try:
        raw = (folder / MANIFEST).read_bytes()
    except OSError as error:
        return [f"{MANIFEST} cannot be read ({error.strerror}): this is not a dossier, or not all of it"]
    problems = []
    if digest is not None and hashlib.sha256(raw).hexdigest() != digest.strip().lower():
        problems.append(f"{MANIFEST} does not have the digest you gave: this is another dossier, or it was changed")
    manifest = _object(_parsed(raw))
    if manifest is None or manifest.get("format") != FORMAT:
        return [*problems, f"{MANIFEST} cannot be understood: it was changed, or needs a newer verify.py"]
    problems += _guarded(MANIFEST, lambda: _check_form(raw, manifest))
    problems += _guarded(MANIFEST, lambda: _check_files(folder, manifest))
    problems += _guarded(CHRONOLOGY, lambda: _check_chain(folder, manifest, head))
    problems += _guarded(BOOKS, lambda: _check_books(folder))
    problems += _guarded(OUTCOMES, lambda: _check_outcomes(folder))
    return problems


def _check_form(raw: bytes, manifest: dict[str, Json]) -> Iterator[str]:
    """The manifest has one byte form, so that a blank more or a key twice is seen."""
    if raw != _canonical(manifest):
        yield f"{MANIFEST} is not in the form it was written in: it was changed"


def _check_files(folder: Path, manifest: dict[str, Json]) -> Iterator[str]:
    """Exactly the files of the manifest, each with its size and digest; nothing that points out of the folder."""
    listed: dict[str, dict[str, Json]] = {}
    for item in _list(manifest.get("files")):
        seal = _object(item) or {}
        path = seal.get("path")
        if not isinstance(path, str) or not _inside(path) or path in listed:
            yield f"{MANIFEST} lists a file under a name that cannot be: {path!a}"
        else:
            listed[path] = seal
    found, problems = _walk(folder)
    yield from problems
    for path in sorted(listed.keys() - found):
        yield f"missing: {path!a}"
    for path in sorted(found - listed.keys() - {MANIFEST}):
        yield f"not part of the dossier: {path!a}"
    for path in sorted(listed.keys() & found):
        yield from _check_file(folder, path, listed[path])


def _check_file(folder: Path, path: str, seal: dict[str, Json]) -> Iterator[str]:
    try:
        with (folder / path).open("rb") as file:
            digest, size = hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
    except OSError as error:
        yield f"cannot be read: {path!a} ({error.strerror})"
        return
    if size != seal.get("size") or digest != seal.get("sha256"):
        yield f"changed: {path!a} is not what the manifest seals"


def _walk(folder: Path) -> tuple[set[str], list[str]]:
    """Regular files below the folder, and a problem for everything else that lies there."""
    found: set[str] = set()
    problems: list[str] = []

    def unlisted(error: OSError) -> None:
        problems.append(f"a folder cannot be listed ({error.strerror})")

    for place, folders, files in os.walk(folder, onerror=unlisted):
        for name in sorted([*folders, *files]):
            path = Path(place) / name
            shown = path.relative_to(folder).as_posix()
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode):
                found.add(shown)
            elif not stat.S_ISDIR(mode):
                problems.append(f"not a plain file: {shown!a}; a link could point anywhere")
    return found, problems


def _check_chain(folder: Path, manifest: dict[str, Json], head: str | None) -> Iterator[str]:
    """Every entry names the digest of the one before; the end is the one in the manifest."""
    entries = _list(_read(folder, CHRONOLOGY))
    digests = [GENESIS]
    for n, item in enumerate(entries, start=1):
        entry = _object(item) or {}
        if entry.get("n") != n:
            yield f"chronology: entry {n} is missing or out of place"
        elif entry.get("previous") != digests[-1]:
            yield f"chronology: entry {n} does not follow from entry {n - 1}; one of the two was changed"
        elif entry.get("case_id") != manifest.get("case_id"):
            yield f"chronology: entry {n} belongs to another case"
        digests.append(hashlib.sha256(_canonical(entry)).hexdigest())
    sealed = _object(manifest.get("chronology")) or {}
    if (sealed.get("n"), sealed.get("digest")) != (len(entries), digests[-1]):
        yield "chronology: its end is not the one in the manifest; entries were cut off, added or changed"
    if head is not None:
        number, _, expected = head.strip().partition(":")
        n = int(number) if number.isascii() and number.isdigit() else -1
        if not 0 <= n < len(digests):
            yield f"chronology: there is no entry {number!a}, which the head you gave names"
        elif digests[n] != expected.lower():
            yield f"chronology: entry {n} does not have the digest you gave; the record was rewritten"


def _check_books(folder: Path) -> Iterator[str]:
    """Affected = notified + unreachable + excluded + pending, for every message."""
    for message, item in sorted(_must_be_object(_read(folder, BOOKS)).items()):
        books = _must_be_object(item)
        told, lost, left, open_ = (_count(books, key) for key in ("notified", "unreachable", "excluded", "pending"))
        if _count(books, "affected") != told + lost + left + open_:
            sums = f"{_count(books, 'affected')} affected, but {told} + {lost} + {left} + {open_}"
            yield f"books of {message!a} do not balance: {sums}"
        if _count(books, "presumed") > told or _count(books, "in_doubt") > open_:
            yield f"books of {message!a}: a part is larger than its whole"


def _check_outcomes(folder: Path) -> Iterator[str]:
    """No notice stands twice."""
    seen: set[tuple[str, str]] = set()
    with (folder / OUTCOMES).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True)
        if next(rows, None) != COLUMNS:
            raise ValueError("the columns are not the ones we write")
        for message, token, *_ in rows:
            if (message, token) in seen:
                yield f"outcomes: {token!a} stands twice for {message!a}"
            seen.add((message, token))


def _guarded(path: str, check: Callable[[], Iterator[str]]) -> list[str]:
    """A file somebody has broken is a problem to be named, not a reason to stop."""
    try:
        return list(check())
    except OSError as error:
        return [f"{path} cannot be read ({error.strerror})"]
    except (ValueError, LookupError, TypeError, csv.Error, RecursionError):
        return [f"{path} cannot be understood: it was changed"]


def _read(folder: Path, path: str) -> Json:
    parsed: Json = json.loads((folder / path).read_bytes())
    return parsed


def _parsed(raw: bytes) -> Json:
    try:
        parsed: Json = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return parsed


def _canonical(value: Json) -> bytes:
    """The one byte form that digests are taken of: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path and "\x00" not in path


def _must_be_object(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise TypeError("an object was expected")
    return value


def _object(value: Json) -> dict[str, Json] | None:
    return value if isinstance(value, dict) else None


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise TypeError("a list was expected")
    return value


def _count(record: dict[str, Json], key: str) -> int:
    value = record[key]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{key} is not a count")
    return value


def summary(folder: Path) -> str:
    """The last line of a good check: what was looked at. Only for a folder that has just been verified."""
    raw = (folder / MANIFEST).read_bytes()
    manifest = _object(_parsed(raw)) or {}
    sealed = _object(manifest.get("chronology")) or {}
    return (
        f"verified: {manifest.get('mode')} case {manifest.get('case_id')}, dossier {manifest.get('number')} "
        f"as of {manifest.get('as_of')}: {len(_list(manifest.get('files'))) + 1} files, "
        f"{sealed.get('n')} chronology entries in one chain ending in {sealed.get('digest')}, books balance; "
        f"digest {hashlib.sha256(raw).hexdigest()}"
    )


def main() -> int:
    """Check the folder named on the command line; returns the exit code."""
    about = "Check a dossier: every file, the chain of its chronology, and its books."
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--digest", help="the dossier's digest, from outside this folder")
    parser.add_argument("--head", help="a head of the chronology from outside this folder, as N:DIGEST")
    asked = parser.parse_args()
    problems = verify_folder(asked.folder, asked.head, asked.digest)
    for problem in problems:
        print(f"problem: {problem}")
    print(f"NOT verified: {len(problems)} problems" if problems else summary(asked.folder))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
