"""By which names members can be looked for in what others wrote: the ones that are hardly anything else."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from breach.exposure.common_words import COMMON_WORDS
from schemas.exposure import DataType

SHORTEST = 4
"""Characters of a name that is looked for: shorter ones stand in too many words and abbreviations."""
LONGEST = 64

MOST_NAMES = 1_000_000
"""Names of one automaton, some 250 bytes each: with more, two processes would not fit into 2 GB."""


@dataclass(frozen=True, slots=True)
class Named:
    """The names to look for, column by column; the process that hands them on never writes them down."""

    texts: list[str] = field(repr=False)
    members: list[str] = field(repr=False)
    usernames: int
    """How many of the first are usernames; the others are full names."""
    skipped: int
    """Names that are too short, a common word, one word of a display name, of several members, or too many."""


def names_of(rows: Iterable[tuple[str, str, str]]) -> Named:
    """The names of a roster: (member id, username, display name), '' when absent; as distinctive as they must be."""
    handles: list[tuple[str, str, str]] = []
    full: list[tuple[str, str, str]] = []
    for member_id, username, name in rows:
        handle, spoken = username.strip(), " ".join(name.split())
        if handle:
            handles.append((handle.casefold(), handle, member_id))
        if spoken and spoken.casefold() != handle.casefold():
            full.append((spoken.casefold(), spoken, member_id))
    holders = Counter(one[0] for told in (handles, full) for one in told)
    first = [one for one in handles if holders[one[0]] == 1 and _is_distinctive(one[0], DataType.USERNAME)]
    then = [one for one in full if holders[one[0]] == 1 and _is_distinctive(one[0], DataType.NAME)]
    kept = [*first, *then][:MOST_NAMES]
    return Named(
        [text for _, text, _ in kept],
        [member for _, _, member in kept],
        min(len(first), MOST_NAMES),
        len(handles) + len(full) - len(kept),
    )


def _is_distinctive(text: str, kind: DataType) -> bool:
    if not SHORTEST <= len(text) <= LONGEST or text.isdigit() or not (text[0].isalnum() and text[-1].isalnum()):
        return False
    if kind is DataType.NAME:
        words = text.split()
        return len(words) >= 2 and all(len(word) >= 2 for word in words) and not COMMON_WORDS.issuperset(words)
    return text not in COMMON_WORDS
