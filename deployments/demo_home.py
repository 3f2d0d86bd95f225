"""The demonstration's own home: emptied at every start, and nothing but its own is ever emptied."""

import shutil
from pathlib import Path

import platformdirs

from breach.errors import BadInput
from deployments.home import Home, open_home
from schemas.incident import Mode

MARK = ".demo-home"
"""Only a folder with this file in it is ever emptied."""
DATABASE = "breach-postgres-"
"""What the temporary folder of a demonstration's PostgreSQL is called, see deployments/servers/postgres.py."""


def demo_home(chosen: Path | None) -> Home:
    """A fresh home for the demonstration; the one before, marked as ours, is emptied."""
    root = chosen or Path(platformdirs.user_data_path("breach-response")).with_name("breach-response-demo")
    if root.exists() and any(root.iterdir()):
        if not (root / MARK).is_file():
            raise BadInput(
                f"{root} is not empty and was not made by a demonstration.",
                "It was left alone.",
                "Choose another folder.",
            )
        before = Home(root)
        if any(before.cases(Mode.LIVE).glob("*/case.json")):
            raise BadInput(
                f"A live case lies in {root}, the demonstration's home.", "It was left alone.", "Choose another folder."
            )
        with before.lock():
            _remove_database(root / "postgres")
            shutil.rmtree(root)
    home = open_home(root)
    (home.root / MARK).touch()
    return home


def _remove_database(link: Path) -> None:
    """Where PostgreSQL could not run in the home, its data lie behind a link, which alone would go with the home."""
    if link.is_symlink() and (data := link.resolve()).name.startswith(DATABASE):
        shutil.rmtree(data, ignore_errors=True)
