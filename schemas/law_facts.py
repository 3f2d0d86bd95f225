"""What the law asks of an incident beyond the form: events, elements, findings of risk, holds, contracts, sectors.

Everything is optional and open: what is not said here is unknown, and unknown falls to the safe side, aloud.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from schemas.base import Digest, Record, StaffId, ZonedTime
from schemas.severity import SeverityChoice

Words = Annotated[str, Field(pattern=r"^[^@\r\n]*$", min_length=3, max_length=300)]
"""One line of free text. No @: it is stored in the run history, where no address may go."""
PlaceCode = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
OneLine = Annotated[str, Field(pattern=r"^[^@\r\n]*$", max_length=300)]
"""The same, or empty."""
RuleId = Annotated[str, Field(pattern=r"^[A-Z]{2}[A-Z0-9-]{2,40}$")]
ElementName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,40}$")]


class Anchor(StrEnum):
    """Events a clock can start from. One incident has many, each with its own time, source and judge."""

    AWARE = "aware"
    SUSPICION = "suspicion"
    DISCOVERY = "discovery"
    DETECTION = "detection"
    NOTICING = "noticing"
    DETERMINATION = "determination"
    DETERMINATION_OR_REASON_TO_BELIEVE = "determination_or_reason_to_believe"
    DETERMINATION_OF_HARM = "determination_of_harm"
    DETERMINATION_OF_MISUSE = "determination_of_misuse"
    DISCOVERY_OR_NOTIFICATION = "discovery_or_notification"
    THIRD_PARTY_NOTICE = "third_party_notice"
    CONFIRMATION = "confirmation"
    SCOPE_IDENTIFIED = "scope_identified"
    PERSONS_IDENTIFIED = "persons_identified"
    INCIDENT_VERIFIED = "incident_verified"
    ASSESSMENT_NOTIFIABLE = "assessment_notifiable"
    CLASSIFICATION = "classification"
    MATERIALITY_DETERMINATION = "materiality_determination"
    REASONABLE_BELIEF = "reasonable_belief"
    AWARE_PERSONAL_DATA_AFFECTED = "aware_personal_data_affected"
    RISK_ASSESSED_HIGH = "risk_assessed_high"
    NEW_INFORMATION = "new_information"
    BEFORE_INDIVIDUAL_NOTICE = "before_individual_notice"
    WITH_INDIVIDUAL_NOTICE = "with_individual_notice"
    AFTER_INDIVIDUAL_NOTICE = "after_individual_notice"
    AFTER_AUTHORITY_NOTICE = "after_authority_notice"
    AFTER_AUTHORITY_STATEMENT = "after_authority_statement"


class RiskTest(StrEnum):
    """The risk a law asks about; each law has its own, one score never answers them all."""

    NONE = "none"
    RISK_NOT_UNLIKELY = "risk not unlikely"
    RISK = "risk"
    HIGH = "high risk"
    SUSPECTED_SERIOUS_HARM = "suspected serious harm"
    SERIOUS_HARM = "serious harm"
    SERIOUS_INJURY = "serious injury"
    RELEVANT_RISK = "relevant risk"
    IDENTITY_THEFT = "substantial risk of identity theft or fraud"
    UNLESS_NO_HARM = "unless no harm or misuse is likely"
    UNLESS_LOW_PROBABILITY = "unless a low probability of compromise is shown"
    SIGNIFICANT_HARM = "real risk of significant harm"
    SIGNIFICANT_HARM_OR_SCALE = "significant harm, or scale"
    REAL_RISK = "real risk of harm"
    REAL_RISK_SERIOUS = "real risk of serious harm"
    ADVERSE_EFFECT = "adverse effect"
    POTENTIAL_HARM = "potential harm"
    PREJUDICE = "prejudice to privacy, confidentiality or security"
    RIGHTS_INFRINGED = "rights infringed or significantly affected"
    REASONABLE_RISK = "reasonable risk to rights"
    LISTED_CATEGORY = "a listed category"
    SIGNIFICANT_IMPACT = "significant impact"
    MAJOR = "major incident"
    FINANCIAL_INTEREST = "impact on clients' financial interests"
    NEEDED_FOR_PROTECTION = "needed for the people's protection"
    SERIOUS_DAMAGE = "serious damage"
    HARM_NOT_AVOIDED = "harm not effectively avoided"
    MATERIAL = "material"


class Sector(StrEnum):
    """Lines of business that carry duties of their own."""

    EU_INSTITUTION = "an institution or body of the European Union"
    NIS2_ENTITY = "an essential or important entity under NIS2 (as a rule 50 people or more)"
    FINANCIAL_ENTITY_EU = "a financial entity under DORA"
    TELECOM = "a provider of public electronic communications services"
    PRODUCT_MAKER = "a manufacturer of products with digital elements (Cyber Resilience Act)"
    ESSENTIAL_SERVICE_GB = "an operator of essential services or a relevant digital service provider in the UK"
    DIFC = "registered in the Dubai International Financial Centre"
    ADGM = "registered in the Abu Dhabi Global Market"
    SOCIAL_SERVICE_VN = "a social network, online game or messaging service under Vietnamese sector rules"
    HEALTH_CARE_US = "a HIPAA covered entity or its business associate"
    HEALTH_RECORDS_US = "a vendor of personal health records or a related entity (FTC rule)"
    CLINIC_CA = "a licensed clinic or health facility in California"
    FINANCE_US = "a non-bank financial institution under the GLBA Safeguards Rule"
    BANK_US = "a banking organisation in the United States"
    PUBLIC_COMPANY_US = "a company that reports to the SEC"
    CARRIER_US = "a telecommunications or VoIP carrier in the United States"
    INSURER_US = "an insurance licensee in the United States"
    DFS_NY = "an entity supervised by the New York Department of Financial Services"
    INFRASTRUCTURE_US = "a covered critical-infrastructure entity in the United States"
    INFORMATION_BROKER = "an information broker: one that sells personal data to third parties"


class ContractKind(StrEnum):
    """Kinds of contracts; each is a rule of the pack, of the same name with hyphens."""

    CT_DPA_CLAUSE = "data processing agreement: we hold data on behalf of somebody"
    CT_PLATFORM = "the platform's developer terms"
    CT_PCI = "card payments (PCI DSS), through the acquirer"
    CT_INSURER = "cyber insurance policy"
    CT_CONTROLLER_CUSTOMER = "a promise to business customers or partners"

    @property
    def rule_id(self) -> str:
        """The rule that speaks of such contracts."""
        return self.name.replace("_", "-")


class Protection(StrEnum):
    """How an element lay in the data that leaked. Never a plain yes or no."""

    PLAIN = "readable"
    WEAK = "weakly protected: unsalted or fast hash, or cracked"
    HASHED = "salted hash that is slow to guess"
    ENCRYPTED = "strongly encrypted, the key not taken"
    KEY_TAKEN = "encrypted, and the key was taken too"


class Event(Record):
    """One thing that happened, with who decided that it had."""

    anchor: Anchor
    at: ZonedTime
    source: Words
    decided_by: StaffId
    evidence: Digest | None = None


class LeakedElement(Record):
    """An element that the exports cannot show but somebody knows of: passwords, numbers, records of health."""

    element: ElementName
    jurisdiction: PlaceCode | None = Field(default=None, description="None: anywhere.")
    persons: int | None = Field(default=None, ge=0, description="None: nobody knows; up to everybody.")
    protection: Protection = Protection.PLAIN
    source: Words


class Told(Record):
    """A notice that was given under a rule; the first one starts other clocks. Also a target of our own, met."""

    rule_id: RuleId
    at: ZonedTime
    source: Words
    jurisdiction: PlaceCode | None = Field(default=None, description="None: wherever the rule asks for it.")
    recipient: OneLine = Field(default="", description="With whom the contract is; empty: every contract of the kind.")
    late_reason: OneLine = Field(default="", description="Why it was given after its time; required then.")
    proof: Digest | None = Field(default=None, description="Digest of what proves it, such as a confirmation.")


class RiskFinding(Record):
    """One law's risk test, answered by a named person in a sentence. A 'no' counts only with counsel."""

    test: RiskTest
    met: bool
    reason: Words
    decided_by: StaffId
    counsel_agreed: bool = False


