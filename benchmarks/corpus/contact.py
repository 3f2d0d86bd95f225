"""Addresses of people and of their machines: e-mail, phone, IP, MAC, and the handles of other members."""

import ipaddress
from random import Random

from benchmarks.corpus.members import FIRST, HOSTS, LAST
from benchmarks.corpus.money import FULL_WIDTH
from benchmarks.corpus.planting import Author, Plant


def _address(rng: Random) -> tuple[str, str]:
    first, last, number = rng.choice(FIRST), rng.choice(LAST), rng.randrange(1, 9999)
    style = rng.randrange(6)
    local = (
        f"{first}.{last}",
        f"{first}{number}",
        f"{first}_{last}{number}",
        f"{first}+{last}",
        f"{last}-{first}",
        f"{first[0]}{last}.{number}",
    )[style]
    return local, rng.choice(HOSTS)


def _email(rng: Random, _: Author) -> tuple[str, str]:
    local, host = _address(rng)
    written = f"{local}@{host}"
    if rng.random() < 0.05:
        written = f"{local.title()}@{host.title()}"
    return written, written.lower()


def _email_of_other(_: Random, author: Author) -> tuple[str, str]:
    return author.other.email, author.other.email


def _spelled_email(rng: Random, _: Author) -> tuple[str, str]:
    local, host = _address(rng)
    at = rng.choice((" [at] ", " (at) ", "[at]", " {at} "))
    dot = rng.choice((" [dot] ", " (dot) ", " dot "))
    return f"{local}{at}{host.replace('.', dot)}", f"{local}@{host}"


def _zero_width_email(rng: Random, _: Author) -> tuple[str, str]:
    local, host = _address(rng)
    plain = f"{local}@{host}"
    at = rng.randrange(1, len(plain) - 1)
    return f"{plain[:at]}\u200b{plain[at:]}", plain


FICTIONAL = {
    "US": (
        ("+1 {a} 555 01{n:02d}", "({a}) 555-01{n:02d}", "{a}-555-01{n:02d}", "+1{a}55501{n:02d}"),
        "+1{a}55501{n:02d}",
    ),
    "CA": (("+1 {c} 555 01{n:02d}", "({c}) 555-01{n:02d}", "{c}-555-01{n:02d}"), "+1{c}55501{n:02d}"),
    "GB": (
        ("+44 20 7946 0{m:03d}", "020 7946 0{m:03d}", "(020) 7946 0{m:03d}", "+442079460{m:03d}"),
        "+442079460{m:03d}",
    ),
    "DE": (("+49 30 23125{m:03d}", "030 23125{m:03d}", "030/23125{m:03d}", "+493023125{m:03d}"), "+493023125{m:03d}"),
    "FR": (
        ("+33 2 61 91 {n:02d} {k:02d}", "02 61 91 {n:02d} {k:02d}", "02.61.91.{n:02d}.{k:02d}"),
        "+3326191{n:02d}{k:02d}",
    ),
    "AU": (("+61 2 5550 {m:04d}", "(02) 5550 {m:04d}", "02 5550 {m:04d}"), "+6125550{m:04d}"),
    "SE": (("+46 8 465 004 {n:02d}", "08-465 004 {n:02d}"), "+468465004{n:02d}"),
    "ES": (("+34 612 3{n:02d} {m:03d}", "612 3{n:02d} {m:03d}"), "+346123{n:02d}{m:03d}"),
    "IT": (("+39 333 12{n:02d} {m:03d}",), "+3933312{n:02d}{m:03d}"),
    "NL": (("+31 6 123{n:02d}{m:03d}", "06 123{n:02d}{m:03d}", "06-123{n:02d}{m:03d}"), "+316123{n:02d}{m:03d}"),
    "PL": (("+48 512 3{n:02d} {m:03d}", "512 3{n:02d} {m:03d}"), "+485123{n:02d}{m:03d}"),
    "CH": (("+41 79 12{n:01d} {k:02d} {j:02d}", "079 12{n:01d} {k:02d} {j:02d}"), "+417912{n:01d}{k:02d}{j:02d}"),
    "AT": (("+43 664 12{n:02d}{m:03d}", "0664 12{n:02d}{m:03d}", "0664/12{n:02d}{m:03d}"), "+4366412{n:02d}{m:03d}"),
    "IE": (("+353 85 12{n:01d} {m:04d}", "085 12{n:01d} {m:04d}"), "+3538512{n:01d}{m:04d}"),
    "BR": (("+55 11 912{n:02d}-{m:04d}", "(11) 912{n:02d}-{m:04d}"), "+5511912{n:02d}{m:04d}"),
}
"""Forms and E.164. Where a regulator keeps numbers for plays and films (US, CA, GB, DE, FR, AU, SE), those."""
US_AREAS = ("202", "212", "303", "312", "415", "503", "617", "702", "206", "404")
CA_AREAS = ("416", "604", "514", "403")


