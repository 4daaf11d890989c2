"""The public check page of papers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from archives import queries


@require_GET
def verify(request: HttpRequest, check_code: str) -> HttpResponse:
    """Number, office, date and hash of a paper; nothing of its content, and not to whom it went."""
    paper = queries.by_check_code(check_code)
    return render(request, "archives/verify.html", {"paper": paper}, status=200 if paper else 404)
