"""What a part of the house says when it is asked whether it would hold in an emergency."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried. The sentence says what was seen and, when it is not ok, what to do."""

    name: str
    ok: bool
    sentence: str
