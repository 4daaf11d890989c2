"""The signing desk: read the summaries, choose, one code for a sitting, then sign or return each."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import signing_desk
from cases.forms.signing import ReturnForm, SignForm, SittingForm
from cases.services import signing as services
from cases.web.acting import act_form, says, sent
from cases.web.detail import show as show_case
from common.errors import Forbidden, Invalid, NotFound, Refusal
from organizations.doors import ActorRequest, form_key, page, refuse
from organizations.enums import Permission

READ, CHOSEN = "signing_read", "signing_chosen"


def number(text: str | None) -> int | None:
    """A case's or sitting's number of an address or a form."""
    return int(text) if text and text.isdecimal() else None


def show(request: ActorRequest, status: int = 200, case_id: int | None = None, **bound: Any) -> HttpResponse:
    """The desk with one case opened: the asked one, else the first."""
    queue = signing_desk.queue(request.actor)
    current = next((one for one in queue if one.case.pk == case_id), queue[0] if queue else None)
    place = queue.index(current) if current else 0
    if current:
        request.session[READ] = {**request.session.get(READ, {}), str(current.case.pk): current.case.version}
    read, chosen = request.session.get(READ, {}), request.session.get(CHOSEN, [])
    context = {
        "queue": [
            {
                "waiting": one,
                "open": not one.recused and (not one.to_read or read.get(str(one.case.pk)) == one.case.version),
                "chosen": one.case.pk in chosen,
                "current": one is current,
            }
            for one in queue
        ],
        "current": signing_desk.summary(request.actor, current) if current else None,
        "after": queue[place + 1].case.pk if queue[place + 1 :] else None,
        "before": queue[place - 1].case.pk if place else None,
        "sitting": SittingForm(waiting=[one.case.pk for one in queue]),
        "back": ReturnForm(),
    }
    return render(request, "cases/signing/desk.html", {**context, **bound}, status=status)


def show_sitting(request: ActorRequest, sitting_id: int, status: int = 200, **refused: Any) -> HttpResponse:
    """An opened sitting; `refused` gives the case and the form that was not accepted."""
    sitting = signing_desk.sitting(request.actor, sitting_id)
    rows = []
    for one in sitting.cases:
        initial = {"sitting_id": sitting.row.pk}
        mine = refused.get("case_id") == one.case.pk
        form = refused["form"] if mine else SignForm(initial=initial, auto_id=f"sign{one.case.pk}_%s")
        rows.append({"one": one, "form": form, "waits": one in sitting.unsigned})
    return render(request, "cases/signing/sitting.html", {"sitting": sitting, "rows": rows}, status=status)


@require_http_methods(["GET", "POST"])
@page(Permission.SIGN_CASE)
def sign_desk(request: ActorRequest) -> HttpResponse:
    """The desk, or an opened sitting of it. A POST remembers which cases were chosen."""
    if request.method == "POST":
        return choose(request)
    if sitting_id := number(request.GET.get("sitting")):
        return show_sitting(request, sitting_id)
    return show(request, case_id=number(request.GET.get("case")))


def choose(request: ActorRequest) -> HttpResponse:
    """Remember a case as read and chosen, take it out again, or choose all without findings; then open the next one."""
    chosen = set(request.session.get(CHOSEN, []))
    if request.POST.get("choose") == "clean":
        chosen |= {one.case.pk for one in signing_desk.queue(request.actor) if not one.to_read and not one.recused}
    elif pk := number(request.POST.get("choose")):
        chosen.add(pk)
    elif pk := number(request.POST.get("unchoose")):
        chosen.discard(pk)
    request.session[CHOSEN] = sorted(chosen)
    after = number(request.POST.get("after"))
    return redirect(reverse("cases:sign-desk") + (f"?case={after}" if after else ""))


@require_POST
@page(Permission.SIGN_CASE)
def sitting_open(request: ActorRequest) -> HttpResponse:
    """One code for the chosen cases."""
    form = SittingForm(request.POST, waiting=[one.case.pk for one in signing_desk.queue(request.actor)])
    request.session[CHOSEN] = [pk for pk in map(number, request.POST.getlist("case_ids")) if pk]
    if not form.is_valid():
        return show(request, 422, sitting=form)
    try:
        sitting = services.open_sitting(
            request.actor, **form.cleaned_data, seen=seen_versions(request, form.cleaned_data["case_ids"]),
            key=form_key(request),
        )  # fmt: skip
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        refuse(request, form, refusal)
        return show(request, refusal.status, sitting=form)
    request.session[CHOSEN] = []
    messages.success(request, _("动态口令正确，10分钟内可以签批下面这几件。"))
    return redirect(sitting_address(sitting.pk))


def seen_versions(request: ActorRequest, case_ids: list[int]) -> dict[int, int]:
    """The version of each case that the page showed."""
    return {pk: number(request.POST.get(f"seen-{pk}")) or 0 for pk in case_ids}


def sitting_address(sitting_id: int) -> str:
    """The page of an opened sitting."""
    return f"{reverse('cases:sign-desk')}?sitting={sitting_id}"


@require_POST
@page(Permission.SIGN_CASE)
def sign(request: ActorRequest, pk: int) -> HttpResponse:
    """One signature in the sitting."""
    form = SignForm(request.POST, auto_id=f"sign{pk}_%s")
    if not form.is_valid():
        raise Invalid(_("没有打开的签批。请在签批台选择个案，输入一次动态口令后再签。"))
    sitting_id = form.cleaned_data["sitting_id"]
    try:
        case = services.sign(request.actor, pk, **form.cleaned_data, **sent(request))
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        refuse(request, form, refusal)
        again = show_sitting(request, sitting_id, refusal.status, case_id=pk, form=form)
        return again if says(again, refusal) else show_case(request, pk, refusal)
    say_signed(request, sitting_id, pk, case.applicant_name)
    return redirect(sitting_address(sitting_id))


def say_signed(request: ActorRequest, sitting_id: int, case_id: int, name: str) -> None:
    """What came of it: a signature, or earlier ones that no longer hold."""
    if signing_desk.is_signed(request.actor, sitting_id, case_id):
        messages.success(request, _("%(name)s一户已签批。") % {"name": name})
    else:
        said = _("%(name)s一户没有签：内容已改动，前面的签批失效。请第一位签批人重新看过再签。") % {"name": name}
        messages.warning(request, said)


@require_POST
@page(Permission.SIGN_CASE)
def sitting_sign(request: ActorRequest, sitting_pk: int) -> HttpResponse:
    """Sign every case of the sitting that the form shows as waiting, one act each; what is refused is named and stays."""
    sitting = signing_desk.sitting(request.actor, sitting_pk)
    key = form_key(request) or str(uuid.uuid4())
    shown = [one for one in sitting.cases if f"seen-{one.case.pk}" in request.POST]
    seen = seen_versions(request, [one.case.pk for one in shown])
    for one in shown:
        own_key = str(uuid.uuid5(uuid.UUID(key), str(one.case.pk)))
        try:
            services.sign(request.actor, one.case.pk, sitting_id=sitting_pk, seen=seen[one.case.pk], key=own_key)
        except Refusal as refusal:
            messages.error(request, f"{one.case.applicant_name}：{refusal.message}")
            record_refused(request, refusal)
        else:
            say_signed(request, sitting_pk, one.case.pk, one.case.applicant_name)
    return redirect(sitting_address(sitting_pk))


def record_refused(request: HttpRequest, refusal: Refusal) -> None:
    """The refusal of one of several, in the trail as any other."""
    refuse(request, ReturnForm({}), refusal)


@require_POST
@page(Permission.SIGN_CASE)
def return_signing(request: ActorRequest, pk: int) -> HttpResponse:
    """Back to the initial review instead of a signature."""
    form = ReturnForm(request.POST)
    return act_form(
        request, form, lambda: services.return_signing(request.actor, pk, **form.cleaned_data, **sent(request)),
        to="cases:detail", done=_("已退回初审，签过的批已失效。"),
        again=lambda status: show(request, status, case_id=pk, back=form),
    )  # fmt: skip


urlpatterns = [
    path("signing/", sign_desk, name="sign-desk"),
    path("signing/open/", sitting_open, name="sitting-open"),
    path("signing/<int:sitting_pk>/sign/", sitting_sign, name="sitting-sign"),
    path("<int:pk>/sign/", sign, name="sign"),
    path("<int:pk>/return-signing/", return_signing, name="return-signing"),
]
