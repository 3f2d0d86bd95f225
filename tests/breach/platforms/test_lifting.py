from datetime import UTC, datetime, timedelta

import httpx
import pytest

from breach.errors import BadInput, PlatformBusy
from breach.platforms.containment import apply_containment
from breach.platforms.discourse import DiscoursePlatform
from breach.platforms.discourse_site import DiscourseSite
from breach.platforms.lifting import lift_containment
from breach.platforms.manual import ManualPlatform
from breach.store import get_record
from examples.platform.state import Category
from schemas.containment import LiftResult, Measures
from schemas.incident import Answer

AT = datetime(2026, 11, 8, 7, 30, tzinfo=UTC)
LATER = AT + timedelta(days=2)
LIFT = "b" * 12


def test_what_still_is_as_we_set_it_is_restored(server, forum, make_work):
    """Areas, settings and read-only are as before; the announcement stays and is said to."""
    wanted = Measures(announcement="We have closed an area while we look into it.", read_only=True)
    apply_containment(make_work("night-watch"), forum, AT, wanted)
    receipt = lift_containment(make_work("night-watch", revision=LIFT), forum, LATER)
    site = server.platform.site
    assert site.category(7).permissions == {"everyone": 1}
    assert site.settings["prevent_anons_from_downloading_files"] == "false"
    assert (site.settings["global_notice"], site.read_only) == ("", False)
    assert httpx.get(f"{server.address}/c/night-watch/7.json").status_code == 200
    assert (receipt.counts["restored"], receipt.counts["stays"]) == (4, 1)


def test_what_others_changed_is_left_alone_and_reported(server, forum, make_work):
    """Another administrator's permissions, set after ours, survive; the rest of that area is never touched."""
    apply_containment(make_work("night-watch", "boat-talk", profiles=Answer.NO), forum, AT)
    server.platform.site.category(7).permissions = {"night-crew": 1}
    server.platform.site.category(5).name = "Boats, renamed meanwhile"
    work = make_work("night-watch", revision=LIFT)
    receipt = lift_containment(work, forum, LATER)
    assert (receipt.counts["restored"], receipt.counts["changed"]) == (1, 1)
    assert server.platform.site.category(7).permissions == {"night-crew": 1}
    assert server.platform.site.category(5).name == "Boats, renamed meanwhile"
    (left,) = get_record(work.store, receipt.key, LiftResult).left
    assert "night-watch" in left
    assert "changed since by others, left alone" in left


def test_an_area_that_is_gone_is_reported(server, forum, make_work):
    """A deleted area stops nothing."""
    apply_containment(make_work("night-watch", "boat-talk", profiles=Answer.NO), forum, AT)
    server.platform.site.categories.remove(server.platform.site.category(7))
    receipt = lift_containment(make_work(revision=LIFT), forum, LATER)
    assert (receipt.counts["restored"], receipt.counts["gone"]) == (1, 1)


def test_a_busy_platform_is_continued_by_the_second_call(server, forum, make_work):
    """A 503 between two restorations loses nothing."""
    apply_containment(make_work("night-watch"), forum, AT)
    server.platform.site.hiccup_left = 1
    work = make_work("night-watch", revision=LIFT)
    with pytest.raises(PlatformBusy):
        lift_containment(work, forum, LATER)
    assert lift_containment(work, forum, LATER).counts["restored"] == 2
    assert server.platform.site.category(7).permissions == {"everyone": 1}


def test_a_new_revision_of_the_facts_does_not_forget_what_was_there_before(server, forum, make_work):
    """Closed under one revision, planned again under the next: lifting still restores the original permissions."""
    apply_containment(make_work("night-watch", profiles=Answer.NO), forum, AT)
    second = apply_containment(
        make_work("night-watch", "boat-talk", revision="c" * 12, profiles=Answer.NO), forum, AT + timedelta(hours=1)
    )
    assert (second.counts["applied"], second.counts["already_closed"]) == (1, 1)
    lift_containment(make_work(revision=LIFT), forum, LATER)
    assert [server.platform.site.category(one).permissions for one in (5, 7)] == [{"everyone": 1}] * 2


def test_two_revisions_that_changed_one_setting_are_unwound_to_the_first(server, forum, make_work):
    """The banner changed twice ends as it was before the first change."""
    server.platform.site.settings["global_notice"] = "Regatta on Sunday"
    first, second = (
        Measures(announcement="One area is closed for now, more soon."),
        Measures(announcement="Two areas are closed for now, more soon."),
    )
    apply_containment(make_work("night-watch"), forum, AT, first)
    apply_containment(make_work("night-watch", revision="c" * 12), forum, AT + timedelta(hours=1), second)
    lift_containment(make_work(revision=LIFT), forum, LATER)
    assert server.platform.site.settings["global_notice"] == "Regatta on Sunday"


def test_what_was_lifted_is_not_lifted_again(server, forum, make_work):
    """An area that we restored and a person closed afterwards stays closed when lifting is started anew."""
    apply_containment(make_work("night-watch", profiles=Answer.NO), forum, AT)
    lift_containment(make_work(revision=LIFT), forum, LATER)
    server.platform.site.category(7).permissions = {"staff": 1}
    receipt = lift_containment(make_work(revision="d" * 12), forum, LATER)
    assert receipt.counts["restored"] == 0
    assert server.platform.site.category(7).permissions == {"staff": 1}


def test_a_subcategory_is_opened_after_its_parent(server, forum, make_work):
    """Opening goes the opposite way of closing."""
    server.platform.site.categories.append(
        Category(id=9, slug="log-book", name="Log", color="000000", text_color="FFFFFF", parent_category_id=7)
    )
    apply_containment(make_work("night-watch", profiles=Answer.NO), forum, AT)
    opened = []
    restore = forum.restore
    forum.restore = lambda action, *values: opened.append(action.target) or restore(action, *values)
    lift_containment(make_work(revision=LIFT), forum, LATER)
    assert opened == ["7", "9"]


def test_lifting_through_another_platform_is_refused_and_by_hand_is_possible(server, forum, make_work):
    """What was closed on one platform is not compared with another; a person may always take it back by hand."""
    apply_containment(make_work("night-watch"), forum, AT)
    other = DiscoursePlatform(DiscourseSite(server.address, "k" * 32, "system", is_imitation=True), name="other forum")
    with pytest.raises(BadInput, match="other forum"):
        lift_containment(make_work(revision=LIFT), other, LATER)
    receipt = lift_containment(make_work(revision="d" * 12), ManualPlatform(), LATER)
    assert receipt.counts["by_hand"] == 2


def test_a_rehearsal_lifts_nothing_on_a_real_platform(server, forum, make_work):
    """Closed on the imitation, then pointed at something real: nothing is changed there."""
    apply_containment(make_work("night-watch"), forum, AT)
    real = DiscoursePlatform(DiscourseSite(server.address, "k" * 32, "system"))
    assert lift_containment(make_work(revision=LIFT), real, LATER).counts["planned_only"] == 2
    assert server.platform.site.category(7).permissions == {"staff": 1}
