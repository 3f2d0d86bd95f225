"""Forms for what law asks later: findings, elements, notices given, holds, contracts, owners."""

from typing import Annotated

from pydantic import Field

from schemas.base import StaffId
from schemas.forms import NO_ADDRESSES, TIME_OR_EMPTY, ContractCard, FormTime, ask
from schemas.incident import Line
from schemas.law_facts import Protection, RiskTest
from schemas.law_form import PROOF, RULE, DigestOrNone, LawForm, PlaceOrAll, RuleOrAll, Sentence, YesNo


class RiskForm(LawForm):
    """One law's own risk test, answered in a sentence. 'No' counts only when counsel agreed."""

    test: RiskTest = ask(5, "Which test", "As the duties name it. Each law has its own.")
    met: YesNo = ask(6, "Is it met?", "Article 33 and 34 GDPR: a 'no' is concluded with conclude-risk.")
    sentence: Sentence = ask(7, "Why", f"A sentence that a lawyer can check. {NO_ADDRESSES}")
    counsel_agreed: bool = ask(8, "Counsel has agreed", "Off, until they have.", default=False)


class ElementForm(LawForm):
    """Something leaked that the exports cannot show: passwords, numbers, records of health."""

    element: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,40}$")] = ask(
        5, "What leaked", "As docs/add-a-law.md names elements, such as password or health."
    )
    place: PlaceOrAll = ask(6, "Of people in", "Such as US-CA. Empty: anywhere.", default="")
    persons: int = ask(7, "Of how many people", "-1: nobody knows; up to everybody.", ge=-1, default=-1)
    protection: Protection = ask(8, "How it lay there", "Never a plain yes or no.")


class ToldForm(LawForm):
    """A notice was given under a rule, or a target of your own is met."""

    rule: Annotated[str, Field(pattern=RULE)] = ask(
        5, "Under which rule", "As the duties table names it, such as EU-GDPR-33-1. Targets begin with TARGET-."
    )
    place: PlaceOrAll = ask(
        6, "Only for", "Such as FR, when the rule asks several authorities. Empty: all.", default=""
    )
    at: FormTime = ask(7, "When", "Date, time and zone. Not later than now.")
    late_reason: Line = ask(8, "Reason for the delay", "Required when its time was over. It is filed, too.", default="")
    proof: DigestOrNone = ask(9, "Proof", PROOF, default="")
    recipient: Line = ask(
        10, "Under the contract with", "As it was recorded, when there are several of one kind. Else empty.", default=""
    )


class HoldForm(LawForm):
    """Law enforcement has asked for silence, in writing."""

    since: FormTime = ask(5, "Since", "Date, time and zone.")
    until: Annotated[str, Field(pattern=TIME_OR_EMPTY)] = ask(6, "Until", "Empty: it still stands.", default="")
    agency: Line = ask(7, "Who asked", f"The agency. {NO_ADDRESSES}", min_length=3)


class ContractForm(LawForm):
    """A contract or a policy that promises notice."""

    contract: ContractCard = ask(5, "The contract", "")


class OwnerForm(LawForm):
    """Who sees to a duty, and gets its alerts."""

    rule: RuleOrAll = ask(
        5, "Which rule", "As the duties table names it. Empty: every duty without an owner.", default=""
    )
    owner: StaffId = ask(6, "Owner", "Short name. Addresses stand in a file on the worker's machine, never here.")
