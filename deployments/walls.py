"""walls.toml: where the cases and the ledger of a mode are when they have outgrown this machine.

The file lies in the home, 0600, and is read by the command line, which must halt a case without any server, and by
the start of a house, which makes Prefect's blocks from it. Without it everything is in the home itself.
"""

import json
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, field_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from breach.errors import BadInput
from deployments.places import bucket_place, database_place, is_relative_file, within
from schemas.incident import Mode

if TYPE_CHECKING:
    from blocks.case_store import CaseStores
    from blocks.s3_case_store import S3CaseStore
    from deployments.home import Home

FILE = "walls.toml"


class Bucket(BaseModel):
    """A bucket for the cases of one mode. No keys: those of the machine's own role or profile are used."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    """Of a server of one's own; empty for Amazon's."""
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: SecretStr = SecretStr("")
    encryption: str = "AES256"
    kms_key_id: str = ""
    lock_days: int = 0

    def meets(self, other: "Bucket") -> bool:
        """Whether a case of one could lie among the cases of the other."""
        same = bucket_place(self.endpoint, self.bucket) == bucket_place(other.endpoint, other.bucket)
        return same and within(self.prefix, other.prefix)

    def is_place_of(self, other: "Bucket | None") -> bool:
        """Whether both mean one place, whatever keys they are reached with."""
        return other is not None and self.meets(other) and self.prefix.strip("/") == other.prefix.strip("/")


class Wall(BaseModel):
    """What of one mode is elsewhere."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    ledger: SecretStr | None = None
    store: Bucket | None = None


