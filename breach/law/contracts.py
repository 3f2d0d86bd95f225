"""The organisation's own promises, kept as files: read when a case opens, and frozen into its facts."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, ValidationError

from breach.errors import BadInput
from breach.law.catalog import NoDoubles
from schemas.base import Record
from schemas.incident import Facts, IncidentFacts
from schemas.law_facts import Contract, ContractKind, Words

KINDS = {kind.rule_id: kind for kind in ContractKind}
NOT_OPENED = "No case was opened and nothing was sent."


class Promise(Record):
    """One promise in a file."""

    kind: str = Field(pattern=f"^({'|'.join(KINDS)})$")
    recipient: Words
    clause: Words
    clock: Annotated[str, Field(pattern=r"^([1-9][0-9]{0,3}h|none)$")] = Field(
        description="Hours from awareness, such as 48h; none when the clause names no number."
    )


class ContractFile(Record):
    """contracts/NAME.yaml."""

    contracts: tuple[Promise, ...] = Field(min_length=1)


def read_contracts(folder: Path) -> tuple[Contract, ...]:
    """Every promise of every *.yaml there, by file name; empty when there is no folder or no file.

    Raises BadInput naming the file and the line that is wrong.
    """
    found: list[Contract] = []
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        found += (_contract(one, path.name) for one in _read(path).contracts)
    return tuple(found)


def with_contracts(facts: Facts, folder: Path) -> Facts:
    """The first facts, with the promises of the folder after those of the form."""
    law = facts.incident.law
    law = law.model_copy(update={"contracts": (*law.contracts, *read_contracts(folder))})
    return facts.model_copy(update={"incident": facts.incident.model_copy(update={"law": law})})


def without_files(incident: IncidentFacts) -> IncidentFacts:
    """The facts as a form could have stated them: a folder that has changed since makes no other case of it."""
    stated = tuple(one for one in incident.law.contracts if not one.file)
    return incident.model_copy(update={"law": incident.law.model_copy(update={"contracts": stated})})


def _contract(one: Promise, file: str) -> Contract:
    hours = None if one.clock == "none" else int(one.clock.removesuffix("h"))
    return Contract(rule_id=one.kind, recipient=one.recipient, clause=one.clause, hours=hours, file=file)


def _read(path: Path) -> ContractFile:
    try:
        text = path.read_text(encoding="utf-8")
        return ContractFile.model_validate(yaml.load(text, Loader=NoDoubles))  # noqa: S506 - a SafeLoader
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the file"
        raise _bad(path, _line(text, first["loc"]), f"{field}: {first['msg']}") from None
    except yaml.MarkedYAMLError as error:
        raise _bad(path, error.problem_mark.line + 1 if error.problem_mark else 1, str(error.problem)) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError):
        raise _bad(path, 1, "it cannot be read as YAML text") from None


def _line(text: str, place: tuple[int | str, ...]) -> int:
    """The line on which the innermost part of a place that exists begins, from 1."""
    node = yaml.compose(text, Loader=NoDoubles)
    line = 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == part), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _bad(path: Path, line: int, what: str) -> BadInput:
    return BadInput(
        f"contracts/{path.name}, line {line}: {what}.",
        NOT_OPENED,
        f"Each promise has kind ({', '.join(KINDS)}), recipient, clause, and clock (48h or none). Correct the file and "
        "start again.",
    )
