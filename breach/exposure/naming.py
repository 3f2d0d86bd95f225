"""What may be kept of a value that was found: two of its characters, and a hash that only this case can make."""

from breach.digest import keyed_token
from schemas.exposure import DataType

SECRET = frozenset(
    {DataType.PASSWORD, DataType.RECOVERY_ANSWER, DataType.ACCESS_TOKEN, DataType.SESSION, DataType.PAYMENT_CARD_CODE}
)
"""What opens an account: not even one character of it is shown."""


def mask(kind: DataType, value: str) -> str:
    """First and last character; nothing of a secret, nor of a value shorter than six."""
    return f"{value[0]}…{value[-1]}" if len(value) >= 6 and kind not in SECRET else "…"


def value_hash(case_key: bytes, kind: DataType, normal: str) -> str:
    """HMAC-SHA256 of the normalised value with the case's key, 130 bits in base32: equal values, equal hashes."""
    return keyed_token(case_key, "finding", kind.value, normal)
