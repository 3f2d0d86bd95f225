"""The S3 for tests and demonstrations: started twice beside itself, stopped, and found again with what it kept."""

import socket
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from deployments.servers.s3 import S3Address, running_s3


def listens(address: S3Address) -> bool:
    port = int(address.endpoint.rpartition(":")[2])
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_two_run_beside_each_other_and_leave_nothing(tmp_path: Path) -> None:
    """At ports of their own, each with its own keys and buckets; afterwards nobody listens."""
    with running_s3(tmp_path / "one") as one, running_s3(tmp_path / "two") as two:
        one.make_bucket("harbor-cases")
        assert one.endpoint != two.endpoint
        assert one.secret not in repr(one)
        assert two.client().list_buckets()["Buckets"] == []
        stranger = S3Address(one.endpoint, two.access_key, two.secret)
        with pytest.raises(ClientError, match="InvalidAccessKeyId"):
            stranger.client().list_buckets()

    assert not listens(one)
    assert not listens(two)
    assert not list(Path("/tmp").glob(f"seaweedfs-*-{one.endpoint.rpartition(':')[2]}.sock"))  # noqa: S108


def test_the_next_start_finds_what_was_kept(tmp_path: Path) -> None:
    """At other ports and with other keys; making the bucket again changes nothing, versions and lock are still on."""
    with running_s3(tmp_path) as first:
        first.make_bucket("harbor-cases", lock=True)
        first.client().put_object(Bucket="harbor-cases", Key="a/case.json", Body=b"{}")
    with running_s3(tmp_path) as second:
        second.make_bucket("harbor-cases", lock=True)
        client = second.client()
        assert client.get_object(Bucket="harbor-cases", Key="a/case.json")["Body"].read() == b"{}"
        assert client.get_bucket_versioning(Bucket="harbor-cases")["Status"] == "Enabled"
        lock = client.get_object_lock_configuration(Bucket="harbor-cases")["ObjectLockConfiguration"]
        assert lock["ObjectLockEnabled"] == "Enabled"


def test_no_bucket_appears_by_itself(tmp_path: Path) -> None:
    """A wrong name in a block must fail here as it does at Amazon."""
    with running_s3(tmp_path) as address, pytest.raises(ClientError, match="NoSuchBucket"):
        address.client().put_object(Bucket="harbor-cases", Key="a", Body=b"x")


def test_a_server_that_cannot_start_says_where_to_look(tmp_path: Path) -> None:
    """Its folder is no folder it can write its data to."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "filerldb2").write_text("in the way")

    with pytest.raises(RuntimeError, match=r"seaweedfs\.log"), running_s3(tmp_path):
        pass
