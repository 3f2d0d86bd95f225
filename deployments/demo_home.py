"""The demonstration's own home: emptied at every start, and nothing but its own is ever emptied."""

import shutil
from pathlib import Path

import platformdirs

from breach.errors import BadInput
from deployments.home import Home, open_home

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
        shutil.rmtree(root)
    home = open_home(root)
    (home.root / MARK).touch()
    return home
