"""A small approved case for the sending tests: invented people, a frozen list, notices, a plan, two approvals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from breach.digest import digest_bytes, digest_record, keyed_token
from breach.errors import Conflict
from breach.ledger import Ledger, WaveKey
from breach.mail import Letter
from breach.outbox import MaildirOutbox
from breach.sending.chunk_files import table_bytes
from breach.sending.plan import NOBODY, Seed, Told, plan_waves
from breach.steps import Work
from breach.store import CaseStore, Stored, get_record, put_record, put_same
from schemas.incident import Case, Facts, IncidentFacts, Mode, SendingPlan
from schemas.notice import NoticeManifest, Variant
from schemas.receipt import Chapter, Receipt
from schemas.recipients import ListManifest
from schemas.sending import ApprovalBasis, SendPlan

CASE = "rehearsal-harbor"
KEY = b"k" * 32
START = datetime(2026, 11, 9, 8, tzinfo=UTC)
SEEDS = (Seed("mira", "mira@staff.example", "Mira"), Seed("jo", "jo@staff.example", "Jo"))
HOSTILE = (
    "{{7*7}}",
    "<script>",
    "=cmd|' /C calc'!A0",
    "CR\r\nBcc: eve@evil.example",
    "\u202egnp.exe",
    "🦊🔥",
    "[[name-html]]",
)
VARIANTS = ("notice-de-default", "notice-en-default")
TAGS = ["[[name-html]]", "[[name-text]]"]
ZERO = "0" * 64
PERSONAL = pa.schema(
    [
        ("token", pa.string()),
        ("variant", pa.string()),
        ("tags", pa.list_(pa.string())),
        ("values", pa.list_(pa.string())),
    ]
)


class MemoryStore:
    """A case store for tests that make hundreds of cases."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put_new(self, key: str, data: bytes) -> str:
        if key in self.objects:
            raise Conflict(f"{key} exists already.")
        self.objects[key] = data
        return digest_bytes(data)

    def put_if(self, key: str, data: bytes, etag: str) -> str:
        self.objects[key] = data
        return digest_bytes(data)

    def get(self, key: str) -> Stored | None:
        data = self.objects.get(key)
        return None if data is None else Stored(data, digest_bytes(data))

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self.objects if key.startswith(prefix))


@dataclass(frozen=True, slots=True)
class Person:
    address: str
    name: str
    members: tuple[str, ...]
    variant: str

    def token(self, message: str = "notice") -> str:
        return keyed_token(KEY, message, self.address)


@dataclass(frozen=True, slots=True)
class Scene:
    """A case with its list and notices frozen."""

    store: CaseStore
    people: tuple[Person, ...]
    recipients: Receipt
    notices: Receipt
    sending: SendingPlan
    message: str = "notice"

    @property
    def tokens(self) -> list[str]:
        return sorted(person.token(self.message) for person in self.people)

    def work(self, revision: str) -> Work:
        case = Case(case_id=CASE, mode=Mode.REHEARSAL, opened_at=START, opened_by_run="test")
        return Work(self.store, case, facts(self.sending), revision)

    def plan(self, told: Told = NOBODY, revision: str = "aaaaaaaaaaaa", seeds: Sequence[Seed] = SEEDS) -> Receipt:
        work = self.work(revision)
        return plan_waves(work, self.recipients, self.notices, seeds, told, sample=sample, case_key=KEY)

    def read_plan(self, receipt: Receipt) -> SendPlan:
        return get_record(self.store, receipt.key, SendPlan)

    def register(
        self, ledger: Ledger, receipt: Receipt, now: datetime = START, *, approved: bool = True
    ) -> list[WaveKey]:
        """Approve and register a plan; returns its waves."""
        basis = basis_of(receipt, self.message)
        if approved:
            approve(ledger, basis, now)
        plan = self.read_plan(receipt)
        ledger.messages.plan_message(CASE, self.message, basis, plan, plan_key=receipt.key, now=now)
        return [WaveKey(CASE, self.message, basis, wave.n) for wave in plan.waves]


def make_scene(
    store: CaseStore, people: int, *, message: str = "notice", sending: SendingPlan | None = None, quarantined: int = 3
) -> Scene:
    """Every tenth person has two accounts; three members have no address and two are bots."""
    crowd = make_crowd(people)
    sending = sending or SendingPlan(canary_size=6, chunk_size=5, observe_minutes=0)
    recipients = freeze_list(store, crowd, message, quarantined)
    return Scene(store, crowd, recipients, freeze_notices(store, crowd, message), sending, message)


def make_crowd(people: int) -> tuple[Person, ...]:
    return tuple(
        Person(
            f"member{n:04d}@mail.example",
            HOSTILE[n % len(HOSTILE)],
            (f"m{n}", f"m{n}-second") if n % 10 == 0 else (f"m{n}",),
            VARIANTS[n % 2],
        )
        for n in range(people)
    )


