"""Where a story stands, in the desk's words: one of seven states."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision, WorkflowState

from dateline.newsroom.story import Story


class State(StrEnum):
    """In the order in which one hides another: a killed story is only that."""

    KILLED = "killed"
    WITHHELD = "withheld"
    SCHEDULED = "scheduled"
    IN_REVIEW = "in-review"
    CHANGED = "changed"
    RELEASED = "released"
    DRAFT = "draft"


LABELS = {
    State.DRAFT: _("draft"),
    State.IN_REVIEW: _("in review"),
    State.SCHEDULED: _("scheduled"),
    State.RELEASED: _("released"),
    State.CHANGED: _("released + changes"),
    State.WITHHELD: _("withheld"),
    State.KILLED: _("killed"),
}


def with_states(stories: Iterable[Story]) -> list[Story]:
    """The stories, each with `state` and `due_at` (None unless scheduled): two queries in all."""
    stories = list(stories)
    keys = [str(story.pk) for story in stories]
    due = dict(
        _scheduled().filter(object_id__in=keys).values_list("object_id", "approved_go_live_at")
    )
    in_review = set(_in_review().filter(object_id__in=keys).values_list("object_id", flat=True))
    for story in stories:
        story.due_at = due.get(str(story.pk))
        story.state = _state_of(story, story.due_at, in_review=str(story.pk) in in_review)
    return stories


def in_state(stories: QuerySet[Story], state: str) -> QuerySet[Story]:
    """Those of the stories that are in this state."""
    scheduled, in_review = Q(pk__in=_numbers(_scheduled())), Q(pk__in=_numbers(_in_review()))
    waiting = scheduled | in_review
    match State(state):
        case State.KILLED:
            return stories.filter(killed_at__isnull=False)
        case State.WITHHELD:
            return stories.filter(withheld_at__isnull=False)
        case State.SCHEDULED:
            return stories.filter(scheduled, killed_at=None, withheld_at=None)
        case State.IN_REVIEW:
            return stories.filter(in_review, killed_at=None, withheld_at=None).exclude(scheduled)
        case State.CHANGED:
            return stories.filter(live=True, has_unpublished_changes=True).exclude(waiting)
        case State.RELEASED:
            return stories.filter(live=True, has_unpublished_changes=False).exclude(waiting)
        case State.DRAFT:
            return stories.filter(live=False, killed_at=None, withheld_at=None).exclude(waiting)


def _state_of(story: Story, due_at: datetime | None, *, in_review: bool) -> State:
    if story.killed_at:
        return State.KILLED
    if story.withheld_at:
        return State.WITHHELD
    if due_at:
        return State.SCHEDULED
    if in_review:
        return State.IN_REVIEW
    if not story.live:
        return State.DRAFT
    return State.CHANGED if story.has_unpublished_changes else State.RELEASED


def _scheduled() -> QuerySet[Revision]:
    return Revision.objects.filter(
        base_content_type=_story_type(), approved_go_live_at__isnull=False
    )


def _in_review() -> QuerySet[WorkflowState]:
    return WorkflowState.objects.filter(
        base_content_type=_story_type(), status=WorkflowState.STATUS_IN_PROGRESS
    )


def _numbers(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """The stories' primary keys, which Wagtail keeps as text."""
    return rows.annotate(number=Cast("object_id", BigIntegerField())).values("number")


def _story_type() -> ContentType:
    return ContentType.objects.get_for_model(Story)
