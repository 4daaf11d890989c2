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
    cases = actor.holds(Permission.VIEW_CASE)
    filing = actor.holds(Permission.FILE_RESULTS) or actor.holds(Permission.RECEIVE_FILING)
    rooms = [
        (True, _("工作台"), "workbench"),
        (actor.holds(Permission.ANSWER_CHECK), _("核对"), "cases:checks"),
        (actor.holds(Permission.SIGN_CASE), _("签批台"), "cases:sign-desk"),
        (cases, _("个案"), "cases:list"),
        (actor.holds(Permission.ACCEPT_CASE), _("网上申请"), "cases:online"),
        (cases, _("超期"), "cases:late"),
        (filing, _("备案"), "cases:filing"),
        (True, _("规则"), "policies:in-force"),
        (actor.holds(Permission.MANAGE_ORGANIZATION), _("管理"), "organizations:areas"),
        (actor.holds(Permission.MANAGE_SECURITY), _("账号安全"), "organizations:locked"),
    ]
    entries = [(label, reverse(name)) for may, label, name in rooms if may]
    here = max((url for _label, url in entries if path.startswith(url)), key=len, default="")
    return {
        "actor": actor,
        "nav": [{"label": label, "url": url, "current": url == here} for label, url in entries],
        "search_url": reverse("cases:search") if actor.holds(Permission.VIEW_CASE) else "",
        "posts": request.posts,
        "demo": settings.DEMO,
        "now": clock.now(),
    }
