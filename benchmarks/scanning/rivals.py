"""What we are compared with, on texts in memory: Presidio's five pattern recognizers, and Python's re.

Runs in an environment of its own, without any of our code but the sample's reader. Nothing is downloaded.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.scanning.texts import Text, blobs

Found = Iterator[tuple[int, str, int, int, float]]
"""(number of the text, kind, start, end, score)."""
BLOB_CHARACTERS = 65_536

OBVIOUS = {
    "email": r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+",
    "card": r"\b(?:\d[ -]?){12,18}\d\b",
    "iban": r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b",
    "ssn": r"\b\d{3}-\d{2}-\d{4}\b",
    "ip": r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}\b",
}
"""What anybody would write in an evening; nothing is checked afterwards."""
ENTITIES = {"EMAIL_ADDRESS": "email", "CREDIT_CARD": "card", "IBAN_CODE": "iban", "US_SSN": "ssn", "IP_ADDRESS": "ip"}
PHONE = {"PHONE_NUMBER": "phone"}


def regex_by_message(texts: Sequence[Text]) -> Found:
    """Five patterns on each message."""
    patterns = [(kind, re.compile(pattern)) for kind, pattern in OBVIOUS.items()]
    for number, one in enumerate(texts):
        for kind, pattern in patterns:
            for hit in pattern.finditer(one.text):
                yield number, kind, hit.start(), hit.end(), 1.0


def regex_by_blob(texts: Sequence[Text]) -> Found:
    """Five patterns on joined messages."""
    patterns = [(kind, re.compile(pattern)) for kind, pattern in OBVIOUS.items()]
    for blob in blobs(texts, BLOB_CHARACTERS):
        for kind, pattern in patterns:
            for hit in pattern.finditer(blob.text):
                at = bisect_right(blob.starts, hit.start()) - 1
                begin = blob.starts[at]
                yield blob.first + at, kind, hit.start() - begin, hit.end() - begin, 1.0


def recognizers(*, phone: bool = False) -> list[tuple[Any, dict[str, str]]]:
    """Presidio's recognizers as it ships them, with what their entities are called here."""
    import tldextract.tldextract as public_suffixes
    from presidio_analyzer.predefined_recognizers import (
        CreditCardRecognizer,
        EmailRecognizer,
        IbanRecognizer,
        IpRecognizer,
        PhoneRecognizer,
        UsSsnRecognizer,
    )

    # The e-mail recognizer would download the Public Suffix List at its first hit; the list that comes with
    # tldextract is as good here, and nothing waits for a network.
    public_suffixes.TLD_EXTRACTOR = public_suffixes.TLDExtract(suffix_list_urls=(), cache_dir=None)
    kinds = [EmailRecognizer, CreditCardRecognizer, IbanRecognizer, UsSsnRecognizer, IpRecognizer]
    made = [(kind(), ENTITIES) for kind in kinds]
    return [*made, (PhoneRecognizer(), PHONE)] if phone else made


def presidio_by_message(texts: Sequence[Text], *, phone: bool = False) -> Found:
    """Each recognizer on each message."""
    analyzers = recognizers(phone=phone)
    for number, one in enumerate(texts):
        for analyzer, names in analyzers:
            for hit in analyzer.analyze(one.text, analyzer.supported_entities, None):
                yield number, names[hit.entity_type], hit.start, hit.end, hit.score


def presidio_by_blob(texts: Sequence[Text]) -> Found:
    """Each recognizer on joined messages."""
    analyzers = recognizers()
    for blob in blobs(texts, BLOB_CHARACTERS):
        for analyzer, names in analyzers:
            for hit in analyzer.analyze(blob.text, analyzer.supported_entities, None):
                at = bisect_right(blob.starts, hit.start) - 1
                begin = blob.starts[at]
                yield blob.first + at, names[hit.entity_type], hit.start - begin, hit.end - begin, hit.score


def presidio_with_phone(texts: Sequence[Text]) -> Found:
    """The five and the phone recognizer: for the accuracy, not for the speed."""
    return presidio_by_message(texts, phone=True)


RIVALS: dict[str, Callable[[Sequence[Text]], Found]] = {
    "presidio, by message": presidio_by_message,
    "presidio, by blob": presidio_by_blob,
    "presidio, with phone": presidio_with_phone,
    "python re, by message": regex_by_message,
    "python re, by blob": regex_by_blob,
}
