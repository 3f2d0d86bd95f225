import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from examples.platform.server import make_server, nested
from examples.platform.state import load

KEY = "k" * 32
ADMIN = {"Api-Key": KEY, "Api-Username": "system"}
CATEGORY = {"name": "Night watch", "color": "25AAE2", "text_color": "FFFFFF"}


@pytest.fixture
def server(tmp_path):
    users = [{"id": str(n), "username": f"u{n}", "email": f"u{n}@example.org"} for n in range(1, 152)]
    running = make_server(0, tmp_path / "site.json", KEY, users)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def calm(server):
    server.platform.site.hiccup_left = 0
    return server


def test_the_first_put_and_only_that_is_answered_503(server):
    """One 503, ever."""
    url = f"{server.address}/categories/7.json"
    assert [httpx.put(url, json=CATEGORY, headers=ADMIN).status_code for _ in range(3)] == [503, 200, 200]


@pytest.mark.parametrize("how", ["json", "data"])
def test_permissions_are_replaced_as_a_form_and_as_json(calm, how):
    """Both encodings narrow the area; the stranger's 200 becomes 403, the administrator still reads."""
    page = f"{calm.address}/c/night-watch/7.json"
    assert httpx.get(page).status_code == 200
    wanted = {"permissions": {"staff": 1}} if how == "json" else {"permissions[staff]": "1"}
    answer = httpx.put(f"{calm.address}/categories/7.json", headers=ADMIN, **{how: CATEGORY | wanted})
    assert answer.json()["category"]["group_permissions"] == [
        {"permission_type": 1, "group_name": "staff", "group_id": 3}
    ]
    assert (httpx.get(page).status_code, httpx.get(page, headers=ADMIN).status_code) == (403, 200)
    listed = httpx.get(f"{calm.address}/categories.json").json()["category_list"]["categories"]
    assert [one["slug"] for one in listed] == ["harbor-lounge", "boat-talk", "announcements"]


def test_tags_that_are_not_sent_back_are_lost(calm):
    """As on the real site: an update replaces the allowed tags."""
    url = f"{calm.address}/categories/5.json"
    body = {"name": "Boat talk", "color": "3AB54A", "text_color": "FFFFFF"}
    httpx.put(url, headers=ADMIN, data={**body, "allowed_tags[]": ["hulls", "sails"]})
    assert calm.platform.site.category(5).allowed_tags == ["hulls", "sails"]
    httpx.put(url, headers=ADMIN, json=body)
    assert calm.platform.site.category(5).allowed_tags == []


@pytest.mark.parametrize("missing", ["name", "color", "text_color"])
def test_a_category_needs_its_name_and_colours(calm, missing):
    """400 as Discourse answers a missing parameter."""
    body = {key: value for key, value in CATEGORY.items() if key != missing}
    assert httpx.put(f"{calm.address}/categories/7.json", headers=ADMIN, json=body).status_code == 400


def test_unknown_groups_and_permissions_are_refused(calm):
    """Nothing is half replaced."""
    for wanted in ({"nobody": 1}, {"staff": 9}, {"staff": "x"}):
        body = CATEGORY | {"permissions": wanted}
        assert httpx.put(f"{calm.address}/categories/7.json", headers=ADMIN, json=body).status_code == 422
    assert calm.platform.site.category(7).permissions == {"everyone": 1}


def test_a_wrong_key_is_403_and_admin_pages_hide_from_strangers(calm):
    """A wrong key is refused even where a stranger may read."""
    wrong = {"Api-Key": "no", "Api-Username": "system"}
    assert httpx.get(f"{calm.address}/categories.json", headers=wrong).status_code == 403
    assert httpx.get(f"{calm.address}/categories.json", headers={"Api-Key": KEY}).status_code == 403
    assert httpx.get(f"{calm.address}/admin/site_settings.json").status_code == 404
    assert httpx.post(f"{calm.address}/posts.json", json={}).status_code == 403


def test_read_only_freezes_settings_and_posts_but_can_be_ended(calm):
    """While read-only every change is 503 of type read_only, and every answer says so."""
    switch = f"{calm.address}/admin/backups/readonly"
    assert httpx.put(switch, headers=ADMIN, data={"enable": "true"}).status_code == 200
    refused = httpx.put(f"{calm.address}/admin/site_settings/login_required", headers=ADMIN, data={"login_required": 1})
    assert (refused.status_code, refused.json()["error_type"]) == (503, "read_only")
    assert httpx.get(f"{calm.address}/categories.json").headers["discourse-readonly"] == "true"
    assert httpx.put(switch, headers=ADMIN, json={"enable": False}).status_code == 200
    assert calm.platform.site.read_only is False


