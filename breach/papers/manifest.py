"""What was written in the first hour, and what was not and why."""

from enum import StrEnum

from pydantic import Field

from schemas.base import Digest, Record


class PaperName(StrEnum):
    """A paper; also its file's name without the ending."""

    LETTER = "letter-to-provider"
    BRIEF = "brief-for-counsel"
    CHECKLIST = "first-hour-checklist"


class Paper(Record):
    """One paper, ready to copy."""

    name: PaperName
    title: str
    key: str = Field(description="Markdown, relative to the case.")
    digest: Digest
    sent: str = Field(description="How it goes out: always by hand, ticked in the paper.")


class NotWritten(Record):
    """A paper this case does not need."""

    name: PaperName
    reason: str


class PapersManifest(Record):
    """All papers of one revision (papers/<rev>/manifest.json)."""

    papers: tuple[Paper, ...] = Field(min_length=1)
    not_written: tuple[NotWritten, ...] = ()
