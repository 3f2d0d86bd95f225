"""walls.toml: read as written, closed to others, and enough to halt a case without any Prefect server."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from breach.chronology import chain
from breach.errors import BadInput
from breach.ledger import open_ledger
from breach.store import put_record
from deployments.cli import app
from deployments.home import open_home
from deployments.servers.postgres import running_postgres
from deployments.servers.s3 import running_s3
from deployments.walls import FILE, Bucket, case_stores, read_walls, write_walls
from schemas.chronology import EntryKind
from schemas.incident import Case, Mode

NOW = datetime(2026, 11, 9, 3, 0, tzinfo=UTC)
PLACE = Bucket(bucket="cases-here", endpoint="http://127.0.0.1:1", access_key="key", secret_key=SecretStr("secret"))


def written(root: Path, text: str) -> Path:
    path = root / FILE
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Both places, with quotes and backslashes in a password; the other mode stays at home; the file is private."""
    url = 'postgresql:///ledger?host=db.internal&password=a"b\\c'
    write_walls(tmp_path, Mode.REHEARSAL, url, PLACE)
    walls = read_walls(tmp_path)
    assert walls.rehearsal.store == PLACE
    assert walls.rehearsal.ledger == SecretStr(url)
    assert (walls.live.store, walls.live.ledger) == (None, None)
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_without_the_file_everything_is_at_home(tmp_path: Path) -> None:
    """The ledger is a file of the mode, the cases lie in its folder."""
    home = open_home(tmp_path / "home")
    assert home.ledger_url(Mode.LIVE) == f"sqlite:///{home.root}/live/ledger.db"
    assert case_stores(home, Mode.LIVE).place("case-01") == f"{home.root}/live/cases/case-01"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[rehearsal\n", "its form"),
        ("[practice]\n", "practice"),
        ('[live]\nledgre = "x"\n', "live.ledgre"),
        ('[live.store]\nprefix = "x"\n', "live.store.bucket"),
        ('[live]\nledger = "postgresql://x/y"\n[rehearsal]\nledger = "postgresql://x/y"\n', "the same ledger"),
        ('[live.store]\nbucket = "one"\n[rehearsal.store]\nbucket = "one"\n', "the same place in a bucket"),
    ],
)
def test_a_file_that_cannot_be_is_refused_by_its_place(tmp_path: Path, text: str, says: str) -> None:
    """The sentence names the place in the file and no value of it."""
    written(tmp_path, text)
    with pytest.raises(BadInput, match=re.escape(says)):
        read_walls(tmp_path)


def test_a_file_that_is_no_text_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """Not UTF-8, a folder, a link to what is gone: never a traceback, and never as if there were no file."""
    path = written(tmp_path, "")
    path.write_bytes(b'[live]\nledger = "\xff\xfe"\n')
    with pytest.raises(BadInput, match="is not UTF-8") as refused:
        read_walls(tmp_path)
    assert "Nothing was started." in str(refused.value)

    path.unlink()
    path.symlink_to(tmp_path / "gone")
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        read_walls(tmp_path)

    path.unlink()
    path.mkdir(mode=0o700)
    with pytest.raises(BadInput, match="cannot be read: Is a directory"):
        read_walls(tmp_path)


@pytest.mark.parametrize(
    "address", ["sqlite:///ledger.db", "sqlite:///./x/ledger.db", "sqlite:///:memory:", "sqlite://"]
)
def test_a_ledger_s_file_has_its_whole_path(tmp_path: Path, address: str) -> None:
    """The command line and the runs stand in different folders: they would open two ledgers."""
    written(tmp_path, f'[live]\nledger = "{address}"\n')
    with pytest.raises(BadInput, match="without its whole path"):
        read_walls(tmp_path)


def both(root: Path, live: str, rehearsal: str) -> Path:
    return written(root, f'[live]\nledger = "{live}"\n[rehearsal]\nledger = "{rehearsal}"\n')


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("postgresql://a:x@db.example/cases", "postgresql+psycopg://b:y@DB.Example:5432/cases?sslmode=require"),
        ("postgresql://a@/cases?host=/run/pg", "postgres://b@/cases?host=/run/pg&application_name=x"),
        ("postgresql://db.example/cases", "postgresql://elsewhere/other?host=db.example&dbname=cases"),
        ("sqlite:////srv/x/../ledger.db", "sqlite:////srv/ledger.db"),
    ],
)
def test_one_ledger_by_two_spellings_is_refused(tmp_path: Path, one: str, other: str) -> None:
    """Driver, case, default port, user and parameters do not make it another database."""
    both(tmp_path, one, other)
    with pytest.raises(BadInput, match="the same ledger"):
        read_walls(tmp_path)


