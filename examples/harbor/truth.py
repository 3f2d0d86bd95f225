"""What is true of the generated files, said by the generator: truth.json, to check a reader or a scanner against."""

import json
from collections import Counter
from pathlib import Path

from examples.harbor.channels import LEAK_AREA, LEAK_FROM, LEAK_UNTIL, Tally
from examples.harbor.chat_json import Json
from examples.harbor.members import Member
from examples.harbor.planting import Mark
from schemas.exposure import CountryEvidence, DataType

TYPES = tuple(kind.value for kind in DataType)


def write_truth(path: Path, seed: int, members: list[Member], outsiders: set[str], tallies: dict[str, Tally]) -> None:
    """Totals, members by category, and every planted value and decoy with its place.

    Args:
        path: the file to write.
        seed: what the set was drawn from.
        members: the roster.
        outsiders: chat ids of authors who are in no roster.
        tallies: channel name -> what was written there.
    """
    marks = [mark for tally in tallies.values() for mark in tally.marks]
    planted = [mark for mark in marks if mark.kind in TYPES]
    decoys = [mark for mark in marks if mark.kind not in TYPES]
    totals: dict[str, Json] = {
        "about": "Everything here is invented. Offsets are code points in the decoded content, end not included.",
        "seed": seed,
        "leak": {"area": LEAK_AREA, "from": LEAK_FROM.isoformat(), "until": LEAK_UNTIL.isoformat()},
        **_member_totals(members),
        "channels": {name: _channel_totals(tally, outsiders) for name, tally in tallies.items()},
        "messages": sum(tally.messages for tally in tallies.values()),
        "messages_in_scope": sum(tally.in_scope for tally in tallies.values()),
        "planted_by_type": _by_kind(planted),
        "planted_in_scope": _by_kind([mark for mark in planted if mark.in_scope]),
        "decoys_by_kind": _by_kind(decoys),
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in totals.items()]
    lines += [f" {json.dumps(name)}: [\n{_rows(rows)}\n ]" for name, rows in (("planted", planted), ("decoys", decoys))]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")


def _rows(marks: list[Mark]) -> str:
    """One line each: the file stays readable, and a change shows as a line."""
    return ",\n".join(f"  {json.dumps(_row(mark))}" for mark in marks)


def _row(mark: Mark) -> dict[str, Json]:
    return {
        "file": f"chat/{mark.channel}.json",
        "message_id": mark.message_id,
        "author_id": mark.author_id,
        "type": mark.kind,
        "form": mark.form,
        "start": mark.start,
        "end": mark.end,
        "in_scope": mark.in_scope,
    }


def _by_kind(marks: list[Mark]) -> dict[str, Json]:
    return dict(sorted(Counter(mark.kind for mark in marks).items()))


def _channel_totals(tally: Tally, outsiders: set[str]) -> Json:
    return {
        "messages": tally.messages,
        "in_scope": tally.in_scope,
        "attachments_in_scope": tally.attachments_in_scope,
        "authors": len(tally.authors),
        "authors_in_scope": len(tally.authors_in_scope),
        "authors_not_in_roster": len(tally.authors & outsiders),
        "authors_in_scope_not_in_roster": len(tally.authors_in_scope & outsiders),
    }


def _member_totals(members: list[Member]) -> dict[str, Json]:
    """Counts over the roster; "people" leaves the bots out."""
    people = [member for member in members if member.kind != "bot"]
    reachable = [member for member in people if member.email and "bad address" not in member.traits]
    ids = _ids_by_category(members)
    by_jurisdiction = Counter(member.jurisdiction for member in people)
    pairs = Counter((member.jurisdiction, member.evidence.value) for member in people)
    evidence: dict[str, Json] = {
        code: {kind: count for (at, kind), count in sorted(pairs.items()) if at == code}
        for code in sorted(by_jurisdiction)
    }
    return {
        "members": len(members),
        "people": len(people),
        "by_jurisdiction": dict(sorted(by_jurisdiction.items())),
        "by_jurisdiction_and_evidence": evidence,
        "people_with": _people_with(people),
        "categories": {name: len(numbers) for name, numbers in ids.items()},
        "reachable_people": len(reachable),
        "mailboxes": len({_mailbox(member.email) for member in reachable}),
        "member_ids": {name: list(numbers) for name, numbers in ids.items()},
    }


def _ids_by_category(members: list[Member]) -> dict[str, list[str]]:
    """Category -> member ids, in the order of the roster; the last two are about residence and the chat."""
    traits = sorted({trait for member in members for trait in member.traits})
    ids = {trait: [str(member.number) for member in members if trait in member.traits] for trait in traits}
    ids["no evidence of country"] = [str(m.number) for m in members if m.evidence is CountryEvidence.NONE]
    ids["not on the chat"] = [str(member.number) for member in members if not member.chat_id]
    return ids


def _people_with(people: list[Member]) -> dict[str, Json]:
    """How many people have something in the column; an address that cannot exist counts as something."""
    return {
        DataType.NAME.value: sum(bool(member.name) for member in people),
        DataType.USERNAME.value: len(people),
        DataType.EMAIL.value: sum(bool(member.email) for member in people),
        DataType.PHONE.value: sum(bool(member.phone) for member in people),
        DataType.DATE_OF_BIRTH.value: sum(member.born is not None for member in people),
        DataType.IP_ADDRESS.value: sum(bool(member.ip) for member in people),
        "location column": sum(bool(member.location) for member in people),
        "website column": sum(bool(member.website) for member in people),
        "country column": sum(bool(member.country) for member in people),
    }


def _mailbox(address: str) -> str:
    """Two spellings of a domain are one mailbox; of a local part they may be two."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"
