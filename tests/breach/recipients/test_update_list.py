"""The list of an update: exactly the people told before, whichever list they were told from."""

from dataclasses import replace
from typing import Any

import pytest

from breach.digest import digest_bytes, keyed_token
from breach.errors import BadInput, Conflict
from breach.parquet import read_parquet
from breach.recipients.build import build_update_list, lists_of
from breach.recipients.tables import RECIPIENTS, to_parquet
from breach.store import get_record, put_record
from schemas.expectations import Validation
from schemas.receipt import Chapter, Receipt, StepInputs, StepRecord
from schemas.recipients import ListManifest

from .conftest import CASE_KEY, Scene


def passed(work: Any, table: Any) -> Validation:
    return Validation(passed=True, expectations=1)


def test_an_update_goes_to_exactly_the_people_told_before(scene: Scene) -> None:
    """The told ones, under new names that do not show the old ones; nobody else."""
    scene.write({str(n): {"email": f"M{n}@example.org", "jurisdiction": "US-CA"} for n in range(6)})
    receipt = scene.build()
    before = {row["token"]: row["address"] for row in scene.table("recipients.parquet")}
    told = sorted(before)[:4]

    work = replace(scene.work, revision="cccccccccccc")
    update = build_update_list(work, "update-001", [receipt.key], told, case_key=CASE_KEY, validate=passed)

    rows = scene.table("recipients.parquet", "cccccccccccc")
    assert sorted(row["address"] for row in rows) == sorted(before[token] for token in told)
    assert {row["variant"] for row in rows} == {"update-001-en-us-ca"}
    assert not {row["token"] for row in rows} & set(before)
    assert {row["token"] for row in rows} == {
        keyed_token(CASE_KEY, "update-001", before[token].lower()) for token in told
    }
    manifest = get_record(scene.store, update.key, ListManifest)
    assert (manifest.affected, manifest.members_covered) == (4, 4)


def test_an_update_refuses_tokens_of_another_list(scene: Scene) -> None:
    """A told token that is not on the list means a wrong list: stop instead of leaving somebody out."""
    scene.write({"1": {"email": "a@example.org"}})
    receipt = scene.build()

    work = replace(scene.work, revision="cccccccccccc")
    with pytest.raises(Conflict, match="1 notices are not on the list"):
        build_update_list(work, "update-001", [receipt.key], ["z" * 26], case_key=CASE_KEY, validate=passed)


def test_an_update_to_nobody_is_an_error(scene: Scene) -> None:
    """Nobody was told: there is nobody to update, and nothing is written."""
    scene.write({"1": {"email": "a@example.org"}})
    receipt = scene.build()

    work = replace(scene.work, revision="cccccccccccc")
    with pytest.raises(BadInput, match="nobody to update"):
        build_update_list(work, "update-001", [receipt.key], [], case_key=CASE_KEY, validate=passed)
    assert scene.store.keys("recipients/cccccccccccc/") == []


def narrowed(scene: Scene, revision: str, kept: dict[str, str], facts_revision: int) -> str:
    """Another list of the notice, frozen after a later fact: addresses kept, with the names they now have."""
    held = scene.store.get("recipients/0123456789ab/recipients.parquet")
    assert held is not None
    rows = [row for row in read_parquet(held.data).to_pylist() if row["address"] in kept]
    for row in rows:
        row["name"] = kept[row["address"]]
    columns = {name: [row[name] for row in rows] for name in RECIPIENTS.names}
    key = f"recipients/{revision}/manifest.json"
    scene.store.put_new(f"recipients/{revision}/recipients.parquet", to_parquet(RECIPIENTS, columns))
    first = get_record(scene.store, "recipients/0123456789ab/manifest.json", ListManifest)
    variants = {"notice-en-default": len(rows)} if rows else {}
    put_record(scene.store, key, first.model_copy(update={"by_variant": variants, "recipients": len(rows)}))
    done(scene, key, facts_revision)
    return key


def done(scene: Scene, key: str, facts_revision: int) -> None:
    """A step record of the recipients chapter, as its runner writes one."""
    revision = key.split("/")[1]
    receipt = Receipt(
        case_id="harbor-test", chapter=Chapter.RECIPIENTS, revision=revision, key=key, digest=digest_bytes(b"")
    )
    inputs = StepInputs(chapter=Chapter.RECIPIENTS, facts_revision=facts_revision, code="1")
    put_record(scene.store, f"steps/recipients/{revision}.json", StepRecord(inputs=inputs, receipt=receipt))


def test_people_told_before_the_list_was_narrowed_still_get_the_update(scene: Scene) -> None:
    """A later fact took two of three off the list; they were told, so they are updated, by their newest row."""
    scene.write({str(n): {"email": f"m{n}@example.org"} for n in range(3)})
    first = scene.build().key
    told = [row["token"] for row in scene.table("recipients.parquet")]
    second = narrowed(scene, "bbbbbbbbbbbb", {"m0@example.org": "Second", "m1@example.org": "Second"}, 2)
    third = narrowed(scene, "aaaaaaaaaaaa", {"m0@example.org": "Third"}, 3)

    work = replace(scene.work, revision="cccccccccccc")
    update = build_update_list(work, "update-001", [first, second, third], told, case_key=CASE_KEY, validate=passed)

    rows = {row["address"]: row["name"] for row in scene.table("recipients.parquet", "cccccccccccc")}
    assert rows == {"m0@example.org": "Third", "m1@example.org": "Second", "m2@example.org": "Some One"}
    assert get_record(scene.store, update.key, ListManifest).recipients == 3


def test_the_lists_of_a_message_are_found_oldest_first_and_the_current_one_last(scene: Scene) -> None:
    """By revision of the facts, without empty lists and those of updates; a case may return to an earlier list."""
    scene.write({str(n): {"email": f"m{n}@example.org"} for n in range(2)})
    first = scene.build().key
    done(scene, first, 1)
    third = narrowed(scene, "aaaaaaaaaaaa", {"m0@example.org": "A"}, 3)
    second = narrowed(scene, "bbbbbbbbbbbb", {"m1@example.org": "B"}, 2)
    nobody = narrowed(scene, "dddddddddddd", {}, 4)
    told = [row["token"] for row in scene.table("recipients.parquet")]
    work = replace(scene.work, revision="cccccccccccc")
    update = build_update_list(work, "update-001", [first], told, case_key=CASE_KEY, validate=passed).key

    assert lists_of(scene.store, "notice", third) == [first, second, third]
    assert lists_of(scene.store, "notice", first) == [second, third, first]
    assert lists_of(scene.store, "notice", nobody) == [first, second, third, nobody]
    assert lists_of(scene.store, "update-001", update) == [update]
