"""The rules pages: what is in force, one rule, documents, calendar, packs in use."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as django_render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.errors import Forbidden, NotFound, Refusal
from organizations.doors import ActorRequest, page, refuse
from organizations.queries import area_name, area_names
from policies import overview, packfiles
from policies.access import may_choose
from policies.choice_forms import ChoiceForm, Shape, shape_of
from policies.forms import CalendarForm, FilterForm, PackForm
from policies.models import LocalChoice, PolicyDocument
from policies.procedure import procedures
from policies.queries import Rules, Value, binding, known
from policies.services.calendar import load_calendar
from policies.services.choices import record_local_choice


def render(request: ActorRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the rules with its row of rooms."""
    return django_render(request, template, {**context, "may_bind": request.actor.holds("bind_pack")}, status=status)


@require_GET
@page()
def rules_in_force(request: ActorRequest) -> HttpResponse:
    """Every rule of an area today: value, where it comes from, wording, reading."""
    areas = overview.areas_to_see(request.actor)
    form = FilterForm(request.GET, areas=areas, initial={"area": request.actor.area})
    wanted = form.cleaned_data if form.is_valid() else {}
    area = overview.shown_area(request.actor, wanted.get("area") or request.GET.get("area", ""))
    rules = Rules(area, clock.today())
    groups = overview.lines(
        rules, text=wanted.get("q", ""), group=wanted.get("group", ""), state=wanted.get("state", "")
    )
    return render(
        request,
        "policies/in_force.html",
        {
            "form": form,
            "groups": groups,
            "count": sum(len(lines) for _title, lines in groups),
            "area": area,
            "area_name": area_name(area),
            "document": rules.document,
            "on": rules.on,
        },
    )


@require_GET
@page()
def procedure(request: ActorRequest) -> HttpResponse:
    """How an area handles an application today: the order of each programme, drawn and step by step (POL-02)."""
    area = overview.shown_area(request.actor, request.GET.get("area", ""))
    rules = Rules(area, clock.today())
    decided, missing = procedures(rules)
    context = {
        "areas": overview.areas_to_see(request.actor),
        "area": area,
        "area_name": area_name(area),
        "document": rules.document,
        "on": rules.on,
        "procedures": decided,
        "missing": missing,
    }
    return render(request, "policies/procedure.html", context)


@require_http_methods(["GET", "POST"])
@page()
def parameter(request: ActorRequest, parameter: str) -> HttpResponse:
    """One rule with its wording, readings, proposals and history; who may, records a choice."""
    definition = known(parameter)
    area = overview.shown_area(request.actor, request.GET.get("area", ""))
    rules = Rules(area, clock.today())
    current = LocalChoice.objects.filter(area_code=area, parameter=definition.key, valid_to=None).first()
    form = None
    if may_choose(request.actor, definition, area) and _has_room(rules, definition.key):
        stated = rules.stated(definition.key)
        shape = shape_of(definition, stated.value if isinstance(stated, Value) and not stated.open else None)
        form = _choice_form(request, shape, current.value if current else packfiles.written(shape.stated))
        if request.method == "POST" and form.is_valid() and _choose(request, form, area):
            return redirect(f"{reverse('policies:parameter', args=[definition.key])}?area={area}")
    elif request.method == "POST":
        record_local_choice(
            request.actor, parameter=parameter, area_code=area, value=None, reason="", valid_from=clock.today()
        )
    return render(request, "policies/parameter.html", _parameter_page(rules, definition.key, form, current))


def _has_room(rules: Rules, key: str) -> bool:
    """Whether a local choice may say anything at all about the rule."""
    return rules.stated(key).open or bool(known(key).refine)


def _choice_form(request: ActorRequest, shape: Shape, current: Any) -> ChoiceForm:
    """The form as posted, or filled with a proposal, with the choice in force, or with what the document states."""
    if request.method == "POST":
        return ChoiceForm(shape, request.POST)
    offered = packfiles.proposals().get(shape.definition.key, ())
    number = request.GET.get("proposal", "")
    begin: dict[str, Any] = {"valid_from": clock.today()}
    if number.isdecimal() and int(number) < len(offered):
        proposal = offered[int(number)]
        begin |= shape.begin(packfiles.written(proposal.value))
        begin["proposal"] = f"{proposal.confidence} {proposal.source}"
    elif current is not None:
        begin |= shape.begin(current)
    return ChoiceForm(shape, initial=begin)


