"""What the repository holds for a stranger: nobody's address, nobody's machine, no index, every version hashed."""

import hashlib
import os
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from examples.harbor.tokens import TOKEN

CODE = Path(__file__).resolve().parents[2]
LOCKS = ("run.txt", "dev.txt", "tools.txt", "bench.txt")
NOT_OURS = {
    ".git",
    ".venv",
    ".venv-bench",
    ".bench",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".prefect",
}

RESERVED = re.compile(r"(^|\.)(example|invalid|test|localhost|example\.(com|net|org))$")
"""RFC 2606 and RFC 6761: names that can never be somebody's."""
ABOUT_DOMAINS = {
    "2x.png": "a picture's name has the shape of an address; the detector is told so",
    "example.org.csv": "so has a file's name",
    "-example.org": "cannot exist: a label must not begin with a hyphen",
    "example.co.uk": "how a country's second level is read is what that test is about",
    "mail.example.co.uk": "the same",
    "mail.co.uk": "the same, for the country of an address",
    "b.nl": "the same",
    "mail.io": "the same: .io is a country's code that tells no country",
}
ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9])")
# Put together from pieces: this file is searched, too.
MACHINE = re.compile(r"(?<![\w.<}*-])/(?:" + "|".join(("work", "root", "home", "Users")) + r")/[\w.-]")
INDEX = re.compile(
    r"(?i)(?<![\w-])--(?:extra-)?index-url|(?<![\w-])--find-links"
    r"|py" + r"pi\.org|python" + r"hosted|artifactory|://\S+/simple\b"
)
LOOKS_FOR_INDEXES = {"Makefile": "refuses a lock that holds one", "tests/house/test_repository.py": "this file"}
LICENCE = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
"""SHA-256 of the text at apache.org/licenses/LICENSE-2.0.txt, unchanged."""


@cache
def files() -> dict[str, str]:
    """Every text file that belongs to the repository, by path; also where it was unpacked without git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=CODE,
        capture_output=True,
        check=False,
    )
    names = [name for name in listed.stdout.decode().split("\0") if name] if not listed.returncode else _walked()
    found = {}
    for name in names:
        try:
            found[name] = (CODE / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):  # a picture, or deleted but not yet committed so
            continue
    return found


def _walked() -> list[str]:
    names = []
    for place, folders, inside in os.walk(CODE):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.endswith(".egg-info")]
        names += [(Path(place) / name).relative_to(CODE).as_posix() for name in inside]
    return names


def lines_like(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern stands, outside the sample's data: that is invented word by word, and 29 megabytes long."""
    return [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in files().items()
        if not name.startswith("examples/harbor/data/")
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_the_search_sees_the_repository() -> None:
    """The files searched below are all there, the sample's among them."""
    assert {"prefect.yaml", "README.md", "breach/intake.py", "examples/harbor/data/members.csv"} <= set(files())
    assert not [name for name in files() if set(Path(name).parts) & NOT_OURS]


def test_no_address_could_reach_anybody() -> None:
    """Every e-mail address is under a reserved name, or is the invented community's and carries its own token."""
    suspicious = {
        f"{name}: {hit.group()}"
        for name, text in files().items()
        for hit in ADDRESS.finditer(text)
        if not RESERVED.search(hit[1].lower())
        and hit[1].lower() not in ABOUT_DOMAINS
        and not (name.startswith("examples/harbor/") and TOKEN.search(hit[1]))
    }

    assert suspicious == set()


def test_no_machine_is_named() -> None:
    """No absolute path of somebody's computer."""
    assert lines_like(MACHINE) == []


def test_no_index_is_named() -> None:
    """No package index: where packages come from is the reader's own setting."""
    found = [line for line in lines_like(INDEX) if line.partition(":")[0] not in LOOKS_FOR_INDEXES]

    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_version_is_locked_with_its_hash(lock: str) -> None:
    """Each requirement is one exact version with at least one SHA-256; nothing is taken from an address or a folder."""
    text = (CODE / "requirements" / lock).read_text()
    entries = [entry for entry in re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", text)) if entry.strip()]

    assert entries
    for entry in entries:
        first, *hashes = entry.split("\\\n")
        requirement = Requirement(first.strip())
        assert [one.operator for one in requirement.specifier] == ["=="], first
        assert requirement.url is None
        assert hashes, first
        assert all(re.fullmatch(r"\s*--hash=sha256:[0-9a-f]{64}\s*", one) for one in hashes), first


def test_tests_run_on_what_runs() -> None:
    """The development lock holds every version of the run lock, unchanged."""
    assert _versions("run.txt").items() <= _versions("dev.txt").items()


def test_the_server_gets_a_framework_it_starts_with() -> None:
    """Version 0.151 of fastapi drops what Prefect 3.8.8 uses: pyproject.toml has the bound, the lock is below it."""
    project = tomllib.loads((CODE / "pyproject.toml").read_text())["project"]
    wanted = {requirement.name: requirement for requirement in map(Requirement, project["dependencies"])}

    assert str(wanted["prefect"].specifier) == "==3.8.8"
    assert not wanted["fastapi"].specifier.contains("0.151.0")
    locked = _versions("run.txt")
    assert Version(locked["fastapi"]) < Version("0.151")
    for name, requirement in wanted.items():
        assert requirement.specifier.contains(locked[name.lower()]), name


def _versions(lock: str) -> dict[str, str]:
    text = (CODE / "requirements" / lock).read_text()
    return dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text))


def test_the_licence_is_apache_2() -> None:
    """LICENSE is the Apache License 2.0, word for word, and the package says so."""
    project = tomllib.loads((CODE / "pyproject.toml").read_text())["project"]

    assert hashlib.sha256((CODE / "LICENSE").read_bytes()).hexdigest() == LICENCE
    assert project["license"] == "Apache-2.0"
    assert project["license-files"] == ["LICENSE"]
