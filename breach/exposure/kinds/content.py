"""The kinds of this folder that need no other than themselves, in the order in which they are tried at one place."""

from breach.exposure.kinds import births, crypto, macs, national_ids, passwords, tokens
from breach.exposure.kinds.kind import Kind

LINK_KINDS = (Kind("webhooks", tokens.WEBHOOKS, tokens.check),)
"""Asked before links are passed over: these are links themselves."""

CONTENT_KINDS = (
    Kind("tokens", tokens.PATTERN, tokens.check, in_links=True),
    Kind("passwords", passwords.PATTERN, passwords.check),
    Kind("births", births.PATTERN, births.check),
    Kind("crypto", crypto.PATTERN, crypto.check),
    Kind("macs", macs.PATTERN, macs.check),
    Kind("national ids", national_ids.PATTERN, national_ids.check),
)
