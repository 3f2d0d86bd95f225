"""Anybody can check a dossier with Python alone, and any change to it is found."""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from breach.dossier.build import build_dossier
from breach.dossier.verify import verify_folder
from breach.folder_store import FolderStore
from schemas.dossier import DossierSources
from schemas.incident import Case

FILES = (
    "history/0001.json", "history/0002.json", "index.html", "manifest.json", "outcomes.csv",
    "records/approvals.json", "records/attempts.json", "records/books.json", "records/case.json",
    "records/chronology.json", "records/conclusions.json", "records/containment.json", "records/counsel.json",
    "records/custody.json", "records/duties.json", "records/duty-changes.json",
    "records/exposure.json", "records/facts.json", "records/filings.json", "records/halts.json", "records/lifted.json",
    "records/lists.json", "records/notices.json", "records/papers.json", "records/plans.json",
    "records/receipts.json", "records/severity.json", "records/texts.json", "verify.py",
)  # fmt: skip


def digest_of(dossier: Path) -> str:
    return sha256((dossier / "manifest.json").read_bytes()).hexdigest()


def reseal(dossier: Path, path: str, content: object) -> None:
    """What somebody with every right on the machine would do: change a file and the manifest with it."""
    data = json.dumps(content).encode() if not isinstance(content, bytes) else content
    (dossier / path).write_bytes(data)
    manifest = json.loads((dossier / "manifest.json").read_bytes())
    for seal in manifest["files"]:
        if seal["path"] == path:
            seal.update(size=len(data), sha256=sha256(data).hexdigest())
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (dossier / "manifest.json").write_bytes(text.encode())


def test_a_fresh_dossier_verifies_also_with_its_digest_and_every_head(dossier: Path) -> None:
    entries = json.loads((dossier / "records/chronology.json").read_bytes())

    assert verify_folder(dossier, None, digest_of(dossier)) == []
    for entry in entries[1:]:
        assert verify_folder(dossier, f"{entry['n'] - 1}:{entry['previous']}") == []


def test_the_sample_holds_exactly_the_files_that_are_damaged_below(dossier: Path) -> None:
    found = sorted(path.relative_to(dossier).as_posix() for path in dossier.rglob("*") if path.is_file())

    assert found == list(FILES)


