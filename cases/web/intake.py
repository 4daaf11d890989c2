"""Registering an application, amending it, handing it in, taking it back, ending it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import case_page, list_page
from cases.forms import intake as forms
from cases.forms.typed import query_dict
from cases.models import Case, OnlineApplication
from cases.services import intake as services
from cases.services import materials as material_services
from cases.web.acting import FORM_ONLY, act_button, act_form, finished, sent
from common import drafts
from common.errors import Forbidden, NotFound, Refusal
from journal.services import record_refusal
from organizations.doors import ActorRequest, form_key, page, refuse
from organizations.enums import Permission

NEW = "intake"


@require_http_methods(["GET", "POST"])
@page(Permission.REGISTER_APPLICATION)
def register(request: ActorRequest) -> HttpResponse:
    """One form for the whole application; what is typed is kept as a draft."""
    villages = list_page.villages(request.actor, Permission.REGISTER_APPLICATION)

    def act(intake: forms.Intake) -> Case:
        return services.register(request.actor, application=intake.application(), key=form_key(request))

    agent = None if request.actor.holds(Permission.ACCEPT_CASE) else request.actor
    return intake_page(
        request, NEW, villages, None, lambda: forms.empty(villages, agent), act,
        done=_("已登记。核对无误后提交申请，系统会出具申请回执。"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.REGISTER_APPLICATION)
def amend(request: ActorRequest, pk: int) -> HttpResponse:
    """The same form over what the case says, while it has not been accepted."""
    case = case_page.case_for(request.actor, pk, "amend")

    def act(intake: forms.Intake) -> Case:
        return services.amend(request.actor, pk, application=intake.application(case), **sent(request))

    return intake_page(
        request,
        f"amend-{pk}",
        [],
        case,
        lambda: forms.of_case(case, *case_page.declared(case)),
        act,
        done=_("申报已修改。"),
    )


def intake_page(
    request: ActorRequest, draft_key: str, villages: list[tuple[str, str]], case: Case | None,
    fresh: Callable[[], forms.Intake], act: Callable[[forms.Intake], Case], *, done: str,
    shape: forms.Shape = forms.WINDOW, online: OnlineApplication | None = None,
) -> HttpResponse:  # fmt: skip
    """The form of an application, over nothing, over a case, or over what a resident typed (`online`), with its draft."""
    shown = {"case": case, "online": online, "draft_key": draft_key, "saved_at": ""}
    if request.method == "GET":
        draft = drafts.load_draft(request.actor, draft_key)
        intake = forms.of_draft(query_dict(draft.data), villages, case, shape) if draft else fresh()
        return _show(request, intake, shown | {"saved_at": f"{draft.saved_at:%m-%d %H:%M}" if draft else ""})
    if request.POST.get("act") == "draft":
        return _keep(request, draft_key)
    if request.POST.get("act") == "discard":
        drafts.drop_draft(request.actor, draft_key)
        return redirect(request.path)
    if forms.asked_for(request.POST):
        return _show(request, forms.as_typed(request.POST, villages, case, shape), shown)
    intake = forms.sent(request.POST, villages, case, shape)
    valid = [each.is_valid() for each in intake.all]
    if not all(valid):
        return _show(request, intake, shown, 422)
    try:
        registered = act(intake)
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        if intake.refuse(refusal):
            record_refusal(request.actor, refusal, request.resolver_match.view_name if request.resolver_match else "")
        else:
            refuse(request, intake.form, refusal)
        return _show(request, intake, shown, refusal.status)
    drafts.drop_draft(request.actor, draft_key)
    return finished(request, registered, done, "cases:detail")


def _show(request: ActorRequest, intake: forms.Intake, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "cases/intake/form.html", context | {"intake": intake, **_rows(intake)}, status=status)


def _rows(intake: forms.Intake) -> dict[str, Any]:
    return {prefix: intake.items[kind] for kind, prefix in forms.ITEM_PREFIXES.items()}


def _keep(request: ActorRequest, draft_key: str) -> HttpResponse:
    drafts.save_draft(request.actor, draft_key, _lists(request.POST))
    messages.success(request, _("草稿已保存，可以先离开。回到这一页接着填。"))
    return redirect(request.path)


def _lists(data: QueryDict) -> dict[str, list[str]]:
    return {name: data.getlist(name) for name in data if name not in FORM_ONLY}


@require_POST
@page(Permission.VIEW_CASE)
def submit(request: ActorRequest, pk: int) -> HttpResponse:
    """Hand the application in."""
    return act_button(
        request, pk, lambda: services.submit(request.actor, pk, **sent(request)),
        _("申请已提交，申请回执已编号，请打印交给申请人。"),
    )  # fmt: skip


def _reason_page(
    request: ActorRequest, pk: int, move: str, form: Form, act: Callable[[], Case], context: dict[str, Any], done: str
) -> HttpResponse:
    """A page with the reason for leaving the way forward."""
    case = case_page.case_for(request.actor, pk, move)

    def show(status: int = 200) -> HttpResponse:
        return render(request, "cases/intake/reason.html", {"case": case, "form": form, **context}, status=status)

    if request.method == "GET":
        return show()
    return act_form(request, form, act, again=show, done=done, to="cases:detail")


@require_http_methods(["GET", "POST"])
@page(Permission.VIEW_CASE)
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """The applicant takes the application back."""
    form = forms.ReasonForm(request.POST or None)
    context = {
        "title": _("登记撤回"),
        "says": _("申请人撤回后，这一户的办理结束，记录保留。以后可以重新申请。"),
        "action": _("登记撤回"),
    }
    return _reason_page(
        request, pk, "withdraw", form,
        lambda: services.withdraw(request.actor, pk, reason=form.cleaned_data["reason"], **sent(request)),
        context, _("已登记撤回。"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.VIEW_CASE)
def terminate(request: ActorRequest, pk: int) -> HttpResponse:
    """End a case whose household refuses survey or authorization."""
    form = forms.ReasonForm(request.POST or None)
    context = {
        "title": _("终止办理"),
        "says": _("只用于申请人不配合入户调查、不签署核对授权的情形。请写明事实。"),
        "action": _("终止办理"),
    }
    return _reason_page(
        request, pk, "terminate", form,
        lambda: services.terminate(request.actor, pk, reason=form.cleaned_data["reason"], **sent(request)),
        context, _("已终止办理。"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.VIEW_CASE)
def refuse_acceptance(request: ActorRequest, pk: int) -> HttpResponse:
    """Refuse acceptance, with a legal reason and its basis."""
    form = forms.AcceptanceRefusalForm(request.POST or None)
    context = {
        "title": _("不予受理"),
        "says": _("系统会出具不予受理告知书，写明理由和依据，交给申请人。"),
        "action": _("不予受理并出具告知书"),
    }
    return _reason_page(
        request, pk, "refuse_acceptance", form,
        lambda: material_services.refuse_acceptance(request.actor, pk, **form.cleaned_data, **sent(request)),
        context, _("已出具不予受理告知书。"),
    )  # fmt: skip


urlpatterns = [
    path("new/", register, name="register"),
    path("<int:pk>/amend/", amend, name="amend"),
    path("<int:pk>/submit/", submit, name="submit"),
    path("<int:pk>/withdraw/", withdraw, name="withdraw"),
    path("<int:pk>/terminate/", terminate, name="terminate"),
    path("<int:pk>/refuse-acceptance/", refuse_acceptance, name="refuse-acceptance"),
]
