"""Every quarter of an hour: what waits, what runs late, who must know. Ends at once when no case is open."""

from prefect import flow

from tasks.alerts import watch_cases
from tasks.safety import pii_safe


@flow(name="watch")
@pii_safe
def watch() -> int:
    """Look at every open case: waiting gates, waves that did not go on, duties running out, doubts."""
    return watch_cases()
