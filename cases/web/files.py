"""Papers, files and full numbers of a case, handed out after the case was opened under the actor's scope."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from archives.models import IssuedPaper
from archives.services import render as render_paper
from cases import case_page
from cases.forms.materials import RevealForm
from cases.services.reveal import reveal as reveal_number
from common import files
from common.errors import Invalid, NotFound
from common.models import StoredFile
from organizations.doors import ActorRequest, page
from organizations.enums import Permission

PDF = "application/pdf"


@require_GET
@page(Permission.VIEW_CASE)
def paper(request: ActorRequest, pk: int, paper_pk: int) -> HttpResponse:
    """The PDF of a paper of this case; rendered at the first opening, never again."""
    return paper_pdf(case_page.paper(request.actor, pk, paper_pk))


def paper_pdf(found: IssuedPaper) -> HttpResponse:
    """The PDF of a paper that was opened under the actor's scope."""
    rendered = render_paper(found)
    return _stream(files.open_original(rendered.file), PDF, f"{found.number}.pdf")


@require_GET
@page(Permission.VIEW_CASE)
def file(request: ActorRequest, pk: int, file_pk: int) -> HttpResponse:
    """The display copy of a file that lies in this case; with `?original=1` the bytes as they came."""
    found = case_page.stored_file(request.actor, pk, file_pk)
    if "original" in request.GET:
        return _stream(files.open_original(found), found.content_type, _name(found, pk), download=True)
    return _stream(files.open_display(found), files.display_type(found), _name(found, pk))


def _name(found: StoredFile, pk: int) -> str:
    return f"{pk}-{found.pk}.{found.content_type.rsplit('/', 1)[-1]}"


def _stream(content: Any, content_type: str, name: str, *, download: bool = False) -> HttpResponse:
    response = FileResponse(content, content_type=content_type, as_attachment=download, filename=name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response  # type: ignore[return-value]


WORDS = {"id_number": _("证件号码"), "phone": _("联系电话"), "account": _("银行账号")}


@require_POST
@page(Permission.VIEW_CASE)
def reveal(request: ActorRequest, pk: int, what: str, row: int) -> HttpResponse:
    """A full number, after its reason was recorded."""
    if what not in WORDS:
        raise NotFound()
    form = RevealForm(request.POST)
    if not form.is_valid():
        raise Invalid(form.errors["reason"][0], field="reason")
    value = reveal_number(request.actor, pk, what=what, row=row, reason=form.cleaned_data["reason"])
    held = case_page.case_facts(request.actor, pk)
    context = {"case": held.case, "label": WORDS[what], "value": value, "reason": form.cleaned_data["reason"]}
    response = render(request, "cases/revealed.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("<int:pk>/papers/<int:paper_pk>/", paper, name="paper"),
    path("<int:pk>/files/<int:file_pk>/", file, name="file"),
    path("<int:pk>/reveal/<str:what>/<int:row>/", reveal, name="reveal"),
]
