"""Which class of data each type is, and how easily it shows who somebody is: ENISA's tables, read for our types.

By the type's name, so that a type added to the exposure is not forgotten: one that no table holds counts as the worst,
and that is said.
"""

from collections.abc import Iterable, Iterator

from breach.law.severity import DataClass, DataHit, Identification

SIMPLE = {"NAME", "USERNAME", "EMAIL", "PHONE", "POSTAL_ADDRESS", "DATE_OF_BIRTH", "AGE", "GENDER", "PHOTO", "DEVICE"}
BEHAVIOURAL = {"IP_ADDRESS", "MAC_ADDRESS", "LOCATION", "PURCHASES", "PROFILE_DETAILS"}
CLOSELY_WATCHED = {"PRECISE_LOCATION"}
FINANCIAL = {"PAYMENT_CARD", "IBAN", "BANK_ACCOUNT", "CRYPTO_WALLET", "ACCOUNT_NUMBER"}
FRAUD = {
    "PAYMENT_CARD_CODE", "ACCOUNT_WITH_CODE", "FINANCIAL_LOGIN", "SSN", "DRIVERS_LICENSE", "PASSPORT", "TAX_ID",
    "NATIONAL_ID", "GOVERNMENT_ID",
}  # fmt: skip
"""With a number of these, somebody can act in a person's name: scored like full financial information."""
CONTENT = {
    "CLOSED_AREA_POSTS", "PRIVATE_MESSAGES", "MODERATION_NOTES", "PASSWORD", "WEAK_PASSWORD_HASH", "PASSWORD_HASH",
    "RECOVERY_ANSWER", "ACCESS_TOKEN", "SESSION", "EMAIL_PASSWORD", "SENSITIVE_LOGIN",
}  # fmt: skip
"""Credentials have no class of their own: they are what the login opens, and that is what people wrote."""
SENSITIVE = {
    "HEALTH", "MEDICAL", "BELIEF", "POLITICS", "SEXUALITY", "ETHNICITY", "UNION", "BIOMETRIC", "GENETIC",
    "HEALTH_INSURANCE", "SPECIAL_CATEGORY",
}  # fmt: skip
READABLE_LOGINS = {"PASSWORD", "WEAK_PASSWORD_HASH", "EMAIL_PASSWORD", "FINANCIAL_LOGIN", "SENSITIVE_LOGIN"}
"""Reused elsewhere; ENISA does not score that, so it is said beside the number and raises the level."""
TABLE: tuple[tuple[set[str], DataClass, int, str], ...] = (
    (SENSITIVE, DataClass.SENSITIVE, 0, "a special category, or close to one"),
    (CONTENT, DataClass.BEHAVIOURAL, 2, "nobody has read what people wrote there; it may show beliefs or health"),
    (FRAUD, DataClass.FINANCIAL, 1, "enables fraud in a person's name"),
    (FINANCIAL, DataClass.FINANCIAL, 0, "as it is"),
    (CLOSELY_WATCHED, DataClass.BEHAVIOURAL, 1, "shows where somebody was, closely"),
    (BEHAVIOURAL, DataClass.BEHAVIOURAL, 0, "as it is"),
    (SIMPLE, DataClass.SIMPLE, 0, "as it is"),
)
IDENTIFIERS = {
    "NAME": Identification.LIMITED,
    "EMAIL": Identification.SIGNIFICANT,
    "PHONE": Identification.LIMITED,
    "POSTAL_ADDRESS": Identification.LIMITED,
    "PHOTO": Identification.SIGNIFICANT,
    "SSN": Identification.SIGNIFICANT,
    "PASSPORT": Identification.SIGNIFICANT,
    "NATIONAL_ID": Identification.SIGNIFICANT,
    "USERNAME": Identification.NEGLIGIBLE,
    "IP_ADDRESS": Identification.NEGLIGIBLE,
}
WITH_A_NAME = {"EMAIL", "DATE_OF_BIRTH", "SSN", "PASSPORT", "NATIONAL_ID", "POSTAL_ADDRESS"}
"""Together with a name, ENISA's table says maximum."""
EASES = tuple(Identification)


def hits_of(names: Iterable[str], minors: int) -> Iterator[DataHit]:
    """Each type of data that leaked, as ENISA scores it. Minors make simple data critical (+3)."""
    for name in names:
        shown = name.lower().replace("_", " ")
        kind, move, why = next(
            ((kind, move, why) for known, kind, move, why in TABLE if name in known),
            (DataClass.SENSITIVE, 0, "no class is held for it, so it counts as the worst"),
        )
        if kind is DataClass.SIMPLE and minors:
            move, why = 3, f"{minors} minors are among the people"
        yield DataHit(kind=kind, adjustment=move, reason=f"{shown}: {why}")


def ease_of(names: set[str]) -> tuple[Identification | None, str]:
    """The easiest way to recognise somebody that the set allows, and why; None when no table says."""
    if "NAME" in names and names & WITH_A_NAME:
        return Identification.MAXIMUM, f"names together with {', '.join(_shown(names & WITH_A_NAME))}"
    known = [name for name in sorted(names) if name in IDENTIFIERS]
    if not known:
        return None, "nothing that leaked is an identifier the method speaks of"
    best = max((IDENTIFIERS[name] for name in known), key=EASES.index)
    return best, ", ".join(_shown({name for name in known if IDENTIFIERS[name] is best}))


def _shown(names: set[str]) -> list[str]:
    return [name.lower().replace("_", " ") for name in sorted(names)]
