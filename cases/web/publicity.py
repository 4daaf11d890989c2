"""Pages of the publicity."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases import step_pages
from cases.enums import Distance
from cases.forms.publicity import (
    AnswerObjectionForm,
    LossForm,
    NoticePhotoForm,
    ObjectionForm,
    PostingForm,
    RestoringForm,
)
from cases.services import publicity as services
from cases.web.acting import act_form, sent, tiles
from common.templatetags.sunlight import date_short
from organizations.doors import ActorRequest, page
from organizations.enums import Permission

PAGE = "cases:publicity"


def photo_forms(refused: NoticePhotoForm | None = None) -> list[tuple[str, NoticePhotoForm]]:
    """One form for the near and one for the far photograph; the refused one takes its place."""
    forms_of = {value: NoticePhotoForm(initial={"distance": value}, auto_id=f"{value}_%s") for value in Distance.values}
    if refused is not None and refused.data.get("distance") in forms_of:
        forms_of[refused.data["distance"]] = refused
    return [(str(Distance(value).label), form) for value, form in forms_of.items()]


def answer_form(objection_id: object, data: Any = None) -> AnswerObjectionForm:
    """The form for the answer to one of several objections."""
    return AnswerObjectionForm(data, initial={"objection_id": objection_id}, auto_id=f"objection{objection_id}_%s")


def show(request: ActorRequest, pk: int, status: int = 200, **bound: Any) -> HttpResponse:
    """The page of the publicity; `bound` gives the form that was refused."""
    data = step_pages.publicity(request.actor, pk)
    answers = [(one, answer_form(one.pk)) for one in data.open_objections]
    context = {
        "page": data,
        "poster": forms.Form(),
        "posting": PostingForm(),
        "photos": photo_forms(bound.pop("photo", None)),
        "loss": LossForm(auto_id="loss_%s"),
        "restoring": RestoringForm(),
        "objection": ObjectionForm(auto_id="raise_%s"),
        "answers": answers,
        "finish": forms.Form(),
        "tiles": tiles(data.case, data.photos, lambda one: one.get_distance_display(), _caption),
    }
    return render(request, "cases/publicity/publicity.html", {**context, **bound}, status=status)


def _caption(photo: Any) -> str:
    return f"{date_short(photo.taken_on)} {photo.taken_by_name}"


@require_GET
@page(Permission.VIEW_CASE)
def publicity(request: ActorRequest, pk: int) -> HttpResponse:
    """Poster, posting, photographs, losses, objections, end."""
    return show(request, pk)


def carry_out(
    request: ActorRequest, pk: int, name: str, form: forms.Form, act: Callable[..., Any], *, done: str, to: str = PAGE
) -> HttpResponse:
    """One of the page's acts with the form's values; refused, the form stands in its place on the page."""
    return act_form(
        request, form, lambda: act(request.actor, pk, **form.cleaned_data, **sent(request)),
        to=to, done=done, again=lambda status: show(request, pk, status, **{name: form}),
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def poster_issue(request: ActorRequest, pk: int) -> HttpResponse:
    """Make the sheet."""
    done = _("公示单已制作。请打印、盖章，交村（社区）张贴。")
    return carry_out(request, pk, "poster", forms.Form(request.POST), services.issue_poster, done=done)


@require_POST
@page(Permission.VIEW_CASE)
def posting(request: ActorRequest, pk: int) -> HttpResponse:
    """The sheet hangs."""
    done = _("张贴已登记。请上传近景和远景照片。")
    return carry_out(request, pk, "posting", PostingForm(request.POST), services.record_posting, done=done)


@require_POST
@page(Permission.VIEW_CASE)
def publicity_photo(request: ActorRequest, pk: int) -> HttpResponse:
    """A photograph, near or far."""
    distance = request.POST.get("distance", "")
    form = NoticePhotoForm(request.POST, request.FILES, auto_id=f"{distance}_%s")

    def act() -> Any:
        values = form.cleaned_data
        return services.add_publicity_photo(
            request.actor, pk, upload=values["file"], distance=values["distance"], taken_on=values["taken_on"],
            **sent(request),
        )  # fmt: skip

    return act_form(
        request, form, act, to=PAGE, done=_("照片已上传。"), again=lambda status: show(request, pk, status, photo=form)
    )


@require_POST
@page(Permission.VIEW_CASE)
def loss(request: ActorRequest, pk: int) -> HttpResponse:
    """The sheet was damaged or lost."""
    form = LossForm(request.POST, auto_id="loss_%s")
    done = _("损毁已登记。请尽快恢复张贴，并登记恢复日期。")
    return carry_out(request, pk, "loss", form, services.record_loss, done=done)


@require_POST
@page(Permission.VIEW_CASE)
def restoring(request: ActorRequest, pk: int) -> HttpResponse:
    """The sheet hangs again."""
    done = _("恢复张贴已登记。请再上传一次照片。")
    return carry_out(request, pk, "restoring", RestoringForm(request.POST), services.record_restoring, done=done)


@require_POST
@page(Permission.VIEW_CASE)
def publicity_finish(request: ActorRequest, pk: int) -> HttpResponse:
    """The end of the period."""
    form = forms.Form(request.POST)
    done = _("公示期满，无未答复的异议。")
    return carry_out(request, pk, "finish", form, services.finish_publicity, done=done, to="cases:detail")


@require_POST
@page(Permission.VIEW_CASE)
def objection_add(request: ActorRequest, pk: int) -> HttpResponse:
    """An objection: the case goes back to the survey."""
    form = ObjectionForm(request.POST, auto_id="raise_%s")
    done = _("异议已登记，这一户退回重新调查，已有的签批失效。")
    return carry_out(request, pk, "objection", form, services.raise_objection, done=done)


@require_POST
@page(Permission.VIEW_CASE)
def objection_answer(request: ActorRequest, pk: int) -> HttpResponse:
    """The answer after the new survey."""
    number = request.POST.get("objection_id", "")
    form = answer_form(number, request.POST)

    def again(status: int) -> HttpResponse:
        unanswered = step_pages.publicity(request.actor, pk).open_objections
        answers = [(one, form if str(one.pk) == number else answer_form(one.pk)) for one in unanswered]
        return show(request, pk, status, answers=answers)

    return act_form(
        request, form, lambda: services.answer_objection(request.actor, pk, **form.cleaned_data, **sent(request)),
        to=PAGE, done=_("异议已答复。"), again=again,
    )  # fmt: skip


urlpatterns = [
    path("<int:pk>/publicity/", publicity, name="publicity"),
    path("<int:pk>/poster-issue/", poster_issue, name="poster-issue"),
    path("<int:pk>/posting/", posting, name="posting"),
    path("<int:pk>/publicity-photo/", publicity_photo, name="publicity-photo"),
    path("<int:pk>/loss/", loss, name="loss"),
    path("<int:pk>/restoring/", restoring, name="restoring"),
    path("<int:pk>/publicity-finish/", publicity_finish, name="publicity-finish"),
    path("<int:pk>/objection-add/", objection_add, name="objection-add"),
    path("<int:pk>/objection-answer/", objection_answer, name="objection-answer"),
]
