"""Pages that span the apps: start page, workbench, drafts, operations, error pages."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common import drafts
from common.errors import Forbidden, Invalid, NotFound, Refusal
from config import queries
from organizations.api import PROBLEM, details
from organizations.doors import ActorRequest, page

MAX_DRAFT_FIELDS = 2000


@require_GET
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """The start page, until the public site takes it over."""
    return render(request, "config/start.html", queries.start_page())


@require_GET
@page()
def workbench(request: ActorRequest) -> HttpResponse:
    """What waits for me, by deadline."""
    return render(request, "config/workbench.html", queries.workbench(request.actor))


@require_POST
@page()
def draft(request: ActorRequest) -> HttpResponse:
    """Keep what was typed into a form so far."""
    form_key = request.POST.get("form_key", "")
    if not form_key or len(form_key) > 120 or len(request.POST) > MAX_DRAFT_FIELDS:
        raise Invalid(_("草稿没有保存：表单信息不完整。请刷新页面再填。"))
    hidden = {"form_key", "csrfmiddlewaretoken", "key", "seen"}
    data = {name: request.POST.getlist(name) for name in request.POST if name not in hidden}
    saved = drafts.save_draft(request.actor, form_key, data)
    return JsonResponse({"saved_at": saved.saved_at.isoformat()})


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is migrated."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
    return HttpResponse("ready", content_type="text/plain")


def error_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """One design for every error; for another system as problem details."""
    if request.path.startswith("/api/"):
        return JsonResponse(details(refusal.status, refusal), status=refusal.status, content_type=PROBLEM)
    return render(request, "error.html", {"refusal": refusal}, status=refusal.status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return error_page(request, Invalid(_("请求的内容不完整或已过期。请返回上一页，刷新后再试。"), status=400))


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return error_page(request, Forbidden())


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return error_page(request, NotFound(_("没有这个页面。请核对网址，或者回到工作台。")))


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the layout's queries, because the database may be what failed."""
    if request.path.startswith("/api/"):
        failed = Refusal(
            _("系统出错，没有办成。请稍后用同一个 Idempotency-Key 重发；一直不行，请联系管理单位。"),
            code="API_FAILED",
            status=500,
        )
        return error_page(request, failed)
    return render(None, "500.html", status=500)
