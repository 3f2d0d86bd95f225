"""Small communities, built by hand: a case to work in, member lists and chat exports in their true formats."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from breach.digest import digest_file
from breach.exposure.opening import open_contents
from breach.exposure.readers.reading import Area, Post, Reading
from breach.exposure.recognise import Format
from breach.folder_store import FolderStore
from breach.steps import Work
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


@dataclass
class Read:
    """What a reader made of a file."""

    posts: list[tuple[Area, Post]]
    reading: Reading
    reason: str

    @property
    def texts(self) -> list[str]:
        return [post.text for _, post in self.posts]


RECORDED = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def incident() -> IncidentFacts:
    return IncidentFacts(
        what_happened="A bug served a private area to visitors.",
        platform="Discourse",
        provider="Provider Inc",
        learned_how=LearnedHow.MEMBER,
        aware_at=RECORDED,
        cause=Cause.PLATFORM,
        certainty=Certainty.CONFIRMED,
        ongoing=Ongoing.NO,
        areas=("night-watch",),
        span_known=True,
        leak_from=datetime(2026, 10, 20, 6, tzinfo=UTC),
        leak_until=datetime(2026, 11, 8, 6, tzinfo=UTC),
        profiles_exposed=Answer.YES,
        roster_export="members.csv",
        organisation=Organisation(
            name="Harbor", established_in="DE", role=Role.CONTROLLER, turnover_over_aud_3m=Answer.NO
        ),
        lead="mara",
        platform_connection="manual-checklist/harbor",
    )


@pytest.fixture
def work_for(tmp_path: Path) -> Callable[[IncidentFacts], Work]:
    """Makes a case with these facts; each call has a store of its own."""
    made = 0

    def make(incident: IncidentFacts) -> Work:
        nonlocal made
        made += 1
        case = Case(case_id="rehearsal-harbor", mode=Mode.REHEARSAL, opened_at=RECORDED, opened_by_run="command line")
        facts = Facts(revision=1, recorded_at=RECORDED, recorded_by="mara", source="a member", incident=incident)
        return Work(FolderStore(tmp_path / f"case-{made}"), case, facts, "0123456789ab")

    return make


@pytest.fixture
def write_users(tmp_path: Path) -> Callable[..., Path]:
    """Writes a Discourse user list: each member a mapping of header to cell; group_names is omitted when blank."""
    header_line = (
        "id,name,username,email,title,created_at,active,admin,moderator,ip_address,staged,secondary_emails,location,"
        "website,Country (custom user field),Phone (custom user field),Date of birth (custom user field),"
        "Language (custom user field),Chat id (custom user field),Account kind (custom user field),"
        "Newsletter (custom user field),group_names"
    )
    header = header_line.split(",")

    def write(members: Sequence[Mapping[str, str]], name: str = "members.csv") -> Path:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(header)
            for member in members:
                named = {key.removesuffix(" (custom user field)"): key for key in header}
                cells = {named[key]: value for key, value in member.items()}
                row = [cells.get(key, "") for key in header]
                rows.writerow(row if row[-1] else row[:-1])
        return path

    return write


@pytest.fixture
def write_chat(tmp_path: Path) -> Callable[..., Path]:
    """Writes a channel as DiscordChatExporter does: pretty-printed by two spaces, messageCount last."""

    def write(
        messages: Sequence[tuple[str, str, str, str]], channel: str = "night-watch", name: str = "", parts: int = 0
    ) -> Path:
        body = [
            {
                "id": message_id,
                "type": "Default",
                "timestamp": moment,
                "timestampEdited": None,
                "callEndedTimestamp": None,
                "isPinned": False,
                "content": content,
                "author": {"id": author, "name": "someone", "discriminator": "0000", "isBot": False, "roles": []},
                "attachments": [{"id": "9", "url": "https://cdn.example/9", "fileName": "a.png"}] * parts,
                "embeds": [],
                "stickers": [],
                "reactions": [],
                "mentions": [],
            }
            for message_id, author, moment, content in messages
        ]
        document = {
            "guild": {"id": "301840000000000000", "name": "The Harbor", "iconUrl": ""},
            "channel": {"id": f"id-{channel}", "type": "GuildTextChat", "categoryId": "1", "category": "Private"}
            | {"name": channel, "topic": 'a "messages": [ in a topic'},
            "dateRange": {"after": None, "before": None},
            "exportedAt": "2026-11-16T09:30:12.345+00:00",
            "messages": body,
            "messageCount": len(body),
        }
        path = tmp_path / (name or f"{channel}.json")
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False), encoding="utf-8")
        return path

    return write


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """Reads content as a scan does: recognised, opened, used up."""

    def reading(data: bytes | Path, form: Format | None = None) -> Read:
        path = data if isinstance(data, Path) else tmp_path / "export"
        if isinstance(data, bytes):
            path.write_bytes(data)
        [opened] = open_contents(path, digest_file(path))
        assert opened.content is not None, opened.refused
        assert form is None or opened.kind == form.value
        posts = [(area, post) for area, batch in opened.content.posts() for post in batch]
        return Read(posts, opened.content.reading, opened.recognised)

    return reading
