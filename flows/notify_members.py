"""Plan and send one approved message, wave by wave. Neither flow suspends; both read the approval from the ledger."""

from prefect import flow

from schemas.orders import SendOrder, WaveOrder
from schemas.receipt import Receipt
from tasks.alerts import alert_failure
from tasks.delivery import register_plan, send_this_wave
from tasks.handover import start_first_wave, start_next
from tasks.safety import pii_safe


@flow(name="notify-members", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def notify_members(order: SendOrder) -> Receipt:
    """Register the approved plan in the ledger and start its first wave.

    Args:
        order: Which approved message; filled in by the flow that hands over.
    """
    plan = register_plan(order)
    start_first_wave(order)
    return plan


@flow(name="send-wave", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def send_wave(order: WaveOrder) -> Receipt:
    """Send one wave, or what is left of it, and start the next one when its time has come.

    Starting it again by hand is safe: it continues where the ledger says it stopped.

    Args:
        order: Which wave of which approved message.
    """
    sent = send_this_wave(order)
    start_next(order, sent)
    return sent
