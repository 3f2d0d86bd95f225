"""Writes the roster as Discourse exports it: its column order, its times, its ragged rows."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from examples.harbor.members import LAST_JOIN, Member

HEADER = (
    "id", "name", "username", "email", "title", "created_at", "last_seen_at", "last_posted_at", "last_emailed_at",
    "trust_level", "approved", "suspended_at", "suspended_till", "silenced_till", "active", "admin", "moderator",
    "ip_address", "staged", "secondary_emails",
    "topics_entered", "posts_read_count", "time_read", "topic_count", "post_count", "likes_given", "likes_received",
    "location", "website", "views",
    "Country (custom user field)", "Phone (custom user field)", "Date of birth (custom user field)",
    "Language (custom user field)", "Chat id (custom user field)", "Account kind (custom user field)",
    "Newsletter (custom user field)",
    "group_names",
)  # fmt: skip
"""Base, statistics, profile, this community's own fields, groups: the order of Discourse's user list."""


def write_roster(path: Path, members: list[Member], rng: Random) -> None:
    """One row a member; a member of no group has one cell less, because Discourse leaves that cell out."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for member in members:
            writer.writerow(_row(member, rng))


def _row(member: Member, rng: Random) -> list[str]:
    staged = "staged" in member.traits
    row = [str(member.number), member.name, member.username, member.email]
    row += ["Keeper of the lamp" if "crew" in member.groups else "", *_times(member, rng, staged=staged)]
    row += [str(0 if staged else rng.randrange(4)), "true", *_sanctions(member)]
    # The first members founded the community: two administrators, four moderators.
    row += [_flag(not staged), _flag(member.number <= 2), _flag(2 < member.number <= 6)]
    row += [member.ip, _flag(staged), member.second_email]
    row += [str(0 if staged else rng.randrange(limit)) for limit in (900, 9000, 400_000, 30, 600, 800, 800)]
    row += [member.location, member.website, str(rng.randrange(300))]
    row += [member.country, member.phone, member.born.isoformat() if member.born else "", member.language]
    row += [member.chat_id, member.kind, "opted out" if "opted out" in member.traits else "yes"]
    return row + [";".join(member.groups)] * bool(member.groups)


def _times(member: Member, rng: Random, *, staged: bool) -> list[str]:
    seen = member.joined + (LAST_JOIN + timedelta(days=40) - member.joined) * rng.random()
    posted = member.joined + (seen - member.joined) * rng.random()
    mailed = seen - timedelta(days=rng.randrange(1, 9)) if seen - member.joined > timedelta(days=9) else member.joined
    return [_utc(member.joined), *(["", "", ""] if staged else [_utc(seen), _utc(posted), _utc(mailed)])]


def _sanctions(member: Member) -> list[str]:
    """suspended_at, suspended_till, silenced_till; half of the suspensions are for a thousand years, as the UI does."""
    if "suspended" in member.traits:
        until = datetime(3026, 9, 1, tzinfo=UTC) if member.number % 2 else datetime(2027, 3, 1, tzinfo=UTC)
        return [_utc(datetime(2026, 9, 1, 12, 30, tzinfo=UTC)), _utc(until), ""]
    return ["", "", _utc(datetime(2026, 12, 24, tzinfo=UTC)) if "silenced" in member.traits else ""]


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _utc(moment: datetime) -> str:
    """As Ruby writes a time: 2026-10-20 06:00:00 UTC."""
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")
