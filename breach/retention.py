"""Which objects of a case may be locked against deletion: only those that can never hold a member's data.

A lock in COMPLIANCE mode cannot be lifted by anybody before it ends. One row about a member under such a lock
could then not be erased when the law asks for it, so the list names what may be locked, and the rest may not.
"""

import re

NEVER_ABOUT_MEMBERS = ("chronology/", "dossier/", "law/", "steps/")
"""Areas that hold counts, digests and duties. Facts are not here: they hold free text. Nor is custody/, where files
keep the names that people gave them, a member's among them; nor provider/, where uploaded letters will lie."""
SINGLE_OBJECTS = re.compile(r"case\.json|waves/[^/]+/plan\.json|(?:notices|recipients)/[^/]+/manifest\.json")
"""Objects of the same kind in areas that hold members' rows otherwise."""
ROWS = ".parquet"
"""Tables are rows about people wherever they lie; one that strays into a listed area must stay erasable."""


def holds_no_member_data(key: str) -> bool:
    """Whether an object under this key (relative to its case) may be locked. False for every key not known here."""
    parts = key.split("/")
    if key.endswith(ROWS) or any(not part or part.startswith(".") for part in parts):
        return False
    return key.startswith(NEVER_ABOUT_MEMBERS) or SINGLE_OBJECTS.fullmatch(key) is not None
