"""Which way a chunk may go, as data. Every statement that moves a chunk takes its `from` states here."""

from enum import StrEnum
from types import MappingProxyType

from schemas.sending import ChunkState

P, C, R = ChunkState.PLANNED, ChunkState.CLAIMED, ChunkState.REQUESTED
A, X, D, K = ChunkState.ACCEPTED, ChunkState.REJECTED, ChunkState.IN_DOUBT, ChunkState.CANCELLED


class Move(StrEnum):
    """What can be done to a chunk."""

    CLAIM = "claim"
    REQUEST = "request"
    RETURN = "return: a new holder found it claimed; nothing had left, requests are fenced"
    PUT_BACK = "put back: its own attempt says that nothing was taken"
    COMPLETE = "complete: its own attempt has the mailer's answer"
    COMPLETE_LATE = "complete late: an older attempt has the mailer's answer"
    DOUBT = "doubt"
    SETTLE_ACCEPTED = "settle: it was taken"
    SETTLE_AGAIN = "settle: send what was not taken"
    SETTLE_CANCELLED = "settle: do not send"
    CANCEL = "cancel: another plan takes its place"


FROM: MappingProxyType[Move, frozenset[ChunkState]] = MappingProxyType(
    {
        Move.CLAIM: frozenset({P}),
        Move.REQUEST: frozenset({C}),
        Move.RETURN: frozenset({C}),
        Move.PUT_BACK: frozenset({C, R, D}),
        # An answer is never thrown away, whatever the chunk became while it was on its way.
        Move.COMPLETE: frozenset({P, R, D, K}),
        Move.COMPLETE_LATE: frozenset({P, C, R, A, X, D, K}),
        Move.DOUBT: frozenset({R}),
        Move.SETTLE_ACCEPTED: frozenset({D}),
        Move.SETTLE_AGAIN: frozenset({D}),
        Move.SETTLE_CANCELLED: frozenset({D}),
        Move.CANCEL: frozenset({P}),
    }
)

UNSETTLED = frozenset({C, R, D})
"""States in which somebody may be being told at this moment, or it is not known."""
DONE = frozenset({A, X, K})
"""States after which a wave has nothing more to do for a chunk."""


class Completion(StrEnum):
    """What became of a reported answer."""

    RECORDED = "recorded"
    LATE = "recorded late: the chunk had moved on"
    ALREADY = "known already"


class Resolution(StrEnum):
    """How a doubt ends: by evidence, or by a named human."""

    ACCEPTED = "the mailer has taken all of it"
    SEND_AGAIN = "send what was not taken"
    CANCELLED = "do not send it"
