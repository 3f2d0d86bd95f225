"""A kind at work as the detector uses it: its pattern over a message, its judgement on each candidate."""

from types import ModuleType

import re2

from breach.exposure.kinds.kind import AROUND, Found


def find(
    kind: ModuleType, message: str, region: str | None = None, links: str | None = None
) -> list[tuple[Found, str]]:
    """What is found in one message, each with the characters it stands on. Links: a pattern to ask first."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    pattern = re2.compile((f"{links}|{kind.PATTERN}" if links else kind.PATTERN).encode("ascii"), options)
    data, found, at = message.encode(), [], 0
    while (hit := pattern.search(data, at)) is not None:
        start, end = hit.span()
        before = data[max(0, start - AROUND) : start].decode("utf-8", "replace")
        after = data[end : end + AROUND].decode("utf-8", "replace")
        text = data[start:end].decode("utf-8", "replace")
        one = kind.check(text, before, after, region)
        if one is not None:
            found.append((one, text[one.start : one.end]))
        at = max(end, start + 1)
    return found


def values(kind: ModuleType, message: str, region: str | None = None, links: str | None = None) -> list[str]:
    """The characters alone."""
    return [value for _, value in find(kind, message, region, links)]
