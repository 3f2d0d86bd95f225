"""Where everything of one mode is: its own store, ledger, mailer, approvers and inbox."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl

from blocks.alerts import Alerts
from blocks.case_store import DOCS, CaseStores
from blocks.ledger import LedgerAddress
from blocks.mailer import MailerBlock
from blocks.manual_checklist import ManualChecklist
from blocks.platform_imitation import PlatformImitation
from breach.approvers import Registry
from breach.errors import BadInput
from breach.platforms.platform import Platform
from schemas.incident import Mode

if TYPE_CHECKING:
    from blocks.s3_inbox import S3Inbox

VENDORS = {
    "s3-case-store": "blocks.s3_case_store",
    "s3-inbox": "blocks.s3_inbox",
    "sendgrid-mailer": "blocks.sendgrid_mailer",
}
"""Blocks that this package does not import by itself."""


class CaseRoot(Block):
    """The walls of one mode. A rehearsal and a live case share nothing but the code.

    Example:
        Load a stored block and open its ledger:
        ```python
        from blocks import CaseRoot

        root = CaseRoot.load("BLOCK_NAME")
        ledger = root.ledger_address().open()
        ```
    """

    _block_type_name = "Case root"
    _block_type_slug = "case-root"
    _documentation_url = HttpUrl(f"{DOCS}/security.md")
    _description = "The walls of one mode: its own store, ledger, mailer, approvers and inbox."
    _block_schema_capabilities: ClassVar[list[str]] = ["open-mode"]

    store_block: str = Field(
        title="Case store", description="Such as folder-case-store/rehearsal or s3-case-store/live."
    )
    ledger_block: str = Field(title="Ledger", description="Such as ledger-address/rehearsal.")
    mailer_block: str = Field(title="Mailer", description="Such as outbox-mailer/rehearsal.")
    alerts_block: str = Field(title="Alerts", description="Such as alerts/default.")
    inbox: str = Field(title="Inbox", description="Exports are named relative to this folder.")
    exports_block: str = Field(
        title="Exports in a bucket", description="Such as s3-inbox/live; empty: the inbox folder only.", default=""
    )
    contracts: str = Field(
        title="Contracts",
        description="Folder of contracts/*.yaml, read when a case opens; empty: beside the inbox.",
        default="",
    )
    approvers: str = Field(title="Approvers file", description="On the worker's host, 0600; never in a block.")

    def store(self) -> CaseStores:
        """The cases of this mode."""
        return cast(CaseStores, _loaded(self.store_block))

    def ledger_address(self) -> LedgerAddress:
        """The ledger of this mode."""
        return cast(LedgerAddress, Block.load(self.ledger_block))

    def mailer(self) -> MailerBlock:
        """The mailer of this mode."""
        return cast(MailerBlock, _loaded(self.mailer_block))

    def alerts(self) -> Alerts:
        """Who is told when somebody must look."""
        return cast(Alerts, Block.load(self.alerts_block))

    def bucket_inbox(self) -> "S3Inbox | None":
        """Where exports named `s3://…` are read from; None when no bucket is connected."""
        return cast("S3Inbox", _loaded(self.exports_block)) if self.exports_block else None

    def contracts_folder(self) -> Path:
        """Where the organisation keeps its promises of notice."""
        return Path(self.contracts) if self.contracts else Path(self.inbox).parent / "contracts"

    def registry(self) -> Registry:
        """Who may answer the gates of this mode."""
        return Registry(Path(self.approvers))


def _loaded(reference: str) -> Block:
    """A stored block. What its vendor's packages are is imported now: they are 0.7 s that most runs do not need."""
    if module := VENDORS.get(reference.partition("/")[0]):
        import_module(module)
    return cast(Block, Block.load(reference))


def load_root(mode: Mode) -> CaseRoot:
    """The walls of a mode."""
    return cast(CaseRoot, CaseRoot.load(mode.value))


def load_platform(reference: str) -> Platform:
    """The platform adapter behind a block reference from the form."""
    try:
        block = cast(PlatformImitation | ManualChecklist, Block.load(reference))
    except ValueError:
        raise BadInput(
            f"There is no platform connection '{reference}'.",
            "The case is kept; no area was closed and nothing was sent.",
            "Create it under Blocks in the UI, or name manual-checklist/default, and start the case again.",
        ) from None
    return block.platform()
