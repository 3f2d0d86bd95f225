"""The whole case in one folder without any member value, that a stranger can verify offline."""

from prefect import flow

from schemas.forms import CaseForm
from schemas.receipt import Receipt
from tasks.alerts import alert_failure
from tasks.dossier import write_dossier
from tasks.opening import find_case
from tasks.safety import pii_safe


@flow(name="export-dossier", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def export_dossier(case: CaseForm) -> Receipt:
    """Write the dossier: one page, machine-readable records, the run history of settled runs, and a verifier.

    Args:
        case: The case, open or closed.
    """
    return write_dossier(find_case(case))
