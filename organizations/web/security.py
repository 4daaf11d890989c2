"""The security administrator's pages; and the failed tasks, for the system administrator."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from organizations import queries
from organizations.doors import ActorRequest, act_page, is_checked, page
from organizations.enums import Permission
from organizations.forms import LostFactorForm, ReasonForm
from organizations.models import User
from organizations.services import second_factor, sign_in
from organizations.web.places import FORM, MANAGE, form_page

SECURE = Permission.MANAGE_SECURITY


@require_GET
@page(SECURE)
def locked(request: ActorRequest) -> HttpResponse:
    """The accounts locked after five failed sign-ins."""
    return render(request, "organizations/locked.html", {"users": queries.locked_accounts(request.actor)})


@form_page
@page(SECURE)
def unlock(request: ActorRequest, user_id: int) -> HttpResponse:
    """Lift a lock before it ends by itself."""
    person = queries.secured_user(request.actor, user_id)
    form = ReasonForm(request.POST or None, ask_code=not is_checked(request))
    return act_page(
        request,
        form,
        lambda values: sign_in.unlock(request.actor, person.pk, **values),
        template=FORM,
        done=_("账号已解锁。"),
        back=lambda user: reverse("organizations:locked"),
        context={
            "title": _("解锁账号"),
            "facts": [(_("账号"), f"{person.name}（{person.username}）")],
            "send": _("解锁"),
            "back": reverse("organizations:locked"),
            "note": _("先当面或打电话核实是本人，再解锁。"),
            "tab": "locked",
        },
    )


@form_page
@page(SECURE)
def second_factor_lost(request: ActorRequest) -> HttpResponse:
    """Remove a lost second factor."""
    form = LostFactorForm(request.POST or None, ask_code=not is_checked(request))

    def act(values: dict[str, Any]) -> User:
        person = queries.user_of_name(request.actor, values.pop("username"), SECURE)
        return second_factor.remove_second_factor(request.actor, person.pk, **values)

    return act_page(
        request,
        form,
        act,
        template=FORM,
        done=_("动态口令已解除。请本人登录后重新设置。"),
        back=lambda user: reverse("organizations:locked"),
        context={
            "title": _("解除丢失的动态口令"),
            "facts": [],
            "send": _("解除"),
            "back": reverse("organizations:locked"),
            "note": _("手机丢失或损坏时使用。先核实是本人，并写明核实的方式。"),
            "tab": "second-factor-lost",
        },
    )


@require_GET
@page(MANAGE)
def tasks(request: ActorRequest) -> HttpResponse:
    """Background work that failed and is tried again."""
    return render(request, "organizations/tasks.html", {"tasks": queries.failed_tasks()})
