import hashlib
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from breach.errors import BadInput, Conflict, PlatformBusy
from breach.platforms.containment import apply_containment, plan_containment
from breach.platforms.discourse import DiscoursePlatform
from breach.platforms.discourse_site import DiscourseSite
from breach.store import get_record
from examples.platform.server import DEFAULT_EXPORT
from examples.platform.state import Category
from schemas.containment import ActionRecord, ActionState, ContainmentPlan, ContainmentResult, Measures, Reversible
from schemas.incident import Answer, Mode

AT = datetime(2026, 11, 8, 7, 30, tzinfo=UTC)
KEY = "k" * 32
REV = "a" * 12
NIGHT_WATCH = "/c/night-watch/7.json"


def stranger(server, path):
    return httpx.get(server.address + path).status_code


def state_of(work):
    return {key: work.store.get(key).data for key in work.store.keys("containment/")}


def test_an_open_area_and_the_export_turn_from_200_to_refused(server, forum, make_work):
    """A stranger who could read the area and the export gets neither afterwards; other areas stay open."""
    work = make_work("night-watch")
    assert stranger(server, NIGHT_WATCH) == 200
    receipt = apply_containment(work, forum, AT)
    assert stranger(server, NIGHT_WATCH) == 403
    assert stranger(server, f"/uploads/exports/{DEFAULT_EXPORT}") == 404
    assert stranger(server, "/c/boat-talk/5.json") == 200
    assert receipt.counts == {
        "planned": 2,
        "applied": 2,
        "already_closed": 0,
        "by_hand": 0,
        "planned_only": 0,
        "verified": 2,
        "not_verified": 0,
    }
    assert receipt.digest == hashlib.sha256(work.store.get(receipt.key).data).hexdigest()


def test_an_action_is_recorded_with_probes_digests_and_its_way_back(forum, make_work):
    """The object of an action shows what a stranger got before and after, the digests of both values, and the time."""
    work = make_work("night-watch")
    apply_containment(work, forum, AT)
    record = get_record(work.store, f"containment/{REV}/actions/001.json", ActionRecord)
    assert record.action.probe_before is not None
    assert record.probe_after is not None
    assert (record.action.probe_before.status, record.probe_after.status) == (200, 403)
    assert record.before_digest == hashlib.sha256(b'{"everyone":1}').hexdigest()
    assert record.after_digest == hashlib.sha256(b'{"staff":1}').hexdigest()
    assert record.applied_at == AT
    assert record.action.reversible is Reversible.YES
    assert '{"everyone":1}' in record.action.inverse


def test_planning_changes_nothing(server, forum, make_work):
    """The plan and its checklist are written while a stranger still reads the area."""
    work = make_work("night-watch")
    receipt = plan_containment(work, forum)
    assert receipt.counts["planned"] == 2
    assert stranger(server, NIGHT_WATCH) == 200
    assert "night-watch" in work.store.get(f"containment/{REV}/checklist.md").data.decode()
    assert plan_containment(work, forum) == receipt


def test_one_503_is_a_retry_and_the_second_call_continues(server, forum, make_work):
    """The site's one 503 ends the first call as busy; the second one finishes."""
    server.platform.site.hiccup_left = 1
    work = make_work("night-watch")
    with pytest.raises(PlatformBusy, match="503"):
        apply_containment(work, forum, AT)
    assert stranger(server, NIGHT_WATCH) == 200
    assert apply_containment(work, forum, AT).counts["applied"] == 2
    assert stranger(server, NIGHT_WATCH) == 403


def test_a_rate_limit_while_reading_is_told_with_its_wait_and_areas_read_are_kept(server, forum, make_work):
    """A 429 names the seconds to wait; what was read before it is not read again."""
    work = make_work("night-watch", "boat-talk")
    reading = forum.read_area

    def limited_on_the_second(ref):
        if ref.area_id == "7":
            server.platform.site.limit_left, server.platform.site.wait_seconds = 1, 12
        return reading(ref)

    forum.read_area = limited_on_the_second
    with pytest.raises(PlatformBusy, match="12 seconds"):
        plan_containment(work, forum)
    read_again = []
    forum.read_area = lambda ref: read_again.append(ref.slug) or reading(ref)
    assert plan_containment(work, forum).counts["planned"] == 3
    assert read_again == ["night-watch"]


def test_a_second_apply_changes_nothing(server, forum, make_work):
    """Applying again writes nothing to the case and asks the site for no change, even at a later time."""
    work = make_work("night-watch")
    first = apply_containment(work, forum, AT)
    before, site = state_of(work), server.state.read_bytes()
    server.platform.site.hiccup_left = 1
    assert apply_containment(work, forum, AT + timedelta(hours=1)) == first
    assert state_of(work) == before
    assert server.state.read_bytes() == site


