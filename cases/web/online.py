"""The street's pages of online applications: what waits, one of them, taking it in, returning it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import list_page, online_page
from cases.enums import Channel
from cases.forms import intake as intake_forms
from cases.forms import online as forms
from cases.forms.materials import RevealForm
from cases.models import Case
from cases.services import online as services
from cases.services.reveal import reveal_online
from cases.web.acting import sent
from cases.web.files import WORDS
from cases.web.intake import intake_page
from common.errors import Forbidden, Invalid, NotFound, Refusal
from organizations.doors import ActorRequest, page, refuse
from organizations.enums import Permission


@require_GET
@page(Permission.ACCEPT_CASE)
def waiting(request: ActorRequest) -> HttpResponse:
    """What waits for the street, the oldest first; or what it has answered."""
    answered = request.GET.get("view") == "answered"
    rows = online_page.rows(request.actor, answered=answered)
    return render(request, "cases/online/list.html", {"rows": rows, "answered": answered})


@require_GET
@page(Permission.ACCEPT_CASE)
def detail(request: ActorRequest, online_pk: int) -> HttpResponse:
    """What the resident typed, before it is a case."""
    found = online_page.read(request.actor, online_pk)
    may_reveal = request.actor.can(Permission.REVEAL_PERSONAL, found.online.area_code)
    phone_url = reverse("cases:online-reveal", args=[online_pk, "phone", 0]) if may_reveal else ""
    context = {"found": found, "online": found.online, "phone_url": phone_url}
    return render(request, "cases/online/detail.html", context)


@require_http_methods(["GET", "POST"])
@page(Permission.ACCEPT_CASE)
def take_in(request: ActorRequest, online_pk: int) -> HttpResponse:
    """The window's form over what the resident typed; sent, it is a case."""
    online = online_page.find(request.actor, online_pk)
    villages = list_page.villages(request.actor, Permission.ACCEPT_CASE)
    if request.method == "GET" and online.case_id:
        return redirect("cases:detail", online.case_id)

    def act(intake: intake_forms.Intake) -> Case:
        known: dict[str, Any] = {"channel": Channel.ONLINE, "applied_on": online_page.received_on(online)}
        return services.register_online(
            request.actor, online_pk, application=intake.application(**known), **sent(request)
        )

    return intake_page(
        request, f"online-{online_pk}", villages, None, lambda: forms.of_online(online, villages), act,
        done=_("已登记。核对无误后提交申请，系统会出具申请回执。"), shape=forms.TAKEN_IN, online=online,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.ACCEPT_CASE)
def send_back(request: ActorRequest, online_pk: int) -> HttpResponse:
    """Return an application with a reason that the resident reads."""
    online, form, status = online_page.find(request.actor, online_pk), forms.ReturnForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.return_online(request.actor, online_pk, reason=form.cleaned_data["reason"], **sent(request))
            except (Forbidden, NotFound):
                raise
            except Refusal as refusal:
                refuse(request, form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("已退回。申请人查进度时会看到退回的原因。"))
                return redirect("cases:online")
    return render(request, "cases/online/return.html", {"online": online, "form": form}, status=status)


@require_POST
@page(Permission.ACCEPT_CASE)
def reveal(request: ActorRequest, online_pk: int, what: str, place: int) -> HttpResponse:
    """A full number that the resident typed, after the reason was recorded."""
    if what not in WORDS:
        raise NotFound()
    form = RevealForm(request.POST)
    if not form.is_valid():
        raise Invalid(form.errors["reason"][0], field="reason")
    reason = form.cleaned_data["reason"]
    value = reveal_online(request.actor, online_pk, what=what, row=place, reason=reason)
    context = {
        "online": online_page.find(request.actor, online_pk),
        "label": WORDS[what],
        "value": value,
        "reason": reason,
    }
    response = render(request, "cases/online/revealed.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("online/", waiting, name="online"),
    path("online/<int:online_pk>/", detail, name="online-detail"),
    path("online/<int:online_pk>/register/", take_in, name="online-register"),
    path("online/<int:online_pk>/return/", send_back, name="online-return"),
    path("online/<int:online_pk>/reveal/<str:what>/<int:place>/", reveal, name="online-reveal"),
]
