"""What people see of law in the UI: duties with countdowns, our own targets, the difference, the severity."""

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from breach.current import facts_of
from breach.law.alarms import owner_of
from breach.law.changes import say_changes
from breach.law.clock import zone_of
from breach.law.counsel import open_questions
from breach.law.table import Reading, duties_table, targets_table
from breach.law.words import plain, say_time
from breach.store import get_record
from schemas.law import DutyChanges, DutyList
from schemas.receipt import Receipt
from schemas.severity import SeverityRecord
from tasks.desk import Desk


def show_duties(desk: Desk, receipt: Receipt) -> None:
    """Every duty with its clock, both ends, reason and citation; our own targets apart from them."""
    duties = get_record(desk.store, receipt.key, DutyList)
    incident = facts_of(desk.store).incident
    zone = zone_of(incident.organisation)
    now = desk.now()
    reading = Reading(now, zone, lambda rule: owner_of(rule, incident), open_questions(desk.store))
    platform = say_time(duties.platform_aware_at, zone) if duties.platform_aware_at else "not known"
    aloud = [*duties.challenges, *(f"{one.facts} {one.next_step}" for one in duties.contradictions)]
    create_table_artifact(
        key=f"{desk.ref.case_id}-duties",
        table=duties_table(duties, reading),
        description=f"What law and promises ask for, most urgent first; time left as of {say_time(now, zone)}. "
        f"We became aware {say_time(duties.aware_at, zone)}; the platform knew: {platform}. Not legal advice. "
        + " ".join(plain(line) for line in aloud),
    )
    create_table_artifact(
        key=f"{desk.ref.case_id}-targets",
        table=targets_table(duties, reading),
        description="What you ask of yourselves. None of it is law.",
    )


def show_changes(desk: Desk, changes: DutyChanges) -> None:
    """What the newest facts changed, line by line; nothing falls away in silence."""
    lines = "\n".join(f"- {plain(line)}" for line in say_changes(changes))
    create_markdown_artifact(
        key=f"{desk.ref.case_id}-duties-changed",
        markdown=lines or "The facts changed; no duty did.",
        description=f"From {changes.before} to {changes.after}, by facts revision {changes.facts_revision}.",
    )


def show_severity(desk: Desk, receipt: Receipt) -> None:
    """Every factor as it went in, what else could have been chosen, and who says so."""
    record = get_record(desk.store, receipt.key, SeverityRecord)
    rows = "\n".join(
        f"| {plain(one.name)} | {one.lowest} | {one.highest} | {plain(one.reason)} | "
        f"{plain('; '.join(one.alternatives))} |"
        for one in record.factors
    )
    said = "\n".join(f"- {plain(line)}" for line in (*record.flags, *record.judged))
    create_markdown_artifact(
        key=f"{desk.ref.case_id}-severity",
        markdown=f"**{record.level}** (computed: {record.lowest} to {record.highest}, {record.level_if_lowest} to "
        f"{record.computed}; method {record.method})\n\n| factor | lowest | highest | why | could have been |\n"
        f"|---|---|---|---|---|\n{rows}\n\n{said}\n\nThe number decides no duty: each law has its own test.",
        description="Severity for people, with every factor. Adjust it with adjust-severity.",
    )
