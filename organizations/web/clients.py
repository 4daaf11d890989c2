"""The system administrator's pages of other government systems: number, secret, what they may use, until when."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from common.errors import Refusal
from organizations import queries
from organizations.doors import ActorRequest, act_page, check_code, form_key, is_checked, page, refuse
from organizations.forms import AdministrationForm, ClientForm, ReasonForm
from organizations.models import SystemClient
from organizations.services import clients as acts
from organizations.web.places import FORM, MANAGE, form_page


@require_GET
@page(MANAGE)
def clients(request: ActorRequest) -> HttpResponse:
    """The systems registered in the administration."""
    return render(request, "organizations/clients.html", {"clients": queries.clients(request.actor)})


@never_cache
@form_page
@page(MANAGE)
def client_add(request: ActorRequest) -> HttpResponse:
    """Register a system; its secret is shown this once."""
    offices = queries.offices_to_choose(request.actor)
    form = ClientForm(request.POST or None, ask_code=not is_checked(request), offices=offices)
    context = {
        "title": _("登记对接系统"),
        "facts": [],
        "send": _("登记并生成密钥"),
        "note": _("一个系统一个编号。它只能看到自己提交的申请，范围不超过使用单位的管辖。"),
    }
    return _secret_page(request, form, lambda values: acts.add_client(request.actor, **values), context)


@never_cache
@form_page
@page(MANAGE)
def client_secret(request: ActorRequest, client_id: int) -> HttpResponse:
    """Give a new secret, shown this once; the old one ends at once."""
    client = queries.managed_client(request.actor, client_id)
    form = ReasonForm(request.POST or None, ask_code=not is_checked(request))
    context = {
        "title": _("更换密钥"),
        "facts": _facts(client),
        "send": _("更换密钥"),
        "note": _("原来的密钥和令牌立即失效。请先和对方约好时间。"),
    }
    return _secret_page(
        request, form, lambda values: acts.renew_client_secret(request.actor, client.pk, **values), context
    )


def _secret_page(
    request: ActorRequest,
    form: AdministrationForm,
    act: Callable[[dict[str, Any]], SystemClient],
    context: dict[str, Any],
) -> HttpResponse:
    """A form whose act ends in a secret: shown in the answer itself, never kept in a session or an address."""
    status, context = 200, {**context, "form": form, "tab": "clients", "back": reverse("organizations:clients")}
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = dict(form.cleaned_data)
            try:
                if "code" in form.fields:
                    check_code(request, values.pop("code"))
                client = act(values | {"key": form_key(request)})
            except Refusal as refusal:
                if refusal.status in {403, 404}:
                    raise
                refuse(request, form, refusal)
                status = refusal.status
            else:
                secret = getattr(client, "secret_shown", "")
                return render(request, "organizations/client_secret.html", {"client": client, "secret": secret})
    return render(request, FORM, context, status=status)


@form_page
@page(MANAGE)
def client_end(request: ActorRequest, client_id: int) -> HttpResponse:
    """End a system's access."""
    client = queries.managed_client(request.actor, client_id)
    form = ReasonForm(request.POST or None, ask_code=not is_checked(request))
    return act_page(
        request,
        form,
        lambda values: acts.end_client(request.actor, client.pk, **values),
        template=FORM,
        done=_("已停用，令牌立即失效。"),
        back=lambda ended: reverse("organizations:clients"),
        context={
            "title": _("停用对接系统"),
            "facts": _facts(client),
            "send": _("停用"),
            "back": reverse("organizations:clients"),
            "tab": "clients",
            "note": _("已提交的申请照常办理。停用后不能恢复，要再对接请重新登记。"),
        },
    )


def _facts(client: SystemClient) -> list[tuple[str, str]]:
    return [(_("系统"), client.name), (_("编号"), client.client_id), (_("使用单位"), client.office.name)]
