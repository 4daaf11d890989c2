"""Pages for everybody: the chosen post, the password, the second factor."""

import base64
import io
from typing import Any
from urllib.parse import quote

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from common.crypto import token, untoken
from common.errors import NotFound, Refusal
from organizations.doors import ActorRequest, act_page, check_code, page, refuse
from organizations.forms import ChangePasswordForm, CheckForm, DropForm, SetUpForm
from organizations.services import people, second_factor

form_page = require_http_methods(["GET", "HEAD", "POST"])


def next_page(request: HttpRequest, wanted: str) -> str:
    """Where to go on: the page asked for if it is one of this site, else the workbench."""
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else reverse("workbench")


@require_POST
@page()
def choose_post(request: ActorRequest) -> HttpResponse:
    """Act under another of one's own posts in force."""
    chosen = request.POST.get("appointment", "")
    own = {str(one.pk) for one in request.posts}
    if chosen not in own:
        raise NotFound()
    request.session["appointment_id"] = int(chosen)
    return redirect(next_page(request, request.POST.get("next", "")))


@never_cache
@sensitive_post_parameters()
@form_page
@page()
def change_password(request: ActorRequest) -> HttpResponse:
    """Change the own password; the first thing to do with an initial one."""
    forced = request.user.must_change_password  # type: ignore[union-attr]

    def act(values: dict[str, Any]) -> Any:
        user = people.change_password(request.actor, old=values["old"], new=values["password"], key=values["key"])
        update_session_auth_hash(request, user)
        return user

    return act_page(
        request,
        ChangePasswordForm(request.POST or None),
        act,
        template="account/password.html",
        context={"forced": forced},
        done=_("密码已修改。"),
        back=lambda user: reverse("workbench"),
    )


@never_cache
@sensitive_post_parameters()
@form_page
@page()
def second_factor_page(request: ActorRequest) -> HttpResponse:
    """Set up the second factor: a QR code for the authenticator app, the secret to type, a code to prove it. The secret
    travels in the form as ciphertext bound to the person, and is stored nowhere before it is proven."""
    user = request.user
    if second_factor.has_second_factor(user.pk):
        return render(request, "mfa/present.html", {"form": DropForm()})
    bound_to = f"mfa.setup.{user.pk}"
    sent = untoken(request.POST.get("token", ""), bound_to)
    secret = sent or second_factor.new_secret()
    form = SetUpForm(request.POST if sent else None, initial={"token": token(secret, bound_to)})

    def act(values: dict[str, Any]) -> Any:
        return second_factor.set_up_second_factor(
            request.actor, password=values["password"], secret=secret, code=values["proof"], key=values["key"]
        )

    return act_page(
        request,
        form,
        act,
        template="mfa/set_up.html",
        context={"qr": qr_image(user.get_username(), secret), "secret": spaced(secret)},
        done=_("动态口令已设置。签批和管理操作时请输入手机上的6位数字。"),
        back=lambda user: reverse("organizations:second-factor"),
    )


def qr_image(username: str, secret: str) -> str:
    """The QR code of the authenticator's address as an image for `src`."""
    label, issuer = quote(f"阳光救助:{username}"), quote("阳光救助")
    drawn = io.BytesIO()
    code = segno.make(f"otpauth://totp/{label}?secret={secret}&issuer={issuer}", error="m")
    code.save(drawn, kind="svg", scale=5, border=2)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()


def spaced(secret: str) -> str:
    """The secret in groups of four, to be typed by hand."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


@never_cache
@require_POST
@page()
def second_factor_drop(request: ActorRequest) -> HttpResponse:
    """Give up the own second factor by a code of it (a new telephone)."""
    form = DropForm(request.POST)
    if form.is_valid():
        try:
            second_factor.drop_second_factor(request.actor, code=form.cleaned_data["code"])
        except Refusal as refusal:
            refuse(request, form, refusal)
        else:
            request.session.pop("second_factor_at", None)
            messages.success(request, _("动态口令已停用。签批和管理之前，请重新设置。"))
            return redirect("organizations:second-factor")
    return render(request, "mfa/present.html", {"form": form}, status=422)


@never_cache
@form_page
@page()
def second_factor_check(request: ActorRequest) -> HttpResponse:
    """Show a one-time code now, so that the next ten minutes need none."""
    form = CheckForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                check_code(request, form.cleaned_data["code"])
                return redirect(next_page(request, form.cleaned_data["next"]))
            except Refusal as refusal:
                refuse(request, form, refusal)
    return render(request, "mfa/check.html", {"form": form}, status=status)
