"""The pictures stay legible and leave nothing out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from breach.dossier.charts import draw_bars, draw_clocks, draw_matrix
from breach.dossier.timeline import LABEL, LEFT, NEAR, RIGHT, draw_timeline
from breach.dossier.words import counted, duration, local, size, utc, zone_of
from schemas.chronology import Entry, EntryKind
from schemas.dossier import DossierSources

gaps = st.lists(
    st.tuples(st.sampled_from(list(EntryKind)), st.integers(min_value=0, max_value=40 * 86400)), min_size=1, max_size=60
)


@given(gaps)
def test_every_entry_is_in_the_picture_inside_its_frame_and_labels_do_not_touch(
    steps: list[tuple[EntryKind, int]],
) -> None:
    at, entries = datetime(2026, 11, 8, tzinfo=UTC), []
    for n, (kind, seconds) in enumerate(steps, start=1):
        at += timedelta(seconds=seconds)
        entries.append(Entry(n=n, case_id="harbor-1", at=at, kind=kind, text="x", actor="x", previous="0" * 64))
    picture = draw_timeline(entries)
    assert picture is not None

    assert sum(dot.count for lane in picture.lanes for dot in lane.dots) == len(entries)
    assert all(LEFT <= dot.x <= RIGHT for lane in picture.lanes for dot in lane.dots)
    for lane in picture.lanes:
        assert all(right.x - left.x >= NEAR - 0.1 for left, right in pairwise(lane.dots))
        assert [dot.x for dot in lane.dots] == sorted(dot.x for dot in lane.dots)
    for row in (0, 1):
        assert all(
            right.x - left.x >= LABEL - 0.1
            for left, right in pairwise([tick for tick in picture.ticks if tick.row == row])
        )


def test_five_thousand_entries_become_a_few_dots_with_counts(long_chain: Callable[[int], tuple[Entry, ...]]) -> None:
    picture = draw_timeline(long_chain(5000))
    assert picture is not None

    assert sum(dot.count for lane in picture.lanes for dot in lane.dots) == 5000
    assert sum(len(lane.dots) for lane in picture.lanes) < 400


def test_days_of_silence_are_cut_out_and_named(sources: DossierSources) -> None:
    picture = draw_timeline(sources.chronology)
    assert picture is not None

    # 604,600 s between the scheduling of the update and its alert.
    assert "6 d" in [cut.label for cut in picture.breaks]


def test_nothing_happened_draws_nothing() -> None:
    assert draw_timeline(()) is None


def test_the_matrix_has_every_place_with_the_unknown_one_last(sources: DossierSources) -> None:
    assert sources.exposure is not None
    rows = draw_matrix(sources.exposure)

    assert [row.jurisdiction for row in rows] == [
        "DE",
        "US-CA",
        "FR",
        "GB",
        "US-NY",
        "AU",
        "BR",
        "JP",
        "CA-QC",
        "unknown",
    ]
    assert sum(row.affected for row in rows) == 980
    assert all((cell.shade == 0) == (cell.persons == 0) for row in rows for cell in row.cells)


def test_bars_are_shares_of_the_people_without_bots(sources: DossierSources) -> None:
    assert sources.exposure is not None
    shares = {str(bar.kind): bar.share for bar in draw_bars(sources.exposure)}

    assert shares["name"] == 1.0
    assert shares["date of birth"] == round(406 / 980, 4)


def test_clocks_are_linear_in_time_and_know_what_has_passed(sources: DossierSources) -> None:
    assert sources.duties is not None
    aware = sources.duties.aware_at
    clocks = draw_clocks(sources.duties.duties, aware, aware + timedelta(days=4))

    assert [(clock.duty.jurisdiction, clock.share, clock.legal) for clock in clocks] == [
        ("BR", 0.1, False),
        ("EU", 0.1, True),
        ("GB", 0.1, True),
        ("US-CA", 1.0, True),
    ]
    assert [clock.left for clock in clocks] == [timedelta(days=-1)] * 3 + [timedelta(days=26)]


def test_words_for_times_and_counts(sources: DossierSources) -> None:
    at = sources.facts[0].incident.leak_from
    berlin = zone_of("Europe/Berlin")
    assert berlin is not None

    assert utc(at) == "2026-10-20 06:00 UTC"
    assert local(at, berlin) == "Tue 20 Oct 2026, 08:00 CEST"
    assert duration(timedelta(days=19)) == "19 days"
    assert duration(timedelta(hours=-25, minutes=-1)) == "1 day 1 hour"
    assert [counted(1, "run"), counted(1200, "run")] == ["1 run", "1,200 runs"]
    assert [size(999), size(5_708_000)] == ["999 bytes", "5.7 MB"]
    assert [zone_of(name) for name in ("Nowhere/At-all", "../../etc/passwd", "")] == [None, None, None]
