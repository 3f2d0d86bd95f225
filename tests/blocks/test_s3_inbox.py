"""Exports in a bucket: streamed to a private place, fixed by digest and ETag, and read from nowhere else."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prefect_aws import AwsCredentials

from blocks import S3Inbox
from breach.errors import BadInput, Conflict
from breach.folder_store import FolderStore
from deployments.servers.s3 import S3Address
from schemas.evidence import Origin

LARGE = bytes(range(256)) * 20_000  # 5 MB: five parts


@pytest.fixture
def inbox(s3: S3Address, credentials: Callable[..., AwsCredentials]) -> S3Inbox:
    client = s3.client()
    client.put_object(Bucket="plain-cases", Key="exports/2026/members.csv", Body=LARGE)
    client.put_object(Bucket="plain-cases", Key="exports/chat.json", Body=b"{}")
    client.put_object(Bucket="plain-cases", Key="private/members.csv", Body=b"not for this case")
    return S3Inbox(credentials=credentials(), bucket="plain-cases", prefix="exports")


def test_exports_lie_as_files_and_their_origin_is_known(inbox: S3Inbox, s3: S3Address) -> None:
    """In the order of the names, the same name once; ETag and version are the bucket's own."""
    members, chat = "s3://plain-cases/exports/2026/members.csv", "s3://plain-cases/exports/chat.json"
    with inbox.fetched([members, chat, members]) as files:
        (one, origin), (two, _), again = files
        assert one.read_bytes() == LARGE
        assert two.read_bytes() == b"{}"
        assert again == files[0]
        for private in (one, one.parent):
            assert private.stat().st_mode & 0o077 == 0

    head = s3.client().head_object(Bucket="plain-cases", Key="exports/2026/members.csv")
    assert origin == Origin(
        name=members,
        etag=head["ETag"],
        version=head["VersionId"],
        size=len(LARGE),
        digest=hashlib.sha256(LARGE).hexdigest(),
    )
    assert not one.parent.exists()


@pytest.mark.parametrize(
    "name",
    [
        "s3://plain-cases/private/members.csv",
        "s3://plain-cases/exports/../private/members.csv",
        "s3://plain-cases/exports-of-others/x.csv",
        "s3://plain-cases/exports/",
        "s3://other-bucket/exports/chat.json",
        "exports/chat.json",
        "s3://",
    ],
)
def test_nothing_is_read_from_anywhere_else(inbox: S3Inbox, name: str) -> None:
    """The worker may be allowed to read more than the people who fill in the form."""
    with pytest.raises(BadInput, match="Export file 2 is named"), inbox.fetched(["s3://plain-cases/exports/c", name]):
        pass


def test_an_export_that_is_not_there_is_named_by_its_place(inbox: S3Inbox) -> None:
    """A name can hold anything, so it is not quoted."""
    names = ["s3://plain-cases/exports/chat.json", "s3://plain-cases/exports/zq9.csv"]
    with (
        pytest.raises(BadInput, match="Export file 2 of the facts is not in the bucket") as refused,
        inbox.fetched(names),
    ):
        pass
    assert "zq9" not in str(refused.value)


def test_where_evidence_came_from_is_written_once(inbox: S3Inbox, tmp_path: Path) -> None:
    """The same version again is the same record; another version of the same name is another."""
    store = FolderStore(tmp_path)
    with inbox.fetched(["s3://plain-cases/exports/chat.json"]) as files:
        origin = files[0][1]
    key = inbox.record(store, origin)

    assert inbox.record(store, origin) == key
    assert inbox.record(store, origin.model_copy(update={"etag": '"other"'})) != key
    assert len(store.keys("evidence/origins/")) == 2
    with pytest.raises(Conflict):
        store.put_new(key, b"x")


def test_a_name_says_which_inbox_it_means() -> None:
    """Everything else is a file of the folder."""
    assert S3Inbox.is_named("s3://plain-cases/exports/chat.json")
    assert not S3Inbox.is_named("exports/s3://chat.json")


@pytest.mark.parametrize("character", ["\n", "\x00", "\x1b", "\x7f", "\u2028", "\ud800"])
def test_a_name_that_no_record_can_hold_is_refused_unread(
    inbox: S3Inbox, character: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is downloaded, in our sentence."""
    monkeypatch.setattr(S3Inbox, "_fetch", lambda *_: pytest.fail("was downloaded"))
    with (
        pytest.raises(BadInput, match="cannot be written") as refused,
        inbox.fetched([f"s3://plain-cases/exports/zq9{character}.csv"]),
    ):
        pass
    assert "zq9" not in str(refused.value)


def test_a_name_longer_than_a_file_s_is_read(inbox: S3Inbox, s3: S3Address) -> None:
    """S3 takes 1,024 bytes as a key; a file system takes 255 as a name."""
    key = f"exports/{'m' * 300}.csv"
    s3.client().put_object(Bucket="plain-cases", Key=key, Body=b"long")
    with inbox.fetched([f"s3://plain-cases/{key}"]) as ((path, origin),):
        assert path.read_bytes() == b"long"
        assert origin.name.endswith(key)


def test_hidden_objects_are_passed_over(inbox: S3Inbox, s3: S3Address) -> None:
    """As in the folder: what begins with a dot, and all that lies below it."""
    for key in (".DS_Store", "deep/.cache/1.json", "deep/1.json"):
        s3.client().put_object(Bucket="plain-cases", Key=f"exports/hidden/{key}", Body=b"{}")
    assert inbox.names_below("s3://plain-cases/exports/hidden/") == ["s3://plain-cases/exports/hidden/deep/1.json"]


def test_objects_that_cannot_be_named_are_counted(inbox: S3Inbox, s3: S3Address) -> None:
    """To leave them out would leave members out."""
    for key in ("1\x01.json", "2\n.json", "3.json"):
        s3.client().put_object(Bucket="plain-cases", Key=f"exports/odd/{key}", Body=b"{}")
    with pytest.raises(BadInput, match=r"^2 objects below .* Rename these objects"):
        inbox.names_below("s3://plain-cases/exports/odd/")


def test_an_empty_part_of_a_key_cannot_be_named(inbox: S3Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Amazon keeps such keys; the server of the tests does not, so its answer is played."""
    keys = ["exports/a//1.json", "exports/a/b//", "exports/a/2.json"]
    pages: Any = SimpleNamespace(paginate=lambda **_: [{"Contents": [{"Key": key} for key in keys]}])
    monkeypatch.setattr("blocks.s3_inbox.client_for", lambda _: SimpleNamespace(get_paginator=lambda _: pages))
    with pytest.raises(BadInput, match=r"^1 objects below"):
        inbox.names_below("s3://plain-cases/exports/a/")
