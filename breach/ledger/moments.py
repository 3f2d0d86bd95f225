"""How a moment is kept: as text in UTC, of one width, so that the order of text is the order of time."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator, TypeEngine

from breach.errors import BadInput

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class Moment(TypeDecorator[datetime]):
    """A zoned datetime as `2026-11-22T15:31:00.000000+00:00`; the same on every database, and comparable."""

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: "Dialect") -> TypeEngine[str]:
        """On PostgreSQL byte by byte: a database's own language may sort digits and signs otherwise."""
        return dialect.type_descriptor(String(32, collation="C" if dialect.name == "postgresql" else None))

    def process_bind_param(self, value: datetime | None, dialect: "Dialect") -> str | None:  # noqa: ARG002 - its signature
        """To UTC text. Raises BadInput for a time without a zone: it could be any of 38 moments."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise BadInput("A time without a zone reached the ledger.", "Nothing was written.")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: "Dialect") -> datetime | None:  # noqa: ARG002 - its signature
        """Back to a zoned datetime."""
        return None if value is None else datetime.fromisoformat(value)
