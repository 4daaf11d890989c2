"""Addresses of the cases; each web module lists its own. What residents use stands at the site's root."""

from django.urls import include, path

from cases.web import (
    appraisal,
    check,
    decision,
    detail,
    files,
    filing,
    flags,
    intake,
    late,
    lists,
    materials,
    online,
    publicity,
    resident,
    review,
    signing,
    survey,
)

app_name = "cases"
for_offices = [
    *lists.urlpatterns,
    *late.urlpatterns,
    *intake.urlpatterns,
    *online.urlpatterns,
    *detail.urlpatterns,
    *materials.urlpatterns,
    *files.urlpatterns,
    *survey.urlpatterns,
    *check.urlpatterns,
    *appraisal.urlpatterns,
    *review.urlpatterns,
    *publicity.urlpatterns,
    *signing.urlpatterns,
    *decision.urlpatterns,
    *filing.urlpatterns,
    *flags.urlpatterns,
]
urlpatterns = [path("cases/", include(for_offices)), *resident.urlpatterns]
