"""Putting one person's values into a letter, in one pass: a value that looks like a tag stays a value."""

import re


def fill(content: str, values: dict[str, str]) -> str:
    """Replace every tag by its value.

    One pass, longest tag first: what was filled in is never read again, and a tag that begins with another tag is
    not cut in two.
    """
    if not values:
        return content
    longest_first = sorted(values, key=lambda tag: (-len(tag), tag))
    return re.sub("|".join(map(re.escape, longest_first)), lambda found: values[found[0]], content)
