"""Alerts: a line in a folder and on the terminal when somebody must look."""

import sys
from datetime import datetime
from pathlib import Path
from typing import ClassVar, cast

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl

from blocks.case_store import DOCS
from blocks.mail_alerts import MailAlerts


class Alerts(Block):
    """Tells the people on duty: one file an alert in a folder, and a line on the terminal.

    Example:
        Load a stored block and tell somebody:
        ```python
        from datetime import UTC, datetime

        from blocks import Alerts

        alerts = Alerts.load("BLOCK_NAME")
        alerts.tell("rehearsal-harbor", "gate-waits", "A gate waits for you.", datetime.now(UTC))
        ```
    """

    _block_type_name = "Alerts"
    _block_type_slug = "alerts"
    _documentation_url = HttpUrl(f"{DOCS}/runbook.md")
    _description = "One file an alert in a folder, and a line on the terminal."
    _block_schema_capabilities: ClassVar[list[str]] = ["alert"]

    folder: str = Field(title="Folder", description="Alerts are kept here, one small text file each.")
    terminal: bool = Field(
        title="Also on the terminal", description="Print a line where the workers run.", default=True
    )

    mail_block: str = Field(
        title="Mail", description="Such as mail-alerts/default, to write to a duty's owner; empty: no mail.", default=""
    )

    def mail(self, staff: str, subject: str, text: str) -> str:
        """Write to one person on duty; returns why it could not be sent, and nothing when no mail is set up."""
        if not self.mail_block:
            return ""
        try:
            block = cast(MailAlerts, Block.load(self.mail_block))
        except ValueError:
            return f"there is no block {self.mail_block}"
        return block.send(staff, subject, text)

    def tell(self, case_id: str, what: str, sentence: str, at: datetime) -> None:
        """Write the alert. Its name is the case and what it is about: the same alert is one file, told again."""
        folder = Path(self.folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        line = f"{at.isoformat(timespec='seconds')} [{case_id}] {sentence}\n"
        with (folder / f"{case_id}.{what}.txt").open("a") as file:
            file.write(line)
        if self.terminal:
            sys.stderr.write(f"ALERT {line}")
            sys.stderr.flush()
