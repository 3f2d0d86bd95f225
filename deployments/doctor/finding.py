"""One line of what the doctor found."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict

from breach.checks import Check
from breach.errors import BreachError


class Verdict(StrEnum):
    """What is known. Not looked at is no good news."""

    OK = "ok"
    WRONG = "WRONG"
    UNKNOWN = "unknown"


class Finding(BaseModel):
    """One thing that was looked at. Sentences name files, counts and settings; never a key, a password or a person."""

    model_config = ConfigDict(frozen=True)

    name: str
    verdict: Verdict
    sentence: str

    def __str__(self) -> str:
        """As the terminal shows it."""
        return f"{self.verdict:<7}  {self.name}: {self.sentence}"

    @classmethod
    def ok(cls, name: str, seen: str) -> Self:
        """As it should be."""
        return cls(name=name, verdict=Verdict.OK, sentence=seen)

    @classmethod
    def wrong(cls, name: str, what: str, mend: str) -> Self:
        """What is wrong, and how to mend it."""
        return cls(name=name, verdict=Verdict.WRONG, sentence=f"{what} {mend}")

    @classmethod
    def unseen(cls, name: str, why: str) -> Self:
        """What nobody could look at, and why."""
        return cls(name=name, verdict=Verdict.UNKNOWN, sentence=f"not looked at: {why}")

    @classmethod
    def of(cls, name: str, check: Check) -> Self:
        """What a part of the house says of itself, under the name of the place."""
        verdict = Verdict.OK if check.ok else Verdict.WRONG
        return cls(name=f"{name}, {check.name}", verdict=verdict, sentence=check.sentence)


def refused(name: str, error: BreachError) -> Finding:
    """One of our own errors: it says already what happened and what to do. That nothing was started is known."""
    return Finding.wrong(name, error.happened, error.next_step or "Look at it before you need it.")


def in_our_words(name: str, look: Callable[[], Iterable[Finding]]) -> tuple[Finding, ...]:
    """What a look finds; a refusal of ours becomes the finding."""
    try:
        return tuple(look())
    except BreachError as error:
        return (refused(name, error),)


def wrong_ones(findings: Iterable[Finding]) -> list[Finding]:
    """What must be mended."""
    return [one for one in findings if one.verdict is Verdict.WRONG]
