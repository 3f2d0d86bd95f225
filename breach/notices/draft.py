"""The chapter: write every variant, every reader's values, check them, freeze them."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass

import pyarrow as pa

from breach.digest import digest_bytes
from breach.errors import NoticeRefused
from breach.notices.context import notice_context, sender_context, update_context, words_for
from breach.notices.engine import Form, Value, render
from breach.notices.lint import Draft, judge, warnings_of
from breach.notices.personal import PersonalWriter, Reader, Tags, make_tags, sample_reader
from breach.recipients.tables import RECIPIENTS, STRINGS, read_table, to_parquet
from breach.steps import Work
from breach.store import get_record, put_record, put_same
from schemas.exposure import DataType
from schemas.incident import Locale
from schemas.notice import (
    LintReport,
    Measure,
    NoticeManifest,
    Purpose,
    SampleValues,
    Sender,
    UpdateText,
    Variant,
)
from schemas.receipt import Chapter, Receipt
from schemas.recipients import ANOTHER_LANGUAGE, ListManifest, Residence

PERSONAL = pa.schema([("token", pa.string()), ("variant", pa.string()), ("tags", STRINGS), ("values", STRINGS)])
Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class _Message:
    """Which message is written, by whom, and what it says to a locale and residence."""

    name: str
    purpose: Purpose
    sender: Sender
    says: Callable[[Locale, Residence], dict[str, Value]]
    warnings: tuple[str, ...]

    def template(self, locale: Locale, residence: Residence) -> str:
        """Notices have a file for each residence's rules; an update has none of its own."""
        return f"{locale}/{self.purpose}-{residence if self.purpose is Purpose.NOTICE else Residence.DEFAULT}.j2"


def draft_notices(work: Work, recipients: Receipt, sender: Sender, measures: Collection[Measure] = ()) -> Receipt:
    """Freeze the notice in every variant the list needs, under notices/<rev>/; the receipt names the manifest.

    measures: what the case's own record proves to be done; the letter claims nothing else.
    Raises NoticeRefused when a variant breaks a rule of content; lint.json then says which.
    """
    listed = get_record(work.store, recipients.key, ListManifest)
    in_order = [measure for measure in Measure if measure in set(measures)]

    def says(locale: Locale, residence: Residence) -> dict[str, Value]:
        return notice_context(work.facts, locale, residence, in_order)

    message = _Message("notice", Purpose.NOTICE, sender, says, _notice_warnings(work, listed))
    return _draft(work, recipients, message)


def draft_update(work: Work, recipients: Receipt, update: UpdateText, sender: Sender) -> Receipt:
    """Freeze one update for the people told before; recipients is the receipt of build_update_list.

    Raises NoticeRefused when the list belongs to another message, or a variant breaks a rule of content.
    """

    def says(locale: Locale, residence: Residence) -> dict[str, Value]:
        return notice_context(work.facts, locale, residence, ()) | update_context(update, locale, residence)

    name = f"update-{update.number:03d}"
    listed = get_record(work.store, recipients.key, ListManifest)
    message = _Message(name, Purpose.UPDATE, sender, says, _update_warnings(update, listed))
    return _draft(work, recipients, message)


def _draft(work: Work, recipients: Receipt, message: _Message) -> Receipt:
    """Render, check, write: contents and values first, the manifest last."""
    folder = f"notices/{work.revision}"
    list_key = f"{recipients.key.rpartition('/')[0]}/recipients.parquet"
    rows = read_table(work.store, list_key, RECIPIENTS.names).to_pylist()
    # The list's own bytes are the secret: they hold tokens made with the case key, and were frozen before any tag.
    tags = make_tags(bytes.fromhex(_list_digest(work, list_key)), work.revision)
    drafts = [_variant(message, name, readers, tags) for name, readers in _by_variant(rows, message.name)]
    report = LintReport(findings=tuple(f for draft in drafts for f in judge(draft, work.facts, message.sender)))
    put_record(work.store, f"{folder}/lint.json", report)
    warnings = message.warnings + warnings_of(report)
    personal = to_parquet(PERSONAL, _personal(drafts))
    put_same(work.store, f"{folder}/personal.parquet", personal)
    manifest = NoticeManifest(
        message=message.name,
        variants=tuple(_written(work, folder, draft, message.purpose) for draft in drafts),
        personal_key=f"{folder}/personal.parquet",
        personal_digest=digest_bytes(personal),
        warnings=warnings,
    )
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.NOTICES,
        revision=work.revision,
        key=f"{folder}/manifest.json",
        digest=put_record(work.store, f"{folder}/manifest.json", manifest),
        counts={"variants": len(drafts), "notices": len(rows), "warnings": len(warnings)},
    )


