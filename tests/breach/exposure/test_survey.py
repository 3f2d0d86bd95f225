"""A look at exports before there is a case: what they are, how much is in them, and never a value of it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from breach.errors import BadInput
from breach.exposure.survey import survey
from schemas.exposure import DataType
from tests.breach.exposure.samples import SLACK, zipped

ROOT = Path(__file__).resolve().parents[3]
WHEN = "2026-10-25T00:00:00+00:00"


@pytest.fixture
def folder(tmp_path: Path, write_chat: Callable[..., Path], write_users: Callable[..., Path]) -> Path:
    """A member list, a channel, a workspace, and the same channel once more."""
    write_users([{"id": "1", "email": "quiet@mail.example"}, {"id": "2"}])
    chat = write_chat([("1", "7", WHEN, "x@mail.example, 4111 1111 1111 1111"), ("2", "7", WHEN, "hi")])
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "copy.json").write_bytes(chat.read_bytes())
    (tmp_path / "inner" / "slack.zip").write_bytes(zipped(SLACK))
    return tmp_path


def test_every_file_has_its_line(folder: Path) -> None:
    """Folders are walked, copies count once, an export that holds both is read for both; any number of workers."""
    report = survey([folder], workers=1)
    assert sorted((line.kind, line.scanned, line.records) for line in report.coverage) == [
        ("discord chat exporter json", "fully", 2),
        ("discourse user list", "fully", 2),
        ("slack export", "partly", 3),
        ("slack export", "partly", 5),
    ]
    assert (report.members, report.messages) == (5, 7)
    assert report.findings == {DataType.EMAIL: 2, DataType.PAYMENT_CARD: 1}
    assert not report.complete
    assert survey([folder], workers=2) == report
    assert all(line.recognised for line in report.coverage)


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A path that does not exist, and a folder without a file."""
    with pytest.raises(BadInput, match="does not exist"):
        survey([tmp_path / "nowhere"], 1)
    with pytest.raises(BadInput, match="There is no file"):
        survey([tmp_path], 1)


def test_a_zip_with_a_member_list_and_messages(
    tmp_path: Path, write_chat: Callable[..., Path], write_users: Callable[..., Path]
) -> None:
    """The list in it is counted as one, and is no file that could not be read."""
    users, chat = write_users([{"id": "1", "email": "a@mail.example"}]), write_chat([("1", "7", WHEN, "hi")])
    pack = tmp_path / "pack.zip"
    pack.write_bytes(zipped({"u.csv": users.read_bytes(), "c.json": chat.read_bytes()}))
    report = survey([pack], 1)
    assert (report.members, report.messages, report.complete) == (1, 1, True)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line, in a process of its own."""
    program = "import sys; from deployments.cli import main; sys.argv[0] = 'breach'; main()"
    return subprocess.run(
        [sys.executable, "-c", program, "scan", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_prints_no_value_and_tells_by_its_exit_whether_all_was_read(folder: Path) -> None:
    """1 when something was not read, 0 when that is accepted or all was; the report is the same."""
    told = run(str(folder), "--json", "--workers", "1")
    assert told.returncode == 1
    assert all(line.endswith("files are read") for line in told.stderr.splitlines())  # on a busy machine
    report = json.loads(told.stdout)
    assert report["findings"] == {"email address": 2, "payment card number": 1}
    assert not any(value in told.stdout for value in ("mail.example", "4111", "Ann", "U01AB", "night"))
    accepted = run(str(folder), "--accept-partial", "--workers", "1")
    assert accepted.returncode == 0
    assert "5 members, 7 messages; found: 2 × email address, 1 × payment card number." in accepted.stdout
    assert run(str(folder / "members.csv")).returncode == 0
    missing = run(str(folder / "nowhere.csv"))
    assert missing.returncode == 1
    assert "does not exist" in missing.stderr
