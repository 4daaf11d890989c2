"""How a visitor wants to see the pages: large type (适老化), kept in a cookie of one year."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

Answer = TypeVar("Answer", bound=HttpResponse)
YEAR = 365 * 24 * 60 * 60


@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Switch large type on or off and go back to the page."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    return remember(request, HttpResponseRedirect(target), on=request.POST.get("on") == "1")


def remember(request: HttpRequest, answer: Answer, *, on: bool) -> Answer:
    """The answer with the cookie that keeps large type, or takes it back."""
    if on:
        answer.set_cookie("large", "1", max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    else:
        answer.delete_cookie("large", samesite="Lax")
    return answer
