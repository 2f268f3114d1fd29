"""Rewriting: a new story that evolves from one that readers have, each leading to the other.

The old story stays as it is. The new one has its own guid and number, and its Item names the old
one; readers' pages make the links of both from the archive.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models.copying import _copy

from dateline.errors import DatelineError
from dateline.newsroom.clock import agency_time
from dateline.newsroom.embargo import Why, hold_of, is_public

if TYPE_CHECKING:
    from dateline.newsroom.story import Story


class NotRewritable(DatelineError):
    """Only a story that readers have can be written anew."""

    code = "not-rewritable"


def begin_rewrite(story: Story, *, by: Any = None) -> Story:
    """A draft with the text that readers have, which evolves from this story; return it.

    Raises NotRewritable if the story is not released, or was taken down: a link to it would then
    lead readers to what they should not read. And if its newest version is under embargo: that is
    the text that would be copied.
    """
    if not is_public(story):
        raise NotRewritable(_("Readers do not have this story, so it cannot be written anew."))
    if (hold := hold_of(story, at=timezone.now())) and hold.why is Why.EMBARGO:
        raise NotRewritable(
            _("Its newest version is under embargo until %(time)s: write it anew after that.")
            % {"time": agency_time(hold.until)}
        )
    with transaction.atomic():
        draft = _copy_of(type(story).objects.get(pk=story.pk))
        draft.evolved_from = story
        draft.created_by = by
        draft.save()
        draft.save_revision(user=by, clean=False)
    return draft


def rewrites_of(story: Story) -> list[Story]:
    """The stories that evolve from this one, drafts too, the newest first."""
    found = story.rewrites.select_related("locale").defer("body", "search_text")
    return list(found.order_by("-pk"))


def _copy_of(story: Story) -> Story:
    # Wagtail's own way to copy a translatable, so that a field added later is copied as well.
    copied: Story = _copy(
        story, exclude_fields=["id", *_OF_ITS_ORIGIN, *story.exclude_fields_in_copy]
    )[0]
    copied.translation_key = uuid.uuid4()
    return copied


_OF_ITS_ORIGIN = ("translation_key", "translated_from", "follows_version", "follows_at")
"""A rewrite of a translation is no translation: it goes its own way."""
