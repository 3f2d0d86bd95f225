"""What the benchmarks say of a scan: a scan that finds nothing fails, and figures decide what was met."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.corpus.generate import Plan, corpus_at
from benchmarks.corpus.messages import HIDDEN
from benchmarks.scanning.goals import Run, found_equals_truth, goals_of, slowing
from benchmarks.scanning.judging import FIVE, Place, judge, read_hits, read_truth
from benchmarks.scanning.measure import Bench, Measured, Setting
from benchmarks.scanning.report import goal_table, rate_table, score_table
from benchmarks.scanning.rivals import regex_by_blob, regex_by_message
from benchmarks.scanning.sample import make_sample
from benchmarks.scanning.target import Profile
from benchmarks.scanning.texts import Text, blobs, read_texts

TRUTH = [
    Place("1", "email", 5, 20, "plain"),
    Place("1", "ssn", 30, 41, "dashed"),
    Place("2", "email", 0, 15, "spelled"),
]


def measured(name: str, seconds: tuple[float, ...], size: int = 200_000_000, peak: int = 10**9) -> Measured:
    return Measured(name, 1, True, seconds, seconds, size, size // 2, peak, Path("none"), {})


def test_a_finding_is_right_where_it_overlaps():
    """One character off is right and not exact; another kind at the place is too much."""
    hits = [Place("1", "email", 5, 21), Place("1", "phone", 30, 41)]
    scores = judge(TRUTH, hits, ("email", "ssn", "phone"))

    assert (scores["email"].right, scores["email"].exact, scores["email"].found, scores["email"].planted) == (
        1,
        0,
        1,
        2,
    )
    assert (scores["phone"].found, scores["phone"].right, scores["ssn"].right) == (1, 0, 0)
    assert scores["email"].missed_by_form == Counter({"spelled": 1})


def test_a_value_is_found_once():
    """Two findings at one value are one right and one too much."""
    scores = judge(TRUTH, [Place("1", "email", 5, 20), Place("1", "email", 6, 20)], ("email",))

    assert (scores["email"].right, scores["email"].found, scores["email"].precision) == (1, 2, 0.5)


def test_a_hidden_form_counts_neither_way():
    """A form that is not looked for is not missed, and not too much when it is found all the same."""
    plain, spelled = Place("1", "email", 5, 20), Place("2", "email", 0, 15)

    for hits in ([plain], [plain, spelled]):
        assert judge(TRUTH, hits, ("email",), {("email", "spelled")})["email"].same


@pytest.mark.parametrize("hits", [[], [Place("1", "email", 5, 20)]])
def test_a_scan_that_finds_nothing_fails(hits: list[Place]):
    """Found equals truth only when all five kinds were planted and found to the character."""
    goal = found_equals_truth("five", judge(TRUTH, hits, FIVE))

    assert not goal.met
    assert "ssn: 0 exact of 1" in goal.measured


def test_figures_decide_what_is_met():
    """200 MB in 1 s on one core and 0.5 s on two: 200 MB/s, twice as fast, within memory."""
    one, two = measured("one", (1.0, 5.0, 0.9)), measured("two", (0.5,))
    goals = {goal.name: goal for goal in goals_of(Run("json", "200MB", {("five", 1): one, ("five", 2): two}, {}))}

    assert {goal.measured for goal in goals.values()} == {"200 MB/s", "2 times", "1000 MB"}
    assert all(goal.met for goal in goals.values())


def test_slow_and_large_runs_miss_their_goals():
    """2 GB at half the rate of 200 MB takes twice as long per MB; 2.5 GB of memory are too much."""
    small = Run("json", "200MB", {("five", 1): measured("small", (1.0,))}, {})
    large = Run("json", "2GB", {("five", 1): measured("large", (20.0,), 2_000_000_000, 2_500_000_000)}, {})

    (goal,) = slowing([small, large])
    assert (goal.measured, goal.met) == ("2 times", False)
    assert "**missed**" in "\n".join(goal_table(list(goals_of(large))))


def test_a_rate_is_shown_with_its_slowest_and_fastest():
    """The table has the middle repetition and both ends."""
    assert "**100** (40 to 200)" in rate_table([measured("ours", (2.0, 5.0, 1.0))])[2]


def test_the_obvious_patterns_find_the_same_in_both_ways():
    """Joined or one by one: e-mail, card and address at their places in their own message."""
    texts = [Text("a", "", "hi bob@example.com"), Text("b", "", ""), Text("c", "", "4111 1111 1111 1111, 192.0.2.7 é")]

    found = sorted(regex_by_message(texts))
    assert [hit[:4] for hit in found] == [(0, "email", 3, 18), (2, "card", 0, 19), (2, "ip", 21, 30)]
    assert sorted(regex_by_blob(texts)) == found


def test_blobs_hold_every_text_where_they_say():
    """Each text of a sample stands in its blob from its start on."""
    texts = [Text(str(number), "", "x" * number) for number in range(50)]
    held = {}
    for blob in blobs(texts, 100):
        for at, start in enumerate(blob.starts):
            held[blob.first + at] = blob.text[start : start + blob.first + at]

    assert held == {number: "x" * number for number in range(50)}


def test_a_measurement_runs_in_a_process_of_its_own(tmp_path: Path):
    """Files through the public scan, in fresh processes: seconds, memory, and what was found."""
    corpus = corpus_at(Plan("ndjson", 300_000), tmp_path)
    settings: dict[str, Setting] = {"corpus": str(corpus.folder), "profile": Profile.FULL.value}
    one = Bench(tmp_path / "scratch", Path(sys.executable), Path(sys.executable), 2).run(
        "ours", "files", (corpus.file_bytes, corpus.content_bytes), settings
    )

    assert len(one.seconds) == 2
    assert min(one.seconds) > 0
    assert one.peak_bytes > 10_000_000
    scores = judge(read_truth(corpus.truth), read_hits(one.hits), FIVE, HIDDEN)
    assert scores["email"].recall == 1.0
    assert "email" in "\n".join(score_table({"ours": scores}))


def test_a_measurement_that_fails_says_so(tmp_path: Path):
    """A worker that ends with an error is no figure."""
    bench = Bench(tmp_path / "scratch", Path(sys.executable), Path(sys.executable), 1)
    with pytest.raises(RuntimeError, match="ended with 1"):
        bench.run("ours", "texts", (1, 1), {"sample": str(tmp_path / "none"), "profile": "five"})


def test_a_sample_is_the_beginning_of_the_exports(tmp_path: Path):
    """Texts in memory are the messages that the exports of the plan hold, under the same names."""
    plan = Plan("ndjson", 200_000)
    corpus = corpus_at(plan, tmp_path)
    exported = {}
    for path in corpus.exports:
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            exported[one["id"]] = one["content"]
    sample = make_sample(plan, 50_000, tmp_path / "sample")

    assert 50_000 <= sample.bytes <= 51_000
    assert all(exported[one.record] == one.text for one in read_texts(sample.texts))


def test_the_corpus_is_made_from_the_command_line(tmp_path: Path):
    """`python -m benchmarks.corpus.generate 100KB FOLDER` prints the manifest."""
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.corpus.generate", "100KB", str(tmp_path), "--form", "csv"],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(made.stdout)["file_bytes"] >= 100_000
