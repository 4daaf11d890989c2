"""Gives every request its actor; ends sessions that were idle or have grown old; forces the change of initial
passwords."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from common import clock
from common.actors import Actor
from organizations.queries import actor_among, appointments_in_force
from organizations.services.sign_in import record_sign_out

ANONYMOUS = Actor(user_id=None, username="", name="", post="")
SEEN_EVERY = dt.timedelta(minutes=1)


class ActorMiddleware:
    """Sets `request.actor`, and `request.posts` with the posts that the person may choose from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.actor = ANONYMOUS
        if request.user.is_authenticated:
            ip = request.META.get("REMOTE_ADDR", "")
            request.posts = tuple(appointments_in_force(request.user))
            request.actor = actor_among(request.user, request.posts, request.session.get("appointment_id"), ip=ip)
            if session_ended(request):
                record_sign_out(request.actor, request.user, by_timeout=True)
                logout(request)
                return redirect(back_to_sign_in(request))
            if request.user.must_change_password and not is_open_while_forced(request.path):
                return redirect("account_change_password")
        return self.get_response(request)


def session_ended(request: Any) -> bool:
    """30 minutes idle, 8 hours in all (settings); the session remembers when it was last used, minute by minute."""
    now = clock.now()
    started = request.session.get("started_at")
    seen = request.session.get("seen_at")
    if not started:
        request.session["started_at"] = request.session["seen_at"] = now.isoformat()
        return False
    idle = now - dt.datetime.fromisoformat(seen)
    age = now - dt.datetime.fromisoformat(started)
    if idle.total_seconds() > settings.SESSION_IDLE_SECONDS or age.total_seconds() > settings.SESSION_COOKIE_AGE:
        return True
    if idle > SEEN_EVERY:
        request.session["seen_at"] = now.isoformat()
    return False


def back_to_sign_in(request: HttpRequest) -> str:
    """The sign-in page that says why it appears, and leads back to the page that was read."""
    query = {"ended": "1"} | ({"next": request.get_full_path()} if request.method == "GET" else {})
    return f"{reverse('account_login')}?{urlencode(query)}"


def is_open_while_forced(path: str) -> bool:
    """The pages one may still use before the initial password is changed."""
    open_pages = {reverse("account_change_password"), reverse("account_logout")}
    return path in open_pages or path.startswith(settings.STATIC_URL)
