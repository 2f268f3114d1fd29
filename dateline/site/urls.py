"""Addresses of the site, as the design lists them. `dateline.addresses` makes what these read."""

from django.urls import include, path, re_path

from dateline.addresses import ENTITY_FOLDERS
from dateline.site import views

EDITION = r"(?P<edition>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)"
FEED = r"feed\.(?P<ending>rss|atom)"
SLUG = r"(?P<slug>[\w-]+)"
FOLDER = rf"(?P<folder>{'|'.join(ENTITY_FOLDERS.values())})"
DAY = r"(?P<year>[0-9]{4})/(?P<month>[0-9]{2})/(?P<day>[0-9]{2})"
# Nineteen digits hold every story number; what follows them is for people and may be anything.
STORY = r"(?P<section>[\w-]+)/(?P<number>[0-9]{1,19})(?:-[^/]*)?"

_in_edition = [
    path("", views.front, name="front"),
    re_path(rf"^{FEED}$", views.edition_feed, name="edition-feed"),
    path("latest/", views.latest, name="latest"),
    re_path(rf"^latest/{FEED}$", views.edition_feed, name="latest-feed"),
    path("corrections/", views.corrections, name="corrections"),
    re_path(rf"^corrections/{FEED}$", views.corrections_feed, name="corrections-feed"),
    re_path(rf"^{DAY}/$", views.day, name="day"),
    re_path(rf"^topic/{SLUG}/$", views.topic, name="topic"),
    re_path(rf"^topic/{SLUG}/{FEED}$", views.topic_feed, name="topic-feed"),
    re_path(rf"^{FOLDER}/{SLUG}/$", views.entity, name="entity"),
    re_path(rf"^{FOLDER}/{SLUG}/{FEED}$", views.entity_feed, name="entity-feed"),
    re_path(rf"^{SLUG}/$", views.section_or_page, name="section"),
    re_path(rf"^{SLUG}/{FEED}$", views.section_feed, name="section-feed"),
    re_path(rf"^{STORY}/?$", views.story, name="story"),
]

app_name = "site"
urlpatterns = [
    path("", views.front_door, name="front-door"),
    path("robots.txt", views.robots, name="robots"),
    re_path(rf"^{EDITION}/", include(_in_edition)),
]
