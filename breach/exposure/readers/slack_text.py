"""Slack's markup as plain text: each address, number and link once."""

import re

_TAG = re.compile(r"<([^<>|\n]*)(?:\|([^<>\n]*))?>")
_ESCAPED = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""The three that Slack writes; &amp; last, or '&amp;lt;' would become '<'."""


def plain_text(text: str) -> str:
    """A message as people see it. Slack writes <mailto:a@b|a@b>, <tel:…|…>, <https://…|label>, <@U…>, <#C…|name>."""
    if "<" in text:
        text = _TAG.sub(lambda tag: _shown(tag[1], tag[2] or ""), text)
    if "&" in text:
        for written, meant in _ESCAPED:
            text = text.replace(written, meant)
    return text


def _shown(target: str, label: str) -> str:
    sign, rest = target[:1], target[1:]
    if sign == "@":
        return f"@{rest}"
    if sign in {"#", "!"} and rest:
        return f"{'#' if sign == '#' else '@'}{label or rest}"
    for scheme in ("mailto:", "tel:"):
        if target.startswith(scheme):
            target = target.removeprefix(scheme)
            break
    return label if _same(target, label) else f"{label} {target}".strip()


def _same(target: str, label: str) -> bool:
    """The label says all that the target does: the same letters and digits, or the link without its scheme."""
    told, meant = re.sub(r"[\W_]", "", label).casefold(), re.sub(r"[\W_]", "", target).casefold()
    return bool(told) and (told == meant or meant in {f"http{told}", f"https{told}"})
