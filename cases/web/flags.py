"""Answering a mark on a case: why it needs nothing further."""

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cases import access
from cases.models import Case
from cases.services import engine
from cases.web.acting import act_form
from cases.web.detail import show
from common.errors import NotFound
from organizations.doors import ActorRequest, form_key, page
from organizations.enums import Permission
from policies.services import flags as services


class AnswerForm(forms.Form):
    """The reason, which stays with the mark."""

    reason = forms.CharField(label=gettext_lazy("情况说明"), max_length=300)


@require_POST
@page(Permission.VIEW_CASE)
def answer(request: ActorRequest, pk: int, flag_pk: int) -> HttpResponse:
    """Say why a mark needs nothing further."""
    case = access.fetch(request.actor, pk)
    if not services.flags_of(case).filter(pk=flag_pk).exists():
        raise NotFound()
    form = AnswerForm(request.POST)

    def act() -> Case:
        services.dismiss_flag(
            request.actor,
            flag_pk,
            reason=form.cleaned_data["reason"],
            subject=engine.subject(case),
            key=form_key(request),
        )
        return case

    return act_form(
        request, form, act, done=_("情况说明已登记，标记和说明都会保留。"), to="cases:detail",
        again=lambda status: show(request, pk, status=status, flag_form=(flag_pk, form)),
    )  # fmt: skip


urlpatterns = [path("<int:pk>/flags/<int:flag_pk>/", answer, name="flag-answer")]
