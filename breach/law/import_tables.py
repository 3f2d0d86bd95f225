"""Write rule files from the two law tables, once; from then on the files are the source.

    python -m breach.law.import_tables OBLIGATIONS.csv DEFINITIONS.csv --into breach/law/rules

A row whose id (or, for a definition, whose place) is already held in the folder is left alone: what was written or
corrected by hand stays. New rows are added to the file of their jurisdiction.
"""

import argparse
import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from breach.errors import LawUnknown
from breach.law import import_words as words
from breach.law.deadline_parser import parse_deadline
from breach.law.graph import uses_business_days
from breach.law.import_definitions import definition_of, plain_source
from breach.law.rule import Definition, Rule
from breach.law.vocabulary import Scope

Row = dict[str, str]
GROUPS = {"EEA": "EFTA", "US-AS": "USISLES", "AE-DIFC": "AE", "AE-ADGM": "AE"}
"""Jurisdictions of the table whose people are found under another place."""
LAWYER = "No text of this law was read: a lawyer must confirm that it is so."
SHORT, LINE = 30, 80
"""Letters of a word in a list on one line, and of a mapping on one."""
ABROAD = "Whether this law reaches an organisation that is not there is taken as yes until counsel says otherwise."
STATE = "The law speaks to whoever holds its residents' data in business; taken as so until counsel says otherwise."


def rule_of(row: Row) -> dict[str, Any]:
    """One row of the obligations as a rule; what the schema cannot hold stands in its words and notes."""
    found: dict[str, Any] = {
        "id": row["id"],
        "regime": row["law"] if row["jurisdiction"] in {"EU", "CONTRACT"} else f"{row['law']} ({row['jurisdiction']})",
        "citation": row["citation"] if len(row["citation"]) > 2 else "no article is named in the table",
        "duty_holder": _holders(row),
        "recipient": row["recipient"],
        "recipient_name": row["recipient_name"] or "Nobody: no duty was found",
        "reach": _reach(row),
        "trigger": _trigger(row),
        "follows": _follows(row),
        "same_as": words.SAME_AS.get(row["id"]),
        "instead_of": words.INSTEAD_OF.get(row["id"]),
        "deadline": _deadline(row),
        "calendar": _calendar(row),
        "counsel": _counsel(row),
        "counsel_if": _counsel_if(row),
        "sector": next((s.value for start, s in words.SECTORS.items() if row["id"].startswith(start)), None),
        "content": [item for item in _items(row) if "MUST NOT" not in item],
        "content_bans": [item for item in _items(row) if "MUST NOT" in item],
        "exemptions": row["exemptions"],
        "notes": _notes(row),
        "in_force": {"since": row["in_force_from"]} if row["in_force_from"] else None,
        "status": words.STATUSES[row["status"]].value,
        "retention_months": int(row["retention_months"]) if row["retention_months"] else None,
        "source": plain_source(row["source"]),
        "confidence": row["confidence"],
        "as_of": row["as_of"],
    }
    return _bare(found)


def _holders(row: Row) -> list[str]:
    if row["id"] == "EU-GDPR-26":
        return ["joint controller"]
    # A state's "business" owns or licenses the data; elsewhere the word covers whoever holds them.
    both = row["duty_holder"] == "business" and not row["jurisdiction"].startswith("US")
    return ["controller", "processor"] if both else [row["duty_holder"].replace("business", "controller")]


def _reach(row: Row) -> dict[str, Any]:
    place = GROUPS.get(row["jurisdiction"], row["jurisdiction"])
    if place == "CONTRACT":
        return {"place": place, "by": ["contract"]}
    if place.startswith("US-") or place == "USISLES":
        return {"place": place, "by": ["residents"], "doubt": STATE}
    by = ["establishment"] if row["id"] in words.SAME_AS else ["establishment", "residents"]
    return {"place": place, "by": by, "doubt": ABROAD}


def _trigger(row: Row) -> dict[str, Any]:
    risk = row["trig_risk"]
    unless = risk.removeprefix("unless:") if risk.startswith("unless:") else ""
    test = "unless no harm or misuse is likely" if unless else words.RISKS[risk].value
    data = None if _follows(row) else words.DATA.get(row["trig_data"], {"certain": "anything"})
    return {
        "event": words.EVENTS[row["trig_event"]].value,
        "risk": test,
        "unless": unless,
        "words": row["trigger"],
        "data": data,
        "count": _count(row),
    }


def _count(row: Row) -> dict[str, Any] | None:
    if not row["trig_op"] or (row["trig_op"], row["trig_count"]) == (">=", "1"):
        return None
    scope = words.SCOPES.get(row["trig_scope"], Scope.RESIDENTS).value
    more = words.COUNTS.get(row["id"], {})
    return {"op": row["trig_op"], "number": int(row["trig_count"]), "scope": scope, **more}


def _follows(row: Row) -> str | None:
    """Rows about agencies point at the row about the people; sums of their own kind do so by their clock."""
    if row["id"] in words.FOLLOWS:
        return words.FOLLOWS[row["id"]]
    companion = row["trig_data"] == "as individual row" and row["duty_holder"] != "processor"
    return f"{row['jurisdiction']}-IND" if companion else None


def _deadline(row: Row) -> str:
    text = row["deadline_rule"]
    return words.DEADLINES.get(text, text) + words.HOLD_ENDS.get(row["id"], "")


def _calendar(row: Row) -> str | None:
    if not uses_business_days(parse_deadline(_deadline(row))):
        return None
    return words.CALENDARS.get(row["id"], row["jurisdiction"])


