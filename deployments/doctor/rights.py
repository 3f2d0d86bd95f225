"""Who may read the home. Secrets, approvers' seeds and members' data are in it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from deployments.doctor.finding import Finding
from deployments.home import CODE, FOLDERS, Home
from deployments.walls import FILE

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def look_at_rights(home: Home) -> Iterator[Finding]:
    """The home's place, its folders, and every file with a secret in it."""
    if home.root.is_relative_to(CODE) or any((above / ".git").exists() for above in (home.root, *home.root.parents)):
        what = f"{home.root} lies inside a checkout: members' data next to code gets committed one day."
        yield Finding.wrong("home", what, "Stop the house, move it out, and set BREACH_HOME.")
    else:
        yield Finding.ok("home", f"{home.root}.")
    folders = [path for name in FOLDERS if (path := home.root / name).is_dir()]
    yield from _closed("folders", folders, "chmod 700", 0o700)
    held = sorted((home.root / "secrets").glob("*"))
    secrets = [path for path in held if path.is_file() and path.suffix != ".lock"]  # a lock file holds nothing
    yield from _closed("secrets", secrets, "chmod 600", 0o600)
    walls = home.root / FILE
    if walls.exists():
        yield from _closed(f"rights of {FILE}", [walls], "chmod 600", 0o600)
    databases = [path for path in (home.database, *home.root.glob("*/ledger.db*")) if path.is_file()]
    if databases:
        yield from _closed("databases", databases, "chmod 600", 0o600)


def _closed(name: str, paths: list[Path], mend: str, wanted: int) -> Iterator[Finding]:
    """One line for what is as it should be, and one for each that is not."""
    sound = 0
    for path in paths:
        seen = path.stat()
        rights = stat.S_IMODE(seen.st_mode)
        if rights & OTHERS:
            what = f"{path} has the rights {rights:04o}: other users of this machine may enter or read it."
            yield Finding.wrong(name, what, f"Run '{mend} {path}', and change what stands in it if it was read.")
        elif seen.st_uid != os.geteuid():
            what = f"{path} belongs to the user {seen.st_uid}, and the house runs as {os.geteuid()}."
            yield Finding.wrong(name, what, f"Run 'chown' on {path}, or run as its owner.")
        else:
            sound += 1
    if sound == len(paths):
        yield Finding.ok(name, f"{sound} looked at, for their owner alone ({wanted:04o} or less).")