@pytest.mark.parametrize("path", FILES)
def test_one_changed_byte_in_any_file_is_found(dossier: Path, path: str) -> None:
    digest, data = digest_of(dossier), bytearray((dossier / path).read_bytes())
    for place in (0, len(data) // 2, len(data) - 1):
        changed = bytearray(data)
        changed[place] ^= 1
        (dossier / path).write_bytes(changed)

        assert verify_folder(dossier, None, digest) != []
        if path != "manifest.json":
            assert any(path in problem for problem in verify_folder(dossier))


@pytest.mark.parametrize("path", FILES)
def test_a_file_taken_away_or_renamed_is_found(dossier: Path, path: str) -> None:
    digest = digest_of(dossier)
    (dossier / path).rename(dossier / "renamed.txt")
    renamed = verify_folder(dossier, None, digest)
    (dossier / "renamed.txt").unlink()

    assert any(path in problem for problem in renamed)
    assert any(path in problem for problem in verify_folder(dossier, None, digest))


@pytest.mark.parametrize(
    "name", ["extra.txt", "records/extra.json", ".hidden", "records/a\x1b[2J\nverified: all", "new/x"]
)
def test_a_file_added_anywhere_is_found_and_its_name_cannot_write_on_the_terminal(dossier: Path, name: str) -> None:
    (dossier / name).parent.mkdir(exist_ok=True)
    (dossier / name).write_bytes(b"")

    (problem,) = verify_folder(dossier)
    assert problem.startswith("not part of the dossier: ")
    assert problem.isprintable()


@pytest.mark.parametrize("target", ["/etc/passwd", "case.json", "."])
def test_a_link_is_found_wherever_it_points(dossier: Path, target: str) -> None:
    (dossier / "records/link").symlink_to(target)

    assert verify_folder(dossier) == ["not a plain file: 'records/link'; a link could point anywhere"]


def test_a_file_replaced_by_a_link_to_the_same_bytes_is_found(dossier: Path, tmp_path: Path) -> None:
    shutil.move(dossier / "records/case.json", tmp_path / "outside.json")
    (dossier / "records/case.json").symlink_to(tmp_path / "outside.json")

    assert any("not a plain file" in problem for problem in verify_folder(dossier))


def test_a_pipe_does_not_hang_the_check(dossier: Path) -> None:
    os.mkfifo(dossier / "records/pipe")

    assert verify_folder(dossier) == ["not a plain file: 'records/pipe'; a link could point anywhere"]


@pytest.mark.parametrize("path", ["../outside", "/etc/hostname", "a/../../x", "records\\case.json", "", 5, None])
def test_a_manifest_that_names_a_file_outside_is_refused(dossier: Path, path: object) -> None:
    manifest = json.loads((dossier / "manifest.json").read_bytes())
    manifest["files"].append({"path": path, "size": 0, "sha256": "0" * 64})
    (dossier / "manifest.json").write_text(
        json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    )

    assert any("name that cannot be" in problem for problem in verify_folder(dossier))


@pytest.mark.parametrize("n", [1, 9, 27, 28])
def test_an_entry_rewritten_together_with_the_manifest_is_found_by_the_chain(dossier: Path, n: int) -> None:
    entries = json.loads((dossier / "records/chronology.json").read_bytes())
    entries[n - 1]["text"] = "Nothing happened."
    reseal(dossier, "records/chronology.json", entries)

    (problem,) = verify_folder(dossier)
    assert f"entry {n + 1} does not follow" in problem if n < 28 else "its end is not the one" in problem


@pytest.mark.parametrize("change", ["delete", "swap", "cut"])
def test_entries_deleted_swapped_or_cut_off_are_found(dossier: Path, change: str) -> None:
    entries = json.loads((dossier / "records/chronology.json").read_bytes())
    if change == "delete":
        del entries[10]
    elif change == "swap":
        entries[10], entries[11] = entries[11], entries[10]
    else:
        entries = entries[:-1]
    reseal(dossier, "records/chronology.json", entries)

    assert any(problem.startswith("chronology: ") for problem in verify_folder(dossier))


def test_a_whole_record_made_anew_is_found_only_by_a_head_or_digest_from_outside(
    store: FolderStore, case: Case, sources: DossierSources, dossier: Path
) -> None:
    old_digest, old = digest_of(dossier), sources.chronology[4]
    shorter = sources.model_copy(update={"chronology": sources.chronology[:4]})
    build_dossier(store, case, shorter, case.opened_at, 2)
    forged = store.root / "dossier/0002"

    assert verify_folder(forged) == []
    assert any("another dossier" in problem for problem in verify_folder(forged, None, old_digest))
    assert any("no entry" in problem for problem in verify_folder(forged, f"{old.n}:{old.previous}"))
    assert any("rewritten" in problem for problem in verify_folder(forged, f"4:{'0' * 64}"))


@pytest.mark.parametrize("head", ["", "x", "4", "-1:00", "99999:00", "²:00", "9" * 5000 + ":0"])
def test_a_head_that_makes_no_sense_is_a_problem_and_not_a_pass(dossier: Path, head: str) -> None:
    assert len(verify_folder(dossier, head)) == 1


@pytest.mark.parametrize(
    "changed",
    [{"affected": 1001}, {"pending": 7}, {"presumed": 931}, {"in_doubt": 7}, {"notified": -1}, {"excluded": True}],
)
def test_books_that_do_not_balance_are_found_though_the_seal_fits(dossier: Path, changed: dict[str, object]) -> None:
    books = json.loads((dossier / "records/books.json").read_bytes())
    books["notice"].update(changed)
    reseal(dossier, "records/books.json", books)

    assert len(verify_folder(dossier)) == 1


def test_a_notice_that_stands_twice_is_found_though_the_seal_fits(dossier: Path) -> None:
    data = (dossier / "outcomes.csv").read_bytes()
    reseal(dossier, "outcomes.csv", data + data.splitlines(keepends=True)[-1])

    (problem,) = verify_folder(dossier)
    assert "stands twice" in problem


@pytest.mark.parametrize("path", ["records/chronology.json", "records/books.json", "outcomes.csv", "manifest.json"])
@pytest.mark.parametrize(
    "data", [b"", b"null", b"[[[", b'{"a":"\\ud800"}', b"\xff\xfe", b"[" * 100_000, b'[{"n":NaN}]']
)
def test_rubbish_in_any_file_is_a_problem_and_never_a_crash(dossier: Path, path: str, data: bytes) -> None:
    reseal(dossier, path, data) if path != "manifest.json" else (dossier / path).write_bytes(data)

    assert len(verify_folder(dossier)) >= 1


def test_a_folder_that_is_no_dossier_is_said_to_be_none(tmp_path: Path) -> None:
    assert "this is not a dossier" in verify_folder(tmp_path)[0]
    assert "this is not a dossier" in verify_folder(tmp_path / "nowhere")[0]


def run(script: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    # -I: no site-packages of the user, no PYTHONPATH, no current folder on the path.
    return subprocess.run(
        [sys.executable, "-I", str(script), *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_the_copy_in_the_dossier_runs_alone_from_an_empty_folder(dossier: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    answer = run(dossier / "verify.py", "--digest", digest_of(dossier), cwd=empty)

    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("verified: rehearsal case rehearsal-harbor-night-watch, dossier 1 ")
    assert f"digest {digest_of(dossier)}" in answer.stdout
    assert verify_folder(dossier) == []


def test_the_verifier_imports_only_the_standard_library(dossier: Path) -> None:
    lines = (dossier / "verify.py").read_text(encoding="utf-8").splitlines()
    imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}

    assert imported <= sys.stdlib_module_names


def test_a_damaged_dossier_ends_with_exit_code_1_and_a_line_for_each_problem(dossier: Path, tmp_path: Path) -> None:
    (dossier / "records/case.json").unlink()
    (dossier / "more").write_bytes(b"")
    answer = run(dossier / "verify.py", str(dossier), cwd=tmp_path)

    assert answer.returncode == 1
    assert answer.stdout.splitlines() == [
        "problem: missing: 'records/case.json'",
        "problem: not part of the dossier: 'more'",
        "NOT verified: 2 problems",
    ]
