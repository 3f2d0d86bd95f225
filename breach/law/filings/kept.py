"""What the case holds of its reports: statements, every draft of every revision, and what was filed."""

from breach.digest import digest_bytes, digest_record
from breach.errors import Conflict, StoreBusy, Tampered
from breach.store import CaseStore, get_record
from schemas.base import canonical_json
from schemas.filing import Filed, Filing, FilingBasis, FilingDraft, FilingManifest, Statement

DRAFTS = "law/filings/"
STATED = "law/filings/stated/"
FILED = "law/filings/filed/"
POINTER = "filings"
"""How current.json calls the manifest of the newest drafts."""
GATE_PREFIX = "filing-"
"""A report's name at its gate: filing-eu-gdpr-33-1."""
TRIES = 50


def statements_of(store: CaseStore, filing: str) -> tuple[Statement, ...]:
    """What people have stated for one report, oldest first."""
    return tuple(get_record(store, key, Statement) for key in store.keys(f"{STATED}{filing}/"))


def add_statement(store: CaseStore, stated: Statement) -> Statement:
    """Write the next statement; a run that is replayed finds its own. Raises StoreBusy after losing many races."""
    for _ in range(TRIES):
        held = statements_of(store, stated.filing)
        mine = next((one for one in held if one.run_id == stated.run_id), None)
        if mine is not None:
            return mine
        new = stated.model_copy(update={"n": len(held) + 1})
        try:
            store.put_new(f"{STATED}{stated.filing}/{new.n:04d}.json", canonical_json(new))
        except Conflict:
            continue
        return new
    raise StoreBusy("Statements for a report are being written by somebody else without pause.", "Nothing was filed.")


def filed_of(store: CaseStore, filing: str = "") -> tuple[Filed, ...]:
    """What was filed: of one report, or of all; oldest first within each."""
    prefix = f"{FILED}{filing}/" if filing else FILED
    return tuple(get_record(store, key, Filed) for key in store.keys(prefix))


def manifests(store: CaseStore) -> tuple[FilingManifest, ...]:
    """Every revision of the drafts, in the order of the facts they were written from."""
    keys = (key for key in store.keys(DRAFTS) if key.endswith("/manifest.json"))
    found = [get_record(store, key, FilingManifest) for key in keys]
    return tuple(sorted(found, key=lambda one: one.facts_revision))


def read_filing(store: CaseStore, key: str, digest: str = "") -> Filing:
    """A draft. Raises Conflict when it is missing, Tampered when it is not the one the digest names."""
    found = get_record(store, key, Filing)
    if digest and digest_record(found) != digest:
        raise Tampered(f"{key} is not what its manifest says.", "Nothing was filed.", "Compare it with the chronology.")
    return found


def read_text(store: CaseStore, draft: FilingDraft) -> str:
    """A draft's exact text. Raises Tampered when its bytes are not the frozen ones."""
    held = store.get(draft.text_key)
    if held is None or digest_bytes(held.data) != draft.text:
        raise Tampered(
            f"{draft.text_key} is missing, or not what its manifest says.",
            "Nothing was approved or filed.",
            "Compare it with the chronology: somebody changed a draft after it was written.",
        )
    return held.data.decode()


def basis_of(case_id: str, manifest: FilingManifest, draft: FilingDraft) -> str:
    """What an approval of this draft binds to: its exact text, the facts revision, the rules."""
    return digest_record(
        FilingBasis(
            case_id=case_id,
            filing=draft.filing,
            facts_revision=manifest.facts_revision,
            rule_pack=manifest.rule_pack,
            text=draft.text,
        )
    )


def drafts_of(store: CaseStore, case_id: str, filing: str) -> dict[str, tuple[FilingManifest, FilingDraft]]:
    """Basis -> the draft it stands for: every draft of one report that was ever written."""
    return {
        basis_of(case_id, manifest, draft): (manifest, draft)
        for manifest in manifests(store)
        for draft in manifest.drafts
        if draft.filing == filing
    }
