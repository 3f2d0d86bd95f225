import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.errors import BadInput, PlatformBusy
from breach.platforms.discourse import DiscoursePlatform
from breach.platforms.discourse_plan import narrowed, open_to_all
from breach.platforms.discourse_shapes import Details, Permission, permissions
from breach.platforms.discourse_site import DiscourseSite
from breach.platforms.platform import shut


@pytest.fixture
def elsewhere():
    """A web server that is neither Discourse nor the imitation; answers what the test sets."""
    said = {"status": 200, "body": b"<html>hello</html>"}

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(said["status"])
            self.send_header("Content-Length", str(len(said["body"])))
            self.send_header("Location", "/login")
            self.end_headers()
            self.wfile.write(said["body"])

        do_PUT = do_GET  # noqa: N815 - the name http.server calls

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", said
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("address", ["forum.example", "ftp://forum.example", "", "http://"])
def test_what_is_not_a_web_address_is_refused(address):
    """A slip in the block is told before anything is asked."""
    with pytest.raises(BadInput, match="not a web address"):
        DiscourseSite(address, "key", "system")


def test_the_key_does_not_cross_a_network_unencrypted():
    """Plain http is for this machine only."""
    with pytest.raises(BadInput, match="unencrypted"):
        DiscourseSite("http://forum.example", "key", "system")


def test_a_server_that_is_not_the_imitation_is_found_out(elsewhere):
    """A block that wrongly claims the imitation stops at the first answer: a rehearsal goes no further."""
    forum = DiscoursePlatform(DiscourseSite(elsewhere[0], "key", "system", is_imitation=True))
    with pytest.raises(BadInput, match="different server answered"):
        forum.inventory(())


def test_an_answer_that_is_not_discourse_is_explained(elsewhere):
    """Another web page at the address is a sentence, without quoting the page."""
    with pytest.raises(BadInput, match="cannot be read") as refused:
        DiscoursePlatform(DiscourseSite(elsewhere[0], "key", "system")).inventory(())
    assert "hello" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("status", [301, 302, 400, 422])
def test_a_change_that_was_redirected_or_refused_is_not_taken_as_made(elsewhere, status):
    """Only a plain yes counts for a change."""
    elsewhere[1]["status"] = status
    with pytest.raises(BadInput, match=str(status)):
        DiscourseSite(elsewhere[0], "key", "system").send("PUT", "/categories/7.json", {})


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_busy_answers_may_be_tried_again(elsewhere, status):
    """429 and 5xx are busy, for us and for the stranger's look, whatever the body."""
    elsewhere[1]["status"] = status
    site = DiscourseSite(elsewhere[0], "key", "system")
    with pytest.raises(PlatformBusy, match=str(status)):
        site.send("GET", "/categories.json")
    with pytest.raises(PlatformBusy, match=str(status)):
        site.look("/c/night-watch/7.json")


def test_only_refusals_count_as_closed():
    """A redirect to a login page, or a surprise, is not proof that nothing is shown."""
    assert [status for status in (200, 204, 301, 302, 401, 403, 404, 410, 418) if shut(status)] == [401, 403, 404, 410]


def test_translated_automatic_groups_are_known_by_their_number():
    """A German site calls everyone 'jeder'; group 0 is everyone all the same."""
    rows = [Permission(1, "jeder", 0), Permission(1, "team", 3), Permission(2, "night-crew", 41)]
    shown = Details(name="x", color="0", text_color="1", group_permissions=rows)
    assert permissions(shown) == {"everyone": 1, "staff": 1, "night-crew": 2}


def test_a_category_without_rows_is_everyones():
    """No permission rows means that everybody may read."""
    shown = Details(name="x", color="0", text_color="1", group_permissions=[])
    assert open_to_all(permissions(shown))


@pytest.mark.parametrize(
    ("held", "then"),
    [
        ({"everyone": 1}, {"staff": 1}),
        ({"everyone": 3, "night-crew": 1}, {"staff": 1}),
        ({"night-crew": 1}, {"staff": 1}),
        ({"admins": 1}, {"admins": 1}),
        ({"staff": 3}, {"staff": 3}),
    ],
)
def test_narrowing_never_gives_anybody_more(held, then):
    """Staff-only sets stay; everything else becomes staff only."""
    assert narrowed(held) == then


GROUPS = st.sampled_from(["everyone", "admins", "moderators", "staff", "trust_level_0", "night-crew"])


@given(st.dictionaries(GROUPS, st.integers(1, 3)))
def test_whatever_was_allowed_only_staff_is_left_and_narrowing_again_changes_nothing(held):
    """For every set of permissions: closed to everyone, nobody but staff's own groups, stable, staff-only untouched."""
    then = narrowed(held)
    assert not open_to_all(then)
    assert set(then) <= {"admins", "moderators", "staff"}
    assert narrowed(then) == then
    assert then == held or set(held) - {"admins", "moderators", "staff"} or not held
