"""The site's addresses and the floor of its pages: a bare view for a signed-in person."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from organizations.doors import page


@page()
def bare(request: HttpRequest) -> HttpResponse:
    """Session, user and actor, and nothing else."""
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare, name="bare"), path("", include("config.urls"))]
handler400 = "config.web.bad_request"
handler403 = "config.web.forbidden"
handler404 = "config.web.not_found"
handler500 = "config.web.server_error"
