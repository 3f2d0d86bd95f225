import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from breach.folder_store import FolderStore
from breach.platforms.discourse import DiscoursePlatform
from breach.platforms.discourse_site import DiscourseSite
from breach.steps import Work
from examples.platform.server import DEFAULT_EXPORT, PlatformServer, make_server
from schemas.incident import (
    Answer,
    Case,
    Cause,
    Certainty,
    Facts,
    IncidentFacts,
    LearnedHow,
    Mode,
    Ongoing,
    Organisation,
    Role,
)

KEY = "k" * 32
AWARE = datetime(2026, 11, 8, 6, tzinfo=UTC)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    """The imitation, past its one 503."""
    running = make_server(0, tmp_path / "platform" / "site.json", KEY)
    running.platform.site.hiccup_left = 0
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def forum(server: PlatformServer) -> DiscoursePlatform:
    exposed = (f"/uploads/exports/{DEFAULT_EXPORT}",)
    return DiscoursePlatform(DiscourseSite(server.address, KEY, "system", is_imitation=True), exposed_files=exposed)


MakeWork = Callable[..., Work]


@pytest.fixture
def make_work(tmp_path: Path) -> MakeWork:
    store = FolderStore(tmp_path / "case")

    def make(*areas: str, mode: Mode = Mode.REHEARSAL, revision: str = "a" * 12, profiles: Answer = Answer.YES) -> Work:
        case = Case(case_id="rehearsal-harbor", mode=mode, opened_at=AWARE, opened_by_run="command line")
        incident = IncidentFacts(
            what_happened="A bug served a private area to strangers",
            platform="Discourse",
            provider="Example Hosting",
            learned_how=LearnedHow.MEMBER,
            aware_at=AWARE,
            cause=Cause.PLATFORM,
            certainty=Certainty.CONFIRMED,
            ongoing=Ongoing.YES,
            areas=areas,
            span_known=True,
            leak_from=datetime(2026, 10, 20, 6, tzinfo=UTC),
            leak_until=AWARE,
            profiles_exposed=profiles,
            roster_export="members.csv",
            organisation=Organisation(
                name="Harbor", established_in="DE", role=Role.CONTROLLER, turnover_over_aud_3m=Answer.NO
            ),
            lead="mara",
            platform_connection="discourse/harbor",
        )
        facts = Facts(revision=1, recorded_at=AWARE, recorded_by="mara", source="form", incident=incident)
        return Work(store=store, case=case, facts=facts, revision=revision)

    return make
