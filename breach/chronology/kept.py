"""Whether a case's store and a ledger belong together: each has seen how far the chronology went."""

from breach.chronology import chain
from breach.errors import Conflict
from breach.ledger import Ledger
from breach.store import CaseStore

UNSEEN = 8
"""Entries that a ledger may not have seen: one for each run killed between writing an entry and its head."""


def refuse_strangers(store: CaseStore, ledger: Ledger, case_id: str) -> None:
    """Refuse to go on with a store or a ledger that is not the case's own.

    With a new, empty ledger everybody would be told again, and its books would balance. Raises Conflict.
    """
    seen = ledger.heads.chronology_head(case_id)  # first: an entry is in the store before its head is in the ledger
    known, held = seen.n if seen else 0, chain.head(store)[0]
    if known <= held <= known + UNSEEN:
        return
    raise Conflict(
        f"The chronology of {case_id} has {held} entries, and this ledger has seen {known} of them.",
        "Nothing was changed and nothing was sent.",
        "The store and the ledger are not of one case: walls.toml or a block points elsewhere than before, or a backup "
        "was put back. Point them back; a new incident needs a new name.",
    )
