"""The JSON bodies of the imitated site, in Discourse's shapes."""

from examples.platform.state import GROUPS, Category, Site, Topic

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

USERS_PER_PAGE = 100


def category_list(site: Site, *, staff: bool, nested: bool) -> Json:
    """GET /categories.json: what the reader may see, subcategories inside their parents when asked for."""
    seen = [one for one in site.categories if staff or one.open_to_all]
    top = [one for one in seen if one.parent_category_id is None]
    listed: list[Json] = []
    for one in top:
        page = _category(one, site) | _counts(one, site)
        page["subcategory_ids"] = [sub.id for sub in seen if sub.parent_category_id == one.id]
        if nested:
            page["subcategory_list"] = [
                {**_category(sub, site), **_counts(sub, site)} for sub in seen if sub.parent_category_id == one.id
            ]
        listed.append(page)
    return {"category_list": {"can_create_category": staff, "can_create_topic": staff, "categories": listed}}


def topic_list(site: Site, category: Category, *, staff: bool) -> Json:
    """GET /c/{slug}/{id}.json."""
    topics: list[Json] = [_topic(topic) for topic in site.topics if topic.category_id == category.id]
    return {"topic_list": {"can_create_topic": staff, "per_page": 30, "topics": topics}}


def category_details(site: Site, category: Category, *, staff: bool) -> Json:
    """GET /c/{id}/show.json; permissions only for staff."""
    page = _category(category, site) | _details()
    if staff:
        rows = category.permissions or {"everyone": 1}
        page["group_permissions"] = [
            {"permission_type": kind, "group_name": group, "group_id": GROUPS[group]} for group, kind in rows.items()
        ]
        page["allowed_tags"] = list(category.allowed_tags)
        page["allowed_tag_groups"] = []
    return {"category": page}


def users(listed: list[dict[str, str]], page: int, *, show_emails: bool) -> Json:
    """GET /admin/users/list/{flag}.json: 100 a page, addresses only when asked for."""
    start = (page - 1) * USERS_PER_PAGE
    return [
        {key: value for key, value in user.items() if show_emails or key not in {"email", "secondary_emails"}}
        for user in listed[start : start + USERS_PER_PAGE]
    ]


def settings(site: Site) -> Json:
    """GET /admin/site_settings.json: every value as a word."""
    return {"site_settings": [{"setting": name, "value": value} for name, value in site.settings.items()]}


def post(topic: Topic) -> Json:
    """The answer to POST /posts.json, as far as anybody reads it."""
    return {"id": topic.id, "topic_id": topic.id, "topic_slug": _slug(topic), "post_number": 1, "raw": topic.raw}


def _category(category: Category, site: Site) -> dict[str, Json]:
    return {
        "id": category.id,
        "name": category.name,
        "color": category.color,
        "text_color": category.text_color,
        "style_type": "square",
        "emoji": None,
        "icon": None,
        "slug": category.slug,
        "topic_count": sum(topic.category_id == category.id for topic in site.topics),
        "post_count": sum(topic.category_id == category.id for topic in site.topics),
        "position": category.id,
        "description": None,
        "description_text": None,
        "description_excerpt": None,
        "topic_url": None,
        "read_restricted": not category.open_to_all,
        "permission": 1,
        "notification_level": 1,
        "can_edit": True,
        "topic_template": None,
        "topic_title_placeholder": None,
        "has_children": any(one.parent_category_id == category.id for one in site.categories),
        "subcategory_count": sum(one.parent_category_id == category.id for one in site.categories),
        "sort_order": None,
        "sort_ascending": None,
        "show_subcategory_list": False,
        "num_featured_topics": 3,
        "default_view": None,
        "subcategory_list_style": "rows_with_featured_topics",
        "default_top_period": "all",
        "default_list_filter": "all",
        "minimum_required_tags": 0,
        "navigate_to_first_post_after_read": False,
        "uploaded_logo": None,
        "uploaded_logo_dark": None,
        "uploaded_background": None,
        "uploaded_background_dark": None,
    }


def _counts(category: Category, site: Site) -> dict[str, Json]:
    total = sum(topic.category_id == category.id for topic in site.topics)
    empty: list[Json] = []
    return {
        "topics_day": 0,
        "topics_week": 0,
        "topics_month": 0,
        "topics_year": total,
        "topics_all_time": total,
        "subcategory_ids": empty,
    }


def _details() -> dict[str, Json]:
    return {
        "custom_fields": {},
        "form_template_ids": [],
        "required_tag_groups": [],
        "read_only_banner": None,
        "available_groups": list(GROUPS),
        "auto_close_hours": None,
        "auto_close_based_on_last_post": False,
        "allow_unlimited_owner_edits_on_first_post": False,
        "default_slow_mode_seconds": None,
        "email_in": None,
        "email_in_allow_strangers": False,
        "mailinglist_mirror": False,
        "all_topics_wiki": False,
        "can_delete": True,
        "allow_badges": True,
        "topic_featured_link_allowed": True,
        "search_priority": 0,
        "topic_posting_review_group_ids": [],
        "reply_posting_review_group_ids": [],
    }


def _topic(topic: Topic) -> dict[str, Json]:
    return {
        "id": topic.id,
        "title": topic.title,
        "slug": _slug(topic),
        "category_id": topic.category_id,
        "pinned": False,
    }


def _slug(topic: Topic) -> str:
    return "-".join(topic.title.lower().split())
