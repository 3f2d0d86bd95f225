"""Records: closed, frozen, silent, and with one byte form."""

import importlib
import inspect
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

import schemas
from schemas.base import CaseId, Digest, Record, Revision, StaffId, Token, ZonedTime, canonical_json
from schemas.current import Current
from schemas.incident import REHEARSAL_PREFIX, CaseRef, Mode
from schemas.receipt import Chapter, Receipt

SECRET = "zq9secretsecret"
NAMES = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8)


class Sample(Record):
    """A record of every simple kind."""

    name: str
    counts: dict[str, int] = Field(default_factory=dict)
    at: ZonedTime | None = None


def records() -> list[type[Record]]:
    folder = Path(next(iter(schemas.__path__)))
    modules = [importlib.import_module(f"schemas.{path.stem}") for path in sorted(folder.glob("*.py"))]
    found = {
        member
        for module in modules
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Record) and member is not Record
    }
    return sorted(found, key=lambda one: one.__name__)


def test_the_one_byte_form_is_sorted_and_bare() -> None:
    """Sorted keys, no spaces, UTF-8 as it is: written by hand here."""
    record = Sample(name="Zoë", counts={"b": 2, "a": 1})

    assert canonical_json(record) == '{"at":null,"counts":{"a":1,"b":2},"name":"Zoë"}'.encode()


@given(st.dictionaries(NAMES, st.integers(), max_size=6), st.randoms(), NAMES)
def test_order_does_not_change_the_bytes(counts: dict[str, int], chance: object, name: str) -> None:
    """The same content gives the same bytes, in whatever order it was put in, and after being read again."""
    shuffled = list(counts.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    written = canonical_json(Sample(name=name, counts=counts))

    assert canonical_json(Sample(counts=dict(shuffled), name=name)) == written
    assert canonical_json(Sample.model_validate_json(written)) == written
    assert json.loads(written)["counts"] == counts


def test_other_content_gives_other_bytes() -> None:
    """What differs in a count, a name or a moment differs in bytes."""
    at = datetime(2026, 11, 8, 6, 0, tzinfo=UTC)
    forms = {
        canonical_json(one)
        for one in (
            Sample(name="a"),
            Sample(name="b"),
            Sample(name="a", counts={"x": 0}),
            Sample(name="a", at=at),
            Sample(name="a", at=at + timedelta(microseconds=1)),
        )
    }

    assert len(forms) == 5


def test_pointers_are_the_same_bytes_in_any_order() -> None:
    """current.json does not depend on which chapter was done first."""
    receipts = {
        chapter.value: Receipt(case_id="harbor-2026", chapter=chapter, revision="a" * 12, key="k", digest="b" * 64)
        for chapter in Chapter
    }

    assert canonical_json(Current(receipts=receipts)) == canonical_json(
        Current(receipts=dict(reversed(receipts.items())))
    )


@pytest.mark.parametrize("record", records(), ids=lambda one: one.__name__)
def test_every_record_is_closed_frozen_and_silent(record: type[Record]) -> None:
    """All of them: unknown keys refused, nothing changed afterwards, defaults checked, input never quoted."""
    assert record.model_config["extra"] == "forbid"
    assert record.model_config["frozen"]
    assert record.model_config["hide_input_in_errors"]
    assert record.model_config["validate_default"]
    with pytest.raises(ValidationError) as refused:
        record.model_validate(dict.fromkeys(record.model_fields, SECRET) | {"unasked": SECRET})
    assert SECRET not in str(refused.value)


def test_a_record_stays_as_it_was() -> None:
    """Setting a field is refused."""
    with pytest.raises(ValidationError, match="frozen"):
        Sample(name="a").name = "b"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (CaseId, "harbor-2026", ["short", "Harbor-2026", "harbor-2026\n", "a" * 61]),
        (Digest, "0" * 64, ["0" * 63, "A" * 64, "0" * 64 + "\n"]),
        (Revision, "0" * 12, ["0" * 13, "g" * 12]),
        (Token, "a2" * 13, ["a" * 25, "a" * 27, "1" * 26, "A" * 26]),
        (StaffId, "mara", ["m", "Mara", "1mara", "mara@mail.example", "m" * 32]),
        (ZonedTime, "2026-11-08T06:00:00Z", ["2026-11-08T06:00:00", "never"]),
    ],
)
def test_names_have_one_shape(kind: object, good: str, bad: list[str]) -> None:
    """Cases, digests, revisions, tokens, staff and moments: one shape each, the whole of it."""
    adapter = TypeAdapter(kind)
    adapter.validate_python(good)
    for value in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python(value)


@pytest.mark.parametrize(
    ("typed", "mode", "meant"),
    [
        ("harbor-2026", Mode.LIVE, "harbor-2026"),
        ("harbor-2026", Mode.REHEARSAL, "rehearsal-harbor-2026"),
        ("rehearsal-harbor", Mode.REHEARSAL, "rehearsal-harbor"),
        ("rehearsal", Mode.REHEARSAL, "rehearsal-rehearsal"),
        ("rehearsal", Mode.LIVE, "rehearsal"),
    ],
)
def test_a_rehearsal_carries_its_prefix(typed: str, mode: Mode, meant: str) -> None:
    """A rehearsal's name begins with its prefix, typed or not; a live case keeps its own."""
    assert CaseRef.named(typed, mode) == CaseRef(case_id=meant, mode=mode)
    assert CaseRef.named(meant, mode).case_id == meant


def test_a_live_case_never_looks_like_a_rehearsal() -> None:
    """A live case with a rehearsal's name is refused."""
    with pytest.raises(ValueError, match="live"):
        CaseRef.named("rehearsal-harbor", Mode.LIVE)


@given(st.from_regex(r"[a-z0-9-]{6,60}", fullmatch=True), st.sampled_from(Mode))
def test_modes_never_share_a_name(typed: str, mode: Mode) -> None:
    """Whatever is typed: a name that exists is marked exactly when it is a rehearsal's, and is at most 60 long."""
    try:
        ref = CaseRef.named(typed, mode)
    except ValueError:  # a live case with the prefix, or too long with it
        assert typed.startswith(REHEARSAL_PREFIX) or len(REHEARSAL_PREFIX + typed) > 60
        return
    assert ref.case_id.startswith(REHEARSAL_PREFIX) is (mode is Mode.REHEARSAL)
    assert len(ref.case_id) <= 60


@given(st.from_regex(r"[a-z0-9-]{6,60}", fullmatch=True))
def test_every_case_a_name_may_mean_is_found(typed: str) -> None:
    """Exactly the cases that the name leads to in some mode: nobody in a hurry halts the wrong one or misses one."""
    meant = set()
    for mode in Mode:
        try:
            meant.add(CaseRef.named(typed, mode))
        except ValueError:
            continue

    assert set(CaseRef.every(typed)) == meant


def test_a_moment_keeps_the_zone_it_was_written_in() -> None:
    """What was written as 07:00 in Berlin is read again as 07:00 in Berlin."""
    berlin = datetime(2026, 11, 8, 7, 0, tzinfo=timezone(timedelta(hours=1)))
    read = Sample.model_validate_json(canonical_json(Sample(name="a", at=berlin)))

    assert read.at is not None
    assert read.at.isoformat() == "2026-11-08T07:00:00+01:00"
