"""Where the ledger is. What it means is in breach/ledger."""

from functools import cache
from typing import ClassVar

from prefect.blocks.core import Block
from pydantic import ConfigDict, Field, HttpUrl, SecretStr

from blocks.case_store import DOCS
from breach.ledger import Ledger, open_ledger


class LedgerAddress(Block):
    """The database that knows what was approved, claimed and sent. The truth about sending is here, not in Prefect.

    Example:
        Load a stored block and open the ledger:
        ```python
        from blocks import LedgerAddress

        address = LedgerAddress.load("BLOCK_NAME")
        ledger = address.open()
        ```
    """

    # Pydantic would quote the whole input, the secret in it, when another field is missing.
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", hide_input_in_errors=True)

    _block_type_name = "Ledger"
    _block_type_slug = "ledger-address"
    _documentation_url = HttpUrl(f"{DOCS}/glossary.md")
    _description = "The database that knows what was approved, claimed and sent."
    _block_schema_capabilities: ClassVar[list[str]] = ["keep-ledger"]

    url: SecretStr = Field(
        title="Database address",
        description="sqlite:////path/ledger.db on a local disk (SQLite is unsafe on a share); when several machines "
        "send, postgresql://user:password@host/database.",
    )

    def open(self) -> Ledger:
        """The ledger, its tables made when missing and migrated when older."""
        return _opened(self.url.get_secret_value())


@cache
def _opened(url: str) -> Ledger:
    """One ledger for each address and process: every task of a run would hold connections of its own otherwise."""
    return open_ledger(url)
