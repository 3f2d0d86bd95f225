"""The bucket as a case store: lost answers, digests, encryption, locks, refusals in our words, and silent logs."""

import io
import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from prefect_aws import AwsCredentials
from prefect_aws.client_parameters import AwsClientParameters
from pydantic import ValidationError

from blocks import S3CaseStore
from blocks.s3.client import client_for
from breach.errors import BadInput, BreachError, Conflict, StoreBusy, Tampered
from breach.store import CaseStore
from deployments.servers.s3 import S3Address
from tests.blocks.conftest import LossyProxy

CASE = "harbor-1"
SECRET = "zq9secretsecret"
MEMBER = b"ann@mail.example wrote: zq9membertext"
BucketStore = Callable[..., S3CaseStore]


def versions(s3: S3Address, block: S3CaseStore, key: str) -> list[str]:
    full = f"{block.prefix}/{CASE}/{key}"
    found = s3.client().list_object_versions(Bucket=block.bucket, Prefix=full).get("Versions", [])
    return [one["VersionId"] for one in found]


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_lost_answer_is_no_lost_write(bucket_store: BucketStore, lossy: LossyProxy, s3: S3Address, lost: int) -> None:
    """However many answers are lost (of three attempts), the write succeeds once and the object is there once."""
    block = bucket_store(lossy.endpoint)
    lossy.lose = lost
    etag = block.open(CASE).put_new("chronology/00000001.json", b"entry")

    assert lossy.lost == [200, 412, 412][:lost]
    assert len(versions(s3, block, "chronology/00000001.json")) == 1
    held = bucket_store().open(CASE).get("chronology/00000001.json")
    assert held is not None
    assert (held.data, held.etag) == (b"entry", etag)


@pytest.mark.usefixtures("no_waiting")
def test_a_lost_answer_of_a_replacement_is_no_lost_write(
    bucket_store: BucketStore, lossy: LossyProxy, s3: S3Address
) -> None:
    """Also for put_if: two versions, the first and this one."""
    block = bucket_store(lossy.endpoint)
    store = block.open(CASE)
    first = store.put_new("current.json", b"1")
    lossy.lose = 1
    second = store.put_if("current.json", b"2", first)

    assert len(versions(s3, block, "current.json")) == 2
    held = store.get("current.json")
    assert held is not None
    assert (held.data, held.etag) == (b"2", second)


@pytest.mark.usefixtures("no_waiting")
def test_a_write_whose_answer_was_lost_is_ours_even_when_replaced_since(
    bucket_store: BucketStore, lossy: LossyProxy
) -> None:
    """Another writer built on our version before we could ask: we wrote, and the tag we get is our version's."""
    direct, store = bucket_store().open(CASE), bucket_store(lossy.endpoint).open(CASE)
    first = store.put_new("current.json", b"1")

    def replaced_by_another() -> None:
        held = direct.get("current.json")
        assert held is not None
        direct.put_if("current.json", b"3", held.etag)

    lossy.lose, lossy.then = 1, replaced_by_another
    second = store.put_if("current.json", b"2", first)

    with pytest.raises(Conflict):
        store.put_if("current.json", b"4", second)
    held = store.get("current.json")
    assert held is not None
    assert held.data == b"3"


@pytest.mark.usefixtures("no_waiting")
def test_a_lost_refusal_stays_a_refusal(bucket_store: BucketStore, lossy: LossyProxy) -> None:
    """The key held another writer's object of the very same bytes: losing the answer does not make it ours."""
    bucket_store().open(CASE).put_new("updates/001/claim.json", b"claim")
    lossy.lose = 1

    with pytest.raises(Conflict):
        bucket_store(lossy.endpoint).open(CASE).put_new("updates/001/claim.json", b"claim")
    assert lossy.lost == [412]


