"""Pages of the initial review, and of sending a case back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import step_pages
from cases.access import fetch, require
from cases.flow import MOVES
from cases.forms.review import OpinionForm, SendBackForm
from cases.forms.typed import query_dict, typed
from cases.models import Case
from cases.services import review as services
from cases.web.acting import act_form, draft_saved, sent
from common import clock, drafts
from common.errors import Refusal
from organizations.doors import ActorRequest, page
from organizations.enums import Permission


def draft_key(case_id: int) -> str:
    """Under which the person's draft of an opinion is kept."""
    return f"review-{case_id}"


def calculation(case: Case) -> dict[str, Any]:
    """The sheet as it would come out today, or the refusal that names who must record what is missing."""
    try:
        sheet, used = services.preview(case, clock.today())
    except Refusal as refusal:
        return {"sheet": None, "used": [], "hindrance": refusal}
    return {"sheet": sheet, "used": used, "hindrance": None}


def show(request: ActorRequest, pk: int, status: int = 200, form: OpinionForm | None = None) -> HttpResponse:
    """The page of the review."""
    data = step_pages.review(request.actor, pk)
    if form is None:
        require(request.actor, data.case, MOVES["give_opinion"])
    draft = drafts.load_draft(request.actor, draft_key(pk)) if form is None else None
    if form is None:
        form = OpinionForm(initial=typed(OpinionForm(), query_dict(draft.data)) if draft else None)
    context = {"page": data, "form": form, "saved_at": draft.saved_at if draft else "", "draft_key": draft_key(pk)}
    return render(request, "cases/review/review.html", {**context, **calculation(data.case)}, status=status)


@require_http_methods(["GET", "POST"])
@page(Permission.REVIEW_CASE)
def review(request: ActorRequest, pk: int) -> HttpResponse:
    """Calculation and opinion."""
    if request.method == "GET":
        return show(request, pk)
    if request.POST.get("act") == "draft":
        fetch(request.actor, pk)
        return draft_saved(request, draft_key(pk), "cases:review", pk)
    form = OpinionForm(request.POST)

    def act() -> Any:
        case = services.give_opinion(request.actor, pk, **form.cleaned_data, **sent(request))
        drafts.drop_draft(request.actor, draft_key(pk))
        return case

    return act_form(
        request, form, act, to="cases:detail", done=_("初审意见已提出，核算单已固定。"),
        again=lambda status: show(request, pk, status, form),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.REVIEW_CASE)
def send_back(request: ActorRequest, pk: int) -> HttpResponse:
    """Back to an earlier stage, with the reason."""
    data = step_pages.review(request.actor, pk)
    require(request.actor, data.case, MOVES["send_back"])
    form = SendBackForm(request.POST if request.method == "POST" else None, stages=data.stages)

    def show_form(status: int = 200) -> HttpResponse:
        return render(request, "cases/review/send_back.html", {"page": data, "form": form}, status=status)

    if request.method == "GET":
        return show_form()
    return act_form(
        request, form, lambda: services.send_back(request.actor, pk, **form.cleaned_data, **sent(request)),
        to="cases:detail", done=_("已退回，后面的环节要依次重办。"), again=show_form,
    )  # fmt: skip


urlpatterns = [
    path("<int:pk>/review/", review, name="review"),
    path("<int:pk>/send-back/", send_back, name="send-back"),
]
