"""A row of the definitions table as a definition: its columns of yes and no as one expression over the elements."""

from typing import Any

from breach.law.import_words import CREDENTIALS, ELEMENTS

Row = dict[str, str]
IDENTIFIERS = "(name or username or email or phone)"


def definition_of(row: Row) -> dict[str, Any]:
    """Shape of breach.law.rule.Definition, still plain."""
    return {
        "law": row["law"],
        "citation": row["citation"] if len(row["citation"]) > 2 else "no article is named in the table",
        "model": row["definition_model"],
        "place": row["jurisdiction"],
        "data": _data(row),
        "name_required": row["name_required"],
        "credentials": row["credentials_rule"],
        "other_elements": row["other_elements"],
        "without_name": row["elements_without_name_can_trigger"],
        "encryption": row["encryption_safe_harbour"],
        "paper": row["paper_covered"],
        "answers": {
            "email_username_password": row["leak_A_email_username_plain_or_cracked_password"],
            "email_username_strong_hash": row["leak_B_email_username_strong_salted_hash"],
            "email_username_messages": row["leak_C_email_username_messages_no_password"],
            "real_name_email_password": row["leak_D_real_name_email_password"],
        },
        "note": row["notes"],
        "source": plain_source(row["source"]),
        "confidence": row["confidence"],
        "as_of": "2026-11-22",
    }


def plain_source(said: str) -> str:
    """What was read, without how it was kept."""
    return said.replace(" (stored)", "").replace(" (stored page)", "").replace("stored ", "").replace("stored,", "")


def _data(row: Row) -> dict[str, Any]:
    if row["name_required"] == "no":
        return {"certain": "anything", "encryption": _encryption(row)}
    found: dict[str, Any] = {"certain": _certain(row), "encryption": _encryption(row)}
    possible, note = _without_name(row)
    if possible:
        found |= {"possible": possible, "note": note}
    return found


def _encryption(row: Row) -> str:
    said = row["encryption_safe_harbour"]
    if said.startswith("yes"):
        return "does not count unless the key was taken"
    return "no exemption" if said.startswith("none") or said == "yes" else "considered"


def _elements(row: Row) -> list[str]:
    found = [element for column, element in ELEMENTS.items() if row[column].startswith("y")]
    if row["geolocation"].startswith("y"):
        found.append("precise_location" if "precise" in row["geolocation"] else "location")
    return found


def _certain(row: Row) -> str:
    """A name (or another identifier) with a listed element, or what counts without one."""
    rule = row["credentials_rule"]
    elements = [*_elements(row), *filter(None, [CREDENTIALS.get(rule)])]
    any_identifier = row["name_required"].startswith(("any_identifier", "yes_or_other"))
    who = IDENTIFIERS if any_identifier else "name"
    parts = [f"({who} and ({' or '.join(elements)}))"]
    if rule == "standalone":
        parts.append("((email or username) and password)")
    if rule == "email_account_only":
        parts.append("(email and email_password)")
    if row["name_required"] == "yes_except_SSN":
        parts.append("ssn")
    if row["elements_without_name_can_trigger"].startswith("partly"):
        parts.append("account_with_code")
    return " or ".join(parts)


def _without_name(row: Row) -> tuple[str, str]:
    said = row["elements_without_name_can_trigger"]
    if said.startswith("yes (if enough"):
        unnamed = [one for one in _elements(row) if one not in {"date_of_birth", "location", "precise_location"}]
        return " or ".join(unnamed), "Without a name such data count when they are enough for identity theft."
    if said == "yes (health)":
        note = "Health information that identifies a person counts without any other element; nobody has looked for it."
        return "medical or closed_area_posts", note
    return "", ""