def test_the_home_s_own_ledger_is_the_other_mode_s_too(tmp_path: Path) -> None:
    """What is left out is a file of the home: to name it for the other mode, through a link as well, is to share it."""
    root = tmp_path / "home"
    (root / "rehearsal").mkdir(parents=True)
    (tmp_path / "link").symlink_to(root)
    written(root, f'[live]\nledger = "sqlite:///{tmp_path}/link/rehearsal/ledger.db"\n')
    with pytest.raises(BadInput, match="the same ledger"):
        read_walls(root)


@pytest.mark.parametrize(
    "other",
    [
        "postgresql://db.example/other",
        "postgresql://db.example:5433/cases",
        "postgresql://db2.example/cases",
        "postgresql://db.example/CASES",
    ],
)
def test_two_ledgers_are_not_taken_for_one(tmp_path: Path, other: str) -> None:
    """Another host, port or name; names of databases are told apart by case."""
    both(tmp_path, "postgresql://db.example/cases", other)
    assert read_walls(tmp_path).live.ledger


def buckets(root: Path, *places: tuple[str, str, str]) -> None:
    names = ("endpoint", "bucket", "prefix")
    stores = [
        "\n".join(f'{name} = "{value}"' for name, value in zip(names, place, strict=True)) + "\n" for place in places
    ]
    written(root, f"[live.store]\n{stores[0]}[rehearsal.store]\n{stores[1]}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("https://s3.example", "cases", "a"), ("HTTPS://S3.Example:443/", "cases", "a")),
        (("", "cases", "a"), ("https://s3.eu-central-1.amazonaws.com", "cases", "a")),
        (("", "cases", ""), ("", "cases", "rehearsal")),
        (("", "cases", "a/b"), ("", "cases", "a")),
        (("http://localhost:9000", "cases", "a"), ("http://localhost:9000/", "cases", "a/b/c")),
    ],
)
def test_one_place_in_a_bucket_by_two_spellings_is_refused(
    tmp_path: Path, one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    """Nor may one prefix lie within the other: the cases of one mode would be looked for among the other's."""
    buckets(tmp_path, one, other)
    with pytest.raises(BadInput, match="the same place in a bucket"):
        read_walls(tmp_path)


@pytest.mark.parametrize(
    "other",
    [("", "cases", "ab"), ("", "other", "a"), ("https://s3.example", "cases", "a"), ("", "cases", "b/a")],
)
def test_two_places_in_buckets_are_not_taken_for_one(tmp_path: Path, other: tuple[str, str, str]) -> None:
    """A prefix that only begins with the same letters, another bucket, another server."""
    buckets(tmp_path, ("", "cases", "a"), other)
    assert read_walls(tmp_path).live.store


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """Passwords stand in it."""
    written(tmp_path, "").chmod(0o640)
    with pytest.raises(BadInput, match="chmod 600"):
        read_walls(tmp_path)


@pytest.mark.parametrize("wrong", [{"bucket": "NOT A BUCKET"}, {"encryption": "rot13"}, {"lock_days": -1}])
def test_a_bucket_that_cannot_be_is_refused_when_it_is_used(tmp_path: Path, wrong: dict[str, object]) -> None:
    """By the name of the setting."""
    write_walls(tmp_path, Mode.LIVE, store=PLACE.model_copy(update=wrong))
    with pytest.raises(BadInput, match=next(iter(wrong))):
        case_stores(open_home(tmp_path), Mode.LIVE)


def test_halting_and_waiting_need_no_server_of_prefect(tmp_path: Path) -> None:
    """With the case in a bucket and the ledger in PostgreSQL: stopped in the ledger, written into the chronology."""
    home = open_home(tmp_path / "home")
    with running_s3(tmp_path / "s3") as server, running_postgres(tmp_path) as url:
        server.make_bucket("cases-here")
        place = PLACE.model_copy(
            update={
                "endpoint": server.endpoint,
                "access_key": server.access_key,
                "secret_key": SecretStr(server.secret),
            }
        )
        write_walls(home.root, Mode.LIVE, url, place)
        store = case_stores(home, Mode.LIVE).open("harbor-01")
        put_record(store, "case.json", Case(case_id="harbor-01", mode=Mode.LIVE, opened_at=NOW, opened_by_run="r"))
        chain.append(store, "harbor-01", EntryKind.GATE_ASKED, "Gate 'content' asks.", at=NOW, actor="t", run_id="r")

        waiting = CliRunner().invoke(app, ["waiting", "--home", str(home.root)])
        assert "live  harbor-01  since 2026-11-09 03:00 UTC" in waiting.output
        halted = CliRunner().invoke(app, ["halt", "harbor-01", "ines", "a wrong sentence", "--home", str(home.root)])
        assert halted.exit_code == 0
        assert open_ledger(url).halts.halted("harbor-01")
        assert [entry.kind for entry in chain.read(store)] == [EntryKind.GATE_ASKED, EntryKind.HALT]
