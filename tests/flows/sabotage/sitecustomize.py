"""Loaded by every process of the leak test (PYTHONPATH): each chapter fails once, loudly, with a member's data.

Nothing of it is in the product. $SABOTAGE is a folder: `armed` says which functions fail, `<name>.done` that one has;
`victim` holds the member data that the failing chapter shouts. $SABOTAGE_PLANT makes the control's leak.
"""

import importlib
import os
import sys
from pathlib import Path

FOLDER = os.environ.get("SABOTAGE")
WATCHED = {
    "tasks.opening": ["write_paper_files"],
    "tasks.containment": ["apply_containment"],
    "tasks.assessment": ["take_evidence", "read_roster", "assess"],
    "tasks.law": ["decide"],
    "tasks.notices": ["build", "draft"],
    "tasks.delivery": ["plan_waves", "send_wave"],
    "tasks.dossier": ["build_dossier"],
}


def _failing(name, function, folder):
    def shout(*args, **kwargs):
        done = folder / f"{name}.done"
        if not done.exists():
            done.touch()
            from prefect import get_run_logger

            victim = (folder / "victim").read_text()
            # Our own code logs no rows. What the filter on the logs promises to catch is what it is given here.
            personal = [cell for cell in victim.split(",") if "@" in cell or cell.count(".") == 3]
            get_run_logger().error("failing for %s", " and ".join(personal))
            try:
                raise KeyError(victim)
            except KeyError:
                raise ValueError(f"cannot handle the row of {victim}")  # noqa: B904
        return function(*args, **kwargs)

    return shout


def _arm(module):
    folder = Path(FOLDER)
    for name in WATCHED[module.__name__]:
        setattr(module, name, _failing(f"{module.__name__}.{name}", getattr(module, name), folder))


class _Loader:
    def __init__(self, loader):
        self._loader = loader

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        _arm(module)


class _Finder:
    def find_spec(self, name, path=None, target=None):
        if name not in WATCHED:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


if FOLDER and (Path(FOLDER) / "armed").exists():
    import importlib.util

    sys.meta_path.insert(0, _Finder())
