"""Where a story stands, in the desk's words: one of these states."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision, WorkflowState

from dateline.newsroom.reviewing import Stage
from dateline.newsroom.story import Story


class State(StrEnum):
    """In the order in which one hides another: a killed story is only that."""

    KILLED = "killed"
    WITHHELD = "withheld"
    SCHEDULED = "scheduled"
    READY = "ready"
    IN_REVIEW = "in-review"
    HELD = "held"
    CHANGED = "changed"
    RELEASED = "released"
    DRAFT = "draft"


LABELS = {
    State.DRAFT: _("draft"),
    State.IN_REVIEW: _("in review"),
    State.READY: _("ready"),
    State.SCHEDULED: _("scheduled"),
    State.HELD: _("with clients"),
    State.RELEASED: _("released"),
    State.CHANGED: _("released + changes"),
    State.WITHHELD: _("withheld"),
    State.KILLED: _("killed"),
}


_READY = Q(current_task_state__task__desktask__stage=Stage.READY)


def with_states(stories: Iterable[Story]) -> list[Story]:
    """The stories, each with `state`, and `leaves_at` for when readers get it: two queries."""
    stories = list(stories)
    keys = [str(story.pk) for story in stories]
    leaving = dict(
        scheduled().filter(object_id__in=keys).values_list("object_id", "approved_go_live_at")
    )
    stages = {
        key: State.READY if stage == Stage.READY else State.IN_REVIEW
        for key, stage in in_review()
        .filter(object_id__in=keys)
        .values_list("object_id", "current_task_state__task__desktask__stage")
    }
    for story in stories:
        story.leaves_at = leaving.get(str(story.pk))
        story.state = _state_of(story, story.leaves_at, reviewed=stages.get(str(story.pk)))
        if story.state is State.HELD:
            story.leaves_at = story.held_until
    return stories


def in_state(stories: QuerySet[Story], state: str) -> QuerySet[Story]:
    """Those of the stories that are in this state."""
    due, reviewed = Q(pk__in=numbers(scheduled())), Q(pk__in=numbers(in_review()))
    waiting = due | reviewed
    match State(state):
        case State.KILLED:
            return stories.filter(killed_at__isnull=False)
        case State.WITHHELD:
            return stories.filter(withheld_at__isnull=False)
        case State.SCHEDULED:
            return stories.filter(due, killed_at=None, withheld_at=None)
        case State.IN_REVIEW:
            reviewed = Q(pk__in=numbers(in_review().exclude(_READY)))
            return stories.filter(reviewed, killed_at=None, withheld_at=None).exclude(due)
        case State.READY:
            ready = Q(pk__in=numbers(in_review().filter(_READY)))
            return stories.filter(ready, killed_at=None, withheld_at=None).exclude(due)
        case State.HELD:
            return stories.filter(live=True, held_until__isnull=False).exclude(waiting)
        case State.CHANGED:
            out = stories.filter(live=True, held_until=None, has_unpublished_changes=True)
            return out.exclude(waiting)
        case State.RELEASED:
            out = stories.filter(live=True, held_until=None, has_unpublished_changes=False)
            return out.exclude(waiting)
        case State.DRAFT:
            return stories.filter(live=False, killed_at=None, withheld_at=None).exclude(waiting)


def _state_of(story: Story, leaves_at: datetime | None, *, reviewed: State | None) -> State:
    if story.killed_at:
        return State.KILLED
    if story.withheld_at:
        return State.WITHHELD
    if leaves_at:
        return State.SCHEDULED
    if reviewed:
        return reviewed
    if not story.live:
        return State.DRAFT
    if story.held_until:
        return State.HELD
    return State.CHANGED if story.has_unpublished_changes else State.RELEASED


def scheduled() -> QuerySet[Revision]:
    return Revision.objects.filter(
        base_content_type=story_type(), approved_go_live_at__isnull=False
    )


def in_review() -> QuerySet[WorkflowState]:
    return WorkflowState.objects.filter(
        base_content_type=story_type(), status=WorkflowState.STATUS_IN_PROGRESS
    )


def numbers(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """The stories' primary keys, which Wagtail keeps as text."""
    return rows.annotate(number=Cast("object_id", BigIntegerField())).values("number")


def story_type() -> ContentType:
    return ContentType.objects.get_for_model(Story)
