"""Look again, as a stranger, at addresses that were open: ongoing, fixed, or not known; with evidence."""

from prefect import flow

from schemas.forms import ProbeForm
from schemas.incident import CaseRef
from tasks.alerts import alert_failure
from tasks.probing import probe_addresses
from tasks.safety import pii_safe


@flow(name="re-probe", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def re_probe(probe: ProbeForm) -> CaseRef:
    """Ask for each address without a key, keep the answer as evidence, and tell when something has changed.

    Args:
        probe: Which addresses, and how often from now on.
    """
    return probe_addresses(probe)