class Conductor(BaseModel):
    """What of Prefect's own server is elsewhere."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    database: SecretStr | None = None
    """As Prefect takes it: postgresql+asyncpg://user:password@host/database."""

    @field_validator("database")
    @classmethod
    def _names_a_database(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            address = make_url(value.get_secret_value()) if value else None
        except (ArgumentError, ValueError):  # ValueError: what stands where the port should; it may be half a password
            raise ValueError("not an address") from None
        if address and (address.drivername != "postgresql+asyncpg" or not address.database):
            raise ValueError("not an address of Prefect's")
        return value


class Walls(BaseModel):
    """Both modes. They may share a server, never a database or a bucket's prefix."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    rehearsal: Wall = Wall()
    live: Wall = Wall()
    prefect: Conductor = Conductor()

    def of(self, mode: Mode) -> Wall:
        """The wall of a mode."""
        return self.live if mode is Mode.LIVE else self.rehearsal


def read_walls(root: Path) -> Walls:
    """The walls of a home. Raises BadInput for a file that others may read, or that says what cannot be."""
    path = root / FILE
    text = _text_of(path)
    if text is None:
        return Walls()
    try:
        walls = Walls.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        places = (
            ", ".join(sorted({".".join(str(part) for part in problem["loc"]) for problem in error.errors()}))
            if isinstance(error, ValidationError)
            else "its form"
        )
        raise BadInput(
            f"{path} cannot be read as written: {places}.", "Nothing was started.", "See docs/growing.md."
        ) from None
    _refuse_relative(path, walls)
    _refuse_shared(path, walls)
    return walls


def _text_of(path: Path) -> str | None:
    """What the file says; None when there is none. A link that leads nowhere is a file that cannot be read."""
    try:
        rights = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        why = "it is not UTF-8"
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not path.is_symlink():
            return None
        why = os.strerror(error.errno or 0)
    else:
        if not rights & 0o077:
            return text
        raise BadInput(
            f"{path} can be read by other users of this machine, and passwords stand in it.",
            "Nothing was started.",
            "Run 'chmod 600' on it, and change the passwords if others may have read it.",
        )
    raise BadInput(f"{path} cannot be read: {why}.", "Nothing was started.", "See docs/growing.md.") from None


def ledger_url(root: Path, mode: Mode, walls: Walls) -> str:
    """SQLAlchemy's address of the ledger of one mode: what the walls say, else a file of this home."""
    stated = walls.of(mode).ledger
    return stated.get_secret_value() if stated else f"sqlite:///{root / mode.value / 'ledger.db'}"


def case_stores(home: "Home", mode: Mode) -> "CaseStores":
    """The cases of a mode, without asking a server where they are."""
    return stores_at(read_walls(home.root).of(mode).store, str(home.cases(mode)))


def stores_at(stated: Bucket | None, folder: str) -> "CaseStores":
    """The cases in a bucket, or in a folder when there is none."""
    from blocks.case_store import FolderCaseStore  # noqa: PLC0415  (Prefect reads its settings when imported)

    return s3_block(stated) if stated else FolderCaseStore(root=folder)


def s3_block(stated: Bucket) -> "S3CaseStore":
    """The block that a bucket of walls.toml stands for."""
    from prefect_aws.credentials import AwsCredentials  # noqa: PLC0415  (0.5 s that only a bucket needs)

    from blocks.s3_case_store import S3CaseStore  # noqa: PLC0415

    given = {"region_name": stated.region}
    if stated.access_key:
        given |= {"aws_access_key_id": stated.access_key}
        given |= {"aws_secret_access_key": stated.secret_key.get_secret_value()}
    if stated.endpoint:
        given |= {"aws_client_parameters": {"endpoint_url": stated.endpoint}}  # type: ignore[dict-item]
    try:
        return S3CaseStore.model_validate(
            {
                "credentials": AwsCredentials.model_validate(given),
                **stated.model_dump(include={"bucket", "prefix", "encryption", "kms_key_id", "lock_days"}),
            }
        )
    except ValidationError as error:
        wrong = ", ".join(sorted({str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}))
        raise BadInput(
            f"The store in {FILE} cannot be used as stated: {wrong}.", "Nothing was started.", "See docs/growing.md."
        ) from None


def write_walls(root: Path, mode: Mode, ledger: str = "", store: Bucket | None = None) -> None:
    """Write the file for one mode, 0600: what the demonstration does with the servers it starts."""
    lines = [f"[{mode.value}]"]
    if ledger:
        lines.append(f"ledger = {json.dumps(ledger)}")  # a string of JSON is one of TOML
    if store:
        stated = store.model_dump() | {"secret_key": store.secret_key.get_secret_value()}
        lines += [f"[{mode.value}.store]", *(f"{name} = {json.dumps(value)}" for name, value in stated.items())]
    path = root / FILE
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("\n".join(lines) + "\n")


def _refuse_relative(path: Path, walls: Walls) -> None:
    """The command line and the runs stand in different folders: a relative file would be two ledgers."""
    for mode in Mode:
        ledger = walls.of(mode).ledger
        if ledger and is_relative_file(ledger.get_secret_value()):
            raise BadInput(
                f"In {path}, {mode}.ledger is a SQLite file without its whole path: it would be another file for "
                "whoever stands in another folder.",
                "Nothing was started.",
                "Give it with four slashes, as sqlite:////path/to/ledger.db.",
            )


def _refuse_shared(path: Path, walls: Walls) -> None:
    """A rehearsal and a live case share nothing but the code, however their places are spelt."""
    ledgers = [database_place(ledger_url(path.parent, mode, walls)) for mode in Mode]
    stores = [walls.of(mode).store for mode in Mode]
    same_ledger = bool(ledgers[0]) and ledgers[0] == ledgers[1]
    if same_ledger or (stores[0] and stores[1] and stores[0].meets(stores[1])):
        what = "the same ledger" if same_ledger else "the same place in a bucket, or one within the other"
        raise BadInput(
            f"In {path}, rehearsal and live name {what}.",
            "Nothing was started.",
            "Give each mode its own: a rehearsal must never meet a live case.",
        )
    if walls.prefect.database and database_place(walls.prefect.database.get_secret_value()) in ledgers:
        raise BadInput(
            f"In {path}, Prefect and a ledger name the same database.",
            "Nothing was started.",
            "Give Prefect a database of its own: both keep the number of their tables under one name.",
        )
