"""What is late and why, and the page on which an excuse is recorded."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from cases import late_page
from cases.access import fetch, require
from cases.case_clock import badge
from cases.flow import LIMIT_TITLES, MOVES
from cases.forms.late import ExcuseForm
from cases.services.excuses import record_excuse
from cases.web.acting import act_form, sent
from common import clock
from organizations.doors import ActorRequest, page
from organizations.enums import Permission

VIEWS = (
    ("", gettext_lazy("全部")),
    ("late", gettext_lazy("已超期")),
    ("unexcused", gettext_lazy("没有登记原因")),
    ("soon", gettext_lazy("三天内到期")),
)
LONGEST = 18
"""Digits of a number that the database can hold."""


@require_GET
@page(Permission.VIEW_CASE)
def late(request: ActorRequest) -> HttpResponse:
    """Every limit in the actor's areas that is late or nearly: which, since when, whom it waits for, what excuses it."""
    wanted = late_page.Wanted(*(request.GET.get(name, "") for name in ("view", "office", "step", "after")))
    found = late_page.late_limits(request.actor, wanted)
    kept = {"view": wanted.view, "office": wanted.office, "step": wanted.step}
    numbers = {
        "": found.late + found.soon, "late": found.late, "unexcused": found.unexcused, "soon": found.soon,
    }  # fmt: skip
    context = {
        "found": found,
        "wanted": wanted,
        "views": [
            {
                "label": label,
                "count": numbers[name],
                "url": _address(kept | {"view": name}),
                "current": name == wanted.view,
            }
            for name, label in VIEWS
        ],
        "streets": [(street, _address(kept | {"office": str(street.number)})) for street in found.streets],
        "steps": late_page.steps_with_limits(),
        "page": {
            "shown": _("本页 %(n)d 条") % {"n": len(found.rows)},
            "first_url": _address(kept) if wanted.after else "",
            "next_url": _address(kept | {"after": found.older}) if found.older else "",
        },
    }
    return render(request, "cases/late.html", context)


def _address(values: dict[str, str]) -> str:
    kept = {name: value for name, value in values.items() if value}
    return f"{reverse('cases:late')}?{urlencode(kept)}" if kept else reverse("cases:late")


@require_http_methods(["GET", "POST"])
@page(Permission.ACCEPT_CASE)
def excuse(request: ActorRequest, pk: int) -> HttpResponse:
    """Record why a limit of the case was missed (`?limit=` its number); the clock goes on."""
    require(request.actor, fetch(request.actor, pk), MOVES["record_excuse"])
    number = request.GET.get("limit", "")
    data = late_page.excuse_page(request.actor, pk, int(number) if number.isdecimal() and len(number) < LONGEST else 0)
    form = ExcuseForm(request.POST if request.method == "POST" else None)

    def show_form(status: int = 200) -> HttpResponse:
        context = {
            "page": data,
            "form": form,
            "title": LIMIT_TITLES[data.limit.parameter],
            "badge": badge(data.limit.due_on, data.limit.flag_on, clock.today()),
        }
        return render(request, "cases/excuse.html", context, status=status)

    if request.method == "GET":
        return show_form()
    return act_form(
        request, form, lambda: record_excuse(request.actor, pk, limit_id=data.limit.pk, **form.cleaned_data, **sent(request)),
        to="cases:detail", done=_("超期原因已登记，时限照常计算。"), again=show_form,
    )  # fmt: skip


urlpatterns = [
    path("late/", late, name="late"),
    path("<int:pk>/excuse/", excuse, name="excuse"),
]
