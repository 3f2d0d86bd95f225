"""A run as JSON for programs and as Markdown for people. Neither names a path or a machine."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scanning.goals import Goal
from benchmarks.scanning.judging import Score
from benchmarks.scanning.measure import MB, Measured


@dataclass(frozen=True, slots=True)
class Section:
    """One table of measurements under a heading, with sentences before it."""

    title: str
    said: Sequence[str]
    rows: Sequence[Measured]


def rate_table(rows: Sequence[Measured]) -> list[str]:
    """Lines of Markdown: rates of the middle, the slowest and the fastest repetition; time; memory."""
    lines = [
        "| what | cores | read MB | content MB | MB/s (from to) | MB/s processor | MB/s content | s | memory MB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        size = row.bytes / MB
        span = f"{size / max(row.seconds):.3g} to {size / min(row.seconds):.3g}"
        cells = (
            row.name,
            f"{row.cores}{'' if row.pinned else ' (not pinned)'}",
            f"{size:,.1f}",
            f"{row.content_bytes / MB:,.1f}",
            f"**{row.rate:.3g}** ({span})",
            f"{row.processor_rate:.3g}",
            f"{row.content_rate:.3g}",
            f"{row.middle:.3g}",
            f"{row.peak_bytes / MB:,.0f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def goal_table(goals: Sequence[Goal]) -> list[str]:
    """Lines of Markdown, what was missed first."""
    lines = ["| goal | wanted | measured | |", "|---|---|---|---|"]
    ordered = sorted(goals, key=lambda one: one.met)
    said = ("met" if one.met else "**missed**" for one in ordered)
    return [*lines, *(f"| {g.name} | {g.wanted} | {g.measured} | {m} |" for g, m in zip(ordered, said, strict=True))]


def score_table(tools: Mapping[str, Mapping[str, Score]]) -> list[str]:
    """Lines of Markdown: precision and recall by kind, one pair of columns a tool."""
    kinds = list(dict.fromkeys(kind for scores in tools.values() for kind in scores))
    head = " | ".join(f"{tool}: P | R | too much" for tool in tools)
    lines = [f"| kind | planted | {head} |", "|---|---|" + "---|---|---|" * len(tools)]
    for kind in kinds:
        planted = next(scores[kind].planted for scores in tools.values() if kind in scores)
        cells = []
        for scores in tools.values():
            one = scores.get(kind)
            cells.append(
                "– | – | –"
                if one is None
                else f"{_share(one.precision)} | {_share(one.recall)} | {one.found - one.right}"
            )
        lines.append(f"| {kind} | {planted} | {' | '.join(cells)} |")
    return lines


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def measured_json(row: Measured) -> dict[str, object]:
    """A measurement without its paths."""
    return {
        "name": row.name,
        "cores": row.cores,
        "pinned": row.pinned,
        "seconds": list(row.seconds),
        "cpu_seconds": list(row.cpu_seconds),
        "bytes": row.bytes,
        "content_bytes": row.content_bytes,
        "mb_per_second": row.rate,
        "content_mb_per_second": row.content_rate,
        "mb_per_processor_second": row.processor_rate,
        "peak_bytes": row.peak_bytes,
        "counts": dict(row.counts),
    }


def score_json(score: Score) -> dict[str, object]:
    """A score with what was missed, by form."""
    return {
        "planted": score.planted,
        "found": score.found,
        "right": score.right,
        "exact": score.exact,
        "precision": score.precision,
        "recall": score.recall,
        "missed_by_form": dict(sorted(score.missed_by_form.items())),
    }


def write_report(name: str, record: Mapping[str, object], page: Sequence[str], folder: Path) -> tuple[Path, Path]:
    """Writes name.json and name.md."""
    folder.mkdir(parents=True, exist_ok=True)
    data, text = folder / f"{name}.json", folder / f"{name}.md"
    data.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    text.write_text("\n".join(page) + "\n", encoding="utf-8")
    return data, text
