"""Searching the trail: who did what, when. Nothing can be changed here, or anywhere."""

from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from dateline.newsroom.trail import Act, TrailEntry

PER_PAGE = 50

MAY_READ = "newsroom.view_trailentry"


class TrailFilters(WagtailFilterSet):
    q = django_filters.CharFilter(label=_("Words in it"), method="with_words")
    person = django_filters.CharFilter(label=_("Who (user name)"), lookup_expr="exact")
    act = django_filters.MultipleChoiceFilter(label=_("What"), choices=Act.choices)
    story = django_filters.NumberFilter(label=_("Story's number"))
    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)

    class Meta:
        model = TrailEntry
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Any], _name: str, words: str) -> QuerySet[Any]:
        for word in words.split()[:8]:
            rows = rows.filter(Q(about__icontains=word) | Q(note__icontains=word))
        return rows


class TimeColumn(Column):
    """To the second: what came before what is what a trail is read for."""

    def get_value(self, instance: TrailEntry) -> str:
        local = instance.at.astimezone(ZoneInfo(settings.TIME_ZONE))
        return f"{local:%H:%M:%S %d.%m.%Y}"


class TrailView(ReportView):
    page_title = _("Trail")
    header_icon = "history"
    index_url_name = "newsroom_trail"
    index_results_url_name = "newsroom_trail_results"
    model = TrailEntry
    filterset_class = TrailFilters
    paginate_by = PER_PAGE
    table_classname = "listing desk-list desk-trail"
    default_ordering = "-pk"
    list_export = ["at", "person", "act", "story", "about", "note", "address"]
    export_filename = "trail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MAY_READ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def columns(self) -> list[Column]:
        full = _full_names()
        return [
            TimeColumn("at", label=_("Time"), width="10.5rem"),
            Column("who", label=_("Who"), accessor=lambda row: full.get(row.person, row.person)),
            Column("act", label=_("What"), accessor=_did),
            TitleColumn("about", label=_("About"), accessor=_about, get_url=_story_url),
            Column("note", label=_("Note")),
            Column("address", label=_("Network address")),
        ]

    def get_base_queryset(self) -> QuerySet[TrailEntry]:
        return TrailEntry.objects.order_by("-pk")


def _full_names() -> dict[str, str]:
    """Of those who are still here; a row of anybody else keeps the user name."""
    people = get_user_model().objects.all()
    return {each.get_username(): each.get_full_name() for each in people if each.get_full_name()}


def _did(row: TrailEntry) -> str:
    return str(Act(row.act).label) if row.act in Act.values else row.act


def _about(row: TrailEntry) -> str:
    return row.about or "–"


def _story_url(row: TrailEntry) -> str | None:
    return reverse("wagtailsnippets_newsroom_story:edit", args=[row.story]) if row.story else None


class TrailMenuItem(MenuItem):
    """Under the menu's other things, for those who may read it."""

    def __init__(self) -> None:
        address = reverse_lazy("newsroom_trail")
        super().__init__(_("Trail"), address, name="trail", icon_name="history", order=900)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_READ))
