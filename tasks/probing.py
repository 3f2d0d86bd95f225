"""Look again at addresses that were open, as a stranger: once, or on the case's own schedule."""

from collections import Counter
from urllib.parse import urlsplit

from prefect.artifacts import create_table_artifact

from blocks.stranger import ask
from breach.digest import digest_record
from breach.platforms.probe_rounds import changes_between, keep_round, rounds_of, were_open
from breach.platforms.probing import check_address, look_of
from schemas.chronology import EntryKind
from schemas.forms import ProbeForm
from schemas.incident import CaseRef, Mode
from schemas.probing import ProbeRound, Standing
from tasks.chapter import step
from tasks.desk import Desk, open_desk, refuse_closed
from tasks.opening import reference
from tasks.probe_schedule import schedule_probes
from tasks.runs import tag_run


@step("re-probe-addresses")
def probe_addresses(form: ProbeForm) -> CaseRef:
    """Ask for each address without a key, keep what comes as evidence, and say ongoing, fixed or unknown."""
    ref = reference(form.case_id, form.mode)
    tag_run(ref)
    desk = open_desk(ref)
    desk.case()
    refuse_closed(desk)
    urls = list(dict.fromkeys(check_address(url, number) for number, url in enumerate(form.urls, start=1)))
    found, before = look_around(desk, form.by, urls)
    _tell(desk, found, before)
    _show(desk, found)
    if form.every_hours:
        schedule_probes(desk, form)
    return ref


def look_around(desk: Desk, by: str, urls: list[str]) -> tuple[ProbeRound, ProbeRound | None]:
    """One round, kept; and the one before it."""
    earlier = rounds_of(desk.store)
    opened = were_open(earlier)
    looks, bodies = [], []
    for url in urls:
        answer = ask(url, loopback_only=desk.ref.mode is Mode.REHEARSAL)
        looks.append(look_of(url, answer, desk.now(), url in opened))
        bodies.append(answer.body)
    found = keep_round(desk.store, desk.ref.case_id, by, tuple(looks), tuple(bodies))
    return found, earlier[-1] if earlier else None


def _tell(desk: Desk, found: ProbeRound, before: ProbeRound | None) -> None:
    """The chronology gets every round; people are alerted when something stands otherwise than before."""
    counts = Counter(look.standing for look in found.looks)
    desk.note(
        EntryKind.PROBED,
        f"Round {found.n} of looks from outside: {found.standing.value}; "
        + ", ".join(f"{counts[one]} {one.value}" for one in Standing)
        + ".",
        actor=found.by,
        once=f"probe:{found.n}",
        digests={"round": digest_record(found)},
        counts={one.value: counts[one] for one in Standing},
    )
    if changed := changes_between(before, found):
        sentence = f"Looked at from outside, round {found.n}: {'; '.join(changed)}. "
        sentence += "Record whether data is still reachable with record-fact, if that is news."
        desk.root.alerts().tell(desk.ref.case_id, f"probe-{found.n}", sentence, desk.now())
        desk.note(EntryKind.ALERT, sentence, once=f"alert:probe-{found.n}")


def _show(desk: Desk, found: ProbeRound) -> None:
    create_table_artifact(
        key=f"{desk.ref.case_id}-probes",
        table=[
            {
                "address": number,
                "host": urlsplit(look.url).hostname or "",
                "status": look.status,
                "standing": look.standing.value,
                "why": look.reason,
                "at": look.at.isoformat(timespec="seconds"),
                "bytes": look.size,
                "digest": look.digest[:12] if look.digest else "",
            }
            for number, look in enumerate(found.looks, start=1)
        ],
        description=f"Round {found.n} as a stranger: {found.standing.value}. The bodies are in the case as evidence.",
    )
