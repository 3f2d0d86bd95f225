"""Which of ENISA's classes of data leaked types hit: a proposal that a person adjusts by context."""

from collections import defaultdict
from collections.abc import Collection

from breach.exposure.taxonomy import Context, most_sensitive_first, taxonomy
from breach.law.severity import BASE, DataClass, DataHit
from schemas.exposure import DataType


def data_hits(kinds: Collection[DataType]) -> tuple[DataHit, ...]:
    """One hit for each class, the gravest first, each with the types that belong to it as its reason.

    Logins have no class of their own: they are scored as
    the gravest of the rest, because that is the least that they open.
    """
    grouped = defaultdict(list)
    logins = []
    for kind in most_sensitive_first(frozenset(kinds)):
        context = taxonomy()[kind].enisa
        if context is Context.LOGIN:
            logins.append(kind.value)
        else:
            grouped[DataClass[context.name]].append(kind.value)
    found = sorted(grouped, key=lambda one: -BASE[one]) or [DataClass.SIMPLE] * bool(logins)
    hits = [DataHit(kind=one, reason=f"leaked: {', '.join(grouped[one]) or 'logins alone'}") for one in found]
    if logins:
        opened = f"{hits[0].reason}; {', '.join(logins)}: a login is as grave as what it opens, which may be more"
        hits[0] = hits[0].model_copy(update={"reason": opened[:600]})
    return tuple(hits)
