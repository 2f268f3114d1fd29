"""The list of translations that are behind their sources, the gravest and longest first."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from dateline.newsroom.clock import agency_time
from dateline.newsroom.documents import Edition
from dateline.newsroom.screens.home import DeskPanel
from dateline.newsroom.screens.listing import editor_of, name_of, newest_headline
from dateline.newsroom.screens.translating import edit_url
from dateline.newsroom.story import Story
from dateline.newsroom.translations import Behind

PER_PAGE = 50


class BehindFilters(WagtailFilterSet):
    edition = django_filters.ChoiceFilter(
        label=_("Edition"),
        field_name="translation__locale__language_code",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Behind
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        editions = Edition.objects.values_list("locale__language_code", "name")
        self.filters["edition"].extra["choices"] = list(editions)


class BehindView(ReportView):
    page_title = _("Behind its source")
    header_icon = "globe"
    index_url_name = "newsroom_behind"
    index_results_url_name = "newsroom_behind_results"
    model = Behind
    filterset_class = BehindFilters
    paginate_by = PER_PAGE
    table_classname = "listing desk-list"
    is_searchable = False
    list_export: list[str] = []

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column("since", label=_("Behind since"), accessor=lambda row: agency_time(row.since)),
            Column("severity", label=_("Source was"), accessor="get_severity_display"),
            TitleColumn(
                "translation",
                label=_("Translation"),
                accessor=lambda row: newest_headline(row.translation),
                get_url=lambda row: edit_url(row.translation),
            ),
            Column(
                "edition",
                label=_("Edition"),
                accessor=lambda row: row.translation.locale.language_code.upper(),
            ),
            Column("follows", label=_("Follows"), accessor=_follows),
            Column("source", label=_("Source"), accessor=lambda row: row.source.headline),
            Column("note", label=_("Note"), accessor="note"),
            Column(
                "who", label=_("Who"), accessor=lambda row: name_of(editor_of(row.translation))
            ),
        ]

    def get_base_queryset(self) -> QuerySet[Behind]:
        return behind()


def behind() -> QuerySet[Behind]:
    """The gravest first, of those the longest behind; without the texts."""
    return (
        Behind.objects.select_related(
            "source",
            "translation__locale",
            "translation__created_by",
            "translation__latest_revision__user",
        )
        .defer("source__body", "translation__body", "translation__latest_revision__content")
        .order_by("-severity", "since", "pk")
    )


def _follows(row: Behind) -> str:
    """Which version of how many: `2 → 4`."""
    return f"{row.translation.follows_version or '–'} → {row.source.version}"


class BehindPanel(DeskPanel):
    """On the home screen, only while there are any."""

    order = 105
    name = "behind"
    heading = _("Behind its source")
    empty = ""

    def stories(self) -> QuerySet[Story]:
        return Story.objects.filter(behind__isnull=False).order_by(
            "-behind__severity", "behind__since"
        )

    def more_url(self) -> str:
        return reverse("newsroom_behind")


def behind_panel(request: HttpRequest) -> list[DeskPanel]:
    return [BehindPanel(request)] if Behind.objects.exists() else []


class BehindMenuItem(MenuItem):
    def __init__(self) -> None:
        address = reverse_lazy("newsroom_behind")
        super().__init__(_("Behind"), address, name="behind", icon_name="globe", order=15)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("newsroom.change_story"))
