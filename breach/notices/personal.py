"""What differs from reader to reader: values, and the tags that stand for them in a variant's content."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from jinja2.environment import TemplateModule

from breach.digest import keyed_token
from breach.errors import NoticeRefused
from breach.exposure.taxonomy import words_in
from breach.notices.engine import Form, Value, load, say
from breach.recipients.name import clean_name
from schemas.exposure import DataType
from schemas.incident import Locale

TEMPLATE = "personal.j2"
PARTS = ("greeting", "minor", "first", "data", "accounts", "meaning", "actions")
TAG = re.compile(r"%[a-z2-7]{26}%")
LIMIT_BYTES = 10_000
"""SendGrid's limit on one person's substitutions."""
ROOM_BYTES = 9_000
"""What the values of one reader may take before the least pressing lines are left out; the rest is room to spare."""
MOST_LINES = (99, 12, 10, 8, 6, 5, 4, 3)
"""How many lines of meaning and of advice, each, are tried in turn; the most pressing come first."""
LISTS = ("meaning", "actions")

Tags = dict[Form, dict[str, str]]


def make_tags(secret: bytes, revision: str) -> Tags:
    """A tag for each value in each form: 130 bits nobody outside can guess, so no name can contain one.

    Apart for HTML and text, because a value is escaped for the one and plain in the other.
    """
    return {form: {part: f"%{keyed_token(secret, 'tag', revision, form, part)}%" for part in PARTS} for form in Form}


@dataclass(frozen=True, slots=True)
class Reader:
    """One person's own data, as far as a letter shows it. Never printed."""

    name: str
    types: tuple[str, ...]
    accounts: int
    minor: bool

    def __repr__(self) -> str:
        """Nothing of it."""
        return "Reader(…)"


@dataclass(slots=True)
class PersonalWriter:
    """Writes the values of readers of one locale. What depends only on the data types is rendered once."""

    locale: Locale
    tags: Tags
    _modules: dict[Form, TemplateModule] = field(default_factory=dict)
    _known: dict[tuple[Form, str, Value], str] = field(default_factory=dict)

    def values(self, reader: Reader, used: Collection[str]) -> dict[str, str]:
        """Tag -> value for the tags in use: everything that is known to help, unless a mailer cannot carry it.

        Raises NoticeRefused when even the shortest form exceeds what a mailer takes.
        """
        found: dict[str, str] = {}
        for most in MOST_LINES:
            found = self._values(reader, used, most)
            size = sum(len(tag.encode()) + len(value.encode()) for tag, value in found.items())
            if size <= ROOM_BYTES:
                return found
        if size > LIMIT_BYTES:
            raise NoticeRefused(
                f"The values of one reader take {size} bytes; a mailer takes {LIMIT_BYTES}.",
                "No notice of this revision was frozen; nothing was sent.",
                "Shorten the sentences in words.j2.",
            )
        return found

    def _values(self, reader: Reader, used: Collection[str], most: int) -> dict[str, str]:
        arguments: Mapping[str, tuple[Value, ...]] = {
            "greeting": (greeting_name(reader.name),),
            "minor": (reader.minor,),
            "accounts": (reader.accounts,),
            **dict.fromkeys(LISTS, (reader.types, most)),
        }
        return {
            tag: self._rendered(form, part, arguments.get(part, (reader.types,)))
            for form, tags in self.tags.items()
            for part, tag in tags.items()
            if tag in used
        }

    def _rendered(self, form: Form, part: str, arguments: tuple[Value, ...]) -> str:
        if part == "greeting" and arguments[0]:
            return self._greeting(form, str(arguments[0]))
        key = (form, part, arguments)
        if key not in self._known:
            self._known[key] = self._render(form, part, *arguments)
        return self._known[key]

    def _greeting(self, form: Form, name: str) -> str:
        """In plain text a right-to-left name is isolated, as <bdi> does it in HTML."""
        rtl = any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in name)
        return self._render(form, "greeting", f"\u2068{name}\u2069" if rtl and form is Form.TEXT else name)

    def _render(self, form: Form, part: str, *arguments: Value) -> str:
        if form not in self._modules:
            context: dict[str, Value] = {"words_file": f"{self.locale}/words.j2", "words": words_in(self.locale)}
            self._modules[form] = load(form, TEMPLATE, context)
        said = say(self._modules[form], part, *arguments).strip()
        # A text value that may be empty brings the empty line after it along.
        return f"{said}\n\n" if said and form is Form.TEXT and part in {"minor", "accounts"} else said


def greeting_name(name: str) -> str:
    """The name to greet with; none when it is a link or an address, which a mail program would make clickable."""
    clean = clean_name(name)
    return "" if re.search(r"://|www\.|\w@\w", clean, re.IGNORECASE) else clean


def sample_reader(locale: Locale, types: Sequence[str]) -> Reader:
    """An invented person, for previews and staff seeds."""
    name = {Locale.DE: "Kim Beispiel"}.get(locale, "Kim Sample")
    return Reader(name=name, types=tuple(types) or (DataType.EMAIL.value,), accounts=1, minor=False)