class Hold(Record):
    """Law enforcement has asked for silence."""

    since: ZonedTime
    until: ZonedTime | None = Field(default=None, description="None: it still stands.")
    agency: Words

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> "Hold":
        if self.until is not None and self.until < self.since:
            raise ValueError("a hold ends after it began; correct the two times")
        return self


class Contract(Record):
    """What a contract or a policy promises about incidents."""

    rule_id: str = Field(pattern=r"^CT-[A-Z-]{2,30}$", description="Which kind: CT-DPA-CLAUSE, CT-PLATFORM…")
    recipient: Words
    clause: Words
    hours: int | None = Field(default=None, ge=1, le=8784, description="None: the clause names no number.")
    file: OneLine = Field(default="", description="The file it was read from when the case opened; else empty.")


class TriggeringEvent(Record):
    """What made us aware: the answer to an awareness set later than something that is on record before it."""

    aware_at: ZonedTime = Field(description="The awareness that was challenged.")
    sentence: Words
    decided_by: StaffId


class Owner(Record):
    """Who sees to a duty, and is written to when its clock runs out."""

    rule_id: RuleId | None = Field(default=None, description="None: every duty that has no owner of its own.")
    staff: StaffId


class TargetName(StrEnum):
    """What we ask of ourselves. Never law."""

    LEAD_TOLD = "TARGET-LEAD-TOLD"
    SEVERITY = "TARGET-SEVERITY"
    DECISION = "TARGET-DECISION"
    INQUIRY_DESK = "TARGET-INQUIRY-DESK"


