"""Alerts on the terminal of the person who started the house: workers write theirs into a folder and a log."""

from pathlib import Path


class NewAlerts:
    """What was added to the alerts folder since it was last looked at."""

    def __init__(self, folder: Path) -> None:
        """Everything that is there already is old."""
        self._folder = folder
        self._seen = {path: path.stat().st_size for path in folder.glob("*.txt")}

    def lines(self) -> list[str]:
        """New whole lines, file by file."""
        found: list[str] = []
        for path in sorted(self._folder.glob("*.txt")):
            start = self._seen.get(path, 0)
            if path.stat().st_size <= start:
                continue
            with path.open("rb") as file:
                file.seek(start)
                whole = file.read().rpartition(b"\n")[0]
            if whole:
                found += whole.decode(errors="replace").splitlines()
                self._seen[path] = start + len(whole) + 1
        return found
