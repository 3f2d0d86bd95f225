"""Alerts reach the terminal of whoever started the house."""

from datetime import UTC, datetime
from pathlib import Path

from blocks import Alerts
from deployments.alerts import NewAlerts

AT = datetime(2026, 11, 8, 7, 30, tzinfo=UTC)


def test_an_alert_is_shown_once_and_an_old_one_not_at_all(tmp_path: Path) -> None:
    """Also when the same thing is told again, as one more line of its file."""
    block = Alerts(folder=str(tmp_path), terminal=False)
    block.tell("case-1", "gate", "A gate waits.", AT)
    alerts = NewAlerts(tmp_path)
    assert alerts.lines() == []
    block.tell("case-1", "gate", "It still waits.", AT)
    block.tell("case-1", "run", "A run has failed.", AT)
    assert alerts.lines() == [
        "2026-11-08T07:30:00+00:00 [case-1] It still waits.",
        "2026-11-08T07:30:00+00:00 [case-1] A run has failed.",
    ]
    assert alerts.lines() == []


def test_half_a_line_waits_for_its_end(tmp_path: Path) -> None:
    """A worker may be writing just now."""
    alerts = NewAlerts(tmp_path)
    (tmp_path / "a.txt").write_text("first\nsec")
    assert alerts.lines() == ["first"]
    (tmp_path / "a.txt").write_text("first\nsecond\n")
    assert alerts.lines() == ["second"]
