"""All addresses for other systems: `/api/v1/…`."""

from django.urls import include, path

from config import api

app_name = "api"

urlpatterns = [
    path("token/", api.Token.as_view(), name="token"),
    path("schema/", api.Schema.as_view(), name="schema"),
    path("docs/", api.docs, name="docs"),
    path("", include("cases.api")),
]
