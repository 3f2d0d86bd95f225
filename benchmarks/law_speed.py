"""How long all rules take for one case: `python benchmarks/law_speed.py`. The aim is 50 ms after the pack is read."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from breach.law.catalog import load_catalog
from breach.law.question import LawQuestion, answer_question

ROUNDS = 50
CROWDED = (
    "DE FR IT GB CH US-CA US-NY US-TX US-FL US-MA US-IL US-WA US-VT JP KR SG AU NZ BR CA CA-QC ZA IN CN MX unknown"
)


def measure(places: list[str]) -> dict[str, float]:
    """Milliseconds for one case: the first, the middle and the slowest round; and of the processor, the middle one."""
    question = LawQuestion(
        aware_at=datetime(2026, 11, 20, 22, 40, tzinfo=UTC), established_in="DE", people=dict.fromkeys(places, 700)
    )
    taken, worked = [], []
    for _ in range(ROUNDS):
        began, busy = perf_counter(), process_time()
        duties = answer_question(question, load_catalog()).duties
        taken.append((perf_counter() - began) * 1000)
        worked.append((process_time() - busy) * 1000)
    found = {"places": len(places), "duties": len(duties), "first_ms": taken[0], "median_ms": median(taken)}
    return found | {"slowest_ms": max(taken), "median_cpu_ms": median(worked)}


def main() -> None:
    """Print one JSON report."""
    began = perf_counter()
    rules = load_catalog().rules
    loaded = (perf_counter() - began) * 1000
    states = sorted({rule.reach.place for rule in rules if rule.reach.place.startswith("US-")})
    cases = {"one country": ["DE"], "25 places": CROWDED.split(), "every US place": states}
    report = {
        "rules": len(rules),
        "load_ms": loaded,
        "cases": {name: measure(places) for name, places in cases.items()},
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
