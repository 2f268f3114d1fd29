"""The addresses of the whole: the newsroom under /desk/, the clients' machines under /api/,
everything else is the site's."""

from django.urls import include, path

from dateline.newsroom.urls import outside
from dateline.serving.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("desk/", include("dateline.newsroom.urls")),
    path("preview/", include(outside)),
    path("api/v1/", include("dateline.wire.api")),
    path("", include("dateline.site.urls")),
]

# Addresses of no known form, and faults of ours, have pages in the reader's language too.
handler404 = "dateline.site.views.not_found"
handler500 = "dateline.site.views.server_error"
