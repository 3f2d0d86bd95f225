"""Exports from the inbox folder and from a bucket, side by side, on a real S3 server."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prefect_aws import AwsCredentials
from prefect_aws.client_parameters import AwsClientParameters

from blocks import S3Inbox
from breach.digest import digest_bytes
from breach.errors import BadInput
from breach.folder_store import FolderStore
from deployments.servers.s3 import S3Address, running_s3
from schemas.incident import IncidentFacts
from tasks.desk import Desk
from tasks.inbox import as_files, files_of, names_of, versions

FAR = "s3://exports-here/harbor/members.csv"


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Address]:
    with running_s3(tmp_path_factory.mktemp("s3")) as address:
        address.make_bucket("exports-here")
        yield address


@pytest.fixture
def desk(s3: S3Address, tmp_path: Path) -> Desk:
    """The inbox has chat.json, the bucket has the member list."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "chat.json").write_bytes(b"{}")
    s3.client().put_object(Bucket="exports-here", Key="harbor/members.csv", Body=b"id\n1\n")
    credentials = AwsCredentials(
        aws_access_key_id=s3.access_key,
        aws_secret_access_key=s3.secret,
        region_name=s3.region,
        aws_client_parameters=AwsClientParameters(endpoint_url=s3.endpoint),
    )
    bucket = S3Inbox(credentials=credentials, bucket="exports-here", prefix="harbor")
    root = SimpleNamespace(inbox=str(tmp_path / "inbox"), bucket_inbox=lambda: bucket)
    return cast(Desk, SimpleNamespace(root=root, store=FolderStore(tmp_path / "case")))


def incident(roster: str, *contents: str) -> IncidentFacts:
    return IncidentFacts.model_construct(roster_export=roster, content_exports=contents)


def test_folder_and_bucket_are_read_side_by_side(desk: Desk) -> None:
    """In the order of the facts; the bucket's copy is gone afterwards, and its origin is in the case."""
    names = names_of(desk, incident(FAR, "./chat.json"))
    assert names == [FAR, "chat.json"]
    with as_files(desk, names) as (roster, chat):
        assert (roster.read_bytes(), chat.read_bytes()) == (b"id\n1\n", b"{}")
    assert not roster.exists()
    assert chat.exists()
    (origin,) = desk.store.keys("evidence/origins/")
    held = desk.store.get(origin)
    assert held is not None
    assert digest_bytes(b"id\n1\n").encode() in held.data


def test_an_object_that_has_not_changed_is_the_same_version(desk: Desk, s3: S3Address) -> None:
    """Another object under the same name is another version; without reading either."""
    before = versions(desk, [FAR], {})
    assert versions(desk, [FAR], {}) == before
    s3.client().put_object(Bucket="exports-here", Key="harbor/members.csv", Body=b"id\n2\n")
    assert versions(desk, [FAR], {}) != before


def test_an_object_that_was_preserved_and_removed_is_still_the_version_preserved(desk: Desk, s3: S3Address) -> None:
    """A tidied bucket stops nobody; one that was never preserved has no version."""
    before = versions(desk, [FAR], {})
    with as_files(desk, [FAR]):
        pass
    s3.client().delete_object(Bucket="exports-here", Key="harbor/members.csv")
    assert versions(desk, [FAR], {FAR: digest_bytes(b"id\n1\n")}) == before
    assert versions(desk, [FAR], {}) != before
    with pytest.raises(BadInput, match="not in the bucket"), as_files(desk, [FAR]):
        pass


def test_a_folder_stands_for_everything_below_it(desk: Desk, s3: S3Address) -> None:
    """Of the inbox and of the bucket, sorted; what was preserved and is gone since stays; hidden files do not count."""
    inbox = Path(desk.root.inbox)
    for name in ("chat/b.json", "chat/deep/a.json", "chat/.hidden"):
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(b"{}")
    (inbox / "chat" / "outside.json").symlink_to("/etc/hostname")
    for key in ("harbor/chat/2.json", "harbor/chat/1.json", "harbor/chat-of-others/3.json", "harbor/chat/"):
        s3.client().put_object(Bucket="exports-here", Key=key, Body=b"{}")
    names = names_of(desk, incident("chat.json", "chat/", "s3://exports-here/harbor/chat/"))
    near = ["chat.json", "chat/b.json", "chat/deep/a.json"]
    far = ["s3://exports-here/harbor/chat/1.json", "s3://exports-here/harbor/chat/2.json"]
    assert files_of(desk, names, []) == near + far
    assert far[0] in files_of(desk, names_of(desk, incident("s3://exports-here/harbor/")), [])
    shutil.rmtree(inbox / "chat")
    assert files_of(desk, names, ["chat/b.json", "chat-of-others.json"]) == ["chat.json", "chat/b.json", *far]
    with pytest.raises(BadInput, match="is empty"):
        files_of(desk, names, [])


@pytest.mark.parametrize("name", ["s3://exports-here/private/x.csv", "s3://elsewhere/harbor/x.csv", "../x.csv"])
def test_a_name_outside_the_inbox_is_refused(desk: Desk, name: str) -> None:
    """Before anything is read."""
    with pytest.raises(BadInput):
        names_of(desk, incident(name))


def test_a_bucket_needs_to_be_connected(desk: Desk) -> None:
    """The sentence names the block to make."""
    cast(Any, desk.root).bucket_inbox = lambda: None
    with pytest.raises(BadInput, match=r"Inbox \(S3\)"):
        names_of(desk, incident(FAR))
