"""What the words of the law tables mean in a rule file: one row here for each thing the tables say in their own way."""

from breach.law.vocabulary import Happening, RuleStatus, Scope
from schemas.law_facts import RiskTest, Sector

EVENTS = {
    "": Happening.ANY_BREACH,
    "any_breach": Happening.ANY_BREACH,
    "any_breach_or_use": Happening.ANY_BREACH_OR_USE,
    "acquisition": Happening.ACQUISITION,
    "unlawful_acquisition": Happening.UNLAWFUL_ACQUISITION,
    "access": Happening.ACCESS,
    "unauthorised_access": Happening.UNAUTHORISED_ACCESS,
    "access_and_acquisition": Happening.ACCESS_AND_ACQUISITION,
    "access_or_acquisition": Happening.ACCESS_OR_ACQUISITION,
    "acquisition_or_use": Happening.ACQUISITION_OR_USE,
    "acquisition_or_unauthorised_disclosure": Happening.ACQUISITION_OR_DISCLOSURE,
    "acquisition_access_use_disclosure": Happening.ACQUISITION_ACCESS_USE_DISCLOSURE,
    "access_use_disclosure": Happening.ACCESS_USE_DISCLOSURE,
    "access_disclosure_loss": Happening.ACCESS_DISCLOSURE_LOSS,
    "unauthorised_transfer": Happening.TRANSFER,
    "loss_theft_leak": Happening.LOSS_THEFT_LEAK,
    "leak_loss_damage": Happening.LEAK_LOSS_DAMAGE,
    "leak_tamper_loss": Happening.LEAK_TAMPER_LOSS,
    "possible_leak": Happening.POSSIBLE_LEAK,
    "significant_incident": Happening.SIGNIFICANT_INCIDENT,
    "major_incident": Happening.MAJOR_INCIDENT,
    "severe_incident": Happening.SEVERE_INCIDENT,
    "cyber_incident": Happening.CYBER_INCIDENT,
    "cyber_event": Happening.CYBER_INCIDENT,
    "listed_incident": Happening.LISTED_INCIDENT,
    "graded_incident": Happening.GRADED_INCIDENT,
    "incident": Happening.INCIDENT,
    "exploited_vulnerability": Happening.EXPLOITED_VULNERABILITY,
    "follow_up": Happening.FOLLOW_UP,
    "authority_order": Happening.AUTHORITY_ORDER,
}
RISKS = {
    "": RiskTest.NONE,
    "none": RiskTest.NONE,
    "tbd": RiskTest.NONE,
    "if individual notice is due": RiskTest.NONE,
    "risk_not_unlikely": RiskTest.RISK_NOT_UNLIKELY,
    "risk": RiskTest.RISK,
    "high": RiskTest.HIGH,
    "serious_harm": RiskTest.SERIOUS_HARM,
    "suspected_serious_harm": RiskTest.SUSPECTED_SERIOUS_HARM,
    "risk_serious_injury": RiskTest.SERIOUS_INJURY,
    "relevant_risk": RiskTest.RELEVANT_RISK,
    "low_probability_exempt": RiskTest.UNLESS_LOW_PROBABILITY,
    "RROSH": RiskTest.SIGNIFICANT_HARM,
    "significant_harm": RiskTest.SIGNIFICANT_HARM,
    "significant_harm_or_scale": RiskTest.SIGNIFICANT_HARM_OR_SCALE,
    "real_risk_harm": RiskTest.REAL_RISK,
    "real_risk_serious_harm": RiskTest.REAL_RISK_SERIOUS,
    "adverse_effect": RiskTest.ADVERSE_EFFECT,
    "potential_harm": RiskTest.POTENTIAL_HARM,
    "prejudice_privacy": RiskTest.PREJUDICE,
    "compromise": RiskTest.PREJUDICE,
    "infringes_rights": RiskTest.RIGHTS_INFRINGED,
    "significantly_affects_rights": RiskTest.RIGHTS_INFRINGED,
    "reasonable_risk": RiskTest.REASONABLE_RISK,
    "listed_category": RiskTest.LISTED_CATEGORY,
    "significant_impact": RiskTest.SIGNIFICANT_IMPACT,
    "significant_loss": RiskTest.SIGNIFICANT_IMPACT,
    "substantial": RiskTest.SIGNIFICANT_IMPACT,
    "major": RiskTest.MAJOR,
    "relatively_major": RiskTest.MAJOR,
    "financial_interest": RiskTest.FINANCIAL_INTEREST,
    "needed_for_protection": RiskTest.NEEDED_FOR_PROTECTION,
    "serious_damage": RiskTest.SERIOUS_DAMAGE,
    "harm_not_avoided": RiskTest.HARM_NOT_AVOIDED,
    "material": RiskTest.MATERIAL,
    "material_disruption": RiskTest.MATERIAL,
}
STATUSES = {
    "in_force": RuleStatus.IN_FORCE,
    "in_force_regulation_pending": RuleStatus.IN_FORCE,
    "not_yet_in_force": RuleStatus.PENDING,
    "proposed": RuleStatus.PROPOSED,
    "not_commenced": RuleStatus.PROPOSED,
    "uncertain": RuleStatus.UNCERTAIN,
    "voluntary": RuleStatus.VOLUNTARY,
    "no_duty_found": RuleStatus.NO_DUTY,
    "no_express_duty": RuleStatus.NO_DUTY,
    "contract": RuleStatus.CONTRACT,
}
SCOPES = {
    "residents of a State": Scope.ONE_STATE,
    "people notified": Scope.NOTIFIED,
    "people notified at one time": Scope.NOTIFIED,
    "people to be notified at one time": Scope.NOTIFIED,
    "individuals notified": Scope.NOTIFIED,
    "individuals": Scope.TOTAL,
    "individuals (total)": Scope.TOTAL,
    "individuals (total, not only residents)": Scope.TOTAL,
    'people whose personal information leaked (annex, "relatively major")': Scope.TOTAL,
    "consumers": Scope.TOTAL,
    "customers": Scope.TOTAL,
}
"""Everything else counts residents. Where a law leaves the unit open, the larger reading is the safe one."""
SECTORS = {
    "EU-EDPS": Sector.EU_INSTITUTION,
    "EU-NIS2": Sector.NIS2_ENTITY,
    "EU-DORA": Sector.FINANCIAL_ENTITY_EU,
    "EU-EPRIV": Sector.TELECOM,
    "EU-CRA": Sector.PRODUCT_MAKER,
    "GB-PECR": Sector.TELECOM,
    "GB-NIS": Sector.ESSENTIAL_SERVICE_GB,
    "AE-DIFC": Sector.DIFC,
    "AE-ADGM": Sector.ADGM,
    "VN-SECTOR": Sector.SOCIAL_SERVICE_VN,
    "US-HIPAA": Sector.HEALTH_CARE_US,
    "US-IL-HIPAA": Sector.HEALTH_CARE_US,
    "US-NY-HIPAA": Sector.HEALTH_CARE_US,
    "US-HBNR": Sector.HEALTH_RECORDS_US,
    "US-CA-MED": Sector.CLINIC_CA,
    "US-GLBA": Sector.FINANCE_US,
    "US-BANK": Sector.BANK_US,
    "US-SEC": Sector.PUBLIC_COMPANY_US,
    "US-FCC": Sector.CARRIER_US,
    "US-INS": Sector.INSURER_US,
    "US-NY-DFS": Sector.DFS_NY,
    "US-NY-AG4": Sector.DFS_NY,
    "US-CIRCIA": Sector.INFRASTRUCTURE_US,
    "US-GA-": Sector.INFORMATION_BROKER,
}
"""Beginning of the id: whose duty it is. The tables say it in words ("only financial entities", "if HIPAA entity")."""
HEALTH = {
    "certain": "medical or health_insurance",
    "possible": "closed_area_posts or profile_details",
    "note": "What people wrote or said of themselves in such a service may be about their health.",
}
DATA: dict[str, str | dict[str, str]] = {
    "": {"certain": "anything"},
    "any": {"certain": "anything"},
    "any_personal_data": {"certain": "anything"},
    "as above": {"certain": "anything"},
    "as individual row": "definition",
    "as US-OR-IND": "definition",
    "US state PI definition (see law-definitions.csv)": "definition",
    "PHI": HEALTH,
    "PHR identifiable health info": HEALTH,
    "medical": HEALTH,
    "card_data": {"certain": "payment_card or account_with_code"},
    "platform_api_data": {"certain": "anything"},
    "nonpublic information": {"certain": "anything"},
    "customer financial information": {
        "certain": "account_number or account_with_code or payment_card or financial_login",
        "possible": "closed_area_posts or profile_details",
        "note": "Nobody has looked yet whether posts or profiles held financial information.",
    },
    "CPNI and PII": {"certain": "anything"},
    "sensitive|identity_fraud_enabling|credentials": {
        "certain": "password or ssn or drivers_license or government_id or tax_id or account_with_code or medical "
        "or special_category"
    },
    "sensitive|credentials": {"certain": "password or medical or special_category"},
    "sensitive|minors<14|financial": {
        "certain": "special_category or medical or payment_card or account_number or account_with_code",
        "possible": "anything",
        "note": "Data of children under fourteen count, too; ages are not known here.",
    },
}
"""What is not listed here leaves the data open ("anything"): the count or a person decides."""
SENSITIVE = "special_category or medical or account_with_code"
COUNTS: dict[str, dict[str, object]] = {
    "JP-APPI-26-PRE": {
        "or_attack": True,
        "or_data": SENSITIVE,
        "or_else": "the data could cause damage to property, or an unlawful purpose is suspected",
    },
    "KR-PIPA-34-A": {"or_attack": True, "or_data": f"{SENSITIVE} or ssn or government_id or drivers_license"},
    "SG-PDPA-26D-A": {
        "or_data": "(name and (ssn or government_id or account_with_code or medical or special_category)) "
        "or ((email or username) and password)",
    },
    "MY-PDPA-12B-A": {"or_else": "it causes or may cause significant harm as listed"},
    "CN-CAC-INC": {"or_else": "the general clauses of the grading table reach that grade"},
    "US-OR-VENDOR-AG": {"or_else": "the number of people is not known"},
}
"""What makes a number needless."""
DEADLINES = {
    "asap(verified)": "asap(incident_verified)",
    "asap(statement_ready)": "asap(after_authority_statement)",
    "asap(reasonable_grounds_to_believe)": "asap(aware)",
}
HOLD_ENDS = {"US-AZ-IND": "+45cd", "US-ME-IND": "+7bd"}
"""Clocks of their own that begin when law enforcement lets go."""
CALENDARS = {"US-ME-IND": "US-ME", "US-SEC-105": "US", "US-FCC-64-2011": "US"}
"""Whose business days, where that is not the jurisdiction's own."""
FOLLOWS = {
    "JP-APPI-26-FIN": "JP-APPI-26-PRE",
    "JP-APPI-26-I": "JP-APPI-26-PRE",
    "AU-NDB-26WL-PUB": "AU-NDB-26WK",
    "EU-GDPR-34-3C": "EU-GDPR-34-1",
}
INSTEAD_OF = {
    "AU-NDB-26WL-PUB": "AU-NDB-26WL",
    "EU-GDPR-34-3C": "EU-GDPR-34-1",
    "KR-PIPA-34-WEB": "KR-PIPA-34-I",
}
SAME_AS = {"EU-GDPR-33-1-CROSS": "EU-GDPR-33-1"}
FLAGS_ALWAYS_MET = (
    "if Ukrainian users",
    "if Israeli database",
    "if residents of Korea may be affected",
    "if servers or users in India",
    "if residents of Guam are affected",
)
"""Conditions that are met wherever the rule reaches at all: they ask counsel every time."""
NOTES_NOT_FLAGS = ("public announcement by the agency",)
CREDENTIALS = {
    "with_name": "password",
    "with_name_any_password": "sensitive_login",
    "with_name_limited_account": "sensitive_login",
    "financial_only": "financial_login",
}
"""Logins that count only together with a name; `standalone` and `email_account_only` need none."""
ELEMENTS = {
    "ssn": "ssn",
    "dl_state_id": "drivers_license",
    "other_gov_id_passport": "government_id",
    "tax_id": "tax_id",
    "financial_account_plus_code": "account_with_code",
    "card_or_account_number_alone": "payment_card or account_number",
    "medical": "medical",
    "health_insurance": "health_insurance",
    "biometric": "biometric",
    "genetic": "genetic",
    "dob": "date_of_birth",
}
"""Column of the definitions: what it is called in an expression."""
