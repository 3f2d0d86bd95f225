"""A person is proven by a code of RFC 6238, for a minute and a half, and nobody's seed is ever shown."""

import hashlib
import hmac
import json
import subprocess
import sys
from base64 import b32decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breach.approvers import Approver, Registry
from breach.errors import BadInput, BreachError, CaseRefused

CODE = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)

# RFC 6238 appendix B: the ASCII secret 12345678901234567890 with HMAC-SHA-1. The table has eight digits; the six an
# authenticator shows are the last six of them, because both are the same number modulo a power of ten.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


def by_hand(seed: str, step: int) -> str:
    """RFC 4226 section 5.3, written from its text: an oracle that shares no code with the registry."""
    mac = hmac.new(b32decode(seed), step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = mac[19] & 15
    return f"{(int.from_bytes(mac[offset : offset + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def seed_of(address: str) -> str:
    """The seed as an authenticator reads it from the QR code."""
    return parse_qs(urlsplit(address).query)["secret"][0]


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """A registry with the RFC's own secret in it."""
    path = tmp_path / "approvers.json"
    path.touch(0o600)
    path.write_text(json.dumps([{"staff_id": "rfc", "seed": SECRET, "enrolled_at": AT.isoformat()}]))
    return Registry(path)


def moment(seconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


@pytest.mark.parametrize(("seconds", "eight"), VECTORS)
def test_the_codes_of_the_standard_prove(registry: Registry, seconds: int, eight: str) -> None:
    """Each vector of RFC 6238 proves the person, in the time step the standard gives it."""
    assert registry.proven_step("rfc", eight[-6:], moment(seconds)) == seconds // 30
    assert by_hand(SECRET, seconds // 30) == eight[-6:]


@pytest.mark.parametrize(("seconds", "eight"), VECTORS[1:])
@pytest.mark.parametrize("late", [-2, -1, 0, 1, 2])
def test_one_step_of_grace_on_either_side(registry: Registry, seconds: int, eight: str, late: int) -> None:
    """A code typed a step early or late still counts, as its own step; two steps away it does not."""
    step = seconds // 30

    found = registry.proven_step("rfc", eight[-6:], moment(seconds + 30 * late))

    assert found == (step if abs(late) <= 1 else None)


def test_the_grace_ends_to_the_second(registry: Registry) -> None:
    """The code of step 37037036 (to 1111111109) lives from 30 s before its step begins until 60 s after: 90 seconds."""
    begin = 1111111080  # 37037036 * 30
    lives = [s for s in range(begin - 61, begin + 121) if registry.proven_step("rfc", "081804", moment(s)) is not None]

    assert (lives[0], lives[-1], len(lives)) == (begin - 30, begin + 59, 90)


@given(st.integers(min_value=0, max_value=10**6 - 1), st.integers(min_value=90, max_value=4 * 10**9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_code_proves_exactly_when_the_standard_says_so(registry: Registry, code: int, seconds: int) -> None:
    """Any code at any time: proven if and only if it is the one of this step or a neighbour."""
    typed, now = f"{code:06d}", seconds // 30

    found = registry.proven_step("rfc", typed, moment(seconds))

    right = {by_hand(SECRET, step): step for step in (now + 1, now - 1, now)}
    assert found == right.get(typed)
    assert registry.proven_step("rfc", by_hand(SECRET, now), moment(seconds)) is not None


@pytest.mark.parametrize("code", ["", "28708", "0287082", "94287082", "287082 ", "２８７０８3", "abcdef", "\x00"])
def test_what_is_not_the_code_proves_nobody(registry: Registry, code: str) -> None:
    """Too short, too long, the eight digits themselves, other characters: none of them."""
    assert registry.proven_step("rfc", code, moment(59)) is None


def test_a_stranger_is_proven_by_nothing(registry: Registry, tmp_path: Path) -> None:
    """A name that is not enrolled is never proven, nor anybody where there is no registry."""
    assert registry.proven_step("tomas", "287082", moment(59)) is None
    assert Registry(tmp_path / "none.json").proven_step("rfc", "287082", moment(59)) is None
    assert Registry(tmp_path / "none.json").read() == {}


def test_the_zone_of_the_clock_does_not_matter(registry: Registry) -> None:
    """The same moment said in another zone proves the same."""
    from zoneinfo import ZoneInfo

    at = moment(1234567890).astimezone(ZoneInfo("Australia/Lord_Howe"))
    assert registry.proven_step("rfc", "005924", at) == 1234567890 // 30


# --- the file


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o644, 0o777, 0o601])
def test_a_file_that_others_may_touch_proves_nobody(registry: Registry, mode: int) -> None:
    """Any right of group or others makes the file useless until somebody has looked."""
    registry.path.chmod(mode)

    with pytest.raises(BadInput, match="other users") as refused:
        registry.proven_step("rfc", "287082", moment(59))

    assert "chmod 600" in refused.value.next_step
    with pytest.raises(BadInput):
        registry.enrol("mara", AT)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "{}",
        "[1]",
        json.dumps([{"staff_id": "rfc", "seed": SECRET}]),
        json.dumps([{"staff_id": "R", "seed": SECRET}]),
    ],
)
def test_a_damaged_file_is_said_to_be_damaged(registry: Registry, content: str) -> None:
    """Not one approver, and not an empty list: an error, without what stands in the file."""
    registry.path.write_text(content)

    with pytest.raises(BadInput, match="damaged") as refused:
        registry.read()

    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None


# --- enrolment


def test_two_found_a_registry_and_the_third_needs_a_countersign(tmp_path: Path) -> None:
    """Two gates need two people; from the third on an enrolled one must vouch, with a code of this moment."""
    registry = Registry(tmp_path / "deep" / "approvers.json")
    seeds = {name: seed_of(registry.enrol(name, AT)) for name in ("mara", "tomas")}
    now = int(AT.timestamp()) // 30
    good = by_hand(seeds["mara"], now)
    bad = f"{(int(good) + 1) % 10**6:06d}"

    for countersign in (
        None,
        ("mara", bad),
        ("mara", by_hand(seeds["mara"], now - 2)),
        ("tomas", good),
        ("ines", good),
        ("mara", ""),
    ):
        with pytest.raises(CaseRefused, match="countersign"):
            registry.enrol("ines", AT, countersign)
    assert sorted(registry.read()) == ["mara", "tomas"]

    registry.enrol("ines", AT, ("mara", good))
    assert registry.read()["ines"].countersigned_by == "mara"
    assert registry.read()["tomas"].countersigned_by is None


def test_what_is_enrolled_proves(tmp_path: Path) -> None:
    """The seed in the QR code is the one the registry keeps, with the standard's defaults and at least 160 bits."""
    registry = Registry(tmp_path / "approvers.json")
    address = registry.enrol("mara", AT)
    seed = seed_of(address)

    assert urlsplit(address).scheme == "otpauth"
    assert urlsplit(address).netloc == "totp"
    assert parse_qs(urlsplit(address).query).keys() <= {"secret", "issuer", "algorithm", "digits", "period"}
    assert len(b32decode(seed)) >= 20  # RFC 4226 section 4, R6: 160 bits are recommended
    step = int(AT.timestamp()) // 30
    assert registry.proven_step("mara", by_hand(seed, step), AT) == step


def test_a_name_is_enrolled_once(tmp_path: Path) -> None:
    """A second enrolment of the same name changes nothing: the first seed stays."""
    registry = Registry(tmp_path / "approvers.json")
    registry.enrol("mara", AT)
    before = registry.path.read_bytes()

    with pytest.raises(CaseRefused, match="enrolled already"):
        registry.enrol("mara", AT)

    assert registry.path.read_bytes() == before


@pytest.mark.parametrize("name", ["Mara", "m", "", "mara@mail.example", "../mara", "mara\n", "m" * 40, "mära"])
def test_a_name_that_cannot_stand_in_the_record_is_refused(tmp_path: Path, name: str) -> None:
    """An approver's name is short and plain, never an address; the refusal does not repeat it."""
    with pytest.raises(BadInput, match="approver's name") as refused:
        Registry(tmp_path / "approvers.json").enrol(name, AT)

    assert "mail.example" not in str(refused.value)
    assert not (tmp_path / "approvers.json").exists()


def test_the_file_is_the_owner_s_alone(tmp_path: Path) -> None:
    """0600 from the first moment, in a folder made 0700; nothing half-written stays beside it."""
    registry = Registry(tmp_path / "secrets" / "approvers.json")
    registry.enrol("mara", AT)
    registry.enrol("tomas", AT)

    assert registry.path.stat().st_mode & 0o777 == 0o600
    assert registry.path.parent.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in registry.path.parent.iterdir()} == {"approvers.json", ".approvers.json.lock"}


