"""The scanner once more: plain, slow, obvious, one message after the other, in Python's own `re` and arithmetic.

Written from the documents that define the values; it shares nothing with the scanner but the names of the types and
the numbering plans of phonenumbers. How people write things between the lines is told by its rules:

1. A message with invisible characters, wide letters, Arabic-Indic digits or a bracketed "at" is read as it is meant.
2. Reading goes from left to right. Markup and handles of federated servers are skipped.
   A link is looked into for its host, addresses and `=ip`.
3. At one place, kinds are asked in the order below, each for the text that its shape takes there; the first that finds
   a value has it, and reading goes on behind it. When none does, reading goes on after the next run of letters or
   digits, or, beyond 320 characters, behind what the first shape took.
"""

import ipaddress
import re

import phonenumbers

Found = tuple[str, int, int, str]
"""Type, first character, the one after the last, the normal form."""
Region = str | None

MARKUP = re.compile(
    r"<@[!&]?\d{1,20}>|<#\d{1,20}>|<a?:\w{1,64}:\d{1,20}>|<t:-?\d{1,20}(?::[A-Za-z])?>|</[^<>\n]{1,100}:\d{1,20}>"
    r"|<(?:@[!&]?|#|a?:\w{1,64}:|/[^<>\n]{1,100}:)\d{1,20}:[A-Za-z]>",
    re.ASCII,
)
LINK = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^ \t\r\n\f\v<>]+")
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
HANDLE = re.compile(rf"@[A-Za-z0-9._%+'-]+@{LABEL}(?:\.{LABEL})+")
"""Mastodon's documentation, "Usernames": an account of another server is written @user@server."""
EMAIL = re.compile(rf"[A-Za-z0-9._%+'-]+@{LABEL}(?:\.{LABEL})+")
IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?\b", re.ASCII)
IP = re.compile(
    r"\b[23][0-9A-Fa-f]{3}:(?:[0-9A-Fa-f]{0,4}:){1,7}[0-9A-Fa-f]{0,4}|\b\d{1,3}(?:\.\d{1,3}){3,}\b", re.ASCII
)
CARD = re.compile(
    r"\b[1-6]\d{3}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?\b|\b[1-6]\d{3}[ -]\d{6}[ -]\d{4,5}\b"
    r"|\b[1-6]\d{3}[ -]\d{4}[ -]\d{4}[ -]\d\b|\b[1-6]\d{12,15}\b",
    re.ASCII,
)
SSN = re.compile(r"\b\d{3}(?:-\d\d-| \d\d )\d{4}\b|\b(?:SSN|ssn|Ssn)[ :#]{1,3}\d{9}\b", re.ASCII)
PHONE = re.compile(
    r"\+[1-9](?:[ .\-/()]{0,2}\d){6,14}\b|\(?\b0\d(?:[ .\-/()]{0,2}\d){6,13}\b"
    r"|\([1-9]\d{1,3}\)[ .-]?\d{3,5}[ .-]?\d{3,5}\b|\b[2-9]\d{2}[ .-][2-9]\d{2}[ .-]\d{4}\b"
    r"|\b[2-9]\d\d \d{3} \d{4}\b|\b[1-9]\d{1,2}(?: \d{2,3}){2,3}\b",
    re.ASCII,
)

IBAN_LENGTHS = {
    # SWIFT's registry, the countries of the fuzz corpus.
    "DE": 22, "GB": 22, "FR": 27, "NO": 15, "BE": 16, "MT": 31, "NL": 18, "CH": 21,
}  # fmt: skip
CARDS = (
    # (first numbers, lengths): ISO/IEC 7812 ranges as the brands publish them.
    (range(4, 5), {13, 16, 19}),
    ([*range(51, 56), *range(2221, 2721)], {16}),
    ([34, 37], {15}),
    ([6011, *range(644, 660)], {16, 19}),
    ([*range(300, 306), 3095, 38, 39], {14, 16}),
    ([36], {14}),
    (range(3528, 3590), {16, 17, 18, 19}),
    ([2131, 1800], {15}),
    ([62], {16, 17, 18, 19}),
    (range(2200, 2205), {16}),
    ([5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763], {13, 14, 15, 16, 17, 18, 19}),
)


def reference(text: str, region: Region) -> list[Found]:
    """Everything in a message."""
    meant, places = as_meant(text)
    return [(kind, places[a], places[b - 1] + 1, normal) for kind, a, b, normal in read(meant, region)]


def read(text: str, region: Region) -> list[Found]:
    found: list[Found] = []
    at = 0
    while at < len(text):
        at = step(text, at, region, found)
    return found


def step(text: str, at: int, region: Region, found: list[Found]) -> int:
    """Looks at one place; returns where to read on."""
    if markup := MARKUP.match(text, at):
        return markup.end()
    if handle := HANDLE.match(text, at):
        return handle.end()
    if link := LINK.match(text, at):
        found += in_link(text, at, link.end())
        return link.end()
    first = None
    for shape, ask in ((EMAIL, email), (IBAN, iban), (IP, ip), (CARD, card), (SSN, ssn), (PHONE, phone)):
        taken = shape.match(text, at)
        if taken is None:
            continue
        first = first or taken
        value = ask(taken[0], text[max(0, at - 24) : at], text[taken.end() : taken.end() + 24], region)
        if value is not None:
            kind, start, end, normal = value
            found.append((kind, at + start, at + end, normal))
            return at + end
    if first is None:
        return at + 1
    run = re.match(r"[^A-Za-z0-9]*[A-Za-z0-9]+", first[0])
    return first.end() if len(first[0]) > 320 or run is None else at + run.end()


