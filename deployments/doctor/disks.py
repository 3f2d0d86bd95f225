"""Disks: how much is free, and whether a place is on this machine at all."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from deployments.doctor.finding import Finding
from deployments.home import Home

GIB = 1024**3
LEAST = GIB
TIMES = 3
"""The inbox is kept as evidence, read into tables, and its findings are written: three times its size."""
SHARES = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "afpfs",
        "webdav",
        "davfs",
        "9p",
        "virtiofs",
        "vboxsf",
        "ceph",
        "glusterfs",
        "lustre",
        "beegfs",
        "afs",
    ]
)
"""File systems of other machines: locks and syncs there are promises of somebody else's."""


def look_at_disk(home: Home, free: Callable[[Path], int] | None = None) -> Iterator[Finding]:
    """Free space for a case. Free: bytes that a folder's disk has left."""
    left = (free or free_bytes)(home.root)
    inbox = sum(path.stat().st_size for path in home.inbox.rglob("*") if path.is_file())
    needed = max(LEAST, TIMES * inbox)
    seen = f"{left / GIB:.1f} GiB free, {needed / GIB:.1f} GiB needed ({TIMES} times the inbox, 1 GiB at least)"
    if left < needed:
        yield Finding.wrong("disk space", f"{seen}.", f"Free some space on the disk of {home.root}.")
    else:
        yield Finding.ok("disk space", f"{seen}.")


def free_bytes(path: Path) -> int:
    """What the disk of a place has left for us."""
    return shutil.disk_usage(standing(path)).free


def standing(path: Path) -> Path:
    """The path itself, or the nearest folder above it that is there."""
    return next(place for place in (path, *path.parents) if place.exists())


def filesystem_of(path: Path) -> str:
    """The kind of file system a place is on, such as ext4 or nfs4; empty when the system does not tell."""
    place = standing(path).resolve()
    mounts = _mounts_linux() if sys.platform == "linux" else _mounts_bsd()
    above = {str(place), *(str(parent) for parent in place.parents)}
    found = [(len(point), kind) for point, kind in mounts if point in above]
    # Of several mounts on one point the last one counts: it covers the others.
    longest = max((length for length, _ in found), default=0)
    return next((kind for length, kind in reversed(found) if length == longest), "")


def is_share(kind: str) -> bool:
    """Whether a file system is another machine's; FUSE programs are asked by their name."""
    return kind in SHARES or (kind.startswith("fuse.") and kind not in {"fuse.fuseblk", "fuse.portal"})


def _mounts_linux() -> list[tuple[str, str]]:
    """Mount points and kinds, proc(5): `… mountpoint options … - kind source options`, with octal escapes."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(errors="replace").splitlines()
    except OSError:  # not mounted in this container: the kind is not known
        return []
    split = (line.split(" - ") for line in lines)
    return [(os.fsdecode(_unescaped(one.split()[4])), kind.split()[0]) for one, kind in split]


def _unescaped(point: str) -> bytes:
    return point.encode("latin-1", "replace").decode("unicode_escape").encode("latin-1", "replace")


def _mounts_bsd() -> list[tuple[str, str]]:
    """Lines of mount(8) on macOS: `source on point (kind, options)`."""
    done = subprocess.run(["mount"], capture_output=True, text=True, check=False)
    lines = (line.rpartition(" (") for line in done.stdout.splitlines())
    return [(left.partition(" on ")[2], rest.partition(",")[0].rstrip(")")) for left, _, rest in lines]
