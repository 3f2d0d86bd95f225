"""What can be started: every entrypoint loads as a worker loads it, every form is closed, every step is silent."""

import ast
import csv
import importlib
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.cache_policies import NO_CACHE
from prefect.flows import Flow
from prefect.tasks import Task
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools import is_valid_schema, validate
from pydantic import BaseModel, SecretStr

from flows.gates import GateForm
from schemas.forms import RespondForm
from schemas.gate import GateAnswer
from schemas.incident import CaseRef
from tasks.safety import RETRIES, is_transient, pii_safe

CODE = Path(__file__).resolve().parents[2]
SAMPLE = CODE / "examples" / "harbor" / "data"
KEYWORDS = {"type", "required", "properties", "items", "enum", "format", "pattern", "title", "default"}
"""Words of JSON Schema itself: the UI's form builder mistakes a field of such a name for one of them."""
STARTED_BY_NAME = {
    "notify-members/notify-members",
    "send-wave/send-wave",
    "export-dossier/export-dossier",
    "security-update/security-update",
    "breach-response/rehearse-sample",
}

# What a worker does before it runs a flow: the pull steps of the project, then the entrypoint, in a process elsewhere.
AS_A_WORKER = """
import asyncio, json, os, sys
import yaml
from prefect.deployments.steps.core import run_steps
from prefect.flows import load_flow_from_entrypoint

with open(sys.argv[1]) as file:
    project = yaml.safe_load(file)
asyncio.run(run_steps(project["pull"], print_function=lambda *_: None))
names = {
    one["entrypoint"]: load_flow_from_entrypoint(one["entrypoint"], use_placeholder_flow=False).name
    for one in project["deployments"]
}
print(json.dumps({"cwd": os.getcwd(), "names": names}))
"""


@cache
def project() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CODE / "prefect.yaml").read_text())
    return found


def deployments() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = project()["deployments"]
    return found


def flow_of(deployment: dict[str, Any]) -> Flow[..., Any]:
    path, _, name = deployment["entrypoint"].partition(":")
    flow = getattr(importlib.import_module(path.removesuffix(".py").replace("/", ".")), name)
    assert isinstance(flow, Flow)
    return flow


def named(name: str) -> dict[str, Any]:
    (found,) = [one for one in deployments() if one["name"] == name]
    return found


def parameter_models() -> list[type[BaseModel]]:
    """The models that deployed flows take, with every card in them, each once."""
    found: dict[type[BaseModel], None] = {}
    for deployment in deployments():
        for parameter in inspect.signature(flow_of(deployment).fn).parameters.values():
            found.update(dict.fromkeys(_with_cards(parameter.annotation)))
    return list(found)


