"""Facts, exposure and rules in; for every rule one answer with its reason out. Nothing is left out in silence."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from breach.law.apply import Court, answer, dated
from breach.law.awareness import challenges
from breach.law.catalog import Catalog
from breach.law.clock import check_times, zone_of
from breach.law.contradictions import find_contradictions
from breach.law.known import check_names
from breach.law.reach import Spread, find_targets, spread_people, under_contract
from breach.law.rule import Rule
from breach.law.targets import targets_of
from breach.law.trigger import Bench, holder_of, not_in_force, not_ours
from breach.law.verdict import Judgement
from breach.law.vocabulary import Link, RecipientKind, RuleStatus
from breach.law.words import place_name
from schemas.exposure import UNKNOWN_JURISDICTION, ExposureSummary
from schemas.incident import Facts, Role
from schemas.law import Duty, DutyList, DutyStatus

FILINGS = {RecipientKind.AUTHORITY, RecipientKind.INDIVIDUAL}


def decide(facts: Facts, exposure: ExposureSummary, catalog: Catalog, stale_after_days: int | None = None) -> DutyList:
    """Every rule's answer, "ask counsel" for each jurisdiction no rule speaks for, and every promise.

    stale_after_days: None takes what the facts say.
    """
    check_times(facts)
    check_names(facts.incident.law, catalog)
    zone = zone_of(facts.incident.organisation)
    spread = spread_people(exposure, facts.incident.law)
    days = stale_after_days or facts.incident.law.stale_after_days
    bench = Bench(facts, catalog, facts.recorded_at.astimezone(zone).date(), days)
    court = Court(bench, spread, zone)
    return DutyList(
        rule_pack=catalog.pack_hash,
        rule_pack_version=catalog.version,
        decided_at=facts.recorded_at,
        aware_at=facts.incident.aware_at,
        platform_aware_at=facts.incident.platform_aware_at,
        duties=(
            *(duty for rule in catalog.rules for duty in _apply(rule, court)),
            *_no_rule(facts, spread, catalog, zone),
            *_promises(facts),
        ),
        targets=targets_of(facts),
        challenges=challenges(facts),
        contradictions=find_contradictions(facts),
    )


def _aware_day(facts: Facts, zone: ZoneInfo) -> date:
    return facts.incident.aware_at.astimezone(zone).date()


def _apply(rule: Rule, court: Court) -> Iterator[Duty]:
    facts, spread = court.bench.facts, court.spread
    organisation = facts.incident.organisation
    why_not = not_in_force(rule, _aware_day(facts, court.zone)) or not_ours(rule, organisation.role)
    if not why_not and rule.status is RuleStatus.CONTRACT:
        yield from _contracts(rule, court)
        return
    targets = why_not or find_targets(rule, spread, organisation.established_in, court.bench.catalog)
    if isinstance(targets, str):
        place = "contract" if rule.status is RuleStatus.CONTRACT else rule.reach.place
        yield answer(rule, place, place, Judgement(DutyStatus.DOES_NOT_APPLY, targets, None), court)
        return
    for target in targets:
        named = organisation.established_in if target.established else target.jurisdiction
        yield dated(rule, target, named, court)


def _contracts(rule: Rule, court: Court) -> Iterator[Duty]:
    targets = under_contract(court.bench.facts.incident.law, rule, court.spread)
    for target in targets:
        yield dated(rule, target, "contract", court)
    if not targets:
        none = f"{rule.trigger.words} It becomes due if you have such a contract: record its clause and its clock."
        everybody = court.spread.everyone.total
        yield answer(rule, "contract", "contract", Judgement(DutyStatus.MAY_BECOME_DUE, none, everybody), court)


def _no_rule(facts: Facts, spread: Spread, catalog: Catalog, zone: ZoneInfo) -> Iterator[Duty]:
    """One question for counsel per jurisdiction that no rule in force speaks for, and one for people from nowhere."""
    day = _aware_day(facts, zone)
    ours = holder_of(facts.incident.organisation.role)
    spoken = {
        (link, rule.reach.place)
        for rule in catalog.rules
        if ours in rule.duty_holder and not not_in_force(rule, day) and _speaks_for_everybody(rule)
        for link in rule.reach.by
    }

    def spoken_for(place: str, link: Link) -> bool:
        return any(asked is link and catalog.includes(reached, place) for asked, reached in spoken)

    home = facts.incident.organisation.established_in
    for place, people in spread.by_place.items():
        if not spoken_for(place, Link.RESIDENTS) and place != home:
            yield _ask(place, people.total, f"{people.total} affected people live in {place_name(place)}.")
    if not spoken_for(home, Link.ESTABLISHMENT) and not spoken_for(home, Link.RESIDENTS):
        there = spread.by_place.get(home)
        yield _ask(home, there.total if there else 0, f"You are established in {place_name(home)}.")
    if spread.unplaced:
        counted = f"{spread.nowhere.total} affected members have no known country, and {spread.unmatched} authors of "
        yield _ask(UNKNOWN_JURISDICTION, spread.unplaced, f"{counted}exposed content are not in the member list.")


def _speaks_for_everybody(rule: Rule) -> bool:
    """Whether the rule is an answer of its own for a place: not a sector's, not a mere companion of another duty."""
    told = rule.recipient in FILINGS or rule.duty_holder == (holder_of(Role.PROCESSOR),)
    return rule.sector is None and rule.follows is None and told and rule.status is RuleStatus.IN_FORCE


def _ask(place: str, people: int, because: str) -> Duty:
    where = (
        "that may apply to people of unknown residence" if place == UNKNOWN_JURISDICTION else f"of {place_name(place)}"
    )
    return Duty(
        rule_id=f"ASK-{place.upper()}",
        regime="No rule is held",
        jurisdiction=place,
        citation="None: ask counsel which law applies",
        recipient="counsel",
        recipient_name=f"A lawyer who knows the law {where}",
        status=DutyStatus.ASK_COUNSEL,
        due_rule="Unknown. Until counsel answers, work by: as soon as possible",
        people=people,
        reason=f"{because} The rule pack holds no rule in force for them. That does not mean there is no duty: ask.",
        source="No source: nothing was read for this jurisdiction",
    )


def _promises(facts: Facts) -> Iterator[Duty]:
    """What a contract or policy promises binds beside the law; only a person can read what it asks for."""
    for n, promise in enumerate(facts.incident.promises, start=1):
        yield Duty(
            rule_id=f"PROMISE-{n:03}",
            regime="Contract or policy promise",
            jurisdiction="promise",
            citation=f"Promise {n} on the form",
            recipient="promised",
            recipient_name="Whoever it was promised to",
            status=DutyStatus.ASK_COUNSEL,
            due_rule="As the promise says. Until counsel answers, work by: as soon as possible",
            reason=f"You promised: {promise}",
            source=f"Facts, revision {facts.revision}",
        )
