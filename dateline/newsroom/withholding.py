"""Withholding: a released story is taken down for a while, and comes back or is killed.

Like a kill it goes everywhere the story went; unlike one it can be taken back. `restore()` releases
the very text that was taken down as a new version. Any other release of a withheld story, an update
or a correction, brings it back too: there is no state in which readers have half of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import Revision

from dateline.errors import DatelineError
from dateline.items import Kind, Status
from dateline.newsroom import embargo, trail
from dateline.newsroom.release import (
    as_it_is_now,
    changing_release,
    moment_of,
    taken_down,
    tell_translations,
    username,
)
from dateline.newsroom.trail import Act
from dateline.releases import log

if TYPE_CHECKING:
    from dateline.newsroom.story import Story


class NotWithheld(DatelineError):
    """Only what readers have can be withheld, and only what is withheld can be restored."""

    code = "not-withheld"


def withhold(story: Story, *, reason: str, by: Any = None) -> Story:
    """Take a released story down until it is restored; return it as it then is.

    One row, or no change. Raises NotWithheld if readers do not have it.
    """
    if not story.live:
        raise NotWithheld(_("Readers do not have this story, so it cannot be withheld."))
    WithholdAction(story, reason=reason, user=by).execute(skip_permission_checks=True)
    return type(story).objects.get(pk=story.pk)


def restore(story: Story, *, by: Any = None) -> Story:
    """Release the text that was taken down as a new version; return the story as it then is.

    Drafts written meanwhile stay drafts. Raises NotWithheld if it is not withheld.
    """
    if story.withheld_revision is None:
        raise NotWithheld(_("This story is not withheld, so there is nothing to restore."))
    story.publish(story.withheld_revision, user=by, skip_permission_checks=True)
    return type(story).objects.get(pk=story.pk)


class WithholdAction(UnpublishAction):
    """Wagtail's unpublishing, with its row in the log: a withhold."""

    def __init__(self, story: Story, *, reason: str = "", **kwargs: Any) -> None:
        super().__init__(story, **kwargs)
        self.reason = reason.strip()

    def _unpublish_object(self, object: Story, *args: Any, **kwargs: Any) -> None:
        story = object
        with transaction.atomic(), changing_release(story):
            as_it_is_now(story)
            withheld_at = moment_of(None, after=story.last_published_at)
            item = msgspec.structs.replace(
                taken_down(story, version=story.version + 1, at=withheld_at),
                status=Status.WITHHELD,
                withhold_reason=self.reason,
            )
            story.version += 1
            story.withheld_at = withheld_at
            story.withhold_reason = self.reason
            story.withheld_revision = story.live_revision or _revision_of(story)
            embargo.end(story)
            super()._unpublish_object(story, *args, **kwargs)
            if review := story.current_workflow_state:
                # Whoever approves it must know that it was taken down.
                review.cancel(user=self.user)
            tell_translations(story, kind=Kind.WITHHOLD, at=withheld_at, note=self.reason)
            trail.record(Act.WITHHOLD, by=self.user, story=story, note=self.reason)
            audience = embargo.audience_of(story)
            log.append(item, kind=Kind.WITHHOLD, audience=audience, by=username(self.user))


def _revision_of(story: Story) -> Revision:
    """What readers have, kept as a revision: a story that came in complete is live without one.

    Not by `save_revision()`, which would make it newer than a draft that somebody began.
    """
    type(story).objects.select_for_update().get(pk=story.pk)
    revision: Revision = Revision.objects.create(
        content_object=story,
        base_content_type=story.get_base_content_type(),
        content=story.serializable_data(),
        object_str=str(story),
        created_at=story.last_published_at,
    )
    if story.latest_revision is None:
        story.latest_revision = revision
    return revision
