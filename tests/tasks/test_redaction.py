"""The last net before a line is stored: addresses and numbers of people out, our own ids and times in."""

import logging
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tasks.redaction import HIDDEN, UNREADABLE, RedactingFilter, redact

CODE = Path(__file__).resolve().parents[2]

PHONES = st.one_of(
    st.from_regex(r"\+[1-9][0-9]{9,14}", fullmatch=True),
    st.from_regex(r"\+[1-9][0-9] \([0-9]{3}\) [0-9]{3}-[0-9]{4}", fullmatch=True),
    st.from_regex(r"0[0-9]{3} [0-9]{3} [0-9]{4}", fullmatch=True),
    st.from_regex(r"0[0-9]{3}[.-][0-9]{3}[.-][0-9]{4}", fullmatch=True),
)
CARDS = st.from_regex(r"[0-9]{4}([ -]?)[0-9]{4}\1[0-9]{4}\1[0-9]{4}", fullmatch=True)
# The unspecified and loopback addresses are nobody's.
NETWORKS = st.ip_addresses().filter(lambda ip: not (ip.is_loopback or ip.is_unspecified))
PERSONAL = st.one_of(st.emails(), PHONES, CARDS, NETWORKS.map(str), NETWORKS.map(lambda ip: ip.exploded))
# How a value may stand in a line: at its end, quoted, in brackets, after an equals sign, before a full stop.
SENTENCES = st.sampled_from(
    [
        "{}",
        "no member {} was found",
        "{}.",
        "{}, {}",
        "'{}'",
        '"{}"',
        "<{}>",
        "({})",
        "[{}]",
        "to={}",
        "address: {};",
        "{}\n{}",
        "5 of {}?",
        "{}: unknown",
        "2026-11-08 {}",
        "2026-11-08T07:30:00+00:00 {}",
        "run 0f8fad5b-d9cb-469f-a165-70867728950e: {} failed",
    ]
)
WORDS = ["rows", "members", "wave", "notice-en-us-ca", "gate", "accepted", "of them", "per cent"]


@given(PERSONAL, SENTENCES)
def test_what_is_somebody_s_is_hidden(value: str, sentence: str) -> None:
    """E-mail addresses, phone and card numbers, network addresses: gone from any sentence they stand in."""
    line = redact(sentence.replace("{}", value))

    assert value not in line
    assert HIDDEN in line


@pytest.mark.parametrize(
    "value",
    [
        "ann@mail.example",
        "o'brien@mail.example",
        "o'@mail.example",
        '"john doe"@mail.example',
        "ann+tag@mail.example",
        "ann@[203.0.113.9]",
        "ann%40mail.example",
        "Ann <ann@mail.example>",
        "mailto:ann@mail.example",
        "2026-11-08@mail.example",
        "josé@correo.example",
        "用户@例子.example",
        "ann@localhost",
        "+49 30 901820",
        "+49 (0) 30 901820",
        "(030) 9018 2020",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "203.0.113.9",
        "10.0.0.1",
        "300.1.1.1",
        "2001:db8::1",
        "2001:db8:0:0:0:0:0:1",
        "fe80::1%eth0",
        "::ffff:203.0.113.9",
        "00:1b:44:11:3a:b7",
    ],
)
def test_each_way_of_writing_it_is_known(value: str) -> None:
    """None of these remains, with or without a full stop behind it, or a name and a colon before it."""
    for line in (value, f"row of {value}.", f"ip:{value}", f"member={value}, next"):
        said = redact(line)
        assert HIDDEN in said
        assert value not in said
        for part in ("mail.example", "203.0.113", "db8", "901820", "9018 2020", "1111 1111", "doe"):
            assert part not in said or part not in value


@given(st.uuids(), st.binary(min_size=32, max_size=32))
def test_run_ids_and_digests_stay(run: object, digest: bytes) -> None:
    """Ids of runs and SHA-256 digests are how a line is looked up; they are nobody's."""
    line = f"Run {run} of notify-members: basis {digest.hex()}; head 12:{digest.hex()}, `{digest.hex()}`"

    assert redact(line) == line


@pytest.mark.parametrize("run", ["00000000-0000-0000-0000-000000000000", "12345678-1234-4123-8123-123456789012"])
def test_a_run_id_without_a_letter_stays(run: str) -> None:
    """One id in a million has no letter in it and looks like a telephone number."""
    assert redact(f"Open the run {run}.") == f"Open the run {run}."
    assert redact(f"key-{run}-1") == f"key-{run}-1"


