"""What the imitated site answers to each request, and how its state changes. No sockets here."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from examples.platform import pages
from examples.platform.pages import Json
from examples.platform.state import GROUPS, Category, Site, Topic

Form = dict[str, Json]
UNFROZEN = {"/admin/backups/readonly", "/imitation/limit"}
"""What may be changed while the site is read-only."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request, taken apart."""

    method: str
    path: str
    query: dict[str, str]
    form: Form
    key: str | None
    """The Api-Key that came with it; None: a stranger."""
    username: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body, or a file."""

    status: int
    body: Json = None
    file: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Platform:
    """The site, the one admin key, and what was passed in beside."""

    site: Site
    key: str
    users: list[dict[str, str]] = field(default_factory=list)
    exports: dict[str, bytes] = field(default_factory=dict)

    def answer(self, ask: Ask) -> Answer:
        """One request; the caller keeps the site afterwards."""
        turned_away = self._too_much(ask) or self._not_allowed(ask)
        if turned_away:
            return turned_away
        for method, pattern, handler in ROUTES:
            found = re.fullmatch(pattern, ask.path)
            if method == ask.method and found:
                return handler(self, ask, *(unquote(part) for part in found.groups()))
        return refused(404, "not_found")

    def _too_much(self, ask: Ask) -> Answer | None:
        site = self.site
        if site.limit_left > 0 and ask.path != "/imitation/limit":
            site.limit_left -= 1
            return refused(429, "rate_limit", extras={"wait_seconds": site.wait_seconds})
        if ask.method == "PUT" and site.hiccup_left > 0:
            site.hiccup_left -= 1
            return refused(503, "unavailable")
        return None

    def _not_allowed(self, ask: Ask) -> Answer | None:
        """A wrong key is refused everywhere; strangers do not see that there are admin pages."""
        changes, admin = ask.method != "GET", ask.path.startswith("/admin/")
        if ask.key is not None:
            if not (hmac.compare_digest(ask.key.encode(), self.key.encode()) and ask.username):
                return refused(403, "invalid_access")
            frozen = self.site.read_only and ask.path not in UNFROZEN
            return refused(503, "read_only") if changes and frozen else None
        if admin:
            return refused(404, "not_found")
        if changes or self.site.settings.get("login_required") == "true":
            return refused(403, "not_logged_in")
        return None


def refused(status: int, error_type: str, *messages: str, extras: dict[str, Json] | None = None) -> Answer:
    """A refusal in Discourse's shape."""
    body: dict[str, Json] = {"errors": [*messages] or [error_type.replace("_", " ")], "error_type": error_type}
    return Answer(status, body | ({"extras": extras} if extras else {}))


def _categories(platform: Platform, ask: Ask) -> Answer:
    nested = ask.query.get("include_subcategories") == "true"
    return Answer(200, pages.category_list(platform.site, staff=ask.key is not None, nested=nested))


def _visible(platform: Platform, ask: Ask, category_id: str) -> Category | Answer:
    category = platform.site.category(int(category_id))
    if category is None:
        return refused(404, "not_found")
    if ask.key is None and not category.open_to_all:
        return refused(403, "invalid_access")
    return category


def _topics(platform: Platform, ask: Ask, slug: str, category_id: str) -> Answer:
    found = _visible(platform, ask, category_id)
    if isinstance(found, Answer):
        return found
    if slug.rsplit("/", 1)[-1] != found.slug:
        return refused(404, "not_found")
    return Answer(200, pages.topic_list(platform.site, found, staff=ask.key is not None))


def _show(platform: Platform, ask: Ask, category_id: str) -> Answer:
    found = _visible(platform, ask, category_id)
    if isinstance(found, Answer):
        return found
    return Answer(200, pages.category_details(platform.site, found, staff=ask.key is not None))


def _update_category(platform: Platform, ask: Ask, category_id: str) -> Answer:
    category = platform.site.category(int(category_id))
    if category is None:
        return refused(404, "not_found")
    for name in ("name", "color", "text_color"):
        if not ask.form.get(name):
            return refused(400, "invalid_parameters", f"param is missing or the value is empty: {name}")
    turned_away = _permit(platform.site, category, ask.form.get("permissions"))
    if turned_away:
        return turned_away
    category.name, category.color = str(ask.form["name"]), str(ask.form["color"])
    category.text_color = str(ask.form["text_color"])
    # As on the real site: allowed tags that are not sent back are gone.
    tags = ask.form.get("allowed_tags")
    category.allowed_tags = [str(tag) for tag in tags] if isinstance(tags, list) else []
    return Answer(200, {"success": "OK", **_body(pages.category_details(platform.site, category, staff=True))})


