"""breach law: what the rules say to a page of facts, which rules there are, and whether the pack is sound."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from breach.errors import BadInput
from breach.law.catalog import Catalog, load_catalog
from breach.law.question import LawQuestion, answer_question, read_question
from breach.law.rule import Rule
from breach.law.say import say_deadline
from breach.law.table import URGENCY
from breach.law.vocabulary import Confidence, RuleStatus
from breach.law.words import say_time
from schemas.law import Duty, DutyStatus

law = typer.Typer(no_args_is_help=True, help="The duties: ask, list and check. Not legal advice.")
RulesOption = Annotated[Path | None, typer.Option("--rules", help="Another folder of rule files.")]


@law.command()
def explain(
    facts: Annotated[Path, typer.Argument(help="A YAML page: aware_at, established_in, people, leaked, law…")],
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for a program.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Also what does not apply.")] = False,
    stale_after: Annotated[
        int | None, typer.Option("--stale-after", min=1, metavar="DAYS", help="Rules checked longer ago ask counsel.")
    ] = None,
    rules: RulesOption = None,
) -> None:
    """Print every duty with its deadline, its citation and the reason."""
    question = read_question(_read(facts))
    _refuse_tomorrow(question, datetime.now(UTC))
    duties = answer_question(question, load_catalog(rules), stale_after)
    if as_json:
        typer.echo(duties.model_dump_json(indent=2))
        return
    console = Console(soft_wrap=True)
    for duty in sorted(duties.duties, key=_urgency):
        if every or duty.status is not DutyStatus.DOES_NOT_APPLY:
            _print(console, duty)
    counts = Counter(duty.status for duty in duties.duties)
    console.print(", ".join(f"{counts[status]} {status.value}" for status in URGENCY))
    console.print(f"Rule pack {duties.rule_pack_version}, {duties.rule_pack[:12]}. Not legal advice.")


def _refuse_tomorrow(question: LawQuestion, now: datetime) -> None:
    """Awareness that has not come is a slip of the pen, unless the page says as of when it asks."""
    if question.recorded_at is None and question.aware_at > now:
        raise BadInput(
            "aware_at lies in the future.",
            "No duty was decided.",
            "Correct the time, and look at its zone; to ask about a day to come, give recorded_at, too.",
        )


def _urgency(duty: Duty) -> tuple[int, str, str]:
    date = duty.due_at or duty.assume_by
    return URGENCY.index(duty.status), date.isoformat() if date else "9", duty.rule_id


def _print(console: Console, duty: Duty) -> None:
    date = duty.due_at or duty.assume_by
    mark = "" if duty.due_at else "work by " if date else ""
    when = f"{mark}{say_time(date)}: {duty.due_rule}" if date else duty.due_rule
    console.print(f"[bold]{duty.status.value.upper()}[/]  {escape(f'{duty.rule_id} ({duty.jurisdiction})')}")
    console.print(escape(f"  {duty.regime}, {duty.citation}: tell {duty.recipient_name}"))
    console.print(escape(f"  {when}"))
    for order in duty.order:
        console.print(escape(f"  Order: {order}"))
    for ban in duty.content_bans:
        console.print(f"  [red]{escape(ban)}[/]")
    console.print(escape(f"  Why: {duty.reason}"))
    console.print(escape(f"  Source: {duty.source}\n"))


@law.command("list")
def list_rules(
    jurisdiction: Annotated[str, typer.Option(help="Such as US-CA, DE, BR; the groups it belongs to count.")] = "",
    rules: RulesOption = None,
) -> None:
    """Which rules are held, for one jurisdiction or for all."""
    catalog = load_catalog(rules)
    table = Table("rule", "law", "tells", "deadline", "status", "confidence")
    found = [rule for rule in catalog.rules if _speaks_of(catalog, rule, jurisdiction)]
    for rule in found:
        told = f"{rule.recipient.value}: {rule.recipient_name}"
        said = (rule.id, rule.citation, told, say_deadline(rule.clock), rule.status.value, rule.confidence.value)
        table.add_row(*map(escape, said))
    Console().print(table)
    for one in catalog.definitions:
        if one.place == jurisdiction:
            typer.echo(f"{one.citation}: {one.data.certain}")
    if not found:
        typer.echo(f"No rule is held for {jurisdiction}. That does not mean there is no duty: ask counsel.", err=True)
        raise typer.Exit(1)


def _speaks_of(catalog: Catalog, rule: Rule, jurisdiction: str) -> bool:
    place = rule.reach.place
    return not jurisdiction or place == jurisdiction or catalog.includes(place, jurisdiction)


@law.command()
def check(rules: RulesOption = None) -> None:
    """Read the whole pack: schema, expressions, references, calendars, circles; then say what it holds."""
    catalog = load_catalog(rules)
    asking = sum(_asks_counsel(rule) for rule in catalog.rules)
    sure = Counter(rule.confidence for rule in catalog.rules)
    places = {rule.reach.place for rule in catalog.rules}
    typer.echo(f"{len(catalog.rules)} rules for {len(places)} places, {len(catalog.definitions)} definitions: sound.")
    typer.echo(", ".join(f"{sure[level]} {level.value}" for level in Confidence))
    typer.echo(f"{asking} ask counsel whatever the facts.")
    typer.echo(f"version {catalog.version}, hash {catalog.pack_hash}")


def _asks_counsel(rule: Rule) -> bool:
    doubtful = {RuleStatus.UNCERTAIN, RuleStatus.PENDING}
    return bool(rule.counsel) or rule.confidence is Confidence.MEMORY or rule.status in doubtful


def _read(page: Path) -> str:
    try:
        return page.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput(
            "The page of facts cannot be read.", "No duty was decided.", "Name a text file that exists."
        ) from None
