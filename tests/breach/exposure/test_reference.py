"""The fast way finds exactly what a slow and obvious way finds: one message, one place at a time, Python's own re."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from breach.exposure import arena, candidates
from breach.exposure.detect import detect
from breach.exposure.judge import AROUND, judge

PARTS = [
    re.compile(part, re.ASCII)
    for part in (candidates.URL, candidates.EMAIL, candidates.IBAN, candidates.IP6, *candidates.NUMBERS)
]
Found = set[tuple[int, str, int, int, str]]


def slow(texts: list[str], region: str | None) -> Found:
    """Markup is blanked first; then every place is asked for every kind, in order."""
    found: Found = set()
    for number, text in enumerate(texts):
        blank = re.sub(candidates.MARKUP, lambda seen: "<" * len(seen[0]), text, flags=re.ASCII)
        place = 0
        while place < len(blank):
            hit = next((hit for part in PARTS if (hit := part.match(blank, place))), None)
            if hit is None:
                place += 1
                continue
            before, after = blank[max(0, place - AROUND) : place], blank[hit.end() : hit.end() + AROUND]
            # The judge sees one line at a time in either way: lines of other messages are not context.
            verdict = judge(hit[0], before, after, region)
            for value in verdict.values:
                found.add((number, value.type.value, place + value.start, place + value.end, value.normal))
            place += max(verdict.go_on, 1)
    return found


def fast(texts: list[str], region: str | None) -> Found:
    return {
        (number, value.type.value, value.start, value.end, value.normal)
        for number, value in detect(texts, lambda _: region)
    }


_TELLING = (
    "ann@mail.example|@ann@social.example|4111 1111 1111 1111|4111111111111111|378282246310005|203.0.113.7|"
    "2001:db8::7|+49 30 23125 001|030 23125 001|(212) 555-0123|01 99 00 12 34|<@80351110224678912>|"
    "<:wave:41771983429993937>|https://x.example/é?m=ann@mail.example|https://|<|>|1.2.3.4.5|version |2026-10-31|"
    "DE89 3704 0044 0532 0130 00|SW19 |12 |+|-|(|)|.|@|:|::|é|ü|🌊|\u202e|\n| |  |0|00|4|7|x|v"
)
PIECES = st.one_of(
    st.sampled_from(_TELLING.split("|")),
    st.text(alphabet="0123456789 -.+()/@:abv<>\né🌊", max_size=8),
)
MESSAGES = st.lists(st.lists(PIECES, max_size=7).map("".join), max_size=5)


@settings(max_examples=400, deadline=None)
@given(MESSAGES, st.sampled_from([None, "DE", "US", "FR"]))
@example(["é ann@mail.example", "", "🌊 4111 1111 1111 1111 🌊"], None)
@example(["üv1.2.3.4", "ü8.8.8.8", "¼+4930231250 01"], "DE")
def test_fast_and_slow_find_the_same(texts: list[str], region: str | None) -> None:
    """Same messages, same values, same places in characters."""
    assert fast(texts, region) == slow(texts, region)


@settings(max_examples=60, deadline=None)
@given(MESSAGES, st.integers(1, 60))
def test_where_arenas_end_does_not_matter(texts: list[str], size: int) -> None:
    """Arenas of a few bytes and one large arena give the same."""
    whole = fast(texts, "DE")
    usual = arena.ARENA_BYTES
    arena.ARENA_BYTES = size
    try:
        assert fast(texts, "DE") == whole
    finally:
        arena.ARENA_BYTES = usual


def test_nothing_is_put_together_from_two_messages() -> None:
    """Half a card in one message and half in the next is no card."""
    assert fast(["4111 1111", "1111 1111", "ann@", "mail.example"], None) == set()


def test_a_hostile_message_takes_linear_time() -> None:
    """2 MB made to send backtracking engines astray end in seconds (the suite's own limit is the clock)."""
    hostile = "a.a-" * 250_000 + "@" + "0 " * 250_000 + "@a." * 166_000
    assert fast([hostile], "DE") == set()
