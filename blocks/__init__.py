"""The outside world: one vendor a file. Importing this package makes the blocks of every run known to Prefect.

Those of vendors whose packages are slow to import are imported when they are named.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from blocks.alerts import Alerts
from blocks.case_root import CaseRoot
from blocks.case_store import FolderCaseStore
from blocks.ledger import LedgerAddress
from blocks.mail_alerts import MailAlerts
from blocks.manual_checklist import ManualChecklist
from blocks.outbox_mailer import OutboxMailer
from blocks.platform_imitation import PlatformImitation

if TYPE_CHECKING:
    from blocks.s3_case_store import S3CaseStore
    from blocks.s3_inbox import S3Inbox
    from blocks.sendgrid_mailer import SendGridMailer

__all__ = [
    "Alerts",
    "CaseRoot",
    "FolderCaseStore",
    "LedgerAddress",
    "MailAlerts",
    "ManualChecklist",
    "OutboxMailer",
    "PlatformImitation",
    "S3CaseStore",
    "S3Inbox",
    "SendGridMailer",
]

WHEN_NAMED = {
    "S3CaseStore": "blocks.s3_case_store",
    "S3Inbox": "blocks.s3_inbox",
    "SendGridMailer": "blocks.sendgrid_mailer",
}


def __getattr__(name: str) -> object:
    """A block that is imported when it is named. Raises AttributeError for a name that is none."""
    if name not in WHEN_NAMED:
        raise AttributeError(f"module 'blocks' has no attribute {name!r}")
    return getattr(import_module(WHEN_NAMED[name]), name)
