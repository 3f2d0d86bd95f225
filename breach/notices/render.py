"""From frozen content to what one person reads."""

from collections.abc import Mapping

from breach.digest import digest_bytes
from breach.errors import Conflict, NoticeRefused, Tampered
from breach.mail import Addressee, Letter
from breach.notices.personal import TAG
from breach.store import CaseStore, get_record
from schemas.notice import NoticeManifest, SampleValues, Variant


def fill(content: str, values: Mapping[str, str]) -> str:
    """Put a person's values in place of the tags, in one pass: what a value contains is never looked at again.

    Raises NoticeRefused when the content has a tag without a value.
    """
    missing = set(TAG.findall(content)) - set(values)
    if missing:
        raise NoticeRefused(
            f"{len(missing)} personal values are missing for a letter.", "It was not made.", "Draft the notices again."
        )
    return TAG.sub(lambda found: values[found.group()], content)


def letter_for(store: CaseStore, manifest: NoticeManifest, variant: str) -> Letter:
    """The frozen content of a variant. Raises Tampered when its bytes are not the approved ones."""
    frozen = _variant(manifest, variant)
    folder = _folder(manifest, variant)
    return Letter(
        subject=_read(store, f"{folder}/subject.txt", frozen.subject_digest),
        html=_read(store, f"{folder}/body.html", frozen.html_digest),
        text=_read(store, f"{folder}/body.txt", frozen.text_digest),
        category=manifest.message,
    )


def sample_values(store: CaseStore, manifest: NoticeManifest, variant: str) -> dict[str, str]:
    """Tag -> value of an invented person who reads this variant."""
    _variant(manifest, variant)
    return get_record(store, f"{_folder(manifest, variant)}/sample.json", SampleValues).values


def sample_addressee(
    store: CaseStore, manifest: NoticeManifest, variant: str, *, token: str, address: str, name: str = ""
) -> Addressee:
    """A staff member who is sent the variant as the invented person would read it."""
    return Addressee(token, address, name, sample_values(store, manifest, variant))


def preview(store: CaseStore, manifest: NoticeManifest, variant: str) -> str:
    """The plain text of a variant as an invented person would read it, the subject above it."""
    letter = letter_for(store, manifest, variant)
    return f"{letter.subject}\n\n{fill(letter.text, sample_values(store, manifest, variant))}"


def preview_html(store: CaseStore, manifest: NoticeManifest, variant: str) -> str:
    """The HTML of a variant as an invented person would read it."""
    return fill(letter_for(store, manifest, variant).html, sample_values(store, manifest, variant))


def _variant(manifest: NoticeManifest, name: str) -> Variant:
    found = next((variant for variant in manifest.variants if variant.name == name), None)
    if found is None:
        raise Conflict(f"{name} is not a variant of {manifest.message}.", "Nothing was read.")
    return found


def _folder(manifest: NoticeManifest, variant: str) -> str:
    return f"{manifest.personal_key.rpartition('/')[0]}/{variant}"


def _read(store: CaseStore, key: str, digest: str) -> str:
    held = store.get(key)
    if held is None or digest_bytes(held.data) != digest:
        raise Tampered(
            f"{key} is not what its manifest names.",
            "It was not used.",
            "Find out who changed it; draft the notices again under a new revision.",
        )
    return held.data.decode()
