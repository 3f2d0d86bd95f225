"""The chapter: build the list, check it, freeze it."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from breach.digest import digest_bytes, keyed_token
from breach.errors import BadInput, Conflict
from breach.recipients.accounts import read_accounts
from breach.recipients.address import Address, read_address
from breach.recipients.checks import broken_rows
from breach.recipients.groups import Recipient, Sorted, Unreached, notes_on, sort_accounts, variant_name
from breach.recipients.tables import QUARANTINE, RECIPIENTS, read_table, to_parquet
from breach.steps import Work
from breach.store import CaseStore, get_record, put_record, put_same
from schemas.expectations import RECIPIENT_SUITE, ROW_LEVEL, Validation
from schemas.receipt import Chapter, Receipt, StepRecord
from schemas.recipients import ExclusionReason, ListManifest, ListNotes, QuarantineReason

Validate = Callable[[Work, pa.Table], Validation]
Columns = dict[str, list[object]]

MESSAGE = "notice"


@dataclass(frozen=True, slots=True)
class _Frozen:
    """What is about to be frozen: recipients by column, quarantine as bytes, and what the manifest counts."""

    columns: Columns
    quarantine: bytes
    unreached: Sequence[Unreached]
    notes: ListNotes

    def __repr__(self) -> str:
        return f"_Frozen({len(self.columns['token'])} recipients)"


def build_recipients(work: Work, roster: Receipt, exposures: Receipt, case_key: bytes, validate: Validate) -> Receipt:
    """Freeze who is told under recipients/<rev>/; the receipt names the manifest.

    roster.key is people.parquet; members.parquet lies beside exposures.key. `validate` checks the table against
    schemas.expectations.RECIPIENT_SUITE. When nobody can be written to, the frozen list is empty and says so: a
    false suspicion must reach its gate, too. Raises BadInput when the checks fail.
    """
    members_key = f"{_folder(exposures.key)}/members.parquet"
    accounts = read_accounts(work.store, roster.key, members_key)
    found = _without_broken(sort_accounts(accounts, MESSAGE, case_key))
    quarantine = to_parquet(QUARANTINE, _quarantine_columns(found.unreached))
    # Written before anything can be refused: whoever cannot be reached by mail must be found in any case.
    put_same(work.store, f"recipients/{work.revision}/quarantine.parquet", quarantine)
    frozen = _Frozen(_columns(found.recipients), quarantine, found.unreached, notes_on(found.recipients))
    return _freeze(work, frozen, validate)


def build_update_list(
    work: Work,
    message: str,
    recipients_keys: Sequence[str],
    told_tokens: Collection[str],
    *,
    case_key: bytes,
    validate: Validate,
) -> Receipt:
    """Freeze the list of an update (message 'update-001'): exactly the people told before, under new tokens.

    recipients_keys: recipients.parquet, or the manifest beside it, of every list the notice had, the newest last; its
    row stands for whoever is on several. told_tokens: the notice's tokens that count as notified.
    Raises Conflict when one of them is on none of the lists, BadInput when nobody was told.
    """
    if not told_tokens:
        raise BadInput(
            "Nobody has been told yet, so there is nobody to update.",
            "No update was built; nothing was sent.",
            "Send the notice first.",
        )
    told = _rows_of(work.store, recipients_keys, told_tokens)
    if len(told) != len(set(told_tokens)):
        raise Conflict(
            f"{len(set(told_tokens)) - len(told)} notices are not on the lists they should come from.",
            "No update was built; nothing was sent.",
            "Build the update from all lists the notices were sent to.",
        )
    for row in told:
        row["token"] = keyed_token(case_key, message, _canonical(str(row["address"])))
        row["variant"] = variant_name(message, str(row["locale"]), str(row["residence"]))
    told.sort(key=lambda row: str(row["token"]))
    columns: Columns = {name: [row[name] for row in told] for name in RECIPIENTS.names}
    quarantine = to_parquet(QUARANTINE, _quarantine_columns([]))
    put_same(work.store, f"recipients/{work.revision}/quarantine.parquet", quarantine)
    return _freeze(work, _Frozen(columns, quarantine, [], ListNotes()), validate)


def lists_of(store: CaseStore, message: str, current: str) -> list[str]:
    """Manifests of all lists frozen for a message, by revision of the facts; the current one stands last.

    current: the manifest that current.json names. A list with nobody on it belongs to no message.
    """
    steps = (get_record(store, key, StepRecord) for key in store.keys(f"steps/{Chapter.RECIPIENTS}/"))
    facts = {step.receipt.key: step.inputs.facts_revision for step in steps}
    older = [key for key in store.keys("recipients/") if key.endswith("/manifest.json") and key != current]
    listed = {key: get_record(store, key, ListManifest).by_variant for key in older}
    found = [key for key in older if any(variant.startswith(f"{message}-") for variant in listed[key])]
    return [*sorted(found, key=lambda key: (facts.get(key, 0), key)), current]


def _rows_of(store: CaseStore, keys: Sequence[str], tokens: Collection[str]) -> list[dict[str, object]]:
    """The last row of each token in the lists, as far as they have one."""
    wanted = pa.array(sorted(set(tokens)), pa.string())
    rows: dict[str, dict[str, object]] = {}
    for key in keys:
        table = read_table(store, f"{_folder(key)}/recipients.parquet", RECIPIENTS.names)
        on_it = table.filter(pc.is_in(table.column("token"), value_set=wanted))
        rows |= {str(row["token"]): row for row in on_it.to_pylist()}
    return list(rows.values())


def _without_broken(found: Sorted) -> Sorted:
    """Rows that would break the suite go into quarantine, all their accounts with them."""
    if not found.recipients:
        return found
    rows = {row for rows in broken_rows(_checked(_columns(found.recipients)), RECIPIENT_SUITE).values() for row in rows}
    kept = [recipient for row, recipient in enumerate(found.recipients) if row not in rows]
    broken = [
        Unreached(account, QuarantineReason.FAILED_EXPECTATION)
        for row in sorted(rows)
        for account in found.recipients[row].accounts
    ]
    return Sorted(kept, found.unreached + broken)


def _columns(recipients: Sequence[Recipient]) -> Columns:
    """recipients.parquet by column."""
    return {
        "token": [recipient.token for recipient in recipients],
        "member_ids": [[account.member_id for account in recipient.accounts] for recipient in recipients],
        "address": [recipient.address.sent_to for recipient in recipients],
        "name": [recipient.name for recipient in recipients],
        "locale": [recipient.locale.value for recipient in recipients],
        "residence": [recipient.residence.value for recipient in recipients],
        "variant": [recipient.variant for recipient in recipients],
        "types": [recipient.types for recipient in recipients],
        "minor": [any(account.minor for account in recipient.accounts) for recipient in recipients],
        "jurisdictions": [recipient.jurisdictions for recipient in recipients],
    }


def _checked(columns: Columns) -> pa.Table:
    """What the suite looks at: the scalar columns, the canonical address, and three counts."""
    scalars = {name: columns[name] for name in ("token", "address", "name", "locale", "residence", "variant")}
    table: pa.Table = pa.table({name: pa.array(cells, pa.string()) for name, cells in scalars.items()})
    counts = {
        "address_length": [len(str(address)) for address in columns["address"]],
        "member_count": [_size(ids) for ids in columns["member_ids"]],
        "type_count": [_size(types) for types in columns["types"]],
    }
    canonical = [_canonical(str(address)) for address in columns["address"]]
    table = table.append_column("canonical", pa.array(canonical, pa.string()))
    for name, cells in counts.items():
        table = table.append_column(name, pa.array(cells, pa.int64()))
    return table


def _quarantine_columns(unreached: Sequence[Unreached]) -> Columns:
    rows = sorted(unreached, key=lambda one: one.account.member_id)
    return {
        "member_id": [one.account.member_id for one in rows],
        "kind": [one.kind for one in rows],
        "reason": [one.reason.value for one in rows],
        "route": [one.route for one in rows],
    }


def _freeze(work: Work, frozen: _Frozen, validate: Validate) -> Receipt:
    """Validate, write the list and its manifest, and make the receipt."""
    columns, unreached = frozen.columns, frozen.unreached
    folder = f"recipients/{work.revision}"
    validation = _validated(work, columns, validate)
    recipients = to_parquet(RECIPIENTS, columns)
    put_same(work.store, f"{folder}/recipients.parquet", recipients)
    covered = sum(_size(ids) for ids in columns["member_ids"])
    reasons = Counter(one.reason for one in unreached)
    manifest = ListManifest(
        affected=covered + len(unreached),
        recipients=len(columns["token"]),
        members_covered=covered,
        quarantined={reason: reasons[reason] for reason in QuarantineReason if reasons[reason]},
        excluded={reason: reasons[reason] for reason in ExclusionReason if reasons[reason]},
        by_variant=dict(sorted(Counter(str(variant) for variant in columns["variant"]).items())),
        minors=sum(bool(minor) for minor in columns["minor"]),
        list_digest=digest_bytes(f"{digest_bytes(recipients)}{digest_bytes(frozen.quarantine)}".encode()),
        validation_passed=validation.passed,
        expectations=validation.expectations,
        notes=frozen.notes,
    )
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.RECIPIENTS,
        revision=work.revision,
        key=f"{folder}/manifest.json",
        digest=put_record(work.store, f"{folder}/manifest.json", manifest),
        counts={
            "affected": manifest.affected,
            "recipients": manifest.recipients,
            "members": covered,
            "quarantined": sum(manifest.quarantined.values()),
            "excluded": sum(manifest.excluded.values()),
            "minors": manifest.minors,
        },
    )


def _validated(work: Work, columns: Columns, validate: Validate) -> Validation:
    """The validator's word, kept in the case. Raises BadInput when the list does not pass."""
    validation = validate(work, _checked(columns))
    if not columns["token"]:
        validation = _about_nobody(validation)
    put_record(work.store, f"recipients/{work.revision}/validation/result.json", validation)
    if not validation.passed:
        names = "; ".join(f"{failure.name}: {failure.rows} rows" for failure in validation.failed)
        raise BadInput(
            f"The recipient list failed its checks ({names}).",
            "The list was not frozen; nothing was sent.",
            "Correct the member export and record the new fact; the case is kept.",
        )
    return validation


def _about_nobody(checked: Validation) -> Validation:
    """The same of an empty list, without the one expectation that there are rows."""
    whole = {expectation.name for expectation in RECIPIENT_SUITE if expectation.kind not in ROW_LEVEL}
    failed = tuple(failure for failure in checked.failed if failure.name not in whole)
    excused = len(checked.failed) - len(failed)
    return Validation(
        passed=checked.passed or (excused > 0 and not failed),
        expectations=max(1, checked.expectations - excused),
        failed=failed,
    )


def _canonical(address: str) -> str:
    read = read_address(address)
    return read.canonical if isinstance(read, Address) else address


def _folder(key: str) -> str:
    return key.rpartition("/")[0]


def _size(cell: object) -> int:
    return len(cell) if isinstance(cell, list | tuple) else 0
