"""The last net: a logging filter that hides what looks like a member before a line is stored."""

import logging
import re

HIDDEN = "[hidden]"
LOOKS_PERSONAL = re.compile(
    r"""
    [^\s@<>"'(]{1,64}@[^\s@<>"')]{2,255}              # an e-mail address
    | (?<![\w.-])\+?\d[\d\s().-]{8,}\d(?![\w-])       # a phone or card number, spaced as people do
    | (?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])      # an IPv4 address
    | (?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}(?![\w:])  # an IPv6 address
    """,
    re.VERBOSE,
)
OURS = re.compile(r"^(127\.0\.0\.1|0\.0\.0\.0|\d{4}-\d{2}-\d{2}[\dT:.\s-]*)$")
"""Loopback addresses and dates look alike and are nobody's."""


def redact(text: str) -> str:
    """The text with everything that looks personal hidden."""
    return LOOKS_PERSONAL.sub(lambda hit: hit.group() if OURS.match(hit.group()) else HIDDEN, text)


class RedactingFilter(logging.Filter):
    """Rewrites each record: message merged and redacted, tracebacks cut to their type and place."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through, rewritten."""
        record.msg, record.args = redact(record.getMessage()), None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = f"{record.exc_info[0].__module__}.{record.exc_info[0].__name__}"
            record.exc_info = None
        elif record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True
