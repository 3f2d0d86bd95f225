"""Exports in a bucket: streamed to a private place, fixed by digest and ETag, and read from nowhere else."""

import hashlib
from collections.abc import Callable
from pathlib import Path

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
        for private in (one, one.parent, one.parent.parent):
            assert private.stat().st_mode & 0o077 == 0

    head = s3.client().head_object(Bucket="plain-cases", Key="exports/2026/members.csv")
    assert origin == Origin(
        name=members,
        etag=head["ETag"],
        version=head["VersionId"],
        size=len(LARGE),
        digest=hashlib.sha256(LARGE).hexdigest(),
    )
    assert not one.parent.parent.exists()


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
