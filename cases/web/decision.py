"""Pages of decision, service and start of the benefit."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import step_pages
from cases.access import fetch, require
from cases.flow import MOVES
from cases.forms.decision import DecideForm, ServeForm
from cases.forms.typed import query_dict, typed
from cases.services import decision as services
from cases.web.acting import act_form, draft_saved, sent
from common import drafts
from common.errors import Refusal
from organizations.doors import ActorRequest, page
from organizations.enums import Permission


def draft_key(name: str, case_id: int) -> str:
    """Under which the person's draft is kept."""
    return f"{name}-{case_id}"


def show(
    request: ActorRequest, pk: int, name: str, form_class: type[forms.Form], status: int = 200, form: Any = None
) -> HttpResponse:
    """The page of one of the moves `decide` and `serve`."""
    data = step_pages.decision(request.actor, pk)
    if form is None:
        require(request.actor, data.case, MOVES[name])
    key = draft_key(name, pk)
    draft = drafts.load_draft(request.actor, key) if form is None else None
    if form is None:
        initial = {"received_by": data.case.applicant_name, "receiver_relation": _("本人")}
        form = form_class(initial=typed(form_class(), query_dict(draft.data)) if draft else initial)
    context = {"page": data, "form": form, "saved_at": draft.saved_at if draft else "", "draft_key": key}
    return render(request, f"cases/decision/{name}.html", context | _first_month(data), status=status)


def _first_month(data: step_pages.DecisionPage) -> dict[str, Any]:
    """From which month a benefit would run, or who must record the missing rule."""
    if data.decision or data.assessment is None or not data.assessment.amount:
        return {"from_month": None, "hindrance": None}
    try:
        return {"from_month": services.start_month(data.case), "hindrance": None}
    except Refusal as refusal:
        return {"from_month": None, "hindrance": refusal}


@require_http_methods(["GET", "POST"])
@page(Permission.DECIDE_CASE)
def decide(request: ActorRequest, pk: int) -> HttpResponse:
    """What was signed, by whom; the decision."""
    if request.method == "GET":
        return show(request, pk, "decide", DecideForm)
    if request.POST.get("act") == "draft":
        fetch(request.actor, pk)
        return draft_saved(request, draft_key("decide", pk), "cases:decide", pk)
    form = DecideForm(request.POST)

    def act() -> Any:
        case = services.decide(request.actor, pk, reasons=form.cleaned_data["reasons"], **sent(request))
        drafts.drop_draft(request.actor, draft_key("decide", pk))
        return case

    return act_form(
        request, form, act, to="cases:serve", done=_("决定已作出，审核确认表和通知书已编号。请打印通知书送达。"),
        again=lambda status: show(request, pk, "decide", DecideForm, status, form),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.SERVE_NOTICE)
def serve(request: ActorRequest, pk: int) -> HttpResponse:
    """The notice to print, and its service."""
    if request.method == "GET":
        return show(request, pk, "serve", ServeForm)
    if request.POST.get("act") == "draft":
        fetch(request.actor, pk)
        return draft_saved(request, draft_key("serve", pk), "cases:serve", pk)
    form = ServeForm(request.POST, request.FILES)

    def act() -> Any:
        case = services.serve(request.actor, pk, **form.cleaned_data, **sent(request))
        drafts.drop_draft(request.actor, draft_key("serve", pk))
        return case

    return act_form(
        request, form, act, to="cases:detail", done=_("送达已登记。"),
        again=lambda status: show(request, pk, "serve", ServeForm, status, form),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.DECIDE_CASE)
def start_benefit(request: ActorRequest, pk: int) -> HttpResponse:
    """What begins, from which month; and its beginning."""
    data = step_pages.decision(request.actor, pk)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def show_form(status: int = 200) -> HttpResponse:
        return render(request, "cases/decision/start_benefit.html", {"page": data, "form": form}, status=status)

    if request.method == "GET":
        require(request.actor, data.case, MOVES["start_benefit"])
        return show_form()
    return act_form(
        request, form, lambda: services.start_benefit(request.actor, pk, **sent(request)),
        to="cases:detail", done=_("已起发。"), again=show_form,
    )  # fmt: skip


urlpatterns = [
    path("<int:pk>/decide/", decide, name="decide"),
    path("<int:pk>/serve/", serve, name="serve"),
    path("<int:pk>/start-benefit/", start_benefit, name="start-benefit"),
]
