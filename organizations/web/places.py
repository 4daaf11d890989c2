"""The system administrator's pages of areas and offices."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from organizations import queries
from organizations.doors import ActorRequest, act_page, is_checked, page
from organizations.enums import OfficeKind, Permission
from organizations.forms import AreaForm, CloseForm, OfficeForm, RecodeForm
from organizations.models import Area, Office
from organizations.services import areas as area_acts
from organizations.services import offices as office_acts

form_page = require_http_methods(["GET", "HEAD", "POST"])
MANAGE = Permission.MANAGE_ORGANIZATION
FORM = "organizations/form.html"


def asked(request: ActorRequest, name: str) -> str:
    """A search parameter as typed, without what no text may hold."""
    return request.GET.get(name, "").replace("\0", "").strip()[:100]


def area_page(code: str) -> str:
    """The address of an area in the tree."""
    return f"{reverse('organizations:areas')}?{urlencode({'at': code})}"


@require_GET
@page(MANAGE)
def areas(request: ActorRequest) -> HttpResponse:
    """The tree of areas, one level at a time, or what a search found."""
    text = asked(request, "q")
    found = queries.search_areas(request.actor, text) if text else None
    place = queries.areas_at(request.actor, "" if text else asked(request, "at"))
    return render(
        request, "organizations/areas.html", {"q": text, "found": found, "limit": queries.SEARCH_LIMIT, **place}
    )


@form_page
@page(MANAGE)
def area_add(request: ActorRequest) -> HttpResponse:
    """Register an area below another one (`?at=` its code)."""
    parent = queries.areas_at(request.actor, asked(request, "at"))["here"]
    prefix = area_acts.prefix(parent)
    form = AreaForm(request.POST or None, ask_code=not is_checked(request), initial={"area_code": prefix})

    def act(values: dict[str, Any]) -> Area:
        return area_acts.add_area(request.actor, code=values.pop("area_code"), parent_code=parent.code, **values)

    return act_page(
        request,
        form,
        act,
        template=FORM,
        done=_("区划已登记。"),
        back=lambda area: area_page(area.parent.code),
        context={
            "title": _("登记下级区划"),
            "facts": [(_("上级区划"), f"{parent.name}（{parent.code}）")],
            "send": _("登记"),
            "back": area_page(parent.code),
            "note": "",
            "tab": "areas",
        },
    )


@form_page
@page(MANAGE)
def area_recode(request: ActorRequest, area_id: int) -> HttpResponse:
    """Give an area a new code or name."""
    old = queries.managed_area(request.actor, area_id)
    initial = {"area_code": old.code, "name": old.name}
    form = RecodeForm(request.POST or None, ask_code=not is_checked(request), initial=initial)

    def act(values: dict[str, Any]) -> Area:
        return area_acts.recode_area(request.actor, old.pk, code=values.pop("area_code"), **values)

    return act_page(
        request,
        form,
        act,
        template=FORM,
        done=_("区划代码已变更，原代码保留备查。"),
        back=lambda area: area_page(area.code),
        context={
            "title": _("变更区划代码"),
            "facts": [(_("现在的代码和名称"), f"{old.code} {old.name}")],
            "send": _("变更"),
            "back": area_page(old.code),
            "tab": "areas",
            "note": _("下级区划的代码随之变更，后几位不变；管辖它的机构同时管辖新旧两个代码，原来的个案不受影响。"),
        },
    )


@require_GET
@page(MANAGE)
def offices(request: ActorRequest) -> HttpResponse:
    """The offices of the administration, with search."""
    text, kind = asked(request, "q"), asked(request, "kind")
    rows = queries.search_offices(request.actor, text, kind, asked(request, "after"))
    shown = rows[: queries.PAGE_SIZE]
    more = urlencode({"q": text, "kind": kind, "after": shown[-1].name}) if len(rows) > len(shown) else ""
    context = {"q": text, "kind": kind, "kinds": OfficeKind.choices, "offices": shown, "more": more}
    return render(request, "organizations/offices.html", context)


def office_form(request: ActorRequest, seat: Area, office: Office | None) -> OfficeForm:
    """The form of an office at a seat."""
    choices = queries.areas_to_choose(seat, office)
    initial: dict[str, Any] = {"area_codes": [seat.code]}
    if office is not None:
        initial = {name: getattr(office, name) for name in office_acts.VALUES if name not in {"seat", "parent"}}
        initial |= {"parent_id": office.parent_id, "area_codes": [area.code for area in office.areas.order_by("code")]}
    others = [one for one in queries.offices_to_choose(request.actor) if office is None or one[0] != office.pk]
    return OfficeForm(
        request.POST or None, ask_code=not is_checked(request), initial=initial, areas=choices, offices=others
    )


def saved_office(request: ActorRequest, office_id: int | None, seat: Area, values: dict[str, Any]) -> Office:
    """Send what an office form holds to the service."""
    codes = values.pop("area_codes") + values.pop("more_codes").split()
    return office_acts.save_office(request.actor, office_id, seat_code=seat.code, area_codes=codes, **values)


@form_page
@page(MANAGE)
def office_add(request: ActorRequest) -> HttpResponse:
    """Register an office seated in an area (`?at=` its code)."""
    seat = queries.areas_at(request.actor, asked(request, "at"))["here"]
    return act_page(
        request,
        office_form(request, seat, None),
        lambda values: saved_office(request, None, seat, values),
        template=FORM,
        done=_("机构已登记。"),
        back=lambda office: reverse("organizations:offices"),
        context={
            "title": _("登记机构"),
            "facts": [(_("所在区划"), f"{seat.name}（{seat.code}）")],
            "send": _("登记"),
            "back": area_page(seat.code),
            "note": "",
            "tab": "offices",
        },
    )


@form_page
@page(MANAGE)
def office_edit(request: ActorRequest, office_id: int) -> HttpResponse:
    """Change an office: its names, what it covers, how it is supervised."""
    office = queries.managed_office(request.actor, office_id)
    seat = office.seat
    return act_page(
        request,
        office_form(request, seat, office),
        lambda values: saved_office(request, office.pk, seat, values),
        template=FORM,
        done=_("机构资料已更新。"),
        back=lambda office: reverse("organizations:offices"),
        context={
            "title": _("修改机构"),
            "facts": [(_("所在区划"), f"{seat.name}（{seat.code}）")],
            "send": _("保存"),
            "back": reverse("organizations:offices"),
            "note": _("管辖范围一改，在这里任职的人的权限随即跟着改。"),
            "tab": "offices",
        },
    )


@form_page
@page(MANAGE)
def office_close(request: ActorRequest, office_id: int) -> HttpResponse:
    """Close an office."""
    office = queries.managed_office(request.actor, office_id)
    form = CloseForm(request.POST or None, ask_code=not is_checked(request))
    return act_page(
        request,
        form,
        lambda values: office_acts.close_office(request.actor, office.pk, **values),
        template=FORM,
        done=_("机构已撤销，历史记录保留。"),
        back=lambda office: reverse("organizations:offices"),
        context={
            "title": _("撤销机构"),
            "facts": [(_("机构"), office.name)],
            "send": _("撤销"),
            "back": reverse("organizations:offices"),
            "note": _("撤销前，先登记全部任职人员的离任。"),
            "tab": "offices",
        },
    )
