"""The words a rule may use. Closed: another word in a rule file is an error, and so is a word no rule uses."""

from enum import StrEnum


class Holder(StrEnum):
    """Whose duty it is. A joint controller is a controller, and has a duty or two beside."""

    CONTROLLER = "controller"
    JOINT = "joint controller"
    PROCESSOR = "processor"


class RecipientKind(StrEnum):
    """Who must be told."""

    AUTHORITY = "authority"
    INDIVIDUAL = "individual"
    CONTROLLER = "controller"
    INTERNAL_RECORD = "internal_record"
    CREDIT_AGENCY = "credit_agency"
    MEDIA = "media"
    PARTNER_ORG = "partner_org"


class Happening(StrEnum):
    """What must have happened to the data."""

    ANY_BREACH = "any breach"
    ANY_BREACH_OR_USE = "any breach, or unauthorised use"
    ACQUISITION = "acquisition"
    UNLAWFUL_ACQUISITION = "unlawful acquisition"
    ACCESS = "access"
    UNAUTHORISED_ACCESS = "unauthorised access"
    ACCESS_AND_ACQUISITION = "access and acquisition"
    ACCESS_OR_ACQUISITION = "access or acquisition"
    ACQUISITION_OR_USE = "acquisition or use"
    ACQUISITION_OR_DISCLOSURE = "acquisition or unauthorised disclosure"
    ACQUISITION_ACCESS_USE_DISCLOSURE = "acquisition, access, use or disclosure"
    ACCESS_USE_DISCLOSURE = "access, use or disclosure"
    ACCESS_DISCLOSURE_LOSS = "access, disclosure or loss"
    TRANSFER = "unauthorised transfer"
    LOSS_THEFT_LEAK = "loss, theft, leak, alteration or damage"
    LEAK_LOSS_DAMAGE = "leak, loss or damage"
    LEAK_TAMPER_LOSS = "leak, tampering or loss"
    POSSIBLE_LEAK = "possible leak"
    SIGNIFICANT_INCIDENT = "significant incident"
    MAJOR_INCIDENT = "major incident"
    SEVERE_INCIDENT = "severe incident"
    CYBER_INCIDENT = "cyber incident"
    LISTED_INCIDENT = "listed incident"
    GRADED_INCIDENT = "graded incident"
    INCIDENT = "incident at the service"
    EXPLOITED_VULNERABILITY = "actively exploited vulnerability"
    FOLLOW_UP = "follow-up"
    AUTHORITY_ORDER = "order of the authority"


class Link(StrEnum):
    """What ties a case to a jurisdiction."""

    ESTABLISHMENT = "establishment"
    RESIDENTS = "residents"
    CONTRACT = "contract"


class Confidence(StrEnum):
    """How sure the rule's main fact is."""

    PRIMARY = "verified-primary"
    SECONDARY = "verified-secondary"
    MEMORY = "memory"


class Question(StrEnum):
    """Facts of the organisation that can take it outside a law."""

    TURNOVER = "turnover_over_aud_3m"


class RuleStatus(StrEnum):
    """Whether the rule is law."""

    IN_FORCE = "in force"
    PENDING = "pending"
    PROPOSED = "proposed"
    UNCERTAIN = "uncertain"
    VOLUNTARY = "voluntary"
    NO_DUTY = "no duty found"
    CONTRACT = "contract"


class Scope(StrEnum):
    """Who is counted towards a threshold."""

    RESIDENTS = "residents"
    ONE_STATE = "residents of one state"
    NOTIFIED = "people notified"
    TOTAL = "individuals in total"


class Encryption(StrEnum):
    """What protection of the data does to the duty."""

    CONSIDERED = "considered"
    SAFE_HARBOUR = "does not count unless the key was taken"
    NONE = "no exemption"
