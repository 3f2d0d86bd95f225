"""Preserve the exports, read the roster, find out who lost what."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast
from uuid import UUID

import pyarrow as pa
from prefect.artifacts import create_progress_artifact, update_progress_artifact

from breach.current import case_key, current_of, facts_of
from breach.errors import Conflict
from breach.evidence import preserve_evidence as take_evidence
from breach.exposure.assess import find_exposures as assess
from breach.exposure.changes import CHANGES, compare_exposures
from breach.exposure.id_list import IdList
from breach.exposure.ip_country import IpCountries
from breach.exposure.roster import load_roster as read_roster
from breach.exposure.scope import IdLists
from breach.steps import Work
from breach.store import get_record
from schemas.base import canonical_json
from schemas.evidence import EvidenceManifest
from schemas.expectations import Expectation, Validation
from schemas.incident import CaseRef, Narrowing
from schemas.receipt import Chapter, Receipt
from tasks.chapter import do_chapter, step
from tasks.desk import Desk, open_acting
from tasks.exposure_artifacts import show_exposures
from tasks.inbox import as_files, below, exports_of, files_of, names_of, said_name
from tasks.quality import data_docs, validate_table
from tasks.roster_artifacts import show_roster

IP_COUNTRIES = "BREACH_IP_COUNTRIES"
"""Names a country database in the MaxMind DB format on the worker's machine; unset: IP addresses are no evidence."""


@step("preserve-evidence")
def preserve_evidence(ref: CaseRef) -> Receipt:
    """Take the named exports into the case, with digests and custody entries."""
    desk = open_acting(ref)
    incident = facts_of(desk.store).incident
    kept = _kept(desk)
    names = files_of(desk, names_of(desk, incident), kept)
    with exports_of(desk, names, kept) as exports:

        def take(work: Work) -> Receipt:
            with as_files(desk, exports, kept) as files:
                return take_evidence(work, files, taken_by=incident.lead, names=names)

        versions = {str(n): exports.digests[name] for n, name in enumerate(names)}
        return do_chapter(desk, Chapter.PRESERVE, take, extra=versions)


@step("load-roster")
def load_roster(ref: CaseRef, evidence: Receipt) -> Receipt:
    """Read the member list: who there is, where they live as far as evidence goes."""
    desk = open_acting(ref)
    (key,) = _preserved(desk, evidence, [facts_of(desk.store).incident.roster_export])
    named = os.environ.get(IP_COUNTRIES)
    countries = IpCountries(Path(named)) if named else None

    def read(work: Work) -> Receipt:
        with desk.root.store().files(desk.ref.case_id, [key]) as folder:
            return read_roster(work, folder / key, countries, validate=validate_roster)

    receipt = do_chapter(
        desk,
        Chapter.ROSTER,
        read,
        upstream={"evidence": evidence},
        extra={"ip_countries": countries.digest} if countries else None,
    )
    show_roster(desk, receipt)
    return receipt


def validate_roster(work: Work, table: pa.Table, suite: tuple[Expectation, ...]) -> Validation:
    """The member list against its contract; the validator's own page about it is kept beside the result."""
    validation, page = validate_table(table, suite)
    with suppress(Conflict):  # the page names the moment it was made: a run after a kill keeps the first one
        work.store.put_new(data_docs(f"roster/{work.revision}"), page)
    return validation


@step("find-exposures")
def find_exposures(ref: CaseRef, evidence: Receipt, roster: Receipt) -> Receipt:
    """Scan what was reached, merge by member, count by data type and jurisdiction."""
    desk = open_acting(ref)
    incident = facts_of(desk.store).incident
    exports = _preserved(desk, evidence, incident.content_exports)
    listed = _id_lists(desk, evidence, incident.narrowing)
    key = case_key(desk.store)
    before = current_of(desk.store).receipts.get(Chapter.EXPOSURES.value)
    progress = cast(UUID, create_progress_artifact(0.0, key=f"{ref.case_id}-scan", description="Exports scanned."))

    def scan(work: Work) -> Receipt:
        with desk.root.store().files(desk.ref.case_id, [*exports, *listed.values()]) as folder:
            sources = [folder / export for export in exports]
            lists = IdLists(**{kind: IdList(folder / name) for kind, name in listed.items()})
            found = assess(work, roster, sources, key, workers=os.cpu_count() or 1, lists=lists, on_progress=show)
        if before is not None and before.revision != found.revision:
            # What it is compared with may have moved when a killed run is done again: the first comparison stays.
            with suppress(Conflict):
                changes = compare_exposures(work.store, before, found)
                work.store.put_new(f"exposure/{work.revision}/{CHANGES}", canonical_json(changes))
        return found

    def show(done: int, total: int) -> None:
        update_progress_artifact(progress, progress=100.0 * done / max(total, 1))

    receipt = do_chapter(desk, Chapter.EXPOSURES, scan, upstream={"evidence": evidence, "roster": roster})
    show(1, 1)
    show_exposures(desk, receipt)
    return receipt


def _kept(desk: Desk) -> dict[str, str]:
    """Name in the inbox -> digest of what is preserved under it now. A tidied inbox is no reason to stop."""
    receipt = current_of(desk.store).receipts.get(Chapter.PRESERVE.value)
    items = get_record(desk.store, receipt.key, EvidenceManifest).items if receipt else ()
    return {name: item.digest for item in items for name in item.names}


def _id_lists(desk: Desk, evidence: Receipt, narrowing: Narrowing) -> dict[str, str]:
    """Kind of ids -> key of the preserved list."""
    named = {
        "messages": narrowing.message_ids,
        "members": narrowing.member_ids,
        "attachments": narrowing.attachment_ids,
    }
    return {kind: _preserved(desk, evidence, [name])[0] for kind, name in named.items() if name}


def _preserved(desk: Desk, evidence: Receipt, wanted: Sequence[str]) -> list[str]:
    """Keys of the preserved files, in order; never what lies in the inbox now. Raises Conflict if not kept."""
    items = get_record(desk.store, evidence.key, EvidenceManifest).items
    digests = {name: item.digest for item in items for name in item.names}
    named = [said_name(desk, name) for name in wanted]  # whatever has become of the bucket since
    names = [one for name in named for one in below(name, digests)]
    missing = sum(name not in digests for name in names) + sum(not below(name, digests) for name in named)
    if missing:
        raise Conflict(
            f"{missing} exports that the facts name have not been preserved.",
            "Nothing was sent.",
            "Start the case again: it preserves them first.",
        )
    return [f"evidence/{digests[name]}" for name in names]
