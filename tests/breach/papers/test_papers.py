"""The papers of the first hour: right for the case, ready to copy, and safe whatever was typed on the form."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breach.errors import BadInput
from breach.folder_store import FolderStore
from breach.papers import PaperName, PapersManifest, write_papers
from breach.steps import Work
from breach.store import get_record
from schemas.incident import (
    Answer,
    Case,
    Cause,
    Certainty,
    Facts,
    IncidentFacts,
    LearnedHow,
    Mode,
    Ongoing,
    Organisation,
    Role,
)
from schemas.receipt import Chapter

AWARE = datetime(2026, 11, 8, 18, 30, tzinfo=UTC)
TICK = "- [ ] sent by hand on …, by …"
Papers = Callable[..., dict[str, str]]


def _facts(recorded_at: datetime = AWARE, role: Role = Role.CONTROLLER, **changes: object) -> Facts:
    incident: dict[str, object] = {
        "what_happened": "A platform bug showed a private area to strangers",
        "platform": "Forum",
        "provider": "Forum Ltd",
        "learned_how": LearnedHow.MEMBER,
        "aware_at": AWARE,
        "cause": Cause.PLATFORM,
        "certainty": Certainty.CONFIRMED,
        "ongoing": Ongoing.NO,
        "areas": ("night-watch",),
        "span_known": True,
        "leak_from": AWARE - timedelta(days=19),
        "leak_until": AWARE,
        "profiles_exposed": Answer.YES,
        "roster_export": "members.csv",
        "lead": "lead-a",
        "platform_connection": "manual/harbor",
    }
    organisation = Organisation(
        name="Harbor",
        established_in="DE",
        role=role,
        turnover_over_aud_3m=Answer.UNKNOWN,
        time_zone="Europe/Berlin",
    )
    return Facts(
        revision=1,
        recorded_at=recorded_at,
        recorded_by="lead-a",
        source="form",
        incident=IncidentFacts.model_validate({**incident, "organisation": organisation, **changes}),
    )


def _work(root: Path, facts: Facts, mode: Mode = Mode.LIVE) -> Work:
    case = Case(case_id="harbor-1", mode=mode, opened_at=AWARE, opened_by_run="command line")
    return Work(FolderStore(root), case, facts, "0123456789ab")


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    """The texts by paper's name."""

    def written(mode: Mode = Mode.LIVE, **changes: object) -> dict[str, str]:
        work = _work(tmp_path / str(len(list(tmp_path.iterdir()))), _facts(**changes), mode)  # type: ignore[arg-type]
        manifest = get_record(work.store, write_papers(work).key, PapersManifest)
        texts = {paper.name.value: work.store.get(paper.key) for paper in manifest.papers}
        return {name: held.data.decode() for name, held in texts.items() if held}

    return written


def test_three_papers_are_frozen_with_a_manifest(tmp_path: Path) -> None:
    """Under the revision, the same bytes when run again, vouched for by digest."""
    work = _work(tmp_path, _facts())
    receipt = write_papers(work)
    held = {key: work.store.get(key) for key in work.store.keys("papers/")}
    assert write_papers(work) == receipt
    assert {key: work.store.get(key) for key in held} == held
    folder = "papers/0123456789ab/"
    assert set(held) == {f"{folder}{name.value}.md" for name in PaperName} | {f"{folder}manifest.json"}
    assert (receipt.chapter, receipt.revision, receipt.key) == (
        Chapter.PAPERS,
        work.revision,
        f"{folder}manifest.json",
    )
    assert receipt.counts == {"papers": 3, "not_written": 0}


def test_each_paper_is_ticked_by_hand(papers: Papers) -> None:
    """Nobody but a person sends them; the tick box is near the top of each."""
    for text in papers().values():
        assert any(line.startswith(TICK) for line in text.splitlines()[:4])


