"""Pages of 民主评议, and of opening it where the procedure does not demand it of every case."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import appraisal_page
from cases.access import require
from cases.flow import MOVES
from cases.forms.appraisal import (
    AppraisalForm,
    AppraisalPhotoForm,
    OptionalForm,
    SeatFormSet,
    SignedForm,
    appraisal_data,
    seat_row,
)
from cases.forms.typed import query_dict, typed, typed_rows
from cases.services import appraisal as services
from cases.web.acting import act_form, draft_saved, sent, tiles
from common import drafts
from organizations.doors import ActorRequest, page
from organizations.enums import Permission

PAGE = "cases:appraisal"
RECORDED = ("held_on", "place", "chaired_by", "assisted_by", "minutes", "signer_name", "signer_post")


def draft_key(case_id: int) -> str:
    """Under which the person's draft of an appraisal is kept."""
    return f"appraisal-{case_id}"


def show(request: ActorRequest, pk: int, status: int = 200, **bound: Any) -> HttpResponse:
    """The page of the appraisal; `bound` gives the form that was refused."""
    data = appraisal_page.appraisal(request.actor, pk)
    draft = drafts.load_draft(request.actor, draft_key(pk)) if "form" not in bound else None
    context = {
        "page": data,
        "signed": SignedForm(),
        "photo": AppraisalPhotoForm(),
        "done": forms.Form(),
        "saved_at": draft.saved_at if draft else "",
        "tiles": tiles(data.case, data.photos, lambda one: one.caption or _("评议照片"), lambda _one: ""),
        "draft_key": draft_key(pk),
    }
    if "form" not in bound:
        context |= _forms(data, query_dict(draft.data)) if draft else _forms(data)
    return render(request, "cases/appraisal/appraisal.html", {**context, **bound}, status=status)


def _forms(data: appraisal_page.AppraisalPage, kept: Any = None, extra: int = 1) -> dict[str, Any]:
    """The form of the appraisal: as kept, else as recorded, else empty."""
    initial: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    if kept is not None:
        initial = typed(AppraisalForm(signer_hint=""), kept)
        rows = typed_rows(SeatFormSet, kept, "seats")
    elif data.meeting:
        initial = {name: getattr(data.meeting.row, name) for name in RECORDED}
        rows = [seat_row(one) for one in data.meeting.seats]
    group = SeatFormSet(prefix="seats", initial=rows)
    group.extra = extra if rows else SeatFormSet.extra
    return {"form": AppraisalForm(initial=initial, signer_hint=data.signer_hint), "seats": group}


@require_http_methods(["GET", "POST"])
@page(Permission.VIEW_CASE)
def appraisal(request: ActorRequest, pk: int) -> HttpResponse:
    """The record of the meeting, and what follows it: signed form, photographs, end."""
    if request.method == "GET":
        return show(request, pk)
    data = appraisal_page.appraisal(request.actor, pk)
    if "add_seats" in request.POST:
        return show(request, pk, **_forms(data, request.POST, extra=2), saved_at="")
    if request.POST.get("act") == "draft":
        return draft_saved(request, draft_key(pk), PAGE, pk)
    form = AppraisalForm(request.POST, signer_hint=data.signer_hint)
    group = SeatFormSet(request.POST, prefix="seats")

    def act() -> Any:
        case = services.record_appraisal(request.actor, pk, data=appraisal_data(form, group), **sent(request))
        drafts.drop_draft(request.actor, draft_key(pk))
        return case

    return act_form(
        request, form, act, others=[group], to=PAGE, done=_("评议记录已保存。接下来：打印、签字，上传签过字的评议表和照片。"),
        again=lambda status: show(request, pk, status, form=form, seats=group),
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def appraisal_sign(request: ActorRequest, pk: int) -> HttpResponse:
    """The form signed by those who came and by the village."""
    form = SignedForm(request.POST, request.FILES)
    return act_form(
        request, form, lambda: services.sign_appraisal(request.actor, pk, **form.cleaned_data, **sent(request)),
        to=PAGE, done=_("签过字的民主评议表已上传。"), again=lambda status: show(request, pk, status, signed=form),
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def appraisal_photo(request: ActorRequest, pk: int) -> HttpResponse:
    """A photograph of the meeting."""
    form = AppraisalPhotoForm(request.POST, request.FILES)

    def act() -> Any:
        values = form.cleaned_data
        return services.add_appraisal_photo(
            request.actor, pk, upload=values["file"], caption=values["caption"], **sent(request)
        )

    return act_form(
        request, form, act, to=PAGE, done=_("照片已上传。"), again=lambda status: show(request, pk, status, photo=form)
    )


@require_POST
@page(Permission.VIEW_CASE)
def appraisal_finish(request: ActorRequest, pk: int) -> HttpResponse:
    """The end of the appraisal."""
    form = forms.Form(request.POST)
    return act_form(
        request, form, lambda: services.finish_appraisal(request.actor, pk, **sent(request)),
        to="cases:detail", done=_("民主评议已完成。"), again=lambda status: show(request, pk, status, done=form),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.APPRAISE_CASE)
def optional(request: ActorRequest, pk: int) -> HttpResponse:
    """Open a stage that not every case goes through, with the reason."""
    data = appraisal_page.optional(request.actor, pk)
    require(request.actor, data.case, MOVES["open_optional"])
    form = OptionalForm(request.POST if request.method == "POST" else None, stages=data.stages)

    def show_form(status: int = 200) -> HttpResponse:
        return render(request, "cases/appraisal/optional.html", {"page": data, "form": form}, status=status)

    if request.method == "GET":
        return show_form()
    return act_form(
        request, form, lambda: services.open_optional(request.actor, pk, **form.cleaned_data, **sent(request)),
        to="cases:detail", done=_("环节已加办，后面的环节等它办完。"), again=show_form,
    )  # fmt: skip


urlpatterns = [
    path("<int:pk>/appraisal/", appraisal, name="appraisal"),
    path("<int:pk>/appraisal-sign/", appraisal_sign, name="appraisal-sign"),
    path("<int:pk>/appraisal-photo/", appraisal_photo, name="appraisal-photo"),
    path("<int:pk>/appraisal-finish/", appraisal_finish, name="appraisal-finish"),
    path("<int:pk>/optional/", optional, name="optional"),
]
