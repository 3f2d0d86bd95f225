"""Freezing who is written to in which wave: seeds, canary, the rest, in chunks of one variant each."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import pyarrow as pa
import pyarrow.compute as pc

from breach.digest import digest_bytes, keyed_token
from breach.errors import Conflict, Tampered
from breach.sending.chunk_files import CHUNK, folder_of, read_table, table_bytes, texts
from breach.steps import Work
from breach.store import CaseStore, get_record, put_record, put_same
from schemas.notice import NoticeManifest
from schemas.receipt import Chapter, Receipt
from schemas.sending import ChunkPlan, SendPlan, WaveName, WavePlan


@dataclass(frozen=True, slots=True)
class Seed:
    """Somebody on duty who reads each variant before any member does. repr shows the staff id only."""

    staff: str
    address: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told by earlier plans of this message, and the ledger's count of changes just before that was read."""

    tokens: frozenset[str] = frozenset()
    as_of: int = 0


NOBODY = Told()


def plan_waves(
    work: Work,
    recipients: Receipt,
    notices: Receipt,
    seeds: Sequence[Seed],
    told: Told,
    *,
    sample: Callable[[str], dict[str, str]],
    case_key: bytes,
) -> Receipt:
    """Write waves/<rev>/chunks/*.parquet and plan.json, and return their receipt.

    Everybody of the frozen list who was not told before stands in exactly one chunk, under the token and values of
    the notices. sample(variant) gives the tag values of a sample person for the seeds. A plan with nobody left has no
    waves. Raises Conflict when list and notices do not fit each other or an address stands twice, Tampered when an
    input is not what its receipt says.
    """
    manifest = _manifest(work.store, notices)
    letters = _letters(work.store, recipients, manifest, told)
    sending = work.facts.incident.sending
    canary = _canary(texts(letters, "variant"), sending.canary_size)
    rest = sorted(set(range(letters.num_rows)) - set(canary))
    stages = [
        (WaveName.SEEDS, _seed_letters(manifest, notices, seeds, sample, case_key) if letters.num_rows else None),
        (WaveName.CANARY, letters.take(pa.array(canary, pa.int64()))),
        (WaveName.REST, letters.take(pa.array(rest, pa.int64()))),
    ]
    waves: list[WavePlan] = []
    chunks = 0
    for name, table in stages:
        if table is not None and table.num_rows:
            written = _write_chunks(work, table, chunks, sending.chunk_size, is_seed=name is WaveName.SEEDS)
            waves.append(WavePlan(n=len(waves), name=name, chunks=written))
            chunks += len(written)
    plan = SendPlan(
        case_id=work.case.case_id,
        message=manifest.message,
        waves=tuple(waves),
        observe_minutes=sending.observe_minutes,
        chunk_size=sending.chunk_size,
        told_as_of=told.as_of,
    )
    key = f"waves/{work.revision}/plan.json"
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.WAVES,
        revision=work.revision,
        key=key,
        digest=put_record(work.store, key, plan),
        counts=_counts(plan, told),
    )


def _manifest(store: CaseStore, notices: Receipt) -> NoticeManifest:
    held = store.get(notices.key)
    if held is not None and digest_bytes(held.data) != notices.digest:
        raise Tampered(f"{notices.key} is not what its receipt says.", "Nothing was planned.")
    return get_record(store, notices.key, NoticeManifest)


def _letters(store: CaseStore, recipients: Receipt, manifest: NoticeManifest, told: Told) -> pa.Table:
    """Everybody still to be told with the values of their notice, ordered by variant and token."""
    everybody = read_table(store, f"{folder_of(recipients)}/recipients.parquet")
    _must_be_distinct(everybody)
    personal = read_table(store, manifest.personal_key, manifest.personal_digest)
    left = _ordered(everybody.filter(pc.invert(_is_in(everybody, told.tokens))))
    values = _ordered(personal.filter(_is_in(personal, texts(left, "token"))))
    if not all(texts(left, name) == texts(values, name) for name in ("variant", "token")):
        raise Conflict(
            f"List and notices do not fit: {left.num_rows} people to be told, {values.num_rows} notices with values.",
            "Nothing was planned.",
            "Draft the notices again for this list.",
        )
    names = {one.name for one in manifest.variants}
    unknown = sorted(set(texts(left, "variant")) - names)
    if unknown:
        raise Conflict(
            f"The list asks for variants that are not written: {', '.join(unknown)}.", "Nothing was planned."
        )
    members = pc.cast(pc.list_value_length(left.column("member_ids")), pa.int64())
    columns = [left.column(name) for name in ("token", "address", "name", "variant")]
    return pa.table([*columns, values.column("tags"), values.column("values"), members], schema=CHUNK)


