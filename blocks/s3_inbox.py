"""An inbox in a bucket: exports named `s3://bucket/key`, streamed to this machine and fixed by digest and ETag."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from botocore.exceptions import BotoCoreError, ClientError
from prefect.blocks.core import Block
from prefect_aws.credentials import AwsCredentials
from pydantic import ConfigDict, Field, HttpUrl

from blocks.case_store import DOCS
from blocks.s3.client import client_for
from blocks.s3.download import private_folder, stream
from blocks.s3.refusal import code_of, refusal, status_of
from blocks.s3_case_store import BUCKET, PREFIX
from breach.digest import digest_record
from breach.errors import BadInput
from breach.store import CaseStore, key_parts, put_record
from schemas.evidence import ORIGINS, Origin

SCHEME = "s3://"
NOT_THERE = 404
ANY = "any"
"""Stands for an object below a folder, whose own name is none."""
NOT_WRITTEN = {"Cc", "Cs", "Zl", "Zp"}
"""Categories of Unicode: controls, halves of a character, and ends of lines, in a name that a record shall hold."""


class S3Inbox(Block):
    """Reads exports from below one prefix of one bucket, and from nowhere else.

    Example:
        Load a stored block and read two exports as files:
        ```python
        from blocks import S3Inbox

        inbox = S3Inbox.load("BLOCK_NAME")
        mine = inbox.is_named("s3://exports/2026/members.csv")
        ```
    """

    # Pydantic would quote the whole input, the secret in it, when another field is missing.
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", hide_input_in_errors=True)

    _block_type_name = "Inbox (S3)"
    _block_type_slug = "s3-inbox"
    _documentation_url = HttpUrl(f"{DOCS}/runbook.md")
    _description = "Reads exports from below one prefix of one bucket, and from nowhere else."
    _block_schema_capabilities: ClassVar[list[str]] = ["read-exports"]

    credentials: AwsCredentials = Field(title="AWS credentials", description="May read the bucket.", repr=False)
    bucket: str = Field(title="Bucket", description="Where the exports lie.", pattern=BUCKET)
    prefix: str = Field(title="Prefix", description="Only what lies below it is read.", default="", pattern=PREFIX)

    @staticmethod
    def is_named(name: str) -> bool:
        """Whether a name from the form means an object of a bucket and not a file of the inbox."""
        return name.startswith(SCHEME)

    @contextmanager
    def fetched(self, names: Sequence[str]) -> Iterator[list[tuple[Path, Origin]]]:
        """The objects as files in a private folder that is removed afterwards, in the order of the names.

        names: `s3://bucket/key`. The same name twice is read once. Raises BadInput for a name outside the prefix
        or an object that is not there, StoreBusy when S3 does not answer; errors count names, they do not quote them.
        """
        keys = [self._key(name, mention) for mention, name in enumerate(names, start=1)]
        held: dict[str, tuple[Path, Origin]] = {}
        with private_folder() as folder:
            for mention, (name, key) in enumerate(zip(names, keys, strict=True), start=1):
                if name not in held:
                    target = Path(folder) / f"{mention:05d}"  # its own name may be longer than a file's
                    held[name] = target, self._fetch(name, key, target, mention)
            yield [held[name] for name in names]

    def refuse_outside(self, name: str) -> None:
        """Raises BadInput for a name, or a folder ending in `/`, outside the prefix; nothing need be there."""
        self._key(f"{name}{ANY}" if name.endswith("/") else name, 1)

    def names_below(self, name: str) -> list[str]:
        """Every object below `s3://bucket/prefix/`, by its name, but what is hidden there (a part begins with a dot).

        Raises BadInput when one has a name that no export can have, StoreBusy.
        """
        below = self._key(f"{name}{ANY}", 1).removesuffix(ANY)
        try:
            pages = (
                client_for(self.credentials).get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=below)
            )
            keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
        except (ClientError, BotoCoreError) as error:
            raise refusal(error, "the inbox") from None
        parts = {key: key.removeprefix(below).split("/") for key in keys if not key.endswith("/")}
        shown = [key for key, names in parts.items() if not any(name.startswith(".") for name in names)]
        if unusable := sum("" in parts[key] or not _can_be_written(key) for key in shown):
            raise BadInput(
                f"{unusable} objects below a folder of the facts have names that cannot be used: an empty part ('//') "
                "or a control character is in them.",
                "No export was read and nothing was sent.",
                "Rename these objects in the bucket, or move them away, and start the case again.",
            )
        return [f"{SCHEME}{self.bucket}/{key}" for key in shown]

    def etag(self, name: str) -> str | None:
        """The bucket's tag of the version that is there now; None when nothing is. Raises StoreBusy, BadInput."""
        key = self._key(name, 1)
        try:
            return client_for(self.credentials).head_object(Bucket=self.bucket, Key=key)["ETag"]
        except ClientError as error:
            if status_of(error) == NOT_THERE:
                return None
            raise refusal(error, "the inbox") from None
        except BotoCoreError as error:
            raise refusal(error, "the inbox") from None

    @staticmethod
    def record(store: CaseStore, origin: Origin) -> str:
        """Write where a piece of evidence came from into the case, once; returns the key."""
        key = f"{ORIGINS}{digest_record(origin)}.json"
        put_record(store, key, origin)
        return key

    def _key(self, name: str, mention: int) -> str:
        below = f"{SCHEME}{self.bucket}/{self.prefix + '/' if self.prefix else ''}"
        try:
            if name.startswith(below) and _can_be_written(name):
                key_parts(name.removeprefix(below))
                return name.removeprefix(f"{SCHEME}{self.bucket}/")
        except BadInput:
            pass  # said below, without quoting the name
        raise BadInput(
            f"Export file {mention} is named in a bucket or a folder that the inbox does not read, or with a character "
            "that cannot be written.",
            "It was not opened; nothing was sent.",
            f"Put it below {below} and give that name, or change the inbox block.",
        )

    def _fetch(self, name: str, key: str, target: Path, mention: int) -> Origin:
        what = f"export file {mention}"
        try:
            answer = client_for(self.credentials).get_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if code_of(error) == "NoSuchKey":
                raise BadInput(
                    f"Export file {mention} of the facts is not in the bucket of the inbox.",
                    "The case is kept; nothing was sent.",
                    "Upload it, or correct its name with record-fact, and run the case again.",
                ) from None
            raise refusal(error, what) from None
        except BotoCoreError as error:
            raise refusal(error, what) from None
        size, digest = stream(answer, target, what)
        return Origin(name=name, etag=answer["ETag"], version=answer.get("VersionId", ""), size=size, digest=digest)


def _can_be_written(name: str) -> bool:
    return not any(unicodedata.category(character) in NOT_WRITTEN for character in name)
