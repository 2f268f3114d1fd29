"""The list of stories that an editor lives in: newest change first, filters, search.

The number of queries does not grow with the rows, and none of them reads a story's text. Filters
and the count go by indexes (measured at 100,000 stories).
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, LocaleFilter, WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, TitleColumn
from wagtail.admin.utils import set_query_params
from wagtail.admin.widgets.button import Button, ButtonWithDropdown, HeaderButton
from wagtail.snippets.views.snippets import IndexView

from dateline.newsroom.desks import Desk
from dateline.newsroom.documents import Edition, Section
from dateline.newsroom.screens.paging import BoundedPaginator
from dateline.newsroom.screens.states import LABELS, in_state, with_states
from dateline.newsroom.screens.translating import MAY_TRANSLATE
from dateline.newsroom.story import Story

PER_PAGE = 50


class StoryFilters(WagtailFilterSet):
    locale = LocaleFilter(
        label=gettext_lazy("Edition"), empty_label=gettext_lazy("All"), widget=forms.RadioSelect
    )
    section = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Section"),
        queryset=Section.objects.select_related("edition__locale"),
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    urgency = django_filters.ChoiceFilter(
        label=gettext_lazy("Urgency"),
        choices=Story.Urgency.choices,
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=list(LABELS.items()),
        empty_label=gettext_lazy("All"),
        method="filter_state",
        widget=forms.RadioSelect,
    )
    created_by = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Who"),
        queryset=get_user_model().objects.filter(is_active=True).order_by("username"),
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    desk = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Desk"),
        queryset=Desk.objects.all(),
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    assignee = django_filters.ModelChoiceFilter(
        label=gettext_lazy("To be done by"),
        queryset=get_user_model().objects.filter(is_active=True).order_by("username"),
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    updated_at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Changed"), widget=DateRangePickerWidget
    )

    class Meta:
        model = Story
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        editions = Edition.objects.values_list("locale__language_code", "name")
        self.filters["locale"].extra["choices"] = list(editions)
        self.filters["created_by"].field.label_from_instance = name_of
        self.filters["assignee"].field.label_from_instance = name_of

    def filter_state(self, stories: QuerySet[Story], _name: str, state: str) -> QuerySet[Story]:
        return in_state(stories, state) if state else stories


class Cell(Column):
    """A column whose cell has a template of ours."""

    def __init__(self, name: str, *, template: str, **kwargs: Any) -> None:
        super().__init__(name, accessor=lambda story: story, **kwargs)
        self.cell_template_name = f"newsroom/list/{template}.html"


class StoryIndexView(IndexView):
    page_title = gettext_lazy("Stories")
    default_ordering = "-updated_at"
    filterset_class = StoryFilters
    paginate_by = PER_PAGE
    paginator_class = BoundedPaginator
    is_searchable = True
    table_classname = "listing desk-list"

    @cached_property
    def columns(self) -> list[Any]:
        headline = self._get_title_column_class(TitleColumn)
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="snippet"),
            Cell("time", template="time", label=_("Time"), sort_key="updated_at", width="6.5rem"),
            Cell(
                "urgency",
                template="urgency",
                label=_("Urgency"),
                sort_key="urgency",
                width="7.5rem",
            ),
            headline(
                "headline",
                label=_("Headline"),
                accessor=newest_headline,
                get_url=self.get_edit_url,
                get_title_id=lambda story: f"snippet_{story.pk}_title",
            ),
            Cell("section", template="section", label=_("Section"), width="10%"),
            Cell("edition", template="edition", label=_("Edition"), width="5rem"),
            Cell("state", template="state", label=_("State"), width="11%"),
            Cell("who", template="who", label=_("Who"), width="11%"),
        ]

    def get_base_queryset(self) -> QuerySet[Story]:
        return (
            super()
            .get_base_queryset()
            .select_related("section", "locale", "created_by", "latest_revision__user")
            .defer("body", "latest_revision__content", "search_text")
        )

    def order_queryset(self, queryset: QuerySet[Story]) -> QuerySet[Story]:
        match self.ordering:
            case "urgency" | "-urgency":
                return queryset.order_by(self.ordering, "-updated_at", "-pk")
            case "updated_at":
                return queryset.order_by("updated_at", "pk")
        return queryset.order_by("-updated_at", "-pk")

    def search_queryset(self, queryset: QuerySet[Story]) -> QuerySet[Story]:
        return queryset.matching(self.search_query) if self.is_searching else queryset  # type: ignore

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator, page, stories, more = super().paginate_queryset(queryset, page_size)
        now = timezone.now()
        for story in with_states(stories):
            story.shown_at = last_moment(story)
            story.shown_time = short_time(story.shown_at, now=now)
            story.who = name_of(editor_of(story))
        page.object_list = stories
        self._translated = _locales_by_key(stories)
        return paginator, page, stories, more

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """A new story in either edition is one click."""
        if not self.user_has_permission("add"):
            return []
        add = reverse(self.add_url_name)
        return [
            HeaderButton(
                _("New story: %(edition)s") % {"edition": edition.name},
                url=set_query_params(add, {"locale": edition.code}),
                icon_name="plus",
                priority=place,
            )
            for place, edition in enumerate(Edition.objects.select_related("locale"))
        ]

    def get_list_buttons(self, instance: Story) -> list[Any]:
        """Made here from what the page holds: Wagtail's own would ask the database for each row."""
        buttons = [
            Button(label, url=url, icon_name=icon, priority=place)
            for place, (label, url, icon) in enumerate(self._row_actions(instance))
            if url
        ]
        if not buttons:
            return []
        label = _("More options for '%(title)s'") % {"title": instance}
        return [
            ButtonWithDropdown(
                buttons=buttons, icon_name="dots-horizontal", attrs={"aria-label": label}
            )
        ]

    def _row_actions(self, story: Story) -> list[tuple[str, str | None, str]]:
        may_release = self.user_has_permission("publish")
        return [
            (_("Edit"), self.get_edit_url(story), "edit"),
            (_("Translate"), self._translate_url(story), "globe"),
            (
                _("Kill"),
                self._url("unpublish", story)
                if may_release and (story.live or story.withheld_at)
                else None,
                "cross",
            ),
            (_("Delete"), None if story.released else self.get_delete_url(story), "bin"),
        ]

    def _translate_url(self, story: Story) -> str | None:
        if not self.request.user.has_perm(MAY_TRANSLATE):
            return None
        if self._editions <= self._translated.get(story.translation_key, set()):
            return None
        return reverse("newsroom_translate", args=[story.pk])

    @cached_property
    def _editions(self) -> set[int]:
        return set(Edition.objects.values_list("locale_id", flat=True))

    def _url(self, name: str, story: Story) -> str:
        return reverse(f"wagtailsnippets_newsroom_story:{name}", args=[story.pk])


