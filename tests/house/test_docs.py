"""The documents and the house say the same: what is named exists, and what exists is named."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Union, get_args, get_origin

import pytest
import typer
import yaml
from pydantic import BaseModel
from typer.core import TyperGroup

from breach import errors
from deployments.cli import app
from schemas.facts import FactName
from schemas.forms import RespondForm, UpdateForm
from schemas.gate import GateAnswer

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
README, RUNBOOK, GLOSSARY = ROOT / "README.md", ROOT / "docs" / "runbook.md", ROOT / "docs" / "glossary.md"

SCREENSHOTS = {
    "01-deployments.png",
    "02-form.png",
    "03-run.png",
    "04-gate-content.png",
    "05-gate-sending.png",
    "06-artifacts.png",
    "07-duties.png",
    "08-dossier.png",
}
"""What the browser walk writes to docs/images. A picture that is not there yet must at least be one of these."""

THE_WORDS = """
case platform provider area member roster content scope finding exposure duty notice variant token recipient quarantined
wave group chunk outcome gate chapter chronology receipt rehearsal live dossier
basis lease epoch doubt seed canary step-record desk case-root control-pool
"""
WORDS = THE_WORDS.split()
"""The house's words: one for each thing."""

DEVELOPMENT = re.compile(
    r"/work\b|(?<![\w-])shared/|\bDESIGN\b|index[-_ ]url|pypi|/simple\b|\bissues? [A-Z0-9]\b"
    r"|language model|\bAI\b|\bLLM\b",
    re.IGNORECASE,
)
"""Where and how this was made is nobody's business here; package indexes belong to the machine that installs."""

BLOCK_NAMES = {"default", "rehearsal", "live", "harbor"}
FENCE = re.compile(r"^ *```(?P<kind>\w*)\n(?P<block>.*?)^ *```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")


def pages() -> list[object]:
    """Each page as a test of its own, named by its place."""
    return [pytest.param(page, id=page.relative_to(ROOT).as_posix()) for page in PAGES]


def code_in(page: Path) -> list[str]:
    """Everything set as code on a page: spans, and blocks for the shell."""
    text = page.read_text(encoding="utf-8")
    blocks = [found["block"] for found in FENCE.finditer(text) if found["kind"] == "sh"]
    return [*blocks, *SPAN.findall(FENCE.sub("", text))]


def commands() -> dict[tuple[str, ...], set[str]]:
    """Each command of the command line with its options."""
    found: dict[tuple[str, ...], set[str]] = {}
    left = [((), typer.main.get_command(app))]
    while left:
        path, command = left.pop()
        if isinstance(command, TyperGroup):
            left += [((*path, name), below) for name, below in command.commands.items()]
        else:
            found[path] = {option for parameter in command.params for option in parameter.opts}
    return found


def deployments() -> set[str]:
    """flow/deployment of every entry in prefect.yaml, the flow's name read from its decorator."""
    timetable = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    return {f"{_flow_name(entry['entrypoint'])}/{entry['name']}" for entry in timetable["deployments"]}


def _flow_name(entrypoint: str) -> str:
    file, _, function = entrypoint.partition(":")
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            for call in node.decorator_list:
                for keyword in call.keywords if isinstance(call, ast.Call) else ():
                    if keyword.arg == "name":
                        return str(ast.literal_eval(keyword.value))
    raise AssertionError(f"{entrypoint} names no flow with a name")