@pytest.mark.parametrize("moment", ["before the change", "after the change", "after the look"])
@pytest.mark.parametrize("action", [1, 2, 3])
def test_killed_at_any_moment_the_next_run_finishes_and_remembers_what_was_there(
    server, forum, make_work, moment, action
):
    """Wherever a run ends, the next one applies every action once, and still knows the original values."""

    class Killed(BaseException):
        pass

    work = make_work("night-watch", "boat-talk")
    apply, verify = forum.apply, forum.verify

    def dying_apply(one, before_write):
        if one.n != action or moment == "after the look":
            return apply(one, before_write)

        def last_words(before, after):
            before_write(before, after)
            if moment == "before the change":
                raise Killed

        apply(one, last_words)
        raise Killed

    def dying_verify(one):
        seen = verify(one)
        # The first area's own look before closing comes only when it is not open; this is the look afterwards.
        if one.n == action and moment == "after the look":
            raise Killed
        return seen

    forum.apply, forum.verify = dying_apply, dying_verify
    with pytest.raises(Killed):
        apply_containment(work, forum, AT)
    forum.apply, forum.verify = apply, verify
    receipt = apply_containment(work, forum, AT + timedelta(minutes=5))
    assert (receipt.counts["applied"], receipt.counts["verified"]) == (3, 3)
    records = [get_record(work.store, f"containment/{REV}/actions/00{n}.json", ActionRecord) for n in (1, 2, 3)]
    originals = [b'{"everyone":1}', b'{"everyone":1}', b"false"]
    assert [one.before_digest for one in records] == [hashlib.sha256(value).hexdigest() for value in originals]
    assert server.platform.site.category(5).allowed_tags == ["hulls"]


def test_unknown_areas_close_everything_that_is_open_and_say_so(server, forum, make_work):
    """Without named areas every area that everyone can read is closed, and the plan says that and how many."""
    server.platform.site.category(4).permissions = {"night-crew": 1}
    work = make_work(profiles=Answer.NO)
    receipt = apply_containment(work, forum, AT)
    assert (receipt.counts["applied"], receipt.counts["already_closed"]) == (3, 1)
    notes = get_record(work.store, receipt.key, ContainmentResult).notes
    assert any("not known" in note and "closed: 3." in note for note in notes)
    assert server.platform.site.category(4).permissions == {"night-crew": 1}


def test_unknown_profile_exposure_counts_as_yes(server, forum, make_work):
    """When nobody knows whether the export was reachable, downloads are closed."""
    apply_containment(make_work("night-watch", profiles=Answer.UNKNOWN), forum, AT)
    assert server.platform.site.settings["prevent_anons_from_downloading_files"] == "true"


def test_an_area_that_does_not_exist_is_named_with_those_that_do(forum, make_work):
    """A misspelt area stops before anything is closed; the sentence names it and lists the real ones."""
    with pytest.raises(BadInput) as refused:
        apply_containment(make_work("nightwatch"), forum, AT)
    assert str(refused.value) == (
        "There is no area 'nightwatch' on the platform. Nothing was closed. Areas there are: announcements, boat-talk, "
        "harbor-lounge, night-watch. Correct it in the facts, or leave areas empty to close all."
    )


def test_subcategories_are_closed_with_their_parent_and_before_it(server, forum, make_work):
    """Naming an area closes what it contains, too, in the order that the platform accepts."""
    server.platform.site.categories.append(
        Category(id=9, slug="log-book", name="Log", color="000000", text_color="FFFFFF", parent_category_id=7)
    )
    work = make_work("night-watch", profiles=Answer.NO)
    apply_containment(work, forum, AT)
    plan = get_record(work.store, f"containment/{REV}/plan.json", ContainmentPlan)
    assert [action.target for action in plan.actions] == ["9", "7"]
    assert stranger(server, "/c/night-watch/log-book/9.json") == 403
    assert any("with what they contain it is 2" in note for note in plan.notes)


def test_closing_never_widens_what_somebody_narrowed_after_the_snapshot(server, forum, make_work):
    """An area that an administrator closed between plan and apply is left as that person set it."""
    work = make_work("night-watch", profiles=Answer.NO)
    plan_containment(work, forum)
    server.platform.site.category(7).permissions = {"admins": 1}
    assert apply_containment(work, forum, AT).counts["already_closed"] == 1
    assert server.platform.site.category(7).permissions == {"admins": 1}


