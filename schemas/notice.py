"""What is written to members: variants, their exact bytes by digest, and the manifest a gate approves."""

from enum import StrEnum

from pydantic import Field

from schemas.base import Digest, Record
from schemas.incident import Locale
from schemas.recipients import Residence


class Purpose(StrEnum):
    """Which message it is."""

    NOTICE = "notice"
    UPDATE = "update"


class Variant(Record):
    """One content: locale x residence rules x purpose."""

    name: str = Field(pattern=r"^[a-z-]+$", description="Such as notice-en-us-ca; also the folder's name.")
    locale: Locale
    residence: Residence
    purpose: Purpose
    subject_digest: Digest
    html_digest: Digest
    text_digest: Digest
    recipients: int = Field(ge=0)


class NoticeManifest(Record):
    """All variants of one message, and the digests a gate binds to (notices/<rev>/manifest.json)."""

    message: str = Field(pattern=r"^[a-z0-9-]+$", description="'notice' or 'update-001'.")
    variants: tuple[Variant, ...]
    personal_key: str = Field(description="Parquet of substitution values by token, relative to the case.")
    personal_digest: Digest
    warnings: tuple[str, ...] = Field(default=(), description="What a reader at the gate should know, no person named.")
