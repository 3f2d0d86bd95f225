"""Export files are taken into the case as they were, once, with a custody entry for every mention."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from breach.errors import BadInput, Tampered
from breach.evidence import preserve_evidence
from breach.folder_store import FolderStore
from breach.steps import Work
from schemas.evidence import Custody, CustodyEvent, EvidenceManifest
from schemas.incident import Case, Facts, Mode
from schemas.receipt import Receipt

RECORDED = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    (folder / "chat").mkdir(parents=True)
    (folder / "members.csv").write_bytes(b"id,name\n1,x\n")
    (folder / "chat" / "a.json").write_bytes(b"{}")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "case")


def work_at(store: FolderStore, revision: str = "0123456789ab") -> Work:
    # Only the time of recording is read; the rest of the facts has its own tests.
    facts = Facts.model_construct(revision=1, recorded_at=RECORDED, recorded_by="mara", source="form")
    case = Case(case_id="harbor-1", mode=Mode.REHEARSAL, opened_at=RECORDED, opened_by_run="r")
    return Work(store=store, case=case, facts=facts, revision=revision)


def custody(store: FolderStore) -> list[Custody]:
    return [Custody.model_validate_json((store.root / key).read_bytes()) for key in store.keys("custody/")]


def everything(store: FolderStore) -> dict[str, bytes]:
    return {key: (store.root / key).read_bytes() for key in store.keys("")}


def take(work: Work, sources: Sequence[Path], by: str, inbox: Path) -> Receipt:
    """Taken under the names they have in the inbox."""
    return preserve_evidence(work, sources, by, [source.relative_to(inbox).as_posix() for source in sources])


def test_each_file_is_copied_under_its_sha256_and_counted(store: FolderStore, inbox: Path) -> None:
    receipt = take(work_at(store), [inbox / "members.csv", inbox / "chat/a.json"], "mara", inbox)

    name = sha256(b"id,name\n1,x\n").hexdigest()
    assert (store.root / "evidence" / name).read_bytes() == b"id,name\n1,x\n"
    assert receipt.counts == {"files": 2, "bytes": 14}
    assert receipt.key == "evidence/0123456789ab.json"
    assert receipt.digest == sha256((store.root / receipt.key).read_bytes()).hexdigest()


def test_custody_says_what_from_where_by_whom_and_when(store: FolderStore, inbox: Path) -> None:
    take(work_at(store), [inbox / "chat/a.json"], "mara", inbox)

    (entry,) = custody(store)
    assert (entry.name, entry.size, entry.taken_by, entry.at) == ("chat/a.json", 2, "mara", RECORDED)
    assert entry.digest == sha256(b"{}").hexdigest()


def test_a_file_named_twice_is_one_item_with_two_mentions(store: FolderStore, inbox: Path) -> None:
    receipt = take(work_at(store), [inbox / "chat/a.json"] * 2, "mara", inbox)

    manifest = EvidenceManifest.model_validate_json((store.root / receipt.key).read_bytes())
    assert receipt.counts == {"files": 1, "bytes": 2}
    assert [(item.names, item.custody) for item in manifest.items] == [(("chat/a.json", "chat/a.json"), (1, 2))]
    assert [entry.event for entry in custody(store)] == [CustodyEvent.TAKEN, CustodyEvent.FOUND_SAME]


def test_taking_it_again_writes_the_same_bytes(store: FolderStore, inbox: Path) -> None:
    sources = [inbox / "members.csv", inbox / "chat/a.json"]
    first = take(work_at(store), sources, "mara", inbox)
    before = everything(store)

    assert take(work_at(store), sources, "mara", inbox) == first
    assert everything(store) == before


@pytest.mark.parametrize("writes", range(5))
def test_a_kill_after_any_write_and_a_second_run_end_as_if_nothing_had_been(
    store: FolderStore, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    sources = [inbox / "members.csv", inbox / "chat/a.json"]
    whole = FolderStore(tmp_path / "whole")
    take(work_at(whole), sources, "mara", inbox)
    put_new, done = FolderStore.put_new, 0

    def killed(self: FolderStore, key: str, data: bytes) -> str:
        nonlocal done
        if done == writes:
            raise KeyboardInterrupt
        done += 1
        return put_new(self, key, data)

    with monkeypatch.context() as patched:
        patched.setattr(FolderStore, "put_new", killed)
        with pytest.raises(KeyboardInterrupt):
            take(work_at(store), sources, "mara", inbox)
    take(work_at(store), sources, "mara", inbox)

    assert everything(store) == everything(whole)


def test_a_later_revision_finds_the_same_file_and_says_so(store: FolderStore, inbox: Path) -> None:
    take(work_at(store), [inbox / "members.csv"], "mara", inbox)
    take(work_at(store, "ba9876543210"), [inbox / "members.csv"], "jonas", inbox)

    assert [(entry.n, entry.event, entry.taken_by) for entry in custody(store)] == [
        (1, CustodyEvent.TAKEN, "mara"),
        (2, CustodyEvent.FOUND_SAME, "jonas"),
    ]


def test_a_file_that_changed_between_two_runs_of_one_step_is_refused(store: FolderStore, inbox: Path) -> None:
    take(work_at(store), [inbox / "members.csv"], "mara", inbox)
    (inbox / "members.csv").write_bytes(b"other")

    with pytest.raises(Tampered, match="Export file 1 changed"):
        take(work_at(store), [inbox / "members.csv"], "mara", inbox)


def test_evidence_that_was_changed_in_the_store_is_noticed(store: FolderStore, inbox: Path) -> None:
    take(work_at(store), [inbox / "chat/a.json"], "mara", inbox)
    (store.root / "evidence" / sha256(b"{}").hexdigest()).write_bytes(b"forged")

    with pytest.raises(Tampered, match="other bytes"):
        take(work_at(store, "ba9876543210"), [inbox / "chat/a.json"], "mara", inbox)


@pytest.mark.parametrize("name", ["jane.doe@example.org.csv", "chat"])
def test_a_missing_file_or_a_folder_is_named_by_its_place_and_never_by_its_name(
    store: FolderStore, inbox: Path, name: str
) -> None:
    with pytest.raises(BadInput) as caught:
        take(work_at(store), [inbox / "members.csv", inbox / name], "mara", inbox)

    assert "Export file 2" in str(caught.value)
    assert name not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(
    store: FolderStore, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("breach.evidence.LARGEST", 5)

    with pytest.raises(BadInput, match="larger than 2 GiB"):
        take(work_at(store), [inbox / "members.csv"], "mara", inbox)
    assert store.keys("evidence/") == []


def test_an_unreadable_file_is_bad_input(store: FolderStore, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root reads everything, so the refusal of the file system is played.
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(BadInput, match="cannot be read") as caught:
        take(work_at(store), [inbox / "members.csv"], "mara", inbox)
    assert "members" not in str(caught.value)
