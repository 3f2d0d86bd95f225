"""One reader's values: their own, escaped, and nobody else's."""

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from breach.errors import Conflict, NoticeRefused, Tampered
from breach.notices.personal import TAG, PersonalWriter, Reader, greeting_name, make_tags
from breach.notices.render import fill, letter_for, preview, sample_addressee
from breach.recipients.name import clean_name
from schemas.exposure import DataType
from schemas.incident import Locale

from .conftest import Press

ALL = tuple(kind.value for kind in DataType)
TAGS = make_tags(b"s" * 32, "0123456789ab")
USED = {tag for by_part in TAGS.values() for tag in by_part.values()}
HOSTILE = ["{{7*7}}", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "a\r\nBcc: e@example.org", "&amp;<b>", "%a%"]


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)


def elements(text: str) -> list[str]:
    parser = Elements()
    parser.feed(text)
    return parser.found


def written(name: str, locale: Locale = Locale.EN) -> dict[str, str]:
    return PersonalWriter(locale, TAGS).values(Reader(name, ("email address",), 1, minor=False), USED)


@given(st.text(max_size=90) | st.sampled_from(HOSTILE))
@example("{{7*7}}")
@example("{% for x in ().__class__ %}")
@settings(deadline=None, max_examples=150)
def test_a_name_is_only_ever_a_name(name: str) -> None:
    """Any display name stands in the HTML escaped and isolated, in the text plain, and is never evaluated."""
    values = written(name)
    expected = greeting_name(name)

    html_value, text_value = values[TAGS["html"]["greeting"]], values[TAGS["txt"]["greeting"]]
    assert elements(html_value) == (["bdi"] if expected else [])
    if expected:
        assert html.unescape(re.sub("</?bdi>", "", html_value)) == f"Hello {expected},"
    assert text_value.replace("\u2068", "").replace("\u2069", "") == (f"Hello {expected}," if expected else "Hello,")
    assert "49" not in html_value.replace(html.escape(clean_name(name)), "")
    assert not set("\r\n") & set(text_value)


@given(st.text(max_size=60), st.sets(st.sampled_from(sorted(USED)), max_size=4))
@settings(deadline=None)
def test_filling_replaces_each_tag_once(value: str, inside: set[str]) -> None:
    """A value that holds other tags is not looked at again, and no tag of the content stays."""
    content = "A " + " B ".join(sorted(USED))
    values = dict.fromkeys(USED, value + "".join(sorted(inside)))

    filled = fill(content, values)

    assert filled == "A " + " B ".join([value + "".join(sorted(inside))] * len(USED))


def test_a_tag_without_a_value_is_refused() -> None:
    """A letter with a hole is not made."""
    with pytest.raises(NoticeRefused, match="1 personal values are missing"):
        fill(f"Dear {next(iter(USED))}", {})


@pytest.mark.parametrize("locale", list(Locale))
def test_the_longest_values_fit_a_mailer(locale: Locale) -> None:
    """A minor with every data type, many accounts and a long name stays under 10,000 bytes, with room to spare."""
    reader = Reader("𝕏" * 70, ALL, 12, minor=True)
    values = PersonalWriter(locale, TAGS).values(reader, USED)

    assert sum(len(tag) + len(value.encode()) for tag, value in values.items()) < 9_500


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("kind", list(DataType))
def test_every_data_type_has_words_a_meaning_and_advice(locale: Locale, kind: DataType) -> None:
    """No type leaks without being named, explained and answered in the reader's language."""
    values = PersonalWriter(locale, TAGS).values(Reader("", (kind.value,), 1, minor=False), USED)

    data, meaning = (values[TAGS["txt"][part]] for part in ("data", "meaning"))
    assert data.startswith("- ")
    assert kind.value != data.removeprefix("- ")
    assert meaning.startswith("- ")
    assert values[TAGS["txt"]["actions"]].startswith("1. " + values[TAGS["txt"]["first"]][:10])


def test_only_minors_get_the_line_for_minors() -> None:
    """The line is a value of the few it concerns, empty for all others."""
    writer = PersonalWriter(Locale.EN, TAGS)
    young = writer.values(Reader("Ann", ALL, 1, minor=True), USED)
    grown = writer.values(Reader("Ann", ALL, 1, minor=False), USED)

    tag = TAGS["html"]["minor"]
    assert "under 18" in young[tag]
    assert grown[tag] == ""


def test_right_to_left_names_are_isolated_in_plain_text() -> None:
    """FIRST STRONG ISOLATE and its end (UAX 9) keep the greeting's comma in its place."""
    assert written("שלום")[TAGS["txt"]["greeting"]] == "Hello \u2068שלום\u2069,"


@pytest.mark.parametrize("name", ["Win at https://evil.example", "www.evil.example", "help@evil.example"])
def test_a_name_that_would_become_a_link_is_not_greeted(name: str) -> None:
    """Mail programs make such names clickable, in a letter that says it has no links."""
    assert written(name)[TAGS["html"]["greeting"]] == "Hello,"


def test_tags_differ_by_form_part_secret_and_revision() -> None:
    """Nobody can tell one tag from another, or from another list."""
    others = [make_tags(b"t" * 32, "0123456789ab"), make_tags(b"s" * 32, "ba9876543210")]
    every = USED.union(*({tag for by_part in tags.values() for tag in by_part.values()} for tags in others))

    assert len(every) == 3 * len(USED) == 42
    assert all(TAG.fullmatch(tag) for tag in every)


names = st.lists(st.text(min_size=1, max_size=30) | st.sampled_from(HOSTILE), min_size=2, max_size=5)


