"""What an approval binds to, rebuilt from the case as it is now."""

from breach.current import current_of, facts_of
from breach.digest import digest_record
from breach.errors import NotApproved
from breach.store import CaseStore, get_record
from schemas.law import DutyList
from schemas.receipt import Receipt
from schemas.recipients import ListManifest
from schemas.sending import ApprovalBasis

FIRST = "notice"
"""The first message of a case; updates are named update-001 and so on."""


def pointer(chapter: str, message: str) -> str:
    """How current.json calls a chapter of a message."""
    return chapter if message == FIRST else f"{chapter}@{message}"


def current_basis(store: CaseStore, case_id: str, message: str, mailer: str) -> ApprovalBasis:
    """The basis of a message: facts revision, variants, list, rule pack, plan and mailer as they are now.

    mailer: digest of the mailer's settings; a letter under another sender is not the one that was approved.

    Raises NotApproved when a part is not there yet: nothing can have been approved then.
    """
    receipts = current_of(store).receipts

    def part(chapter: str) -> Receipt:
        found = receipts.get(chapter)
        if found is None:
            raise NotApproved(
                f"The chapter '{chapter}' of {case_id} is missing, so nothing can be approved.", "Nothing was sent."
            )
        return found

    return ApprovalBasis(
        case_id=case_id,
        message=message,
        facts_revision=facts_of(store).revision,
        variants=part(pointer("notices", message)).digest,
        recipients=get_record(store, part(pointer("recipients", message)).key, ListManifest).list_digest,
        rule_pack=get_record(store, part("duties").key, DutyList).rule_pack,
        plan=part(pointer("waves", message)).digest,
        mailer=mailer,
    )


def current_basis_digest(store: CaseStore, case_id: str, message: str, mailer: str) -> str:
    """Its digest, as gates and senders compare it."""
    return digest_record(current_basis(store, case_id, message, mailer))
