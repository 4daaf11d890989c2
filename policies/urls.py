"""Addresses of the rules."""

from django.urls import path

from policies import web

app_name = "policies"

urlpatterns = [
    path("", web.rules_in_force, name="in-force"),
    path("procedure/", web.procedure, name="procedure"),
    path("documents/", web.documents, name="documents"),
    path("calendar/", web.calendar, name="calendar"),
    path("bindings/", web.bindings, name="bindings"),
    path("<str:parameter>/", web.parameter, name="parameter"),
]
