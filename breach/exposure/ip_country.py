"""The country of an IP address, by a database that the operator provides: none is free enough to be shipped with this.

Read are files in the MaxMind DB format with a country record as MaxMind and DB-IP write it (`country.iso_code`), or as
IPinfo does (`country_code`). GeoLite2's licence asks that an outdated copy is deleted within 30 days; DB-IP's lite file
is CC BY 4.0. So the file, its licence and its age are the operator's.
"""

from datetime import UTC, datetime
from pathlib import Path

import maxminddb

from breach.digest import digest_file
from breach.errors import BadInput

NOT_CONFIGURED = "no database of IP addresses is configured (BREACH_IP_COUNTRIES), so none was looked up"


class IpCountries:
    """One database, kept open. It is looked up on this machine; no address leaves it."""

    def __init__(self, path: Path) -> None:
        """Raises BadInput when the file is missing or no such database."""
        try:
            self.digest = digest_file(path)
            self._reader = maxminddb.open_database(path)
        except (OSError, maxminddb.InvalidDatabaseError):
            raise BadInput(
                "The database of IP addresses (BREACH_IP_COUNTRIES) is missing, or is no MaxMind DB file.",
                "Nothing was read.",
                "Name a country database in that format, or unset the variable: then IP addresses are no evidence.",
            ) from None

    @property
    def described(self) -> str:
        """Which database it is: kind, day on which it was built, digest."""
        told = self._reader.metadata()
        built = datetime.fromtimestamp(told.build_epoch, UTC)
        return f"{told.database_type} of {built:%Y-%m-%d}, digest {self.digest[:12]}"

    def country(self, ip: str) -> str | None:
        """ISO 3166-1 code; None for what is no address, or stands in no country of the database."""
        try:
            found = self._reader.get(ip.strip())
        except (ValueError, maxminddb.InvalidDatabaseError):  # no address; of another version; a damaged record
            return None
        if not isinstance(found, dict):
            return None
        country = found.get("country")
        code = country.get("iso_code") if isinstance(country, dict) else found.get("country_code")
        return code.upper() if isinstance(code, str) else None
