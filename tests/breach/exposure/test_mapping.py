"""Columns of a member list, corrected by a person; headers that may be shown."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.errors import BadInput
from breach.exposure.columns import Role, classify
from breach.exposure.mapping import correct_columns, read_correction, shown_headers
from breach.exposure.roster import load_roster
from breach.parquet import read_parquet
from breach.steps import Work
from schemas.exposure import DataType
from schemas.incident import IncidentFacts, RosterFacts

MakeWork = Callable[[IncidentFacts], Work]


def test_a_correction_changes_what_is_read(work_for: MakeWork, tmp_path: Path, incident: IncidentFacts) -> None:
    """A German list whose 'Kennung' nobody knows, and whose 'Wohnland' is a country: with corrections it is read so."""
    path = tmp_path / "mitglieder.csv"
    path.write_text("Kennung;Erreichbar;Wohnland;email\n7;ann@mail.example;FR;old@mail.example\n", encoding="utf-8")
    lines = ("Kennung = member id", " wohnland=Country ", "Erreichbar = email")
    work = work_for(incident.model_copy(update={"roster": RosterFacts(columns=lines)}))
    held = work.store.get(load_roster(work, path).key)
    assert held is not None
    [person] = read_parquet(held.data).to_pylist()
    assert (person["member_id"], person["jurisdiction"]) == ("7", "FR")
    assert (person["email"], person["other_emails"]) == ("ann@mail.example", ["old@mail.example"])


def test_a_column_can_be_said_to_be_nobodys_data() -> None:
    """'not personal' takes its type; a data type without a use counts and is used for nothing."""
    columns = classify(["id", "score", "note"], [["1", "2", "x"]])
    _, score, note = correct_columns(columns, ["score = not personal", "note = date of birth"])
    assert (score.type, score.role) == (None, Role.OTHER)
    assert (note.type, note.role, note.confidence) == (DataType.DATE_OF_BIRTH, Role.OTHER, 1.0)


@pytest.mark.parametrize("line", ["", "country", "= country", "Wohnland =", "Wohnland = somewhere", "a = other"])
def test_a_line_that_is_no_correction_is_refused(line: str) -> None:
    """By its number and with the words that are understood; what was typed is not repeated."""
    with pytest.raises(BadInput, match=r"^Line 3 of the corrections") as refused:
        read_correction(line, 3)
    assert "member id" in refused.value.next_step
    assert "somewhere" not in str(refused.value)


def test_a_column_that_is_not_there_is_said() -> None:
    """A correction that would do nothing is no silence."""
    with pytest.raises(BadInput, match="1 of the corrected columns are not in the member list"):
        correct_columns(classify(["id"], [["1"]]), ["Wohnland = country"])


def test_a_list_without_a_header_row_shows_nobody() -> None:
    """Its first row is a member: no such cell is shown as a header."""
    columns = classify(["7", "ann@mail.example", "Ann Example", "+49 30 23125001"], [["8", "b@mail.example", "Bo", ""]])
    assert shown_headers(columns) == ["column 1", "column 2", "column 3", "column 4"]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=6))
def test_no_header_with_an_address_or_a_number_is_shown(headers: list[str]) -> None:
    """Whatever stands beside a known header: no @ and at most three digits."""
    columns = classify(["email", *headers], [["a@mail.example", *headers]])
    for shown in shown_headers(columns)[1:]:
        assert "@" not in shown
        assert sum(sign.isdigit() for sign in shown) <= 3


HOSTILE = (
    "[see](https://x.example)",
    "![](https://x.example/p.png)",
    "<img src=x onerror=alert(1)>",
    "a | b",
    "`rm`",
    "a\nb",
    "a\u202eb",
    "\u200bname",
)


@pytest.mark.parametrize("header", HOSTILE)
def test_a_header_cannot_write_into_the_page_it_is_shown_on(header: str) -> None:
    """Markdown, HTML, rows of a table, and signs that turn the direction of writing."""
    columns = classify(["email", header, "Beruf*"], [["a@mail.example", "x", "y"]])
    assert shown_headers(columns) == ["email", "column 2", "Beruf*"]
