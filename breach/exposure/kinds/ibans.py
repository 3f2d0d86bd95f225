"""Bank account numbers (IBAN), so that their groups of four digits are never taken for a card or a phone."""


def is_iban(text: str) -> bool:
    """ISO 13616: 15 to 34 signs, and the whole, turned and read as a number, leaves 1 when divided by 97."""
    signs = text.replace(" ", "")
    if not 15 <= len(signs) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1
