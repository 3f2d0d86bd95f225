"""Evidence: the export files as they were, taken into the case once, with a custody entry for every mention."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from breach.digest import digest_bytes
from breach.errors import BadInput, Conflict, StoreBusy, Tampered
from breach.steps import Work
from breach.store import get_record, put_record, put_same
from schemas.base import canonical_json
from schemas.evidence import Custody, CustodyEvent, EvidenceItem, EvidenceManifest
from schemas.receipt import Chapter, Receipt

LARGEST = 2 * 1024**3
"""Bytes. A file is read in one pass into memory, so that digest and copy are of the same bytes."""
ATTEMPTS = 100
"""Custody numbers taken by another writer before this one gives up."""


def preserve_evidence(work: Work, sources: Sequence[Path], taken_by: str, names: Sequence[str]) -> Receipt:
    """Copy the named files to evidence/<sha256>, and write custody/NNNN.json for each mention.

    sources: files in the order of the facts; the same file twice is one item with two mentions.
    taken_by: a staff id, or the name of the flow. names: what the record calls each of them.
    Receipt counts: files (distinct), bytes (of the distinct files). Main object: evidence/<rev>.json.
    Raises BadInput for a file that is missing, unreadable or larger than 2 GiB; Tampered when the case
    holds other bytes under a digest.
    """
    known = list(_custody(work))
    items: dict[str, EvidenceItem] = {}
    for mention, (source, name) in enumerate(zip(sources, names, strict=True), start=1):
        data = _read(source, mention)
        digest = digest_bytes(data)
        _keep(work, digest, data)
        draft = Custody(
            n=1,
            revision=work.revision,
            mention=mention,
            event=CustodyEvent.TAKEN,
            digest=digest,
            size=len(data),
            name=name,
            taken_by=taken_by,
            at=work.facts.recorded_at,
        )
        entry = _record(work, known, draft)
        held = items.get(digest)
        items[digest] = EvidenceItem(
            digest=digest,
            size=len(data),
            names=((*held.names, name) if held else (name,)),
            custody=((*held.custody, entry.n) if held else (entry.n,)),
        )
    key = f"evidence/{work.revision}.json"
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.PRESERVE,
        revision=work.revision,
        key=key,
        digest=put_record(work.store, key, EvidenceManifest(items=tuple(items.values()))),
        counts={"files": len(items), "bytes": sum(item.size for item in items.values())},
    )


def _read(source: Path, mention: int) -> bytes:
    """The file's bytes. Errors name it by its place in the list, not by its name: a name can hold anything."""
    state = "What was taken before is kept; nothing was sent."
    try:
        if not source.is_file():
            raise BadInput(
                f"Export file {mention} of the facts is not there, or is not a file.",
                state,
                "Put it in the inbox, or correct its name with record-fact, and run the case again.",
            )
        if source.stat().st_size > LARGEST:
            raise BadInput(
                f"Export file {mention} of the facts is larger than 2 GiB.",
                state,
                "Split the export, by channel or by year, and name the parts.",
            )
        return source.read_bytes()
    except OSError as error:
        raise BadInput(
            f"Export file {mention} of the facts cannot be read ({error.strerror}).",
            state,
            "Make it readable for the worker's account and run the case again.",
        ) from None


def _keep(work: Work, digest: str, data: bytes) -> None:
    try:
        put_same(work.store, f"evidence/{digest}", data)
    except Conflict:
        raise Tampered(
            f"The case holds other bytes under evidence/{digest[:12]}….",
            "They were left as they are.",
            "Compare with the custody entries: somebody changed the evidence after it was taken.",
        ) from None


def _custody(work: Work) -> Iterator[Custody]:
    for key in work.store.keys("custody/"):
        yield get_record(work.store, key, Custody)


def _record(work: Work, known: list[Custody], mention: Custody) -> Custody:
    """The custody entry of this mention: the one a killed run left, or a new one under the next free number."""
    for held in known:
        if (held.revision, held.mention) == (mention.revision, mention.mention):
            if held.digest != mention.digest:
                raise Tampered(
                    f"Export file {mention.mention} changed while it was being taken.",
                    f"Custody entry {held.n} names what was taken first; both versions are kept.",
                    "Record the new file as a new fact, and run the case again.",
                )
            return held
    seen = any(held.digest == mention.digest for held in known)
    event = CustodyEvent.FOUND_SAME if seen else CustodyEvent.TAKEN
    for n in range(len(known) + 1, len(known) + 1 + ATTEMPTS):
        entry = mention.model_copy(update={"n": n, "event": event})
        try:
            work.store.put_new(f"custody/{n:04d}.json", canonical_json(entry))
        except Conflict:
            continue
        known.append(entry)
        return entry
    raise StoreBusy("The custody record moved on while an entry was to be written.", "The evidence is kept.")
