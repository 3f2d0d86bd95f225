"""The case store: where rows stay. Write once, replace only by comparing, never append."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import BaseModel

from breach.digest import digest_bytes
from breach.errors import BadInput, Conflict
from schemas.base import canonical_json

R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Stored:
    """An object's bytes and the tag that names this version of them."""

    data: bytes
    etag: str


class CaseStore(Protocol):
    """One case's objects. Keys are relative to the case, `/`-separated, never starting with `/`.

    Raises StoreBusy when it cannot answer; Conflict as each method says.
    """

    def put_new(self, key: str, data: bytes) -> str:
        """Write an object that must not exist yet; returns its etag. Raises Conflict when it exists."""
        ...

    def put_if(self, key: str, data: bytes, etag: str) -> str:
        """Replace exactly the version named by etag; returns the new etag. Raises Conflict when it has changed."""
        ...

    def get(self, key: str) -> Stored | None:
        """The object, or None when there is none."""
        ...

    def keys(self, prefix: str) -> list[str]:
        """Keys below a prefix, sorted."""
        ...


def key_parts(key: str) -> list[str]:
    """The parts of a key. Raises BadInput for one that would leave the case, or be hidden in it."""
    parts = key.split("/")
    if any(not part or part.startswith(".") for part in parts) or "\x00" in key:
        raise BadInput(f"{key!r} is not a key of a case.", "Nothing was written.")
    return parts


def not_kept(key: str) -> Conflict:
    """What is said when an object is to be read as a file and is not in the case."""
    return Conflict(
        f"{key} is missing from the case.",
        "Nothing was changed.",
        "Find out who removed them; the custody entries say what was taken, and when.",
    )


def put_same(store: CaseStore, key: str, data: bytes) -> str:
    """Write once; an object that already holds exactly these bytes is fine. Returns the digest of the bytes.

    This is what lets a killed chapter be run again over its own half-written output.
    Raises Conflict when the key holds other bytes.
    """
    try:
        store.put_new(key, data)
    except Conflict:
        held = store.get(key)
        if held is None or held.data != data:
            raise Conflict(
                f"{key} is frozen and would change.",
                "What was written first is kept.",
                "If the inputs really changed, record the new fact: a new revision is then written beside it.",
            ) from None
    return digest_bytes(data)


def put_record(store: CaseStore, key: str, record: BaseModel) -> str:
    """Write a record once in its canonical form; returns its digest."""
    return put_same(store, key, canonical_json(record))


def get_record(store: CaseStore, key: str, kind: type[R]) -> R:
    """Read a record that must be there. Raises Conflict when it is missing."""
    held = store.get(key)
    if held is None:
        raise Conflict(
            f"{key} is missing from the case.", "Nothing was changed.", "Run the chapter that writes it first."
        )
    return kind.model_validate_json(held.data)
