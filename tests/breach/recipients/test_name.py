"""Display names in a header."""

import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from breach.recipients.name import clean_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ann O'Brien (she/her)", "Ann O'Brien (she/her)"),
        ("Ann\r\nBcc: eve@example.org", "Ann Bcc: eve@example.org"),
        ("a;b,c", "abc"),
        ('Ann "the \\fox" <b>', "Ann the fox b"),
        ("\u202eAnn\u2066\u200e", "Ann"),
        ("שלום עולם", "שלום עולם"),
        ("نی\u200cلوفر", "نی\u200cلوفر"),
        ("👩\u200d🚀 Ann", "👩\u200d🚀 Ann"),
        ("=?utf-8?q?=0d=0aBcc:_x?=", "utf-8?q0d=0aBcc:_x"),
        ('="?utf-8"?=', "utf-8"),
        ("  \u00a0\t ", ""),
        ("{{7*7}}", "{{7*7}}"),
    ],
)
def test_a_name_keeps_its_script_and_loses_its_tricks(typed: str, kept: str) -> None:
    """Letters, emoji and right-to-left words stay; controls, header syntax and encoded words go."""
    assert clean_name(typed) == kept


def test_a_long_name_is_cut_between_characters() -> None:
    """Seventy characters at most, and no emoji sequence cut in half."""
    assert clean_name("x" * 200) == "x" * 70
    assert clean_name("x" * 69 + "👩\u200d🚀") == "x" * 69
    assert clean_name("x" * 69 + "e\u0301\u0323") == "x" * 69


@given(st.text(max_size=120))
@example("=?utf-8?b?DQpCY2M6IGU=?=")
@example("a=\u200e?b")
def test_any_name_fits_one_header_and_comes_out_again(typed: str) -> None:
    """Whatever a member typed, the To: header is one header, and decodes to the cleaned name and nothing else."""
    name = clean_name(typed)
    mail = EmailMessage(policy=SMTP)
    mail["To"] = Address(name, addr_spec="ann@example.org")
    mail.set_content("x")

    unfolded = mail.as_bytes().split(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
    assert sorted(line.split(b":")[0] for line in unfolded.split(b"\r\n")) == sorted(
        key.encode()
        for key in mail.keys()  # noqa: SIM118 (a message is no mapping)
    )
    assert len(name) <= 70
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} or char in ';,"<>' for char in name)
    assert clean_name(name) == name
