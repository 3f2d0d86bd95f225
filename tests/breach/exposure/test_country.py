"""The ladder of evidence for a country: which rung wins, how sure it is, and what an IP database adds."""

from collections.abc import Callable
from pathlib import Path

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from breach.errors import BadInput
from breach.exposure.assess import find_exposures
from breach.exposure.country import CONFIDENCE, Clues, find_country
from breach.exposure.ip_country import NOT_CONFIGURED, IpCountries
from breach.exposure.roster import RosterRecord, load_roster
from breach.parquet import read_parquet
from breach.steps import Work
from breach.store import get_record
from schemas.exposure import CountryEvidence, ExposureSummary
from schemas.incident import IncidentFacts

MakeWork = Callable[[IncidentFacts], Work]
RUNGS = [
    ("country", "FR", CountryEvidence.ADDRESS),
    ("phone", "+493023125001", CountryEvidence.PHONE),
    ("billing", "Schweiz", CountryEvidence.BILLING),
    ("ip", "192.0.2.7", CountryEvidence.IP),
    ("locale", "de-AT", CountryEvidence.LOCALE),
    ("addresses", ("a@mail.co.uk",), CountryEvidence.EMAIL_DOMAIN),
]
CODES = {"country": "FR", "phone": "DE", "billing": "CH", "ip": "NL", "locale": "AT", "addresses": "GB"}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Documentation networks of RFC 5737 and 3849, in the three shapes in which databases say a country."""
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="Test-Country")
    writer.insert_network(IPSet(["192.0.2.0/24"]), {"country": {"iso_code": "NL"}})
    writer.insert_network(IPSet(["198.51.100.0/24"]), {"country": "Japan", "country_code": "JP"})
    writer.insert_network(IPSet(["203.0.113.0/24"]), {"registered_country": {"iso_code": "US"}})
    writer.insert_network(IPSet(["2001:db8::/32"]), {"country": {"iso_code": "se"}})
    path = tmp_path / "countries.mmdb"
    writer.to_db_file(str(path))
    return path


@pytest.mark.parametrize("strongest", range(len(RUNGS)))
def test_the_strongest_rung_wins_and_a_contradiction_halves_it(database: Path, strongest: int) -> None:
    """Address, phone, billing, IP, locale, domain; below each, everything says another country."""
    look = IpCountries(database).country
    clues = Clues(**{name: cell for name, cell, _ in RUNGS[strongest:]})  # type: ignore[arg-type]
    found = find_country(clues, look)
    name, cell, evidence = RUNGS[strongest]
    disputed = strongest < len(RUNGS) - 1
    assert (found.jurisdiction, found.evidence) == (CODES[name], evidence)
    assert found.confidence == CONFIDENCE[evidence] / (2 if disputed else 1)
    assert find_country(Clues(**{name: cell}), look).confidence == CONFIDENCE[evidence]  # type: ignore[arg-type]


def test_no_weaker_rung_is_surer_than_a_stronger_one() -> None:
    """The scale falls with the ladder, and nobody's country is known without evidence."""
    scale = [CONFIDENCE[evidence] for evidence in CountryEvidence]
    assert scale == sorted(scale, reverse=True)
    assert find_country(Clues()).confidence == 0.0


@pytest.mark.parametrize(
    ("ip", "country"),
    [
        ("192.0.2.200", "NL"),
        (" 198.51.100.1 ", "JP"),
        ("2001:db8::7", "SE"),
        ("203.0.113.9", None),  # where a network was registered is not where somebody is
        ("8.8.8.8", None),
        ("300.1.1.1", None),
        ("", None),
        ("not an address", None),
    ],
)
def test_an_address_is_looked_up_in_the_operators_database(database: Path, ip: str, country: str | None) -> None:
    """MaxMind's and DB-IP's record, IPinfo's record, IPv6; what is in no country of it is no evidence."""
    assert IpCountries(database).country(ip) == country


@pytest.mark.parametrize("content", [None, b"", b"no database", b"\xab\xcd\xefMaxMind.com" * 3])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes | None) -> None:
    """Missing, empty or something else: by the setting's name."""
    path = tmp_path / "other.mmdb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match="BREACH_IP_COUNTRIES"):
        IpCountries(path)


def test_source_and_confidence_are_kept_and_counted(
    work_for: MakeWork, tmp_path: Path, database: Path, incident: IncidentFacts
) -> None:
    """Per member in people and members; per evidence in the summary; without a database that is said."""
    roster = tmp_path / "members.csv"
    roster.write_text(
        "id,email,billing country,ip address\n1,a@mail.example,CH,\n2,b@mail.example,,192.0.2.9\n3,c@mail.example,,\n"
    )
    work = work_for(incident)
    loaded = load_roster(work, roster, IpCountries(database))
    held = work.store.get(loaded.key)
    assert held is not None
    people = read_parquet(held.data).to_pylist()
    assert [(one["jurisdiction"], one["country_confidence"]) for one in people] == [
        ("CH", CONFIDENCE[CountryEvidence.BILLING]),
        ("NL", CONFIDENCE[CountryEvidence.IP]),
        ("unknown", 0.0),
    ]
    summary = get_record(work.store, find_exposures(work, loaded, [], b"k" * 32, 1).key, ExposureSummary)
    assert summary.by_evidence == {CountryEvidence.BILLING: 1, CountryEvidence.IP: 1, CountryEvidence.NONE: 1}
    assert "Test-Country of " in summary.scope_note
    bare = work_for(incident)
    loaded = load_roster(bare, roster)
    assert loaded.counts["unknown_country"] == 2
    assert get_record(bare.store, f"roster/{bare.revision}/roster.json", RosterRecord).ip_countries == NOT_CONFIGURED
