"""Runs measurements one after the other, each in a fresh process, and gathers their answers."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 4 * 3600
"""Seconds after which a measurement is given up."""
MB = 1e6

Setting = str | int | list[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """The repetitions of one measurement. Bytes: what was read; content_bytes: what members wrote of it."""

    name: str
    cores: int
    pinned: bool
    seconds: tuple[float, ...]
    cpu_seconds: tuple[float, ...]
    bytes: int
    content_bytes: int
    peak_bytes: int
    hits: Path
    counts: Mapping[str, int]

    @property
    def middle(self) -> float:
        """Seconds, the middle of the repetitions."""
        return median(self.seconds)

    @property
    def rate(self) -> float:
        """MB of what was read in a second, in the middle repetition."""
        return self.bytes / MB / self.middle

    @property
    def processor_rate(self) -> float:
        """MB read in a second of processor time, in the best repetition: near to what a quiet machine gives."""
        return self.bytes / MB / min(self.cpu_seconds)

    @property
    def content_rate(self) -> float:
        """MB of what members wrote in a second."""
        return self.content_bytes / MB / self.middle


class Bench:
    """Where measurements leave their files, and with which Python each kind runs."""

    def __init__(self, scratch: Path, ours: Path, rivals: Path, repeat: int) -> None:
        """Ours, rivals: the interpreters of the two environments. Repeat: repetitions of each measurement."""
        self._scratch, self._repeat = scratch, repeat
        self._pythons = {"rival": rivals, "labelled": rivals}
        self._ours = ours
        scratch.mkdir(parents=True, exist_ok=True)

    def run(
        self, name: str, task: str, sizes: tuple[int, int], settings: Mapping[str, Setting], *, cores: int = 1
    ) -> Measured:
        """One measurement. Sizes: (bytes, content bytes). Raises RuntimeError when its process fails."""
        stem = "".join(sign if sign.isalnum() else "-" for sign in f"{name}-{cores}")
        job = self._scratch / f"{stem}.json"
        hits = self._scratch / f"{stem}.tsv"
        fixed: dict[str, Setting] = {
            "task": task,
            "cores": cores,
            "hits": str(hits),
            "scratch": str(self._scratch / stem),
        }
        job.write_text(json.dumps(fixed | dict(settings)), encoding="utf-8")
        answers = [self._once(name, job, self._pythons.get(task, self._ours)) for _ in range(self._repeat)]
        known = {"seconds", "cpu_seconds", "peak_bytes", "pinned"}
        return Measured(
            name=name,
            cores=cores,
            pinned=all(answer["pinned"] == cores for answer in answers),
            seconds=tuple(answer["seconds"] for answer in answers),
            cpu_seconds=tuple(answer["cpu_seconds"] for answer in answers),
            bytes=sizes[0],
            content_bytes=sizes[1],
            peak_bytes=int(max(answer["peak_bytes"] for answer in answers)),
            hits=hits,
            counts={key: int(value) for key, value in answers[-1].items() if key not in known},
        )

    def _once(self, name: str, job: Path, python: Path) -> dict[str, float]:
        answer = job.with_suffix(".answer")
        answer.unlink(missing_ok=True)
        command: Sequence[str] = (str(python), "-m", "benchmarks.scanning.worker", str(job))
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST, check=False)
        if ended.returncode or not answer.exists():
            last = ended.stderr.strip().splitlines()[-5:]
            raise RuntimeError(f"The measurement {name!r} ended with {ended.returncode}:\n" + "\n".join(last))
        found: dict[str, float] = json.loads(answer.read_text(encoding="utf-8"))
        return found


def warm(paths: Sequence[Path]) -> None:
    """Reads files once, so that the disk is not measured."""
    for path in paths:
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass
