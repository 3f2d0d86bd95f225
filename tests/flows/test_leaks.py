"""Promise 3: the sample case with a failure forced in every chapter leaves no member's value in the run history.

A real server and real workers run the sample; each chapter fails once and shouts a member's data while it fails. Then
everything is stopped, and every byte that Prefect or a log kept is searched for every tokened value in five spellings.
"""

import base64
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags
from prefect.client.schemas.objects import StateType

from deployments.home import CODE
from examples.harbor.tokens import sensitive_tokens
from schemas.chronology import EntryKind
from schemas.incident import Mode

pytestmark = [pytest.mark.server, pytest.mark.timeout(1500)]
CASE = "rehearsal-leaks"
SABOTAGE = Path(__file__).parent / "sabotage"
CHAPTERS = 11
"""Functions that fail once; see sabotage/sitecustomize.py."""


def test_no_members_value_is_left_in_the_run_history(tmp_path, site_maker):
    """Zero hits in database, write-ahead log, results, logs, alerts and dossier; the planted one is found."""
    traps = tmp_path / "traps"
    traps.mkdir()
    (traps / "armed").touch()
    environment = {"SABOTAGE": str(traps), "PYTHONPATH": f"{SABOTAGE}{os.pathsep}{CODE}"}
    with site_maker(tmp_path / "home", environment) as site:
        tokens = sensitive_tokens(site.home.inbox / "small")
        (traps / "victim").write_text(_a_members_row(site.home.inbox / "small" / "members.csv"))
        _run_until_done(site)
        home = site.home
    assert len(list(traps.glob("*.done"))) == CHAPTERS
    places = _places(home.root, home.mode(Mode.REHEARSAL))
    assert len(places) > 10
    assert _hits(places, tokens) == {}

    control = next(path for path in places if path.name == "prefect.db")
    for n, spelling in enumerate(_spellings(tokens[0])):  # the search itself can find each of them, at any offset
        planted = tmp_path / f"planted-{n}"
        planted.write_bytes(control.read_bytes() + b"x" * n + spelling + b"y")
        assert set(_hits([planted], tokens)) == {planted.name}


def _run_until_done(site) -> None:
    """Start the case again after each failure, as a person would, until the dossier is there."""
    form = site.form(CASE)
    run = site.start(incident=form)
    for _ in range(CHAPTERS + 4):
        gates = 0
        while True:
            state = _settled(site, run)
            if state == "Suspended":
                site.answer(run, ("mara", "tomas")[gates])
                gates += 1
                time.sleep(1)
                continue
            break
        if state == "Completed":
            break
        run = site.start(incident=form)
    _mend_failed_senders(site, form)


def _mend_failed_senders(site, form) -> None:
    """The sender and the dossier fail once, too: the case is started again until they went through."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        if any(entry.kind is EntryKind.DOSSIER for entry in site.entries(CASE)):
            return
        waves = _runs(site, "send-wave")
        if waves and all(run.state.is_final() for run in waves) and waves[-1].state.type is not StateType.COMPLETED:
            site.wait(site.start(incident=form), "Completed")
        exports = _runs(site, "export-dossier")
        if exports and all(run.state.is_final() for run in exports):
            case = {"case_id": CASE, "mode": "rehearsal"}
            site.wait(site.start("export-dossier/export-dossier", case=case), "Completed", "Failed")
        time.sleep(1)
    pytest.fail("no dossier after 300 s")


def _runs(site, flow: str):
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_run_filter=FlowRunFilter(tags=FlowRunFilterTags(all_=[f"case:{CASE}"])))
        named = {run.id: client.read_flow(run.flow_id).name for run in runs}
    return sorted((run for run in runs if named[run.id] == flow), key=lambda run: run.created)


def _settled(site, run_id) -> str:
    """The state's name once the run has ended or waits."""
    until = time.monotonic() + 240
    while time.monotonic() < until:
        state = site.run(run_id).state
        if state.is_final() or state.name == "Suspended":
            return state.name
        time.sleep(0.2)
    pytest.fail(f"{state.name} after 240 s")


def _a_members_row(path: Path) -> str:
    """A member's whole record: address, name, IP, custom fields."""
    return path.read_text(encoding="utf-8-sig").splitlines()[5]


def _places(root: Path, mode: Path) -> list[Path]:
    """Everything but what may hold members: the case store's data folders, the outbox and the inbox."""
    kept = [path for path in root.rglob("*") if path.is_file()]
    allowed = (root / "inbox", mode / "outbox")
    rows = re.compile(r"/cases/[^/]+/(roster|exposure|recipients|notices|waves|evidence|keys)/")
    return [
        path
        for path in kept
        if not any(path.is_relative_to(folder) for folder in allowed) and not rows.search(str(path))
    ]


def _spellings(value: str) -> Iterator[bytes]:
    """Raw, JSON-escaped, URL-encoded, base64 at its three offsets, UTF-16."""
    raw = value.encode()
    yield raw
    yield json.dumps(value)[1:-1].encode()
    yield quote(value).encode()
    for pad in range(3):
        whole = base64.b64encode(b"\0" * pad + raw)
        yield whole[4 if pad else 0 : len(whole) - 4]
    yield value.encode("utf-16-le")


def _hits(places: list[Path], tokens: list[str]) -> dict[str, int]:
    """File name -> how many spellings of tokens stand in it."""
    spelled = [spelling for token in tokens for spelling in _spellings(token) if len(spelling) >= 8]
    starts = np.unique(np.frombuffer(b"".join(one[:8] for one in spelled), dtype="u8"))
    found: dict[str, int] = {}
    for path in places:
        data = path.read_bytes()
        # Every eight bytes in a row against every beginning: 6,000 plain searches in each file took a minute.
        seen = {start for at in range(8) for start in np.intersect1d(_eights(data[at:]), starts).tolist()}
        maybe = {one for one in spelled if int.from_bytes(one[:8], sys.byteorder) in seen}
        if hits := sum(one in data for one in maybe):
            found[path.name] = hits
    return found


def _eights(data: bytes) -> np.ndarray:
    return np.frombuffer(data, dtype="u8", count=len(data) // 8)
