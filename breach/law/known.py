"""Facts that name a rule or an element must name one that is held: a word nobody knows would count for nothing."""

from collections.abc import Iterator

from breach.errors import BadInput
from breach.law.catalog import Catalog
from breach.law.elements import LAW_ELEMENTS
from breach.law.expression import ATOMS
from breach.law.vocabulary import RuleStatus
from schemas.law_facts import LawFacts, TargetName


def check_names(law: LawFacts, catalog: Catalog, state: str = "No duty was decided; nothing was sent.") -> None:
    """Raises BadInput, saying the state of the case, for an element, a rule or a kind of contract that is not held."""
    for field, what, known in _unknown(law, catalog):
        raise BadInput(
            f"{field} names {what} that is not known.",
            state,
            f"Known are: {', '.join(known)}." if len(known) < 40 else "Look it up with breach law list.",
        )


def _unknown(law: LawFacts, catalog: Catalog) -> Iterator[tuple[str, str, list[str]]]:
    elements = [*LAW_ELEMENTS, *ATOMS]
    for n, one in enumerate(law.elements):
        if one.element not in elements:
            yield f"law.elements.{n}", "an element", elements
    yield from _of_told(law, catalog)
    for n, owner in enumerate(law.owners):
        if owner.rule_id is not None and owner.rule_id not in catalog.by_id:
            yield f"law.owners.{n}", "a rule", list(catalog.by_id)
    kinds = [rule.id for rule in catalog.rules if rule.status is RuleStatus.CONTRACT]
    for n, contract in enumerate(law.contracts):
        if contract.rule_id not in kinds:
            yield f"law.contracts.{n}", "a kind of contract", kinds


def _of_told(law: LawFacts, catalog: Catalog) -> Iterator[tuple[str, str, list[str]]]:
    recipients = sorted({one.recipient for one in law.contracts})
    for n, told in enumerate(law.told):
        if told.rule_id not in catalog.by_id and told.rule_id not in set(TargetName):
            yield f"law.told.{n}", "a rule", list(catalog.by_id)
        if told.recipient and told.recipient not in recipients:
            yield f"law.told.{n}", "a contract's recipient", recipients
