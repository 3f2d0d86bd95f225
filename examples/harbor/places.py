"""Where the people of The Harbor live, and how that shows in an export."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One residence: its share of the members in per cent, and what gives it away."""

    code: str
    """ISO 3166-1, or 3166-2 where law differs within the country."""
    share: int
    locales: tuple[str, ...]
    """BCP 47 with region; the language alone is the part before the hyphen."""
    domain: str
    """Ending of an e-mail domain of that country."""

    @property
    def country(self) -> str:
        """The country alone: all that a phone, a locale or a domain can tell."""
        return self.code.partition("-")[0]


PLACES = (
    Place("DE", 16, ("de-DE", "de-DE", "de-DE", "en-DE"), "de"),
    Place("FR", 10, ("fr-FR",), "fr"),
    Place("NL", 6, ("en-NL", "de-NL"), "nl"),
    Place("ES", 8, ("es-ES", "es-ES", "en-ES"), "es"),
    Place("IE", 5, ("en-IE",), "ie"),
    Place("GB", 12, ("en-GB",), "co.uk"),
    Place("US-CA", 9, ("en-US", "en-US", "es-US"), "us"),
    Place("US-NY", 5, ("en-US",), "us"),
    Place("US-TX", 5, ("en-US", "es-US"), "us"),
    Place("US-MA", 4, ("en-US",), "us"),
    Place("US-FL", 4, ("en-US", "es-US"), "us"),
    Place("US-WA", 3, ("en-US",), "us"),
    Place("US-CO", 2, ("en-US",), "us"),
    Place("CA-QC", 4, ("fr-CA", "fr-CA", "en-CA"), "ca"),
    Place("BR", 3, ("pt-BR",), "com.br"),
    Place("JP", 2, ("en-JP",), "jp"),
    Place("AU", 2, ("en-AU",), "com.au"),
)
