"""The pages of residents, without signing in and without script: applying, the receipt, asking for progress."""

import datetime as dt
import functools
from collections.abc import Callable
from textwrap import wrap
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cases import public_page
from cases.enums import Channel
from cases.forms import intake as intake_forms
from cases.forms import online as forms
from cases.public_page import Street
from cases.services import online as services
from common import clock, display, throttle
from common.actors import resident_actor
from common.errors import Invalid, KeyReused, Refusal
from common.throttle import TooManyTries
from journal.services import record_refusal
from organizations.doors import form_key, show_refusal
from organizations.queries import area_name

RECEIPT = "online_receipt"
SHOWN_FOR = dt.timedelta(minutes=30)
APPLY, PROGRESS = "apply", "progress"
View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """A page for everybody: what the system refuses is a page too. Nothing of it is kept in a cache."""

    @never_cache
    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return show_refusal(request, refusal)

    return run


def address_of(request: HttpRequest) -> str:
    """Where the visitor comes from, as the project's proxy saw it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def later(response: HttpResponse, refusal: Refusal) -> HttpResponse:
    """Too many tries: the answer says when to come again."""
    if isinstance(refusal, TooManyTries):
        response["Retry-After"] = str(refusal.seconds)
    return response


# --- Applying ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@public
def apply(request: HttpRequest) -> HttpResponse:
    """District, then street, then one form that names the office it goes to."""
    street = public_page.street(request.GET.get("street", ""))
    if street is None:
        return _places(request)
    if request.method == "GET":
        return _form(request, street, forms.empty(street.villages))
    if "large" in request.POST:
        return _in_other_type(request, street)
    if intake_forms.asked_for(request.POST):
        return _form(request, street, intake_forms.as_typed(request.POST, street.villages, shape=forms.RESIDENT))
    intake = intake_forms.sent(request.POST, street.villages, shape=forms.RESIDENT)
    valid = [each.is_valid() for each in intake.all]
    if not all(valid):
        return _form(request, street, intake, 422)
    try:
        request.session[RECEIPT] = _send(request, intake)
    except Refusal as refusal:
        _say(request, intake, refusal)
        return later(_form(request, street, intake, refusal.status), refusal)
    return redirect("cases:apply-receipt")


def _send(request: HttpRequest, intake: intake_forms.Intake) -> int:
    """Send the application in, and return its number. A form sent again is no further try; one that is refused is none."""
    key, address = form_key(request), address_of(request)
    known: dict[str, Any] = {
        "channel": Channel.ONLINE,
        "applied_on": clock.today(),
        "account": "",
        "account_holder": "",
        "account_bank": "",
    }
    application = intake.application(**known)
    counted = not services.already_sent(key)
    if counted and not throttle.is_allowed(APPLY, address, settings.APPLY_TRIES, settings.APPLY_SECONDS):
        raise TooManyTries(
            _(
                "从您这里提交的申请太多了，这一份没有提交，填的内容都在。请过一小时再提交，或者直接到街道（乡镇）窗口申请。"
            ),
            seconds=settings.APPLY_SECONDS,
        )
    try:
        online = services.apply_online(resident_actor(address), application=application, key=key)
    except Refusal:
        if counted:
            throttle.give_back(APPLY, address)
        raise
    return int(online.pk)


def _say(request: HttpRequest, intake: intake_forms.Intake, refusal: Refusal) -> None:
    """The refusal beside its field, so that the form can be shown again with everything typed; and its line of the trail."""
    record_refusal(resident_actor(address_of(request)), refusal, "cases:apply")
    if isinstance(refusal, KeyReused):
        refusal.message = _(
            "这张表单已经提交过一份申请，给过查询码。内容要改的，请打电话告诉街道（乡镇），不用再交一份；确实要另交一份的，再按一次“提交申请”。"
        )
    if not intake.refuse(refusal):
        intake.form.add_error(refusal.field if refusal.field in intake.form.fields else None, refusal.message)


def _places(request: HttpRequest) -> HttpResponse:
    found = public_page.streets(request.GET.get("district", ""))
    if found is None:
        context: dict[str, Any] = {"district": None, "places": public_page.districts()}
    else:
        context = {"district": found[0], "places": found[1]}
    return render(request, "cases/resident/places.html", context)


def _form(request: HttpRequest, street: Street, intake: intake_forms.Intake, status: int = 200) -> HttpResponse:
    rows = {prefix: intake.items[kind] for kind, prefix in intake_forms.ITEM_PREFIXES.items()}
    context = {"street": street, "intake": intake, **rows}
    return render(request, "cases/resident/apply.html", context, status=status)


def _in_other_type(request: HttpRequest, street: Street) -> HttpResponse:
    """The form as it was typed, in the other size of type: switching loses nothing."""
    on = request.POST["large"] == "1"
    request.COOKIES["large"] = "1" if on else ""
    answer = _form(request, street, intake_forms.as_typed(request.POST, street.villages, shape=forms.RESIDENT))
    return display.remember(request, answer, on=on)


@require_GET
@public
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt of what was sent in from this browser in the last half hour: codes, office, what happens next."""
    online = public_page.receipt(request.session.get(RECEIPT))
    if online is None or clock.now() - online.received_at > SHOWN_FOR:
        return render(request, "cases/resident/receipt.html", {"online": None})
    context = {
        "online": online,
        "draw_code": " ".join(wrap(online.draw_code, 5)),
        "office": public_page.contact(online.office, online.area_code),
        "village": area_name(online.area_code),
    }
    return render(request, "cases/resident/receipt.html", context)


# --- Progress ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@public
def progress(request: HttpRequest) -> HttpResponse:
    """How far an application is, for whoever has the receipt code and the end of the applicant's identity number."""
    form = forms.ProgressForm(request.POST or None)
    if request.method == "GET":
        return _ask(request, form)
    if not form.is_valid():
        return _ask(request, form, 422)
    try:
        found = _look_up(address_of(request), **form.cleaned_data)
    except Refusal as refusal:
        if not isinstance(refusal, TooManyTries):
            record_refusal(resident_actor(address_of(request)), refusal, "cases:progress")
        form.add_error(None, refusal.message)
        return later(_ask(request, form, refusal.status), refusal)
    return render(request, "cases/resident/progress.html", {"found": found})


def _ask(request: HttpRequest, form: forms.ProgressForm, status: int = 200) -> HttpResponse:
    return render(request, "cases/resident/ask.html", {"form": form}, status=status)


def _look_up(address: str, receipt_code: str, tail: str) -> public_page.Progress:
    """The progress; wrong pairs are counted for the address and for the code, right ones are not."""
    for who in (address, receipt_code):
        if not throttle.is_allowed(PROGRESS, who, settings.PROGRESS_TRIES, settings.PROGRESS_SECONDS):
            raise TooManyTries(
                _(
                    "查错的次数太多了，请过一小时再查。着急的，可以带上申请回执到街道（乡镇）窗口问，或者打回执上的电话。"
                ),
                seconds=settings.PROGRESS_SECONDS,
            )
    found = public_page.progress(receipt_code, tail)
    if found is None:
        raise Invalid(
            _("没有查到。请对照申请回执核对查询码，再核对申请人身份证号码的后四位。连续查错会暂停查询。"),
            code="CASES_PROGRESS_UNKNOWN",
        )
    for who in (address, receipt_code):
        throttle.give_back(PROGRESS, who)
    return found


urlpatterns = [
    path("apply/", apply, name="apply"),
    path("apply/receipt/", receipt, name="apply-receipt"),
    path("progress/", progress, name="progress"),
]
