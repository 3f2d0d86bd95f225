"""What each kind of data makes possible at most, and what people can do about it, in words for an authority."""

from collections.abc import Iterator, Mapping

from schemas.exposure import SPECIAL_CATEGORIES, DataType, ExposureSummary
from schemas.law_facts import LeakedElement, Protection

IN_THEIR_NAME = "identity fraud: accounts or credit opened in the person's name with the number"
TAKEN_OVER = "accounts can be taken over, here and wherever the same password is used"
KNOWN_OF = "discrimination, or damage to reputation, by what becomes known of the person"
NOT_MADE = "payments that the holder did not make"
CONSEQUENCES: Mapping[DataType, str] = {
    DataType.EMAIL: "unwanted and fraudulent messages to the addresses that became known (phishing)",
    DataType.PHONE: "fraudulent calls and text messages",
    DataType.NAME: "people can be recognised by name as members of the community",
    DataType.USERNAME: "accounts elsewhere under the same user name can be linked to the person",
    DataType.POSTAL_ADDRESS: "people can be sought out at home, and get fraudulent letters",
    DataType.DATE_OF_BIRTH: "identity fraud with the date of birth",
    DataType.AGE: "people can be approached by their age, the young among them",
    DataType.GENDER: "people can be described and approached by their gender",
    DataType.PHOTO: "people can be recognised by their picture",
    DataType.SSN: IN_THEIR_NAME,
    DataType.DRIVERS_LICENSE: IN_THEIR_NAME,
    DataType.PASSPORT: IN_THEIR_NAME,
    DataType.TAX_ID: IN_THEIR_NAME,
    DataType.NATIONAL_ID: IN_THEIR_NAME,
    DataType.HEALTH_INSURANCE: "treatment or medicine charged to the person's insurance",
    DataType.PASSWORD: TAKEN_OVER,
    DataType.WEAK_PASSWORD_HASH: f"passwords can be worked out from weak hashes; then {TAKEN_OVER}",
    DataType.PASSWORD_HASH: f"simple passwords can be guessed from the hashes; then {TAKEN_OVER}",
    DataType.RECOVERY_ANSWER: "accounts can be taken over by the recovery question, here and elsewhere",
    DataType.ACCESS_TOKEN: "the account or service that the token opens can be used until it is revoked",
    DataType.SESSION: "the account can be used without its password until the session is ended",
    DataType.IP_ADDRESS: "a rough location, and a link to other traces",
    DataType.DEVICE: "a link to other traces of the same device",
    DataType.MAC_ADDRESS: "a link to other traces of the same device",
    DataType.LOCATION: "people can be found",
    DataType.PRECISE_LOCATION: "people can be found, and their movements followed",
    DataType.PAYMENT_CARD: NOT_MADE,
    DataType.PAYMENT_CARD_CODE: NOT_MADE,
    DataType.IBAN: "debits that the holder did not order, and fraud that refers to the account",
    DataType.BANK_ACCOUNT: "debits that the holder did not order, and fraud that refers to the account",
    DataType.PURCHASES: "fraudulent messages that refer to purchases that were really made",
    DataType.CRYPTO_WALLET: "holdings become visible, which invites fraud and extortion",
    DataType.PROFILE_DETAILS: "people can be described and approached by what their profile says",
    DataType.CLOSED_AREA_POSTS: "loss of confidence, and damage to reputation, by what was written in a closed area",
    DataType.PRIVATE_MESSAGES: "loss of confidence, and damage to reputation, by what was written in private",
    DataType.MODERATION_NOTES: "damage to reputation by what moderators noted of the person",
} | {kind: f"{KNOWN_OF}: {kind.value}" for kind in SPECIAL_CATEGORIES}
"""Likely at most: what each kind of data makes possible. Nothing here says that it has happened."""

PASSWORD_ADVICE = "Change the password here, and wherever the same one is used; switch on a second factor"  # noqa: S105
CARD_ADVICE = "Have the payment card replaced, and watch the account's statements"
CREDIT_ADVICE = "Watch for accounts or credit in your name; ask a credit agency for an alert or a freeze"
ACCOUNT_ADVICE = "Watch the account's statements, and tell the bank of what you did not order"
ADVICE: Mapping[DataType, str] = {
    DataType.PASSWORD: PASSWORD_ADVICE,
    DataType.WEAK_PASSWORD_HASH: PASSWORD_ADVICE,
    DataType.PASSWORD_HASH: PASSWORD_ADVICE,
    DataType.RECOVERY_ANSWER: "Change recovery questions and answers wherever the same ones are used",
    DataType.ACCESS_TOKEN: "Revoke keys and tokens that stood in what was exposed, and issue new ones",
    DataType.SESSION: "Log out of all sessions",
    DataType.PAYMENT_CARD: CARD_ADVICE,
    DataType.PAYMENT_CARD_CODE: CARD_ADVICE,
    DataType.IBAN: ACCOUNT_ADVICE,
    DataType.BANK_ACCOUNT: ACCOUNT_ADVICE,
    DataType.SSN: CREDIT_ADVICE,
    DataType.DRIVERS_LICENSE: CREDIT_ADVICE,
    DataType.PASSPORT: CREDIT_ADVICE,
    DataType.TAX_ID: CREDIT_ADVICE,
    DataType.NATIONAL_ID: CREDIT_ADVICE,
    DataType.HEALTH_INSURANCE: "Look through the insurer's statements for treatment that was not yours",
    DataType.PHONE: "Be wary of unexpected calls and text messages",
    DataType.LOCATION: "Ask us or the platform to remove a location that could put you in danger",
    DataType.PRECISE_LOCATION: "Ask us or the platform to remove a location that could put you in danger",
}
"""What people can do themselves; for the other kinds there is only to be wary."""

AS_A_TYPE = {
    "ssn": DataType.SSN,
    "drivers_license": DataType.DRIVERS_LICENSE,
    "government_id": DataType.NATIONAL_ID,
    "tax_id": DataType.TAX_ID,
    "account_with_code": DataType.PAYMENT_CARD_CODE,
    "account_number": DataType.BANK_ACCOUNT,
    "medical": DataType.HEALTH,
    "health_insurance": DataType.HEALTH_INSURANCE,
    "biometric": DataType.BIOMETRIC,
    "genetic": DataType.GENETIC,
    "precise_location": DataType.PRECISE_LOCATION,
}
"""An element that somebody stated to have leaked -> the kind of data with the same meaning for people."""
PASSWORDS = {"password", "email_password", "financial_login", "sensitive_login"}
HOW_IT_LAY = {Protection.WEAK: DataType.WEAK_PASSWORD_HASH, Protection.HASHED: DataType.PASSWORD_HASH}


def leaked_kinds(summary: ExposureSummary, stated: tuple[LeakedElement, ...]) -> list[DataType]:
    """What was found, and what somebody stated beside it unless its key was safe; in the order of the types."""
    found = {*summary.by_type, *_stated(stated)}
    return [kind for kind in DataType if kind in found]


def _stated(elements: tuple[LeakedElement, ...]) -> Iterator[DataType]:
    for one in elements:
        if one.protection is Protection.ENCRYPTED:
            continue
        if one.element in PASSWORDS:
            yield HOW_IT_LAY.get(one.protection, DataType.PASSWORD)
        elif one.element.upper() in DataType.__members__:
            yield DataType[one.element.upper()]
        elif one.element in AS_A_TYPE:
            yield AS_A_TYPE[one.element]
