"""The exposure as people meet it: artifacts without anybody in them, a narrower scope, and looks from outside."""

import csv
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

from examples.harbor.tokens import sensitive_tokens
from schemas.exposure import ExposureChanges
from schemas.incident import Mode

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]
CASE = "rehearsal-exposure"


class Open(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"id,email\n")

    def log_message(self, *_):
        pass


def test_a_narrower_scope_is_computed_anew_and_voids_the_approval(site):
    """One gate is answered; the provider's list of ids arrives; the next run counts fewer people and asks anew."""
    first = site.start(incident=site.form(CASE))
    before = site.question(first)
    said = _artifacts(f"{CASE}-columns", f"{CASE}-exposures", f"{CASE}-findings", f"{CASE}-coverage")
    assert len(said) == 4
    tokens = sensitive_tokens(site.home.inbox / "small")
    shown = json.dumps(said)
    assert not [token for token in tokens if token in shown]
    site.answer(first, "mara")
    sending = site.asked_anew(first, before)
    assert "sending" in sending

    with (site.home.inbox / "small" / "members.csv").open(newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)][:3]
    (site.home.inbox / "small" / "ids.txt").write_text("\n".join(ids))
    fact = {
        "case_id": CASE,
        "mode": "rehearsal",
        "fact": "file name of the list of member ids",
        "value": "small/ids.txt",
        "recorded_by": "mara",
        "source": "letter of the provider",
    }
    site.wait(site.start("record-fact/record-fact", fact=fact), "Completed")
    again = site.start(incident=site.form(CASE))
    asked = site.question(again)
    assert "content" in asked
    assert asked != before
    [key] = [key for key in site.store(CASE).keys("exposure/") if key.endswith("changes.json")]
    changes = ExposureChanges.model_validate_json(site.store(CASE).get(key).data)
    assert changes.affected_after < changes.affected_before
    assert (changes.newly_affected, changes.files_same) == (0, 2)
    assert changes.no_longer_affected == changes.affected_before - changes.affected_after
    assert _artifacts(f"{CASE}-exposure-changes")
    assert len([one for one in site.store(CASE).keys("exposure/") if one.endswith("heatmap.svg")]) == 2
    _an_open_address_is_ongoing_and_a_silent_one_unknown(site)


def _an_open_address_is_ongoing_and_a_silent_one_unknown(site):
    """The schedule is the case's own; a second one takes its place; each change is told once."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Open)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/export.csv"
    probe = {"case_id": CASE, "mode": "rehearsal", "urls": [url], "every_hours": 6, "times": 4, "by": "mara"}
    site.wait(site.start("re-probe/re-probe", probe=probe), "Completed")
    server.shutdown()
    server.server_close()
    site.wait(site.start("re-probe/re-probe", probe=probe | {"every_hours": 12}), "Completed")
    rounds = [json.loads(site.store(CASE).get(key).data) for key in site.store(CASE).keys("probes/")]
    assert [one["looks"][0]["standing"] for one in rounds] == ["ongoing", "unknown"]
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name("re-probe/re-probe")
    [schedule] = [one for one in deployment.schedules if one.slug == f"{CASE}-probe"]
    assert "INTERVAL=12;COUNT=4" in schedule.schedule.rrule
    assert schedule.parameters["probe"]["every_hours"] == 0
    texts = [entry.text for entry in site.entries(CASE) if entry.kind.value == "looked at from outside"]
    assert [text.split(";")[0] for text in texts if text.startswith("Round")] == [
        "Round 1 of looks from outside: ongoing",
        "Round 2 of looks from outside: unknown",
    ]
    alerts = list(site.home.root.rglob(f"{CASE}.probe-*.txt"))
    assert len(alerts) == 2
    assert not any(url in alert.read_text() for alert in alerts)
    assert site.store(CASE, Mode.REHEARSAL).get(f"evidence/{rounds[0]['looks'][0]['digest']}").data == b"id,email\n"


def _artifacts(*keys):
    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=list(keys))))
    return [(one.key, str(one.data), one.description) for one in found]
