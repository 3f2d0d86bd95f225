"""One case's objects in a bucket: `If-None-Match: *` for new ones, `If-Match` for replaced ones.

An answer can be lost after the write has happened. Every write therefore carries a random mark, and where an
answer was lost the object, or the version of it, that carries the mark is ours: the write is done, once.
"""

import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from blocks.s3.refusal import NO_ANSWER, code_of, in_our_words, refusal, status_of
from breach.digest import digest_bytes
from breach.errors import Conflict, StoreBusy, Tampered
from breach.retention import holds_no_member_data
from breach.store import Stored, key_parts

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import PutObjectRequestTypeDef

Encryption = Literal["AES256", "aws:kms", "none"]

MARK, DIGEST = "writer", "sha256"
"""Names in an object's user metadata."""
WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds before another attempt after 409: S3 was still busy with another write of the same key."""
IN_EACH_OTHER_S_WAY = {"ConditionalRequestConflict", "OperationAborted"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of S3 at each write."""

    encryption: Encryption = "AES256"
    kms_key_id: str = ""
    lock_days: int = 0

    def encrypt(self, request: "PutObjectRequestTypeDef") -> None:
        """Ask for encryption in a request."""
        if self.encryption != "none":
            request["ServerSideEncryption"] = self.encryption
        if self.kms_key_id:
            request["SSEKMSKeyId"] = self.kms_key_id

    def lock(self, request: "PutObjectRequestTypeDef", key: str, now: datetime) -> None:
        """Ask for the lock, when there is to be one and an object under this key holds no member's data."""
        if self.lock_days and holds_no_member_data(key):
            request["ObjectLockMode"] = "COMPLIANCE"
            request["ObjectLockRetainUntilDate"] = now + timedelta(days=self.lock_days)


class S3Store:
    """Objects of one case below a prefix of a bucket. Satisfies breach.store.CaseStore.

    Beside StoreBusy and Conflict, all methods raise BadInput when S3 refuses (no bucket, no permission, expired
    credentials), and get raises Tampered for an object whose bytes do not fit the digest written with them.
    """

    def __init__(self, client: "S3Client", bucket: str, base: str, asked: Asked, clock: Callable[[], datetime]) -> None:
        """Base: what every key of this case begins with, ending in `/`. Clock: from when locks are counted."""
        self._client, self._bucket, self._base, self._asked, self._clock = client, bucket, base, asked, clock

    def put_new(self, key: str, data: bytes) -> str:
        """Write an object that must not exist yet; returns its etag."""
        request = self._request(key, data)
        request["IfNoneMatch"] = "*"
        return self._put(key, request)

    def put_if(self, key: str, data: bytes, etag: str) -> str:
        """Replace exactly the version named by etag; returns the new etag."""
        request = self._request(key, data)
        request["IfMatch"] = etag
        return self._put(key, request)

    def get(self, key: str) -> Stored | None:
        """The object, or None when there is none."""
        full = self._full(key)
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=full)
            data = answer["Body"].read()
        except ClientError as error:
            if code_of(error) == "NoSuchKey":
                return None
            raise refusal(error, key) from None
        except BotoCoreError as error:
            raise refusal(error, key) from None
        if answer["Metadata"].get(DIGEST) != digest_bytes(data):
            raise changed(key)
        return Stored(data, answer["ETag"])

    def keys(self, prefix: str) -> list[str]:
        """Keys below a prefix, sorted."""
        folder, _, _ = prefix.rpartition("/")
        if folder:
            key_parts(folder)
        with in_our_words(prefix or "the case"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{self._base}{prefix}"
            )
            found = [item["Key"].removeprefix(self._base) for page in pages for item in page.get("Contents", [])]
        return sorted(found)

    def _full(self, key: str) -> str:
        return self._base + "/".join(key_parts(key))

    def _request(self, key: str, data: bytes) -> "PutObjectRequestTypeDef":
        digest = sha256(data)
        request: PutObjectRequestTypeDef = {
            "Bucket": self._bucket,
            "Key": self._full(key),
            "Body": data,
            "ContentType": "application/octet-stream",
            "ChecksumSHA256": b64encode(digest.digest()).decode(),
            "Metadata": {DIGEST: digest.hexdigest(), MARK: uuid4().hex},
        }
        self._asked.encrypt(request)
        self._asked.lock(request, key, self._clock())
        return request

    def _put(self, key: str, request: "PutObjectRequestTypeDef") -> str:
        in_doubt = False
        for wait in WAITS:
            try:
                return self._client.put_object(**request)["ETag"]
            except ClientError as error:
                # botocore's own attempts count: the one before this answer may have written.
                retried = error.response["ResponseMetadata"].get("RetryAttempts", 0) > 0
                in_doubt = in_doubt or retried or status_of(error) >= 500
                if code_of(error) not in IN_EACH_OTHER_S_WAY:
                    return self._settled(key, request, error, in_doubt=in_doubt)
            except BotoCoreError as error:
                return self._settled(key, request, error, in_doubt=in_doubt or isinstance(error, NO_ANSWER))
            time.sleep(wait)
        raise StoreBusy(
            f"Other writers of {key} did not let this one through.", "It was not written.", "Run the step again."
        )

    def _settled(
        self, key: str, request: "PutObjectRequestTypeDef", error: ClientError | BotoCoreError, *, in_doubt: bool
    ) -> str:
        """The etag when the write happened after all; otherwise raises what the answer means.

        Where the look itself is refused its own error is raised: a doubt must never pass for a Conflict.
        """
        written = self._own(request) if in_doubt else None
        if written is not None:
            return written
        lost = isinstance(error, ClientError) and (status_of(error) == 412 or code_of(error) == "NoSuchKey")
        if not lost:
            raise refusal(error, key) from None
        if "IfMatch" in request:
            raise Conflict(
                f"{key} has changed since it was read.", "It was left as it was.", "Read it again."
            ) from None
        raise Conflict(f"{key} exists already.", "It was left as it was.") from None

    def _own(self, request: "PutObjectRequestTypeDef") -> str | None:
        """The etag of what this very request wrote, also when others have replaced it since; None when it did not."""
        mark = request["Metadata"][MARK]
        for version in self._versions(request["Key"]):
            with in_our_words("a version"):
                head = self._client.head_object(Bucket=self._bucket, Key=request["Key"], VersionId=version)
            if head["Metadata"].get(MARK) == mark:
                return head["ETag"]
        return None

    def _versions(self, full: str) -> Iterator[str]:
        """Ids of the versions of one key, the newest first."""
        with in_our_words("the versions"):
            pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=full)
            for page in pages:
                yield from (one["VersionId"] for one in page.get("Versions", []) if one["Key"] == full)


def changed(key: str) -> Tampered:
    """What is said of an object whose bytes do not fit the digest written with them."""
    return Tampered(
        f"{key} in the case store does not have the bytes that were written, or has lost their digest.",
        "Nothing was changed by this read.",
        "Compare the object's versions in the bucket, and find out who may write there besides the worker.",
    )
