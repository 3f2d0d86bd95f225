"""The walk a person takes: log in, fill the form, answer both gates, look at the result, in a real browser.

Screenshots go to a temporary folder; `make screenshots` writes them where the README shows them.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client

from deployments import bootstrap
from deployments.home import CODE
from deployments.sample_site import sample_platform
from schemas.chronology import EntryKind
from schemas.incident import Mode

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = (
    "01-deployments.png",
    "02-form.png",
    "03-run.png",
    "04-gate-content.png",
    "05-gate-sending.png",
    "06-artifacts.png",
    "07-duties.png",
    "08-dossier.png",
)
CASE = "rehearsal-harbor"
REQUIRED = bool(os.environ.get("BREACH_REQUIRE_BROWSER"))

pytestmark = [
    pytest.mark.server,
    pytest.mark.browser,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(CHROMIUM is None and not REQUIRED, reason="no Chromium here: the browser walk was not walked"),
]


@pytest.fixture
def sample(site) -> Iterator[None]:
    """The sample's exports and its platform. Before the browser: in Playwright's loop Prefect's blocks turn async."""
    shutil.copytree(CODE / "examples" / "harbor" / "data", site.home.inbox / "harbor", dirs_exist_ok=True)
    with sample_platform(site.home, site.house.port) as address:
        bootstrap.connect_imitation(address, site.home.secret("imitation-key"))
        yield


@pytest.fixture
def page(site, sample) -> Iterator:
    """A page of a real Chromium, logged in by typing the login."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "Chromium is required for this test: install it (Debian: apt-get install chromium)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1360, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(f"{site.house.address}/v2/login")
        page.locator("input").first.fill(site.home.login)
        page.keyboard.press("Enter")
        page.wait_for_url("**/dashboard**")
        yield page
        browser.close()


@pytest.fixture
def shots(tmp_path) -> Path:
    """Where the screenshots go."""
    folder = Path(os.environ.get("BREACH_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_a_person_can_do_all_of_it_in_the_browser(site, page, shots):
    """The sample from its form to its dossier; an empty answer at a gate is refused on the spot."""
    _look_at_the_deployments(site, page, shots)
    run = _start_from_the_form(site, page, shots)
    question = site.question(run)
    _look_at_the_run(site, page, run, shots)
    _answer_in_the_dialog(site, page, run, "mara", shots / "04-gate-content.png", empty_first=True)
    sending = site.asked_anew(run, question)
    assert "-sending-" in sending
    _open(page, site, f"/runs/flow-run/{run}")
    _answer_in_the_dialog(site, page, run, "tomas", shots / "05-gate-sending.png")
    site.wait(run, "Completed")
    site.wait_for(lambda: any(entry.kind is EntryKind.DOSSIER for entry in site.entries(CASE)))
    _look_at_the_artifacts(site, page, shots)
    _look_at_the_dossier(site, page, shots)
    assert sorted(path.name for path in shots.glob("0*.png")) == list(SCREENSHOTS)
    assert [(row.gate, row.approver) for row in site.ledger().approvals.decisions(CASE)] == [
        ("content", "mara"),
        ("sending", "tomas"),
    ]


def _open(page, site, path: str) -> None:
    page.goto(f"{site.house.address}/v2{path}")
    page.wait_for_load_state("networkidle")


def _look_at_the_deployments(site, page, shots: Path) -> None:
    _open(page, site, "/deployments?limit=50")
    page.get_by_role("link", name="rehearse-sample").wait_for()
    page.screenshot(path=shots / "01-deployments.png", full_page=True)


def _start_from_the_form(site, page, shots: Path):
    """Open the prefilled form, look at it, submit it; returns the run's id."""
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name("breach-response/rehearse-sample")
    _open(page, site, f"/deployments/deployment/{deployment.id}/run")
    page.get_by_text("What happened, in one line").wait_for()
    assert page.get_by_text("The clocks. Choose the zone").is_visible()
    page.screenshot(path=shots / "02-form.png")
    page.wait_for_timeout(1500)  # the values arrive a moment after the labels
    another = page.get_by_text("This is another incident")
    another.scroll_into_view_if_needed()
    # Other tests have open cases of the same platform and dates. Of several switches: the one after the label.
    another.locator("xpath=following::*[@role='switch'][1]").click()
    for _ in range(5):
        with page.expect_response("**/create_flow_run") as created:
            page.get_by_role("button", name="Submit").click()
        if created.value.status != 503:  # the server's SQLite was locked: a person presses again
            break
        page.wait_for_timeout(2000)
    assert created.value.status == 201
    return UUID(created.value.json()["id"])


def _look_at_the_run(site, page, run, shots: Path) -> None:
    _open(page, site, f"/runs/flow-run/{run}")
    page.get_by_text("Suspended").first.wait_for()
    page.wait_for_timeout(2000)  # the graph is drawn after the page is there
    page.screenshot(path=shots / "03-run.png")


def _answer_in_the_dialog(site, page, run, person: str, shot: Path, *, empty_first: bool = False) -> None:
    """Menu, Resume, the form with the table above it, a code from the authenticator."""
    page.get_by_text("Suspended").first.wait_for()
    page.get_by_role("button", name="Open menu").first.click()
    page.get_by_role("menuitem", name="Resume").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("approves exactly").wait_for()
    if empty_first:
        page.screenshot(path=shot)  # the question as it opens; the other gate's picture shows it filled in
        dialog.get_by_role("button", name="Resume").click()
        page.get_by_text("Validation failed").first.wait_for()
        assert site.run(run).state.name == "Suspended"
    dialog.get_by_role("button", name="Select").click()
    page.get_by_role("option", name="approve").click()
    boxes = dialog.locator("textarea")
    boxes.nth(0).fill(person)
    boxes.nth(1).fill(site.code(person))
    boxes.nth(2).fill("I have read the sample and the counts.")
    if not empty_first:
        page.screenshot(path=shot)
    for _ in range(6):
        dialog.get_by_role("button", name="Resume").click()
        page.wait_for_timeout(4000)
        if not dialog.is_visible():  # still there: the server's SQLite was locked, and a person presses again
            return
    dialog.wait_for(state="hidden")


def _look_at_the_artifacts(site, page, shots: Path) -> None:
    _open(page, site, "/artifacts")
    page.get_by_text(f"{CASE}-duties").first.wait_for()
    page.screenshot(path=shots / "06-artifacts.png")
    _open(page, site, f"/artifacts/key/{CASE}-duties")
    page.get_by_text(f"{CASE}-duties").first.wait_for()
    page.wait_for_timeout(3000)  # the table is drawn after its title
    page.screenshot(path=shots / "07-duties.png")


def _look_at_the_dossier(site, page, shots: Path) -> None:
    number = site.ledger().heads.dossiers(CASE)[-1].n
    folder = site.home.cases(Mode.REHEARSAL) / CASE / "dossier" / f"{number:04d}"
    page.goto((folder / "index.html").as_uri())
    page.get_by_text("REHEARSAL").first.wait_for()
    page.screenshot(path=shots / "08-dossier.png")
