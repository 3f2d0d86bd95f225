"""Makes a corpus: `python -m benchmarks.corpus.generate 20MB FOLDER`. The same arguments, the same bytes."""

import argparse
import csv
import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.corpus.exports import CHANNELS, FORMS, Clock, channel_of
from benchmarks.corpus.members import Members
from benchmarks.corpus.messages import Chatter

SEED = 20_261_122
VERSION = 2
"""Counted up when the same arguments would give other bytes."""
BYTES_A_MEMBER = 10_000
"""So 20 MB come from 2,000 members."""
MANIFEST = "manifest.json"
TRUTH = ("file", "record", "author", "kind", "form", "start", "end", "canonical")
"""Columns of truth.tsv; start and end are characters of the message's content."""
MEMBER_COLUMNS = ("id", "username", "name", "email", "discord id", "country")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make: bytes of export files, or a number of messages when that is not 0."""

    form: str
    size: int
    messages: int = 0
    members: int = 0
    seed: int = SEED

    @property
    def name(self) -> str:
        """A folder's name that holds everything the bytes depend on."""
        amount = f"{self.messages}-messages" if self.messages else f"{self.size}-bytes"
        return f"{self.form}-{amount}-{self.count_of_members}-members-{self.seed}-v{VERSION}"

    @property
    def count_of_members(self) -> int:
        """Members who write."""
        return self.members or max(100, self.size // BYTES_A_MEMBER)


@dataclass(frozen=True, slots=True)
class Corpus:
    """What was made. Sizes in bytes; planted: values in the truth."""

    folder: Path
    plan: Plan
    messages: int
    content_bytes: int
    file_bytes: int
    planted: int
    digest: str

    @property
    def exports(self) -> list[Path]:
        """The export files, the largest first."""
        found = (self.folder / "exports").iterdir()
        return sorted(found, key=lambda path: (-path.stat().st_size, path.name))

    @property
    def truth(self) -> Path:
        """The table of what stands where."""
        return self.folder / "truth.tsv"

    @property
    def roster(self) -> Path:
        """The member list."""
        return self.folder / "members.csv"


def size_of(text: str) -> int:
    """Bytes of '20MB', '2GB' or a number; decimal units. Raises ValueError for anything else."""
    found = re.fullmatch(r"(\d+)\s*(|B|KB|MB|GB)", text.strip().upper())
    if found is None:
        raise ValueError(f"{text!r} is no size: write 20MB, 200MB or 2GB")
    return int(found[1]) * {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}[found[2]]


def generate(plan: Plan, folder: Path) -> Corpus:
    """Writes exports/, members.csv, truth.tsv and manifest.json into an empty or missing folder."""
    (folder / "exports").mkdir(parents=True)
    members = Members(plan.seed, plan.count_of_members)
    _write_members(members, folder / "members.csv")
    kind = FORMS[plan.form]
    paths = [folder / "exports" / f"{name}{kind.suffix}" for name in CHANNELS]
    exports = [kind(path, number) for number, path in enumerate(paths)]
    clock, written, content, planted, count = Clock(), 0, 0, 0, 0
    with (folder / "truth.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(TRUTH)
        for message in Chatter(plan.seed, members):
            if (count >= plan.messages) if plan.messages else (written >= plan.size):
                break
            channel = channel_of(message.channel)
            before = exports[channel].written
            record = exports[channel].add(message, *clock.at(message.number))
            written += exports[channel].written - before
            content += len(message.text.encode())
            count += 1
            for one in message.truth:
                planted += 1
                table.writerow(
                    (
                        paths[channel].name,
                        record,
                        message.author.id,
                        one.kind,
                        one.form,
                        one.start,
                        one.end,
                        one.canonical,
                    )
                )
    for export in exports:
        export.close()
    total = sum(path.stat().st_size for path in paths)
    made = Corpus(
        folder, plan, count, content, total, planted, _digest([*paths, folder / "members.csv", folder / "truth.tsv"])
    )
    fields = asdict(made) | {"folder": folder.name}
    (folder / MANIFEST).write_text(json.dumps(fields, indent=2) + "\n", encoding="utf-8")
    return made


def corpus_at(plan: Plan, home: Path) -> Corpus:
    """The corpus of a plan below home; made when it is not there yet. A half-made one is made anew."""
    folder = home / plan.name
    if not (folder / MANIFEST).exists():
        _forget(folder)
        return generate(plan, folder)
    return open_corpus(folder)


def open_corpus(folder: Path) -> Corpus:
    """A corpus that was made before."""
    held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Corpus(**(held | {"folder": folder, "plan": Plan(**held["plan"])}))


def _forget(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()
    if folder.exists():
        folder.rmdir()


def _write_members(members: Members, target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(MEMBER_COLUMNS)
        for one in members:
            table.writerow((one.roster_id, one.handle, one.name, one.email, one.id, one.country))


def _digest(paths: list[Path]) -> str:
    """SHA-256 over the files' names and digests."""
    whole = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            whole.update(f"{path.name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()


def main() -> None:
    """One corpus; prints its manifest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", help="bytes of the export files: 20MB, 200MB, 2GB")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--form", choices=tuple(FORMS), default="json")
    parser.add_argument("--messages", type=int, default=0, help="that many messages, whatever their size")
    parser.add_argument("--members", type=int, default=0)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    plan = Plan(asked.form, size_of(asked.size), asked.messages, asked.members, asked.seed)
    made = corpus_at(plan, asked.folder)
    print((made.folder / MANIFEST).read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
