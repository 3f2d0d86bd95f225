"""The roster: who the members are, where they live as far as evidence goes, what their records hold."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.errors import BadInput
from breach.exposure.age import is_minor, read_birth_date
from breach.exposure.columns import Role, classify
from breach.exposure.country import Clues, find_country
from breach.exposure.roster import load_roster
from breach.parquet import read_parquet
from breach.steps import Work
from schemas.exposure import CountryEvidence, DataType
from schemas.incident import IncidentFacts

MakeWork = Callable[[IncidentFacts], Work]
Write = Callable[..., Path]


def people_of(work: Work, source: Path) -> list[dict[str, object]]:
    held = work.store.get(load_roster(work, source).key)
    assert held is not None
    rows: list[dict[str, object]] = read_parquet(held.data).to_pylist()
    return rows


def test_a_member_is_read_by_header_names(work_for: MakeWork, write_users: Write, incident: IncidentFacts) -> None:
    """Custom fields are found wherever they stand; ids stay strings; each filled cell is a kind of data."""
    hostile = '{{7*7}}\r\n<script>=cmd|"x"'
    member = {
        "id": "42",
        "name": hostile,
        "username": "ann",
        "email": "Ann@Mail.example",
        "secondary_emails": "ann2@mail.example;ann3@mail.example",
        "Country": "US-CA",
        "Phone": "+1 212-555-0123",
        "Date of birth": "2008-10-21",
        "Language": "en-GB",
        "Chat id": "1504887695214316833",
        "Newsletter": "opted out",
        "group_names": "crew",
    }
    [person] = people_of(work_for(incident), write_users([member]))
    assert person["member_id"] == "42"
    assert person["platform_ids"] == ["1504887695214316833"]
    assert person["name"] == hostile
    assert person["email"] == "Ann@Mail.example"
    assert person["other_emails"] == ["ann2@mail.example", "ann3@mail.example"]
    assert (person["jurisdiction"], person["evidence"]) == ("US-CA", "address field")
    assert (person["minor"], person["opted_out"], person["is_bot"]) == (True, True, False)
    assert person["types"] == [
        kind.value
        for kind in (
            DataType.NAME,
            DataType.USERNAME,
            DataType.EMAIL,
            DataType.PHONE,
            DataType.DATE_OF_BIRTH,
            DataType.LOCATION,
            DataType.PROFILE_DETAILS,
        )
    ]


def test_counts_and_states_of_accounts(work_for: MakeWork, write_users: Write, incident: IncidentFacts) -> None:
    """Bots, staged, suspended and deleted accounts stay in the list, marked."""
    source = write_users(
        [
            {"id": "1", "email": "a@mail.example", "Country": "DE"},
            {"id": "2", "Account kind": "bot"},
            {"id": "-1", "email": "noreply@mail.example"},
            {"id": "4", "staged": "true", "Account kind": "deleted", "Date of birth": "2010-01-01"},
        ]
    )
    work = work_for(incident)
    receipt = load_roster(work, source)
    assert receipt.counts == {"members": 4, "with_address": 2, "bots": 2, "minors": 1, "unknown_country": 3}
    held = work.store.get(receipt.key)
    assert held is not None
    rows = read_parquet(held.data).to_pylist()
    assert [(row["is_bot"], row["staged"], row["deleted"]) for row in rows] == [
        (False, False, False),
        (True, False, False),
        (True, False, False),
        (False, True, True),
    ]


def test_twice_the_same_bytes(work_for: MakeWork, write_users: Write, incident: IncidentFacts) -> None:
    """Run again over its own output, or in another case, the digest is the same."""
    source = write_users([{"id": str(n), "email": f"m{n}@mail.example"} for n in range(50)])
    work = work_for(incident)
    assert load_roster(work, source) == load_roster(work, source) == load_roster(work_for(incident), source)


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ([], "no members"),
        ([{"id": "1"}, {"id": "2"}, {"id": "1"}, {"id": "1"}], "1 ids stand in 3 rows"),
        ([{"id": "1"}, {"username": "ann"}], "Member 2 .* has no id"),
    ],
)
def test_a_list_that_names_nobody_or_somebody_twice_is_refused(
    members: list[dict[str, str]], says: str, work_for: MakeWork, write_users: Write, incident: IncidentFacts
) -> None:
    """With a sentence, and nothing frozen."""
    work = work_for(incident)
    with pytest.raises(BadInput, match=says):
        load_roster(work, write_users(members))
    assert work.store.keys("") == []


def test_a_list_without_an_id_column_is_refused(work_for: MakeWork, tmp_path: Path, incident: IncidentFacts) -> None:
    """Members cannot be told apart by their names."""
    source = tmp_path / "members.csv"
    source.write_text("name,username,email,trust_level,staged\nAnn,ann,a@mail.example,1,false\n")
    with pytest.raises(BadInput, match="has 0 id columns"):
        load_roster(work_for(incident), source)


def test_a_chat_is_no_member_list(work_for: MakeWork, write_chat: Write, incident: IncidentFacts) -> None:
    """Exports named the wrong way round."""
    with pytest.raises(BadInput, match="not a member list"):
        load_roster(work_for(incident), write_chat([]))


def test_what_could_not_be_read_is_said(work_for: MakeWork, tmp_path: Path, incident: IncidentFacts) -> None:
    """Rows longer than the header, and birth dates in an order nobody can know, stand in the record."""
    source = tmp_path / "members.csv"
    source.write_text(
        "id,name,username,email,staged,Date of birth (custom user field)\n"
        "1,Ann,ann,a@mail.example,false,03/04/2010\n2,Bob,bob,b@mail.example,false,2000-01-01,more,cells\n"
    )
    work = work_for(incident)
    load_roster(work, source)
    held = work.store.get(f"roster/{work.revision}/roster.json")
    assert held is not None
    record = json.loads(held.data)
    assert record["birth_dates_unread"] == 1
    assert record["coverage"]["scanned"] == "partly"
    assert "1 rows have more cells" in record["coverage"]["reason"]
    assert b"mail.example" not in held.data


def test_age_counts_when_the_leak_began_or_when_recorded(
    work_for: MakeWork, write_users: Write, incident: IncidentFacts
) -> None:
    """18 on 1 November 2026: a minor when the leak began on 20 October; not when only the record's date is known."""
    source = write_users([{"id": "1", "Date of birth": "2008-11-01"}])
    assert load_roster(work_for(incident), source).counts["minors"] == 1
    unknown = incident.model_copy(update={"span_known": False})
    assert load_roster(work_for(unknown), source).counts["minors"] == 0


