"""Pages of the economic check: the street's, and the check centre's."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import queries, step_pages
from cases.access import allowed
from cases.forms.check import AnswerForm, FindingFormSet, FinishCheckForm, SettleForm
from cases.forms.typed import query_dict, typed, typed_rows
from cases.services import check as services
from cases.web.acting import act_form, draft_saved, says, sent
from common import drafts
from common.errors import Forbidden, NotFound, Refusal
from organizations.doors import ActorRequest, form_key, page, refuse
from organizations.enums import Permission

PAGE, ROWS = "cases:check", 100


def show(request: ActorRequest, pk: int, status: int = 200, **bound: Any) -> HttpResponse:
    """The street's page; `bound` gives the form that was refused."""
    data = step_pages.check(request.actor, pk)
    context = {"page": data, "settle": SettleForm(items=data.items), "finish": FinishCheckForm(), "start": forms.Form()}
    return render(request, "cases/check/check.html", {**context, **bound}, status=status)


@require_GET
@page(Permission.VIEW_CASE)
def check(request: ActorRequest, pk: int) -> HttpResponse:
    """Authorizations, request, report, differences."""
    return show(request, pk)


@require_POST
@page(Permission.VIEW_CASE)
def check_request(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask the check centre."""
    form = forms.Form(request.POST)
    return act_form(
        request, form, lambda: services.request_check(request.actor, pk, **sent(request)),
        to=PAGE, done=_("核对已发起，等核对中心反馈。"), again=lambda status: show(request, pk, status, start=form),
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def settle(request: ActorRequest, pk: int) -> HttpResponse:
    """Which figures count."""
    form = SettleForm(request.POST, items=step_pages.check(request.actor, pk).items)
    return act_form(
        request, form,
        lambda: services.settle_items(request.actor, pk, decided=form.decided(), **sent(request)),
        to=PAGE, done=_("认定数已保存。"), again=lambda status: show(request, pk, status, settle=form),
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def check_finish(request: ActorRequest, pk: int) -> HttpResponse:
    """The end of the check."""
    form = FinishCheckForm(request.POST)
    return act_form(
        request, form,
        lambda: services.finish_check(request.actor, pk, reason=form.cleaned_data["reason"], **sent(request)),
        to="cases:detail", done=_("经济核对已完成。"), again=lambda status: show(request, pk, status, finish=form),
    )  # fmt: skip


@require_GET
@page(Permission.ANSWER_CHECK)
def checks(request: ActorRequest) -> HttpResponse:
    """The check centre's requests, the oldest first; `?view=answered` the answered ones."""
    answered = request.GET.get("view") == "answered"
    rows = queries.waiting_checks(request.actor, answered=answered)[:ROWS]
    return render(request, "cases/check/checks.html", {"checks": list(rows), "answered": answered})


def draft_key(check_id: int) -> str:
    """Under which the centre's draft of an answer is kept."""
    return f"check-{check_id}"


def show_answer(
    request: ActorRequest, check_pk: int, status: int = 200, numbers: dict[int, str] | None = None, **bound: Any
) -> HttpResponse:
    """The centre's page of one request; `numbers`: the full identity numbers, where they were opened for this answer."""
    data = step_pages.check_request(request.actor, check_pk, numbers)
    may = allowed(request.actor, data.check.case, "answer_check")
    context = {"page": data, "may": may, "saved_at": "", "draft_key": draft_key(check_pk)}
    if "form" not in bound:
        draft = drafts.load_draft(request.actor, draft_key(check_pk))
        context |= _answer_forms(data, query_dict(draft.data) if draft else None)
        context["saved_at"] = draft.saved_at if draft else ""
    return render(request, "cases/check/answer.html", {**context, **bound}, status=status)


def _answer_forms(data: step_pages.CheckRequest, kept: Any = None, extra: int = 1) -> dict[str, Any]:
    kwargs = {"people": data.people}
    initial = typed(AnswerForm(), kept) if kept is not None else {}
    rows = typed_rows(FindingFormSet, kept, "findings", kwargs) if kept is not None else []
    findings = FindingFormSet(prefix="findings", initial=rows, form_kwargs=kwargs)
    findings.extra = extra
    return {"form": AnswerForm(initial=initial), "findings": findings}


@require_http_methods(["GET", "POST"])
@page(Permission.ANSWER_CHECK)
def check_answer(request: ActorRequest, check_pk: int) -> HttpResponse:
    """One request of the check centre: whom to check, the answer."""
    if request.method == "GET":
        return show_answer(request, check_pk)
    data = step_pages.check_request(request.actor, check_pk)
    if "add_findings" in request.POST:
        return show_answer(request, check_pk, **_answer_forms(data, request.POST, extra=2))
    if request.POST.get("act") == "draft":
        return draft_saved(request, draft_key(check_pk), "cases:check-answer", check_pk)
    return _answer(request, check_pk, data)


@require_POST
@page(Permission.ANSWER_CHECK)
def check_open(request: ActorRequest, check_pk: int) -> HttpResponse:
    """The same page with the full identity numbers, which is recorded; what was typed so far stays."""
    numbers = services.open_request(request.actor, check_pk)
    data = step_pages.check_request(request.actor, check_pk)
    response = show_answer(request, check_pk, numbers=numbers, **_answer_forms(data, request.POST))
    response["Cache-Control"] = "private, no-store"
    return response


def _answer(request: ActorRequest, check_pk: int, data: step_pages.CheckRequest) -> HttpResponse:
    form = AnswerForm(request.POST, request.FILES)
    findings = FindingFormSet(request.POST, prefix="findings", form_kwargs={"people": data.people})
    if not all([form.is_valid(), findings.is_valid()]):
        return show_answer(request, check_pk, 422, form=form, findings=findings)
    report = form.report([one.finding for one in findings if one.finding])
    try:
        services.answer_check(
            request.actor, check_pk, report=report, scan=form.cleaned_data["scan"], key=form_key(request)
        )
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        refuse(request, form, refusal)
        again = show_answer(request, check_pk, refusal.status, form=form, findings=findings)
        if says(again, refusal):
            return again
        return render(request, "error.html", {"refusal": refusal}, status=refusal.status)
    drafts.drop_draft(request.actor, draft_key(check_pk))
    messages.success(request, _("核对报告已反馈给街道，不能再改。请办下一件。"))
    return redirect("cases:checks")


urlpatterns = [
    path("checks/", checks, name="checks"),
    path("checks/<int:check_pk>/", check_answer, name="check-answer"),
    path("checks/<int:check_pk>/open/", check_open, name="check-open"),
    path("<int:pk>/check/", check, name="check"),
    path("<int:pk>/check-request/", check_request, name="check-request"),
    path("<int:pk>/settle/", settle, name="settle"),
    path("<int:pk>/check-finish/", check_finish, name="check-finish"),
]
