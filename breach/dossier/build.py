"""Building the dossier: records, page, verifier, and last of all the manifest that seals them."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from breach.digest import digest_bytes, digest_record
from breach.dossier.history import clean_history
from breach.dossier.page import Volume, render_page
from breach.dossier.records import write_records
from breach.errors import BadInput
from breach.store import CaseStore, put_same
from schemas.base import canonical_json
from schemas.chronology import GENESIS
from schemas.dossier import ChainHead, DossierManifest, DossierSources, FileSeal
from schemas.incident import Case
from schemas.receipt import Chapter, Receipt

VERIFIER = Path(__file__).with_name("verify.py")


def build_dossier(store: CaseStore, case: Case, sources: DossierSources, as_of: datetime, number: int) -> Receipt:
    """Write dossier/NNNN/ and return its receipt; the same arguments write the same bytes, also after a kill.

    as_of: the moment the sources were read, with its zone. number: from next_number; a number whose files would
    change is refused. The receipt's main object is manifest.json, and its digest is the digest of the dossier.
    Counts: files, bytes, entries. A chronology that does not hold is written as it is, and the page says so.
    Raises BadInput for an as_of without a zone; Conflict when the number was used for another dossier.
    """
    if as_of.tzinfo is None:
        raise BadInput("The dossier's time has no zone.", "Nothing was written.", "Give the time with its zone.")
    history = clean_history(sources.runs)
    volume = Volume(case, sources, history, _head(sources), as_of, number)
    files = {**write_records(case, sources, history), "verify.py": VERIFIER.read_bytes()}
    files["index.html"] = render_page(volume, _seals(files))
    manifest = DossierManifest(
        case_id=case.case_id,
        mode=case.mode,
        number=number,
        as_of=as_of,
        chronology=volume.head,
        files=_seals(files),
    )
    folder = f"dossier/{number:04d}"
    for path, data in files.items():
        put_same(store, f"{folder}/{path}", data)
    digest = put_same(store, f"{folder}/manifest.json", canonical_json(manifest))
    return Receipt(
        case_id=case.case_id,
        chapter=Chapter.DOSSIER,
        revision=digest[:12],
        key=f"{folder}/manifest.json",
        digest=digest,
        counts={
            "files": len(files) + 1,
            "bytes": sum(seal.size for seal in manifest.files),
            "entries": volume.head.n,
        },
    )


def next_number(store: CaseStore) -> int:
    """The first number above every one that was begun, finished or not."""
    begun = {key.split("/")[1] for key in store.keys("dossier/")}
    return max((int(name) for name in begun if name.isascii() and name.isdigit()), default=0) + 1


def _head(sources: DossierSources) -> ChainHead:
    if not sources.chronology:
        return ChainHead(n=0, digest=GENESIS)
    return ChainHead(n=len(sources.chronology), digest=digest_record(sources.chronology[-1]))


def _seals(files: Mapping[str, bytes]) -> tuple[FileSeal, ...]:
    return tuple(FileSeal(path=path, size=len(data), sha256=digest_bytes(data)) for path, data in sorted(files.items()))