def email(text: str, before: str, after: str, region: Region) -> Found | None:
    """RFC 5321: a local part of 64 at most, 254 in all; a top-level domain is letters, and no ending of files."""
    bare = text.lstrip(".%+'-")
    local, _, domain = bare.rpartition("@")
    top = domain.split(".")[-1].lower()
    wrong = (
        not local
        or len(local) > 64
        or len(bare) > 254
        or local.startswith(".")
        or local.endswith(".")
        or ".." in local
        or any(len(label) > 63 for label in domain.split("."))
        or not ((top.isalpha() and len(top) > 1) or top.startswith("xn--"))
        or top in ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "ico", "pdf", "css", "html", "js", "json", "txt"]
        or (bare == text and before.endswith("@"))
        or (bare.lower().startswith("git@") and after.startswith(":"))
    )
    return None if wrong else ("email address", len(text) - len(bare), len(text), bare.lower())


def iban(text: str, before: str, after: str, region: Region) -> Found | None:
    """ISO 13616."""
    for end in ends(text):
        signs = text[:end].replace(" ", "").upper()
        if len(signs) != IBAN_LENGTHS.get(signs[:2]):
            continue
        number = "".join(sign if sign.isdigit() else str(ord(sign) - 55) for sign in signs[4:] + signs[:4])
        if int(number) % 97 == 1:
            return "bank account number", 0, end, signs
    return None


def ip(text: str, before: str, after: str, region: Region) -> Found | None:
    """Four numbers without leading zeros, or RFC 4291; no version, no address that every network has."""
    if ":" in text:
        if re.match(r"[A-Za-z0-9]", after):
            return None
    elif (
        before.endswith(".")
        or re.match(r"\.[0-9]|-[A-Za-z0-9]", after)
        or re.search(
            r"(\bv|\bver|version|release|build|firmware|driver|update)\.?\s*[:=#]?\s*$",
            before,
            re.IGNORECASE | re.ASCII,
        )
    ):
        return None
    normal = address(text)
    return ("IP address", 0, len(text), normal) if normal else None


def address(text: str) -> str | None:
    try:
        one = ipaddress.ip_address(text)
    except ValueError:
        return None
    if one.version == 6:
        return str(one) if one in ipaddress.ip_network("2000::/3") else None
    everywhere = "0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/3"
    return None if any(one in ipaddress.ip_network(net) for net in everywhere.split()) else str(one)


def card(text: str, before: str, after: str, region: Region) -> Found | None:
    """A brand's range and length, Luhn, embossed groups; 17 to 19 bare digits are an id of the platform."""
    if text.isdigit() and (re.search(r"[A-Za-z0-9]-$|\+$", before) or re.match(r"-[A-Za-z0-9]", after)):
        return None  # of a token, or a phone number
    for end in ends(text):
        groups = re.split("[ -]", text[:end])
        digits = "".join(groups)
        lengths = [len(group) for group in groups]
        embossed = lengths in ([4, 6, 5], [4, 6, 4], [4, 4, 4, 1]) or (lengths[:4] == [4] * 4 and len(lengths) < 6)
        if not (13 <= len(digits) <= 16 if len(groups) == 1 else embossed):
            continue
        total = 0
        for place, digit in enumerate(reversed(digits)):
            twice = int(digit) * (1 + place % 2)
            total += twice - 9 if twice > 9 else twice
        issued = any(
            len(digits) in long and any(digits.startswith(str(first)) for first in firsts) for firsts, long in CARDS
        )
        if total % 10 == 0 and issued and len(set(digits)) > 1:
            return "payment card number", 0, end, digits
    return None


def ssn(text: str, before: str, after: str, region: Region) -> Found | None:
    """SSA: no area 000, 666, 9xx; no group 00; no serial 0000; not the two of the advertisements."""
    named = text[0] in "Ss"
    start = next(at for at, sign in enumerate(text) if sign.isdigit())
    digits = "".join(filter(str.isdigit, text))
    if (
        digits[:3] in ("000", "666")
        or digits[0] == "9"
        or digits[3:5] == "00"
        or digits[5:] == "0000"
        or digits in ("078051120", "219099999")
        or before[-1:] in ("-", ".")
        or re.match(r"-[A-Za-z0-9]", after)
    ):
        return None
    told = named or re.search(r"\b(ssn|social security)\b", before, re.IGNORECASE | re.ASCII)
    return ("social security number", start, len(text), digits) if told or region == "US" or "-" in text else None


