"""The checklist with its files, the one-time notice, acceptance; the authorizations of the adults."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from archives.enums import PaperKind
from cases import case_page
from cases.access import allowed
from cases.enums import MaterialState, Signer
from cases.forms.materials import AuthorizationForm, ByDataForm, UploadForm
from cases.services import materials as services
from cases.web.acting import act_button, act_form, sent
from common import clock
from organizations.doors import ActorRequest, page
from organizations.enums import Permission


@require_GET
@page(Permission.VIEW_CASE)
def materials(request: ActorRequest, pk: int) -> HttpResponse:
    """The checklist: what is there, what is missing, all versions."""
    return _materials(request, pk)


def _materials(
    request: ActorRequest, pk: int, status: int = 200, upload: UploadForm | None = None, data: ByDataForm | None = None
) -> HttpResponse:
    """The page; `upload` or `data` is a form that was refused and stands in its own row again."""
    held = case_page.case_facts(request.actor, pk)
    items = case_page.materials(held.case)
    may = allowed(request.actor, held.case, "add_material")
    context = {
        "case": held.case,
        "rows": [_row(item, upload, data) for item in items],
        "wanted": case_page.wanted(items),
        "notices": [row for row in held.papers if row["kind"] == PaperKind.MISSING_NOTICE],
        "may_add": may,
        "may_ask": allowed(request.actor, held.case, "ask_missing"),
        "may_accept": allowed(request.actor, held.case, "accept"),
    }
    return render(request, "cases/materials/materials.html", context, status=status)


def _row(item: case_page.MaterialView, upload: UploadForm | None, data: ByDataForm | None) -> dict[str, Any]:
    own = str(item.row.pk)
    initial = {"material_id": own}
    refused_upload = upload is not None and upload.data.get("material_id") == own
    refused_data = data is not None and data.data.get("material_id") == own
    return {
        "item": item,
        "level": _level(item.row.required, item.row.state),
        "upload": upload
        if refused_upload
        else UploadForm(initial=initial, again=bool(item.files), auto_id=f"u{own}_%s"),
        "data": data if refused_data else ByDataForm(initial=initial, auto_id=f"d{own}_%s"),
        "show_note": not item.row.required or item.row.state == MaterialState.BY_DATA,
        "open": refused_upload or refused_data,
    }


def _level(required: bool, state: str) -> str:
    if state != MaterialState.WANTED:
        return "ok"
    return "warn" if required else ""


@require_POST
@page(Permission.VIEW_CASE)
def material_add(request: ActorRequest, pk: int) -> HttpResponse:
    """Keep a file for an item."""
    form = UploadForm(request.POST, request.FILES, again=True)

    def act() -> Any:
        said = form.cleaned_data
        return services.add_material(
            request.actor,
            pk,
            material_id=said["material_id"],
            upload=said["file"],
            reason=said["reason"],
            **sent(request),
        )

    return act_form(
        request, form, act, again=lambda status: _materials(request, pk, status, upload=form),
        done=_("材料已收。"), to="cases:materials",
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def material_by_data(request: ActorRequest, pk: int) -> HttpResponse:
    """Mark an item as proven by government data."""
    form = ByDataForm(request.POST)
    return act_form(
        request, form, lambda: services.material_by_data(request.actor, pk, **form.cleaned_data, **sent(request)),
        again=lambda status: _materials(request, pk, status, data=form), done=_("已登记由政务数据核验。"), to="cases:materials",
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def ask_missing(request: ActorRequest, pk: int) -> HttpResponse:
    """Issue the one notice of all that is missing."""
    return act_button(
        request, pk, lambda: services.ask_missing(request.actor, pk, **sent(request)),
        _("一次性告知书已编号，请打印交给申请人。"),
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def accept(request: ActorRequest, pk: int) -> HttpResponse:
    """Accept the application."""
    return act_button(
        request, pk, lambda: services.accept(request.actor, pk, **sent(request)), _("已受理，时限开始计算。")
    )


# --- 核对授权 ---------------------------------------------------------------------------------------------------------


@require_GET
@page(Permission.VIEW_CASE)
def authorizations(request: ActorRequest, pk: int) -> HttpResponse:
    """Who has authorized the check, and what is still to be signed."""
    return _authorizations(request, pk)


def _authorizations(
    request: ActorRequest, pk: int, status: int = 200, form: AuthorizationForm | None = None
) -> HttpResponse:
    held = case_page.case_facts(request.actor, pk)
    signed = {row["member"]: row for row in held.authorizations}
    letters = {row["owner_id"]: row for row in held.papers if row["kind"] == PaperKind.AUTHORIZATION}
    people = [one for one in case_page.members(held, clock.today()) if one.adult]
    rows = [
        {
            "member": one,
            "signed": signed.get(one.row.pk),
            "letter": letters.get(str(one.row.pk)),
            "form": form if form and form.data.get("member_id") == str(one.row.pk) else _authorization_form(one),
        }
        for one in people
    ]
    context = {
        "case": held.case,
        "rows": rows,
        "may": allowed(request.actor, held.case, "authorize"),
        "left": sum(row["signed"] is None for row in rows),
        "signers": dict(Signer.choices),
    }
    return render(request, "cases/materials/authorizations.html", context, status=status)


def _authorization_form(one: case_page.MemberView) -> AuthorizationForm:
    """The form with what follows from the member: people with capacity sign for themselves."""
    own = Signer.APPLICANT if one.row.relation == "self" else Signer.MEMBER
    initial = {
        "member_id": one.row.pk,
        "signer": own if one.row.has_capacity else Signer.GUARDIAN,
        "signer_name": one.row.name if one.row.has_capacity else "",
        "signed_on": clock.today(),
    }
    return AuthorizationForm(initial=initial, auto_id=f"m{one.row.pk}_%s")


@require_POST
@page(Permission.VIEW_CASE)
def authorization_print(request: ActorRequest, pk: int) -> HttpResponse:
    """Issue the letter of one member, to be signed on paper."""
    member = request.POST.get("member_id", "")
    return act_button(
        request, pk,
        lambda: services.print_authorization(
            request.actor, pk, member_id=int(member) if member.isdecimal() else 0, **sent(request)
        ),
        _("授权书已编号，请打印，由本人当面签署后上传扫描件。"), "cases:authorizations",
    )  # fmt: skip


@require_POST
@page(Permission.VIEW_CASE)
def authorize(request: ActorRequest, pk: int) -> HttpResponse:
    """Record the signed letter of one member."""
    form = AuthorizationForm(request.POST, request.FILES)
    return act_form(
        request, form, lambda: services.authorize(request.actor, pk, **form.cleaned_data, **sent(request)),
        again=lambda status: _authorizations(request, pk, status, form), done=_("授权已登记。"), to="cases:authorizations",
    )  # fmt: skip


urlpatterns = [
    path("<int:pk>/materials/", materials, name="materials"),
    path("<int:pk>/material-add/", material_add, name="material-add"),
    path("<int:pk>/material-by-data/", material_by_data, name="material-by-data"),
    path("<int:pk>/ask-missing/", ask_missing, name="ask-missing"),
    path("<int:pk>/accept/", accept, name="accept"),
    path("<int:pk>/authorizations/", authorizations, name="authorizations"),
    path("<int:pk>/authorization-print/", authorization_print, name="authorization-print"),
    path("<int:pk>/authorize/", authorize, name="authorize"),
]
