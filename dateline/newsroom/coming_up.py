"""What is to come: stories that leave, are shown to readers or come down at a time.

The scheduler does it; here it is looked at, and what was scheduled is moved or called off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from dateline.errors import DatelineError
from dateline.newsroom import scheduler
from dateline.newsroom.punctuality import What
from dateline.newsroom.release import BadTime
from dateline.newsroom.story import Story

MOST = 200
"""Of each kind: what a day can hold and a person can read."""


class NotScheduled(DatelineError):
    """The story is not to leave at a time: it left, or somebody called it off."""

    code = "not-scheduled"


@dataclass(frozen=True, slots=True)
class Planned:
    """Something that the scheduler will do. `why` tells an embargo from clients-first."""

    at: datetime
    what: What
    number: int
    headline: str
    edition: str
    section: str
    why: str = ""


def planned() -> list[Planned]:
    """What is to come, the next first."""
    lifts = _of_stories("held_until", What.LIFT)
    expiries = _of_stories("expire_at", What.EXPIRE)
    return sorted([*_releases(), *lifts, *expiries], key=lambda each: each.at)


def release_now(number: int, *, by: Any) -> Story:
    """Release what is scheduled at once; return the story. Raises NotScheduled and as a release."""
    return _again(number, at=None, by=by)


def move(number: int, at: datetime, *, by: Any) -> Story:
    """Let what is scheduled leave at another time. Raises NotScheduled, and BadTime for a time
    that is over."""
    if at <= timezone.now():
        raise BadTime(_("This time is over. Give a later one, or release it now."))
    return _again(number, at=at, by=by)


def call_off(number: int, *, by: Any) -> None:
    """Take a story off the schedule: its text stays a draft. Raises NotScheduled."""
    with transaction.atomic():
        revision = _locked(number)
        revision.approved_go_live_at = None
        # With a user, which Wagtail notes, and the trail hears of.
        revision.save(user=by, update_fields=["approved_go_live_at"])


def _again(number: int, *, at: datetime | None, by: Any) -> Story:
    """The scheduled text as a new version, with another time or none."""
    with transaction.atomic():
        scheduled = _locked(number)
        newest = Story.objects.select_related("latest_revision").get(pk=number).latest_revision
        story: Story = scheduled.as_object()
        story.go_live_at = at
        revision = story.save_revision(user=by)
        if newest is not None and newest.pk != scheduled.pk:
            revision = _put_before(revision, newest)
        story.publish(revision, user=by, skip_permission_checks=True)
        scheduler.scheduled_revisions().filter(pk=scheduled.pk).update(approved_go_live_at=None)
    return Story.objects.get(pk=number)


def _put_before(revision: Revision, draft: Revision) -> Revision:
    """A draft that somebody wrote since stays the newest, and is not released with it."""
    # Wagtail takes the newest by this time for the draft.
    before = draft.created_at - timedelta(microseconds=1)
    Revision.objects.filter(pk=revision.pk).update(created_at=before)
    Story.objects.filter(pk=int(draft.object_id)).update(latest_revision=draft)
    # Anew: it remembers the story as it was when this was the newest.
    return Revision.objects.get(pk=revision.pk)


def _locked(number: int) -> Revision:
    found = scheduler.scheduled_revisions().filter(object_id=str(number)).select_for_update()
    revision = found.order_by("approved_go_live_at").first()
    if revision is None:
        raise NotScheduled(_("This story is not scheduled any more: it left, or was called off."))
    return revision


def _releases() -> list[Planned]:
    rows = list(
        scheduler.scheduled_revisions()
        .order_by("approved_go_live_at", "pk")
        .values_list("object_id", "object_str", "approved_go_live_at")[:MOST]
    )
    stories = _by_number([int(number) for number, _headline, _at in rows])
    return [
        _planned(stories[int(number)], at, What.RELEASE, headline=headline)
        for number, headline, at in rows
        if int(number) in stories
    ]


def _of_stories(field: str, what: What) -> list[Planned]:
    found = Story.objects.filter(live=True, **{f"{field}__isnull": False}).order_by(field, "pk")
    return [
        _planned(story, getattr(story, field), what, headline=story.headline)
        for story in found.select_related("locale", "section").defer("body", "search_text")[:MOST]
    ]


def _by_number(numbers: list[int]) -> dict[int, Story]:
    found = Story.objects.select_related("locale", "section").defer("body", "search_text")
    return found.in_bulk(numbers)


def _planned(story: Story, at: datetime, what: What, *, headline: str) -> Planned:
    return Planned(
        at=at,
        what=what,
        number=story.pk,
        headline=headline,
        edition=story.locale.language_code,
        section=story.section.name if story.section else "",
        why=(story.held_why or "") if what is What.LIFT else "",
    )
