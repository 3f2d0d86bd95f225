"""A chapter that is done is not done again; one that was killed is, and ends the same."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from breach.digest import digest_bytes
from breach.errors import Conflict
from breach.folder_store import FolderStore
from breach.steps import Work, find_step, run_step, step_digest
from breach.store import put_same
from schemas.incident import Case, Facts, Mode
from schemas.receipt import Chapter, Receipt, StepInputs

AT = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)
INPUTS = StepInputs(chapter=Chapter.DUTIES, facts_revision=1, upstream={"exposures": "a" * 64}, code="1")


class Chapters:
    """Counts how often the work is really done."""

    def __init__(self, store: FolderStore) -> None:
        self.store, self.calls = store, 0

    def work_at(self, revision: str) -> Work:
        case = Case(case_id="harbor-1", mode=Mode.REHEARSAL, opened_at=AT, opened_by_run="r")
        facts = Facts.model_construct(revision=1, recorded_at=AT, recorded_by="mara", source="form")
        return Work(store=self.store, case=case, facts=facts, revision=revision)

    def decide(self, work: Work) -> Receipt:
        self.calls += 1
        key = f"law/{work.revision}/duties.json"
        return Receipt(
            case_id="harbor-1",
            chapter=Chapter.DUTIES,
            revision=work.revision,
            key=key,
            digest=put_same(work.store, key, b"[]"),
            counts={"due": 3},
        )


@pytest.fixture
def chapters(tmp_path: Path) -> Chapters:
    return Chapters(FolderStore(tmp_path))


def test_a_second_run_returns_the_receipt_without_doing_the_work(chapters: Chapters) -> None:
    first = run_step(chapters.work_at, INPUTS, chapters.decide)

    assert run_step(chapters.work_at, INPUTS, chapters.decide) == first
    assert chapters.calls == 1
    assert find_step(chapters.store, INPUTS) == first
    assert first.revision == step_digest(INPUTS)[:12]


@pytest.mark.parametrize(
    "changed",
    [
        {"facts_revision": 2},
        {"code": "2"},
        {"rule_pack": "b"},
        {"upstream": {"exposures": "b" * 64}},
        {"upstream": {"roster": "a" * 64}},
        {"extra": {"members.csv": "c"}},
    ],
)
def test_any_changed_input_is_another_step_under_another_name(chapters: Chapters, changed: dict[str, object]) -> None:
    first = run_step(chapters.work_at, INPUTS, chapters.decide)
    second = run_step(chapters.work_at, INPUTS.model_copy(update=changed), chapters.decide)

    assert first.revision != second.revision
    assert chapters.calls == 2


def test_a_receipt_of_another_step_is_not_recorded(chapters: Chapters) -> None:
    def wrong(work: Work) -> Receipt:
        return chapters.decide(work).model_copy(update={"revision": "0" * 12})

    with pytest.raises(Conflict, match="another step"):
        run_step(chapters.work_at, INPUTS, wrong)
    assert find_step(chapters.store, INPUTS) is None


KILLED = """
import os, runpy, signal, sys
from pathlib import Path
import breach.steps
from breach.folder_store import FolderStore
tests = runpy.run_path(sys.argv[1])
chapters = tests["Chapters"](FolderStore(Path(sys.argv[2])))
breach.steps.put_record = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
breach.steps.run_step(chapters.work_at, tests["INPUTS"], chapters.decide)
"""


def test_a_kill_between_the_chapter_and_its_record_ends_in_the_same_receipt(chapters: Chapters, tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", KILLED, __file__, str(tmp_path)], cwd=Path(__file__).parents[2], check=False
    )
    assert answer.returncode == -signal.SIGKILL
    left = {key: (tmp_path / key).read_bytes() for key in chapters.store.keys("")}
    assert [key.split("/")[0] for key in left] == ["law"]

    receipt = run_step(chapters.work_at, INPUTS, chapters.decide)

    assert left[receipt.key] == (tmp_path / receipt.key).read_bytes()
    assert receipt.digest == digest_bytes(left[receipt.key])
    assert run_step(chapters.work_at, INPUTS, chapters.decide) == receipt
    assert os.listdir(tmp_path / ".writing") == []  # noqa: PTH208 - the names are all that matters
