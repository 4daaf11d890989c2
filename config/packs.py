"""A pack for an area: the preview of what changes in its rules and for its cases, and the one act that loads and binds it. Spans the
apps: the rules are `policies`', the running cases `cases`'."""

import datetime as dt
import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.queries import Running, running_in
from common.crypto import token, untoken
from common.errors import Forbidden, NotFound, Refusal
from journal.services import record_refusal
from organizations.doors import ActorRequest, form_key, page, refuse
from organizations.enums import Permission
from policies.errors import BrokenPack
from policies.pack_preview import Change, Preview, preview
from policies.services.packs import Proposed, Wanted, load_and_bind_pack, propose
from policies.web import bindings_page, pack_form


@require_POST
@page(Permission.BIND_PACK)
def preview_pack(request: ActorRequest) -> HttpResponse:
    """What would change, before anything is done; a file with mistakes comes back with them, line by line."""
    form = pack_form(request)
    if not form.is_valid():
        return bindings_page(request, form, 422)
    values = form.cleaned_data
    file = values["file"]
    wanted = Wanted(
        values["area"], values["valid_from"], values["pack"], values["text"], file.name[:120] if file else ""
    )
    try:
        return _show(request, propose(request.actor, wanted))
    except (Forbidden, NotFound):
        raise
    except BrokenPack as refusal:
        record_refusal(request.actor, refusal, "pack-preview")
        number = len(refusal.sentences)
        form.add_error("file", _("这份政策包有 %(n)d 处错，没有载入，逐条列在本页上方。改好再载入。") % {"n": number})
        return bindings_page(request, form, refusal.status, refusal.sentences)
    except Refusal as refusal:
        refusal.field = refusal.field or ("file" if wanted.text else "pack")
        refuse(request, form, refusal)
        return bindings_page(request, form, refusal.status)


@require_POST
@page(Permission.BIND_PACK)
def load_pack(request: ActorRequest) -> HttpResponse:
    """Load and bind what was previewed. What has changed since shows the preview anew."""
    wanted, seen = _opened(request)
    try:
        load_and_bind_pack(request.actor, wanted=wanted, seen=seen, key=form_key(request))
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        record_refusal(request.actor, refusal, "pack-load")
        return _show(request, propose(request.actor, wanted), refusal)
    messages.success(request, _("已启用，从所选日期起执行。正在办的个案照受理时的先后办。"))
    return redirect("policies:bindings")


def _bound_to(request: ActorRequest) -> str:
    return f"policies.pack {request.actor.user_id}"


def _sealed(request: ActorRequest, proposed: Proposed) -> str:
    """What was previewed, as it goes through the person's browser: closed, so that nothing else can be confirmed."""
    wanted = proposed.wanted
    content = [wanted.area_code, wanted.valid_from.isoformat(), wanted.pack, wanted.text, wanted.file, proposed.state]
    return token(json.dumps(content), _bound_to(request))


def _opened(request: ActorRequest) -> tuple[Wanted, str]:
    text = untoken(request.POST.get("previewed", ""), _bound_to(request))
    if not text:
        raise NotFound(_("预览已经失效，没有启用任何文件。请回到“启用政策”重新选择。"))
    area, day, pack, content, file, state = json.loads(text)
    return Wanted(area, dt.date.fromisoformat(day), pack, content, file), state


def _show(request: ActorRequest, proposed: Proposed, refusal: Refusal | None = None) -> HttpResponse:
    found = preview(proposed)
    running = running_in(request.actor, found.codes, [one.codes for one in found.apart])
    context: dict[str, Any] = {
        "found": found,
        "proposed": proposed,
        "running": running,
        "open_cases": sum(number for _programme, number in running.counts),
        "touching": touching(found, running),
        "previewed": _sealed(request, proposed),
        "refusal": refusal,
        "may_bind": True,
    }
    return render(request, "config/pack_preview.html", context, status=refusal.status if refusal else 200)


def touching(found: Preview, running: Running) -> list[Change]:
    """The changes that running cases meet on the rest of their way, because numbers follow the day of each step."""
    return [one for one in found.changes if one.after.key in running.parameters] if running.counts else []
