"""The last net: a logging filter that hides what looks like a member before a line is stored."""

import ipaddress
import logging
import re

HIDDEN = "[hidden]"
UNREADABLE = "[a log line that could not be put together]"
PIECES = re.compile(
    r"""
    (?P<address> (?:"[^"\n]{1,64}"|[^\s@<>(]{1,64})(?:@|%40)[^\s@<>"')]{1,255} )
    # Ours, looked for before numbers: run ids, times and dates, digests.
    | (?P<ours>
        (?<![\w.-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])
        | (?<![\w.-])\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w-])
        | (?<![\w:.])\d{2}:\d{2}:\d{2}(?:[.,]\d{1,6})?(?![\w.:]|:[0-9a-fA-F])
        | (?<!\w)[0-9a-f]{64}(?!\w)
      )
    | (?P<ipv6> (?<!\w)(?:[0-9a-fA-F]{0,4}:){2,8}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F]{0,4})(?!\w) )
    | (?P<ipv4> (?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d) )
    | (?P<number> (?<![\w.-])\+?\d[\d\s().-]{8,}\d(?![\w-]) )  # a phone or card number, spaced as people do
    """,
    re.VERBOSE,
)


def redact(text: str) -> str:
    """The text with e-mail and network addresses, phone and card numbers hidden.

    What looks alike and is nobody's stays: dates and times, run ids, digests, this machine's own addresses.
    """
    return PIECES.sub(_hidden, text)


def _hidden(hit: re.Match[str]) -> str:
    found = hit.group()
    match hit.lastgroup:
        case "ours":
            return found
        case "ipv6" | "ipv4":
            return HIDDEN if _is_somebodys(found) else found
        case _:
            return HIDDEN


def _is_somebodys(found: str) -> bool:
    """Whether this is a network address that is not this machine's own. Times have colons, too."""
    try:
        address = ipaddress.ip_address(found if found.endswith("::") else found.removesuffix(":"))
    except ValueError:
        # 300.1.1.1 is no address and hidden all the same; so is a network card's number. A time has 3 colons at most.
        return "." in found or found.count(":") > 3
    return not (address.is_loopback or address.is_unspecified)


class RedactingFilter(logging.Filter):
    """Rewrites each record: message merged and redacted, tracebacks cut to their type and place."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through, rewritten."""
        record.msg, record.args = redact(_merged(record)), None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = f"{record.exc_info[0].__module__}.{record.exc_info[0].__name__}"
            record.exc_info = None
        elif record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True


def _merged(record: logging.LogRecord) -> str:
    """The message with its arguments in it. A filter that raises would end the task that only wanted to log."""
    try:
        return record.getMessage()
    except Exception:  # an argument's own __str__ can raise anything
        return UNREADABLE