def block_slugs() -> set[str]:
    """The type slugs of our blocks."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "blocks").glob("*.py"))
    return {slug for text in texts for slug in re.findall(r'_block_type_slug = "([a-z-]+)"', text)}


def headings(page: Path) -> set[str]:
    """The anchors GitHub makes of a page's headings."""
    found = re.findall(r"^#+ +(.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in found}


def field_titles(model: type[BaseModel]) -> Iterator[str]:
    """The label of every field on a form, and of the cards on it."""
    for field in model.model_fields.values():
        below = [kind for kind in _kinds(field.annotation) if issubclass(kind, BaseModel)]
        for kind in below:
            yield from field_titles(kind)
        if not below:
            yield str(field.title)


def _kinds(annotation: object) -> Iterator[type]:
    if get_origin(annotation) in {list, tuple, Union, UnionType}:
        for part in get_args(annotation):
            yield from _kinds(part)
    elif isinstance(annotation, type):
        yield annotation


def test_every_deployment_is_named_for_the_people_who_start_it():
    """README or runbook names each deployment in prefect.yaml, as the UI shows it."""
    told = README.read_text(encoding="utf-8") + RUNBOOK.read_text(encoding="utf-8")
    assert sorted(name for name in deployments() if f"`{name}`" not in told) == []


@pytest.mark.parametrize("page", pages())
def test_what_looks_like_a_deployment_is_one(page: Path):
    """Each `xxx/yyy` on a page is a deployment, a block's name, or a path that exists."""
    known = deployments() | {f"{slug}/{name}" for slug in block_slugs() for name in BLOCK_NAMES}
    named = {code for code in code_in(page) if re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", code)}
    # Below a home there are the folders of each mode and the secrets; security.md names them.
    at_home = {name for name in named if name.startswith(("rehearsal/", "live/", "secrets/"))}
    assert sorted(name for name in named - known - at_home if not (ROOT / name).exists()) == []


@pytest.mark.parametrize("page", pages())
def test_every_make_target_named_exists(page: Path):
    """Each `make xxx` on a page is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {target for code in code_in(page) for target in re.findall(r"(?:^|\s)make ([a-z][a-z-]*)", code)}
    assert sorted(named - targets) == []


def test_every_make_target_is_named_in_the_readme():
    """The README says what each target of the Makefile is for."""
    phony = re.search(r"^\.PHONY:(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    told = " ".join(code_in(README))
    assert [target for target in phony[1].split() if not re.search(rf"\bmake {target}\b", told)] == []


@pytest.mark.parametrize("page", pages())
def test_every_command_named_exists_with_its_options(page: Path):
    """Each `breach xxx --option` on a page is understood by the command line."""
    known = commands()
    for line in (line for code in code_in(page) for line in code.splitlines()):
        said = re.search(r"(?:^|[\s/])breach ((?:[a-z]+ ?)+)(.*)", line)
        if said is None:
            continue
        words = tuple(said[1].split())
        command = next((path for path in known if path == words[: len(path)]), None)
        assert command is not None, f"no such command: {line}"
        assert set(re.findall(r"--[a-z-]+", said[2])) <= known[command], line


def test_every_command_is_named_for_the_people_who_type_it():
    """README or runbook shows each command of the command line."""
    told = "\n".join([*code_in(README), *code_in(RUNBOOK)])
    assert [path for path in commands() if f"breach {' '.join(path)}" not in told] == []


@pytest.mark.parametrize("page", pages())
def test_every_link_leads_somewhere(page: Path):
    """Local links, anchors and pictures exist; a picture may wait for the browser walk that takes it."""
    for link in LINK.finditer(page.read_text(encoding="utf-8")):
        target, _, anchor = link["target"].partition("#")
        if target.startswith(("http://", "https://")):
            continue
        place = (page.parent / target).resolve() if target else page
        to_come = place.parent == ROOT / "docs" / "images" and place.name in SCREENSHOTS
        assert place.exists() or to_come, f"{page.name}: {link['target']}"
        assert not anchor or anchor in headings(place), f"{page.name}: {link['target']}"


def test_the_tour_shows_every_picture_with_words_for_those_who_cannot_see_it():
    """The README shows each screenshot of the browser walk, in order, with an alternative text."""
    shown = [link for link in LINK.finditer(README.read_text(encoding="utf-8")) if link["image"]]
    assert [Path(link["target"]).name for link in shown] == sorted(SCREENSHOTS)
    assert all(len(link["text"]) >= 30 for link in shown)


@pytest.mark.parametrize("page", pages())
def test_every_path_of_the_house_named_exists(page: Path):
    """A path in code that begins with a room or folder of the house is there."""
    rooms = ("flows/", "tasks/", "blocks/", "schemas/", "breach/", "deployments/", "tests/", "examples/", "docs/")
    named = {code for code in code_in(page) if code.startswith(rooms) and re.fullmatch(r"[\w./-]+", code)}
    invented = {"breach/law/rules/xx-example.yaml"}
    assert sorted(path for path in named - invented if not (ROOT / path).exists()) == []


@pytest.mark.parametrize("word", WORDS)
def test_the_glossary_has_the_word(word: str):
    """Each word of the house stands in the glossary's first column."""
    rows = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| **")]
    first = " ".join(row.split("|")[1] for row in rows)
    assert f"**{word.replace('-', ' ')}**" in first


def test_the_runbook_says_what_to_do_about_every_kind_of_error():
    """Each error that can end a run has its line in the runbook."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.BreachError)]
    last = [kind.__name__ for kind in kinds if not any(kind in other.__bases__ for other in kinds)]
    told = RUNBOOK.read_text(encoding="utf-8")
    assert [name for name in [*last, "OutcomeUnknown", "SafeError"] if f"`{name}`" not in told] == []


@pytest.mark.parametrize("form", [RespondForm, UpdateForm, GateAnswer])
def test_the_runbook_explains_every_field(form: type[BaseModel]):
    """Each label on the form that opens a case, on an update and at a gate stands in the runbook."""
    told = RUNBOOK.read_text(encoding="utf-8")
    assert [title for title in field_titles(form) if f"**{title}**" not in told] == []


def test_the_runbook_lists_every_fact_that_can_be_recorded():
    """The list of facts is the one on the form."""
    told = RUNBOOK.read_text(encoding="utf-8").splitlines()
    assert [fact.value for fact in FactName if f"- {fact.value}" not in told] == []


def test_the_runbook_says_what_every_artifact_is_for():
    """Each artifact that the tasks make has its line."""
    made = {
        name
        for file in (ROOT / "tasks").glob("*.py")
        for name in re.findall(r'key=f"\{\w+(?:\.\w+)*\.case_id\}-([a-z-]+)"', file.read_text(encoding="utf-8"))
    }
    told = RUNBOOK.read_text(encoding="utf-8")
    assert len(made) >= 5, "the pattern finds the artifacts no more"
    assert sorted(name for name in made if f"`{name}`" not in told) == []


def test_every_decision_has_its_four_parts_and_its_place_in_the_row():
    """Decisions are numbered without a gap, and say context, decision, consequences, and what would change our mind."""
    found = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in found] == list(range(1, len(found) + 1))
    for page in found:
        text = page.read_text(encoding="utf-8")
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences", "What would change our mind"], page.name
        assert text.startswith(f"# {int(page.name[:4])}. "), page.name


@pytest.mark.parametrize("page", pages())
def test_no_page_tells_how_or_where_this_was_made(page: Path):
    """No path of the makers' machines, no package index, no talk of how the code came about."""
    assert DEVELOPMENT.findall(page.read_text(encoding="utf-8")) == []