def test_bytes_that_do_not_fit_their_digest_are_not_read(bucket_store: BucketStore, s3: S3Address) -> None:
    """Somebody wrote past the store: with the old digest, or with none."""
    block = bucket_store()
    store = block.open(CASE)
    for key, metadata in (("a", {"sha256": "0" * 64}), ("b", {})):
        s3.client().put_object(Bucket=block.bucket, Key=f"{block.prefix}/{CASE}/{key}", Body=b"x", Metadata=metadata)

        with pytest.raises(Tampered, match=f"^{key} in the case store"):
            store.get(key)
        with pytest.raises(Tampered), block.files(CASE, [key]):
            pass


def test_files_are_gone_after_they_were_read(bucket_store: BucketStore) -> None:
    """Also when the reader fails."""
    block = bucket_store()
    block.open(CASE).put_new("evidence/one", MEMBER)
    seen: list[Path] = []

    def read() -> None:
        with block.files(CASE, ["evidence/one"]) as folder:
            seen.append(folder)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        read()
    assert not seen[0].exists()


def test_each_write_asks_for_encryption_and_carries_its_checksum(bucket_store: BucketStore, s3: S3Address) -> None:
    """AES256 unless the block says none; SHA-256 of "hello" as RFC 4648 base64 of the digest that sha256sum prints."""
    for encryption, said in (("AES256", "AES256"), ("none", None)):
        block = bucket_store(encryption=encryption)
        block.open(CASE).put_new(f"law/{encryption}", b"hello")
        head = s3.client().head_object(
            Bucket=block.bucket, Key=f"{block.prefix}/{CASE}/law/{encryption}", ChecksumMode="ENABLED"
        )

        assert head.get("ServerSideEncryption") == said
        assert head["ChecksumSHA256"] == "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
        assert head["Metadata"]["sha256"] == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def test_the_record_is_locked_and_members_rows_are_not(bucket_store: BucketStore, s3: S3Address) -> None:
    """Nobody, not even with the server's own keys, deletes a locked version; a member's row is deleted when asked."""
    block, client = bucket_store(bucket="locked-cases", lock_days=30), s3.client()
    for key in ("chronology/00000001.json", "roster/abc/people.parquet"):
        block.open(CASE).put_new(key, b"x")
    entry, rows = (f"{block.prefix}/{CASE}/{key}" for key in ("chronology/00000001.json", "roster/abc/people.parquet"))
    (locked,), (free,) = (versions(s3, block, key) for key in ("chronology/00000001.json", "roster/abc/people.parquet"))

    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(Bucket=block.bucket, Key=entry, VersionId=locked, BypassGovernanceRetention=True)
    client.delete_object(Bucket=block.bucket, Key=rows, VersionId=free)

    kept = client.get_object_retention(Bucket=block.bucket, Key=entry)["Retention"]
    days = kept["RetainUntilDate"] - datetime.now(UTC)
    assert kept["Mode"] == "COMPLIANCE"
    assert timedelta(days=29, hours=23) < days <= timedelta(days=30)
    assert versions(s3, block, "roster/abc/people.parquet") == []


REFUSALS = [
    (404, "NoSuchBucket", (BadInput, "The bucket of the case store is not there")),
    (403, "AccessDenied", (BadInput, "does not allow the worker")),
    (403, "InvalidAccessKeyId", (BadInput, "does not allow the worker")),
    (400, "ExpiredToken", (BadInput, "have run out")),
    (403, "RequestTimeTooSkewed", (BadInput, "clock")),
    (503, "SlowDown", (StoreBusy, "busy")),
    (500, "InternalError", (StoreBusy, "fault")),
    (409, "ConditionalRequestConflict", (StoreBusy, "Other writers|busy")),
    (400, "KMS.DisabledException", (BadInput, "refused")),
    (400, f"Odd-{SECRET}", (BadInput, "refused")),
]


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize(("status", "code", "expected"), REFUSALS, ids=[one[1][:20] for one in REFUSALS])
def test_what_s3_refuses_is_said_in_three_sentences(
    bucket_store: BucketStore, lossy: LossyProxy, status: int, code: str, expected: tuple[type[BreachError], str]
) -> None:
    """A human is asked where a human must act, the rest may be tried again; the server's own text is not quoted."""
    kind, said = expected
    store = bucket_store(lossy.endpoint).open(CASE)
    lossy.answer_instead = (status, code)

    for attempt in (
        lambda: store.put_new("a/b", MEMBER),
        lambda: store.put_if("a/b", MEMBER, '"x"'),
        lambda: store.get("a/b"),
        lambda: store.keys("a/"),
    ):
        with pytest.raises(kind, match=said) as refused:
            attempt()
        assert refused.value.state
        assert refused.value.next_step
        shown = "".join(traceback.format_exception(refused.value))
        assert "zq9" not in shown


