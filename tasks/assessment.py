"""Preserve the exports, read the roster, find out who lost what."""

import os
from pathlib import Path
from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from breach.current import case_key, current_of, facts_of
from breach.digest import digest_file
from breach.errors import Conflict
from breach.evidence import preserve_evidence as take_evidence
from breach.exposure.assess import find_exposures as assess
from breach.exposure.roster import load_roster as read_roster
from breach.intake import inbox_path, inside_inbox
from breach.steps import Work
from breach.store import get_record
from schemas.evidence import EvidenceManifest
from schemas.incident import CaseRef
from schemas.receipt import Chapter, Receipt
from tasks import artifacts
from tasks.chapter import do_chapter, step
from tasks.desk import Desk, open_acting


@step("preserve-evidence")
def preserve_evidence(ref: CaseRef) -> Receipt:
    """Take the named exports into the case, with digests and custody entries."""
    desk = open_acting(ref)
    incident = facts_of(desk.store).incident
    inbox = Path(desk.root.inbox)
    names = _names(desk)
    kept = _kept(desk)
    sources = [inside_inbox(inbox, name) for name in names]
    digests = [
        kept[name] if name in kept and not source.exists() else digest_file(inbox_path(inbox, name))
        for name, source in zip(names, sources, strict=True)
    ]
    return do_chapter(
        desk,
        Chapter.PRESERVE,
        lambda work: take_evidence(work, sources, taken_by=incident.lead, inbox=inbox.resolve()),
        extra={str(n): digest for n, digest in enumerate(digests)},
    )


@step("load-roster")
def load_roster(ref: CaseRef, evidence: Receipt) -> Receipt:
    """Read the member list: who there is, where they live as far as evidence goes."""
    desk = open_acting(ref)
    source = _preserved(desk, evidence)[0]
    return do_chapter(desk, Chapter.ROSTER, lambda work: read_roster(work, source), upstream={"evidence": evidence})


@step("find-exposures")
def find_exposures(ref: CaseRef, evidence: Receipt, roster: Receipt) -> Receipt:
    """Scan what was reached, merge by member, count by data type and jurisdiction."""
    desk = open_acting(ref)
    sources = _preserved(desk, evidence)[1:]
    key = case_key(desk.store)
    progress = cast(UUID, create_progress_artifact(0.0, key=f"{ref.case_id}-scan", description="Exports scanned."))

    def scan(work: Work) -> Receipt:
        return assess(work, roster, sources, key, workers=os.cpu_count() or 1, on_progress=show)

    def show(done: int, total: int) -> None:
        update_progress_artifact(progress, progress=100.0 * done / max(total, 1))

    receipt = do_chapter(desk, Chapter.EXPOSURES, scan, upstream={"evidence": evidence, "roster": roster})
    show(1, 1)
    artifacts.show_exposures(desk, receipt)
    return receipt


def _kept(desk: Desk) -> dict[str, str]:
    """Name in the inbox -> digest of what is preserved under it now. A tidied inbox is no reason to stop."""
    receipt = current_of(desk.store).receipts.get(Chapter.PRESERVE.value)
    items = get_record(desk.store, receipt.key, EvidenceManifest).items if receipt else ()
    return {name: item.digest for item in items for name in item.names}


def _preserved(desk: Desk, evidence: Receipt) -> list[Path]:
    """The preserved files, the roster first; never what lies in the inbox by now. Raises Conflict for one not kept."""
    items = get_record(desk.store, evidence.key, EvidenceManifest).items
    digests = {name: item.digest for item in items for name in item.names}
    names = _names(desk)
    missing = sum(name not in digests for name in names)
    if missing:
        raise Conflict(
            f"{missing} exports that the facts name have not been preserved.",
            "Nothing was sent.",
            "Start the case again: it preserves them first.",
        )
    folder = desk.root.store().local(desk.ref.case_id)
    return [folder / "evidence" / digests[name] for name in names]


def _names(desk: Desk) -> list[str]:
    """The exports as custody entries call them: relative to the inbox, however they were typed."""
    incident = facts_of(desk.store).incident
    inbox = Path(desk.root.inbox)
    named = (inside_inbox(inbox, name) for name in (incident.roster_export, *incident.content_exports))
    return [path.relative_to(inbox.resolve()).as_posix() for path in named]
