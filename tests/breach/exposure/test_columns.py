"""What columns of member lists hold: by header, by cells, and how sure that is."""

import base64
import hashlib

import pytest
import yaml

from breach.exposure.column_headers import DATA
from breach.exposure.columns import Column, Role, classify
from breach.exposure.password_hashes import scheme_of
from breach.exposure.taxonomy import Way, taxonomy
from schemas.exposure import DataType

BCRYPT = "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"  # Wikipedia, bcrypt
ARGON = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG"  # argon2 reference
MD5 = hashlib.md5(b"hunter2", usedforsecurity=False).hexdigest()
SHA256 = hashlib.sha256(b"hunter2").hexdigest()


def column(header: str, *cells: str) -> Column:
    return classify([header], [[cell] for cell in cells])[0]


@pytest.mark.parametrize(
    ("cell", "name", "strong"),
    [
        (BCRYPT, "bcrypt", True),
        (BCRYPT.replace("$12$", "$04$"), "bcrypt with little work", False),
        ("$wp" + BCRYPT.replace("$2b$", "$2y$"), "bcrypt", True),  # WordPress 6.8
        (ARGON, "argon2", True),
        ("argon2" + ARGON, "argon2", True),  # Django
        (f"scrypt:32768:8:1$saltsalt${'ab' * 64}", "scrypt", True),  # Werkzeug
        (f"pbkdf2_sha256$870000$saltsalt${base64.b64encode(bytes(32)).decode()}", "pbkdf2", True),  # Django 5
        (f"pbkdf2:sha256:600000$salt${SHA256}", "pbkdf2", True),  # Werkzeug
        ("$pbkdf2-sha256$29000$N2YMIWQsBWBMae09x1jrPQ$1t8iyB2A.WF/Z5JZv.lfCIhXXN33N23OSgQYThBYRfk", "pbkdf2", True),
        (
            "$pbkdf2-sha256$1000$N2YMIWQsBWBMae09x1jrPQ$1t8iyB2A.WF/Z5JZv.lfCIhXXN33N23OSgQYThBYRfk",
            "pbkdf2 with little work",
            False,
        ),
        (f"$6$saltstring${'a' * 86}", "sha512-crypt", True),
        (f"$5$saltstring${'a' * 43}", "sha256-crypt", True),
        ("$P$984478476IagS59wHZvyQMArzfx58u.", "phpass", False),  # openwall's test vector
        ("$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/", "md5-crypt", False),
        ("{SSHA}" + base64.b64encode(bytes(24)).decode(), "ldap sha-1", False),
        ("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19", "mysql", False),  # MySQL's manual: 'password'
        (f"{MD5}:x9Kd", "salted md5", False),
        (MD5, "md5 or ntlm", False),
        ("8846F7EAEE8FB117AD06BDD830B7586C", "md5 or ntlm", False),  # NTLM of 'password'
        (hashlib.sha1(b"hunter2", usedforsecurity=False).hexdigest(), "sha-1", False),
        (SHA256, "sha-256", False),
        (hashlib.sha512(b"hunter2").hexdigest(), "sha-512", False),
    ],
)
def test_a_stored_password_is_named_by_its_shape(cell: str, name: str, strong: bool) -> None:
    """Vectors of the algorithms' own documents; strong is what is slow to guess."""
    scheme = scheme_of(cell)

    assert scheme is not None
    assert (scheme.name, scheme.strong) == (name, strong)


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("password", ["hunter2", "letmein"], DataType.PASSWORD),
        ("password", [BCRYPT, BCRYPT], DataType.PASSWORD_HASH),
        ("Passwort", [MD5, MD5], DataType.WEAK_PASSWORD_HASH),
        ("password_hash", [BCRYPT, MD5], DataType.WEAK_PASSWORD_HASH),
        ("user.password", [BCRYPT, "letmein"], DataType.PASSWORD),
        ("contraseña", [], DataType.PASSWORD),
        ("mot de passe", [SHA256], DataType.WEAK_PASSWORD_HASH),
        ("blob", [BCRYPT, ARGON, BCRYPT], DataType.PASSWORD_HASH),
        ("blob", [MD5, MD5], DataType.PROFILE_DETAILS),
        ("password", ["true", "false"], DataType.PROFILE_DETAILS),
        ("Security question", ["First pet?"], DataType.RECOVERY_ANSWER),
    ],
)
def test_passwords_are_told_apart_by_how_they_are_kept(header: str, cells: list[str], kind: DataType) -> None:
    """What cannot be seen counts as readable, and the weakest cells decide."""
    assert column(header, *cells).type is kind


