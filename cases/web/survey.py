"""Pages of the home visit."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import step_pages
from cases.forms.survey import FoundFormSet, HouseholdSignForm, SurveyForm, SurveyPhotoForm, found_lines
from cases.forms.typed import query_dict, typed, typed_rows
from cases.services import survey as services
from cases.web.acting import act_form, draft_saved, sent, tiles
from common import drafts
from organizations.doors import ActorRequest, page
from organizations.enums import Permission

PAGE = "cases:survey"


def draft_key(case_id: int) -> str:
    """Under which the person's draft of a survey is kept."""
    return f"survey-{case_id}"


def show(request: ActorRequest, pk: int, status: int = 200, **bound: Any) -> HttpResponse:
    """The page of the survey; `bound` gives the form that was refused."""
    data = step_pages.survey(request.actor, pk)
    draft = drafts.load_draft(request.actor, draft_key(pk)) if "form" not in bound else None
    context = {
        "page": data,
        "household": HouseholdSignForm(),
        "photo": SurveyPhotoForm(),
        "done": forms.Form(),
        "saved_at": draft.saved_at if draft else "",
        "tiles": tiles(data.case, data.photos, lambda one: one.caption or _("入户照片"), lambda _one: ""),
        "draft_key": draft_key(pk),
    }
    if "form" not in bound:
        context |= _forms(data, query_dict(draft.data)) if draft else _forms(data)
    return render(request, "cases/survey/survey.html", {**context, **bound}, status=status)


def _forms(data: step_pages.SurveyPage, kept: Any = None, extra: int = 1) -> dict[str, Any]:
    """The form of the survey: as kept, else as recorded, else empty but for what the case already says."""
    arguments: dict[str, Any] = {"people": data.candidates, "items": data.items, "people_hint": data.people_hint}
    if kept is not None:
        initial = typed(SurveyForm(**arguments), kept)
        rows = typed_rows(FoundFormSet, kept, "found")
    else:
        initial, rows = _recorded(data), []
    found = FoundFormSet(prefix="found", initial=rows)
    found.extra = extra
    return {"form": SurveyForm(initial=initial, **arguments), "found": found}


def _recorded(data: step_pages.SurveyPage) -> dict[str, Any]:
    if data.survey is None:
        return {"place": data.case.address}
    names = ("visited_on", "started_at", "ended_at", "place", "helper_name", "members_found", "living", "conclusion")
    return {name: getattr(data.survey, name) for name in names} | {
        "investigators": [one.user_id for one in data.people]
    }


@require_http_methods(["GET", "POST"])
@page(Permission.VIEW_CASE)
def survey(request: ActorRequest, pk: int) -> HttpResponse:
    """The long form, and what follows it: signatures, photographs, end."""
    if request.method == "GET":
        return show(request, pk)
    data = step_pages.survey(request.actor, pk)
    if "add_found" in request.POST:
        return show(request, pk, **_forms(data, request.POST, extra=2), saved_at="")
    if request.POST.get("act") == "draft":
        return draft_saved(request, draft_key(pk), PAGE, pk)
    form = SurveyForm(request.POST, people=data.candidates, items=data.items, people_hint=data.people_hint)
    found = FoundFormSet(request.POST, prefix="found")

    def act() -> Any:
        case = services.record_survey(request.actor, pk, data=form.survey_data(found_lines(found)), **sent(request))
        drafts.drop_draft(request.actor, draft_key(pk))
        return case

    return act_form(
        request, form, act, others=[found], to=PAGE, done=_("调查表已保存。接下来：调查人员各自签字，打印给家庭签字，上传照片。"),
        again=lambda status: show(request, pk, status, form=form, found=found),
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def survey_sign(request: ActorRequest, pk: int) -> HttpResponse:
    """The investigator's own signature."""
    form = forms.Form(request.POST)
    return act_form(
        request, form, lambda: services.sign_survey(request.actor, pk, **sent(request)),
        to=PAGE, done=_("您已在调查表上签字。"), again=lambda status: show(request, pk, status, done=form),
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def survey_sign_household(request: ActorRequest, pk: int) -> HttpResponse:
    """The form signed by the household."""
    form = HouseholdSignForm(request.POST, request.FILES)
    return act_form(
        request, form,
        lambda: services.sign_survey_household(request.actor, pk, **form.cleaned_data, **sent(request)),
        to=PAGE, done=_("家庭签过字的调查表已上传。"), again=lambda status: show(request, pk, status, household=form),
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def survey_photo(request: ActorRequest, pk: int) -> HttpResponse:
    """A photograph of the visit."""
    form = SurveyPhotoForm(request.POST, request.FILES)

    def act() -> Any:
        values = form.cleaned_data
        return services.add_survey_photo(
            request.actor, pk, upload=values["file"], caption=values["caption"], **sent(request)
        )

    return act_form(
        request, form, act, to=PAGE, done=_("照片已上传。"), again=lambda status: show(request, pk, status, photo=form)
    )


@require_POST
@page(Permission.VIEW_CASE)
def survey_print(request: ActorRequest, pk: int) -> HttpResponse:
    """Issue the filled form."""
    form = forms.Form(request.POST)
    return act_form(
        request, form, lambda: services.print_survey_form(request.actor, pk, **sent(request)),
        to=PAGE, done=_("调查表已编号，可以打印。请当面念给家庭听，再请签字。"), again=lambda status: show(request, pk, status, done=form),
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def survey_finish(request: ActorRequest, pk: int) -> HttpResponse:
    """The end of the survey."""
    form = forms.Form(request.POST)
    return act_form(
        request, form, lambda: services.finish_survey(request.actor, pk, **sent(request)),
        to="cases:detail", done=_("入户调查已完成。"), again=lambda status: show(request, pk, status, done=form),
    )  # fmt: skip


urlpatterns = [
    path("<int:pk>/survey/", survey, name="survey"),
    path("<int:pk>/survey-sign/", survey_sign, name="survey-sign"),
    path("<int:pk>/survey-sign-household/", survey_sign_household, name="survey-sign-household"),
    path("<int:pk>/survey-photo/", survey_photo, name="survey-photo"),
    path("<int:pk>/survey-print/", survey_print, name="survey-print"),
    path("<int:pk>/survey-finish/", survey_finish, name="survey-finish"),
]
