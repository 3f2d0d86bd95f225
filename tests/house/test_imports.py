"""Imports go one way, the domain stays free of vendors, and no two modules need each other first."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

CODE = Path(__file__).resolve().parents[2]

MAY_IMPORT = {
    "schemas": {"schemas"},
    "breach": {"breach", "schemas"},
    "blocks": {"blocks", "breach", "schemas"},
    "tasks": {"tasks", "blocks", "breach", "schemas"},
    # A flow that needs the domain lacks a task; a flow that needs a block has a client.
    "flows": {"flows", "tasks", "schemas"},
    # Flows are started by name, through the server: what deploys them does not import them.
    "deployments": {"deployments", "blocks", "breach", "schemas"},
    "examples": {"examples", "breach", "schemas"},
}
ROOMS = tuple(MAY_IMPORT)
NEVER_IN_BREACH = {"prefect", "boto3", "botocore", "sendgrid", "great_expectations"}
IN_SCHEMAS = {"pydantic", *sys.stdlib_module_names}
GX_HOME = Path("tasks/quality.py")


@dataclass(frozen=True)
class Import:
    """One imported name: where, what, and whether it is imported as soon as the file is."""

    path: Path
    module: str
    at_once: bool

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


def sources(*rooms: str) -> list[Path]:
    return [path.relative_to(CODE) for room in rooms for path in sorted((CODE / room).rglob("*.py"))]


def imports_of(path: Path) -> list[Import]:
    return list(_walk(path, ast.parse((CODE / path).read_text()), at_once=True))


def _walk(path: Path, node: ast.AST, *, at_once: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(path, alias.name, at_once) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, f"{path}:{child.lineno} imports relatively; say the room"
            module = child.module or ""
            # `from a import b` needs a.b when b is a module, and a itself otherwise.
            names = (f"{module}.{alias.name}" for alias in child.names)
            yield from (Import(path, name if _file_of(name) else module, at_once) for name in names)
        else:
            later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or (
                isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            )
            yield from _walk(path, child, at_once=at_once and not later)


def _file_of(module: str) -> Path | None:
    base = Path(*module.split("."))
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if (CODE / path).is_file()), None)


def module_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("room", ROOMS)
def test_imports_go_one_way(room: str) -> None:
    """A room imports only the rooms below it; nothing imports the deployments, the examples or the tests."""
    known = {*ROOMS, "tests", "benchmarks"}
    wrong = [
        f"{found.path} imports {found.module}"
        for path in sources(room)
        for found in imports_of(path)
        if found.top in known - MAY_IMPORT[room]
    ]

    assert wrong == []


def test_the_records_need_nothing_but_pydantic() -> None:
    """schemas/ imports pydantic and the standard library only."""
    tops = {found.top for path in sources("schemas") for found in imports_of(path)}

    assert tops - {"schemas"} - IN_SCHEMAS == set()


def test_the_domain_names_no_vendor() -> None:
    """breach/ imports no orchestrator, no cloud, no mail vendor and no validator, not even inside a function."""
    wrong = [
        f"{found.path}: {found.module}"
        for path in sources("breach", "schemas")
        for found in imports_of(path)
        if found.top in NEVER_IN_BREACH
    ]

    assert wrong == []


def test_the_domain_brings_no_vendor_along() -> None:
    """Importing the whole domain in a fresh interpreter loads none of them, by whatever detour."""
    modules = [module_of(path) for path in sources("breach", "schemas")]
    script = (
        f"import importlib, sys; sys.path.insert(0, {str(CODE)!r})\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        f"print(*({NEVER_IN_BREACH!r} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_the_domain_never_reads_a_clock() -> None:
    """Time is an argument in breach/ and schemas/; waiting for a lock may look at how long it has waited."""
    clocks = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}
    wrong = [
        f"{path}:{node.lineno}: {ast.unparse(node)}"
        for path in sources("breach", "schemas")
        for node in ast.walk(ast.parse((CODE / path).read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in clocks
        if ast.unparse(node.func.value).rpartition(".")[2] in {"datetime", "date", "time"}
    ]

    assert wrong == []


def test_the_slow_validator_is_imported_where_it_is_used() -> None:
    """great-expectations takes seconds to import: only functions of one file do it."""
    found = [one for path in sources(*ROOMS) for one in imports_of(path) if one.top == "great_expectations"]

    assert {one.path for one in found} == {GX_HOME}
    assert not [one for one in found if one.at_once]


def test_no_module_needs_another_that_needs_it_first() -> None:
    """Neither modules nor packages import each other in a circle when they are loaded."""
    needs = {
        module_of(path): {found.module for found in imports_of(path) if found.at_once and found.top in ROOMS}
        for path in sources(*ROOMS)
    }

    assert _circle(needs) == []


def test_the_domain_s_packages_are_layers() -> None:
    """Two packages of breach/ never import each other: one of them is the lower one."""
    needs: dict[str, set[str]] = {}
    for path in sources("breach"):
        own = _package(module_of(path))
        used = {_package(found.module) for found in imports_of(path) if found.at_once and found.top == "breach"}
        needs.setdefault(own, set()).update(used - {own})

    assert _circle(needs) == []


def _package(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _circle(needs: dict[str, set[str]]) -> list[str]:
    """The first circle found, as a path; empty when there is none."""
    done: set[str] = set()

    def follow(module: str, trail: list[str]) -> list[str]:
        if module in trail:
            return [*trail[trail.index(module) :], module]
        if module in done:
            return []
        for needed in sorted(needs.get(module, set()) - {module}):
            if circle := follow(needed, [*trail, module]):
                return circle
        done.add(module)
        return []

    return next((circle for module in sorted(needs) if (circle := follow(module, []))), [])


def test_nothing_is_called_by_what_it_is_not() -> None:
    """No module is called utils, helpers or common: such a name gathers everything."""
    names = {part for path in sources(*ROOMS, "tests") for part in path.with_suffix("").parts}

    assert names & {"utils", "util", "helpers", "helper", "common", "misc"} == set()


def test_a_flow_file_shadows_nothing() -> None:
    """Prefect registers a flow file under its bare stem: it must not be the name of anything that is imported."""
    stems = {path.stem for path in sources("flows") if path.stem != "__init__"}
    taken = {*ROOMS, "tests", "docs", "benchmarks", *sys.stdlib_module_names, *packages_distributions()}

    assert stems & taken == set()


def test_tests_are_no_package() -> None:
    """No __init__.py below tests/: the importlib mode needs none, and one would hide a room of the same name."""
    assert list((CODE / "tests").rglob("__init__.py")) == []
