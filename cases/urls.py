"""Addresses of the cases; each web module lists its own."""

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
    publicity,
    review,
    signing,
    survey,
)

app_name = "cases"
urlpatterns = [
    *lists.urlpatterns,
    *late.urlpatterns,
    *intake.urlpatterns,
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
