"""Preserve the exports, read the roster, find out who lost what."""

import os
from pathlib import Path
from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from breach.current import case_key, facts_of
from breach.digest import digest_file
from breach.errors import Conflict
from breach.evidence import preserve_evidence as take_evidence
from breach.exposure.assess import find_exposures as assess
from breach.exposure.roster import load_roster as read_roster
from breach.intake import inbox_path
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
    sources = _exports(desk)
    lead = facts_of(desk.store).incident.lead
    return do_chapter(
        desk,
        Chapter.PRESERVE,
        lambda work: take_evidence(work, sources, taken_by=lead, inbox=Path(desk.root.inbox)),
        extra={str(n): digest_file(source) for n, source in enumerate(sources)},
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


def _preserved(desk: Desk, evidence: Receipt) -> list[Path]:
    """The same files, still holding the bytes that were preserved. Raises Conflict when one has changed since."""
    sources = _exports(desk)
    kept = {item.digest for item in get_record(desk.store, evidence.key, EvidenceManifest).items}
    changed = sum(digest_file(source) not in kept for source in sources)
    if changed:
        raise Conflict(
            f"{changed} of {len(sources)} exports in the inbox are not the files that were preserved.",
            "The files preserved first are kept; nothing was sent.",
            "Start the case again: it preserves the new files first, and computes everything from them.",
        )
    return sources


def _exports(desk: Desk) -> list[Path]:
    """The roster first, then the content. Raises BadInput for a name that is missing or lies outside the inbox."""
    incident = facts_of(desk.store).incident
    inbox = Path(desk.root.inbox)
    return [inbox_path(inbox, name) for name in (incident.roster_export, *incident.content_exports)]