@pytest.mark.usefixtures("no_waiting")
def test_a_server_that_is_not_there_is_worth_another_try(bucket_store: BucketStore) -> None:
    """Nothing listens at port 9 of this machine."""
    block = bucket_store("http://127.0.0.1:9")

    for attempt in (lambda: block.open(CASE).put_new("a", b"x"), lambda: block.open(CASE).get("a"), block.cases):
        with pytest.raises(StoreBusy, match="could not be reached"):
            attempt()


def test_a_real_server_s_refusals_are_told_apart(
    bucket_store: BucketStore, credentials: Callable[..., AwsCredentials]
) -> None:
    """A bucket that is not there, a key nobody knows, and a signature made with another secret."""
    for block, said in (
        (bucket_store(bucket="no-such-bucket"), "bucket of the case store is not there"),
        (bucket_store(credentials=credentials(key="UNKNOWN")), "InvalidAccessKeyId"),
        (bucket_store(credentials=credentials(secret=SECRET)), "SignatureDoesNotMatch"),
    ):
        for attempt in (
            lambda block=block: block.open(CASE).put_new("a", b"x"),
            lambda block=block: block.open(CASE).get("a"),
            block.cases,
        ):
            with pytest.raises(BadInput, match=said) as refused:
                attempt()
            assert SECRET not in str(refused.value)


@pytest.mark.parametrize("endpoint", [f"no address {SECRET}", f"ftp//{SECRET}"])
def test_an_endpoint_that_is_no_address_is_not_quoted(bucket_store: BucketStore, endpoint: str) -> None:
    """It can hold a password."""
    with pytest.raises(BadInput) as refused:
        bucket_store(endpoint).open(CASE)
    assert SECRET not in "".join(traceback.format_exception(refused.value))


def test_no_log_holds_what_was_asked_or_answered(bucket_store: BucketStore) -> None:
    """With the root logger at DEBUG no key, signature or body is logged; without our precaution, they would be."""
    heard = io.StringIO()
    root, level = logging.getLogger(), logging.getLogger().level
    handler = logging.StreamHandler(heard)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    talkative = [logging.getLogger(name) for name in ("botocore", "botocore.endpoint", "urllib3.connectionpool")]

    def use(store: CaseStore, key: str) -> str:
        store.put_new(key, MEMBER)
        assert store.get(key) is not None
        with pytest.raises(Conflict):
            store.put_new(key, MEMBER)
        assert store.keys("zq9") != []
        return heard.getvalue()

    try:
        for logger in talkative:
            logger.setLevel(logging.DEBUG)
        assert use(bucket_store().open(CASE), "zq9evidence/one") == ""

        store = bucket_store().open(CASE)
        for logger in talkative:
            logger.setLevel(logging.DEBUG)
        loud = use(store, "zq9evidence/two")
        assert "zq9evidence/two" in loud
        assert "Authorization" in loud
        assert "<ListBucketResult" in loud
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        bucket_store().open(CASE)  # quiet again


