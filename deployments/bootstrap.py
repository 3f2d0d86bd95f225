"""Blocks registered, pools made, everything in prefect.yaml deployed: the same every time it is run."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import prefect
import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import ObjectNotFound
from prefect.flows import load_flow_arguments_from_entrypoint
from pydantic import SecretStr

import blocks
from blocks import (
    Alerts,
    CaseRoot,
    FolderCaseStore,
    LedgerAddress,
    ManualChecklist,
    OutboxMailer,
    PlatformImitation,
)
from blocks.case_root import load_root
from breach.digest import digest_bytes
from breach.errors import BadInput
from deployments.applied import Place, place_stated, read_applied, refuse_leaving_cases, write_applied
from deployments.home import CODE, Home
from deployments.walls import Walls, read_walls, s3_block
from schemas.incident import Mode

EXPOSED = ["/uploads/exports/members.csv"]
"""The sample's story: this export file was served to anybody."""
S3 = "s3-case-store"
POOLS = {"work": 4, "control": 2}
"""Runs at a time. Suspended runs hold no place; a control run is over in seconds."""


def register_blocks(home: Home) -> None:
    """Write the block documents of this home; what people changed in the UI since is kept."""
    refuse_leaving_cases(home)
    for name in blocks.__all__:
        getattr(blocks, name).register_type_and_schema()
    walls, before = read_walls(home.root), read_applied(home.root)
    _keep_or_save("default", Alerts(folder=str(home.root / "alerts")))
    _keep_or_save("default", ManualChecklist())
    for mode in Mode:
        stated, was = walls.of(mode), before.of(mode) if before else None
        _keep_or_save(mode.value, FolderCaseStore(root=str(home.cases(mode))))
        if stated.store:
            s3_block(stated.store).save(mode.value, overwrite=True)
        ledger = LedgerAddress(url=SecretStr(home.ledger_url(mode)))
        _keep_or_save(mode.value, ledger, stated=stated.ledger is not None or (was is not None and was.ledger_stated))
        _keep_or_save(
            mode.value,
            OutboxMailer(
                folder=str(home.mode(mode) / "outbox"),
                sender_name="Harbor Watch",
                sender_address="security@harbor-watch.example",
                contact="security@harbor-watch.example",
                staff_seeds=["team@harbor-watch.example"] if mode is Mode.REHEARSAL else [],
            ),
        )
        store_block = f"{S3 if stated.store else 'folder-case-store'}/{mode}"
        _keep_or_save(
            mode.value,
            CaseRoot(
                store_block=store_block,
                ledger_block=f"ledger-address/{mode}",
                mailer_block=f"outbox-mailer/{mode}",
                alerts_block="alerts/default",
                inbox=str(home.inbox),
                approvers=str(home.approvers(mode)),
            ),
        )
        if stated.store or (was and was.store):
            _point_to(mode, store_block)
    write_applied(home.root, {mode: _applied(home, mode, walls) for mode in Mode})


def _point_to(mode: Mode, store_block: str) -> None:
    """A home whose walls.toml names a bucket keeps its cases there, whatever it kept before.

    When it names none any more, only what it had set itself goes back: another store is a person's choice.
    """
    root = load_root(mode)
    if root.store_block != store_block and (store_block.startswith(S3) or root.store_block == f"{S3}/{mode}"):
        root.model_copy(update={"store_block": store_block}).save(mode.value, overwrite=True)


def _applied(home: Home, mode: Mode, walls: Walls) -> Place:
    """Where the mode's runs are now: the ledger as its block has it, which a person may have changed in the UI."""
    place = place_stated(home, mode, walls)
    try:
        address = load_root(mode).ledger_address().url
    except ValueError:  # a block that does not load is no run's ledger either; the doctor finds it
        return place
    return place.model_copy(update={"ledger": address})


def connect_imitation(address: str, key: str) -> None:
    """Point the sample's platform connection to a running imitation."""
    PlatformImitation(address=address, api_key=SecretStr(key), exposed_files=EXPOSED).save("harbor", overwrite=True)