def test_the_export_is_served_to_strangers_until_downloads_are_closed(calm):
    """200, then 404 for a stranger; the administrator still gets it."""
    page = f"{calm.address}/uploads/exports/members-2026-10.csv"
    assert httpx.get(page).status_code == 200
    name = "prevent_anons_from_downloading_files"
    httpx.put(f"{calm.address}/admin/site_settings/{name}", headers=ADMIN, json={name: True})
    assert (httpx.get(page).status_code, httpx.get(page, headers=ADMIN).status_code) == (404, 200)
    assert httpx.get(f"{calm.address}/uploads/exports/..%2Fsite.csv", headers=ADMIN).status_code == 404


def test_login_required_shows_strangers_nothing(calm):
    """The global switch closes every page."""
    url = f"{calm.address}/admin/site_settings/login_required"
    httpx.put(url, headers=ADMIN, data={"login_required": "true"})
    assert httpx.get(f"{calm.address}/c/boat-talk/5.json").json()["error_type"] == "not_logged_in"


def test_users_come_in_pages_of_100_with_addresses_on_request(calm):
    """151 users are two pages and an empty one."""
    url = f"{calm.address}/admin/users/list/active.json"
    sizes = [len(httpx.get(url, headers=ADMIN, params={"page": page}).json()) for page in (1, 2, 3)]
    assert sizes == [100, 51, 0]
    assert "email" not in httpx.get(url, headers=ADMIN).json()[0]
    assert httpx.get(url, headers=ADMIN, params={"show_emails": "true"}).json()[0]["email"] == "u1@example.org"


def test_a_topic_is_found_by_its_external_id_and_posted_once(calm):
    """The second post under one external id is refused."""
    body = {"title": "About a security incident", "raw": "We have closed an area for now.", "category": 6}
    url, found = f"{calm.address}/posts.json", f"{calm.address}/t/external_id/case-1.json"
    assert httpx.get(found).status_code == 404
    statuses = [httpx.post(url, headers=ADMIN, json=body | {"external_id": "case-1"}).status_code for _ in range(2)]
    assert statuses == [200, 422]
    assert httpx.get(found).status_code == 301


def test_told_to_limit_it_answers_429_with_the_wait(calm):
    """As often as told, then not any more."""
    told = httpx.post(f"{calm.address}/imitation/limit", headers=ADMIN, json={"count": 2, "wait_seconds": 7})
    assert told.status_code == 200
    answers = [httpx.get(f"{calm.address}/categories.json") for _ in range(3)]
    assert [one.status_code for one in answers] == [429, 429, 200]
    assert answers[0].json()["extras"]["wait_seconds"] == 7


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[1]"])
def test_a_broken_body_is_400_and_the_server_lives(calm, body):
    """Bad input is refused; the next request is answered."""
    headers = ADMIN | {"Content-Type": "application/json"}
    assert httpx.put(f"{calm.address}/categories/7.json", headers=headers, content=body).status_code == 400
    assert httpx.get(f"{calm.address}/categories.json").status_code == 200


def test_form_names_nest_as_in_rails():
    """`a[b]=1` is a map, `a[]=1` a list."""
    assert nested([("a[b]", "1"), ("a[c]", "2"), ("t[]", "x"), ("t[]", "y"), ("n", "")]) == {
        "a": {"b": "1", "c": "2"},
        "t": ["x", "y"],
        "n": "",
    }


def test_the_program_keeps_its_state_over_a_restart(tmp_path: Path):
    """Started from the command line, killed and started again: the area is still closed, and there is no second 503."""
    state, port_file = tmp_path / "site.json", tmp_path / "port"
    command = [sys.executable, "-m", "examples.platform.server", "--port", "0", "--state", str(state), "--key", KEY]
    statuses = []
    for _ in range(2):
        port_file.unlink(missing_ok=True)
        program = subprocess.Popen([*command, "--port-file", str(port_file)], stdout=subprocess.PIPE, text=True)
        try:
            while not port_file.exists():
                assert program.poll() is None
                time.sleep(0.02)
            address = f"http://127.0.0.1:{port_file.read_text()}"
            assert program.stdout.readline().strip() == address
            statuses.append(httpx.get(f"{address}/c/night-watch/7.json").status_code)
            body = CATEGORY | {"permissions": {"staff": 1}}
            statuses.append(httpx.put(f"{address}/categories/7.json", headers=ADMIN, json=body).status_code)
            statuses.append(httpx.put(f"{address}/categories/7.json", headers=ADMIN, json=body).status_code)
        finally:
            program.kill()
            program.wait()
            program.stdout.close()
    assert statuses == [200, 503, 200, 403, 200, 200]
    assert load(state).category(7).permissions == {"staff": 1}
    assert json.loads(state.read_bytes())["hiccup_left"] == 0