def _permit(site: Site, category: Category, wanted: Json) -> Answer | None:
    """Replaces the whole set; without one the permissions stay."""
    if not isinstance(wanted, dict):
        return None
    permissions = {group: int(str(kind)) for group, kind in wanted.items() if str(kind) in {"1", "2", "3"}}
    if len(permissions) < len(wanted) or not set(permissions) <= set(GROUPS):
        return refused(422, "invalid_parameters", "No such group or permission.")
    children = [one for one in site.categories if one.parent_category_id == category.id]
    if permissions and "everyone" not in permissions and any(one.open_to_all for one in children):
        return refused(422, "invalid_parameters", "A subcategory is more open than this.")
    category.permissions = permissions
    return None


def _body(page: Json) -> dict[str, Json]:
    return page if isinstance(page, dict) else {}


def _settings(platform: Platform, _ask: Ask) -> Answer:
    return Answer(200, pages.settings(platform.site))


def _change_setting(platform: Platform, ask: Ask, name: str) -> Answer:
    if name not in platform.site.settings:
        return refused(422, "invalid_parameters", "No setting of that name.")
    if name not in ask.form:
        return refused(400, "invalid_parameters", f"param is missing or the value is empty: {name}")
    value = ask.form[name]
    platform.site.settings[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return Answer(200)


def _read_only(platform: Platform, ask: Ask) -> Answer:
    platform.site.read_only = str(ask.form.get("enable")).lower() == "true"
    return Answer(200)


def _users(platform: Platform, ask: Ask, flag: str) -> Answer:
    listed = platform.users if flag in {"active", "new", "all"} else []
    page = ask.query.get("page", "1")
    number = max(int(page), 1) if page.isdigit() else 1
    return Answer(200, pages.users(listed, number, show_emails=ask.query.get("show_emails") == "true"))


def _new_topic(platform: Platform, ask: Ask) -> Answer:
    site, title, raw = platform.site, str(ask.form.get("title", "")), str(ask.form.get("raw", ""))
    category = str(ask.form.get("category", ""))
    external_id = str(ask.form.get("external_id", ""))
    if len(title) < 15 or len(raw) < 20:
        return refused(422, "invalid_parameters", "Title is too short, or body is too short.")
    if external_id and (
        not re.fullmatch(r"[\w-]{1,50}", external_id) or any(topic.external_id == external_id for topic in site.topics)
    ):
        return refused(422, "invalid_parameters", "External ID has already been taken, or is none.")
    if not category.isdigit() or site.category(int(category)) is None:
        return refused(422, "invalid_parameters", "No such category.")
    number = max((topic.id for topic in site.topics), default=0) + 1
    topic = Topic(id=number, title=title, raw=raw, category_id=int(category), external_id=external_id)
    site.topics.append(topic)
    return Answer(200, pages.post(topic))


def _by_external_id(platform: Platform, _ask: Ask, external_id: str) -> Answer:
    for topic in platform.site.topics:
        if topic.external_id == external_id:
            return Answer(301, headers={"Location": f"/t/{topic.id}.json"})
    return refused(404, "not_found")


def _export(platform: Platform, ask: Ask, name: str) -> Answer:
    closed = platform.site.settings.get("prevent_anons_from_downloading_files") == "true"
    if name not in platform.exports or (closed and ask.key is None):
        return refused(404, "not_found")
    return Answer(200, file=platform.exports[name])


def _limit(platform: Platform, ask: Ask) -> Answer:
    """Not Discourse's: tells the imitation to answer the next `count` requests with 429."""
    count, wait = str(ask.form.get("count", "")), str(ask.form.get("wait_seconds", ""))
    if not (count.isdigit() and wait.isdigit()):
        return refused(400, "invalid_parameters")
    platform.site.limit_left, platform.site.wait_seconds = int(count), int(wait)
    return Answer(200)


Handler = Callable[..., Answer]
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", r"/categories\.json", _categories),
    ("GET", r"/c/(\d+)/show\.json", _show),
    ("GET", r"/c/(.+)/(\d+)\.json", _topics),
    ("PUT", r"/categories/(\d+)(?:\.json)?", _update_category),
    ("GET", r"/admin/site_settings(?:\.json)?", _settings),
    ("PUT", r"/admin/site_settings/(\w+)(?:\.json)?", _change_setting),
    ("PUT", r"/admin/backups/readonly(?:\.json)?", _read_only),
    ("GET", r"/admin/users/list/(\w+)\.json", _users),
    ("POST", r"/posts\.json", _new_topic),
    ("GET", r"/t/external_id/([\w-]+)\.json", _by_external_id),
    ("GET", r"/uploads/exports/([\w.-]+\.csv)", _export),
    ("POST", r"/imitation/limit", _limit),
)
