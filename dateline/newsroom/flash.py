"""Flash: a headline, a section, a topic, released at once; the story then grows under its guid.

The form chooses the guid before anything is sent. So a flash that is sent twice, by a double Enter
or by a browser that heard no answer, is one story: the second sending finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dateline.errors import DatelineError
from dateline.items import FLASH, Item
from dateline.newsroom.bodies import one_line
from dateline.newsroom.desks import own_desk
from dateline.newsroom.documents import Section
from dateline.newsroom.release import release
from dateline.newsroom.story import Story
from dateline.releases import log


class FlashSent(DatelineError):
    """Other words went out under this guid, so these were not sent."""

    code = "flash-sent"


@dataclass(frozen=True, slots=True)
class Flash:
    """What a person types, under the guid that the story will have."""

    guid: str
    headline: str
    section: Section
    topics: Sequence[str] = ()


def release_flash(flash: Flash, *, by: Any) -> Story:
    """Release a flash and return its story; the same flash again returns the story it became.

    Its text is its headline, once: no client is sent an empty story, and readers are shown that
    more follows. Raises FlashSent, and NotReleasable as any release does.
    """
    with transaction.atomic():
        if story := _sent(flash, by=by):
            return story
        try:
            # The savepoint is for two sendings in one instant: the later one waits here for the
            # earlier, and then finds what that released.
            with transaction.atomic():
                story = _begun(flash, by=by)
        except IntegrityError:
            if story := _sent(flash, by=by):
                return story
            raise
        return release(story, by=by)


def _begun(flash: Flash, *, by: Any) -> Story:
    headline = one_line(flash.headline)
    story = Story(
        guid=flash.guid,
        locale=flash.section.edition.locale,
        section=flash.section,
        headline=headline,
        body=[("paragraph", f"<p>{escape(headline, quote=False)}</p>")],
        urgency=FLASH,
        created_by=by,
        desk=own_desk(by, flash.section.edition),
    )
    story.save()
    if flash.topics:
        story.set_topics(list(flash.topics))
        story.save()
    return story


def _sent(flash: Flash, *, by: Any) -> Story | None:
    """The story that this flash became; None if it was not sent."""
    story = Story.objects.filter(guid=flash.guid).first()
    if story is None:
        return None
    document = log.find(story.guid, 1).document if story.released else None
    headline = document.headline if isinstance(document, Item) else story.headline
    if story.created_by != by or headline != one_line(flash.headline):
        raise FlashSent(
            _(
                "From this form went out: “%(headline)s”. What you typed since is kept here: "
                "release it as a flash of its own, or write on in the first one."
            )
            % {"headline": headline},
            number=story.pk,
        )
    return story
