"""The report as the plain text that is approved and filed: the same record gives the same bytes."""

import textwrap
from datetime import datetime

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from breach.law.words import one_line, say_time
from schemas.filing import UNKNOWN, Filing, FilingKind

WIDTH = 96
"""Characters a line: fits a printed page and a form's text box."""
KIND_WORDS = {
    FilingKind.COMPLETE: "Complete report",
    FilingKind.INCOMPLETE: "First report, incomplete: what is marked as unknown follows",
    FilingKind.FOLLOW_UP: "Follow-up report",
    FilingKind.WITHDRAWAL: "Withdrawal of a report",
}


def render_filing(filing: Filing) -> str:
    """The text for the authority; what only we need (where, by when) stands in the record beside it."""
    organisation = next(
        (field.lines[0] for field in filing.fields if field.field in {"controller", "organisation"} and field.lines),
        UNKNOWN,
    )
    text = (
        _environment()
        .get_template("filing.txt.j2")
        .render(
            filing=filing,
            kind_words=KIND_WORDS[filing.kind]
            + (" in phases" if filing.kind is FilingKind.INCOMPLETE and filing.phases else ""),
            sender=organisation,
            unknown=UNKNOWN,
            said=_said,
            lines=_lines,
        )
    )
    return text.strip("\n") + "\n"


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("breach.law.filings", "templates"),
        undefined=StrictUndefined,
        autoescape=False,  # plain text: every value has passed one_line
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrapped"] = _paragraphs
    environment.filters["plain"] = one_line
    return environment


def _said(moment: datetime) -> str:
    return say_time(moment)


def _lines(lines: tuple[str, ...]) -> str:
    """One indented paragraph a line; the sign for the unknown where there is none."""
    return "\n".join(_wrapped(line, "    ") for line in lines or (UNKNOWN,))


def _paragraphs(words: str, indent: str) -> str:
    return "\n".join(_wrapped(line, indent) for line in map(one_line, words.splitlines()) if line)


def _wrapped(line: str, indent: str) -> str:
    return textwrap.fill(
        line, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
