"""Writes The Harbor's exports: `python -m examples.harbor.generate [--out DIR] [--members N] [--messages N]`.

The same seed and sizes give the same bytes.
"""

import argparse
from pathlib import Path
from random import Random

from examples.harbor.channels import CHANNELS, LEAK_AREA, Conversation, Tally, channel_head, draw_outsiders
from examples.harbor.chat_json import write_channel
from examples.harbor.members import draw_members
from examples.harbor.mint import Mint
from examples.harbor.roster_csv import write_roster
from examples.harbor.truth import write_truth

SEED = 20261020
MEMBERS = 1_200
MESSAGES = 20_000
HERE = Path(__file__).parent / "data"


def generate(out: Path, *, members: int = MEMBERS, messages: int = MESSAGES, seed: int = SEED) -> None:
    """Writes members.csv, chat/<channel>.json and truth.json into `out`.

    Args:
        out: a folder; made when missing, files of an earlier run are replaced.
        members: rows of the roster, at least 60: below that the rarer kinds of member find no room.
        messages: over all channels.
        seed: everything is drawn from it.
    """
    if members < 60:
        raise SystemExit(f"A community of {members} is too small to hold every kind of member; ask for 60 or more.")
    rng = Random(seed)
    mint = Mint(rng)
    (out / "chat").mkdir(parents=True, exist_ok=True)
    people = draw_members(rng, mint, members)
    write_roster(out / "members.csv", people, rng)
    outsiders = draw_outsiders(rng, mint, max(3, members // 20))
    tallies: dict[str, Tally] = {}
    counts = {channel.name: messages * channel.share // 100 for channel in CHANNELS}
    counts[LEAK_AREA] += messages - sum(counts.values())  # what rounding left
    for channel in CHANNELS:
        talk = Conversation(channel, people, outsiders, rng, mint)
        write_channel(out / "chat" / f"{channel.name}.json", channel_head(channel), talk.messages(counts[channel.name]))
        tallies[channel.name] = talk.tally
    write_truth(out / "truth.json", seed, people, {outsider.chat_id for outsider in outsiders}, tallies)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description="Write an invented community's exports, with the truth about them.")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: the committed data)")
    parser.add_argument("--members", type=int, default=MEMBERS, help="rows of the roster (default: %(default)s)")
    parser.add_argument("--messages", type=int, default=MESSAGES, help="over all channels (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="everything is drawn from it (default: %(default)s)")
    chosen = parser.parse_args()
    generate(chosen.out, members=chosen.members, messages=chosen.messages, seed=chosen.seed)
    print(f"wrote {chosen.members} members and {chosen.messages} messages to {chosen.out}")


if __name__ == "__main__":
    main()
