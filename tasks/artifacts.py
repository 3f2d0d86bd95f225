"""What people see in the UI beside the runs: counts, tables and texts. Nobody's data."""

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from breach.notices.render import preview
from breach.store import get_record
from schemas.chronology import EntryKind
from schemas.containment import ContainmentResult
from schemas.notice import NoticeManifest
from schemas.receipt import Receipt
from schemas.recipients import Books, ListManifest
from tasks.desk import Desk
from tasks.quality import data_docs


def show_papers(desk: Desk, receipt: Receipt) -> None:
    """The first-hour papers, ready to copy, with what was ticked off."""
    folder = receipt.key.rsplit("/", 1)[0]
    ticked = [entry.text for entry in desk.entries() if entry.kind is EntryKind.SENT_BY_HAND]
    for key in desk.store.keys(f"{folder}/"):
        if key.endswith(".md") and (held := desk.store.get(key)):
            name = key.rsplit("/", 1)[-1].removesuffix(".md")
            create_markdown_artifact(
                key=f"{desk.ref.case_id}-{name}",
                markdown=held.data.decode(),
                description="To be copied and sent by hand; tick it off with tick-paper.",
            )
    if ticked:
        create_markdown_artifact(
            key=f"{desk.ref.case_id}-sent-by-hand",
            markdown="\n".join(f"- [x] {line}" for line in ticked),
            description="What was sent by hand.",
        )


def show_containment(desk: Desk, receipt: Receipt) -> None:
    """The checklist as it was planned, and what a stranger gets now."""
    folder = receipt.key.rsplit("/", 1)[0]
    checklist = desk.store.get(f"{folder}/checklist.md")
    result = get_record(desk.store, receipt.key, ContainmentResult)
    left = "\n".join(f"- not verified: {title}" for title in result.not_verified)
    states = ", ".join(f"{count} {state.value}" for state, count in result.states.items()) or "nothing to do"
    create_markdown_artifact(
        key=f"{desk.ref.case_id}-containment",
        markdown=f"**{result.platform}**: {states}; {result.verified} verified from outside.\n\n{left}\n\n"
        f"{checklist.data.decode() if checklist else ''}",
        description="What was closed, and how that was checked.",
    )


def show_recipients(desk: Desk, receipt: Receipt) -> None:
    """The list in numbers, and the checks it passed."""
    listed = get_record(desk.store, receipt.key, ListManifest)
    rows: list[dict[str, str | int]] = [
        {"what": "affected accounts", "count": listed.affected},
        {"what": "notices to write", "count": listed.recipients},
        {"what": "accounts they tell", "count": listed.members_covered},
        {"what": f"checks passed of {listed.expectations}", "count": listed.expectations},
    ]
    rows += [{"what": f"quarantined: {why.value}", "count": n} for why, n in listed.quarantined.items()]
    rows += [{"what": f"left out: {why.value}", "count": n} for why, n in listed.excluded.items()]
    rows += [{"what": f"variant {name}", "count": n} for name, n in sorted(listed.by_variant.items())]
    create_table_artifact(
        key=f"{desk.ref.case_id}-{receipt.chapter.value}",
        table=rows,
        description="Who will be told, who cannot be reached by mail, and why. Nobody vanishes. "
        f"The validator's own page is in the case: {desk.ref.case_id}/{data_docs(receipt.key.rpartition('/')[0])}",
    )


def show_notices(desk: Desk, receipt: Receipt) -> None:
    """Every variant in full, for an invented person."""
    notices = get_record(desk.store, receipt.key, NoticeManifest)
    texts = "\n\n".join(
        f"### {variant.name} ({variant.recipients} recipients)\n\n```text\n"
        f"{preview(desk.store, notices, variant.name)}\n```"
        for variant in notices.variants
    )
    create_markdown_artifact(
        key=f"{desk.ref.case_id}-{notices.message}-texts",
        markdown=texts or "Nobody can be told by e-mail, so no notice was written.",
        description="Every variant as one invented person would read it.",
    )


def show_waiting(desk: Desk, sentence: str | None) -> None:
    """What waits for a person in this case; None: nothing does."""
    create_markdown_artifact(
        key=f"{desk.ref.case_id}-waiting-for-you",
        markdown=sentence or "Nothing waits for you.",
        description="Waiting for you.",
    )


def show_books(desk: Desk, message: str, books: Books) -> None:
    """Promise 1 as a line anybody can add up."""
    create_markdown_artifact(
        key=f"{desk.ref.case_id}-{message}-books",
        markdown=f"**{books.affected} affected = {books.notified} notified + {books.unreachable} unreachable + "
        f"{books.excluded} left out + {books.pending} pending** ({books.in_doubt} of them in doubt)",
        description="The books must balance, always.",
    )