def _must_be_distinct(everybody: pa.Table) -> None:
    """One token and one address each: nobody is told twice by one message."""
    tokens = texts(everybody, "token")
    addresses = [address.casefold() for address in texts(everybody, "address")]
    if len(set(tokens)) != len(tokens) or len(set(addresses)) != len(addresses):
        twice = len(tokens) - min(len(set(tokens)), len(set(addresses)))
        raise Conflict(
            f"{twice} rows of the list repeat an address or a token.",
            "Nothing was planned.",
            "Build the recipients again; addresses are merged there.",
        )


def _is_in(table: pa.Table, tokens: Collection[str]) -> pa.BooleanArray:
    return pc.is_in(table.column("token"), value_set=pa.array(sorted(tokens), pa.string()))


def _ordered(table: pa.Table) -> pa.Table:
    return table.sort_by([("variant", "ascending"), ("token", "ascending")])


def _canary(variants: Sequence[str], size: int) -> list[int]:
    """Rows of the first members told: one of each variant in turn, by token, until there are enough.

    Tokens are keyed digests, so their order says nothing about a person, and is the same in every run.
    """
    by_variant: dict[str, list[int]] = {}
    for row, variant in enumerate(variants):
        by_variant.setdefault(variant, []).append(row)
    turns = (row for turn in zip_longest(*by_variant.values()) for row in turn if row is not None)
    return sorted(row for row, _ in zip(turns, range(size), strict=False))


def _seed_letters(
    manifest: NoticeManifest,
    notices: Receipt,
    seeds: Sequence[Seed],
    sample: Callable[[str], dict[str, str]],
    case_key: bytes,
) -> pa.Table:
    """Each variant once for each staff address; the token holds the notices' digest, so new wording is read anew."""
    people = {seed.address.casefold(): seed for seed in seeds}
    rows = []
    for variant in sorted(one.name for one in manifest.variants if one.recipients):
        values = dict(sorted(sample(variant).items()))
        rows += [
            {
                "token": keyed_token(case_key, manifest.message, "seed", notices.digest, variant, address),
                "address": seed.address,
                "name": seed.name,
                "variant": variant,
                "tags": list(values),
                "values": list(values.values()),
                "members": 0,
            }
            for address, seed in sorted(people.items())
        ]
    return pa.Table.from_pylist(rows, schema=CHUNK)


def _write_chunks(work: Work, table: pa.Table, first: int, size: int, *, is_seed: bool) -> tuple[ChunkPlan, ...]:
    written: list[ChunkPlan] = []
    for variant in sorted(set(texts(table, "variant"))):
        rows = table.filter(pc.equal(table.column("variant"), pa.scalar(variant)))
        for start in range(0, rows.num_rows, size):
            part = rows.slice(start, size).combine_chunks()
            n = first + len(written)
            key = f"waves/{work.revision}/chunks/{n:05d}.parquet"
            written.append(
                ChunkPlan(
                    n=n,
                    variant=variant,
                    key=key,
                    digest=put_same(work.store, key, table_bytes(part)),
                    recipients=part.num_rows,
                    members=0 if is_seed else int(pc.sum(part.column("members")).as_py()),
                )
            )
    return tuple(written)


def _counts(plan: SendPlan, told: Told) -> dict[str, int]:
    chunks = [(wave.name, chunk) for wave in plan.waves for chunk in wave.chunks]
    of_members = [chunk for name, chunk in chunks if name is not WaveName.SEEDS]
    return {
        "waves": len(plan.waves),
        "chunks": len(chunks),
        "recipients": sum(chunk.recipients for chunk in of_members),
        "members": sum(chunk.members for chunk in of_members),
        "seeds": sum(chunk.recipients for name, chunk in chunks if name is WaveName.SEEDS),
        "told before": len(told.tokens),
    }
