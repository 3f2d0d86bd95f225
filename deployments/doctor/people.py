"""Whether two people can answer the gates."""

from collections.abc import Iterator

from breach.approvers import FOUNDERS, Registry
from breach.errors import BreachError
from deployments.doctor.finding import Finding, refused
from deployments.home import Home
from schemas.incident import Mode


def look_at_approvers(home: Home) -> Iterator[Finding]:
    """How many are enrolled for each mode: two gates need two people."""
    for mode in Mode:
        name = f"approvers, {mode}"
        try:
            enrolled = len(Registry(home.approvers(mode)).read())
        except BreachError as error:
            yield refused(name, error)
            continue
        if enrolled < FOUNDERS:
            what = f"{enrolled} enrolled, and the two gates need {FOUNDERS} people."
            yield Finding.wrong(name, what, f"Run 'breach approvers add NAME --mode {mode}' with each of them.")
        else:
            yield Finding.ok(name, f"{enrolled} enrolled.")
