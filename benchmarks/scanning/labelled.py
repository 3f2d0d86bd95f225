"""Labelled sentences of presidio-evaluator's templates. Runs in the benchmarks' environment, where that package is.

Two sets: `valid`, with values that are what their label says, and `shipped`, as the package fills them by itself:
there many phone numbers and some cards are valid nowhere, so recall on them measures the generator.
"""

import contextlib
import csv
import io
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import phonenumbers
from faker.providers import BaseProvider
from presidio_evaluator.data_generator import PresidioSentenceFaker, raw_data_dir
from presidio_evaluator.data_generator.faker_extensions.datasets import load_fake_person_df
from presidio_evaluator.data_generator.presidio_sentence_faker import presidio_additional_entity_providers

from benchmarks.corpus.members import FIRST, HOSTS, LAST
from benchmarks.corpus.money import card, iban
from benchmarks.corpus.papers import ssn
from benchmarks.corpus.planting import grouped
from benchmarks.scanning.texts import Text, write_texts

KINDS = {
    "EMAIL_ADDRESS": "email",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "US_SSN": "ssn",
    "IP_ADDRESS": "ip",
    "PHONE_NUMBER": "phone",
}
REGIONS = ("US", "GB", "DE", "FR", "IN", "CA", "BR", "ES", "IT", "NL", "PL", "SE", "AU", "CH", "AT", "JP", "MX", "ZA")
"""Whose numbers are used; Presidio's recognizer knows the first seven of them (and IL) by default."""
TYPES = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
FORMATS = (
    phonenumbers.PhoneNumberFormat.NATIONAL,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.E164,
)


class ValidProvider(BaseProvider):  # type: ignore[misc]  # the package has no types here
    """Values that are valid; phone numbers are those of the country that the sentence's author lives in."""

    region = "US"

    def email(self) -> str:
        """At a reserved name."""
        return f"{random.choice(FIRST)}.{random.choice(LAST)}{random.randrange(999)}@{random.choice(HOSTS)}"

    def credit_card_number(self) -> str:
        """Of a real issuer's range and length, with its check digit; bare or as embossed."""
        number, groups = card(random.Random(random.getrandbits(64)))
        return grouped(number, groups, random.choice((" ", "-"))) if random.random() < 0.5 else number

    def iban(self) -> str:
        """With its check digits; bare or in fours."""
        number = iban(random.Random(random.getrandbits(64)))
        return grouped(number, (4,), " ") if random.random() < 0.5 else number

    def ssn(self) -> str:
        """Of areas, groups and serials that are given."""
        return ssn(random.Random(random.getrandbits(64)))

    def ip_address(self) -> str:
        """Version 4 or 6, global."""
        return str(self.generator.ipv4_public() if random.random() < 0.7 else f"2001:db8:{random.getrandbits(16):x}::1")

    def phone_number(self) -> str:
        """An example of the numbering plan with other last digits, as long as it stays valid."""
        example = phonenumbers.example_number_for_type(self.region, random.choice(TYPES))
        if example is None or example.national_number is None:
            raise ValueError(f"no example of a number in {self.region}")
        for _ in range(20):
            number = phonenumbers.PhoneNumber(
                country_code=example.country_code,
                national_number=example.national_number // 1000 * 1000 + random.randrange(1000),
                italian_leading_zero=example.italian_leading_zero,
            )
            if phonenumbers.is_valid_number(number):
                example = number
                break
        return str(phonenumbers.format_number(example, random.choice(FORMATS)))


def make(count: int, seed: int, *, valid: bool) -> Iterator[tuple[str, Any]]:
    """(country of the author, the package's sample) of that many sentences."""
    records = load_fake_person_df()
    # A line break within a template stands in the package's file as a backslash and an n, which would cling to a value.
    lines = (raw_data_dir / "templates.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    templates = [line.strip().replace("\\n", "\n") for line in lines if line.strip()]
    providers = list(presidio_additional_entity_providers)
    if valid:
        records = records.drop(columns=[name for name in _OURS if name in records.columns])
        providers.append(ValidProvider)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        faker = PresidioSentenceFaker(
            "en_US",
            sentence_templates=templates,
            lower_case_ratio=0.05,
            entity_providers=providers,
            base_records=records,
            random_seed=seed,
        )
        for _ in range(count):
            ValidProvider.region = random.choice(REGIONS)
            (sample,) = faker.generate_new_fake_sentences(1)
            yield ValidProvider.region if valid else "US", sample


_OURS = ("email", "phone_number", "credit_card", "credit_card_number", "iban", "ssn", "ip_address")


def write(name: str, folder: Path, count: int, seed: int, *, valid: bool) -> None:
    """The texts as NAME.jsonl and the labels as NAME.tsv."""
    with (folder / f"{name}.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(("record", "kind", "form", "start", "end"))

        def texts() -> Iterator[Text]:
            for number, (country, sample) in enumerate(make(count, seed, valid=valid)):
                for span in sample.spans:
                    if span.entity_type in KINDS:
                        kind = KINDS[span.entity_type]
                        table.writerow((str(number), kind, _form(span), span.start_position, span.end_position))
                yield Text(str(number), country, sample.full_text)

        write_texts(texts(), folder / f"{name}.jsonl")


def _form(span: Any) -> str:
    return "international" if str(span.entity_value).startswith("+") else "as it stands"


def main() -> None:
    """Arguments as JSON: folder, count, seed."""
    asked = json.loads(sys.argv[1])
    folder = Path(asked["folder"])
    write("valid", folder, asked["count"], asked["seed"], valid=True)
    write("shipped", folder, asked["count"], asked["seed"], valid=False)


if __name__ == "__main__":
    main()
