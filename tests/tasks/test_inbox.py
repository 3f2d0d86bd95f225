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
from blocks.case_store import FolderCaseStore
from breach.digest import digest_bytes
from breach.errors import BadInput, StoreBusy
from breach.folder_store import FolderStore
from breach.store import put_record
from deployments.servers.s3 import S3Address, running_s3
from schemas.evidence import EvidenceItem, EvidenceManifest
from schemas.incident import IncidentFacts
from schemas.receipt import Chapter, Receipt
from tasks import assessment
from tasks.desk import Desk
from tasks.inbox import as_files, exports_of, files_of, names_of, said_names

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
    stores = FolderCaseStore(root=str(tmp_path))
    root = SimpleNamespace(inbox=str(tmp_path / "inbox"), bucket_inbox=lambda: bucket, store=lambda: stores)
    ref = SimpleNamespace(case_id="case-of-test")
    return cast(Desk, SimpleNamespace(root=root, store=FolderStore(tmp_path / "case-of-test"), ref=ref))


def incident(roster: str, *contents: str) -> IncidentFacts:
    return IncidentFacts.model_construct(roster_export=roster, content_exports=contents)


def test_folder_and_bucket_are_read_side_by_side(desk: Desk) -> None:
    """In the order of the facts; the bucket's copy is gone afterwards, and its origin is in the case."""
    names = names_of(desk, incident(FAR, "./chat.json"))
    assert names == [FAR, "chat.json"]
    with exports_of(desk, names, {}) as exports, as_files(desk, exports, {}) as (roster, chat):
        assert (roster.read_bytes(), chat.read_bytes()) == (b"id\n1\n", b"{}")
    assert not roster.exists()
    assert chat.exists()
    (origin,) = desk.store.keys("evidence/origins/")
    held = desk.store.get(origin)
    assert held is not None
    assert digest_bytes(b"id\n1\n").encode() in held.data


def preserved(desk: Desk, name: str) -> dict[str, str]:
    """What `preserve-evidence` leaves of one export: its bytes in the case, and its digest under its name."""
    with exports_of(desk, [name], {}) as exports, as_files(desk, exports, {}) as (file,):
        desk.store.put_new(f"evidence/{exports.digests[name]}", file.read_bytes())
        return exports.digests


def no_fetching(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The inbox still says which ETag is there, and gives nothing out."""

    def refuse(*_: object) -> None:
        raise AssertionError("fetched again")

    monkeypatch.setattr(S3Inbox, "_fetch", refuse)


def test_the_first_run_fetches_and_no_other(desk: Desk, s3: S3Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version is the digest of the bytes: at first, unchanged, uploaded again, and removed after preservation."""
    one = digest_bytes(b"id\n1\n")
    with exports_of(desk, [FAR], {}) as exports:
        assert exports.digests == {FAR: one}
    kept = preserved(desk, FAR)
    no_fetching(desk, monkeypatch)
    with exports_of(desk, [FAR], kept) as exports, as_files(desk, exports, kept) as (file,):
        assert (exports.digests, file.read_bytes()) == ({FAR: one}, b"id\n1\n")
    with exports_of(desk, [FAR], {}) as exports:
        assert exports.digests == {FAR: one}, "a killed run wrote the origin and no receipt"
    s3.client().delete_object(Bucket="exports-here", Key="harbor/members.csv")
    with exports_of(desk, [FAR], kept) as exports, as_files(desk, exports, kept) as (file,):
        assert (exports.digests, file.read_bytes()) == ({FAR: one}, b"id\n1\n"), "new facts need its bytes again"


def test_another_object_under_the_name_is_another_version(desk: Desk, s3: S3Address) -> None:
    """Its bytes count: uploaded anew in two parts the same bytes have another ETag, and are the same version."""
    kept = preserved(desk, FAR)
    client = s3.client()
    before = client.head_object(Bucket="exports-here", Key="harbor/members.csv")["ETag"]
    upload = client.create_multipart_upload(Bucket="exports-here", Key="harbor/members.csv")["UploadId"]
    named = {"Bucket": "exports-here", "Key": "harbor/members.csv", "UploadId": upload}
    part = client.upload_part(**named, PartNumber=1, Body=b"id\n1\n")["ETag"]
    client.complete_multipart_upload(**named, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part}]})
    assert client.head_object(Bucket="exports-here", Key="harbor/members.csv")["ETag"] != before
    with exports_of(desk, [FAR], kept) as exports:
        assert exports.digests == kept
    client.delete_object(Bucket="exports-here", Key="harbor/members.csv")
    with exports_of(desk, [FAR], kept) as exports:
        assert exports.digests == kept, "two origins of the same bytes, and neither is there"

    client.put_object(Bucket="exports-here", Key="harbor/members.csv", Body=b"id\n2\n")
    with exports_of(desk, [FAR], kept) as exports, as_files(desk, exports, kept) as (file,):
        assert exports.digests == {FAR: digest_bytes(b"id\n2\n")}
        assert file.read_bytes() == b"id\n2\n"


