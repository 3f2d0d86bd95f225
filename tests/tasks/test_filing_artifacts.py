"""A report's text in a page of Markdown."""

from hypothesis import given
from hypothesis import strategies as st

from tasks.filing_artifacts import fenced


@given(st.text(alphabet="`a\n", max_size=40))
def test_no_text_ends_its_own_block(text: str) -> None:
    """Whatever backticks a provider's name holds, the fence around the text is longer than any run of them."""
    fence = fenced(text).split("text\n", 1)[0]
    assert set(fence) == {"`"}
    assert fence not in text
    assert fenced(text) == f"{fence}text\n{text}\n{fence}"
