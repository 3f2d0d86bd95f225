"""Passwords that stand behind a word that says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.exposure.kinds import passwords
from schemas.exposure import DataType

from .conftest import find, values


@pytest.mark.parametrize(
    ("message", "value"),
    [
        ("password: hunter2", "hunter2"),
        ("Password = Tr0ub4dor&3", "Tr0ub4dor&3"),
        ("the wifi password is Kettle!77", "Kettle!77"),
        ("pw: `s3cr3t-Lamp`", "s3cr3t-Lamp"),
        ("PASSWORD=a1B2c3D4e5", "a1B2c3D4e5"),
        ("db_password: qWe98!rt", "qWe98!rt"),
        ("Das Passwort ist Sommer2024!", "Sommer2024"),
        ("Kennwort: Segel-Boot-7x", "Segel-Boot-7x"),
        ("mot de passe : Azerty99", "Azerty99"),
        ("mdp: Bonjour_12", "Bonjour_12"),
        ("la contraseña es Playa2023", "Playa2023"),
        ("contrasena: Playa2023", "Playa2023"),
        ("clave: Sol-y-Luna9", "Sol-y-Luna9"),
    ],
)
def test_a_posted_password_is_found(message: str, value: str) -> None:
    """In four languages, without quotes and the full stop around it."""
    ((found, text),) = find(passwords, message)

    assert (found.type, text, found.normal) == (DataType.PASSWORD, value, value)


@pytest.mark.parametrize(
    "message",
    [
        "password: forgotten",
        "Password reset link below",
        "my password is required to change",
        "password: ********",
        "password: <password>",
        "password: your_password1",
        "password=process.env.DB_PASS",
        "password = os.getenv('X1')",
        "password: ${SECRET_1}",
        "Passwort vergessen?",
        "Das Passwort ist geheim.",
        "Passwort: https://vault.example/1",
        "pass: 2024-01-02",
        "password: xxxxxxx1",
        "I will pass is2024ok",
        "compass: North22",
        "password policy: at least 12 signs",
        "login: sam@mail.example",
        "password: 12345",
    ],
)
def test_what_is_said_about_passwords_is_none(message: str) -> None:
    """Talk about passwords, places to fill in, programs, dates, and what is too short."""
    assert values(passwords, message) == []


@given(st.text(max_size=120))
def test_noise_is_never_an_error(noise: str) -> None:
    """Whatever follows the word, the finding stands where the text says."""
    for found, value in find(passwords, f"password: {noise}"):
        assert found.normal == value
        assert 6 <= len(value) <= 72
