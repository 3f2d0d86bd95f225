"""The case store as a bucket: Amazon S3, or a server of one's own that speaks its language."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Self

from botocore.exceptions import BotoCoreError, ClientError
from prefect.blocks.core import Block
from prefect_aws.credentials import AwsCredentials
from pydantic import ConfigDict, Field, HttpUrl, model_validator

from blocks.case_store import DOCS
from blocks.s3.checks import BucketChecks
from blocks.s3.client import client_for, stranger_for
from blocks.s3.download import private_folder, stream
from blocks.s3.refusal import code_of, in_our_words, refusal, status_of
from blocks.s3.store import DIGEST, Asked, Encryption, S3Store, changed
from breach.checks import Check
from breach.store import CaseStore, key_parts, not_kept
from schemas.base import CaseId

PREFIX = r"^([A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?$"
BUCKET = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"


class S3CaseStore(Block):
    """Keeps the cases of one mode in a bucket with versioning: each object written once, or replaced by comparing.

    Example:
        Load a stored block and open one case:
        ```python
        from blocks import S3CaseStore

        cases = S3CaseStore.load("BLOCK_NAME")
        store = cases.open("rehearsal-harbor")
        ```
    """

    # Pydantic would quote the whole input, the secret in it, when another field is missing.
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", hide_input_in_errors=True)

    _block_type_name = "Case store (S3)"
    _block_type_slug = "s3-case-store"
    _documentation_url = HttpUrl(f"{DOCS}/security.md")
    _description = "Keeps the cases of one mode in a bucket, on Amazon S3 or a server that speaks its language."
    _block_schema_capabilities: ClassVar[list[str]] = ["keep-cases"]

    credentials: AwsCredentials = Field(
        title="AWS credentials",
        description="Keys, a profile or a role; the endpoint of another server under its client parameters.",
        repr=False,
    )
    bucket: str = Field(title="Bucket", description="With versioning on, and used by this mode only.", pattern=BUCKET)
    prefix: str = Field(title="Prefix", description="Where in the bucket the cases lie.", default="", pattern=PREFIX)
    encryption: Encryption = Field(
        title="Encryption", description="What is asked of the server at every write.", default="AES256"
    )
    kms_key_id: str = Field(
        title="KMS key", description="With aws:kms, the key; empty for the account's own.", default=""
    )
    lock_days: int = Field(
        title="Lock days",
        description="Nobody can delete the record before so many days; members' data is never locked. 0: no lock.",
        default=0,
        ge=0,
        le=36500,
    )

    @model_validator(mode="after")
    def _a_key_is_for_kms(self) -> Self:
        if self.kms_key_id and self.encryption != "aws:kms":
            raise ValueError("a KMS key is named, and the encryption is not aws:kms")
        return self

    def open(self, case_id: CaseId) -> CaseStore:
        """One case's objects. Raises BadInput when the credentials cannot make a connection."""
        return S3Store(
            client_for(self.credentials), self.bucket, self._base(case_id), self._asked(), lambda: datetime.now(UTC)
        )

    def cases(self) -> list[str]:
        """The names of all cases here, sorted. Raises StoreBusy or BadInput when the bucket does not answer."""
        client, base = client_for(self.credentials), self._base()
        with in_our_words("the list of cases"):
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=base, Delimiter="/")
            folders = [one["Prefix"] for page in pages for one in page.get("CommonPrefixes", [])]
        names = (folder.removeprefix(base).rstrip("/") for folder in folders)
        return sorted(name for name in names if self._is_there(f"{base}{name}/case.json"))

    def place(self, case_id: CaseId) -> str:
        """The case's place in the bucket."""
        return f"s3://{self.bucket}/{self._base(case_id)}".rstrip("/")

    @contextmanager
    def files(self, case_id: CaseId, keys: Sequence[str]) -> Iterator[Path]:
        """The objects streamed into a private folder, which is removed afterwards.

        Raises Conflict when there is no object under one of the keys, Tampered when its bytes do not fit its digest.
        """
        with private_folder() as folder:
            for key in dict.fromkeys(keys):
                self._fetch(case_id, key, Path(folder).joinpath(*key_parts(key)))
            yield Path(folder)

    def checks(self) -> tuple[Check, ...]:
        """What the bucket answers when everything a case needs of it is tried; writes and removes two objects.

        Raises BadInput when the credentials cannot make a connection.
        """
        client, stranger = client_for(self.credentials), stranger_for(self.credentials)
        return BucketChecks(client, stranger, self.bucket, self._base(), self._asked()).run()

    def _fetch(self, case_id: CaseId, key: str, target: Path) -> None:
        try:
            answer = client_for(self.credentials).get_object(Bucket=self.bucket, Key=self._base(case_id) + key)
        except ClientError as error:
            raise (not_kept(key) if code_of(error) == "NoSuchKey" else refusal(error, key)) from None
        except BotoCoreError as error:
            raise refusal(error, key) from None
        _, digest = stream(answer, target, key)
        if answer["Metadata"].get(DIGEST) != digest:
            raise changed(key)

    def _asked(self) -> Asked:
        return Asked(self.encryption, self.kms_key_id, self.lock_days)

    def _base(self, *below: str) -> str:
        return "".join(f"{part}/" for part in (self.prefix, *below) if part)

    def _is_there(self, full: str) -> bool:
        """Whether there is an object. Only after the bucket has answered: to a HEAD a missing one is 404, too."""
        try:
            client_for(self.credentials).head_object(Bucket=self.bucket, Key=full)
        except ClientError as error:
            if status_of(error) == 404:
                return False
            raise refusal(error, "the case store") from None
        except BotoCoreError as error:
            raise refusal(error, "the case store") from None
        return True
