"""The system administrator's pages of accounts, posts, responsibilities and delegations."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from organizations import queries
from organizations.doors import ActorRequest, act_page, is_checked, page
from organizations.enums import AppointmentKind, DelegatedProgramme, OfficeKind
from organizations.forms import (
    AppointForm,
    CloseForm,
    DelegationForm,
    HandOverForm,
    PasswordResetForm,
    ReasonForm,
    ResponsibilityForm,
    UserForm,
)
from organizations.models import Appointment, Responsibility
from organizations.services import appointments, people
from organizations.services import offices as office_acts
from organizations.web.places import FORM, MANAGE, asked, form_page


def user_page(user_id: int) -> str:
    """The address of an account."""
    return reverse("organizations:user", args=[user_id])


@require_GET
@page(MANAGE)
def users(request: ActorRequest) -> HttpResponse:
    """The accounts of the administration, with search."""
    text = asked(request, "q")
    rows = queries.search_users(request.actor, text, asked(request, "after"))
    shown = rows[: queries.PAGE_SIZE]
    more = urlencode({"q": text, "after": shown[-1].username}) if len(rows) > len(shown) else ""
    return render(request, "organizations/users.html", {"q": text, "users": shown, "more": more})


@require_GET
@page(MANAGE)
def user(request: ActorRequest, user_id: int) -> HttpResponse:
    """One account with all its posts, past ones too."""
    return render(request, "organizations/user.html", queries.managed_user(request.actor, user_id))


@sensitive_post_parameters()
@form_page
@page(MANAGE)
def user_add(request: ActorRequest) -> HttpResponse:
    """Open an account with an initial password."""
    form = UserForm(request.POST or None, ask_code=not is_checked(request))
    return act_page(
        request,
        form,
        lambda values: people.add_user(request.actor, **values),
        template=FORM,
        done=_("账号已建立。请安排岗位，并把初始密码当面告诉本人。"),
        back=lambda user: user_page(user.pk),
        context={
            "title": _("新建账号"),
            "facts": [],
            "send": _("建立"),
            "back": reverse("organizations:users"),
            "tab": "users",
            "note": _("一人一个账号，不要共用。"),
        },
    )


@form_page
@page(MANAGE)
def user_active(request: ActorRequest, user_id: int) -> HttpResponse:
    """Disable an account, or enable it again."""
    person = queries.managed_user(request.actor, user_id)["person"]
    enable = not person.is_active
    form = ReasonForm(request.POST or None, ask_code=not is_checked(request))
    return act_page(
        request,
        form,
        lambda values: people.set_user_active(request.actor, person.pk, active=enable, **values),
        template=FORM,
        done=_("账号已启用。") if enable else _("账号已停用，登录的会话随即失效。"),
        back=lambda user: user_page(user.pk),
        context={
            "title": _("启用账号") if enable else _("停用账号"),
            "facts": [(_("账号"), f"{person.name}（{person.username}）")],
            "send": _("启用") if enable else _("停用"),
            "back": user_page(person.pk),
            "tab": "users",
            "note": _("任职记录不变，责任链照旧显示。"),
        },
    )


@sensitive_post_parameters()
@form_page
@page(MANAGE)
def user_password(request: ActorRequest, user_id: int) -> HttpResponse:
    """Give a new initial password."""
    person = queries.managed_user(request.actor, user_id)["person"]
    form = PasswordResetForm(request.POST or None, ask_code=not is_checked(request))
    return act_page(
        request,
        form,
        lambda values: people.reset_password(request.actor, person.pk, **values),
        template=FORM,
        done=_("密码已重置。请把初始密码当面告诉本人。"),
        back=lambda user: user_page(user.pk),
        context={
            "title": _("重置密码"),
            "facts": [(_("账号"), f"{person.name}（{person.username}）")],
            "send": _("重置"),
            "back": user_page(person.pk),
            "note": _("本人下次登录时必须改掉，已登录的会话随即失效。"),
            "tab": "users",
        },
    )


@form_page
@page(MANAGE)
def user_hand_over(request: ActorRequest, user_id: int) -> HttpResponse:
    """Hand the account of a person who moves to another division."""
    person = queries.managed_user(request.actor, user_id)["person"]
    form = HandOverForm(request.POST or None, ask_code=not is_checked(request))
    return act_page(
        request,
        form,
        lambda values: people.hand_over_user(request.actor, person.pk, **values),
        template=FORM,
        done=_("账号已移交，由接收单位的系统管理员管理。"),
        back=lambda user: reverse("organizations:users"),
        context={
            "title": _("移交账号"),
            "facts": [(_("账号"), f"{person.name}（{person.username}）")],
            "send": _("移交"),
            "back": user_page(person.pk),
            "note": _("先登记在本单位全部岗位的离任，再移交。"),
            "tab": "users",
        },
    )


@form_page
@page(MANAGE)
def appoint(request: ActorRequest) -> HttpResponse:
    """Appoint a person (`?user=` the account), or a deputy for a post (`?deputises=` the appointment)."""
    initial: dict[str, Any] = {}
    facts = []
    if asked(request, "deputises").isdecimal():
        held = queries.managed_appointment(request.actor, int(asked(request, "deputises")))
        initial = {
            "deputises_id": held.pk,
            "post": held.post,
            "office_id": held.office_id,
            "kind": AppointmentKind.DEPUTISING,
        }
        facts = [(_("被代理的任职"), f"{held.user.name} {held.office.name} {held.post_title}")]
    elif asked(request, "user").isdecimal():
        initial = {"username": queries.managed_user(request.actor, int(asked(request, "user")))["person"].username}
    form = AppointForm(
        request.POST or None,
        ask_code=not is_checked(request),
        initial=initial,
        offices=queries.offices_to_choose(request.actor),
    )

    def act(values: dict[str, Any]) -> Appointment:
        person = queries.user_of_name(request.actor, values.pop("username"))
        return appointments.appoint(request.actor, user_id=person.pk, **values)

    return act_page(
        request,
        form,
        act,
        template=FORM,
        done=_("任职已登记，权限从任职日期起生效。"),
        back=lambda row: user_page(row.user_id),
        context={
            "title": _("安排岗位"),
            "facts": facts,
            "send": _("登记任职"),
            "back": reverse("organizations:users"),
            "note": _("审核确认与监管、三类管理员之间，不能由一人兼任。"),
            "tab": "users",
        },
    )


@form_page
@page(MANAGE)
def end_appointment(request: ActorRequest, appointment_id: int) -> HttpResponse:
    """End a post on its last day."""
    row = queries.managed_appointment(request.actor, appointment_id)
    form = CloseForm(request.POST or None, ask_code=not is_checked(request))
    return act_page(
        request,
        form,
        lambda values: appointments.end_appointment(request.actor, row.pk, **values),
        template=FORM,
        done=_("离任已登记，权限在最后任职日的次日收回。"),
        back=lambda row: user_page(row.user_id),
        context={
            "title": _("登记离任"),
            "facts": [(_("任职"), f"{row.user.name} {row.office.name} {row.post_title}")],
            "send": _("登记离任"),
            "back": user_page(row.user_id),
            "tab": "users",
            "note": _("任职记录保留，以前办的每一步仍显示当时的经办人。需要立即停权的，请停用账号。"),
        },
    )


@form_page
@page(MANAGE)
def responsibilities(request: ActorRequest) -> HttpResponse:
    """Who answers for which office: the list, and the form to name somebody."""
    form = ResponsibilityForm(
        request.POST or None,
        ask_code=not is_checked(request),
        offices=queries.offices_to_choose(request.actor),
        units=queries.offices_to_choose(request.actor, (OfficeKind.SUPERVISING_UNIT,)),
    )

    def act(values: dict[str, Any]) -> Responsibility:
        username = values.pop("username")
        values["person_id"] = queries.user_of_name(request.actor, username).pk if username else None
        return appointments.name_responsible(request.actor, **values)

    rows = queries.responsibilities(request.actor, asked(request, "q"))
    return act_page(
        request,
        form,
        act,
        template="organizations/responsibilities.html",
        done=_("责任人已登记。"),
        back=lambda row: reverse("organizations:responsibilities"),
        context={"rows": rows, "q": asked(request, "q")},
    )


@form_page
@page(MANAGE)
def end_responsibility(request: ActorRequest, responsibility_id: int) -> HttpResponse:
    """End a responsibility on its last day."""
    row = queries.managed_responsibility(request.actor, responsibility_id)
    form = CloseForm(request.POST or None, ask_code=not is_checked(request))
    holder = row.person.name if row.person else str(row.unit)
    return act_page(
        request,
        form,
        lambda values: appointments.end_responsibility(request.actor, row.pk, **values),
        template=FORM,
        done=_("责任已登记结束。"),
        back=lambda row: reverse("organizations:responsibilities"),
        context={
            "title": _("结束责任登记"),
            "facts": [(row.get_kind_display(), f"{row.office.name} {holder}")],
            "send": _("结束"),
            "back": reverse("organizations:responsibilities"),
            "note": "",
            "tab": "responsibilities",
        },
    )


@form_page
@page(MANAGE)
def delegations(request: ActorRequest) -> HttpResponse:
    """Which programmes a district's towns/streets confirm: the list, and the form to record one."""
    form = DelegationForm(
        request.POST or None,
        ask_code=not is_checked(request),
        districts=queries.districts_to_choose(request.actor),
        programmes=DelegatedProgramme.choices,
    )
    rows = [(row, DelegatedProgramme(row.programme).label) for row in queries.delegations(request.actor)]
    return act_page(
        request,
        form,
        lambda values: office_acts.delegate(request.actor, **values),
        template="organizations/delegations.html",
        done=_("权限下放已登记。"),
        back=lambda row: reverse("organizations:delegations"),
        context={"rows": rows},
    )


@form_page
@page(MANAGE)
def end_delegation(request: ActorRequest, delegation_id: int) -> HttpResponse:
    """Take a delegated authority back."""
    row = queries.managed_delegation(request.actor, delegation_id)
    form = CloseForm(request.POST or None, ask_code=not is_checked(request))
    label = DelegatedProgramme(row.programme).label
    return act_page(
        request,
        form,
        lambda values: office_acts.end_delegation(request.actor, row.pk, **values),
        template=FORM,
        done=_("已登记收回。"),
        back=lambda row: reverse("organizations:delegations"),
        context={
            "title": _("收回下放的权限"),
            "facts": [(_("权限"), f"{row.district.name} {label}")],
            "send": _("收回"),
            "back": reverse("organizations:delegations"),
            "note": _("收回以前作出的决定继续有效。"),
            "tab": "delegations",
        },
    )
