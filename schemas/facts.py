"""Names of the things a person may report after the case is open."""

from enum import StrEnum


class FactName(StrEnum):
    """Which fact has become known or has changed."""

    AREAS = "areas reached, separated by commas"
    SENSITIVE_AREAS = "areas about health, belief and the like, as area=category, separated by commas, or none"
    LEAK_FROM = "data was reachable from"
    LEAK_UNTIL = "data was reachable until"
    AWARE_AT = "when we became aware"
    PLATFORM_AWARE_AT = "when the platform itself knew"
    PROFILES_EXPOSED = "whether member records were reachable"
    CAUSE = "who caused it"
    CERTAINTY = "how certain it is"
    ONGOING = "whether data is still reachable"
    ROSTER_EXPORT = "file name of the member list"
    CONTENT_EXPORTS = "file names of the message exports, separated by commas"
    TIME_ZONE = "the organisation's time zone"
    ESTABLISHED_IN = "where the organisation is established"
    ROLE = "the organisation's role under data protection law"
    PLATFORM_CONNECTION = "the platform connection"
    ATTACK = "whether somebody broke in"
    SMALL_AGENT = "whether you are a small processing agent (Brazil)"
    SECTORS = "lines of business, by their short names, separated by commas; none: the word none"
    RULE_PACK = "the rule pack to decide with, by the first 12 digits of its hash"
    POSTS = "whether posts were reachable"
    DIRECT_MESSAGES = "whether direct messages were reachable"
    ATTACHMENTS = "whether attachments were reachable"
    MESSAGE_IDS = "file name of the list of message ids"
    MEMBER_IDS = "file name of the list of member ids"
    ATTACHMENT_IDS = "file name of the list of attachment ids"
    EXPECTED = "how many members there should be"
    ACCEPTED = "why a member list that fails its contract is believed"


class PaperName(StrEnum):
    """The first-hour papers, sent by hand."""

    LETTER = "letter to the provider"
    COUNSEL = "brief for counsel"
    CHECKLIST = "first-hour checklist"
