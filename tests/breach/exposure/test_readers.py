"""Reading exports: whole, cut off, oddly formatted, and never more than a piece at a time."""

import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.errors import BadInput
from breach.exposure.readers import chat_exporter
from breach.exposure.readers.chat_exporter import ChatExport
from breach.exposure.readers.discourse_users import UserList
from breach.exposure.readers.objects import find_elements

WHEN = "2026-10-21T08:00:00.1234567+00:00"
TEXTS = st.text(alphabet=st.sampled_from('ab"\\{}[],:\n\té🌊\u202e'), max_size=12)
OBJECTS = st.lists(
    st.dictionaries(TEXTS, st.one_of(TEXTS, st.lists(TEXTS, max_size=2), st.none()), max_size=3), max_size=6
)


@given(OBJECTS, st.sampled_from([None, 0, 2, 4]), st.booleans())
def test_every_element_of_any_array_is_found(
    objects: list[dict[str, object]], indent: int | None, ascii_only: bool
) -> None:
    """Whatever stands in strings and however the array is laid out, its elements are cut exactly."""
    array = json.dumps(objects, indent=indent, ensure_ascii=ascii_only).encode()
    piece = array[1:]  # the piece begins inside the array
    found = find_elements(piece)
    cut = [json.loads(piece[a:b]) for a, b in zip(found.starts.tolist(), found.ends.tolist(), strict=True)]
    assert cut == objects
    assert found.closed_at == len(piece) - 1


@given(OBJECTS, st.data())
def test_a_cut_array_keeps_what_precedes_the_cut(objects: list[dict[str, object]], data: st.DataObject) -> None:
    """Of an array cut anywhere, a run of first elements is found, and no half of one."""
    array = json.dumps(objects, indent=2).encode()[1:-1]
    piece = array[: data.draw(st.integers(0, len(array)))]
    found = find_elements(piece)
    cut = [json.loads(piece[a:b]) for a, b in zip(found.starts.tolist(), found.ends.tolist(), strict=True)]
    assert cut == objects[: len(cut)]
    assert found.closed_at is None


def test_a_whole_export_is_read_and_complete(write_chat: Callable[..., Path]) -> None:
    """All messages come, with channel and content; a topic that imitates the array's key misleads nobody."""
    export = ChatExport(write_chat([("1", "7", WHEN, 'say "hi"'), ("2", "8", WHEN, "line\nbreak 🌊")]))
    messages = [message for batch in export.batches() for message in batch]
    assert [(one.id, one.author.id, one.content) for one in messages] == [
        ("1", "7", 'say "hi"'),
        ("2", "8", "line\nbreak 🌊"),
    ]
    assert export.channel.name == "night-watch"
    assert export.reading.complete


def test_a_cut_off_export_is_salvaged_and_said_to_be_incomplete(write_chat: Callable[..., Path]) -> None:
    """A file that ends in the third message gives two, and is not complete."""
    path = write_chat([(str(n), "7", WHEN, f"message {n}") for n in range(3)])
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"message 2")])
    export = ChatExport(path)
    assert [one.id for batch in export.batches() for one in batch] == ["0", "1"]
    assert not export.reading.complete


def test_a_wrong_message_count_is_not_complete(write_chat: Callable[..., Path]) -> None:
    """A file from whose middle messages were taken says more than it holds."""
    path = write_chat([("1", "7", WHEN, "hello")])
    path.write_text(path.read_text().replace('"messageCount": 1', '"messageCount": 2'))
    export = ChatExport(path)
    assert sum(map(len, export.batches())) == 1
    assert not export.reading.complete


def test_one_broken_message_loses_only_itself(write_chat: Callable[..., Path]) -> None:
    """A message without an author is counted as unread; its neighbours are read."""
    path = write_chat([(str(n), "7", WHEN, "hello") for n in range(3)])
    document = json.loads(path.read_text())
    document["messages"][1]["author"] = None
    path.write_text(json.dumps(document))
    export = ChatExport(path)
    assert [one.id for batch in export.batches() for one in batch] == ["0", "2"]
    assert export.reading.unread == 1


def test_an_export_is_read_in_pieces(write_chat: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """With pieces of 64 KiB, 6 MB of messages never take more than 1.5 MB of memory at once."""
    path = write_chat([(str(n), "7", WHEN, "x" * 1000) for n in range(4000)])
    monkeypatch.setattr(chat_exporter, "CHUNK", 64 << 10)
    export = ChatExport(path)
    tracemalloc.start()
    read = sum(map(len, export.batches()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read == 4000
    assert path.stat().st_size > 5_500_000
    assert peak < 1_500_000


def test_an_endless_message_is_refused(write_chat: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """One message larger than the limit ends in a sentence, not in all memory."""
    path = write_chat([("1", "7", WHEN, "x" * 300_000)])
    monkeypatch.setattr(chat_exporter, "CHUNK", 16 << 10)
    monkeypatch.setattr(chat_exporter, "LARGEST_MESSAGE", 100_000)
    with pytest.raises(BadInput, match="larger than"):
        list(ChatExport(path).batches())


def test_an_export_cut_before_its_messages_is_refused(write_chat: Callable[..., Path]) -> None:
    """Nothing can be salvaged from a head alone."""
    path = write_chat([("1", "7", WHEN, "hello")])
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b'"messages": [\n')])
    with pytest.raises(BadInput, match="ends before its first message"):
        ChatExport(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_user_list_is_read_in_the_ways_it_is_saved(
    tmp_path: Path, encoding: str, separator: str, packed: bool
) -> None:
    """Byte order marks, Excel's encoding and separators, gzip: the same cells."""
    rows = [["id", "username", "email"], ["1", 'ann "a" née', "line\r\nbreak"], ["2", "bob"]]
    text = "".join(
        separator.join('"' + cell.replace('"', '""') + '"' if n else cell for cell in row) + "\r\n"
        for n, row in enumerate(rows)
    )
    data = text.encode(encoding)
    path = tmp_path / "anything"
    path.write_bytes(gzip.compress(data) if packed else data)
    users = UserList(path)
    assert users.header == ["id", "username", "email"]
    assert list(users.rows()) == [["1", 'ann "a" née', "line\r\nbreak"], ["2", "bob", ""]]
    assert users.raggedness.too_short == 0


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'1,"open quote,x\n2,b,y\n', "a quote is wrong"),
        (b"1,caf\xe9,x\n", "not UTF-8"),
    ],
)
def test_a_damaged_user_list_is_refused_without_quoting_it(tmp_path: Path, body: bytes, says: str) -> None:
    """An open quote would swallow members; a wrong byte may be anybody's name: both end in a sentence."""
    path = tmp_path / "members.csv"
    path.write_bytes(b"id,username,email\n" + body)
    with pytest.raises(BadInput, match=says) as caught:
        list(UserList(path).rows())
    assert caught.value.__cause__ is None
    assert "open" not in str(caught.value).replace("opens", "")


def test_a_cut_off_gzip_user_list_is_refused(tmp_path: Path) -> None:
    """Members after the cut would vanish in silence."""
    lines = "".join(f"{n},user{n * 7919},{n * 104729}\n" for n in range(40_000))
    path = tmp_path / "members.csv.gz"
    path.write_bytes(gzip.compress(("id,username,email\n" + lines).encode())[:-20_000])
    with pytest.raises(BadInput, match="cut off"):
        list(UserList(path).rows())
