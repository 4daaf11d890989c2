"""All addresses, by room."""

from django.urls import include, path

from common import display
from config import packs, web

urlpatterns = [
    path("", web.start, name="start"),
    path("workbench/", web.workbench, name="workbench"),
    path("healthz", web.healthz, name="healthz"),
    path("readyz", web.readyz, name="readyz"),
    path("drafts/", web.draft, name="draft"),
    path("large-type/", display.large_type, name="large_type"),
    path("account/", include("organizations.account_urls")),
    path("organizations/", include("organizations.urls")),
    path("policies/bindings/preview/", packs.preview_pack, name="pack-preview"),
    path("policies/bindings/load/", packs.load_pack, name="pack-load"),
    path("policies/", include("policies.urls")),
    path("", include("cases.urls")),
    path("archives/", include("archives.urls")),
    path("api/v1/", include("config.api_urls")),
]

handler400 = "config.web.bad_request"
handler403 = "config.web.forbidden"
handler404 = "config.web.not_found"
handler500 = "config.web.server_error"