def test_a_column_of_algorithms_makes_plain_sums_slow() -> None:
    """Discourse keeps 64 hexadecimal digits, and beside them '$pbkdf2-sha256$i=600000,l=32$'."""
    rows = [[SHA256, "$pbkdf2-sha256$i=600000,l=32$"]]
    password, _ = classify(["password_hash", "password_algorithm"], rows)

    assert password.type is DataType.PASSWORD_HASH
    assert "pbkdf2" in password.reason
    assert column("password_hash", SHA256).type is DataType.WEAK_PASSWORD_HASH


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("CVV", ["123", "4567"], DataType.PAYMENT_CARD_CODE),
        ("card number", ["4111111111111111"], DataType.PAYMENT_CARD),
        ("account", ["DE89370400440532013000", "GB29NWBK60161331926819"], DataType.IBAN),
        ("x", ["078-05-1120", "219-09-9999"], DataType.SSN),
        ("Social Security Number", ["078051120"], DataType.SSN),
        ("x", ["44051401359", "02070803628"], DataType.NATIONAL_ID),
        ("Personalausweisnummer", ["L01X00T47"], DataType.NATIONAL_ID),
        ("Steuer-ID", ["36574261809"], DataType.TAX_ID),
        ("Straße", ["Hafenweg 1"], DataType.POSTAL_ADDRESS),
        ("billing address line 1", ["1 Quay Street"], DataType.POSTAL_ADDRESS),
        ("PLZ", ["20095"], DataType.POSTAL_ADDRESS),
        ("user_agent", ["Mozilla/5.0 (X11; Linux x86_64)"], DataType.DEVICE),
        ("x", ["Mozilla/5.0 (X11; Linux x86_64)"], DataType.DEVICE),
        ("x", ["d0:50:99:84:a2:a0"], DataType.MAC_ADDRESS),
        ("x", ["53.5511, 9.9937"], DataType.PRECISE_LOCATION),
        ("Anrede", ["Frau"], DataType.GENDER),
        ("Pronouns", ["she/her"], DataType.GENDER),
        ("api_token", ["a8f5f167f44f4964e6c998dee827110c"], DataType.ACCESS_TOKEN),
        ("session_id", ["abc"], DataType.SESSION),
        ("religion", ["-"], DataType.BELIEF),
        ("Konfession", ["ev."], DataType.BELIEF),
        ("Gewerkschaftsmitglied", ["ja"], DataType.UNION),
        ("Orientation sexuelle", ["-"], DataType.SEXUALITY),
        ("origen étnico", ["-"], DataType.ETHNICITY),
        ("opinion politique", ["-"], DataType.POLITICS),
        ("Allergien", ["Nüsse"], DataType.HEALTH),
        ("medical conditions (custom user field)", ["-"], DataType.HEALTH),
        ("huella dactilar", ["-"], DataType.BIOMETRIC),
        ("haplogroup", ["R1b"], DataType.GENETIC),
        ("Moderator notes", ["-"], DataType.MODERATION_NOTES),
        ("wallet address", ["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"], DataType.CRYPTO_WALLET),
        ("driver's license number", ["A1234567"], DataType.DRIVERS_LICENSE),
        ("Reisepass", ["C01X00T47"], DataType.PASSPORT),
        ("Krankenversicherungsnummer", ["A123456780"], DataType.HEALTH_INSURANCE),
        ("avatar_url", ["/a.png"], DataType.PHOTO),
        ("order total", ["12.00"], DataType.PURCHASES),
        ("PayPal email", ["x"], DataType.BANK_ACCOUNT),
        ("favourite colour", ["blue"], DataType.PROFILE_DETAILS),
        ("posts read", ["12"], DataType.PROFILE_DETAILS),
        ("created_at", ["2024-01-02"], DataType.PROFILE_DETAILS),
    ],
)
def test_a_column_is_what_its_header_or_its_cells_say(header: str, cells: list[str], kind: DataType) -> None:
    """In four languages, and for forms with a checksum without any header."""
    found = column(header, *cells)

    assert found.type is kind
    assert 0 < found.confidence <= 1
    assert found.reason


def test_cells_that_do_not_fit_lower_the_confidence() -> None:
    """The header still decides, but the form shows that it may be wrong."""
    assert column("cvv", "123").confidence > 0.9
    assert column("cvv", "see note").confidence < 0.5
    assert "do not look like it" in column("iban", "see note").reason


def test_age_and_minority_have_roles() -> None:
    """They say who is a child where no date of birth does."""
    assert column("age", "17").role is Role.AGE
    assert column("Minderjährig", "yes").role is Role.MINOR


def test_every_type_that_a_column_can_show_has_a_header() -> None:
    """The taxonomy promises no way of finding that is not there."""
    spelled = {
        DataType.NAME: "name",
        DataType.USERNAME: "username",
        DataType.EMAIL: "email",
        DataType.PHONE: "phone",
        DataType.DATE_OF_BIRTH: "dob",
        DataType.AGE: "age",
        DataType.IP_ADDRESS: "ip",
        DataType.LOCATION: "city",
        DataType.PROFILE_DETAILS: "shoe size",
    }
    by_cells = {DataType.WEAK_PASSWORD_HASH: MD5, DataType.PASSWORD_HASH: BCRYPT}
    headed = {DataType[name.upper()] for name in yaml.safe_load(DATA.read_text(encoding="utf-8"))}

    assert headed | set(spelled) | set(by_cells) == {
        kind for kind, entry in taxonomy().items() if Way.COLUMN in entry.found
    }
    assert all(column(header).type is kind for kind, header in spelled.items())
    assert all(column("password", cell).type is kind for kind, cell in by_cells.items())