def _by_variant(rows: list[Row], message: str) -> list[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[str(row["variant"])].append(row)
    if any(not name.startswith(f"{message}-") for name in found):
        raise NoticeRefused(
            f"The list was not built for {message}.", "Nothing was written.", "Build its own list first."
        )
    return sorted(found.items())


def _variant(message: _Message, name: str, rows: list[Row], tags: Tags) -> Draft:
    """One variant's content, and the values of its readers."""
    locale, residence = Locale(str(rows[0]["locale"])), Residence(str(rows[0]["residence"]))
    template = message.template(locale, residence)
    context = sender_context(message.sender) | message.says(locale, residence)
    html = render(Form.HTML, template, "body", context | {"tags": tags[Form.HTML]}).strip() + "\n"
    text = render(Form.TEXT, template, "body", context | {"tags": tags[Form.TEXT]})
    used = {tag for by_part in tags.values() for tag in by_part.values() if tag in html or tag in text}
    writer = PersonalWriter(locale, tags)
    exposed = {kind for row in rows for kind in _strings(row["types"])}
    return Draft(
        name=name,
        locale=locale,
        residence=residence,
        purpose=message.purpose,
        subject=" ".join(render(Form.TEXT, template, "subject", context).split()),
        html=html,
        text=text,
        values={str(row["token"]): writer.values(_reader(row), used) for row in rows},
        sample=writer.values(sample_reader(locale, [kind.value for kind in DataType if kind.value in exposed]), used),
    )


def _reader(row: Row) -> Reader:
    return Reader(
        name=str(row["name"]),
        types=tuple(_strings(row["types"])),
        accounts=len(_strings(row["member_ids"])),
        minor=bool(row["minor"]),
    )


def _written(work: Work, folder: str, draft: Draft, purpose: Purpose) -> Variant:
    put_record(work.store, f"{folder}/{draft.name}/sample.json", SampleValues(values=draft.sample))
    return Variant(
        name=draft.name,
        locale=draft.locale,
        residence=draft.residence,
        purpose=purpose,
        subject_digest=put_same(work.store, f"{folder}/{draft.name}/subject.txt", draft.subject.encode()),
        html_digest=put_same(work.store, f"{folder}/{draft.name}/body.html", draft.html.encode()),
        text_digest=put_same(work.store, f"{folder}/{draft.name}/body.txt", draft.text.encode()),
        recipients=len(draft.values),
    )


def _personal(drafts: list[Draft]) -> dict[str, list[object]]:
    """personal.parquet by column, in the order of tokens."""
    rows = sorted((token, draft.name, values) for draft in drafts for token, values in draft.values.items())
    return {
        "token": [token for token, _, _ in rows],
        "variant": [name for _, name, _ in rows],
        "tags": [list(values) for _, _, values in rows],
        "values": [list(values.values()) for _, _, values in rows],
    }


def _notice_warnings(work: Work, listed: ListManifest) -> tuple[str, ...]:
    """What the reader at the gate should know about languages and own words."""
    notes, incident = listed.notes, work.facts.incident
    found = [] if listed.recipients else ["Nobody can be told by e-mail."]
    found += [
        f"{count} recipients asked for the language '{language}'; they get the notice in English (ALL-08)."
        for language, count in notes.other_languages.items()
        if language != ANOTHER_LANGUAGE
    ]
    if unread := notes.other_languages.get(ANOTHER_LANGUAGE):
        found.append(f"{unread} recipients wrote no known language into that field; they get the notice in English.")
    if notes.quebec:
        found.append(f"{notes.quebec} recipients live in Quebec, where law wants the notice in French (QC-01).")
    if notes.language_unknown:
        found.append(
            f"{notes.language_unknown} recipients named no language; German goes to Germany and Austria, "
            "English to all others."
        )
    if incident.own_words and any(name.endswith(Residence.US_MA) for name in listed.by_variant):
        found.append("Own words are left out for Massachusetts: they could describe the nature of the breach (MA-01).")
    said = {words.locale for words in incident.own_words}
    unsaid = [locale.value for locale in Locale if said and locale not in said]
    found += [f"There are no own words in '{locale}'; the template's sentences stand there." for locale in unsaid]
    return tuple(found)


def _update_warnings(update: UpdateText, listed: ListManifest) -> tuple[str, ...]:
    """Which readers see the news in a language that is not theirs, or not at all."""
    found = []
    for name, count in sorted(listed.by_variant.items()):
        locale = next(locale for locale in Locale if f"-{locale}-" in name)
        words = words_for(update, locale)
        if words is not None and name.endswith(Residence.US_MA):
            found.append(f"{count} recipients in Massachusetts are told that there is news, not what it is (MA-01).")
        elif words is not None and words.locale is not locale:
            found.append(f"{count} recipients of {name} read the news in '{words.locale}': there are no other words.")
    return tuple(found)


def _list_digest(work: Work, key: str) -> str:
    held = work.store.get(key)
    return digest_bytes(held.data if held else b"")


def _strings(cell: Value) -> list[str]:
    return [str(item) for item in cell] if isinstance(cell, list) else []
