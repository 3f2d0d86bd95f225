"""A house that goes down: drained by a person or killed; the next start opens it again and its cases go on."""

import os
import signal

import pytest
from prefect.client.orchestration import get_client

from deployments.bootstrap import POOLS
from deployments.house import running_house

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]
CASE = "rehearsal-house"


def test_what_a_drain_or_a_kill_left_goes_on_in_the_next_house(home, site_of):
    """Pools are paused and the run at work is ended and named; a killed house's run is marked; their cases go on."""
    said: list[str] = []
    with running_house(home[0], said.append, home[1]) as house:
        _a_drain_ends_and_names_what_is_at_work(site_of(home[0], house))
    with running_house(home[0], said.append, home[1]) as house:
        site = site_of(home[0], house)
        assert _paused() == dict.fromkeys(POOLS, False)
        waits = site.start(incident=site.form(CASE))
        site.question(waits)
        killed = _killed_with_its_house(site)
    with running_house(home[0], said.append, home[1]) as house:
        site = site_of(home[0], house)
        assert site.run(killed).state.name == "Crashed"
        assert [line for line in said if "lost their house" in line] == [
            "1 runs had lost their house; start their cases again, they continue"
        ]
        assert site.run(waits).state.name == "Suspended"


def _a_drain_ends_and_names_what_is_at_work(site):
    run = site.start(incident=site.form(CASE))
    site.wait_for(lambda: site.run(run).state.name == "Running")
    pid = _pid(site, run)
    said: list[str] = []
    assert site.house.drain(said.append, seconds=0) == [site.run(run).name]
    assert site.run(run).state.name == "Crashed"
    assert not _lives(pid)
    assert _paused() == dict.fromkeys(POOLS, True)


def _killed_with_its_house(site):
    """SIGKILL for the workers, the server and the run, in the middle of a case."""
    run = site.start(incident=site.form(f"{CASE}-killed"))
    site.wait_for(lambda: site.run(run).state.name == "Running")
    pid = _pid(site, run)
    for child in reversed(site.house.children):
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
    if _lives(pid):
        os.kill(pid, signal.SIGKILL)
    return run


def _paused() -> dict[str, bool]:
    with get_client(sync_client=True) as client:
        return {name: client.read_work_pool(name).is_paused for name in POOLS}


def _pid(site, run) -> int:
    return int(site.run(run).infrastructure_pid.rsplit(":", 1)[-1])


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
