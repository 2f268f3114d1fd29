"""Preview is the page: a draft through the same Item and the same templates as a released story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from dateline.archive import queries
from dateline.errors import DatelineError
from dateline.newsroom import pictures
from dateline.newsroom.itemise import itemise
from dateline.newsroom.pictures import Pictured
from dateline.site.headers import secured
from dateline.site.pages import story_page

if TYPE_CHECKING:
    from dateline.newsroom.story import Story


def preview(story: Story, *, pictured: Pictured = pictures.private) -> HttpResponse:
    """The reader's page of a draft, marked as a preview. Its pictures keep private addresses."""
    now = timezone.now()
    item = itemise(
        story,
        version=story.version + 1,
        first_released_at=story.first_published_at or now,
        released_at=now,
        embargoed_until=story.embargo_until,
        pictured=pictured,
    )
    try:
        page = story_page(item, shape=queries.shape(), preview=True)
    except (DatelineError, DatabaseError) as error:
        # The archive may not know a new edition yet, or may be in repair; writing goes on.
        page = render_to_string("newsroom/no_preview.html", {"error": error})
    response = HttpResponse(page)
    return secured(response, framed_by_us=True)


def no_preview(message: str) -> HttpResponse:
    """What stands in the place of a preview that is not to be seen: 404, with a sentence."""
    page = render_to_string("newsroom/preview_over.html", {"message": message})
    return secured(HttpResponse(page, status=404))