def phone(text: str, before: str, after: str, region: Region) -> Found | None:
    """International anywhere; local by the author's country, unless it is a date or digits alone.

    Never the fraction of a time (RFC 3339, section 5.6), nor what begins within digits that are spaced as a card's.
    """
    if text[0] == "+" and re.search(r"[A-Za-z0-9]$", before):
        return None
    if text[0] != "+" and no_number_begins(before, text + after):
        return None
    for end in ends(text):
        part = text[:end]
        abroad = "+" + part[2:] if part.startswith("00") else part
        if not abroad.startswith("+"):
            date = r"\d{1,2}([./-])\d{1,2}\1(\d{4}|\d\d)|\d{1,2} \d{1,2} (19|20)\d\d|\d{4}([./-])\d{1,2}\4\d{1,2}"
            if region is None or re.fullmatch(rf"({date})( .*)?".replace(r"\1", r"\2").replace(r"\4", r"\5"), part):
                continue
            if part.isdigit() and part[0] != "0":
                continue
            if part[0] not in "0(" and region not in ("US", "CA", "ES", "IT", "PT", "PL", "MX"):
                continue
        try:
            number = phonenumbers.parse(abroad, None if abroad.startswith("+") else region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return "phone number", 0, end, f"+{number.country_code}{phonenumbers.national_significant_number(number)}"
    return None


def no_number_begins(before: str, after: str) -> bool:
    """Within a time, a UUID (RFC 9562), or digits that are spaced as a card's."""
    of_time = re.search(r"(?<!\d)\d{1,2}:$|(?<!\d)\d{1,2}:\d\d[:.,]$|:\d\d[.,]$", before, re.ASCII)
    of_uuid = re.search(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){0,3}$", before)
    spaced = [one.span() for one in CARD.finditer(before + after) if not one[0].isdigit()]
    return bool(of_time or of_uuid) or any(start <= len(before) < end for start, end in spaced)


def ends(text: str) -> list[int]:
    """The whole; then each end before which a separator and nothing but a group was taken away."""
    found = [len(text)]
    while True:
        at = max(text.rfind(sign, 0, found[-1]) for sign in " -./)")
        while at > 0 and not text[at - 1].isalnum():
            at -= 1
        if at <= 0:
            return found
        found.append(at)


def in_link(text: str, at: int, end: int) -> list[Found]:
    found: list[Found] = []
    host = re.compile(r"[^:]+://(?:[^/?#@]*@)?(?:\[([^\]/?#]*)\]|([^/?#:\[\]]*))(?::\d*)?", re.ASCII).match(
        text, at, end
    )
    rest = host.end() if host else at
    if host:
        which = 1 if host[1] is not None else 2
        written = host[which]
        if (":" in written or re.fullmatch(r"\d+(\.\d+){3}", written, re.ASCII)) and (normal := address(written)):
            found.append(("IP address", *host.span(which), normal))
    told: list[Found] = []
    for one in EMAIL.finditer(text, rest, end):
        value = email(one[0], text[max(0, one.start() - 24) : one.start()], text[one.end() : one.end() + 24], None)
        if value:
            told.append((value[0], one.start() + value[1], one.start() + value[2], value[3]))
    for one in re.compile(r"(?<==)\d{1,3}(?:\.\d{1,3}){3}(?![0-9.])", re.ASCII).finditer(text, rest, end):
        normal = address(one[0])
        told += [("IP address", *one.span(), normal)] if normal else []
    free = rest
    for value in sorted(told, key=lambda one: one[1]):
        if value[1] >= free:
            found.append(value)
            free = value[2]
    return found


INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
WIDE = "＋－．０１２３４５６７８９＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ＿" + "".join(
    chr(0xFF41 + at) for at in range(26)
)
NARROW = "+-.0123456789@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
EASTERN = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
MEANT = dict(zip(WIDE + EASTERN, NARROW + "0123456789" * 2, strict=True))
BRACKETED_AT = re.compile(r" ?[\[({<] ?(?:at|At|aT|AT|@) ?[\])}>] ?")


def as_meant(text: str) -> tuple[str, list[int]]:
    """Without what hides values; and where each character stood."""
    signs = [(MEANT.get(sign, sign), at) for at, sign in enumerate(text) if sign not in INVISIBLE]
    plain = "".join(sign for sign, _ in signs)
    word, dot = r"[A-Za-z0-9%+_-]{1,64}", r"(?: ?[\[({<] ?(?:[Dd][Oo][Tt]|\.) ?[\])}>] ?| [Dd][Oo][Tt] |\.)"
    whole = re.compile(
        rf"{word}(?:{dot}{word}){{0,4}}{BRACKETED_AT.pattern}{word}(?:{dot}{word}){{1,4}}(?![A-Za-z0-9])"
    )
    meant: list[tuple[str, int]] = []
    at = 0
    for one in whole.finditer(plain):
        meant += signs[at : one.start()]
        at = one.start()
        for joint in re.finditer(rf"(?P<at>{BRACKETED_AT.pattern})|{dot}", one[0]):
            meant += signs[at : one.start() + joint.start()]
            meant.append(("@" if joint["at"] else ".", signs[one.start() + joint.start()][1]))
            at = one.start() + joint.end()
    meant += signs[at:]
    return "".join(sign for sign, _ in meant), [place for _, place in meant]
