"""The case page, its full trail and its chain of responsibility."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from archives.enums import PaperKind
from cases import case_page
from cases.access import allowed
from cases.case_clock import CaseClock
from cases.case_missing import Missing
from cases.case_page import CasePage
from cases.case_trail import Happening, Link
from cases.enums import Distance, MaterialState
from cases.models import Case
from common.errors import Refusal
from organizations.doors import ActorRequest, page
from organizations.enums import Permission
from policies.access import may_dismiss

RECENT = 8
WITHOUT_CASE = {"cases:sign-desk", "cases:filing"}


def address(name: str, pk: int) -> str:
    """Where a page or an act of a case is."""
    return reverse(name) if name in WITHOUT_CASE else reverse(name, args=[pk])


@require_GET
@page(Permission.VIEW_CASE)
def detail(request: ActorRequest, pk: int) -> HttpResponse:
    """What waits, until when, what is missing, who does it; then what the case is and what happened."""
    return show(request, pk)


def show(
    request: ActorRequest, pk: int, refusal: Refusal | None = None, *, status: int = 200, flag_form: Any = None
) -> HttpResponse:
    """The case page, with a refusal on top where an act was not done; `flag_form`: the answer to a mark that was refused."""
    found = case_page.read(request.actor, pk)
    lacking = missing_items(request, found.missing, pk)
    context = {
        "page": found,
        "case": found.case,
        "refusal": refusal,
        "blocked": blocked(found, lacking),
        "lacking": lacking,
        "at_hand": _at_hand(found),
        "next_url": address(found.next.name, pk) if found.next else "",
        "moves": [(label, address(name, pk)) for label, name in found.other_moves],
        "clocks": [(one, _source_url(one, found.case)) for one in found.clocks],
        "may_excuse": allowed(request.actor, found.case, "record_excuse"),
        "items": case_page.items(found.facts),
        "happenings": entries(found.happenings[:RECENT], pk),
        "chain": [chain_row(link, pk) for link in found.chain],
        "docs": documents(found, pk),
        "photos": photos(found, pk),
        "reveal": _reveal_addresses(found),
        "may_answer": may_dismiss(request.actor, found.case.area_code),
        "flag_form": flag_form,
    }
    return render(request, "cases/detail.html", context, status=refusal.status if refusal else status)


def missing_items(request: ActorRequest, lacking: list[Missing], pk: int) -> list[dict[str, str]]:
    """What is missing as the page shows it: a button where the person can supply it, the first of them the primary one."""
    shown: list[dict[str, str]] = []
    for one in lacking:
        may = bool(one.page) and request.actor.holds(one.permission)
        first = may and all(other["level"] != "bad" for other in shown)
        shown.append(
            {
                "level": "bad" if first else "warn",
                "icon": one.icon,
                "what": one.what,
                "who": one.who,
                "why": one.why,
                "url": address(one.page, pk) if may else "",
                "action": one.action if may else "",
            }
        )
    return shown


def blocked(found: CasePage, lacking: list[dict[str, str]]) -> dict[str, str] | None:
    """The red line under the steps: what cannot be done yet, why, and the cure."""
    if not lacking or found.next is None:
        return None
    first = next((one for one in lacking if one["level"] == "bad"), lacking[0])
    why = _("缺%(what)s。%(who)s%(why)s") % {
        "what": first["what"], "who": _("由%(who)s负责。") % {"who": first["who"]} if first["who"] else "", "why": first["why"],
    }  # fmt: skip
    return {
        "what": _("还不能进入“%(stage)s”") % {"stage": found.held_up}, "why": why, "url": first["url"], "action": first["action"],
    }  # fmt: skip


def _at_hand(found: CasePage) -> str:
    """One line about the checklist: how much of it is there."""
    rows = found.facts.materials
    there = [row for row in rows if row["state"] != MaterialState.WANTED]
    by_data = sum(row["state"] == MaterialState.BY_DATA for row in rows)
    if not there:
        return ""
    return _("材料清单 %(all)d 项，已有 %(there)d 项，其中 %(data)d 项由数据核验取得，没有让申请人提交。") % {
        "all": len(rows), "there": len(there), "data": by_data,
    }  # fmt: skip


def _source_url(one: CaseClock, case: Case) -> str:
    return f"{reverse('policies:parameter', args=[one.parameter])}?area={case.area_code}"


def entries(happenings: list[Happening], pk: int) -> list[dict[str, Any]]:
    """The lines as the timeline shows them."""
    return [
        {
            "at": one.at,
            "title": one.title,
            "detail": one.detail,
            "by": one.by,
            "kind": one.kind,
            "url": reverse("cases:paper", args=[pk, one.paper]) if one.paper else "",
            "action": _("打开"),
        }
        for one in happenings
    ]


def chain_row(link: Link, pk: int) -> dict[str, Any]:
    """A link of the chain as the tables show it; the evidence is a paper, or the page of the step."""
    url = reverse("cases:paper", args=[pk, link.paper]) if link.paper else address(link.page, pk)
    return {
        "step": link.step, "who": link.who, "at": link.at, "url": url, "label": link.label,
        "post": link.post, "office": link.office, "basis": link.basis,
    }  # fmt: skip


def documents(found: CasePage, pk: int) -> list[dict[str, Any]]:
    """The papers of the case, the latest first."""
    return [
        {
            "label": PaperKind(row["kind"]).label,
            "url": reverse("cases:paper", args=[pk, row["pk"]]),
            "at": row["issued_at"],
            "note": row["number"],
        }
        for row in reversed(found.facts.papers)
    ]


def photos(found: CasePage, pk: int) -> list[dict[str, str]]:
    """Photographs of the publicity, of the appraisal and of the visit, the latest first."""
    pairs = [
        (
            row["file"],
            _("公示%(what)s　%(day)s") % {"what": Distance(row["distance"]).label, "day": f"{row['taken_on']:%m-%d}"},
        )
        for row in found.facts.publicity_photos
    ]
    pairs += [(row["file"], _("入户照片　%(what)s") % {"what": row["caption"]}) for row in found.facts.survey_photos]
    pairs += [(row["file"], _("评议照片　%(what)s") % {"what": row["caption"]}) for row in found.facts.appraisal_photos]
    return [
        {"url": reverse("cases:file", args=[pk, file]), "alt": words, "caption": words, "tag": "", "level": ""}
        for file, words in reversed(pairs)
    ]


def _reveal_addresses(found: CasePage) -> dict[str, str]:
    """Where a full number is asked for; empty for posts that may not."""
    pk = found.case.pk
    if not found.may_reveal:
        return {"phone": "", "account": ""}
    return {what: reverse("cases:reveal", args=[pk, what, pk]) for what in ("phone", "account")}


@require_GET
@page(Permission.VIEW_CASE)
def timeline(request: ActorRequest, pk: int) -> HttpResponse:
    """Everything that happened, the latest first."""
    held = case_page.case_facts(request.actor, pk)
    happenings = case_page.happenings(request.actor, held)
    return render(request, "cases/timeline.html", {"case": held.case, "happenings": entries(happenings, pk)})


@require_GET
@page(Permission.VIEW_CASE)
def chain(request: ActorRequest, pk: int) -> HttpResponse:
    """Who answers for what, when, under which rule, on what evidence; made to be printed."""
    held = case_page.case_facts(request.actor, pk)
    links = [chain_row(link, pk) for link in case_page.links(request.actor, held)]
    return render(request, "cases/chain.html", {"case": held.case, "village": held.village, "links": links})


urlpatterns = [
    path("<int:pk>/", detail, name="detail"),
    path("<int:pk>/timeline/", timeline, name="timeline"),
    path("<int:pk>/chain/", chain, name="chain"),
]
