"""What the pages of the steps share: one form for one act; a refusal shows the same page again with everything typed, or the case
page where the form has no place any more."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from cases.models import Case
from cases.step_pages import what_next
from cases.web.detail import show
from common import drafts
from common.errors import Forbidden, NotFound, Refusal
from journal.services import record_refusal
from organizations.doors import ActorRequest, form_key, refuse

FORM_ONLY = {"csrfmiddlewaretoken", "key", "seen", "act"}


def seen(request: ActorRequest) -> int:
    """The version of the case that the person saw; a form without it saw none."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() else 0


def sent(request: ActorRequest) -> dict[str, Any]:
    """What every act on a case takes beside its own values."""
    return {"seen": seen(request), "key": form_key(request)}


def act_form(
    request: ActorRequest, form: BaseForm, act: Callable[[], Any], *, again: Callable[[int], HttpResponse],
    done: str, to: str, others: Iterable[Any] = (),
) -> HttpResponse:  # fmt: skip
    """Carry out `act` for a valid form and go to `to` (`cases:detail`, or the page of the step while it has more to do). A
    refusal stands beside its field on the page that `again(status)` renders, or on the case page where that page no longer has
    the form: its step is over, or somebody was faster. A wrong post or a foreign case is a page of its own.
    `others`: formsets that must be valid too."""
    valid = [each.is_valid() for each in (form, *others)]
    if not all(valid):
        return again(422)
    try:
        case = act()
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        refuse(request, form, refusal)  # type: ignore[arg-type]
        page = again(refusal.status)
        return page if says(page, refusal) else show(request, request.resolver_match.kwargs["pk"], refusal)  # type: ignore[union-attr]
    return finished(request, case, done, to)


def says(page: HttpResponse, refusal: Refusal) -> bool:
    """Whether the person reads on this page why nothing was done."""
    return escape(refusal.message) in page.content.decode()


def act_button(
    request: ActorRequest, pk: int, act: Callable[[], Case], done: str, to: str = "cases:detail"
) -> HttpResponse:
    """An act without a form of its own: done, or the case page says why not."""
    try:
        case = act()
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        record_refusal(request.actor, refusal, request.resolver_match.view_name if request.resolver_match else "")
        return show(request, pk, refusal)
    return finished(request, case, done, to)


def finished(request: ActorRequest, case: Case, done: str, to: str) -> HttpResponse:
    """Say what happened and what comes next."""
    messages.success(request, f"{done}{what_next(case)}")
    return redirect(to, pk=case.pk)


def draft_saved(request: ActorRequest, form_key: str, to: str, pk: int) -> HttpResponse:
    """Keep a form as it was typed, by the button for browsers without script, and come back to it."""
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in FORM_ONLY}
    drafts.save_draft(request.actor, form_key, typed)
    messages.success(request, _("草稿已保存，可以先离开。回到这一页接着填。"))
    return redirect(to, pk)


def tiles(
    case: Case, photos: Iterable[Any], tag: Callable[[Any], str], caption: Callable[[Any], str]
) -> list[dict[str, str]]:
    """Photographs as `includes/photos.html` takes them."""
    return [
        {
            "url": reverse("cases:file", args=[case.pk, photo.file_id]),
            "alt": tag(photo),
            "caption": caption(photo),
            "tag": tag(photo),
            "level": "",
        }
        for photo in photos
    ]