def test_seeds_are_never_shown(tmp_path: Path) -> None:
    """Neither a person nor a registry nor a refusal shows a seed when it is printed."""
    registry = Registry(tmp_path / "approvers.json")
    seeds = [seed_of(registry.enrol(name, AT)) for name in ("mara", "tomas")]
    people = registry.read()
    shown = [repr(people), str(people["mara"]), f"{people['mara']}", repr(registry), repr(list(people.values()))]
    for act in (lambda: registry.enrol("mara", AT), lambda: registry.enrol("ines", AT, ("mara", "000000"))):
        with pytest.raises(BreachError) as refused:
            act()
        shown += [str(refused.value), repr(refused.value)]
    with pytest.raises(ValueError, match="enrolled_at") as invalid:
        Approver(staff_id="mara", seed=seeds[0], enrolled_at=datetime(2026, 11, 8))  # noqa: DTZ001  (that is the point)
    shown.append(str(invalid.value))

    assert not [seed for seed in seeds if any(seed in text for text in shown)]


ENROL = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from breach.approvers import Registry

folder, name = Path(sys.argv[1]), sys.argv[2]
(folder / f"ready-{name}").touch()
while not (folder / "go").exists():
    time.sleep(0.001)
for n in range(20):
    Registry(folder / f"approvers-{n}.json").enrol(name, datetime(2026, 11, 8, tzinfo=UTC))
"""


def test_two_who_enrol_at_once_are_both_kept(tmp_path: Path) -> None:
    """Two processes, twenty registries: each ends with both people in it."""
    import time

    processes = [
        subprocess.Popen([sys.executable, "-c", ENROL, str(tmp_path), name], cwd=CODE) for name in ("mara", "tomas")
    ]
    while len(list(tmp_path.glob("ready-*"))) < 2:
        assert all(process.poll() is None for process in processes)
        time.sleep(0.01)
    (tmp_path / "go").touch()

    assert [process.wait(60) for process in processes] == [0, 0]
    for n in range(20):
        assert sorted(Registry(tmp_path / f"approvers-{n}.json").read()) == ["mara", "tomas"]
