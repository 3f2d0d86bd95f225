"""What is tried with a bucket before a case depends on it. Nothing is believed that can be tried."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from blocks.s3.refusal import code_of, refusal, status_of
from blocks.s3.store import Asked
from breach.checks import Check

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import PutObjectRequestTypeDef

UNKNOWN_CALL = {"NotImplemented", "MethodNotAllowed"}
SHUT = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
BODY = b"Written and removed by a check of this bucket.\n"


class BucketChecks:
    """The checks of one bucket; each is one sentence. They write two objects below `.checks/` and remove them again."""

    def __init__(self, client: "S3Client", stranger: "S3Client", bucket: str, base: str, asked: Asked) -> None:
        """Stranger: a client that signs nothing. Base: the block's prefix, empty or ending in `/`."""
        self._client, self._stranger, self._bucket, self._asked = client, stranger, bucket, asked
        self._key = f"{base}.checks/{uuid4().hex}"

    def run(self) -> tuple[Check, ...]:
        """All checks, in the order in which they need each other; only the first when the bucket does not answer."""
        reached = self._try("bucket", self._reach)
        if not reached.ok:
            return (reached,)
        kept = [reached, self._try("versioning", self._versioning)]
        try:
            kept += [
                self._try("encryption", self._encrypt),
                self._try("conditional put", self._write_once),
                self._try("public access", self._shut),
            ]
            if self._asked.lock_days:
                kept.append(self._try("object lock", self._lock))
        finally:
            left = self._try("clean up", self._remove)
        return (*kept, left) if not left.ok else tuple(kept)

    def _try(self, name: str, check: Callable[[], tuple[bool, str]]) -> Check:
        try:
            return Check(name, *check())
        except (ClientError, BotoCoreError) as error:
            return Check(name, False, str(refusal(error, f"the check of {name}")))

    def _reach(self) -> tuple[bool, str]:
        self._client.list_objects_v2(Bucket=self._bucket, MaxKeys=1)
        return True, "The bucket answers."

    def _versioning(self) -> tuple[bool, str]:
        if self._client.get_bucket_versioning(Bucket=self._bucket).get("Status") == "Enabled":
            return True, "Versioning is on."
        return False, "Versioning is not on: what is replaced or deleted would be gone. Switch it on for the bucket."

    def _encrypt(self) -> tuple[bool, str]:
        self._client.put_object(**self._request(self._key))
        held = self._client.head_object(Bucket=self._bucket, Key=self._key).get("ServerSideEncryption")
        if self._asked.encryption == "none":
            return True, "No encryption is asked for; the block says so."
        if held == self._asked.encryption:
            return True, f"Objects are encrypted by the server ({held})."
        return False, "The server took the object and did not encrypt it. Use another server, or an encrypted disk."

    def _write_once(self) -> tuple[bool, str]:
        """A second `If-None-Match: *` and an `If-Match` with another tag must both be refused."""
        new, replaced = self._request(f"{self._key}-once"), self._request(f"{self._key}-once")
        new["IfNoneMatch"], replaced["IfMatch"] = "*", '"of-another-version"'
        self._client.put_object(**new)
        for request, what in ((new, "second write of a new object"), (replaced, "replacement of another version")):
            try:
                self._client.put_object(**request)
            except ClientError as error:
                if status_of(error) != 412:
                    raise
            else:
                return False, f"A {what} was taken: two runs could overwrite each other. Use another server."
        return True, "New objects are written once, and replaced only by comparing."

    def _request(self, key: str) -> "PutObjectRequestTypeDef":
        request: PutObjectRequestTypeDef = {"Bucket": self._bucket, "Key": key, "Body": BODY}
        self._asked.encrypt(request)
        return request

    def _shut(self) -> tuple[bool, str]:
        """The public access block; where the server knows none, a read without a signature must be refused."""
        try:
            shut = self._client.get_public_access_block(Bucket=self._bucket)["PublicAccessBlockConfiguration"]
        except ClientError as error:
            if code_of(error) in UNKNOWN_CALL:
                return self._refuses_strangers()
            if code_of(error) == "NoSuchPublicAccessBlockConfiguration":
                shut = {}
            else:
                raise
        if all(shut.get(name) for name in SHUT):
            return True, "Public access is blocked in all four ways."
        return False, "Public access is not blocked in all four ways. Switch on 'Block all public access'."

    def _refuses_strangers(self) -> tuple[bool, str]:
        try:
            self._stranger.head_object(Bucket=self._bucket, Key=self._key)
        except ClientError as error:
            if status_of(error) not in {401, 403}:
                raise
            return True, "This server knows no public access block; a read without a signature was refused."
        return False, "Anybody can read the bucket without a signature. Take back its public policy."

    def _lock(self) -> tuple[bool, str]:
        try:
            held = self._client.get_object_lock_configuration(Bucket=self._bucket)["ObjectLockConfiguration"]
        except ClientError as error:
            if code_of(error) != "ObjectLockConfigurationNotFoundError":
                raise
            held = {}
        if held.get("ObjectLockEnabled") == "Enabled":
            return True, f"Object Lock is on; records without member data are locked for {self._asked.lock_days} days."
        return False, "Object Lock is not on, so the record cannot be locked. Make a bucket with it, or set 0 days."

    def _remove(self) -> tuple[bool, str]:
        for version in self._client.list_object_versions(Bucket=self._bucket, Prefix=self._key).get("Versions", []):
            self._client.delete_object(Bucket=self._bucket, Key=version["Key"], VersionId=version["VersionId"])
        return True, "The object of the checks was removed."
