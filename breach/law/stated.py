"""What a form states about law, as facts: the card of the first form, and the facts of it that change later."""

import re

from breach.errors import BadInput
from breach.written_time import NOTHING_RECORDED, read_time
from schemas.facts import FactName
from schemas.forms import ContractCard, LawCard
from schemas.incident import Answer
from schemas.law_facts import Contract, Hold, InternalTargets, LawFacts, Sector

OF_THE_LAW = frozenset({FactName.ATTACK, FactName.SMALL_AGENT, FactName.SECTORS, FactName.RULE_PACK})
"""Facts that are fields of IncidentFacts.law."""
YES_NO = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: None}


def law_of(card: LawCard) -> LawFacts:
    """The first form's card. Raises BadInput for a silence without an agency, and pydantic's error for bad values."""
    return LawFacts(
        attack=YES_NO[card.attack],
        small_agent=YES_NO[card.small_agent],
        sectors=tuple(dict.fromkeys(card.sectors)) if card.sectors or card.sectors_known else None,
        hold=_hold(card),
        contracts=tuple(contract_of(one) for one in card.contracts),
        targets=InternalTargets(
            lead_told_hours=card.lead_told_hours,
            severity_hours=card.severity_hours,
            decision_hours=card.decision_hours,
            asap_hours=card.asap_hours,
        ),
        stale_after_days=card.stale_after_days,
    )


def contract_of(card: ContractCard) -> Contract:
    """A promise, as a fact; no hours when the clause names none."""
    return Contract(rule_id=card.kind.rule_id, recipient=card.recipient, clause=card.clause, hours=card.hours or None)


def change_law(held: LawFacts, fact: FactName, value: str) -> LawFacts:
    """One of the law's own facts, read from text. Raises BadInput naming what may be written."""
    if fact is FactName.RULE_PACK:
        if not re.fullmatch("[0-9a-f]{12,64}", value):
            raise _unread(["the first 12 or more digits of its hash, as breach law check prints it"])
        return held.model_copy(update={"rule_pack": value})
    if fact is FactName.SECTORS:
        return held.model_copy(update={"sectors": _sectors(value)})
    try:
        return held.model_copy(update={fact.name.lower(): YES_NO[Answer(value)]})
    except ValueError:
        raise _unread([answer.value for answer in Answer]) from None


def _sectors(value: str) -> tuple[Sector, ...]:
    names = [part.strip().upper() for part in value.split(",") if part.strip()]
    if names == ["NONE"]:
        return ()
    if not names or any(name not in Sector.__members__ for name in names):
        raise _unread(["none", *(sector.name.lower() for sector in Sector)])
    return tuple(Sector[name] for name in names)


def _hold(card: LawCard) -> Hold | None:
    if bool(card.hold_since) != bool(card.hold_agency):
        raise BadInput(
            "Law enforcement's request for silence lacks its time or its agency.",
            "No case was opened and nothing was sent.",
            "Fill in both, or leave both empty; a request by word of mouth is no hold yet.",
        )
    return Hold(since=read_time(card.hold_since), agency=card.hold_agency) if card.hold_since else None


def _unread(known: list[str]) -> BadInput:
    return BadInput("The value of this fact cannot be read.", NOTHING_RECORDED, f"Write one of: {', '.join(known)}.")
