"""From accounts to recipients: one notice for each mailbox, and a named reason for everybody else."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from babel import Locale as KnownLocale

from breach.digest import keyed_token
from breach.recipients.accounts import Account
from breach.recipients.address import Address, alike, read_address
from breach.recipients.name import clean_name
from schemas.exposure import DataType
from schemas.incident import Locale
from schemas.recipients import ANOTHER_LANGUAGE, ExclusionReason, ListNotes, QuarantineReason, Residence, Route

GERMAN_SPEAKING = frozenset({"DE", "AT"})
STRICTEST_FIRST = ((Residence.US_MA, "US-MA"), (Residence.US_CA, "US-CA"))
TYPE_ORDER = {kind.value: rank for rank, kind in enumerate(DataType)}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One mailbox and the accounts it stands for. Never printed."""

    token: str
    address: Address
    accounts: tuple[Account, ...]
    locale: Locale
    residence: Residence
    variant: str

    @property
    def name(self) -> str:
        """The first account's name that survives cleaning; empty when none does."""
        return next((name for name in (clean_name(account.name) for account in self.accounts) if name), "")

    @property
    def types(self) -> list[str]:
        """Everything that leaked of any of the accounts, in DataType order."""
        return sorted({kind for account in self.accounts for kind in account.types}, key=TYPE_ORDER.__getitem__)

    @property
    def jurisdictions(self) -> list[str]:
        """Where the accounts' people live, as far as known."""
        return sorted({account.jurisdiction for account in self.accounts})

    def __repr__(self) -> str:
        """The token only."""
        return f"Recipient({self.token})"


@dataclass(frozen=True, slots=True)
class Unreached:
    """One account that no notice goes to, and why. Never printed with anything but its reason."""

    account: Account
    reason: QuarantineReason | ExclusionReason

    @property
    def kind(self) -> str:
        """'quarantined' (must be told in another way) or 'excluded' (need not be told)."""
        return "excluded" if isinstance(self.reason, ExclusionReason) else "quarantined"

    @property
    def route(self) -> str:
        """The substitute ways, in the order to try them; empty for the excluded."""
        if isinstance(self.reason, ExclusionReason):
            return ""
        ways = [Route.LETTER, Route.PUBLIC_NOTICE]
        if self.account.phone:
            ways.insert(0, Route.TELEPHONE)
        if not self.account.status & {"deleted", "suspended", "staged"}:
            ways.insert(0, Route.PLATFORM_MESSAGE)
        return "; then ".join(ways)


@dataclass(slots=True)
class Sorted:
    """Every affected account, in exactly one of the two."""

    recipients: list[Recipient] = field(default_factory=list)
    unreached: list[Unreached] = field(default_factory=list)


def sort_accounts(accounts: Sequence[Account], message: str, case_key: bytes) -> Sorted:
    """Bots out, unusable addresses aside, the rest by mailbox; recipients in the order of their tokens.

    That order is as good as random and yet the same each time: a first small wave is a fair sample.
    """
    result = Sorted()
    mailboxes: dict[str, list[tuple[Account, Address]]] = defaultdict(list)
    for account in accounts:
        address = read_address(account.address)
        if account.is_bot:
            result.unreached.append(Unreached(account, ExclusionReason.BOT))
        elif isinstance(address, Address):
            mailboxes[address.canonical].append((account, address))
        else:
            result.unreached.append(Unreached(account, address))
    for canonical, held in mailboxes.items():
        people = tuple(account for account, _ in held)
        locale, residence = locale_of(people), residence_of(people)
        result.recipients.append(
            Recipient(
                token=keyed_token(case_key, message, canonical),
                address=held[0][1],
                accounts=people,
                locale=locale,
                residence=residence,
                variant=variant_name(message, locale, residence),
            )
        )
    result.recipients.sort(key=lambda recipient: recipient.token)
    return result


def variant_name(message: str, locale: Locale | str, residence: Residence | str) -> str:
    """The content a recipient reads: message, language, residence rules."""
    return f"{message}-{locale}-{residence}"


def language_of(accounts: Sequence[Account]) -> str:
    """The language wished for, such as 'fr'; empty when none of the accounts names one. The first that does decides.

    ANOTHER_LANGUAGE when its field holds no language: people write anything there, and this word goes into manifests.
    """
    cell = next((account.locale.strip() for account in accounts if account.locale.strip()), "")
    if not cell:
        return ""
    language = cell.replace("_", "-").partition("-")[0].casefold()
    return language if language in _languages() else ANOTHER_LANGUAGE


@cache
def _languages() -> frozenset[str]:
    """Two- and three-letter codes of every language that CLDR has an English name for."""
    return frozenset(code for code in map(str, KnownLocale("en").languages) if re.fullmatch(r"[a-z]{2,3}", code))


def locale_of(accounts: Sequence[Account]) -> Locale:
    """German for those who ask for it, and for Germany and Austria when no language is named; English otherwise."""
    language = language_of(accounts)
    at_home = any(account.jurisdiction.partition("-")[0] in GERMAN_SPEAKING for account in accounts)
    return Locale.DE if language == "de" or (not language and at_home) else Locale.EN


def residence_of(accounts: Sequence[Account]) -> Residence:
    """The strictest rules of any account's residence: a ban (Massachusetts) wins over a form (California)."""
    homes = {account.jurisdiction for account in accounts}
    return next((residence for residence, code in STRICTEST_FIRST if code in homes), Residence.DEFAULT)


def notes_on(recipients: Sequence[Recipient]) -> ListNotes:
    """Counts that a reader at the gate should see beside the list."""
    told = [account for recipient in recipients for account in recipient.accounts]
    families = Counter(alike(recipient.address.canonical) for recipient in recipients)
    languages = Counter(language_of(recipient.accounts) for recipient in recipients)
    written = {locale.value for locale in Locale}
    return ListNotes(
        told_anyway=dict(sorted(Counter(status for account in told for status in account.status).items())),
        shared_addresses=sum(len(recipient.accounts) > 1 for recipient in recipients),
        alike_addresses=sum(size for size in families.values() if size > 1),
        other_languages={name: n for name, n in sorted(languages.items()) if name and name not in written},
        language_unknown=languages[""],
        quebec=sum("CA-QC" in recipient.jurisdictions for recipient in recipients),
    )
