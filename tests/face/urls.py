"""The addresses that the layouts name, without the apps behind them."""

from django.http import HttpResponse
from django.urls import include, path

from common.display import large_type


def nothing(request):
    return HttpResponse("")


urlpatterns = [
    path("", nothing, name="start"),
    path("workbench/", nothing, name="workbench"),
    path("login/", nothing, name="account_login"),
    path("logout/", nothing, name="account_logout"),
    path("organizations/", include("organizations.urls")),
    path("drafts/", nothing, name="draft"),
    path("password/", nothing, name="account_change_password"),
    path("large-type/", large_type, name="large_type"),
]