def test_waiting_times_and_attempts_are_bounded(bucket_store: BucketStore) -> None:
    """Five seconds to connect, sixty of silence, three attempts, and the bucket in the path of one's own server."""
    config = client_for(bucket_store().credentials).meta.config

    assert (config.connect_timeout, config.read_timeout) == (5, 60)
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}
    assert config.s3 == {"addressing_style": "path"}


def test_a_block_shows_no_secret(bucket_store: BucketStore) -> None:
    """Neither the key's secret nor a session's token, which the credentials block itself would print."""
    credentials = AwsCredentials(
        aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key=SECRET, aws_session_token=f"{SECRET}-token"
    )
    assert SECRET not in repr(bucket_store(credentials=credentials)) + str(bucket_store(credentials=credentials))

    with pytest.raises(ValidationError) as refused:
        S3CaseStore(credentials={"aws_secret_access_key": [SECRET]}, bucket=SECRET.upper())
    assert SECRET.lower() not in str(refused.value).lower()


@pytest.mark.parametrize(
    "fields",
    [
        {"bucket": "UPPER"},
        {"bucket": "a/b"},
        {"prefix": "/x"},
        {"prefix": "x/"},
        {"prefix": "a/../b"},
        {"encryption": "aes"},
        {"kms_key_id": "k"},
        {"lock_days": -1},
    ],
)
def test_a_block_that_cannot_work_is_refused(bucket_store: BucketStore, fields: dict[str, object]) -> None:
    """When it is saved, not in an emergency."""
    with pytest.raises(ValidationError):
        bucket_store(**fields)


def test_a_bucket_fit_for_cases_passes_every_check(bucket_store: BucketStore, s3: S3Address) -> None:
    """Each check is a sentence, and the objects of the checks are gone afterwards, with all versions."""
    block = bucket_store(bucket="locked-cases", lock_days=30)
    checks = block.checks()

    assert [check.name for check in checks if check.ok] == [
        "bucket", "versioning", "encryption", "conditional put", "public access", "object lock",
    ]  # fmt: skip
    assert len(checks) == 6
    left = s3.client().list_object_versions(Bucket=block.bucket, Prefix=f"{block.prefix}/.checks/")
    assert "Versions" not in left
    assert "DeleteMarkers" not in left
    assert block.cases() == []


def test_a_bucket_without_versions_or_lock_fails_these_checks(bucket_store: BucketStore, s3: S3Address) -> None:
    """And says what to do; a bucket that is not there ends the checks at the first."""
    s3.client().create_bucket(Bucket="unversioned")
    checks = {check.name: check for check in bucket_store(bucket="unversioned", lock_days=1).checks()}

    assert {name for name, check in checks.items() if not check.ok} == {"versioning", "object lock"}
    assert "Switch it on" in checks["versioning"].sentence
    (only,) = bucket_store(bucket="no-such-bucket").checks()
    assert (only.name, only.ok) == ("bucket", False)


def test_what_one_server_lacks_is_tried_with_another(bucket_store: BucketStore) -> None:
    """Moto knows the public access block and the header for KMS keys, SeaweedFS does not."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        credentials = AwsCredentials(
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name="us-east-1",
            aws_client_parameters=AwsClientParameters(endpoint_url=f"http://{host}:{port}"),
        )
        client = client_for(credentials)
        client.create_bucket(Bucket="plain-cases")
        block = bucket_store(credentials=credentials, encryption="aws:kms", kms_key_id="alias/cases")

        before = {check.name: check for check in block.checks()}
        assert not before["public access"].ok
        assert before["encryption"].ok

        shut = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy"), True)
        for last in (False, True):
            client.put_public_access_block(
                Bucket="plain-cases", PublicAccessBlockConfiguration={**shut, "RestrictPublicBuckets": last}
            )
            after = {check.name: check.ok for check in block.checks()}
            assert after["public access"] is last
        block.open(CASE).put_new("law/x", b"x")
        head = client.head_object(Bucket="plain-cases", Key=f"{block.prefix}/{CASE}/law/x")
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", "alias/cases")
    finally:
        server.stop()