def freeze_list(store: CaseStore, crowd: tuple[Person, ...], message: str = "notice", quarantined: int = 3) -> Receipt:
    rows = [
        {
            "token": person.token(message),
            "member_ids": list(person.members),
            "address": person.address,
            "name": person.name,
            "variant": person.variant,
        }
        for person in crowd
    ]
    schema = pa.schema(
        [("token", pa.string()), ("member_ids", pa.list_(pa.string()))]
        + [(name, pa.string()) for name in ("address", "name", "variant")]
    )
    apart = [{"member_id": f"q{n}", "kind": "quarantined"} for n in range(quarantined)]
    apart += [{"member_id": f"b{n}", "kind": "excluded"} for n in range(2)]
    folder = f"recipients/{digest_bytes(message.encode())[:12]}"
    data = table_bytes(pa.Table.from_pylist(rows, schema=schema))
    put_same(store, f"{folder}/recipients.parquet", data)
    put_same(
        store,
        f"{folder}/quarantine.parquet",
        table_bytes(pa.Table.from_pylist(apart, schema=pa.schema([("member_id", pa.string()), ("kind", pa.string())]))),
    )
    covered = sum(len(person.members) for person in crowd)
    manifest = ListManifest.model_validate(
        {
            "affected": covered + quarantined + 2,
            "recipients": len(crowd),
            "members_covered": covered,
            "quarantined": {"no address in the roster": quarantined},
            "excluded": {"not a person": 2},
            "by_variant": {},
            "minors": 0,
            "list_digest": digest_bytes(data),
            "validation_passed": True,
            "expectations": 1,
        }
    )
    digest = put_record(store, f"{folder}/manifest.json", manifest)
    return Receipt(
        case_id=CASE,
        chapter=Chapter.RECIPIENTS,
        revision=folder.rpartition("/")[2],
        key=f"{folder}/manifest.json",
        digest=digest,
    )


def freeze_notices(store: CaseStore, crowd: tuple[Person, ...], message: str = "notice") -> Receipt:
    folder = f"notices/{digest_bytes(message.encode())[:12]}"
    rows = [
        {
            "token": person.token(message),
            "variant": person.variant,
            "tags": TAGS,
            "values": [person.name.replace("<", "&lt;"), person.name],
        }
        for person in reversed(crowd)
    ]
    personal = put_same(store, f"{folder}/personal.parquet", table_bytes(pa.Table.from_pylist(rows, schema=PERSONAL)))
    variants = tuple(
        Variant.model_validate(
            {
                "name": name,
                "locale": name.split("-")[1],
                "residence": "default",
                "purpose": "notice",
                "subject_digest": ZERO,
                "html_digest": ZERO,
                "text_digest": ZERO,
                "recipients": sum(person.variant == name for person in crowd),
            }
        )
        for name in VARIANTS
    )
    manifest = NoticeManifest(
        message=message, variants=variants, personal_key=f"{folder}/personal.parquet", personal_digest=personal
    )
    digest = put_record(store, f"{folder}/manifest.json", manifest)
    return Receipt(
        case_id=CASE,
        chapter=Chapter.NOTICES,
        revision=folder.rpartition("/")[2],
        key=f"{folder}/manifest.json",
        digest=digest,
    )


def sample(variant: str) -> dict[str, str]:
    return dict.fromkeys(TAGS, f"Sample of {variant}")


def letters(variant: str) -> Letter:
    return Letter(f"About your data ({variant})", f"<p>Dear {TAGS[0]},</p>\n", f"Dear {TAGS[1]},\n", variant)


def facts(sending: SendingPlan) -> Facts:
    known: Mapping[str, object] = {
        "what_happened": "A bug served a private area to everybody",
        "platform": "Discourse",
        "provider": "Provider",
        "learned_how": "the provider told us",
        "aware_at": START,
        "cause": "the platform caused it",
        "certainty": "confirmed: data was exposed",
        "ongoing": "it has stopped",
        "span_known": False,
        "leak_from": START - timedelta(days=20),
        "leak_until": START - timedelta(days=1),
        "profiles_exposed": "yes",
        "roster_export": "members.csv",
        "organisation": {
            "name": "Harbor",
            "established_in": "DE",
            "role": "controller: we decide why and how the data is used",
            "turnover_over_aud_3m": "no",
        },
        "lead": "mira",
        "platform_connection": "manual-checklist/harbor",
        "sending": sending,
    }
    incident = IncidentFacts.model_validate(known)
    return Facts(revision=1, recorded_at=START, recorded_by="mira", source="form", incident=incident)


def basis_of(receipt: Receipt, message: str) -> str:
    """The hash that the two approvals bind to."""
    return digest_record(
        ApprovalBasis(
            case_id=CASE,
            message=message,
            facts_revision=1,
            variants=ZERO,
            recipients=ZERO,
            rule_pack=ZERO,
            mailer=ZERO,
            plan=receipt.digest,
        )
    )


def approve(ledger: Ledger, basis: str, now: datetime = START, gates: Sequence[str] = ("content", "sending")) -> None:
    """Two people, each with a code of their own."""
    for gate, person in zip(gates, ("mira", "jo"), strict=False):
        ledger.approvals.record_decision(
            gate=gate,
            case_id=CASE,
            basis_hash=basis,
            approver=person,
            code_step=int(basis[:8], 16),
            decision="approve",
            reason="read and right",
            decided_at=now,
            run_id="run-1",
        )


def outbox(root: Path) -> MaildirOutbox:
    return MaildirOutbox(root, "Harbor team", "team@harbor.example", "help@harbor.example", clock=lambda: START)


def files_by_token(root: Path) -> dict[str, int]:
    """How many files of each notice lie in the Maildir, wherever a mail program has put them."""
    found: dict[str, int] = {}
    for folder in ("new", "cur"):
        for path in (root / folder).iterdir():
            found[path.name[:26]] = found.get(path.name[:26], 0) + 1
    return found
