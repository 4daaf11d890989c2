"""The list of cases, and its search."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from cases import list_page, queries
from cases.enums import Step
from common.crypto import token, untoken
from common.ids import mask_id
from organizations.doors import ActorRequest, page
from organizations.enums import Permission

SEARCH = "cases.search"
LONGEST_SEARCH = 60
VIEW_NAMES: dict[str, Any] = {
    "open": _("在办"),
    "mine": _("我经办"),
    "late": _("超期"),
    "due": _("三天内到期"),
    "publicity": _("公示中"),
    "sign_off": _("待签批"),
    "confirmed": _("在享"),
    "ended": _("未获救助已结"),
    "all": _("全部"),
}
LONG_NUMBER = 8


@require_GET
@page(Permission.VIEW_CASE)
def case_list(request: ActorRequest) -> HttpResponse:
    """The cases the actor may see: saved views, filters, search, keyset paging."""
    sealed = request.GET.get("q", "")
    filters = queries.Filters(
        view=request.GET.get("view", "") or "open",
        village=request.GET.get("village", ""),
        step=request.GET.get("step", ""),
        search=untoken(sealed, SEARCH) if sealed else "",
        cursor=request.GET.get("after", ""),
    )
    found = queries.case_list(request.actor, filters)
    counts = queries.view_counts(request.actor, filters=filters)
    kept = {
        "view": filters.view,
        "village": filters.village,
        "step": filters.step,
        "q": sealed if filters.search else "",
    }
    context = {
        "rows": list_page.rows(request.actor, found.cases),
        "count": counts["found"],
        "views": [
            {"label": label, "count": counts[name], "url": _address({"view": name}), "current": name == filters.view}
            for name, label in VIEW_NAMES.items()
        ],
        "filters": filters,
        "kept": kept,
        "looked_for": shown(filters.search),
        "without_search": _address(kept | {"q": ""}),
        "villages": list_page.villages(request.actor, Permission.VIEW_CASE),
        "steps": Step.choices,
        "may_register": request.actor.holds(Permission.REGISTER_APPLICATION),
        "page": {
            "shown": _("本页 %(n)d 件") % {"n": len(found.cases)},
            "newer_url": _address(kept | {"after": found.newer}) if found.newer else "",
            "older_url": _address(kept | {"after": found.older}) if found.older else "",
        },
    }
    return render(request, "cases/list.html", context)


def _address(values: dict[str, str]) -> str:
    kept = {name: value for name, value in values.items() if value}
    return f"{reverse('cases:list')}?{urlencode(kept)}"


def shown(search: str) -> str:
    """What was searched for, as the page may repeat it: a long number only masked."""
    digits = sum(character.isdigit() for character in search)
    return mask_id(search) if digits >= LONG_NUMBER and search.isascii() and search.isalnum() else search


@require_http_methods(["GET", "POST"])
@page(Permission.VIEW_CASE)
def search(request: ActorRequest) -> HttpResponse:
    """A search goes by POST and comes back as a sealed token: no name or number ever stands in an address."""
    text = request.POST.get("q", "").strip()[:LONGEST_SEARCH]
    return redirect(_address({"view": "all", "q": token(text, SEARCH)} if text else {}))


urlpatterns = [
    path("", case_list, name="list"),
    path("search/", search, name="search"),
]
