"""The brands of payment cards, by their leading digits and the lengths they have issued.

Ranges and lengths: the brands' public tables of issuer identification numbers (ISO/IEC 7812).
"""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Brand:
    """One brand's range, by leading digits from low to high, and the lengths it has issued."""

    name: str
    low: str
    high: str
    lengths: frozenset[int]


def _brand(name: str, low: str, high: str, *lengths: int) -> Brand:
    return Brand(name, low, high, frozenset(lengths))


BRANDS = (
    _brand("visa", "4", "4", 13, 16, 19),
    _brand("mastercard", "51", "55", 16),
    _brand("mastercard", "2221", "2720", 16),
    _brand("american express", "34", "34", 15),
    _brand("american express", "37", "37", 15),
    _brand("discover", "6011", "6011", 16, 19),
    _brand("discover", "644", "659", 16, 19),
    _brand("diners club", "300", "305", 14, 16),
    _brand("diners club", "3095", "3095", 14, 16),
    _brand("diners club", "36", "36", 14),
    _brand("diners club", "38", "39", 14, 16),
    _brand("jcb", "3528", "3589", 16, 17, 18, 19),
    _brand("jcb", "2131", "2131", 15),
    _brand("jcb", "1800", "1800", 15),
    _brand("unionpay", "62", "62", 16, 17, 18, 19),
    _brand("mir", "2200", "2204", 16),
    *(
        _brand("maestro", prefix, prefix, 13, 14, 15, 16, 17, 18, 19)
        for prefix in ("5018", "5020", "5038", "5893", "6304", "6759", "6761", "6762", "6763")
    ),
)


def brand_of(digits: str) -> str | None:
    """The brand whose range and length this is."""
    return _brand_by(digits[:4], len(digits))


@lru_cache(maxsize=4096)
def _brand_by(leading: str, length: int) -> str | None:
    for brand in BRANDS:
        if length in brand.lengths and brand.low <= leading[: len(brand.low)] <= brand.high:
            return brand.name
    return None
