"""What a person wants to know when a case has run: on the terminal, in tables."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from breach.current import current_of
from breach.law.table import duties_table
from breach.ledger import open_ledger
from breach.sending.books import count_books
from breach.store import get_record
from deployments.home import Home
from deployments.walls import case_stores, read_walls
from schemas.exposure import ExposureSummary
from schemas.incident import Mode
from schemas.law import DutyList
from schemas.recipients import Books

Say = Callable[[str], None]
SHOWN_DUTIES = 12
SHOWN_COLUMNS = ("status", "duty", "whom", "by when")


def print_summary(console: Console, home: Home, case_id: str, seconds: float) -> int:
    """Print everything; returns 0 only when the books balance with nobody pending and the dossier verifies."""
    stores = case_stores(home, Mode.REHEARSAL)
    store = stores.open(case_id)
    receipts = current_of(store).receipts
    console.rule(f"[bold]{case_id}")
    console.print(_leaked(get_record(store, receipts["exposures"].key, ExposureSummary)))
    console.print(_duties(get_record(store, receipts["duties"].key, DutyList)))
    ledger = open_ledger(home.ledger_url(Mode.REHEARSAL))
    books = count_books(store, ledger, case_id, "notice", receipts["recipients"], now=datetime.now(UTC))
    balanced = books.balance and books.pending == 0
    console.print(_books(books), style="green" if balanced else "bold red")
    dossier = ledger.heads.dossiers(case_id)[-1]
    folder = f"dossier/{dossier.n:04d}"
    with stores.files(case_id, store.keys(f"{folder}/")) as files:
        verified = _verify(files / folder, dossier.digest)
        place = dossier_place(home, f"{stores.place(case_id)}/{folder}", files / folder)
    console.print(f"\nOutbox    {home.mode(Mode.REHEARSAL) / 'outbox' / case_id} (open it with any mail program)")
    console.print(f"Dossier   {place}/index.html", soft_wrap=True)
    console.print(f"Digest    {dossier.digest} ({'verified' if verified else 'NOT VERIFIED'})")
    if not on_servers(home):
        console.print(f"Runs      make up BREACH_HOME={home.root}   then open the address it prints", soft_wrap=True)
    console.print(f"\n{'Done' if balanced and verified else 'NOT GOOD'} in {seconds:.0f} s.", style="bold")
    return 0 if balanced and verified else 1


def on_servers(home: Home) -> bool:
    """Whether cases or ledger lie on servers that end with the demonstration: a house started later finds neither."""
    wall = read_walls(home.root).of(Mode.REHEARSAL)
    return wall.store is not None or wall.ledger is not None


def dossier_place(home: Home, kept_at: str, files: Path) -> str:
    """Where the dossier can be opened when everything has ended: where it is kept, or a copy in the home.

    files: the dossier as files, for now. A bucket's server is gone with the demonstration, so it is copied out.
    """
    if read_walls(home.root).of(Mode.REHEARSAL).store is None:
        return kept_at
    copy = home.root / f"dossier-{files.name}"
    shutil.copytree(files, copy, dirs_exist_ok=True)
    return str(copy)


def _leaked(summary: ExposureSummary) -> Table:
    table = Table("what leaked", "people", "records", "certainty", title=f"{summary.affected} accounts affected")
    for kind, count in summary.by_type.items():
        table.add_row(kind.value, str(count.persons), str(count.records), count.certainty.value)
    return table


def _duties(duties: DutyList) -> Table:
    rows = duties_table(duties)
    table = Table(*SHOWN_COLUMNS, title=f"duties ({len(rows)}, the most urgent first; reasons in the dossier)")
    for row in rows[:SHOWN_DUTIES]:
        table.add_row(*(row[column] for column in SHOWN_COLUMNS))
    return table


def _books(books: Books) -> str:
    return (
        f"The books: {books.affected} affected = {books.notified} notified + {books.unreachable} unreachable "
        f"+ {books.excluded} left out + {books.pending} pending"
    )


def _verify(folder: Path, digest: str) -> bool:
    """The dossier's own verifier, with nothing but Python and nothing of ours on its path."""
    command = [sys.executable, "-I", str(folder / "verify.py"), str(folder), "--digest", digest]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
