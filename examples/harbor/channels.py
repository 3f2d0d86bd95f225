"""The conversations: who writes when in which channel, with planted data and decoys at known places."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from itertools import accumulate, islice
from random import Random

from examples.harbor.chat_json import Json, attachment, custom_emoji, head_of, message, standard_emoji, user
from examples.harbor.members import Member
from examples.harbor.mint import DISCORD_EPOCH_MS, Mint
from examples.harbor.names import handle_stem, plain_name
from examples.harbor.planting import Mark, Piece, decoy, plant
from examples.harbor.sentences import ODD, SAY, fill

LEAK_AREA = "night-watch"
LEAK_FROM = datetime(2026, 10, 20, 6, 0, tzinfo=UTC)
LEAK_UNTIL = datetime(2026, 11, 8, 6, 0, tzinfo=UTC)
"""19 days. No message stands exactly on either end."""
CHAT_FROM = datetime(2026, 9, 14, tzinfo=UTC)
CHAT_UNTIL = datetime(2026, 11, 16, tzinfo=UTC)
EXPORTED = datetime(2026, 11, 16, 9, 30, 12, 345000, tzinfo=UTC)

GUILD: dict[str, Json] = {
    "id": "301840000000000000",
    "name": "The Harbor",
    "iconUrl": "https://cdn.harbor.example/icons/harbor.png",
}


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: its share of all messages in per cent, and who may write there."""

    name: str
    channel_id: str
    category_id: str
    category: str
    topic: str
    share: int
    group: str = ""
    """Only members of this group write here; empty: everybody."""
    utc_offset_hours: int = 0
    """The exporter writes times in the zone of the machine it ran on."""