def test_measures_come_in_the_order_that_the_platform_allows(server, forum, make_work):
    """Areas, then settings and the announcement, read-only last: all hold at the end, the topic exists once."""
    work = make_work("night-watch")
    text = "We have closed an area while we look into an exposure."
    wanted = Measures(announcement=text, login_required=True, read_only=True)
    receipt = apply_containment(work, forum, AT, wanted)
    plan = get_record(work.store, f"containment/{REV}/plan.json", ContainmentPlan)
    targets = [action.target for action in plan.actions]
    downloads = "prevent_anons_from_downloading_files"
    assert targets[:4] == ["7", downloads, "login_required", "global_notice"]
    assert targets[5] == "read-only"
    assert receipt.counts["verified"] == 6
    site = server.platform.site
    assert (site.read_only, site.settings["global_notice"]) == (True, text)
    assert [topic.raw for topic in site.topics].count(text) == 1
    assert site.topics[-1].category_id == 6


def test_a_plan_is_not_silently_replaced_by_other_measures(forum, make_work):
    """Asking for other measures under the same revision is refused."""
    work = make_work("night-watch")
    plan_containment(work, forum)
    with pytest.raises(Conflict, match="other measures"):
        apply_containment(work, forum, AT, Measures(read_only=True))


def test_read_only_on_the_platform_is_explained(server, forum, make_work):
    """A site that is read-only cannot be closed; the sentence says what to switch off."""
    server.platform.site.read_only = True
    with pytest.raises(BadInput, match="Switch read-only off"):
        apply_containment(make_work("night-watch"), forum, AT)


def test_a_wrong_key_is_explained_and_not_repeated(server, make_work):
    """403 on our key ends with what to check; the key itself is in no message."""
    wrong = "wrong-key-that-must-not-appear"
    forum = DiscoursePlatform(DiscourseSite(server.address, wrong, "system", is_imitation=True))
    with pytest.raises(BadInput, match="belongs to an administrator") as refused:
        apply_containment(make_work("night-watch"), forum, AT)
    assert wrong not in repr(refused.value) + repr(forum) + repr(forum._site)


def test_a_platform_that_is_down_is_busy(make_work):
    """No connection is something to try again."""
    forum = DiscoursePlatform(DiscourseSite("http://127.0.0.1:9", KEY, "system", is_imitation=True))
    with pytest.raises(PlatformBusy, match="could not be reached"):
        apply_containment(make_work("night-watch"), forum, AT)


def test_what_still_shows_afterwards_is_busy_first_and_then_recorded_as_not_verified(forum, make_work):
    """A page that stays readable is never called closed."""
    work = make_work("night-watch", profiles=Answer.NO)
    verify = forum.verify
    forum.verify = lambda action: verify(action).model_copy(update={"status": 200, "as_wanted": False})
    with pytest.raises(PlatformBusy, match="does not show yet"):
        apply_containment(work, forum, AT)
    receipt = apply_containment(work, forum, AT, accept_unverified=True)
    assert (receipt.counts["verified"], receipt.counts["not_verified"]) == (0, 1)
    result = get_record(work.store, receipt.key, ContainmentResult)
    assert result.not_verified == ("Close area night-watch to everyone but staff",)


def test_a_rehearsal_changes_nothing_on_a_real_platform(server, make_work):
    """Without the imitation's flag a rehearsal plans, records every action as planned only, and changes nothing."""
    real = DiscoursePlatform(DiscourseSite(server.address, KEY, "system"))
    work = make_work("night-watch")
    before = server.state.read_bytes()
    receipt = apply_containment(work, real, AT)
    assert (receipt.counts["planned"], receipt.counts["planned_only"], receipt.counts["applied"]) == (2, 2, 0)
    assert server.state.read_bytes() == before
    assert stranger(server, NIGHT_WATCH) == 200
    record = get_record(work.store, f"containment/{REV}/actions/001.json", ActionRecord)
    assert record.state is ActionState.PLANNED_ONLY
    assert record.state == "planned only: a rehearsal never touches a real platform"


def test_a_live_case_acts_on_a_real_platform(server, make_work):
    """The same platform is closed when the case is live."""
    real = DiscoursePlatform(DiscourseSite(server.address, KEY, "system"))
    assert apply_containment(make_work("night-watch", mode=Mode.LIVE), real, AT).counts["verified"] == 2
    assert stranger(server, NIGHT_WATCH) == 403


def test_a_time_without_a_zone_is_refused(forum, make_work):
    """An action is never stamped with a time that nobody can place."""
    with pytest.raises(BadInput, match="no zone"):
        apply_containment(make_work("night-watch"), forum, AT.replace(tzinfo=None))


def test_nothing_written_twice_differs(forum, make_work):
    """Every object is JSON or text whose digest the record vouches for: the plan's is in the result."""
    work = make_work("night-watch")
    receipt = apply_containment(work, forum, AT)
    result = json.loads(work.store.get(receipt.key).data)
    for name in ("plan", "snapshot"):
        held = work.store.get(f"containment/{REV}/{name}.json").data
        assert result[name] == hashlib.sha256(held).hexdigest()
