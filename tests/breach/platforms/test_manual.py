from datetime import UTC, datetime

from breach.platforms.checklist import quoted
from breach.platforms.containment import apply_containment
from breach.platforms.lifting import lift_containment
from breach.platforms.manual import ManualPlatform
from breach.store import get_record
from schemas.containment import ContainmentResult, Measures
from schemas.incident import Mode

AT = datetime(2026, 11, 8, 7, 30, tzinfo=UTC)
REV = "a" * 12


def text_of(work):
    return work.store.get(f"containment/{REV}/checklist.md").data.decode()


def test_the_same_plan_becomes_a_checklist_with_every_action_by_hand(make_work):
    """Each action is a box to tick, marked by hand, in order, with its check, its way back and a line to sign."""
    work = make_work("night-watch", mode=Mode.LIVE)
    wanted = Measures(announcement="We have closed an area.\nMore on Monday.", read_only=True)
    receipt = apply_containment(work, ManualPlatform("Circle"), AT, wanted)
    text = text_of(work)
    boxes = [line for line in text.splitlines() if line.startswith("- [ ] ")]
    assert boxes == [
        "- [ ] 1. Close area night-watch to everyone but staff — **by hand**",
        "- [ ] 2. Take exported files off every public address — **by hand**",
        "- [ ] 3. Publish the announcement where every member sees it — **by hand**",
        "- [ ] 4. Make the whole platform read-only, as the last step — **by hand**",
    ]
    assert text.count("Done by, at (with time zone)") == 4
    assert "    > More on Monday." in text
    assert "Never delete anything" in text
    assert "private browser window" in text
    assert (receipt.counts["by_hand"], receipt.counts["verified"], receipt.counts["applied"]) == (4, 0, 0)


def test_a_rehearsal_checklist_says_so(make_work):
    """Nobody closes a real area because of an exercise."""
    work = make_work("night-watch")
    apply_containment(work, ManualPlatform(), AT)
    assert "Rehearsal: read it, do not do it on the real platform." in text_of(work)


def test_unknown_areas_ask_for_every_open_area(make_work):
    """Without named areas the person is told to close everything that everyone can read."""
    work = make_work(mode=Mode.LIVE)
    receipt = apply_containment(work, ManualPlatform(), AT)
    assert "Close every area that everyone can read to everyone but staff" in text_of(work)
    assert "not known" in get_record(work.store, receipt.key, ContainmentResult).notes[0]


def test_an_area_name_cannot_format_the_checklist(make_work):
    """Markup in a name is shown, not obeyed."""
    work = make_work("**urgent** [x](http://example.org) <script>", mode=Mode.LIVE)
    apply_containment(work, ManualPlatform(), AT)
    assert r"\*\*urgent\*\* \[x\](http://example.org) \<script\>" in text_of(work)
    assert quoted("a\n# b") == r"a \# b"


def test_lifting_by_hand_names_each_way_back(make_work):
    """What was closed by hand is listed for a person to open."""
    apply_containment(make_work("night-watch", mode=Mode.LIVE), ManualPlatform(), AT)
    receipt = lift_containment(make_work(mode=Mode.LIVE, revision="b" * 12), ManualPlatform(), AT)
    assert receipt.counts["by_hand"] == 2