CHANNELS = (
    Channel("night-watch", "301845000000000001", "301844000000000001", "Private", "For those awake. Stays here.", 25,
            group="night-watch"),
    Channel("harbor-square", "301845000000000002", "301844000000000002", "Open", "Everything and nothing", 35),
    Channel("boat-repair", "301845000000000003", "301844000000000002", "Open", "Engines, ropes, paint", 18,
            utc_offset_hours=2),
    Channel("galley", "301845000000000004", "301844000000000002", "Open", "What is for supper", 12),
    Channel("crew-room", "301845000000000005", "301844000000000001", "Private", "For the crew", 10, group="crew",
            utc_offset_hours=-5),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who writes: a member of the roster, or one of those who left and are in no roster."""

    chat_id: str
    name: str
    nickname: str
    bot: bool
    role: str
    language: str
    member: Member | None

    def as_user(self, *, roles: bool = True) -> dict[str, Json]:
        """As the exporter writes a user; reactions come without roles."""
        record = user(self.chat_id, self.name, self.nickname, bot=self.bot, role=self.role)
        if not roles:
            del record["roles"]
        return record


@dataclass(slots=True)
class Tally:
    """What one channel came to."""

    messages: int = 0
    in_scope: int = 0
    attachments_in_scope: int = 0
    authors: set[str] = field(default_factory=set)
    authors_in_scope: set[str] = field(default_factory=set)
    marks: list[Mark] = field(default_factory=list)


def draw_outsiders(rng: Random, mint: Mint, count: int) -> list[Author]:
    """People who wrote, left, and are in no roster any more."""
    outsiders = []
    for _ in range(count):
        born_ms = DISCORD_EPOCH_MS + rng.randrange(86_400_000 * 900, 86_400_000 * 3000)
        name, nickname = f"{handle_stem(rng)}_{mint.token()}", f"{plain_name(rng)} {mint.token()}"
        outsiders.append(
            Author(mint.snowflake(born_ms), name, nickname, bot=False, role="", language="en", member=None)
        )
    return outsiders


def author_of(member: Member) -> Author:
    """A member as the chat shows them: user name as name, display name as nickname."""
    role = next((group for group in ("crew", "night-watch") if group in member.groups), "")
    language = member.language.partition("-")[0] or "en"
    nickname = member.name or member.username
    return Author(member.chat_id, member.username, nickname, member.kind == "bot", role, language, member)


def channel_head(channel: Channel) -> dict[str, Json]:
    """Everything of the file before the messages."""
    record: dict[str, Json] = {
        "id": channel.channel_id,
        "type": "GuildTextChat",
        "categoryId": channel.category_id,
        "category": channel.category,
        "name": channel.name,
        "topic": channel.topic,
    }
    return head_of(GUILD, record, _stamp(EXPORTED, channel))


class Conversation:
    """Writes one channel's messages, one at a time, and keeps the tally for truth.json."""

    def __init__(
        self, channel: Channel, members: list[Member], outsiders: list[Author], rng: Random, mint: Mint
    ) -> None:
        self._channel, self._rng, self._mint = channel, rng, mint
        self._members = [member for member in members if member.chat_id]
        self._by_chat_id = {member.chat_id: member for member in self._members}
        allowed = [m for m in self._members if not channel.group or channel.group in m.groups or m.kind == "bot"]
        self._authors = [author_of(member) for member in allowed]
        rng.shuffle(self._authors)
        # A few write most: the weight of the n-th most talkative falls like 1/n.
        self._weights = list(accumulate(1 / (place + 8) for place in range(len(self._authors))))
        # A private channel had a third of those who left, an open one all.
        self._outsiders = outsiders[::3] if channel.group else outsiders
        self.tally = Tally()

    def messages(self, count: int) -> Iterator[Json]:
        """`count` messages in order of time."""
        previous = ""
        for number, moment in enumerate(self._moments(count)):
            item = self._message(moment, number, previous)
            previous = str(item["id"])
            yield item

    def _moments(self, count: int) -> list[datetime]:
        """Two thirds inside the leak's span; four stand one second before and after each of its ends."""
        second = timedelta(seconds=1)
        edges = [end + step for end in (LEAK_FROM, LEAK_UNTIL) for step in (-second, second)]
        moments = edges[:count] if count >= len(edges) else []
        while len(moments) < count:
            start, end = (LEAK_FROM, LEAK_UNTIL) if self._rng.random() < 0.65 else (CHAT_FROM, CHAT_UNTIL)
            moment = start + timedelta(milliseconds=self._rng.randrange(int((end - start) / timedelta(milliseconds=1))))
            if moment not in (LEAK_FROM, LEAK_UNTIL):
                moments.append(moment)
        return sorted(moments)

    def _message(self, moment: datetime, number: int, previous: str) -> dict[str, Json]:
        rng, mint = self._rng, self._mint
        author = self._author(number)
        message_id = mint.snowflake(int(moment.timestamp() * 1000))
        in_scope = self._channel.name == LEAK_AREA and LEAK_FROM <= moment <= LEAK_UNTIL
        pieces = self._pieces(author)
        content = self._joined(pieces, message_id, author.chat_id, in_scope=in_scope)
        pictures: list[Json] = [attachment(mint.id_like(19, luhn=False), mint.token())] if rng.random() < 0.02 else []
        self._count(author, len(pictures), in_scope=in_scope)
        answers: dict[str, Json] | None = None
        if previous and rng.random() < 0.08:
            answers = {
                "type": "Default",
                "messageId": previous,
                "channelId": self._channel.channel_id,
                "guildId": GUILD["id"],
            }
        edited = moment + timedelta(minutes=rng.randrange(1, 90)) if rng.random() < 0.03 else None
        return message(
            message_id,
            _stamp(moment, self._channel),
            author.as_user(),
            content,
            edited=_stamp(edited, self._channel) if edited else None,
            pinned=rng.random() < 0.002,
            attachments=pictures,
            reactions=self._reactions(),
            mentions=self._mentions(pieces),
            answers=answers,
            emojis=[custom_emoji(_digits_of(piece)) for piece in pieces if piece.kind == "custom emoji"],
        )

    def _author(self, number: int) -> Author:
        """One message in 25 is by somebody who left, each in turn, so that all of them are heard."""
        if number % 25 == 3:
            return self._outsiders[number // 25 % len(self._outsiders)]
        return self._rng.choices(self._authors, cum_weights=self._weights)[0]

    def _pieces(self, author: Author) -> list[Piece]:
        """One or two sentences; in 8 % of the messages personal data, in 10 % a decoy, in 1 % something odd."""
        rng, mint = self._rng, self._mint
        say = SAY.get(author.language, SAY["en"])
        pieces = [Piece(fill(rng.choice(say), mint.token())[0]) for _ in range(rng.choice((1, 1, 2)))]
        if rng.random() < 0.08:
            pieces.append(plant(rng, mint, author.member))
            if rng.random() < 0.25:
                pieces.append(plant(rng, mint, author.member))
        if rng.random() < 0.10:
            pieces.append(decoy(rng, mint, rng.choice(self._members)))
        if rng.random() < 0.01:
            pieces.append(Piece(fill(rng.choice(ODD), mint.token())[0]))
        rng.shuffle(pieces)
        return pieces

    def _joined(self, pieces: list[Piece], message_id: str, author_id: str, *, in_scope: bool) -> str:
        """The content; notes where each value came to stand."""
        text = ""
        for piece in pieces:
            text += self._rng.choice((" ", " ", "\n")) if text else ""
            if piece.kind:
                start = len(text) + piece.start
                place = (self._channel.name, message_id, author_id)
                self.tally.marks.append(Mark(*place, piece.kind, piece.form, start, start + piece.length, in_scope))
            text += piece.text
        return text

    def _count(self, author: Author, pictures: int, *, in_scope: bool) -> None:
        self.tally.messages += 1
        self.tally.authors.add(author.chat_id)
        if in_scope:
            self.tally.in_scope += 1
            self.tally.attachments_in_scope += pictures
            self.tally.authors_in_scope.add(author.chat_id)

    def _reactions(self) -> list[Json]:
        if self._rng.random() >= 0.03:
            return []
        users: list[Json] = [author.as_user(roles=False) for author in islice(self._authors, self._rng.randint(1, 2))]
        return [{"emoji": standard_emoji(), "count": len(users), "users": users}]

    def _mentions(self, pieces: list[Piece]) -> list[Json]:
        ids = [_digits_of(piece) for piece in pieces if piece.kind == "mention"]
        return [author_of(self._by_chat_id[chat_id]).as_user() for chat_id in ids]


def _digits_of(piece: Piece) -> str:
    value = piece.text[piece.start : piece.start + piece.length]
    return "".join(sign for sign in value if sign.isdigit())


def _stamp(moment: datetime, channel: Channel) -> str:
    """ISO 8601 as .NET writes it: the fraction without trailing zeros, the offset always."""
    local = moment.astimezone(timezone(timedelta(hours=channel.utc_offset_hours)))
    fraction = f".{local.microsecond:06}".rstrip("0").rstrip(".")
    return f"{local:%Y-%m-%dT%H:%M:%S}{fraction}{channel.utc_offset_hours:+03}:00"
