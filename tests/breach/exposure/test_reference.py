"""The fast way finds exactly what a slow and obvious way finds."""

import time

from hypothesis import example, given, settings
from hypothesis import strategies as st

from breach.exposure import detect
from tests.breach.exposure.reference import reference

Found = set[tuple[int, str, int, int, str]]


def slow(texts: list[str], region: str | None) -> Found:
    return {(number, *found) for number, text in enumerate(texts) for found in reference(text, region)}


def fast(texts: list[str], region: str | None) -> Found:
    return {
        (number, value.type.value, value.start, value.end, value.normal)
        for number, value in detect.detect(texts, lambda _: region)
    }


_TELLING = (
    "ann@mail.example|@ann@social.example|Ann.B+x@Sub.Mail.example|4111 1111 1111 1111|4111111111111111|4222222222222|"
    "378282246310005|3782 822463 10005|4111 1111 1111 1112|6304 0000 0000 0000|203.0.113.7|192.168.0.1|256.1.1.1|"
    "2001:db8::7|+49 30 23125 001|0049 30 23125 001|030 23125 001|(212) 555-0123|212-555-0123|01 99 00 12 34|"
    "<@80351110224678912>|<:wave:41771983429993937>|<t:1618953630:R>|https://x.example/é?m=ann@mail.example|"
    "http://203.0.113.7:80/?ip=198.51.100.4|https://a:b@[2001:db8::7]/|https://|git@code.example|logo@2x.png|<|>|"
    "1.2.3.4.5|version |2026-10-31|31.10.2026|DE89 3704 0044 0532 0130 00|de89370400440532013000|"
    "GB29NWBK60161331926819|"
    "NO9386011117947|BE68 5390 0754 7034|DE89 3704 0044 0532 0130 01|123-45-6789|123 45 6789|SSN: 123456789|"
    "078-05-1120|666-12-3456|900-12-3456|123-00-4567|ssn |ann [at] mail dot example|ann (at) mail.example|"
    "ann(AT)mail(dot)example|"
    "ann [dot] b [at] mail [dot] example|[at]|(at)| dot |\u200b|\u200d|\ufeff|\u00ad|４１１１|"
    "１１１１|＠|ａｎｎ|．|٤١١١|١١١١|"
    "@mod_team@social.example.org|@a-b@c.example|xoxb-|-a|4551 7305 0914 3051|3600 050167 5157|3001 004976 2432|"
    "15e66caa-0337-4788-a109-de044b4d3517|07:33:08.164877|:33:|07:|12 345 65 68|222 123 4156|333 123 4567|"
    "\u06f4|SW19 |12 |+|-|(|)|.|@|:|::|é|ü|🌊|\u202e|\n|\r\n|\t| |  |0|00|4|7|x|v|_|=|/|[|]|'|%"
)
PIECES = st.one_of(
    st.sampled_from(_TELLING.split("|")),
    st.text(alphabet="0123456789 -.+()/@:abdotv<>[]\né🌊\u200b４", max_size=8),
)
MESSAGES = st.lists(st.lists(PIECES, max_size=7).map("".join), max_size=5)
REGIONS = st.sampled_from([None, "DE", "US", "FR", "ES", "GB", "PL", "MX", "IT"])


@settings(max_examples=1500, deadline=None)
@given(MESSAGES, REGIONS)
@example(["é ann@mail.example", "", "🌊 4111 1111 1111 1111 🌊"], None)
@example(["http://203.0.113.7:80/?ip=198.51.100.4ann@mail.example"], None)
@example(["üv1.2.3.4", "ü8.8.8.8", "¼+4930231250 01"], "DE")
def test_fast_and_slow_find_the_same(texts: list[str], region: str | None) -> None:
    """Same messages, same values, same places in characters."""
    assert fast(texts, region) == slow(texts, region)


@settings(max_examples=60, deadline=None)
@given(MESSAGES, st.integers(1, 60))
def test_where_arenas_end_does_not_matter(texts: list[str], size: int) -> None:
    """Arenas of a few bytes and one large arena give the same."""
    whole = fast(texts, "DE")
    usual = detect.ARENA_BYTES
    detect.ARENA_BYTES = size
    try:
        assert fast(texts, "DE") == whole
    finally:
        detect.ARENA_BYTES = usual


def test_nothing_is_put_together_from_two_messages() -> None:
    """Half a card in one message and half in the next is no card."""
    assert fast(["4111 1111", "1111 1111", "ann@", "mail.example"], None) == set()


def test_a_hostile_message_takes_linear_time() -> None:
    """Megabytes made to send backtracking engines astray end in seconds each."""
    hostile = (
        "a.a-" * 250_000 + "@" + "0 " * 250_000 + "@a." * 166_000,
        "a.a-" * 250_000 + "@x.invalid",
        "1.1." * 250_000 + "1",
        "https://" + "a.%" * 300_000,
        "https://x.invalid/" + "a@a" * 300_000,
        "x@" + "a." * 400_000 + "a",
        "4" + "-1" * 500_000,
        "[at]" * 200_000,
        "a.a" * 300_000 + " [at]",
        "+1" * 400_000,
    )
    for text in hostile:
        before = time.process_time()
        fast([text], "DE")
        assert time.process_time() - before < 20, text[:20]


def test_what_was_written_to_hide_is_found_where_it_stands() -> None:
    """Spans are those of the text as written, every sign of it included."""
    text = "é: alex [at] mail dot example, 4111\u200b 1111 １１１１ 1111!"
    assert fast([text], None) == {
        (0, "email address", 3, 29, "alex@mail.example"),
        (0, "payment card number", text.index("4111"), len(text) - 1, "4111111111111111"),
    }