def test_an_object_replaced_meanwhile_is_tried_again(desk: Desk, s3: S3Address) -> None:
    """Other bytes would be written under the step that stands for the first ones."""
    with exports_of(desk, [FAR], {}):
        pass  # a run that was killed here: the origin is known, nothing is preserved
    with exports_of(desk, [FAR], {}) as exports:
        s3.client().put_object(Bucket="exports-here", Key="harbor/members.csv", Body=b"id\n2\n")
        with pytest.raises(StoreBusy, match="were replaced"), as_files(desk, exports, {}):
            pass


def test_an_object_that_never_was_there_is_refused(desk: Desk) -> None:
    """Nothing was preserved of it, so there is nothing to go on with."""
    with pytest.raises(BadInput, match="not in the bucket"), exports_of(desk, [f"{FAR}.old"], {}):
        pass


def test_a_file_that_was_preserved_and_removed_is_read_from_the_case(desk: Desk) -> None:
    """A tidied inbox stops nobody, also when new facts make the step be done again."""
    kept = preserved(desk, "chat.json")
    (Path(desk.root.inbox) / "chat.json").unlink()
    with exports_of(desk, ["chat.json"], kept) as exports, as_files(desk, exports, kept) as (file,):
        assert exports.digests == kept
        assert file.read_bytes() == b"{}"


def test_a_folder_stands_for_everything_below_it(desk: Desk, s3: S3Address) -> None:
    """Of the inbox and of the bucket, sorted; what was preserved and is gone since stays; hidden files do not count."""
    inbox = Path(desk.root.inbox)
    for name in ("chat/b.json", "chat/deep/a.json", "chat/.hidden", "chat/.git/x.json"):
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(b"{}")
    (inbox / "chat" / "outside.json").symlink_to("/etc/hostname")
    for key in (
        "harbor/chat/2.json",
        "harbor/chat/1.json",
        "harbor/chat-of-others/3.json",
        "harbor/chat/",
        "harbor/chat/.git/4.json",
    ):
        s3.client().put_object(Bucket="exports-here", Key=key, Body=b"{}")
    names = names_of(desk, incident("chat.json", "chat/", "s3://exports-here/harbor/chat/"))
    near = ["chat.json", "chat/b.json", "chat/deep/a.json"]
    far = ["s3://exports-here/harbor/chat/1.json", "s3://exports-here/harbor/chat/2.json"]
    assert files_of(desk, names, []) == near + far
    assert far[0] in files_of(desk, names_of(desk, incident("chat.json", "s3://exports-here/harbor/")), [])
    shutil.rmtree(inbox / "chat")
    assert files_of(desk, names, ["chat/b.json", "chat-of-others.json"]) == ["chat.json", "chat/b.json", *far]
    with pytest.raises(BadInput, match="is empty"):
        files_of(desk, names, [])


@pytest.mark.parametrize("name", ["s3://exports-here/harbor/", "chat/"])
def test_the_member_list_is_no_folder(desk: Desk, name: str) -> None:
    """A folder has no first file that could be told from the others."""
    with pytest.raises(BadInput, match="it is one file"):
        names_of(desk, incident(name, FAR))


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


def test_what_is_preserved_needs_no_bucket(desk: Desk) -> None:
    """Somebody empties the block after the exports were taken: the case holds them, and goes on."""
    cast(Any, desk.root).bucket_inbox = lambda: None
    said = incident(FAR, "s3://exports-here/harbor/")
    assert said_names(desk, said) == [FAR, "s3://exports-here/harbor/"]

    items = [
        EvidenceItem(digest=digit * 64, size=1, names=(name,), custody=(n,))
        for n, (digit, name) in enumerate([("b", "s3://exports-here/harbor/chat.json"), ("a", FAR)], start=1)
    ]
    digest = put_record(desk.store, "evidence/x.json", EvidenceManifest(items=tuple(items)))
    receipt = Receipt(
        case_id="case-of-test", chapter=Chapter.PRESERVE, revision="0" * 12, key="evidence/x.json", digest=digest
    )
    roster, *contents = assessment._preserved(desk, receipt, [said.roster_export, *said.content_exports])
    assert roster == f"evidence/{'a' * 64}"
    assert f"evidence/{'b' * 64}" in contents
