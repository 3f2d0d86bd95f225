"""Where everything of one mode is: its own store, ledger, mailer, approvers and inbox."""

from pathlib import Path
from typing import ClassVar, cast

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl

from blocks.alerts import Alerts
from blocks.case_store import DOCS, FolderCaseStore
from blocks.ledger import LedgerAddress
from blocks.manual_checklist import ManualChecklist
from blocks.outbox_mailer import OutboxMailer
from blocks.platform_imitation import PlatformImitation
from breach.approvers import Registry
from breach.errors import BadInput
from breach.platforms.platform import Platform
from schemas.incident import Mode


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

    store_block: str = Field(title="Case store", description="Such as folder-case-store/rehearsal.")
    ledger_block: str = Field(title="Ledger", description="Such as ledger-address/rehearsal.")
    mailer_block: str = Field(title="Mailer", description="Such as outbox-mailer/rehearsal.")
    alerts_block: str = Field(title="Alerts", description="Such as alerts/default.")
    inbox: str = Field(title="Inbox", description="Exports are named relative to this folder.")
    approvers: str = Field(title="Approvers file", description="On the worker's host, 0600; never in a block.")

    def store(self) -> FolderCaseStore:
        """The cases of this mode."""
        return cast(FolderCaseStore, Block.load(self.store_block))

    def ledger_address(self) -> LedgerAddress:
        """The ledger of this mode."""
        return cast(LedgerAddress, Block.load(self.ledger_block))

    def mailer(self) -> OutboxMailer:
        """The mailer of this mode."""
        return cast(OutboxMailer, Block.load(self.mailer_block))

    def alerts(self) -> Alerts:
        """Who is told when somebody must look."""
        return cast(Alerts, Block.load(self.alerts_block))

    def registry(self) -> Registry:
        """Who may answer the gates of this mode."""
        return Registry(Path(self.approvers))


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
