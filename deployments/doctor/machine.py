"""Python, the packages that are known to break, and the clock."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from deployments.doctor.finding import Finding
from deployments.home import CODE

PYTHON = SpecifierSet(">=3.11,<3.14")
BREAKS = {
    "prefect": (SpecifierSet("==3.8.8"), "The gates and the kill tests hold for this one; server and client are one."),
    "fastapi": (SpecifierSet(">=0.139,<0.151"), "With another one this Prefect's server does not start."),
    "sqlalchemy": (SpecifierSet(">=2.0.36,<2.1"), "With 2.1 no schedule of this Prefect ever fires."),
}
"""What breaks something quietly or wholly; the bounds of pyproject.toml, with their reasons."""
LOCK = CODE / "requirements" / "run.txt"
MEND = "Run 'make up' anew: it installs what requirements/run.txt locks."
ZONES = ("Europe/Berlin", "America/New_York")
DAY = timedelta(days=1)


def look_at_versions(
    installed: Callable[[str], str] = version, lock: Path = LOCK, python: str = ""
) -> Iterator[Finding]:
    """Python's version, the packages that break, and those among them that are not the locked ones.

    Installed: gives the version of a package, as importlib.metadata does.
    """
    running = python or ".".join(str(part) for part in sys.version_info[:3])
    if running in PYTHON:
        yield Finding.ok("python", f"{running}.")
    else:
        yield Finding.wrong("python", f"{running} is not supported ({PYTHON}).", "Make .venv anew with another Python.")
    locked = _locked(lock)
    for name, (allowed, why) in BREAKS.items():
        yield _package(name, allowed, why, installed, locked.get(name))


def _package(
    name: str, allowed: SpecifierSet, why: str, installed: Callable[[str], str], locked: str | None
) -> Finding:
    try:
        found = installed(name)
    except PackageNotFoundError:
        return Finding.wrong(f"package {name}", "It is not installed.", MEND)
    if found not in allowed:
        return Finding.wrong(f"package {name}", f"{found} is installed, {allowed} is needed. {why}", MEND)
    if locked is not None and found != locked:
        return Finding.wrong(f"package {name}", f"{found} is installed, {locked} is locked and was tested.", MEND)
    return Finding.ok(f"package {name}", f"{found}{', as locked' if locked else ''}.")


def _locked(lock: Path) -> dict[str, str]:
    """Name to version for what breaks; empty where the lock is not shipped."""
    if not lock.is_file():
        return {}
    lines = (line.partition("\\")[0].strip() for line in lock.read_text().splitlines() if "==" in line)
    parsed = (Requirement(line) for line in lines if line.partition("==")[0].lower() in BREAKS)
    return {
        one.name.lower(): next(iter(one.specifier)).version
        for one in parsed
        if one.marker is None or one.marker.evaluate()
    }


def look_at_clock(code: Path, now: datetime) -> Iterator[Finding]:
    """Whether the time can be right: not before the release was written; and whether zones are known."""
    newest = max(
        (path.stat().st_mtime for room in ("breach", "flows") for path in (code / room).rglob("*.py")), default=0.0
    )
    written = datetime.fromtimestamp(newest, UTC)
    if now + DAY < written:
        what = f"It says {now:%Y-%m-%d}, and this release was written {written:%Y-%m-%d}: deadlines would be wrong."
        yield Finding.wrong("clock", what, "Set the clock, and let it be set by the network (NTP).")
    else:
        yield Finding.ok("clock", f"It says {now:%Y-%m-%d %H:%M} UTC, not before this release was written.")
    try:
        for name in ZONES:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        yield Finding.wrong("time zones", f"{name} is not known here.", "Install tzdata: 'make up' does.")
    else:
        yield Finding.ok("time zones", "The database of time zones is there.")
