"""The blocks of each mode, read from the server: what runs will really load, and whether halting means the same."""

from dataclasses import dataclass, field
from typing import cast

import httpx
from prefect.blocks.core import Block
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

import blocks
from blocks import CaseRoot, LedgerAddress
from blocks.mailer import MailerBlock
from breach.errors import BreachError
from deployments.doctor.finding import Finding, refused
from deployments.home import Home
from schemas.incident import Mode

SAVE = "Open it in the UI under Blocks and save it, or restart 'breach up'."


class Document(BaseModel):
    """A block document as the server tells it."""

    data: dict[str, object]


@dataclass(slots=True)
class Rooms:
    """What was found, and the mailers that can be asked themselves."""

    findings: list[Finding] = field(default_factory=list)
    mailers: dict[Mode, MailerBlock] = field(default_factory=dict)


class Missing(Exception):
    """A reference that leads to nothing usable. Its text names the reference and the reason, never a value."""


def look_at_rooms(client: httpx.Client, home: Home) -> Rooms:
    """Each mode's case root, and everything it names."""
    rooms = Rooms()
    for mode in Mode:
        name = f"blocks, {mode}"
        try:
            root = cast(CaseRoot, _loaded(client, f"case-root/{mode}"))
            held = {one: _loaded(client, one) for one in _references(root)}
        except Missing as error:
            rooms.findings.append(Finding.wrong(name, str(error), SAVE))
            continue
        rooms.findings += [
            Finding.ok(name, f"case-root/{mode} and the {len(held)} blocks it names load."),
            *_same_ledger(mode, home, held[root.ledger_block]),
            *_real_sender(mode, root, held[root.mailer_block]),
        ]
        rooms.mailers[mode] = held[root.mailer_block]  # type: ignore[assignment]  # looked at by its own checks
    return rooms


def _references(root: CaseRoot) -> list[str]:
    """Everything that a case root names by its block."""
    named = (getattr(root, name) for name in type(root).model_fields if name.endswith("_block"))
    return [reference for reference in named if reference]


def _same_ledger(mode: Mode, home: Home, block: Block) -> list[Finding]:
    """'breach halt' reads walls.toml, runs read the block: if they differ, a halt stops nothing."""
    try:
        wanted = home.ledger_url(mode)
        same = isinstance(block, LedgerAddress) and make_url(block.url.get_secret_value()) == make_url(wanted)
    except BreachError as error:
        return [refused(f"ledger block, {mode}", error)]
    except (ArgumentError, ValueError):
        same = False
    if same:
        return []
    what = "Runs use another ledger than the command line: 'breach halt' would stop nothing."
    return [Finding.wrong(f"ledger block, {mode}", what, f"State the ledger of {mode} in walls.toml, and restart.")]


def _real_sender(mode: Mode, root: CaseRoot, block: object) -> list[Finding]:
    if mode is Mode.LIVE and getattr(block, "is_sample", False):
        what = f"{root.mailer_block} still writes in the name of the invented community."
        return [Finding.wrong("live sender", what, "Fill in your name, address and contact in the UI under Blocks.")]
    return []


def _loaded(client: httpx.Client, reference: str) -> Block:
    """A block as runs would have it. Raises Missing."""
    slug, _, name = reference.partition("/")
    kind = kind_of(slug)
    if kind is None or not name:
        raise Missing(f"{reference} is no block of ours.")
    try:
        answer = client.get(f"/block_types/slug/{slug}/block_documents/name/{name}", params={"include_secrets": "true"})
    except httpx.HTTPError as error:
        raise Missing(f"{reference} could not be asked for ({type(error).__name__}).") from None
    if answer.status_code != httpx.codes.OK:
        raise Missing(f"{reference} is not there.")
    try:
        return kind.model_validate(TypeAdapter(Document).validate_json(answer.content).data)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}))
        raise Missing(f"{reference} does not load: {wrong or 'its fields'} cannot be read.") from None


def kind_of(slug: str) -> type[Block] | None:
    """Our block of a slug. Those of vendors whose packages are slow to import are looked at last."""
    for name in sorted(blocks.__all__, key=blocks.WHEN_NAMED.__contains__):
        kind: type[Block] = getattr(blocks, name)
        if kind.get_block_type_slug() == slug:
            return kind
    return None
