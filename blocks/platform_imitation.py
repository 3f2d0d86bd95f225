"""A connection to the local imitation of a platform; for rehearsals."""

from typing import ClassVar

from prefect.blocks.core import Block
from pydantic import ConfigDict, Field, HttpUrl, SecretStr

from blocks.case_store import DOCS
from breach.platforms.discourse import DiscoursePlatform
from breach.platforms.discourse_site import DiscourseSite
from breach.platforms.platform import Platform


class PlatformImitation(Block):
    """The small server under examples/platform that behaves like a Discourse site. Rehearsals close areas there.

    Example:
        Load a stored block and get the platform:
        ```python
        from blocks import PlatformImitation

        imitation = PlatformImitation.load("BLOCK_NAME")
        platform = imitation.platform()
        ```
    """

    # Pydantic would quote the whole input, the secret in it, when another field is missing.
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", hide_input_in_errors=True)

    _block_type_name = "Platform imitation"
    _block_type_slug = "platform-imitation"
    _documentation_url = HttpUrl(f"{DOCS}/runbook.md")
    _description = "The local imitation of a Discourse site; rehearsals close areas there."
    _block_schema_capabilities: ClassVar[list[str]] = ["close-areas"]

    address: str = Field(
        title="Address",
        description="Such as http://127.0.0.1:4310.",
        pattern=r"^http://(127\.0\.0\.1|localhost)(:\d+)?$",
    )
    api_key: SecretStr = Field(title="Admin key", description="Printed by the imitation when it starts.")
    api_username: str = Field(title="Admin user", description="Whose name the key acts under.", default="system")

    exposed_files: list[str] = Field(
        title="Exposed files", description="Paths on the site that a stranger must no longer get.", default=[]
    )

    def platform(self) -> Platform:
        """The adapter. Only loopback addresses are imitations."""
        site = DiscourseSite(self.address, self.api_key.get_secret_value(), self.api_username, is_imitation=True)
        return DiscoursePlatform(site, name="imitation", exposed_files=tuple(self.exposed_files))
