"""The addresses of the whole: the newsroom under /desk/, everything else is the site's."""

from django.urls import include, path

urlpatterns = [
    path("desk/", include("dateline.newsroom.urls")),
    path("", include("dateline.site.urls")),
]