def test_a_column_without_a_telling_header_is_told_by_its_cells() -> None:
    """A field named 'Contact' that holds addresses is e-mail; one of words is a profile detail."""
    sample = [["1", "a@mail.example", "blue"], ["2", "b@mail.example", "red"], ["3", "", "green"]]
    ids, contact, colour = classify(["id", "Contact (custom user field)", "Favourite"], sample)
    assert (ids.role, ids.type) == (Role.MEMBER_ID, None)
    assert (contact.type, contact.reason) == (DataType.EMAIL, "by its cells: 2 of 2 look like it")
    assert colour.type is DataType.PROFILE_DETAILS


@pytest.mark.parametrize(
    ("country", "phone", "locale", "email", "expected"),
    [
        ("US-CA", "+493023125001", "fr-FR", "a@b.nl", ("US-CA", CountryEvidence.ADDRESS)),
        ("de-by", "", "", "", ("DE", CountryEvidence.ADDRESS)),
        ("Deutschland", "", "", "", ("DE", CountryEvidence.ADDRESS)),
        ("UK", "", "", "", ("GB", CountryEvidence.ADDRESS)),
        ("Atlantis", "0049 30 23125 001", "fr-FR", "", ("DE", CountryEvidence.PHONE)),
        ("", "+12125550123", "", "", ("US", CountryEvidence.PHONE)),
        ("", "+15145550123", "", "", ("CA", CountryEvidence.PHONE)),
        ("", "+353 20 9100001", "", "", ("IE", CountryEvidence.PHONE)),
        ("", "030 23125 001", "pt-BR", "", ("BR", CountryEvidence.LOCALE)),
        ("", "", "de_AT.UTF-8", "", ("AT", CountryEvidence.LOCALE)),
        ("", "", "zh-Hant-TW", "", ("TW", CountryEvidence.LOCALE)),
        ("", "", "de", "a@mail.co.uk", ("GB", CountryEvidence.EMAIL_DOMAIN)),
        ("", "", "de", "a@mail.io", ("unknown", CountryEvidence.NONE)),
        ("", "", "", "a@mail.example", ("unknown", CountryEvidence.NONE)),
        ("XX", "12345", "en", "", ("unknown", CountryEvidence.NONE)),
    ],
)
def test_the_evidence_ladder(
    country: str, phone: str, locale: str, email: str, expected: tuple[str, CountryEvidence]
) -> None:
    """Country field, then phone code, language region, country domain; a language or .io alone is no evidence."""
    found = find_country(Clues(country=country, phone=phone, locale=locale, addresses=(email,)))
    assert (found.jurisdiction, found.evidence) == expected


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_cell_breaks_the_ladder(country: str, phone: str, locale: str, email: str) -> None:
    """Hostile cells end in a jurisdiction of the right form or in 'unknown'."""
    found = find_country(Clues(country=country, phone=phone, locale=locale, addresses=(email,)))
    code, evidence = found.jurisdiction, found.evidence
    assert (code == "unknown") == (evidence is CountryEvidence.NONE)
    assert code == "unknown" or (code[:2].isalpha() and len(code) in {2, 5})


def test_a_birthday_on_the_day_is_of_age() -> None:
    """18 today is no minor; tomorrow's birthday is; one born on 29 February is of age on 1 March."""
    day = date(2026, 10, 20)
    assert not is_minor(date(2008, 10, 20), day)
    assert is_minor(date(2008, 10, 21), day)
    assert is_minor(date(2008, 2, 29), date(2026, 2, 28))
    assert not is_minor(date(2008, 2, 29), date(2026, 3, 1))


def test_only_dates_in_iso_order_are_read() -> None:
    """03/04/2010 is two days; 2010-13-01 is none."""
    assert read_birth_date("2010-04-03") == date(2010, 4, 3)
    assert read_birth_date("2010-04-03 00:00:00 UTC") == datetime(2010, 4, 3, tzinfo=UTC).date()
    assert [read_birth_date(text) for text in ("03/04/2010", "2010-13-01", "soon", "")] == [None] * 4
