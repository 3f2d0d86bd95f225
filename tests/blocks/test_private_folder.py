"""The folder that exports are streamed to: private, in the home, and never left behind for good."""

import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from blocks.s3.download import private_folder

HOLDER = """
import time
from pathlib import Path
from blocks.s3.download import private_folder
with private_folder() as folder:
    (Path(folder) / "members.csv").write_text("rows")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the folders of a home are made."""
    monkeypatch.setenv("BREACH_HOME", str(tmp_path))
    return tmp_path / "tmp"


def test_it_lies_in_the_home_and_ends_with_the_block(tmp: Path) -> None:
    """Both it and the folder above are the owner's alone, whatever they were before."""
    tmp.mkdir(mode=0o755)
    with private_folder() as name:
        folder = Path(name)
        (folder / "members.csv").write_text("rows")
        assert folder.parent == tmp
        assert [stat.S_IMODE(one.stat().st_mode) for one in (tmp, folder)] == [0o700, 0o700]
    assert list(tmp.iterdir()) == []


@pytest.mark.parametrize("home", ["", "not/there"])
def test_without_a_home_it_lies_where_the_system_wants_it(
    home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And makes no home."""
    monkeypatch.setenv("BREACH_HOME", home and str(tmp_path / home))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with private_folder() as name:
        assert Path(name).parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_nobody_else_s(tmp: Path) -> None:
    """While its owner lives, and in this process, it stays; afterwards the next one removes it."""
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        left = Path(holder.stdout.readline().strip())
        assert str(holder.pid) in left.name
        with private_folder() as mine, private_folder():
            assert (left / "members.csv").is_file()
            assert Path(mine).is_dir()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert (left / "members.csv").is_file()
    (tmp / "breach-case-a-file").touch()
    with private_folder():
        assert not left.exists()
    assert [path.name for path in tmp.iterdir()] == ["breach-case-a-file"]
