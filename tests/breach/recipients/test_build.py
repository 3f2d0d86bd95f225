"""The list: who is on it, who is not, and that nobody is missing."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from breach.digest import digest_bytes, keyed_token
from breach.errors import BadInput
from breach.store import get_record
from schemas.expectations import FailedExpectation, Validation
from schemas.exposure import DataType
from schemas.recipients import ExclusionReason, ListManifest, ListNotes, QuarantineReason

from .conftest import CASE_KEY, Scene


def test_accounts_of_one_mailbox_become_one_recipient(scene: Scene) -> None:
    """Two accounts whose addresses differ in case get one notice about everything that leaked of both."""
    scene.write(
        {
            "2": {"email": "ann@EXAMPLE.org", "types": ["phone number", "name"], "minor": True},
            "10": {"email": "Ann@example.org", "types": ["email address", "name"]},
        }
    )
    receipt = scene.build()

    (row,) = scene.table("recipients.parquet")
    assert row["member_ids"] == ["10", "2"]
    assert row["types"] == ["name", "email address", "phone number"]
    assert row["address"] == "Ann@example.org"
    assert row["minor"] is True
    assert row["token"] == keyed_token(CASE_KEY, "notice", "ann@example.org")
    assert (receipt.counts["recipients"], receipt.counts["members"]) == (1, 2)


def test_a_statutory_notice_is_not_a_newsletter(scene: Scene) -> None:
    """Suspended, staged, deleted and opted-out people are told, and counted."""
    states = ("suspended", "staged", "deleted", "opted_out")
    scene.write({state: {"email": f"{state}@example.org", state: True} for state in states})
    receipt = scene.build()

    manifest = get_record(scene.store, receipt.key, ListManifest)
    assert manifest.recipients == 4
    assert manifest.notes.told_anyway == dict.fromkeys(states, 1)


def test_those_who_cannot_be_written_to_are_named_with_a_reason_and_a_way(scene: Scene) -> None:
    """Bots are excluded; missing, impossible and unsupported addresses wait with a substitute route."""
    scene.write(
        {
            "ok": {"email": "ok@example.org"},
            "bot": {"email": "bot@example.org", "is_bot": True},
            "none": {"email": " ", "phone": "+49 30 1"},
            "bad": {"email": "x@y", "deleted": True},
            "umlaut": {"email": "ü@example.org"},
            "lost": {"email": "never@example.org"},
        },
        lost=frozenset({"lost"}),
    )
    receipt = scene.build()

    rows = {row["member_id"]: row for row in scene.table("quarantine.parquet")}
    assert {key: (row["kind"], row["reason"]) for key, row in rows.items()} == {
        "bot": ("excluded", ExclusionReason.BOT),
        "none": ("quarantined", QuarantineReason.NO_ADDRESS),
        "bad": ("quarantined", QuarantineReason.BAD_ADDRESS),
        "umlaut": ("quarantined", QuarantineReason.UNSUPPORTED_ADDRESS),
        "lost": ("quarantined", QuarantineReason.NO_ADDRESS),
    }
    assert rows["bot"]["route"] == ""
    assert rows["none"]["route"].startswith("message on the platform; then telephone; then ")
    assert rows["bad"]["route"].endswith("public notice")
    assert "platform" not in rows["bad"]["route"]
    assert receipt.counts["affected"] == 6


@pytest.mark.parametrize(
    ("locale", "jurisdiction", "variant"),
    [
        ("de", "US-TX", "notice-de-default"),
        ("de-CH", "CH", "notice-de-default"),
        ("de_AT", "unknown", "notice-de-default"),
        ("", "DE", "notice-de-default"),
        ("", "AT", "notice-de-default"),
        ("", "unknown", "notice-en-default"),
        ("", "US-DE", "notice-en-default"),
        ("en", "DE", "notice-en-default"),
        ("fr", "CA-QC", "notice-en-default"),
        ("den", "CA", "notice-en-default"),
        ("", "US-CA", "notice-en-us-ca"),
        ("de", "US-MA", "notice-de-us-ma"),
    ],
)
def test_the_variant_follows_language_and_residence(scene: Scene, locale: str, jurisdiction: str, variant: str) -> None:
    """German for those who ask for it or live in Germany or Austria without asking; US-DE is Delaware."""
    scene.write({"1": {"email": "a@example.org", "locale": locale, "jurisdiction": jurisdiction}})
    scene.build()

    assert [row["variant"] for row in scene.table("recipients.parquet")] == [variant]


def test_the_stricter_residence_wins_on_a_shared_mailbox(scene: Scene) -> None:
    """Massachusetts bans what others ask for, so it wins over California, and California over the rest."""
    scene.write(
        {
            "1": {"email": "a@example.org", "jurisdiction": "US-CA"},
            "2": {"email": "a@example.org", "jurisdiction": "US-MA"},
            "3": {"email": "b@example.org", "jurisdiction": "DE"},
            "4": {"email": "b@example.org", "jurisdiction": "US-CA"},
        }
    )
    scene.build()

    assert {row["address"]: row["residence"] for row in scene.table("recipients.parquet")} == {
        "a@example.org": "us-ma",
        "b@example.org": "us-ca",
    }


def test_languages_we_do_not_write_are_counted(scene: Scene) -> None:
    """The gate must learn how many get English who asked for something else, and how many live in Quebec."""
    scene.write(
        {
            "1": {"email": "a@example.org", "locale": "fr-CA", "jurisdiction": "CA-QC"},
            "2": {"email": "b@example.org", "locale": "pt-BR", "jurisdiction": "BR"},
            "3": {"email": "c+1@example.org", "locale": "fr"},
            "4": {"email": "c@example.org"},
        }
    )
    notes = get_record(scene.store, scene.build().key, ListManifest).notes

    assert notes.other_languages == {"fr": 2, "pt": 1}
    assert (notes.quebec, notes.language_unknown, notes.alike_addresses) == (1, 1, 2)


@pytest.mark.parametrize(
    "cell",
    [
        "Jane Doe jane@mail.example",
        "jane-doe",
        "jane_doe",
        "Jane",
        "x" * 300,
        "=cmd|'/C calc'!A0",
        "qqq",
        "fr fr",
        "ｆｒ",
    ],
)
def test_what_is_no_language_is_counted_without_being_quoted(scene: Scene, cell: str) -> None:
    """Members write anything into a field of their own; only codes of languages that exist become a key."""
    scene.write({"1": {"email": "a@example.org", "locale": cell}, "2": {"email": "b@example.org", "locale": " "}})
    notes = get_record(scene.store, scene.build().key, ListManifest).notes

    assert notes.other_languages == {"another": 1}
    assert notes.language_unknown == 1


@pytest.mark.parametrize("key", ["jane@mail.example", "Jane Doe", "fr\n", "FR", "f", "deutsch", ""])
def test_the_notes_can_hold_no_other_key(key: str) -> None:
    """Not even a mistake elsewhere can put a cell into the manifest, and the refusal does not repeat it."""
    with pytest.raises(ValidationError) as refused:
        ListNotes(other_languages={key: 1})

    assert len(key) < 2 or key not in str(refused.value)
    assert ListNotes(other_languages={"fr": 1, "haw": 2, "another": 3}).other_languages["haw"] == 2


def test_an_address_too_long_for_any_server_fails_the_checks_and_is_quarantined(scene: Scene) -> None:
    """254 octets are the limit of RFC 5321; such a row is set aside and the others go on."""
    long = "a" * 20 + "@" + ".".join(["x" * 62, "x" * 62, "x" * 62, "x" * 50]) + ".example"  # 268; the domain is 247
    scene.write({"1": {"email": long}, "2": {"email": "b@example.org"}})
    receipt = scene.build()

    manifest = get_record(scene.store, receipt.key, ListManifest)
    assert manifest.quarantined == {QuarantineReason.FAILED_EXPECTATION: 1}
    assert [row["address"] for row in scene.table("recipients.parquet")] == ["b@example.org"]


def test_a_list_of_people_without_addresses_is_frozen_and_names_them(scene: Scene) -> None:
    """Nobody to write to: the list is empty and checked, and whoever needs another way is in the quarantine."""
    scene.write({"1": {"email": ""}, "2": {"email": "nope"}, "3": {"email": "bot@example.org", "is_bot": True}})
    receipt = scene.build()

    manifest = get_record(scene.store, receipt.key, ListManifest)
    assert (manifest.affected, manifest.recipients, manifest.members_covered) == (3, 0, 0)
    assert (sum(manifest.quarantined.values()), sum(manifest.excluded.values())) == (2, 1)
    assert (manifest.validation_passed, manifest.by_variant) == (True, {})
    assert scene.table("recipients.parquet") == []
    assert len(scene.table("quarantine.parquet")) == 3
    assert scene.build() == receipt


def test_a_false_suspicion_has_an_empty_list(scene: Scene) -> None:
    """Nobody is affected: the case goes on to its gate with a list of nobody, so that a person can close it."""
    scene.write({})
    receipt = scene.build()

    assert (receipt.counts["affected"], receipt.counts["recipients"]) == (0, 0)


@pytest.mark.parametrize(
    "failed", [(), ("unique (token)",), ("expect_table_row_count_to_be_between", "unique (token)")], ids=len
)
def test_an_empty_list_is_excused_only_for_being_empty(scene: Scene, failed: tuple[str, ...]) -> None:
    """Whatever else a validator has against it still stops it, also when it does not say what."""
    found = tuple(FailedExpectation(name=name, rows=0) for name in failed)
    scene.write({})

    with pytest.raises(BadInput, match="failed its checks"):
        scene.build(lambda _work, _table: Validation(passed=False, expectations=17, failed=found))


def test_a_failed_validation_stops_the_list(scene: Scene) -> None:
    """What the validator says is kept, the list is not frozen, and no value is in the message."""

    def failing(work: Any, table: Any) -> Validation:
        return Validation(passed=False, expectations=17, failed=(FailedExpectation(name="unique (token)", rows=3),))

    scene.write({"1": {"email": "secret@example.org"}})
    with pytest.raises(BadInput, match=r"unique \(token\): 3 rows") as caught:
        scene.build(failing)

    assert "secret" not in str(caught.value)
    assert scene.store.keys("recipients/0123456789ab/") == [
        "recipients/0123456789ab/quarantine.parquet",
        "recipients/0123456789ab/validation/result.json",
    ]


def test_a_second_run_finds_what_the_first_wrote(scene: Scene) -> None:
    """Same inputs, same bytes: the chapter can be killed anywhere and run again."""
    scene.write({str(n): {"email": f"m{n}@example.org"} for n in range(20)})
    first = scene.build()

    assert scene.build() == first


def test_the_digest_is_of_the_list_and_of_those_left_out(scene: Scene) -> None:
    """The digest a gate binds to covers both tables."""
    scene.write({"1": {"email": "a@example.org"}, "2": {"email": ""}})
    manifest = get_record(scene.store, scene.build().key, ListManifest)

    digests = []
    for name in ("recipients", "quarantine"):
        held = scene.store.get(f"recipients/0123456789ab/{name}.parquet")
        assert held is not None
        digests.append(digest_bytes(held.data))
    assert manifest.list_digest == digest_bytes("".join(digests).encode())


accounts = st.dictionaries(
    st.text("0123456789", min_size=1, max_size=4),
    st.fixed_dictionaries(
        {
            "email": st.sampled_from(["", "a@example.org", "A@example.org", "b+1@example.org", "bad", "ü@example.org"])
            | st.emails()
            | st.text(max_size=20),
            "name": st.text(max_size=90),
            "locale": st.sampled_from(["", "de", "en-GB", "fr", "pt-BR"]),
            "jurisdiction": st.sampled_from(["unknown", "DE", "US-CA", "US-MA", "CA-QC", "JP"]),
            "types": st.lists(st.sampled_from([kind.value for kind in DataType]), min_size=1, unique=True),
            "is_bot": st.booleans(),
            "deleted": st.booleans(),
            "minor": st.booleans(),
        }
    ),
    min_size=1,
    max_size=12,
)


@given(accounts)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_affected_member_is_in_exactly_one_place(new_scene: Callable[[], Scene], members: dict[str, Any]) -> None:
    """Recipients, quarantine and excluded together are the affected members, each once; no mailbox stands twice."""
    scene = new_scene()
    scene.write(members)
    scene.build()
    told = scene.table("recipients.parquet")
    named = [member for row in told for member in row["member_ids"]]
    named += [row["member_id"] for row in scene.table("quarantine.parquet")]

    assert sorted(named) == sorted(members)
    assert len({row["address"].lower() for row in told}) == len({row["token"] for row in told}) == len(told)
