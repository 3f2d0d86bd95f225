"""A rendered HTML letter, read back: headings, the text below them, sizes, links."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

POINTS = {"pt": 1.0, "px": 0.75}
"""CSS fixes 96 px and 72 pt to the inch."""


@dataclass(slots=True)
class Section:
    """A heading and the text up to the next heading of its rank or above."""

    level: int
    heading: str
    text: str = ""


@dataclass(slots=True)
class Page:
    """What a reader of the page meets."""

    lang: str = ""
    text: str = ""
    sections: list[Section] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    links: int = 0
    steps: int = 0
    font_points: list[float] = field(default_factory=list)

    def headings(self, level: int) -> list[str]:
        """Headings of one rank, in order."""
        return [section.heading for section in self.sections if section.level == level]

    def below(self, pattern: str) -> str:
        """The text below all headings that match, their sub-headings' text included; empty when there is none."""
        found = (s.text for s in self.sections if re.fullmatch(pattern, s.heading, re.IGNORECASE))
        return one_spaced(" ".join(found))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.heading_level = 0
        self.skipped = 0
        self.in_steps = False
        self.in_paragraph = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.page.lang = given.get("lang") or ""
        elif tag in {"style", "title", "script"}:
            self.skipped += 1
        elif re.fullmatch("h[1-6]", tag):
            self.heading_level = int(tag[1])
            self.page.sections.append(Section(self.heading_level, ""))
        elif tag == "p":
            self.page.paragraphs.append("")
            self.in_paragraph = True
        elif tag == "a":
            self.page.links += 1
        elif tag == "ol":
            self.in_steps = True
        elif tag == "li" and self.in_steps:
            self.page.steps += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "title", "script"}:
            self.skipped -= 1
        elif re.fullmatch("h[1-6]", tag):
            self.heading_level = 0
        elif tag == "p":
            self.in_paragraph = False
        elif tag == "ol":
            self.in_steps = False

    def handle_data(self, data: str) -> None:
        if self.skipped:
            return
        self.page.text += f"{data} "
        if self.in_paragraph:
            self.page.paragraphs[-1] += data
        if self.heading_level:
            self.page.sections[-1].heading += data
            return
        deepest = 7
        for section in reversed(self.page.sections):
            if section.level < deepest:
                section.text += f"{data} "
                deepest = section.level


def read_page(html: str) -> Page:
    """Read a rendered letter."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    page = reader.page
    page.text = one_spaced(page.text)
    for section in page.sections:
        section.heading = one_spaced(section.heading)
    page.font_points = [float(size) * POINTS[unit] for size, unit in re.findall(r"font-size:\s*([\d.]+)(pt|px)", html)]
    return page


def one_spaced(text: str) -> str:
    """White space of any kind as single spaces."""
    return " ".join(text.split())
