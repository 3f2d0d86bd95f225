"""walls.applied: where the blocks of each mode point since the last start, which is what its runs read.

Written at each `breach up`, 0600, in the home. walls.toml may say something else by now: a halt must reach the runs,
and no start may leave an open case behind.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from breach.current import case_of
from breach.errors import BadInput, BreachError
from deployments.places import database_place
from deployments.walls import FILE, Bucket, Walls, ledger_url, read_walls, stores_at
from schemas.incident import Mode

if TYPE_CHECKING:
    from blocks.case_store import CaseStores
    from deployments.home import Home

APPLIED = "walls.applied"
CLOSED = "closed.json"


class Place(BaseModel):
    """Where one mode is."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    ledger: SecretStr
    """As the block of the runs has it."""
    ledger_stated: bool = False
    """By walls.toml; otherwise it is the home's, or what a person wrote into the block."""
    folder: str
    store: Bucket | None = None
    """The bucket that walls.toml stated; without one the cases are in the folder."""

    def stores(self) -> "CaseStores":
        """The cases there."""
        return stores_at(self.store, self.folder)


class Applied(BaseModel):
    """Both modes."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    rehearsal: Place
    live: Place

    def of(self, mode: Mode) -> Place:
        """The place of a mode."""
        return self.live if mode is Mode.LIVE else self.rehearsal


def place_stated(home: "Home", mode: Mode, walls: Walls) -> Place:
    """Where a mode is as the walls say."""
    stated = walls.of(mode)
    return Place(
        ledger=SecretStr(ledger_url(home.root, mode, walls)),
        ledger_stated=stated.ledger is not None,
        folder=str(home.cases(mode)),
        store=stated.store,
    )


def read_applied(root: Path) -> Applied | None:
    """What the last start applied; None before the first. Raises BadInput when the file cannot be read."""
    try:
        return Applied.model_validate_json((root / APPLIED).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        raise BadInput(
            f"{root / APPLIED} cannot be read: it is not known where the runs keep their ledger.",
            "Nothing was started.",
            f"When no case is open, or {FILE} is as it was at the last start, remove it and start again.",
        ) from None


def write_applied(root: Path, places: dict[Mode, Place]) -> None:
    """Write the file, all of it or nothing, 0600: passwords stand in it as in walls.toml."""
    said = {}
    for mode, place in places.items():
        said[mode.value] = place.model_dump() | {"ledger": place.ledger.get_secret_value()}
        if place.store:
            secret = place.store.secret_key.get_secret_value()
            said[mode.value]["store"] = place.store.model_dump() | {"secret_key": secret}
    with NamedTemporaryFile("w", dir=root, delete=False) as file:  # made 0600
        file.write(json.dumps(said, indent=1))
    Path(file.name).replace(root / APPLIED)


def known_places(home: "Home", mode: Mode) -> tuple[list[Place], list[BreachError]]:
    """Where a mode may be: as its runs have it, then as walls.toml says now if that is elsewhere; and what was unread.

    A file that cannot be read must not keep a halt from the place that the other one names.
    """
    places: list[Place] = []
    problems: list[BreachError] = []
    try:
        if applied := read_applied(home.root):
            places.append(applied.of(mode))
    except BreachError as error:
        problems.append(error)
    try:
        stated = place_stated(home, mode, read_walls(home.root))
    except BreachError as error:
        problems.append(error)
    else:
        if not places or not (_same_ledger(places[0], stated) and _same_store(places[0], stated)):
            places.append(stated)
    return places, problems


def other_ledgers(places: list[Place]) -> list[str]:
    """The addresses of the ledgers, each once, the runs' own first."""
    found: dict[object, str] = {}
    for place in places:
        address = place.ledger.get_secret_value()
        found.setdefault(database_place(address) or address, address)
    return list(found.values())


def other_stores(places: list[Place]) -> Iterator["CaseStores"]:
    """The stores of the places, each once, the runs' own first."""
    for number, place in enumerate(places):
        if not any(_same_store(place, earlier) for earlier in places[:number]):
            yield place.stores()


def refuse_leaving_cases(home: "Home") -> None:
    """Raises BadInput when walls.toml moves a mode away from where it has open cases, or where nobody can look."""
    before, walls = read_applied(home.root), read_walls(home.root)
    for mode in Mode:
        new = place_stated(home, mode, walls)
        old = before.of(mode) if before else place_stated(home, mode, Walls())
        moves_ledger = (new.ledger_stated or old.ledger_stated) and not _same_ledger(old, new)
        moves_store = not (old.store is None and new.store is None) and not _same_store(old, new)
        if not (moves_ledger or moves_store):
            continue
        try:
            left = [name for name in _open_cases(old.stores()) if moves_ledger or not _has_it(name, old, new)]
        except BreachError as error:
            raise BadInput(
                f"{FILE} moves {mode} to another place, and it could not be seen whether a case is open at the old or "
                f"lies at the new one: {error.happened}",
                "Nothing was started.",
                f"Make both reachable, or point {FILE} back.",
            ) from None
        if left:
            raise BadInput(
                f"{FILE} moves {mode} to another place, and {len(left)} open cases would stay behind: "
                f"{', '.join(left[:3])}{', …' if len(left) > 3 else ''}.",
                "Nothing was started.",
                f"Finish or close those cases first, or point {FILE} back to where they are.",
            )


def _open_cases(stores: "CaseStores") -> list[str]:
    return [name for name in stores.cases() if stores.open(name).get(CLOSED) is None]


def _has_it(name: str, old: Place, new: Place) -> bool:
    """Whether the very case, not one of the same name, lies at the new place."""
    return case_of(old.stores().open(name)) == case_of(new.stores().open(name))


def _same_ledger(one: Place, other: Place) -> bool:
    first, second = (place.ledger.get_secret_value() for place in (one, other))
    return first == second or (bool(database_place(first)) and database_place(first) == database_place(second))


def _same_store(one: Place, other: Place) -> bool:
    if one.store is None or other.store is None:
        return one.store is other.store and Path(one.folder).resolve() == Path(other.folder).resolve()
    return one.store.is_place_of(other.store)
