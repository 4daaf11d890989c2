"""What every page has in common: a signed-in person under a chosen post; refusals that are shown and recorded; for
pages that change the organization, a second factor checked within the last ten minutes."""

import datetime as dt
import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from common import clock
from common.actors import Actor
from common.errors import Forbidden, Refusal
from journal.services import record_refusal
from organizations.models import Appointment
from organizations.services.second_factor import verify_code

View = Callable[..., HttpResponse]
CHECK_LASTS = dt.timedelta(minutes=10)


class ActorRequest(HttpRequest):
    """A request that passed `page`: it has an actor, and the posts in force that the person may choose from."""

    actor: Actor
    posts: tuple[Appointment, ...]


def page(permission: str | None = None) -> Callable[[View], View]:
    """A page for signed-in people (other systems have the interfaces); with `permission`, only for posts that carry it somewhere
    (services decide the rest)."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path() if request.method == "GET" else "")
            try:
                if request.actor.kind != "person" or (permission is not None and not request.actor.holds(permission)):
                    raise Forbidden()
                return view(request, *args, **kwargs)
            except Refusal as refusal:
                return show_refusal(request, refusal)

        run.permission = permission  # type: ignore[attr-defined]
        return run

    return decorate


def show_refusal(request: Any, refusal: Refusal) -> HttpResponse:
    """The refusal as a page, after it was recorded."""
    record_refusal(request.actor, refusal, request.resolver_match.view_name if request.resolver_match else "")
    return render(request, "error.html", {"refusal": refusal}, status=refusal.status)


def refuse(request: Any, form: Form, refusal: Refusal) -> None:
    """Put the refusal beside its field, so that the form can be shown again with everything typed; and record it."""
    record_refusal(request.actor, refusal, request.resolver_match.view_name)
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def is_checked(request: Any) -> bool:
    """Whether this session has shown a one-time code within the last ten minutes."""
    at = request.session.get("second_factor_at")
    return bool(at) and dt.timedelta(0) <= clock.now() - dt.datetime.fromisoformat(at) <= CHECK_LASTS


def check_code(request: Any, code: str) -> None:
    """Verify a one-time code and remember it in the session. Raises the refusals of `verify_code`."""
    verify_code(request.actor, code)
    request.session["second_factor_at"] = clock.now().isoformat()


def form_key(request: HttpRequest) -> str | None:
    """The one-time key of the form that was sent; anything but a UUID is none."""
    try:
        return str(uuid.UUID(request.POST.get("key", "")))
    except ValueError:
        return None


def act_page(
    request: Any,
    form: Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    template: str,
    context: dict[str, Any],
    done: str,
    back: Callable[[Any], str],
) -> HttpResponse:
    """A page with one form for one act. A refusal stands beside its field and everything typed stays; a form with a
    field `code` first has its one-time code checked. `done` is said on the page `back(result)` leads to."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = dict(form.cleaned_data)
            try:
                if "code" in form.fields:
                    check_code(request, values.pop("code"))
                    del form.fields["code"]
                result = act(values | {"key": form_key(request)})
            except Refusal as refusal:
                if refusal.status in {Forbidden.status, 404}:
                    raise
                refuse(request, form, refusal)
                status = refusal.status
            else:
                messages.success(request, done)
                return redirect(back(result))
    return render(request, template, {**context, "form": form}, status=status)