def make_pools() -> None:
    """Create the pools, or open them again after a drain."""
    with get_client(sync_client=True) as client:
        for name, limit in POOLS.items():
            try:
                client.read_work_pool(name)
            except ObjectNotFound:
                client.create_work_pool(WorkPoolCreate(name=name, type="process"))
            client.update_work_pool(name, WorkPoolUpdate(is_paused=False, concurrency_limit=limit))


@contextmanager
def deploying_all(home: Home, environment: Mapping[str, str]) -> Iterator[None]:
    """Deploy everything in prefect.yaml while the block runs; waits for it at the end.

    Nothing is done when this home's server has it all as the files say: it takes 12 to 30 s on 2 cores.
    Raises BadInput, naming the log, when Prefect refuses.
    """
    mark, log = home.root / "prefect" / "deployed", home.root / "logs" / "deploy.log"
    wanted = _fingerprint(home, environment)
    if mark.exists() and mark.read_text() == wanted and _all_deployed():
        yield
        return
    with log.open("ab") as file:
        deploy = subprocess.Popen(
            [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"],
            cwd=CODE,
            env=dict(environment),
            stdout=file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    try:
        yield
    finally:
        refused = deploy.wait()
    if refused:
        raise BadInput("prefect.yaml could not be deployed.", "No case was touched.", f"Read the end of {log}.")
    mark.write_text(wanted)


def _fingerprint(home: Home, environment: Mapping[str, str]) -> str:
    """Over everything a deployment is made from: the timetable, the flows, the forms, what its variables say.

    Prefect's database is part of it: another one knows nothing of what was deployed into the first.
    """
    files = (CODE / "prefect.yaml", *sorted((CODE / "flows").glob("*.py")), *sorted((CODE / "schemas").glob("*.py")))
    database = read_walls(home.root).prefect.database
    where = digest_bytes((database.get_secret_value() if database else str(home.database)).encode())
    stated = (prefect.__version__, environment["BREACH_CODE"], environment["BREACH_PYTHON"], where)
    return digest_bytes("\x1f".join((*stated, *(digest_bytes(file.read_bytes()) for file in files))).encode())


def _all_deployed() -> bool:
    """Whether the server still has them: a person may have deleted one in the UI, or its pool, or its schedule."""
    with get_client(sync_client=True) as client:
        flows = {flow.id: flow.name for flow in client.read_flows(limit=200)}
        known = {(flows.get(one.flow_id), one.name): one for one in client.read_deployments(limit=200)}
    return all(is_as_written(written, known) for written in timetable())


@dataclass(frozen=True, slots=True)
class Written:
    """One deployment as prefect.yaml has it."""

    flow: str
    name: str
    pool: str
    schedules: int


def timetable() -> list[Written]:
    """The deployments of prefect.yaml. The name of a flow stands in its file, which is read and not run."""
    stated = yaml.safe_load((CODE / "prefect.yaml").read_text())["deployments"]
    return [
        Written(
            flow=_flow_of(one["entrypoint"]),
            name=one["name"],
            pool=one["work_pool"]["name"],
            schedules=len(one.get("schedules", [])),
        )
        for one in stated
    ]


def is_as_written(written: Written, known: Mapping[tuple[str | None, str], DeploymentResponse]) -> bool:
    """Whether the server, by flow and name, has it in its pool, with as many schedules in force.

    A deployment whose pool was deleted names none and is never run. A case has further schedules of its own.
    """
    held = known.get((written.flow, written.name))
    if held is None or held.work_pool_name is None:
        return False
    return held.work_pool_name == written.pool and written.schedules <= sum(one.active for one in held.schedules)


def _flow_of(entrypoint: str) -> str:
    return str(load_flow_arguments_from_entrypoint(str(CODE / entrypoint), {"name"})["name"])


def _keep_or_save(
    name: str,
    block: Alerts | CaseRoot | FolderCaseStore | LedgerAddress | ManualChecklist | OutboxMailer,
    *,
    stated: bool = False,
) -> None:
    """Save a block document unless one of that name is there already; one that walls.toml states is as it states."""
    try:
        type(block).load(name, validate=False)
    except ValueError:
        block.save(name)
    else:
        if stated:
            block.save(name, overwrite=True)
