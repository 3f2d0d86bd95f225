"""The template engine: sandboxed, strict, and one content file for both the HTML and the text of a letter."""

import re
import textwrap
from enum import StrEnum
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.environment import TemplateModule
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from breach.errors import NoticeRefused

TEMPLATES = Path(__file__).parent / "templates"
TEXT_WIDTH = 72
GLUE = "\x1e"
"""Ends a value in a text letter that may be empty: what follows comes directly after it."""

Value = object


class Form(StrEnum):
    """The two forms of one letter."""

    HTML = "html"
    TEXT = "txt"


@cache
def environment(form: Form) -> ImmutableSandboxedEnvironment:
    """Autoescaping in HTML; a missing value is an error in both."""
    found = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=form is Form.HTML,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    found.filters |= {"flow": _flow, "wrap": _wrap, "tidy": _tidy, "hang": _hang}
    return found


def load(form: Form, template: str, context: dict[str, Value]) -> TemplateModule:
    """A template file with its values, ready for its macros. Raises NoticeRefused when the file is faulty."""
    try:
        return environment(form).get_template(template).make_module({**context, "layout": f"layout.{form}.j2"})
    except TemplateError as error:
        raise _refused(template, error) from None


def say(module: TemplateModule, macro: str, *arguments: Value) -> str:
    """What one macro says. Raises NoticeRefused when a value is missing."""
    try:
        return str(getattr(module, macro)(*arguments))
    except TemplateError as error:
        raise _refused(macro, error) from None


def render(form: Form, template: str, macro: str, context: dict[str, Value]) -> str:
    """One macro of a template file, once."""
    return say(load(form, template, context), macro)


def _refused(where: str, error: TemplateError) -> NoticeRefused:
    """Says which part and what kind of fault; Jinja's own sentence stays out, it may quote a value."""
    return NoticeRefused(
        f"The letter could not be rendered: {type(error).__name__} in {where}.",
        "No notice of this revision was frozen; nothing was sent.",
        "Correct the template or the facts it needs.",
    )


def _flow(text: str) -> str:
    """One line, one space between words; stays marked safe when it was."""
    joined = " ".join(str(text).split())
    return Markup(joined) if isinstance(text, Markup) else joined  # noqa: S704 (was safe before)


def _wrap(text: str) -> str:
    return textwrap.fill(_flow(text), TEXT_WIDTH, break_long_words=False, break_on_hyphens=False)


def _hang(text: str, mark: str) -> str:
    """A list item: the mark, and all further lines indented below its text."""
    return textwrap.fill(
        _flow(text),
        TEXT_WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _tidy(text: str) -> str:
    """At most one empty line in a row; nothing after a value that may be empty."""
    # Not splitlines() and a bare rstrip(): both take the glue for white space.
    lines = "\n".join(line.rstrip(" \t") for line in str(text).split("\n"))
    return re.sub(rf"{GLUE}\s*", "", re.sub(r"\n{3,}", "\n\n", lines)).strip() + "\n"
