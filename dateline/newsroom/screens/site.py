"""What shapes the site: topics, people and places, sections, pages, editions. Saved is released."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from dateline.newsroom.documents import Edition, Section, StandingPage, Topic
from dateline.newsroom.entities import Entity
from dateline.newsroom.screens.entities import ENTITY_PANELS, EntityCreateView, EntityEditView
from dateline.newsroom.screens.renaming import TOPIC_PANELS, TopicEditView
from dateline.newsroom.story import StoryTopic


class SiteViewSet(SnippetViewSet):
    """Common to all: no copying, because addresses are unique."""

    copy_view_enabled = False
    related: tuple[str, ...] = ("edition__locale",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = self.model._default_manager.select_related(*self.related)
        return found


class EditionViewSet(SiteViewSet):
    model = Edition
    icon = "site"
    related = ("locale",)
    list_display = ["name", "title", "order"]


class SectionViewSet(SiteViewSet):
    model = Section
    icon = "folder-open-1"
    list_display = ["name", "slug", "edition", "order"]
    list_filter = ["edition"]
    search_fields = ["name", "slug"]


class TopicViewSet(SiteViewSet):
    model = Topic
    icon = "tag"
    list_display = ["name", "slug", "edition", Column("stories", label=_("Stories"))]
    list_filter = ["edition"]
    search_fields = ["name", "slug"]
    list_per_page = 50
    edit_handler = TOPIC_PANELS
    edit_view_class = TopicEditView

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Topics with how many stories each has; an address that leads to another is none."""
        rows = StoryTopic.objects.filter(topic=OuterRef("pk")).order_by().values("topic")
        count = Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)
        return super().get_queryset(request).filter(merged_into=None).annotate(stories=count)


class EntityViewSet(SiteViewSet):
    model = Entity
    icon = "group"
    list_display = ["name", "kind", "edition", "wikidata"]
    list_filter = ["edition", "kind"]
    search_fields = ["name", "slug", "wikidata"]
    list_per_page = 50
    panels = ENTITY_PANELS
    add_view_class = EntityCreateView
    edit_view_class = EntityEditView


class StandingPageViewSet(SiteViewSet):
    model = StandingPage
    icon = "doc-empty"
    list_display = ["title", "slug", "edition", "order"]
    list_filter = ["edition"]


class SiteGroup(SnippetViewSetGroup):
    menu_label = _("Site")
    menu_name = "site"
    menu_icon = "site"
    menu_order = 20
    items = (
        TopicViewSet,
        EntityViewSet,
        SectionViewSet,
        StandingPageViewSet,
        EditionViewSet,
    )