ZONES = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=ZONES), st.integers(0, 10**6))  # noqa: DTZ001
def test_times_stay(at: datetime, count: int) -> None:
    """Dates and times as we write them: ISO 8601 to the second, the minute or the microsecond, and as a day."""
    written = [
        at.isoformat(),
        at.isoformat(timespec="minutes"),
        at.isoformat(timespec="seconds"),
        at.isoformat(sep=" "),
        f"{at:%Y-%m-%d %H:%M} UTC",
        f"{at:%Y-%m-%d %H:%M:%S} UTC",
        f"{at:%Y-%m-%d}",
        f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"{at:%H:%M:%S}",
    ]
    for moment in written:
        for line in (
            f"due {moment}.",
            f"{moment} {count} members",
            f"from {moment} to {moment}",
            f"at {moment}: done",
            f"[{moment}]",
        ):
            assert redact(line) == line


@pytest.mark.parametrize(
    "line",
    [
        "http://127.0.0.1:4200/api/ready",
        "listening on 0.0.0.0:8080",
        "127.0.0.1",
        "::1",
        "[::1]:4200",
        "bound to :: and 127.1.2.3",
        "Prefect 3.8.8 with fastapi 0.150.0 on Python 3.11.7",
        "wave 2 of update-001: 1126 accepted, 0 rejected.",
        "gate-notice-content-0a1b2c3d4e5f-0",
        "facts/0001.json and recipients/0a1b2c3d4e5f/recipients.parquet",
        "tests/breach/test_intake.py::test_now_is_not_the_future",
        "roster: 1200 members, 1188 people, 12 bots (facts revision 1).",
        "case:rehearsal-harbor, 12:30: the gate asks",
        "Approval by mara: @mara has read it",
        "99.95 % of 20000 in 3.25 s",
    ],
)
def test_our_own_words_stay(line: str) -> None:
    """This machine's own addresses, versions, counts, keys and paths pass unchanged."""
    assert redact(line) == line


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.integers(0, 10**7)), max_size=6))
def test_words_and_counts_stay(said: list[tuple[str, int]]) -> None:
    """Words with counts between them are never hidden: a count has at most eight digits."""
    line = "; ".join(f"{count} {word} ({count:,} before)" for word, count in said)

    assert redact(line) == line


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    """Whatever comes, a string comes out; doing it twice changes nothing more."""
    once = redact(text)

    assert redact(once) == once


def test_a_long_line_does_not_stop_the_work() -> None:
    """A megabyte of the worst characters is done within seconds."""
    began = time.monotonic()
    for piece in ("1 ", "a" * 63, "1.", ":1", '"', "-1", "@", "a@", "0:"):
        redact(piece * (200_000 // len(piece)))

    assert time.monotonic() - began < 10


# --- the filter


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("x", logging.INFO, __file__, 1, message, args, info)


def formatted(line: logging.LogRecord) -> str:
    assert RedactingFilter().filter(line) is True
    return logging.Formatter().format(line)


@given(PERSONAL)
def test_arguments_are_hidden_like_the_message(value: str) -> None:
    """A value that comes as an argument is in neither the line nor the record afterwards."""
    line = record("no member %s of %d", value, 3)

    said = formatted(line)

    assert value not in said
    assert said.startswith("no member ")
    assert said.endswith(" of 3")
    assert line.args is None


@given(PERSONAL)
def test_a_traceback_is_cut_to_its_type(value: str) -> None:
    """Of an exception the type remains: not its text, not its chain, not a line of code."""
    try:
        try:
            float(f"zq {value}")
        except ValueError as error:
            raise LookupError(value) from error
    except LookupError as error:
        said = formatted(record("it failed", error=error))

    assert said == "it failed\nbuiltins.LookupError"


def test_a_traceback_formatted_earlier_is_redacted() -> None:
    """Another handler may have written the traceback into the record already."""
    line = record("it failed")
    line.exc_text = "ValueError: no member ann@mail.example"

    assert "mail.example" not in formatted(line)


def test_a_line_that_cannot_be_put_together_does_no_harm() -> None:
    """Wrong arguments, or one that cannot be printed: the line says so, and the work goes on."""

    class Unprintable:
        def __str__(self) -> str:
            raise RuntimeError("ann@mail.example")

    for line in (record("%d members", "ann@mail.example"), record("%s", Unprintable()), record("%s %s", "one")):
        assert formatted(line) == UNREADABLE


def test_every_handler_that_stores_a_line_wears_the_filter() -> None:
    """In our logging settings no handler is without it, and the filter is this one."""
    found = yaml.safe_load((CODE / "deployments" / "logging.yml").read_text())

    assert found["filters"]["redact"]["()"] == f"{RedactingFilter.__module__}.{RedactingFilter.__name__}"
    assert {name for name, handler in found["handlers"].items() if handler.get("filters") != ["redact"]} == set()
    used = [name for logger in (*found["loggers"].values(), found["root"]) for name in logger.get("handlers", [])]
    assert set(used) <= set(found["handlers"])


def test_the_filter_needs_no_server() -> None:
    """It is loaded by Prefect's logging, so it must not import Prefect itself."""
    script = "import sys, tasks.redaction; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=CODE, check=False).returncode == 0