def _phone(rng: Random, country: str, *, local: bool) -> tuple[str, str]:
    forms, canonical = FICTIONAL[country]
    wanted = [form for form in forms if form.startswith("+") != local] or forms
    three = rng.randrange(1000)
    parts = {
        "a": rng.choice(US_AREAS),
        "c": rng.choice(CA_AREAS),
        "n": rng.randrange(10) if country in {"CH", "IE"} else rng.randrange(100),
        "m": rng.randrange(1000, 10_000) if country in {"AU", "IE", "BR"} else three,
        "k": rng.randrange(100),
        "j": rng.randrange(100),
    }
    return rng.choice(wanted).format(**parts), canonical.format(**parts)


def _international(rng: Random, author: Author) -> tuple[str, str]:
    return _phone(rng, author.member.country, local=False)


def _local(rng: Random, author: Author) -> tuple[str, str]:
    return _phone(rng, author.member.country, local=True)


def _full_width_phone(rng: Random, author: Author) -> tuple[str, str]:
    written, canonical = _phone(rng, author.member.country, local=False)
    return written.translate(FULL_WIDTH), canonical


DOCUMENTED = ("192.0.2", "198.51.100", "203.0.113")
"""Networks for examples (RFC 5737)."""


def _ip4(rng: Random, _: Author) -> tuple[str, str]:
    if rng.random() < 0.5:
        address = f"{rng.choice(DOCUMENTED)}.{rng.randrange(1, 255)}"
    else:
        address = f"{rng.choice((5, 31, 46, 62, 77, 81, 91, 185, 193, 212))}." + ".".join(
            str(rng.randrange(256)) for _ in range(3)
        )
    return address, address


def _ip6(rng: Random, _: Author) -> tuple[str, str]:
    address = ipaddress.IPv6Address(0x20010DB8 << 96 | rng.getrandbits(96 if rng.random() < 0.5 else 16))
    return str(address), str(address)


MAKERS = ("b827eb", "000c29", "005056", "3c5ab4", "001422", "001b63", "3cd92b", "002590")
"""Numbers of makers in the IEEE's registry."""


def _mac(rng: Random, _: Author) -> tuple[str, str]:
    return _written_mac(rng, bytes.fromhex(rng.choice(MAKERS)) + rng.randbytes(3))


def _local_mac(rng: Random, _: Author) -> tuple[str, str]:
    """As phones make them up for each network: the second bit is set, and no maker is named."""
    octets = bytearray(rng.randbytes(6))
    octets[0] = octets[0] & 0xFC | 0x02
    return _written_mac(rng, bytes(octets))


def _written_mac(rng: Random, octets: bytes) -> tuple[str, str]:
    written = octets.hex(rng.choice(":-"))
    return (written.upper() if rng.random() < 0.5 else written), octets.hex(":")


def _handle(_: Random, author: Author) -> tuple[str, str]:
    return author.other.handle, author.other.handle


_WRITE = ("mail me at", "my address is", "contact", "", "ask")
_CALL = ("call me at", "my number is", "text", "phone:", "whatsapp")
_NET = ("his ip is", "banned", "connect to", "from", "login from")
PLANTS = (
    Plant("email", "plain", 19.0, _email, _WRITE),
    Plant("email", "of another member", 1.6, _email_of_other, _WRITE),
    Plant("phone", "international", 4.0, _international, _CALL),
    Plant("phone", "local", 6.3, _local, _CALL),
    Plant("ip", "v4", 5.7, _ip4, _NET),
    Plant("ip", "v6", 1.5, _ip6, _NET),
    Plant("mac", "of a maker", 0.7, _mac, ("mac", "adapter", "device", "")),
    Plant("mac", "made up by a phone", 0.3, _local_mac, ("mac", "wifi", "my mac address is")),
    Plant("handle", "of another member", 3.0, _handle, ("ask", "saw", "it was", "that is")),
)
HIDDEN = (
    Plant("email", "spelled", 0.6, _spelled_email, _WRITE),
    Plant("email", "zero-width", 0.3, _zero_width_email, _WRITE),
    Plant("phone", "full-width", 0.2, _full_width_phone, _CALL),
)
"""Forms in which people write around a rule: looked for by the full profile only."""
