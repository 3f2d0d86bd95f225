"""Evidence: what was taken into the case, and who held it when."""

from enum import StrEnum

from pydantic import Field

from schemas.base import Digest, Record, Revision, ZonedTime


class CustodyEvent(StrEnum):
    """What happened to a piece of evidence."""

    TAKEN = "taken into the case"
    FOUND_SAME = "named again; its digest fits what the case holds"


class Custody(Record):
    """One custody entry (custody/NNNN.json): one mention of one file."""

    n: int = Field(ge=1, description="Number within the case.")
    revision: Revision = Field(description="The step that wrote it.")
    mention: int = Field(ge=1, description="Which of the named files it was, counted from 1.")
    event: CustodyEvent
    digest: Digest = Field(description="SHA-256 of the bytes; also the object's name below evidence/.")
    size: int = Field(ge=0, description="Bytes.")
    name: str = Field(min_length=1, description="Where it came from, relative to the inbox.")
    taken_by: str = Field(min_length=1, description="A staff id, or the name of the flow.")
    at: ZonedTime = Field(description="When the facts that name the file were recorded.")


ORIGINS = "evidence/origins/"
"""Where the case keeps from which version of which object its evidence was read."""


class Origin(Record):
    """The version of an object in a bucket that a piece of evidence was read from (evidence/origins/<digest>.json)."""

    name: str = Field(pattern=r"^s3://[^/]+/.+$", description="As the facts name it.")
    etag: str = Field(min_length=1, description="The bucket's tag of the version that was read.")
    version: str = Field(description="The bucket's id of that version; empty where it keeps none.")
    size: int = Field(ge=0, description="Bytes.")
    digest: Digest = Field(description="SHA-256 of the bytes that were read; also their name below evidence/.")


class EvidenceItem(Record):
    """One distinct file, however often it was named."""

    digest: Digest
    size: int = Field(ge=0, description="Bytes.")
    names: tuple[str, ...] = Field(min_length=1, description="Every name it was given, in the order of the facts.")
    custody: tuple[int, ...] = Field(min_length=1, description="Numbers of its custody entries.")


class EvidenceManifest(Record):
    """Everything one step took (evidence/<rev>.json)."""

    items: tuple[EvidenceItem, ...]
