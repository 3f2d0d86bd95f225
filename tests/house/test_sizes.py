"""What a reader can hold in the head: small files, small functions, a sentence above each, a table of contents."""

import ast
from pathlib import Path
from statistics import median

import pytest

CODE = Path(__file__).resolve().parents[2]
ROOMS = ("schemas", "breach", "blocks", "tasks", "flows", "deployments", "examples")
LONGEST_FILE = 350
LONGEST_FUNCTION = 60
EXCEPTIONS: dict[str, str] = {}
"""Path, or path:function, with the reason why it may be longer."""
SUSPENDING = {
    "flows/breach_response.py": "breach_response",
    "flows/security_update.py": "security_update",
    "flows/conclude_risk.py": "conclude_risk",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    return [path.relative_to(CODE) for room in ROOMS for path in sorted((CODE / room).rglob("*.py"))]


def tree(path: Path) -> ast.Module:
    return ast.parse((CODE / path).read_text())


def lines(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


def test_files_are_short() -> None:
    """No file has more than 350 lines, and half of them have at most 90."""
    counts = {str(path): len((CODE / path).read_text().splitlines()) for path in sources()}

    assert {path: n for path, n in counts.items() if n > LONGEST_FILE and path not in EXCEPTIONS} == {}
    assert median(counts.values()) <= 90


def test_functions_are_short() -> None:
    """No function has more than 60 lines, and half of them have at most 9."""
    counts = {f"{path}:{node.name}": lines(node) for path in sources() for node in functions(path)}

    assert {name: n for name, n in counts.items() if n > LONGEST_FUNCTION and name not in EXCEPTIONS} == {}
    assert median(counts.values()) <= 9


def test_every_exception_is_still_one() -> None:
    """The list of exceptions names nothing that has become short or is gone."""
    for name in EXCEPTIONS:
        path, _, function = name.partition(":")
        found = [lines(node) for node in functions(Path(path)) if node.name == function]
        assert max(found or [len((CODE / path).read_text().splitlines())]) > (
            LONGEST_FUNCTION if function else LONGEST_FILE
        )


def test_what_others_use_says_what_it_is() -> None:
    """Every module, and every public class, method and function, has a docstring."""
    silent = []
    for path in sources():
        module = tree(path)
        silent += [] if ast.get_docstring(module) else [str(path)]
        silent += [f"{path}:{name}" for name, node in _public(module) if not ast.get_docstring(node)]

    assert silent == []


def _public(module: ast.Module) -> list[tuple[str, ast.ClassDef | Function]]:
    """Public names of a module and of its public classes; what is nested in a function is nobody else's."""
    found: list[tuple[str, ast.ClassDef | Function]] = []
    for node in module.body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            found.append((node.name, node))
            if isinstance(node, ast.ClassDef):
                found += [
                    (f"{node.name}.{inner.name}", inner)
                    for inner in node.body
                    if isinstance(inner, ast.ClassDef | Function) and not inner.name.startswith("_")
                ]
    return found


@pytest.mark.parametrize(("path", "name"), SUSPENDING.items())
def test_a_top_flow_reads_like_a_table_of_contents(path: str, name: str) -> None:
    """At most fifteen statements, no loop, at most one branch, and only plain calls."""
    (flow,) = [node for node in functions(Path(path)) if node.name == name]
    body = flow.body[1:]  # without the docstring
    inside = [node for statement in body for node in ast.walk(statement)]
    loops = (ast.For, ast.While, ast.AsyncFor, ast.comprehension)
    branches = (ast.If, ast.IfExp, ast.Match, ast.Try, ast.BoolOp)

    assert len(body) <= 15
    assert not [node for node in inside if isinstance(node, loops)]
    assert len([node for node in inside if isinstance(node, branches)]) <= 1
    assert all(isinstance(node, ast.Assign | ast.Expr | ast.Return | ast.If) for node in body)


def test_only_the_gate_turns_in_a_circle() -> None:
    """In the whole of flows/ one loop exists: the gate that asks again."""
    loops = [
        f"{path}:{node.name}"
        for path in sources()
        if path.parts[0] == "flows"
        for node in functions(path)
        if any(isinstance(inner, ast.For | ast.While | ast.comprehension) for inner in ast.walk(node))
    ]

    assert loops == ["flows/gates.py:ask"]
