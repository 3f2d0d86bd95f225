"""The command line: breach up, demo, waiting, halt, approvers, verify."""

import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from breach.approvers import Registry
from breach.chronology import chain
from breach.current import case_of
from breach.digest import digest_record
from breach.dossier.verify import verify_folder
from breach.errors import BadInput, BreachError
from breach.folder_store import FolderStore
from breach.ledger import open_ledger
from deployments.alerts import NewAlerts
from deployments.demo_home import demo_home
from deployments.home import DEFAULT_PORT, Home, free_port, open_home
from deployments.law_cli import law
from schemas.chronology import EntryKind
from schemas.forms import HaltForm
from schemas.incident import CaseRef, Mode

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The worst week, step by step.")
approvers = typer.Typer(no_args_is_help=True, help="Who may answer the gates.")
app.add_typer(approvers, name="approvers")
app.add_typer(law, name="law")

HomeOption = Annotated[Path | None, typer.Option("--home", help="Instead of $BREACH_HOME.")]
ModeOption = Annotated[Mode, typer.Option("--mode", help="rehearsal or live")]


@app.command()
def up(home: HomeOption = None, port: int = DEFAULT_PORT, drain_seconds: float = 60.0) -> None:
    """Start server and workers in the foreground until Ctrl-C."""
    base = open_home(home)
    at = _become_client(base, port)
    from deployments.house import running_house  # noqa: PLC0415  (reads its settings when imported)

    console = Console()
    stop: list[int] = []
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda number, _frame: stop.append(number))
    with running_house(base, lambda line: console.print(f"[dim]{line}[/]"), at) as house:
        user, password = base.login.split(":", 1)
        console.print(f"\n[bold]{house.address}[/]   login {user}:{password}", soft_wrap=True)
        console.print(f"Put exports into {base.inbox}", soft_wrap=True)
        console.print("Then start breach-response/respond in the UI. Ctrl-C drains and stops.")
        alerts = NewAlerts(base.root / "alerts")
        while not stop and not house.fallen():
            for line in alerts.lines():
                console.print(f"[bold yellow]ALERT[/] {line}", soft_wrap=True)
            time.sleep(0.2)
        if fallen := house.fallen():
            console.print(f"[red]{', '.join(fallen)} ended by itself; read {base.root / 'logs'}.[/]")
        console.print(f"\nDraining: no new runs; waiting up to {drain_seconds:.0f} s for what still works.")
        for name in house.drain(console.print, drain_seconds):
            console.print(f"[yellow]ended while at work: {name}. Start its case again; it continues.[/]")
    sys.exit(1 if fallen else 0)


@app.command()
def demo(home: HomeOption = None, port: int = DEFAULT_PORT) -> None:
    """Run the sample case from the form to the dossier, in a home of its own."""
    base = demo_home(home)
    at = _become_client(base, port)
    from deployments.demo import run_demo  # noqa: PLC0415

    sys.exit(run_demo(base, at))


@app.command()
def waiting(home: HomeOption = None) -> None:
    """Which gates wait for a person, in both modes. Needs no server."""
    base = open_home(home)
    found = 0
    for mode in Mode:
        for case in sorted(base.cases(mode).glob("*/case.json")):
            asked = [
                entry
                for entry in chain.read(FolderStore(case.parent))
                if entry.kind
                in {EntryKind.GATE_ASKED, EntryKind.GATE_ANSWERED, EntryKind.HANDED_OVER, EntryKind.CLOSED}
            ]
            if asked and asked[-1].kind is EntryKind.GATE_ASKED:
                found += 1
                typer.echo(f"{mode}  {case.parent.name}  since {asked[-1].at:%Y-%m-%d %H:%M} UTC  {asked[-1].text}")
    typer.echo("Nothing waits for you." if not found else "Open the run in the UI: ⋮ → Resume.")


@app.command()
def halt(
    case: str,
    by: str,
    reason: Annotated[str, typer.Argument()] = "stopped from the command line",
    home: HomeOption = None,
) -> None:
    """Stop sending for a case at once, live and rehearsal. Needs no server: the ledger is read before every chunk."""
    try:
        form = HaltForm(case_id=case, by=by, reason=reason)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(problem["loc"][0]) for problem in error.errors()}))
        raise BadInput(
            f"NOTHING WAS STOPPED: {wrong} cannot be written so.",
            "Sending goes on as before.",
            "breach halt CASE WHO [REASON]: a case as it was opened, a short name of a-z, 0-9 and -, no address.",
        ) from None
    base, now, stopped = open_home(home), datetime.now(UTC), 0
    for ref in CaseRef.every(form.case_id):
        store = FolderStore(base.cases(ref.mode) / ref.case_id)
        if case_of(store) is None:
            continue
        ledger = open_ledger(base.ledger_url(ref.mode))
        ledger.halts.halt(ref.case_id, by, reason, now)
        entry = chain.append(store, ref.case_id, EntryKind.HALT, f"Sending halted: {reason}", at=now, actor=by)
        ledger.heads.record_head(ref.case_id, entry.n, digest_record(entry), now)
        typer.echo(f"Stopped: {ref.case_id} ({ref.mode}), entry {entry.n} of its chronology. Lift it with lift-halt.")
        stopped += 1
    if not stopped:
        typer.echo(f"NOTHING WAS STOPPED: there is no case called {case} in {base.root}.", err=True)
        raise typer.Exit(1)


@app.command()
def verify(
    dossier: Path,
    head: Annotated[str | None, typer.Option(help="A chronology head kept elsewhere, as N:DIGEST.")] = None,
    digest: Annotated[str | None, typer.Option(help="The dossier's digest kept elsewhere.")] = None,
) -> None:
    """Check a dossier: every file, the chain, the books."""
    problems = verify_folder(dossier, head, digest)
    for problem in problems:
        typer.echo(problem)
    typer.echo(f"NOT verified: {len(problems)} problems." if problems else f"verified: {dossier}")
    raise typer.Exit(1 if problems else 0)


@approvers.command("add")
def add_approver(
    name: str,
    mode: ModeOption = Mode.REHEARSAL,
    countersign: Annotated[str, typer.Option(help="Name of an enrolled approver; needed from the third on.")] = "",
    home: HomeOption = None,
) -> None:
    """Enrol a person; shows the QR code for their authenticator once."""
    import segno  # noqa: PLC0415  (only enrolment draws)

    registry = Registry(open_home(home).approvers(mode))
    signer = (countersign, typer.prompt(f"Code of {countersign}", hide_input=True)) if countersign else None
    address = registry.enrol(name, datetime.now(UTC), signer)
    segno.make(address, error="m").terminal(compact=True)
    typer.echo(f"{name} may answer {mode} gates. Scan this now; it is not shown again.")


@approvers.command("list")
def list_approvers(mode: ModeOption = Mode.REHEARSAL, home: HomeOption = None) -> None:
    """Who is enrolled."""
    for person in Registry(open_home(home).approvers(mode)).read().values():
        signed = f", countersigned by {person.countersigned_by}" if person.countersigned_by else ""
        typer.echo(f"{person.staff_id}  since {person.enrolled_at:%Y-%m-%d}{signed}")


def _become_client(home: Home, port: int) -> int:
    """Give this process the environment of the house before Prefect is imported; returns the port."""
    chosen = free_port(port)
    os.environ.update(home.environment(chosen))
    return chosen


def main() -> None:
    """The console script: our own errors are sentences, not tracebacks."""
    try:
        app()
    except BreachError as error:
        Console(stderr=True).print(f"[red]{error}[/]")
        sys.exit(1)