def newest_headline(story: Story) -> str:
    """That of the newest draft, which is what the editor last wrote."""
    return str(story.latest_revision.object_str if story.latest_revision else story)


def editor_of(story: Story) -> Any:
    """Who changed it last, else who began it."""
    revision = story.latest_revision
    return (revision.user if revision else None) or story.created_by


def name_of(user: Any) -> str:
    return str(user.get_full_name() or user.get_username()) if user else ""


def last_moment(story: Story) -> datetime:
    """When it was released if nothing changed since, else when it was changed."""
    if story.live and not story.has_unpublished_changes and story.last_published_at:
        return story.last_published_at
    return story.updated_at


def short_time(moment: datetime, *, now: datetime) -> str:
    """The hour today, hour and date before, in the agency's zone."""
    zone = ZoneInfo(settings.TIME_ZONE)
    local = moment.astimezone(zone)
    same_day = local.date() == now.astimezone(zone).date()
    return f"{local:%H:%M}" if same_day else f"{local:%H:%M %d.%m.%Y}"


def _locales_by_key(stories: list[Story]) -> dict[Any, set[int]]:
    """In which editions the stories of a page are, by what their translations share."""
    keys = [story.translation_key for story in stories]
    found: dict[Any, set[int]] = {}
    rows = Story.objects.filter(translation_key__in=keys).order_by()
    for key, locale in rows.values_list("translation_key", "locale_id"):
        found.setdefault(key, set()).add(locale)
    return found