def _with_cards(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from _with_cards(field.annotation)
    for inner in getattr(annotation, "__args__", ()):
        yield from _with_cards(inner)


MODELS = [*parameter_models(), GateAnswer, GateForm]


def test_every_entrypoint_loads_from_another_folder(tmp_path: Path) -> None:
    """A worker somewhere else runs the pull step, changes into the code and loads every flow, none as a placeholder."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": "http://127.0.0.1:9/api",  # loading must not need the server
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "BREACH_CODE": str(CODE),
    }
    command = [sys.executable, "-c", AS_A_WORKER, str(CODE / "prefect.yaml")]

    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert Path(told["cwd"]) == CODE
    assert told["names"] == {one["entrypoint"]: flow_of(one).name for one in deployments()}


def test_what_the_code_starts_by_name_is_deployed() -> None:
    """Every flow/deployment name that the code starts, reads or schedules is one that prefect.yaml deploys."""
    deployed = {f"{flow_of(one).name}/{one['name']}" for one in deployments()}
    flow_names = {name.partition("/")[0] for name in deployed}
    mentioned = {
        node.value
        for room in ("tasks", "deployments", "examples")
        for path in (CODE / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z-]+/[a-z-]+", node.value)
        and node.value.partition("/")[0] in flow_names
    }

    assert mentioned >= STARTED_BY_NAME
    assert mentioned <= deployed


def test_deployments_have_names_of_their_own() -> None:
    """No name is used twice, and each deployment is on a pool that the house makes."""
    names = [one["name"] for one in deployments()]

    assert len(names) == len(set(names))
    assert {one["work_pool"]["name"] for one in deployments()} == {"work", "control"}
    assert {one["name"] for one in deployments() if one["work_pool"]["name"] == "control"} == {
        "halt-sending",
        "lift-halt",
    }


def test_a_redeploy_keeps_the_schedules_of_cases() -> None:
    """security-update has no schedules key: with one, even empty, deploying would delete what cases have scheduled."""
    assert "schedules" not in named("security-update")
    assert "schedule" not in named("security-update")
    assert [one["name"] for one in deployments() if "schedules" in one] == ["watch"]


def test_the_server_refuses_what_is_not_on_a_form() -> None:
    """Every deployment that takes parameters has them checked before a run exists."""
    assert {one["name"] for one in deployments() if not one.get("enforce_parameter_schema")} == {"watch"}


def test_the_empty_form_is_empty() -> None:
    """`respond` is deployed without a single parameter filled in."""
    assert "parameters" not in named("respond")


def test_the_sample_s_form_is_valid_and_names_the_sample_s_files() -> None:
    """rehearse-sample validates against Prefect's schema and our form; its files, area and span are the sample's."""
    values = named("rehearse-sample")["parameters"]
    schema = parameter_schema(flow_of(named("rehearse-sample")).fn).model_dump_for_openapi()
    truth = json.loads((SAMPLE / "truth.json").read_text())

    assert is_valid_schema(schema) is None
    assert validate(values, schema) == []
    form = RespondForm.model_validate(values["incident"])
    for name in (form.reach.roster_export, *form.reach.content_exports):
        folder, _, file = name.partition("/")
        assert folder == "harbor"
        assert (SAMPLE / file).is_file(), name
    with (SAMPLE / "members.csv").open(newline="") as file:
        assert sum(1 for _ in csv.DictReader(file)) == truth["members"] == 1200
    assert form.reach.areas == [truth["leak"]["area"]]
    assert form.when.leak_from == datetime.fromisoformat(truth["leak"]["from"])
    assert form.when.leak_until == datetime.fromisoformat(truth["leak"]["until"])
    assert CaseRef.named(form.case_id, form.mode).case_id == form.case_id  # already marked as a rehearsal


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_form_is_closed_and_says_what_it_wants(model: type[BaseModel]) -> None:
    """Unknown keys are refused; every field has a label, a help line and a place of its own, and no secret is asked."""
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["hide_input_in_errors"]
    schema = model.model_json_schema()
    cards = schema.get("$defs", {})
    # As the UI merges them: what stands at the field goes before what stands at the card.
    shown = {
        name: cards.get(field.get("$ref", "").rpartition("/")[2], {}) | field
        for name, field in schema["properties"].items()
    }

    assert [name for name, field in shown.items() if not field.get("title") or not field.get("description")] == []
    assert {"title": set(shown) & KEYWORDS} == {"title": set()}
    assert not [name for name, field in model.model_fields.items() if field.annotation is SecretStr]
    positions = [field.get("position") for field in schema["properties"].values()]
    assert sorted(positions) == list(range(1, len(positions) + 1)) if _is_shown(model) else positions


def _is_shown(model: type[BaseModel]) -> bool:
    """Orders are filled in by other flows; nobody reads their fields in order."""
    return model.__module__ != "schemas.orders"


@pytest.mark.parametrize("deployment", deployments(), ids=lambda one: one["name"])
def test_the_ui_can_draw_every_form(deployment: dict[str, Any]) -> None:
    """No choice between shapes anywhere: the UI draws anyOf and oneOf as raw JSON."""
    schema = json.dumps(parameter_schema(flow_of(deployment).fn).model_dump_for_openapi())

    assert not re.findall(r'"(anyOf|oneOf|allOf)"', schema)


def test_the_gate_asks_everything_and_suggests_nothing() -> None:
    """No field of the answer has a default, also not in the form that Prefect is given; any one left out is refused."""
    given = {"decision": "approve", "approver": "mara", "code": "123456", "reason": "read"}
    shown = GateForm.with_initial_data(description="What is asked")

    for model in (GateAnswer, GateForm, shown):
        assert all(field.is_required() for field in model.model_fields.values())
        assert '"default":' not in json.dumps(model.model_json_schema())
        assert sorted(model.model_json_schema()["required"]) == sorted(given)
        for name in given:
            with pytest.raises(ValueError, match=name):
                model.model_validate({key: value for key, value in given.items() if key != name})


def test_every_flow_is_silent_about_people() -> None:
    """Each deployed flow is a plain function in pii_safe under its decorator."""
    safe = pii_safe(lambda: None).__code__
    for deployment in deployments():
        flow = flow_of(deployment)
        assert flow.fn.__code__ is safe, deployment["name"]
        assert not flow.isasync  # pii_safe would let a coroutine through unwatched


def test_every_task_is_silent_about_people() -> None:
    """Each task is in pii_safe, retried by type, never answered from a cache, its result never kept."""
    safe = pii_safe(lambda: None).__code__
    tasks: dict[str, Task[..., Any]] = {}
    for path in sorted((CODE / "tasks").glob("*.py")):
        module = importlib.import_module(f"tasks.{path.stem}")
        for task in vars(module).values():
            if isinstance(task, Task):
                assert tasks.setdefault(task.name, task) is task, f"two tasks are called {task.name}"

    assert len(tasks) > 20
    for name, task in tasks.items():
        assert task.fn.__code__ is safe, name
        assert not task.isasync
        assert task.cache_policy is NO_CACHE
        assert task.persist_result is False
        assert (task.retries, task.retry_condition_fn) == (RETRIES, is_transient)


def test_nobody_goes_round_the_silence() -> None:
    """Prefect's task decorator is used in one place only, and every function under @flow wears @pii_safe next."""
    users = []
    for path in sorted(CODE.glob("*/*.py")):
        if path.parent.name not in {"flows", "tasks", "blocks", "deployments"}:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "task":
                users.append(path.name)
            if isinstance(node, ast.FunctionDef):
                worn = [ast.unparse(one).partition("(")[0] for one in node.decorator_list]
                assert "task" not in worn
                assert "flow" not in worn or worn == ["flow", "pii_safe"], f"{path.name}:{node.name}"

    assert users == ["chapter.py"]
