"""Who is in the roster: 1,200 invented people, drawn from one seed, with everything that makes a roster awkward."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from examples.harbor.mint import Mint
from examples.harbor.names import (
    BAD_ADDRESSES,
    EMOJI,
    HOSTILE,
    RIGHT_TO_LEFT,
    SENSITIVE_PLACES,
    handle_stem,
    plain_name,
)
from examples.harbor.places import PLACES, Place
from schemas.exposure import UNKNOWN_JURISDICTION, CountryEvidence

FIRST_DAY = datetime(2017, 3, 1, tzinfo=UTC)
"""The community opens; nobody joined before."""
LAST_JOIN = datetime(2026, 10, 1, tzinfo=UTC)
"""Nobody joined later: every member was there during the leak."""
SAFE_DOMAINS = ("post.example", "mail.example", "harbor.example", "example.org", "letters.example.net")
"""Reserved by RFC 2606: can belong to nobody, and say nothing of a country."""

SHARES = {"bots": 12, "deleted": 15, "staged": 15, "suspended": 20, "silenced": 6, "bad address": 24, "no address": 18,
          "twin": 12, "twin in other case": 8, "hostile name": 28, "emoji name": 40, "right-to-left name": 30,
          "minors": 40, "opted out": 60}  # fmt: skip
"""How many of 1,200; other sizes in proportion, at least one."""


@dataclass(slots=True)
class Member:
    """One row of the roster, and what the generator knows about it."""

    number: int
    place: Place
    evidence: CountryEvidence
    joined: datetime
    name: str = ""
    username: str = ""
    email: str = ""
    country: str = ""
    phone: str = ""
    language: str = ""
    born: date | None = None
    ip: str = ""
    chat_id: str = ""
    location: str = ""
    website: str = ""
    second_email: str = ""
    kind: str = ""
    groups: tuple[str, ...] = ()
    traits: set[str] = field(default_factory=set)
    """Which of SHARES apply."""

    @property
    def jurisdiction(self) -> str:
        """What can be known of the residence from the row: the state only from the country field."""
        if self.evidence is CountryEvidence.NONE:
            return UNKNOWN_JURISDICTION
        return self.country or self.place.country


def draw_members(rng: Random, mint: Mint, count: int) -> list[Member]:
    """All members, in order of their number; the same seed gives the same people."""
    places = rng.choices(PLACES, weights=[place.share for place in PLACES], k=count)
    places[: len(PLACES)] = PLACES[:count]  # every place has a resident, however small the set
    rng.shuffle(places)
    evidence = _evidence(rng, count)
    members = []
    for index in range(count):
        joined = FIRST_DAY + (LAST_JOIN - FIRST_DAY) * ((index + rng.random()) / count)
        member = Member(index + 1, places[index], evidence[index], joined.replace(microsecond=0))
        _fill(member, rng, mint)
        members.append(member)
    _give_traits(members, rng, mint)
    return members


def _evidence(rng: Random, count: int) -> list[CountryEvidence]:
    """Exactly 4 % without evidence, 5 % by phone alone, 5 % by locale alone, 3 % by e-mail domain alone."""
    kinds: list[CountryEvidence] = []
    for kind, per_cent in (
        (CountryEvidence.NONE, 4),
        (CountryEvidence.PHONE, 5),
        (CountryEvidence.LOCALE, 5),
        (CountryEvidence.EMAIL_DOMAIN, 3),
    ):
        kinds += [kind] * round(count * per_cent / 100)
    kinds += [CountryEvidence.ADDRESS] * (count - len(kinds))
    rng.shuffle(kinds)
    return kinds


def _fill(member: Member, rng: Random, mint: Mint) -> None:
    """The ordinary fields. Each value that could be recognised carries a token of its own."""
    member.name = f"{plain_name(rng)} {mint.token()}"
    member.username = f"{handle_stem(rng)}_{mint.token()}"
    member.email = _address(member, rng, mint)
    member.country = member.place.code if member.evidence is CountryEvidence.ADDRESS else ""
    member.phone = _phone(member, rng, mint)
    member.language = _language(member, rng)
    if rng.random() < 0.65:
        member.born = date(1948, 1, 1) + timedelta(days=rng.randrange(365 * 60))  # until 2007: grown up
    if rng.random() < 0.92:
        member.ip = mint.ip(v6=rng.random() < 0.15)
    if rng.random() < 0.85:
        member.chat_id = mint.snowflake(int(member.joined.timestamp() * 1000))
    if rng.random() < 0.3:
        member.location = rng.choice(SENSITIVE_PLACES).format(t=mint.token())
    if rng.random() < 0.15:
        member.website = f"https://{mint.token()}.example/"
    if rng.random() < 0.05:
        member.second_email = f"{mint.token()}@{rng.choice(SAFE_DOMAINS)}"
    groups = [
        name for name, share in (("night-watch", 0.35), ("boat-owners", 0.2), ("crew", 0.1)) if rng.random() < share
    ]
    member.groups = tuple(groups)


def _address(member: Member, rng: Random, mint: Mint) -> str:
    token, stem = mint.token(), handle_stem(rng)
    by_domain = member.evidence is CountryEvidence.EMAIL_DOMAIN
    if by_domain or (member.evidence is CountryEvidence.ADDRESS and rng.random() < 0.15):
        return f"{stem}@harbor-mail-{token}.{member.place.domain}"  # the token keeps it from being anybody's
    forms = (f"{stem}-{token}", f"{stem}.{token}", token, f"{stem}+harbor-{token}", f"{stem.title()}.{token}")
    return f"{rng.choices(forms, weights=(50, 30, 12, 4, 4))[0]}@{rng.choice(SAFE_DOMAINS)}"


def _phone(member: Member, rng: Random, mint: Mint) -> str:
    """Written with + when it is the evidence; otherwise now and then as people at home write it."""
    if member.evidence is CountryEvidence.PHONE:
        international, _ = mint.phone(member.place.code)
        return rng.choice((international, _compact(international)))
    if member.evidence is not CountryEvidence.ADDRESS or rng.random() < 0.5:
        return ""
    moved = rng.random() < 0.04  # a phone of another country: the country field is stronger
    international, local = mint.phone(rng.choice(PLACES).code if moved else member.place.code)
    if moved:
        return _compact(international)
    return rng.choices((_compact(international), international, local), weights=(70, 20, 10))[0]


def _compact(international: str) -> str:
    return international.replace(" ", "").replace("-", "")


def _language(member: Member, rng: Random) -> str:
    locale = rng.choice(member.place.locales)
    language = locale.partition("-")[0]
    if member.evidence is CountryEvidence.LOCALE:
        return locale
    if member.evidence is CountryEvidence.ADDRESS:
        return rng.choices((locale, language, ""), weights=(80, 12, 8))[0]
    if language == "es" and rng.random() < 0.5:
        return "es-419"  # Latin America (UN M49): a region, and no country
    return rng.choice((language, language, ""))


def _give_traits(members: list[Member], rng: Random, mint: Mint) -> None:
    """Who is a bot, deleted, a twin…: drawn without overlap where two traits would hide each other."""
    plain = [member for member in members if member.evidence is CountryEvidence.ADDRESS]
    rng.shuffle(plain)
    weak = (CountryEvidence.NONE, CountryEvidence.PHONE, CountryEvidence.LOCALE)
    without_domain = [member for member in members if member.evidence in weak]
    rng.shuffle(without_domain)
    share = {trait: max(1, round(number * len(members) / 1200)) for trait, number in SHARES.items()}
    for trait in ("bots", "deleted", "staged", "suspended", "silenced", "bad address", "no address"):
        for position in range(share[trait]):
            # One in six of those without an address shows no country either, or only by phone or locale.
            hard = trait == "no address" and position % 6 == 5
            _mark(without_domain.pop() if hard else plain.pop(), trait, position, mint)
    for trait in ("twin", "twin in other case"):
        for _ in range(share[trait]):
            _twin(plain.pop(), plain.pop(), trait, mint)
    people = [member for member in members if not member.traits & {"bots", "deleted", "staged"}]
    for trait in ("hostile name", "emoji name", "right-to-left name"):
        for position in range(share[trait]):
            _mark(people.pop(rng.randrange(len(people))), trait, position, mint)
    alive = [member for member in members if "bots" not in member.traits]
    for trait in ("minors", "opted out"):
        for position, member in enumerate(rng.sample(alive, share[trait])):
            _mark(member, trait, position, mint)


def _mark(member: Member, trait: str, position: int, mint: Mint) -> None:
    member.traits.add(trait)
    first_name = member.name.partition(" ")[0]
    if trait == "bots":
        member.kind, member.phone, member.born, member.language = "bot", "", None, ""
        member.chat_id = member.chat_id or mint.snowflake(int(member.joined.timestamp() * 1000))
        member.name = f"{('Tide', 'Buoy', 'Foghorn')[position % 3]} bot {mint.token()}"
    elif trait == "deleted":
        member.kind, member.name, member.location, member.website = "deleted", "", "", ""
    elif trait == "staged":
        member.ip, member.chat_id, member.name = "", "", ""
    elif trait == "bad address":
        member.email = BAD_ADDRESSES[position % len(BAD_ADDRESSES)].format(t=mint.token())
    elif trait == "no address":
        member.email = ""
    elif trait in NAME_FORMS:
        forms = NAME_FORMS[trait]
        member.name = forms[position % len(forms)].format(n=first_name, t=mint.token())
    elif trait == "minors":
        member.born = date(2009, 1, 1) + timedelta(days=position * 37 % 1600)  # born after 2008-11-22, until 2013


NAME_FORMS = {"hostile name": HOSTILE, "emoji name": EMOJI, "right-to-left name": RIGHT_TO_LEFT}


def _twin(one: Member, other: Member, trait: str, mint: Mint) -> None:
    """Two accounts, one mailbox; the other case is the domain's only, which means the same mailbox (RFC 5321)."""
    one.traits.add(trait)
    other.traits.add(trait)
    one.email = f"twin-{mint.token()}@post.example"
    other.email = one.email if trait == "twin" else one.email.replace("post.example", "Post.EXAMPLE")