class InternalTargets(Record):
    """Hours from awareness, by our own wish. The inquiry desk has no hour: it must stand before anything is sent."""

    lead_told_hours: int = Field(default=1, ge=1, le=720)
    severity_hours: int = Field(default=2, ge=1, le=720)
    decision_hours: int = Field(default=24, ge=1, le=720)
    asap_hours: int = Field(default=72, ge=1, le=720, description="What 'as soon as possible' shall mean to us.")


class SeverityJudgement(Record):
    """A named person's own value for one factor of the severity, or for its level."""

    choice: SeverityChoice
    sentence: Words
    decided_by: StaffId
    counsel_agreed: bool = False


class LawFacts(Record):
    """All of the above for one incident. None and empty mean that nobody has said so yet."""

    events: tuple[Event, ...] = ()
    elements: tuple[LeakedElement, ...] = ()
    told: tuple[Told, ...] = ()
    risks: tuple[RiskFinding, ...] = ()
    hold: Hold | None = None
    contracts: tuple[Contract, ...] = ()
    sectors: tuple[Sector, ...] | None = Field(default=None, description="None: not asked. Empty: none of them.")
    attack: bool | None = Field(default=None, description="Unauthorised access from outside, suspected included.")
    small_agent: bool | None = Field(default=None, description="A small processing agent (Brazil).")
    triggers: tuple[TriggeringEvent, ...] = ()
    owners: tuple[Owner, ...] = Field(default=(), description="The latest entry for a rule counts; else the lead.")
    targets: InternalTargets = InternalTargets()
    stale_after_days: int = Field(
        default=365, ge=1, description="Rules that were checked longer ago than this set no clock and ask counsel."
    )
    severity: tuple[SeverityJudgement, ...] = Field(default=(), description="The latest for a factor counts.")
    rule_pack: str = Field(
        default="", pattern=r"^([0-9a-f]{12,64})?$", description="Begins the hash of a pack accepted in mid-case."
    )
