"""The outside world: one vendor a file. Importing this package makes every block known to Prefect."""

from blocks.alerts import Alerts
from blocks.case_root import CaseRoot
from blocks.case_store import FolderCaseStore
from blocks.ledger import LedgerAddress
from blocks.manual_checklist import ManualChecklist
from blocks.outbox_mailer import OutboxMailer
from blocks.platform_imitation import PlatformImitation

__all__ = [
    "Alerts",
    "CaseRoot",
    "FolderCaseStore",
    "LedgerAddress",
    "ManualChecklist",
    "OutboxMailer",
    "PlatformImitation",
]
