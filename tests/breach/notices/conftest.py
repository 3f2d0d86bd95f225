"""A frozen list of invented readers, and the notices drafted for them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from breach.digest import digest_bytes, keyed_token
from breach.folder_store import FolderStore
from breach.mail import Letter
from breach.notices.draft import draft_notices, draft_update
from breach.notices.render import letter_for
from breach.recipients.tables import RECIPIENTS, to_parquet
from breach.steps import Work
from breach.store import get_record, put_record
from schemas.exposure import DataType
from schemas.incident import (
    Answer,
    Case,
    Cause,
    Certainty,
    Facts,
    IncidentFacts,
    LearnedHow,
    Mode,
    Ongoing,
    Organisation,
    Role,
)
from schemas.notice import Measure, NoticeManifest, Sender, UpdateText
from schemas.receipt import Chapter, Receipt
from schemas.recipients import ListManifest, ListNotes

ALL_TYPES = [kind.value for kind in DataType]
SENDER = Sender(name="Harbor", contact="help@harbor.example", replies_are_read=True)
VARIANTS = [f"{locale}-{residence}" for locale in ("de", "en") for residence in ("default", "us-ca", "us-ma")]


def facts(**changes: Any) -> Facts:
    known = {
        "what_happened": "A private area was open to anonymous visitors.",
        "platform": "Harbor Board",
        "provider": "Boardworks",
        "learned_how": LearnedHow.OURSELVES,
        "aware_at": datetime(2026, 11, 8, 8, 0, tzinfo=UTC),
        "cause": Cause.PLATFORM,
        "certainty": Certainty.CONFIRMED,
        "ongoing": Ongoing.NO,
        "areas": ("night-watch",),
        "span_known": True,
        "leak_from": datetime(2026, 10, 20, 6, 0, tzinfo=UTC),
        # 00:30 on 8 November in Berlin: the reader's date is the organisation's, not that of Greenwich.
        "leak_until": datetime(2026, 11, 7, 23, 30, tzinfo=UTC),
        "profiles_exposed": Answer.YES,
        "roster_export": "members.csv",
        "organisation": Organisation(
            name="Harbor",
            established_in="DE",
            role=Role.CONTROLLER,
            turnover_over_aud_3m=Answer.NO,
            time_zone="Europe/Berlin",
        ),
        "lead": "lead-one",
        "platform_connection": "manual-checklist/default",
    }
    return Facts(
        revision=1,
        recorded_at=datetime(2026, 11, 9, 8, 0, tzinfo=UTC),
        recorded_by="lead-one",
        source="our own logs",
        incident=IncidentFacts(**(known | changes)),
    )


class Press:
    """Writes notices for whoever a test invents."""

    def __init__(self, root: Path) -> None:
        self.store = FolderStore(root)
        self.runs = 0

    def draft(
        self,
        readers: Sequence[dict[str, Any]],
        measures: Sequence[Measure] = (),
        notes: ListNotes | None = None,
        **changes: Any,
    ) -> NoticeManifest:
        work, listed = self._listed("notice", readers, notes, facts(**changes))
        return get_record(self.store, draft_notices(work, listed, SENDER, measures).key, NoticeManifest)

    def update(
        self, readers: Sequence[dict[str, Any]], update: UpdateText, built_for: str = "update-001"
    ) -> NoticeManifest:
        work, listed = self._listed(built_for, readers, None, facts())
        return get_record(self.store, draft_update(work, listed, update, SENDER).key, NoticeManifest)

    def letter(self, manifest: NoticeManifest, variant: str) -> Letter:
        return letter_for(self.store, manifest, variant)

    def values(self, manifest: NoticeManifest) -> dict[str, dict[str, str]]:
        """Token -> tag -> value."""
        held = self.store.get(manifest.personal_key)
        assert held is not None
        rows = pq.ParquetFile(pa.BufferReader(held.data)).read(use_threads=False).to_pylist()
        return {row["token"]: dict(zip(row["tags"], row["values"], strict=True)) for row in rows}

    def _listed(
        self, message: str, readers: Sequence[dict[str, Any]], notes: ListNotes | None, known: Facts
    ) -> tuple[Work, Receipt]:
        self.runs += 1
        revision = f"{self.runs:012x}"
        rows = [reader(n, message, **given) for n, given in enumerate(readers)]
        columns = {name: [row[name] for row in rows] for name in RECIPIENTS.names}
        self.store.put_new(f"recipients/{revision}/recipients.parquet", to_parquet(RECIPIENTS, columns))
        manifest = ListManifest(
            affected=len(rows),
            recipients=len(rows),
            members_covered=len(rows),
            quarantined={},
            excluded={},
            by_variant={name: columns["variant"].count(name) for name in sorted(set(columns["variant"]))},
            minors=0,
            list_digest=digest_bytes(b"list"),
            validation_passed=True,
            expectations=1,
            notes=notes or ListNotes(),
        )
        key = f"recipients/{revision}/manifest.json"
        digest = put_record(self.store, key, manifest)
        case = Case(case_id="harbor-test", mode=Mode.REHEARSAL, opened_at=known.recorded_at, opened_by_run="test")
        listed = Receipt(case_id="harbor-test", chapter=Chapter.RECIPIENTS, revision=revision, key=key, digest=digest)
        return Work(self.store, case, known, revision), listed

    def again(self, manifest: NoticeManifest) -> Receipt:
        """The chapter once more over the same list, as after a kill."""
        revision = manifest.personal_key.split("/")[1]
        case = Case(case_id="harbor-test", mode=Mode.REHEARSAL, opened_at=facts().recorded_at, opened_by_run="test")
        listed = Receipt(
            case_id="harbor-test",
            chapter=Chapter.RECIPIENTS,
            revision=revision,
            key=f"recipients/{revision}/manifest.json",
            digest=digest_bytes(b""),
        )
        return draft_notices(replace(Work(self.store, case, facts(), "0" * 12), revision=revision), listed, SENDER)


def token_of(n: int, message: str = "notice") -> str:
    return keyed_token(b"k" * 32, message, str(n))


def reader(n: int, message: str, **given: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "token": token_of(n, message),
        "member_ids": [str(n)],
        "address": f"m{n}@example.org",
        "name": "Ann",
        "locale": "en",
        "residence": "default",
        "types": ["email address"],
        "minor": False,
        "jurisdictions": ["unknown"],
    } | given
    return row | {"variant": f"{message}-{row['locale']}-{row['residence']}"}


def everywhere(**given: Any) -> list[dict[str, Any]]:
    """One reader of each variant."""
    pairs = (variant.split("-", 1) for variant in VARIANTS)
    return [{"types": ALL_TYPES, "locale": locale, "residence": residence} | given for locale, residence in pairs]


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return Press(tmp_path / "case")
