"""The command line: breach up, demo, doctor, waiting, halt, approvers, scan, verify."""

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
from breach.dossier.verify import verify_folder
from breach.errors import BadInput, BreachError
from deployments.alerts import NewAlerts
from deployments.demo_home import demo_home
from deployments.halting import halt_case, show_waiting
from deployments.home import DEFAULT_PORT, Home, chosen_root, free_port, open_home
from deployments.law_cli import law
from schemas.forms import HaltForm
from schemas.incident import Mode

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
    found, dark = show_waiting(open_home(home), typer.echo)
    if found:
        typer.echo("Open the run in the UI: ⋮ → Resume.")
    elif not dark:
        typer.echo("Nothing waits for you.")
    raise typer.Exit(1 if dark else 0)


@app.command()
def doctor(
    home: HomeOption = None,
    port: int = DEFAULT_PORT,
    as_json: Annotated[bool, typer.Option("--json", help="For a program that watches.")] = False,
    listens_on: Annotated[str, typer.Option(help="Where the server was told to listen, if not on loopback.")] = "",
) -> None:
    """Look whether the house would hold in an emergency; mends nothing. Ends with 1 when anything is wrong."""
    from deployments.doctor import examine, wrong_ones  # noqa: PLC0415  (reads Prefect's settings when imported)

    findings = examine(Home(chosen_root(home)), port, told=listens_on)
    lines = [finding.model_dump_json() if as_json else str(finding) for finding in findings]
    typer.echo("[" + ",\n ".join(lines) + "]" if as_json else "\n".join(lines))
    raise typer.Exit(1 if wrong_ones(findings) else 0)


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
    base = open_home(home)
    stopped, failed = halt_case(base, form, datetime.now(UTC), typer.echo)
    if not stopped:
        why = "read the lines above" if failed else f"there is no case called {case} in {base.root}"
        typer.echo(f"NOTHING WAS STOPPED: {why}.", err=True)
    raise typer.Exit(1 if failed or not stopped else 0)


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


@app.command()
def scan(
    paths: Annotated[list[str], typer.Argument(help="Exports, folders of them, or s3://bucket/prefix/.")],
    as_json: Annotated[bool, typer.Option("--json", help="The whole report as JSON.")] = False,
    accept_partial: Annotated[bool, typer.Option("--accept-partial", help="Exit 0 although not all was read.")] = False,
    workers: Annotated[int, typer.Option(help="Processes that read; 0: as many as there are cores.")] = 0,
    since: Annotated[
        Path | None, typer.Option(help="An index: files that it knows unchanged are not read again.")
    ] = None,
) -> None:
    """Say what exports are, what can be read of them and how much is in them. Opens no case, keeps nothing."""
    from deployments.scanning import progress_line, scan_named  # noqa: PLC0415  (loads DuckDB and Arrow)

    report = scan_named(paths, workers or os.cpu_count() or 1, since, progress_line())
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        for line in report.coverage:
            known = f"  ({line.recognised})" if line.recognised else ""
            said = f"  {line.reason}" if line.reason else ""
            typer.echo(f"{line.scanned:6}  {line.digest[:12]}  {line.records:>9} records  {line.kind}{known}{said}")
        found = ", ".join(f"{count} × {kind.value}" for kind, count in report.findings.items())
        typer.echo(f"{report.members} members, {report.messages} messages; found: {found or 'nothing'}.")
    raise typer.Exit(0 if report.complete or accept_partial else 1)


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