def _counsel(row: Row) -> dict[str, str] | None:
    flag = row["counsel_flag"]
    if flag in words.FLAGS_ALWAYS_MET:
        return {"why": f"Ask counsel {flag}: they are, or may be."}
    if not flag.startswith("always"):
        return None
    detail = flag.removeprefix("always").strip(" ()")
    if detail.startswith("no stored text"):
        return {"why": LAWYER}
    return {"why": f"This rule is never applied without counsel{f': {detail}' if detail else ''}."}


def _counsel_if(row: Row) -> str:
    flag = row["counsel_flag"]
    if flag.startswith("always") or flag in {*words.FLAGS_ALWAYS_MET, *words.NOTES_NOT_FLAGS}:
        return ""
    return f"on the {flag}" if flag.startswith("scope test") else flag


def _notes(row: Row) -> str:
    flag = row["counsel_flag"] if row["counsel_flag"] in words.NOTES_NOT_FLAGS else ""
    return "; ".join(filter(None, [row["notes"], flag]))


def _items(row: Row) -> list[str]:
    return [item.strip() for item in row["content_requirements"].split(";") if len(item.strip()) > 2]


def _bare(record: dict[str, Any]) -> dict[str, Any]:
    """Without what was left empty, so that a person reads only what is said."""
    kept = {key: _bare(value) if isinstance(value, dict) else value for key, value in record.items()}
    return {key: value for key, value in kept.items() if value not in (None, "", [], {}, False)}


def file_of(jurisdiction: str) -> str:
    """The file a jurisdiction's rules stand in."""
    return f"{'us' if jurisdiction == 'US-HBNR' else jurisdiction.lower()}.yaml"


def import_tables(obligations: Path, definitions: Path, into: Path) -> int:
    """Add what the folder does not hold yet; returns how many rules and definitions that was.

    Raises LawUnknown, naming the row, for one that does not make a valid rule.
    """
    held_rules, held_places = _held(into)
    new: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in _rows(definitions):
        if row["jurisdiction"] not in held_places:
            one = _checked(Definition, _bare(definition_of(row)), row["jurisdiction"])
            new.setdefault(file_of(row["jurisdiction"]), {}).setdefault("definitions", []).append(one)
    for row in _rows(obligations):
        if row["id"] not in held_rules:
            one = _checked(Rule, rule_of(row), row["id"])
            new.setdefault(file_of(row["jurisdiction"]), {}).setdefault("rules", []).append(one)
    for name, sections in sorted(new.items()):
        _write(into / name, sections)
    return sum(len(rows) for sections in new.values() for rows in sections.values())


def _rows(table: Path) -> Iterator[Row]:
    with table.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _held(folder: Path) -> tuple[set[str], set[str]]:
    rules: set[str] = set()
    places: set[str] = set()
    for file in folder.glob("*.yaml"):
        read = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        rules |= {one["id"] for one in read.get("rules", ())}
        places |= {one["place"] for one in read.get("definitions", ())}
    return rules, places


def _checked(kind: type[Rule] | type[Definition], record: dict[str, Any], name: str) -> dict[str, Any]:
    try:
        kind.model_validate(record)
    except ValueError as error:
        raise LawUnknown(f"Row {name} makes no valid rule: {error}.", "Nothing was written.", "Correct it.") from None
    return record


def _write(file: Path, sections: dict[str, list[dict[str, Any]]]) -> None:
    """Put new rows behind those of the same section; what stands there already is not touched."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    before, found, after = text.partition("rules:\n")
    definitions = "".join(_block(one) for one in sections.get("definitions", ()))
    rules = "\n".join(_block(one) for one in sections.get("rules", ()))
    if definitions and "definitions:\n" not in before:
        before += "definitions:\n"
    parts = [
        before,
        definitions,
        "\n" if definitions and rules and not after else "",
        found or "rules:\n" * bool(rules),
    ]
    file.write_text("".join([*parts, after, "\n" if after and rules else "", rules]), encoding="utf-8")


class _Pages(yaml.SafeDumper):
    """Short lists and short mappings on one line, as a person would write them."""


def _short_list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.Node:
    flow = all(isinstance(item, str) and len(item) < SHORT for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flow)


def _short_mapping(dumper: yaml.SafeDumper, record: dict[str, Any]) -> yaml.Node:
    plain = not any(isinstance(value, dict | list) for value in record.values())
    flow = plain and sum(len(f"{key}: {value}, ") for key, value in record.items()) < LINE
    return dumper.represent_mapping("tag:yaml.org,2002:map", list(record.items()), flow_style=flow)


_Pages.add_representer(list, _short_list)
_Pages.add_representer(dict, _short_mapping)


def _block(record: dict[str, Any]) -> str:
    """One entry of a list, indented as in the files written by hand; days stand as days."""
    dated: dict[str, Any] = record | {"as_of": date.fromisoformat(record["as_of"])}
    if "in_force" in record:
        dated["in_force"] = {"since": date.fromisoformat(record["in_force"]["since"])}
    text = yaml.dump(dated, Dumper=_Pages, sort_keys=False, allow_unicode=True, width=LINE + 30)
    return "".join(f"{'  - ' if n == 0 else '    '}{line}" for n, line in enumerate(text.splitlines(keepends=True)))


def main() -> None:
    """The command line."""
    arguments = argparse.ArgumentParser(description="Add rules from the two law tables to a folder of rule files.")
    arguments.add_argument("obligations", type=Path)
    arguments.add_argument("definitions", type=Path)
    arguments.add_argument("--into", type=Path, required=True)
    given = arguments.parse_args()
    print(import_tables(given.obligations, given.definitions, given.into), "added")


if __name__ == "__main__":
    main()
