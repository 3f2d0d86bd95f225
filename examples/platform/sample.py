"""How the sample community's forum looks when the imitation starts for the first time."""

from examples.platform.state import Category, Site, Topic

SETTINGS = {
    "title": "Harbor",
    "login_required": "false",
    "global_notice": "",
    "prevent_anons_from_downloading_files": "false",
}


def sample_site() -> Site:
    """Four areas open to everybody, the crew's private night watch among them: that is the platform's bug."""
    return Site(
        categories=[
            Category(id=4, slug="harbor-lounge", name="Harbor lounge", color="0088CC", text_color="FFFFFF"),
            Category(
                id=5, slug="boat-talk", name="Boat talk", color="3AB54A", text_color="FFFFFF", allowed_tags=["hulls"]
            ),
            Category(id=6, slug="announcements", name="Announcements", color="BF1E2E", text_color="FFFFFF"),
            Category(id=7, slug="night-watch", name="Night watch", color="25AAE2", text_color="FFFFFF"),
        ],
        settings=dict(SETTINGS),
        topics=[Topic(id=1, title="Welcome aboard the harbor", raw="Say hello to the crew.", category_id=4)],
    )