def test_the_letter_asks_in_numbers(papers: Papers) -> None:
    """Numbered 1 to n without a gap; the questions a provider must answer are among them."""
    letter = papers()["letter-to-provider"]
    numbers = [int(n) for n in re.findall(r"^(\d+)\. ", letter, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    asked = letter.lower()
    for topic in (
        "what happened",
        "from when until when",
        "since when have you known",
        "which records and which fields",
        "logs preserved",
        "who accessed",
        "encrypted",
        "sub-processors",
        "been fixed",
        "contact",
        "confirm in writing",
        "what do you tell them",
        "our deadlines",
    ):
        assert topic in asked, topic


def test_the_brief_asks_in_numbers_in_every_variant(papers: Papers) -> None:
    """Whatever the role and the cause, the questions to counsel are numbered without a gap."""
    for role in Role:
        for cause in Cause:
            questions = papers(role=role, cause=cause)["brief-for-counsel"].split("## Questions")[1]
            numbers = [int(n) for n in re.findall(r"^(\d+)\. ", questions, re.MULTILINE)]
            assert numbers == list(range(1, len(numbers) + 1))


def test_the_first_clock_is_72_hours_from_awareness(papers: Papers) -> None:
    """8 November 19:30 in Berlin plus 72 hours is 11 November 19:30; late, it says so."""
    for text in papers().values():
        assert "Wed 11 Nov 2026, 19:30 (UTC+01:00)" in text
        assert "has passed" not in text
    for text in papers(recorded_at=AWARE + timedelta(days=4)).values():
        assert "has passed" in text


def test_a_member_as_cause_means_no_letter(tmp_path: Path) -> None:
    """The same way without the provider; the manifest says why the letter is missing."""
    work = _work(tmp_path, _facts(cause=Cause.MEMBER))
    receipt = write_papers(work)
    manifest = get_record(work.store, receipt.key, PapersManifest)
    assert receipt.counts == {"papers": 2, "not_written": 1}
    assert manifest.not_written[0].name is PaperName.LETTER
    assert "member of the community" in manifest.not_written[0].reason
    assert work.store.get("papers/0123456789ab/letter-to-provider.md") is None
    checklist = work.store.get("papers/0123456789ab/first-hour-checklist.md")
    assert checklist is not None
    assert b"Send the letter" not in checklist.data


def test_a_rehearsal_must_not_be_sent(papers: Papers) -> None:
    """Every paper of a rehearsal begins with a warning; a live one has none."""
    assert all("REHEARSAL. Do not send" in text.splitlines()[0] for text in papers(Mode.REHEARSAL).values())
    assert not any("REHEARSAL" in text for text in papers().values())


@pytest.mark.parametrize(
    ("changes", "paper", "words"),
    [
        ({"ongoing": Ongoing.YES}, "first-hour-checklist", "close the areas first"),
        ({"ongoing": Ongoing.UNKNOWN}, "first-hour-checklist", "as if it had not"),
        ({"ongoing": Ongoing.YES}, "letter-to-provider", "stop the access now"),
        ({"certainty": Certainty.SUSPICION}, "letter-to-provider", "We suspect"),
        ({"cause": Cause.UNKNOWN}, "letter-to-provider", "do not know the cause"),
        ({"areas": ()}, "letter-to-provider", "do not know which areas"),
        ({"span_known": False}, "letter-to-provider", "do not know since when"),
        ({"platform_aware_at": AWARE}, "letter-to-provider", "you knew on Sun 8 Nov 2026"),
        ({"role": Role.PROCESSOR}, "first-hour-checklist", "tell them now"),
        ({"promises": ("We write within 24 hours",)}, "brief-for-counsel", "1. We write within 24 hours"),
        ({"profiles_exposed": Answer.UNKNOWN}, "brief-for-counsel", "treated as yes"),
    ],
)
def test_the_papers_follow_the_facts(changes: dict[str, object], paper: str, words: str, papers: Papers) -> None:
    """What is known is said, what is unknown is said aloud."""
    assert words in papers(**changes)[paper]
    assert words not in papers()[paper]


HOSTILE = [
    "<script>alert(1)</script>",
    "{{7*7}} {% for x in y %}",
    "[click](https://evil.example) ![i](http://evil.example/x.png)",
    "a | b | c ` code ` ***bold*** ~~gone~~",
    "=cmd|'/c calc'!A1",
    "- [x] sent by hand on Monday",
    "\u202eevil\u2066 🙂 مرحبا",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words: str, papers: Papers) -> None:
    """No tag, no live link, no markup, no evaluated template, no ticked box comes out of what was typed."""
    plainly = papers(areas=("night-watch",), promises=("a promise",))
    typed = papers(what_happened=words + " " * 10 + ".", platform=words, areas=(words,), promises=(words,))
    for name, text in typed.items():
        assert "<script" not in text
        assert "49" not in text
        assert "https://" not in text
        assert "](" not in text.replace("\\](", "")
        assert "- [x]" not in text
        assert "\u202e" not in text
        assert len(text.splitlines()) == len(plainly[name].splitlines())


@settings(max_examples=40)
@given(st.text(alphabet=st.characters(exclude_characters="@\r\n"), min_size=10, max_size=60))
def test_no_words_break_a_paper(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    """Whatever stands in the one line: the papers are written, and their shape is the same."""
    work = _work(tmp_path_factory.mktemp("case"), _facts(what_happened=words))
    write_papers(work)
    letter = work.store.get("papers/0123456789ab/letter-to-provider.md")
    assert letter is not None
    before, _, after = letter.data.decode().partition("in one line: ")
    assert before.count("\n- **") == 4
    assert "\n\n- We became aware" in after
    assert "<" not in letter.data.decode()


def test_a_time_in_the_future_writes_nothing(tmp_path: Path) -> None:
    """The field is named; no paper with a wrong clock is left behind."""
    work = _work(tmp_path, _facts(recorded_at=AWARE - timedelta(hours=1)))
    with pytest.raises(BadInput, match="aware_at"):
        write_papers(work)
    assert not work.store.keys("papers/")
