"""区级备案: a street sends its results in one summary; the district reads it, and receives it with its remarks."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases import filing_page
from cases.forms.filing import FilingForm, ReceiptForm
from cases.services import filing as services
from cases.web.files import paper_pdf
from common.errors import Forbidden, NotFound, Refusal
from organizations.doors import ActorRequest, form_key, page, refuse
from organizations.enums import Permission


def show(request: ActorRequest, status: int = 200, form: FilingForm | None = None) -> HttpResponse:
    """What waits to be sent or is late, and the summaries. A refused form keeps what was ticked."""
    actor = request.actor
    may_file, may_receive = actor.holds(Permission.FILE_RESULTS), actor.holds(Permission.RECEIVE_FILING)
    due = filing_page.due(actor)
    before = request.GET.get("before", "")
    found = filing_page.summaries(actor, int(before) if before.isdecimal() else None)
    ticked = set(form.data.getlist("cases")) if form else {str(row.case.pk) for row in due}  # type: ignore[attr-defined]
    context = {
        "may_file": may_file,
        "may_receive": may_receive,
        "due": [{"row": row, "ticked": str(row.case.pk) in ticked} for row in due],
        "late": filing_page.late_by_street(due),
        "summaries": found,
        "older_url": f"?before={found.older}" if found.older else "",
        "newest_url": reverse("cases:filing") if before else "",
        "form": form,
    }
    return render(request, "cases/filing/filing.html", context, status=status)


@require_GET
@page()
def filing(request: ActorRequest) -> HttpResponse:
    """The street's page of results to be filed, the district's page of summaries."""
    if not may_list(request):
        raise Forbidden()
    return show(request)


def may_list(request: ActorRequest) -> bool:
    """Whether the post sends or receives summaries."""
    return request.actor.holds(Permission.FILE_RESULTS) or request.actor.holds(Permission.RECEIVE_FILING)


@require_POST
@page(Permission.FILE_RESULTS)
def send(request: ActorRequest) -> HttpResponse:
    """Send the ticked results in one summary."""
    form = FilingForm(request.POST)
    if not form.is_valid():
        return show(request, 422, form)
    try:
        sent = services.file_results(
            request.actor, seen=seen_versions(request, form.cleaned_data["cases"]), key=form_key(request)
        )
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        refuse(request, form, refusal)
        return show(request, refusal.status, form)
    messages.success(request, _("已上报区级备案，汇总表可以打开、打印。"))
    return redirect("cases:filing-summary", sent.pk)


def seen_versions(request: ActorRequest, case_ids: list[int]) -> dict[int, int]:
    """The version of each case that the page showed."""
    shown = {pk: request.POST.get(f"seen-{pk}", "") for pk in case_ids}
    return {pk: int(text) if text.isdecimal() else 0 for pk, text in shown.items()}


def show_summary(request: ActorRequest, pk: int, status: int = 200, form: Any = None) -> HttpResponse:
    """One summary with its results, and the receipt's form for the district."""
    context = {
        "page": filing_page.summary(request.actor, pk),
        "form": form or ReceiptForm(),
        "may_list": may_list(request),
    }
    return render(request, "cases/filing/summary.html", context, status=status)


@require_GET
@page(Permission.VIEW_CASE)
def summary(request: ActorRequest, filing_pk: int) -> HttpResponse:
    """One summary."""
    return show_summary(request, filing_pk)


@require_POST
@page(Permission.RECEIVE_FILING)
def receive(request: ActorRequest, filing_pk: int) -> HttpResponse:
    """The district's receipt with its remarks."""
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return show_summary(request, filing_pk, 422, form)
    try:
        services.receive_filing(request.actor, filing_pk, **form.cleaned_data, key=form_key(request))
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        refuse(request, form, refusal)
        return show_summary(request, filing_pk, refusal.status, form)
    messages.success(request, _("已签收，街道能看到签收时间和意见。"))
    return redirect("cases:filing")


@require_GET
@page(Permission.VIEW_CASE)
def paper(request: ActorRequest, filing_pk: int) -> HttpResponse:
    """The PDF of the summary."""
    return paper_pdf(filing_page.paper(request.actor, filing_pk))


urlpatterns = [
    path("filing/", filing, name="filing"),
    path("filing/send/", send, name="filing-send"),
    path("filing/<int:filing_pk>/", summary, name="filing-summary"),
    path("filing/<int:filing_pk>/receive/", receive, name="filing-receive"),
    path("filing/<int:filing_pk>/paper/", paper, name="filing-paper"),
]
