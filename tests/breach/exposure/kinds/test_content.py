"""What every kind promises, whatever it looks for."""

import re

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from breach.exposure.kinds.content import CONTENT_KINDS, LINK_KINDS
from breach.exposure.kinds.kind import Kind

KINDS = LINK_KINDS + CONTENT_KINDS
NAMES = [one.name for one in KINDS]


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_a_pattern_is_fit_for_the_arena(kind: Kind) -> None:
    """ASCII, no group that captures, no line break, and both engines read it."""
    pattern = re2.compile(kind.pattern.encode("ascii"))

    assert pattern.groups == re.compile(kind.pattern).groups == 0
    assert not any(
        pattern.fullmatch(mixed) for mixed in (b"\n", b"\r\n", b"password:\nhunter22", b"born on\n1 May 1990")
    )


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
@given(st.text(max_size=80), st.text(max_size=24), st.text(max_size=24), st.sampled_from([None, "DE", "US", "ES"]))
def test_any_text_is_judged_without_an_error(
    kind: Kind, text: str, before: str, after: str, region: str | None
) -> None:
    """Candidates come from bytes of strangers."""
    found = kind.check(text, before, after, region) if text else None

    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert 0 < found.confidence <= 1
        assert found.normal
        assert found.validator
