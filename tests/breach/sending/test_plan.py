"""The plan of waves: everybody once, in the order of caution, the same in every run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breach.errors import Conflict, Tampered
from breach.parquet import read_parquet
from breach.sending.plan import Told
from schemas.incident import SendingPlan
from schemas.sending import WaveName
from tests.breach.sending.scene import (
    SEEDS,
    VARIANTS,
    MemoryStore,
    Person,
    Scene,
    freeze_list,
    freeze_notices,
    make_crowd,
    make_scene,
)


def rows(scene: Scene, key: str) -> list[dict[str, object]]:
    held = scene.store.get(key)
    assert held is not None
    found: list[dict[str, object]] = read_parquet(held.data).to_pylist()
    return found


@settings(max_examples=25, deadline=None)
@given(people=st.integers(0, 60), canary=st.integers(1, 70), chunk=st.integers(1, 40), told=st.integers(0, 60))
def test_everybody_left_stands_in_one_chunk(people: int, canary: int, chunk: int, told: int) -> None:
    """Whatever the sizes, the chunks hold each untold person exactly once and nobody else."""
    sending = SendingPlan(canary_size=canary, chunk_size=chunk, observe_minutes=0)
    scene = make_scene(MemoryStore(), people, sending=sending)
    before = frozenset(scene.tokens[:told])
    receipt = scene.plan(Told(before, 4))
    plan = scene.read_plan(receipt)
    listed = [
        row["token"]
        for wave in plan.waves
        if wave.name is not WaveName.SEEDS
        for one in wave.chunks
        for row in rows(scene, one.key)
    ]
    assert sorted(map(str, listed)) == sorted(set(scene.tokens) - before)
    left = people - min(told, people)
    assert receipt.counts["recipients"] == left
    by_name = {wave.name: sum(one.recipients for one in wave.chunks) for wave in plan.waves}
    assert by_name.get(WaveName.CANARY, 0) == min(canary, left)
    assert all(1 <= one.recipients <= chunk for wave in plan.waves for one in wave.chunks)
    numbers = [one.n for wave in plan.waves for one in wave.chunks]
    assert numbers == list(range(len(numbers)))
    assert [wave.n for wave in plan.waves] == list(range(len(plan.waves)))
    assert plan.told_as_of == 4


def test_a_list_of_nobody_is_a_plan_without_waves() -> None:
    """When nobody can be told by mail nothing goes out, and no seed letter about it either."""
    scene = make_scene(MemoryStore(), 0)
    receipt = scene.plan()
    assert scene.read_plan(receipt).waves == ()
    assert (receipt.counts["waves"], receipt.counts["chunks"], receipt.counts["seeds"]) == (0, 0, 0)


def test_a_plan_made_twice_is_the_same_plan() -> None:
    """A killed chapter that runs again writes the same bytes and returns the same receipt."""
    scene = make_scene(MemoryStore(), 30)
    assert scene.plan() == scene.plan()
    other = make_scene(MemoryStore(), 30)
    assert other.plan() == scene.plan()


def test_a_chunk_has_one_variant_and_carries_the_values_of_its_people() -> None:
    """Every row stands under its own variant with the values frozen in the notices."""
    scene = make_scene(MemoryStore(), 30)
    by_token = {person.token(): person for person in scene.people}
    for wave in scene.read_plan(scene.plan()).waves:
        for chunk in wave.chunks:
            for row in rows(scene, chunk.key):
                assert row["variant"] == chunk.variant
                if wave.name is not WaveName.SEEDS:
                    person = by_token[str(row["token"])]
                    assert (row["address"], row["members"]) == (person.address, len(person.members))
                    assert isinstance(row["values"], list)
                    assert row["values"][1] == person.name


def test_seeds_are_each_variant_once_for_each_person_on_duty() -> None:
    """Two people on duty and two variants make four seed letters, which count no members."""
    scene = make_scene(MemoryStore(), 12)
    first = scene.read_plan(scene.plan()).waves[0]
    seen = {(row["variant"], row["address"]) for chunk in first.chunks for row in rows(scene, chunk.key)}
    assert first.name is WaveName.SEEDS
    assert seen == {(variant, seed.address) for variant in VARIANTS for seed in SEEDS}
    assert all(chunk.members == 0 for chunk in first.chunks)


def seed_tokens(scene: Scene) -> set[str]:
    seeds = scene.read_plan(scene.plan()).waves[0]
    return {str(row["token"]) for chunk in seeds.chunks for row in rows(scene, chunk.key)}


def test_seed_tokens_change_with_the_notices() -> None:
    """New wording is a new letter to the people on duty: a mailer that takes a token once must take it."""
    same, again, other = (seed_tokens(make_scene(MemoryStore(), people)) for people in (4, 4, 5))
    assert same == again
    assert same.isdisjoint(other)


def test_the_canary_is_spread_over_the_variants() -> None:
    """Six canaries out of two variants are three of each."""
    scene = make_scene(MemoryStore(), 40)
    canary = scene.read_plan(scene.plan()).waves[1]
    counts = dict.fromkeys(VARIANTS, 0)
    for chunk in canary.chunks:
        counts[chunk.variant] += chunk.recipients
    assert counts == {VARIANTS[0]: 3, VARIANTS[1]: 3}


def test_an_address_twice_is_refused_without_naming_it() -> None:
    """One address in two rows would be told twice, however it is spelt; the refusal counts and does not quote."""
    store = MemoryStore()
    crowd = (*make_crowd(3), Person("MEMBER0000@mail.example", "Twin", ("m99",), VARIANTS[0]))
    doubled = Scene(store, crowd, freeze_list(store, crowd), freeze_notices(store, crowd), SendingPlan())
    with pytest.raises(Conflict, match="1 rows") as refused:
        doubled.plan()
    assert "mail.example" not in str(refused.value).lower()


def test_a_list_without_its_notices_is_refused() -> None:
    """A person whose values were never frozen stops the plan: nobody is left out in silence."""
    store = MemoryStore()
    crowd = make_crowd(5)
    short = Scene(store, crowd, freeze_list(store, crowd), freeze_notices(store, crowd[1:]), SendingPlan())
    with pytest.raises(Conflict, match="5 people to be told, 4 notices"):
        short.plan()


def test_changed_values_are_noticed() -> None:
    """The values a gate approved by digest are the values that are planned, or nothing is."""
    store = MemoryStore()
    scene = make_scene(store, 5)
    key = next(key for key in store.objects if key.endswith("personal.parquet"))
    store.objects[key] += b"\0"
    with pytest.raises(Tampered):
        scene.plan()


def test_nobody_left_is_a_plan_without_waves() -> None:
    """When everybody was told before there is nothing to try on the people on duty either."""
    scene = make_scene(MemoryStore(), 4)
    receipt = scene.plan(Told(frozenset(scene.tokens), 9))
    assert scene.read_plan(receipt).waves == ()
    assert receipt.counts["told before"] == 4


def test_a_seed_is_never_printed_with_its_address() -> None:
    """The repr of a seed holds the staff id and nothing else."""
    assert "staff.example" not in repr(SEEDS[0])
    assert repr(SEEDS[0]) == "Seed(staff='mira')"
