"""Who may answer a gate: people proven by a one-time code (RFC 6238), kept in a 0600 file on the worker's host.

Self-hosted Prefect has one shared login and records nobody, so a person is proven here. Seeds never
reach a block, a parameter or a log. A live approver needs the countersign of another one; the first two
of a mode found the registry.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pyotp
from pydantic import TypeAdapter, ValidationError

from breach.errors import BadInput, CaseRefused
from schemas.base import Record, StaffId, ZonedTime

STEP_SECONDS = 30
"""RFC 6238 section 5.2: the default time step."""
FOUNDERS = 2
"""Two gates need two people; until two are enrolled nobody can countersign for them."""


class Approver(Record):
    """One enrolled person."""

    staff_id: StaffId
    seed: str
    enrolled_at: ZonedTime
    countersigned_by: StaffId | None = None

    def __repr__(self) -> str:
        """Without the seed."""
        return f"Approver({self.staff_id})"

    __str__ = __repr__


class Registry:
    """The approvers of one mode, as a file."""

    def __init__(self, path: Path) -> None:
        """Path: the file; it need not exist yet."""
        self.path = path

    def read(self) -> dict[str, Approver]:
        """All approvers by staff id. Raises BadInput when the file is readable by others or damaged."""
        if not self.path.exists():
            return {}
        if self.path.stat().st_mode & 0o077:
            raise BadInput(
                f"The approvers file {self.path.name} can be read by other users of this machine.",
                "No answer was accepted.",
                "Run 'chmod 600' on it, and enrol its approvers again if others may have read it.",
            )
        try:
            people = TypeAdapter(list[Approver]).validate_json(self.path.read_bytes())
        except ValueError:
            raise BadInput(f"The approvers file {self.path.name} is damaged.", "No answer was accepted.") from None
        return {person.staff_id: person for person in people}

    def enrol(self, staff_id: str, at: datetime, countersign: tuple[str, str] | None = None) -> str:
        """Add a person; returns the otpauth address for the QR code.

        countersign: staff id and current code of an approver already enrolled, needed from the third person on.
        Raises BadInput for a name that cannot stand in the record, CaseRefused when it is taken or nobody countersigns.
        """
        try:
            TypeAdapter(StaffId).validate_python(staff_id)
        except ValidationError:
            raise BadInput(
                "That cannot be an approver's name.",
                "Nobody was enrolled.",
                "Choose 2 to 31 of a-z, 0-9 and -, a letter first; never an address.",
            ) from None
        with self._locked():
            people = self.read()
            if staff_id in people:
                raise CaseRefused(f"{staff_id} is enrolled already.", "Nothing was changed.")
            signer = self._countersigner(people, at, countersign)
            person = Approver(staff_id=staff_id, seed=pyotp.random_base32(), enrolled_at=at, countersigned_by=signer)
            self._write([*people.values(), person])
        return pyotp.TOTP(person.seed).provisioning_uri(name=staff_id, issuer_name="breach-response")

    def proven_step(self, staff_id: str, code: str, at: datetime) -> int | None:
        """The time step this code belongs to, one step of grace on either side; None when it proves nobody."""
        person = self.read().get(staff_id)
        if person is None:
            return None
        now_step = int(at.timestamp()) // STEP_SECONDS
        generator = pyotp.TOTP(person.seed)
        for step in (now_step, now_step - 1, now_step + 1):
            if pyotp.utils.strings_equal(generator.at(step * STEP_SECONDS), code):
                return step
        return None

    def _countersigner(
        self, people: dict[str, Approver], at: datetime, countersign: tuple[str, str] | None
    ) -> str | None:
        if len(people) < FOUNDERS and countersign is None:
            return None
        if countersign is None or self.proven_step(*countersign, at) is None:
            raise CaseRefused(
                "A further approver needs the countersign of one who is enrolled.",
                "Nothing was changed.",
                "Let an enrolled approver type their name and current code.",
            )
        return countersign[0]

    def _write(self, people: list[Approver]) -> None:
        fresh = self.path.with_name(f".{self.path.name}.new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump([person.model_dump(mode="json") for person in people], file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.path.with_name(f".{self.path.name}.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
