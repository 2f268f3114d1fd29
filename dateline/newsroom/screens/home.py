"""The desk's home: my drafts, what waits for the desk, and what was released today."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from dateline.newsroom.screens.listing import (
    editor_of,
    last_moment,
    name_of,
    newest_headline,
    short_time,
)
from dateline.newsroom.screens.states import State, in_state, with_states
from dateline.newsroom.story import Story

MOST = 10
"""Rows of each list: what is seen at one glance. The rest is a link away."""


class DeskPanel(Component):
    """One list of stories on the home screen."""

    order = 100
    template_name = "newsroom/home/panel.html"
    name = ""
    heading: Any = ""
    empty: Any = ""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def stories(self) -> QuerySet[Story]:
        raise NotImplementedError

    def more(self) -> dict[str, str]:
        """The list's filters that show all of them."""
        return {}

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        found = self.stories().select_related("locale", "created_by", "latest_revision__user")
        found = found.defer("body", "latest_revision__content", "search_text")
        now = timezone.now()
        stories = with_states(found[:MOST])
        return {
            "panel": self,
            "rows": [_row(story, now) for story in stories],
            "more_url": self.more_url(),
        }

    def more_url(self) -> str:
        """Where all of them are."""
        return f"{reverse('wagtailsnippets_newsroom_story:list')}?{urlencode(self.more())}"


class MyDrafts(DeskPanel):
    order = 100
    name = "my-drafts"
    heading = _("My drafts")
    empty = _("What you begin and have not sent to the desk or released will be here.")

    def stories(self) -> QuerySet[Story]:
        mine = Story.objects.filter(created_by=self.request.user)
        return in_state(mine, State.DRAFT).order_by("-updated_at", "-pk")

    def more(self) -> dict[str, str]:
        return {"created_by": str(self.request.user.pk), "state": State.DRAFT}


class InReview(DeskPanel):
    order = 110
    name = "in-review"
    heading = _("Waiting for the desk")
    empty = _("Stories sent to the desk will be here.")

    def stories(self) -> QuerySet[Story]:
        # The longest wait on top.
        return in_state(Story.objects.all(), State.IN_REVIEW).order_by("updated_at", "pk")

    def more(self) -> dict[str, str]:
        return {"state": State.IN_REVIEW}


class ReleasedToday(DeskPanel):
    order = 120
    name = "released-today"
    heading = _("Released today")
    empty = _("Today's releases will be here, the newest on top.")

    def stories(self) -> QuerySet[Story]:
        since = midnight(timezone.now())
        return Story.objects.filter(live=True, last_published_at__gte=since).order_by(
            "-last_published_at", "-pk"
        )

    def more(self) -> dict[str, str]:
        return {"state": State.RELEASED}


def midnight(now: datetime) -> datetime:
    """When the agency's day began."""
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def desk_panels(request: HttpRequest) -> list[DeskPanel]:
    return [panel(request) for panel in (MyDrafts, InReview, ReleasedToday)]


def _row(story: Story, now: datetime) -> dict[str, Any]:
    return {
        "story": story,
        "headline": newest_headline(story),
        "edition": story.locale.language_code.upper(),
        "who": name_of(editor_of(story)),
        "at": last_moment(story),
        "time": short_time(last_moment(story), now=now),
        "url": reverse("wagtailsnippets_newsroom_story:edit", args=[story.pk]),
        "flash": story.urgency == Story.Urgency.FLASH,
    }
