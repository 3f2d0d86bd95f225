"""One number for one slot, however often and by how many at once it is asked for."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breach.errors import Conflict, StoreBusy
from breach.folder_store import FolderStore
from breach.store import put_record
from breach.updates import TRIES, claim_update, claimed_updates, next_promised
from schemas.notice import UpdateClaim

CODE = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 15)


class RacedStore(FolderStore):
    """Another slot claims the number that is about to be written, as often as told."""

    def __init__(self, root: Path, races: int) -> None:
        super().__init__(root)
        self.races = races

    def put_new(self, key: str, data: bytes) -> str:
        if self.races:
            self.races -= 1
            claim_update(FolderStore(self.root), f"other-{self.races}", 0, DAY)
        return super().put_new(key, data)


def test_numbers_are_given_in_order(tmp_path: Path) -> None:
    """The first slot is update 1, the next one 2, without a gap."""
    store = FolderStore(tmp_path)

    numbers = [claim_update(store, f"scheduled-2026-11-{day}", 0, DAY).number for day in range(15, 20)]

    assert numbers == [1, 2, 3, 4, 5]
    assert [claim.number for claim in claimed_updates(store)] == numbers


def test_a_slot_keeps_its_number(tmp_path: Path) -> None:
    """A replay of the run, days later and after others, is the same update of the same day."""
    store = FolderStore(tmp_path)
    first = claim_update(store, "scheduled-2026-11-15", 0, DAY)
    claim_update(store, "scheduled-2026-11-22", 0, DAY)

    again = claim_update(FolderStore(tmp_path), "scheduled-2026-11-15", 0, date(2026, 12, 1))

    assert again == first
    assert again.claimed_on == DAY
    assert len(claimed_updates(store)) == 2


def test_a_number_that_was_asked_for_is_given(tmp_path: Path) -> None:
    """A person may ask for a number that is free."""
    assert claim_update(FolderStore(tmp_path), "run-1", 1, DAY).number == 1


def test_a_number_that_is_taken_is_refused(tmp_path: Path) -> None:
    """Another run that asks for the same number is told what to do; nothing is written."""
    store = FolderStore(tmp_path)
    claim_update(store, "run-1", 1, DAY)

    with pytest.raises(Conflict, match="Update 1 was started before") as refused:
        claim_update(store, "run-2", 1, DAY)

    assert "number 0" in refused.value.next_step
    assert [claim.slot for claim in claimed_updates(store)] == ["run-1"]


@given(st.lists(st.integers(min_value=0, max_value=6), max_size=8))
@settings(max_examples=30)
def test_the_next_free_number_is_always_free(tmp_path_factory: pytest.TempPathFactory, wanted: list[int]) -> None:
    """Numbers asked for ahead never block the schedule: asking for the next one always gives one, after all others."""
    store = FolderStore(tmp_path_factory.mktemp("case"))
    given_out: list[int] = []
    for n, number in enumerate(wanted):
        if number in given_out:
            with pytest.raises(Conflict):
                claim_update(store, f"slot-{n}", number, DAY)
            continue
        claim = claim_update(store, f"slot-{n}", number, DAY)
        assert claim.number == (number or max(given_out, default=0) + 1)
        given_out.append(claim.number)

    assert [claim.number for claim in claimed_updates(store)] == sorted(given_out)


@pytest.mark.parametrize("races", [1, 3])
def test_whoever_is_overtaken_takes_the_next_number(tmp_path: Path, races: int) -> None:
    """A number claimed by another slot a moment before is not shared and not skipped."""
    claim = claim_update(RacedStore(tmp_path, races), "mine", 0, DAY)

    assert claim.number == races + 1
    assert [held.number for held in claimed_updates(FolderStore(tmp_path))] == list(range(1, races + 2))


def test_a_number_asked_for_is_not_changed_by_a_race(tmp_path: Path) -> None:
    """Who wants number 1 and is overtaken is refused, not given number 2."""
    with pytest.raises(Conflict, match="Update 1 was started before"):
        claim_update(RacedStore(tmp_path, 1), "mine", 1, DAY)


def test_a_race_without_end_is_said(tmp_path: Path) -> None:
    """Overtaken fifty times, it is reported as busy and nothing is claimed."""
    with pytest.raises(StoreBusy, match="without pause"):
        claim_update(RacedStore(tmp_path, TRIES), "mine", 0, DAY)

    assert "mine" not in {claim.slot for claim in claimed_updates(FolderStore(tmp_path))}


def test_other_files_of_an_update_are_no_claims(tmp_path: Path) -> None:
    """What else lies in an update's folder is not counted."""
    store = FolderStore(tmp_path)
    claim_update(store, "run-1", 0, DAY)
    put_record(store, "updates/001/notes.json", UpdateClaim(number=9, slot="x", claimed_on=DAY))

    assert [claim.number for claim in claimed_updates(store)] == [1]


CLAIM = """
import sys, time
from datetime import date
from pathlib import Path
from breach.folder_store import FolderStore
from breach.updates import claim_update

folder, name = Path(sys.argv[1]), sys.argv[2]
(folder / f"ready-{name}").touch()
while not (folder / "go").exists():
    time.sleep(0.001)
for n in range(15):
    store = FolderStore(folder / f"case-{n}")
    shared = claim_update(store, "scheduled-2026-11-15", 0, date(2026, 11, 15)).number
    own = claim_update(store, f"run-{name}", 0, date(2026, 11, 15)).number
    print(shared, own)
"""


def test_processes_share_a_slot_and_never_a_number(tmp_path: Path) -> None:
    """Two processes: the same slot is one number to both, two slots are two, and the numbers are 1, 2, 3."""
    processes = [
        subprocess.Popen([sys.executable, "-c", CLAIM, str(tmp_path), name], cwd=CODE, stdout=subprocess.PIPE)
        for name in ("one", "two")
    ]
    while len(list(tmp_path.glob("ready-*"))) < 2:
        assert all(process.poll() is None for process in processes)
        time.sleep(0.01)
    (tmp_path / "go").touch()

    told = [process.communicate(timeout=60)[0].decode().splitlines() for process in processes]

    assert [process.returncode for process in processes] == [0, 0]
    for n, (one, two) in enumerate(zip(*told, strict=True)):
        assert one.split()[0] == two.split()[0]
        assert one.split()[1] != two.split()[1]
        claims = claimed_updates(FolderStore(tmp_path / f"case-{n}"))
        assert [claim.number for claim in claims] == [1, 2, 3]
        assert len({claim.slot for claim in claims}) == 3


@pytest.mark.parametrize(
    ("begun", "due"),
    [
        (date(2026, 11, 22), date(2026, 11, 29)),
        (date(2026, 11, 25), date(2026, 11, 29)),
        (date(2026, 11, 15), date(2026, 11, 22)),
        (date(2026, 12, 6), date(2026, 12, 13)),
        (date(2026, 12, 12), date(2026, 12, 13)),
        (date(2026, 12, 13), None),
        (date(2027, 1, 2), None),
    ],
    ids=["on its day", "between two days", "before the first", "third", "day before the last", "the last", "later"],
)
def test_an_update_promises_the_next_day_of_the_rhythm(begun: date, due: date | None) -> None:
    """Promised on 15 November, every 7 days, four times: 22 and 29 November, 6 and 13 December, and no other."""
    assert next_promised(DAY, begun, 7, 4) == due


def test_the_rhythm_crosses_months_and_leap_days() -> None:
    """Days are counted by the calendar: 14 days after 20 February 2028 is 5 March."""
    assert next_promised(date(2028, 2, 20), date(2028, 2, 20), 14, 4) == date(2028, 3, 5)
