"""What the layout of every page needs."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from organizations.enums import Permission


def shell(request: Any) -> dict[str, Any]:
    """Navigation, the posts one may choose, watermark, marks of a demonstration database."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.user_id is None:
        return {"demo": settings.DEMO, "now": clock.now()}
    path = request.path
    entries = [(_("工作台"), reverse("workbench")), (_("规则"), reverse("policies:in-force"))]
    if actor.holds(Permission.VIEW_CASE):
        entries.insert(1, (_("个案"), reverse("cases:list")))
        entries.insert(2, (_("超期"), reverse("cases:late")))
    if actor.holds(Permission.SIGN_CASE):
        entries.insert(1, (_("签批台"), reverse("cases:sign-desk")))
    if actor.holds(Permission.FILE_RESULTS) or actor.holds(Permission.RECEIVE_FILING):
        entries.insert(3, (_("备案"), reverse("cases:filing")))
    if actor.holds(Permission.ANSWER_CHECK):
        entries.insert(1, (_("核对"), reverse("cases:checks")))
    if actor.holds(Permission.MANAGE_ORGANIZATION):
        entries.append((_("管理"), reverse("organizations:areas")))
    if actor.holds(Permission.MANAGE_SECURITY):
        entries.append((_("账号安全"), reverse("organizations:locked")))
    here = max((url for _label, url in entries if path.startswith(url)), key=len, default="")
    return {
        "actor": actor,
        "nav": [{"label": label, "url": url, "current": url == here} for label, url in entries],
        "search_url": reverse("cases:search") if actor.holds(Permission.VIEW_CASE) else "",
        "posts": request.posts,
        "demo": settings.DEMO,
        "now": clock.now(),
    }