def _choose(request: ActorRequest, form: ChoiceForm, area: str) -> bool:
    seen = request.POST.get("seen", "0")
    try:
        record_local_choice(
            request.actor,
            parameter=form.shape.definition.key,
            area_code=area,
            value=form.written(),
            reason=form.cleaned_data["reason"],
            valid_from=form.cleaned_data["valid_from"],
            proposal=form.cleaned_data["proposal"],
            seen=int(seen) if seen.isdecimal() else 0,
            key=request.POST.get("key") or None,
        )
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        if refusal.field == "value":
            refusal.field = form.value_names[0]
        refuse(request, form, refusal)
        return False
    messages.success(request, _("已登记，从所填日期起执行。"))
    return True


def _parameter_page(rules: Rules, key: str, form: ChoiceForm | None, current: LocalChoice | None) -> dict[str, Any]:
    rule = rules[key]
    return {
        "line": overview.line(rule),
        "quotations": overview.quotations(rule),
        "proposals": overview.proposals(key),
        "choices": overview.choices_made(key, rules.area_code, rules.on),
        "rows": overview.rows_of(key, rules.document.key) if rules.document else [],
        "form": form,
        "seen": current.pk if current else 0,
        "area": rules.area_code,
        "area_name": area_name(rules.area_code),
        "document": rules.document,
    }


@require_GET
@page()
def documents(request: ActorRequest) -> HttpResponse:
    """The library: the founding documents with their basis documents (POL-01, POL-03)."""
    found = PolicyDocument.objects.prefetch_related("named_by").order_by("-kind", "-dated", "key")
    bound = binding(request.actor.area, clock.today()) if request.actor.area else None
    return render(
        request,
        "policies/documents.html",
        {
            "documents": found,
            "bound": bound.document if bound else None,
            "stages": overview.pack_stages(bound.document.key, clock.today()) if bound else [],
        },
    )


@require_http_methods(["GET", "POST"])
@page()
def calendar(request: ActorRequest) -> HttpResponse:
    """The working-day calendar by year; who may, loads a notice."""
    form = None
    if request.actor.holds("manage_calendar") or request.method == "POST":
        form = CalendarForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid() and _load(request, form):
            return redirect("policies:calendar")
    return render(request, "policies/calendar.html", {"years": overview.calendar_years(), "form": form})


def _load(request: ActorRequest, form: CalendarForm) -> bool:
    try:
        load_calendar(
            request.actor,
            year=form.cleaned_data["year"],
            content=form.cleaned_data["file"].read(),
            source=form.cleaned_data["source"],
            key=request.POST.get("key") or None,
        )
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        refuse(request, form, refusal)
        return False
    messages.success(request, _("日历已载入，期限从现在起按新日历计算。"))
    return True


@require_GET
@page("bind_pack")
def bindings(request: ActorRequest) -> HttpResponse:
    """Which document's pack governs which area, and the form to let another one govern it, which leads to the preview."""
    return bindings_page(request, pack_form(request))


def pack_form(request: ActorRequest) -> PackForm:
    """The form as posted, or empty."""
    areas = overview.areas_to_choose(request.actor, "bind_pack")
    titles = dict(PolicyDocument.objects.filter(kind="founding").order_by("key").values_list("key", "title"))
    return PackForm(request.POST or None, request.FILES or None, areas=areas, titles=titles)


def bindings_page(
    request: ActorRequest, form: PackForm, status: int = 200, sentences: Sequence[str] = ()
) -> HttpResponse:
    """The page of the packs in use with a form; `sentences`: what is wrong with the file that was sent."""
    areas = overview.areas_to_choose(request.actor, "bind_pack")
    found = overview.bindings([code for code, _name in areas])
    names = area_names(row.area_code for row in found)
    rows = [{"binding": row, "area": names.get(row.area_code, row.area_code)} for row in found]
    return render(request, "policies/bindings.html", {"form": form, "rows": rows, "sentences": sentences}, status)