@given(names, st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_letter_holds_another_members_data(press: Press, typed: list[str], data: st.DataObject) -> None:
    """Filled for one reader, a letter is the content with that reader's values, whoever else is on the list."""
    kinds = st.lists(st.sampled_from(ALL), min_size=1, unique=True)
    readers = [{"name": f"only-{n}-{clean_name(name)}", "types": data.draw(kinds)} for n, name in enumerate(typed)]
    manifest = press.draft(readers)
    letter, values = press.letter(manifest, "notice-en-default"), press.values(manifest)

    assert len(values) == len(readers)
    for own in values.values():
        for content in (letter.html, letter.text):
            filled = fill(content, own)
            assert len(set(re.findall(r"only-\d-", filled))) <= 1
            assert not set(TAG.findall(content)) & set(TAG.findall(filled))


def test_no_value_stands_in_the_content_and_no_header_can_be_split(press: Press) -> None:
    """Frozen content knows no reader; subjects are one line."""
    manifest = press.draft([{"name": "zqUniqueName"}, {"name": "zqUniqueName", "locale": "de"}])

    for variant in manifest.variants:
        letter = press.letter(manifest, variant.name)
        assert "zqUniqueName" not in letter.subject + letter.html + letter.text
        assert not set("\r\n") & set(letter.subject)


def test_a_shared_mailbox_is_told_that_it_is_about_several_accounts(press: Press) -> None:
    """The number of accounts, no names of them."""
    manifest = press.draft([{"member_ids": ["m-one", "m-two"]}])

    filled = fill(press.letter(manifest, "notice-en-default").text, next(iter(press.values(manifest).values())))
    assert "the 2 accounts that use this e-mail address" in " ".join(filled.split())
    assert "m-one" not in filled


def test_a_second_run_writes_the_same_bytes(press: Press) -> None:
    """Killed and run again, the chapter ends with the same manifest."""
    manifest = press.draft([{}, {"locale": "de"}])
    key = manifest.personal_key.replace("personal.parquet", "manifest.json")
    before = press.store.get(key)

    assert before is not None
    assert press.again(manifest).digest == before.etag


def test_changed_content_is_not_sent(press: Press) -> None:
    """One changed byte in a frozen letter is noticed before anybody gets it."""
    manifest = press.draft([{}])
    path = press.store.path(manifest.personal_key.replace("personal.parquet", "notice-en-default/body.txt"))
    path.write_bytes(path.read_bytes().replace(b"sorry", b"happy"))

    with pytest.raises(Tampered, match=r"body\.txt"):
        letter_for(press.store, manifest, "notice-en-default")


def test_staff_get_the_letter_as_an_invented_person_reads_it(press: Press) -> None:
    """Seeds and previews hold invented values, with everything that leaked to anybody of the variant."""
    manifest = press.draft([{"name": "Real Person", "types": ["email address"]}, {"types": ["phone number"]}])
    seed = sample_addressee(
        press.store, manifest, "notice-en-default", token="a" * 26, address="staff@harbor.example", name="Staff"
    )
    text = fill(press.letter(manifest, "notice-en-default").text, seed.values)

    assert text in preview(press.store, manifest, "notice-en-default")
    assert "Kim Sample" in text
    assert "Real Person" not in text
    assert "your phone number" in text
    assert "your e-mail address" in text


def test_an_unknown_variant_is_refused(press: Press) -> None:
    """A variant that nobody approved cannot be read."""
    with pytest.raises(Conflict, match="not a variant"):
        preview(press.store, press.draft([{}]), "notice-en-us-ca")


@pytest.mark.parametrize("locale", list(Locale))
def test_where_there_is_no_room_the_most_pressing_advice_stays(locale: Locale) -> None:
    """A reader who lost everything is told all of it, what to do first, and what concerns everybody."""
    everything = PersonalWriter(locale, TAGS).values(Reader("", ALL, 1, minor=False), USED)
    nothing_special = PersonalWriter(locale, TAGS).values(Reader("", ("email address",), 1, minor=False), USED)
    data, actions = (everything[TAGS["txt"][part]] for part in ("data", "actions"))
    of_all = re.findall(r"^\d+\. (.{20})", nothing_special[TAGS["txt"]["actions"]], re.MULTILINE)

    assert data.count("- ") >= len(ALL)
    assert actions.splitlines()[0].startswith(f"1. {everything[TAGS['txt']['first']][:20]}")
    assert len(of_all) == 2
    assert all(line in actions for line in of_all)


@pytest.mark.parametrize(
    ("kind", "english", "german"),
    [
        ("readable password", "everywhere you use it", "überall, wo Sie es verwenden"),
        ("access token or key", "Withdraw the key", "Ziehen Sie den Schlüssel"),
        ("payment card number", "issued your payment card", "Ihre Zahlungskarte ausgegeben"),
        ("social security number", "888-298-0045", "888-298-0045"),
        ("bank account number", "Tell your bank", "Sagen Sie Ihrer Bank"),
        ("health", "do not pay", "zahlen Sie nicht"),
        ("login session", "Log out on all devices", "auf allen Geräten ab"),
    ],
)
def test_what_leaked_decides_what_to_do(kind: str, english: str, german: str) -> None:
    """Each kind of loss has its own first step, and nobody else is given it."""
    for locale, words in ((Locale.EN, english), (Locale.DE, german)):
        writer = PersonalWriter(locale, TAGS)
        told = writer.values(Reader("", (kind,), 1, minor=False), USED)[TAGS["html"]["actions"]]
        others = writer.values(Reader("", ("email address",), 1, minor=False), USED)[TAGS["html"]["actions"]]
        assert words in told
        assert words not in others
