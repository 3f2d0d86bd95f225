"""The demonstration's own home: emptied at every start, and nothing but its own is ever emptied."""

import shutil
from pathlib import Path

import platformdirs

from breach.errors import BadInput
from deployments.home import Home, open_home
from schemas.incident import Mode

MARK = ".demo-home"
"""Only a folder with this file in it is ever emptied."""


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
            shutil.rmtree(root)
    home = open_home(root)
    (home.root / MARK).touch()
    return home
