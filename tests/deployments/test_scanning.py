"""`breach scan` on a folder and on a real S3 server, twice: what is unchanged is not read again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from breach.errors import BadInput
from breach.exposure import survey
from deployments import scanning
from deployments.scanning import scan_named
from deployments.servers.s3 import S3Address, running_s3
from schemas.exposure import DataType, ScanIndex
from tests.breach.exposure.samples import SLACK, zipped

MEMBERS = b"id,email\n1,quiet@mail.example\n2,loud@mail.example\n"
TALK = json.dumps([{"id": "1", "author": "7", "text": "call x@mail.example", "created_at": "2026-10-25T00:00:00Z"}])


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Address]:
    with running_s3(tmp_path_factory.mktemp("s3")) as address:
        address.make_bucket("exports-here")
        yield address


@pytest.fixture
def bucket(s3: S3Address, monkeypatch: pytest.MonkeyPatch) -> S3Address:
    """The bucket with two exports, and the credentials where the command finds them."""
    for name, value in (
        ("AWS_ACCESS_KEY_ID", s3.access_key),
        ("AWS_SECRET_ACCESS_KEY", s3.secret),
        ("AWS_DEFAULT_REGION", s3.region),
        ("AWS_ENDPOINT_URL", s3.endpoint),
    ):
        monkeypatch.setenv(name, value)
    for key, body in (("2026/members.csv", MEMBERS), ("2026/slack.zip", zipped(SLACK))):
        s3.client().put_object(Bucket="exports-here", Key=key, Body=body)
    return s3


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are really read, in order."""
    seen: list[str] = []
    look = survey.recognise

    def watched(source: Path) -> object:
        seen.append(Path(source).name)
        return look(source)

    monkeypatch.setattr(survey, "recognise", watched)
    return seen


def test_an_unchanged_file_is_not_read_again(tmp_path: Path, reading: list[str]) -> None:
    """The second report is the first one; a changed file and a new one are read, a copy is not."""
    folder, index = tmp_path / "exports", tmp_path / "exports" / "index.json"
    folder.mkdir()
    (folder / "members.csv").write_bytes(MEMBERS)
    (folder / "slack.zip").write_bytes(zipped(SLACK))
    first = scan_named([str(folder)], 1, index, None)
    assert set(reading) == {"members.csv", "slack.zip"}
    reading.clear()
    assert scan_named([str(folder)], 1, index, None) == first
    assert reading == []
    (folder / "members.csv").write_bytes(MEMBERS + b"3,new@mail.example\n")
    (folder / "copy.zip").write_bytes((folder / "slack.zip").read_bytes())
    third = scan_named([str(folder)], 1, index, None)
    assert set(reading) == {"members.csv"}
    assert (third.members, third.messages) == (first.members + 1, first.messages)
    kept = index.read_text()
    assert not any(value in kept for value in ("mail.example", "members.csv", "exports", "Ann"))


def test_another_reader_reads_everything_again(
    tmp_path: Path, reading: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index of older code says nothing."""
    (tmp_path / "members.csv").write_bytes(MEMBERS)
    scan_named([str(tmp_path / "members.csv")], 1, tmp_path / "index.json", None)
    reading.clear()
    monkeypatch.setattr(scanning, "CODE", f"{scanning.CODE}, and later")
    scan_named([str(tmp_path / "members.csv")], 1, tmp_path / "index.json", None)
    assert "members.csv" in reading


def test_a_file_that_is_no_index_is_not_written_over(tmp_path: Path) -> None:
    """Somebody names an export as the index: it is refused, and stays."""
    (tmp_path / "members.csv").write_bytes(MEMBERS)
    with pytest.raises(BadInput, match="index is not one"):
        scan_named([str(tmp_path / "members.csv")], 1, tmp_path / "members.csv", None)
    assert (tmp_path / "members.csv").read_bytes() == MEMBERS


def test_a_bucket_is_read_like_a_folder_and_unchanged_objects_are_not_fetched(
    bucket: S3Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same report as of the files; the second time nothing is fetched; a new version of one object is."""
    from blocks.s3_inbox import S3Inbox

    fetched: list[str] = []
    fetch = S3Inbox._fetch

    def watched(self: S3Inbox, name: str, key: str, target: Path, mention: int) -> object:
        fetched.append(key)
        return fetch(self, name, key, target, mention)

    monkeypatch.setattr(S3Inbox, "_fetch", watched)
    folder, index = tmp_path / "exports", tmp_path / "index.json"
    folder.mkdir()
    (folder / "members.csv").write_bytes(MEMBERS)
    (folder / "slack.zip").write_bytes(zipped(SLACK))
    far = scan_named(["s3://exports-here/2026/"], 1, index, None)
    assert far.model_dump(exclude={"coverage"}) == scan_named([str(folder)], 1, None, None).model_dump(
        exclude={"coverage"}
    )
    assert sorted(fetched) == ["2026/members.csv", "2026/slack.zip"]
    fetched.clear()
    assert scan_named(["s3://exports-here/2026"], 1, index, None) == far
    assert fetched == []
    bucket.client().put_object(Bucket="exports-here", Key="2026/members.csv", Body=MEMBERS + b"3,c@mail.example\n")
    assert scan_named(["s3://exports-here/2026/"], 1, index, None).members == far.members + 1
    assert fetched == ["2026/members.csv"]
    assert len(ScanIndex.model_validate_json(index.read_bytes()).files) == 3


def test_one_object_and_a_folder_together(bucket: S3Address, tmp_path: Path) -> None:
    """An object by its key, and a file of this machine, in one report."""
    (tmp_path / "talk.json").write_text(TALK)
    both = scan_named(["s3://exports-here/2026/members.csv", str(tmp_path / "talk.json")], 1, None, None)
    assert (both.members, both.messages) == (2, 1)
    assert both.findings == {DataType.EMAIL: 1}


@pytest.mark.parametrize("name", ["s3://", "s3://exports-here/nothing/", "s3://exports-here/nothing.csv"])
def test_a_place_with_nothing_in_it_is_an_error(bucket: S3Address, name: str) -> None:
    """Never an empty report."""
    with pytest.raises(BadInput, match=r"names no bucket|no file in what was named"):
        scan_named([name], 1, None, None)


def test_progress_is_said_seldom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """At most every five seconds, on the error output."""
    now = [100.0]
    monkeypatch.setattr(scanning.time, "monotonic", lambda: now[0])
    say = scanning.progress_line()
    for done in range(1, 11):
        now[0] += 1.0
        say(done, 10)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "5 of 10 files are read\n10 of 10 files are read\n"
