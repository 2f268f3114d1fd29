"""What a story's form asks for again and again, asked once.

Wagtail's edit view, its side panels, its menu and our panels each look up what they need from the
story; they are given a story that knows it already. Only for a form that is opened: whoever posts
changes what was looked up.
"""

from typing import Any

from django.db.models import QuerySet
from wagtail.models import WorkflowState

from dateline.newsroom.story import Story

WITH = (
    "assignee",
    "behind",
    "desk__workflow",
    "latest_revision__user",
    "live_revision__user",
    "locale__edition",
    "section__edition__locale",
    "translated_from__locale__edition",
    "evolved_from",
)
"""What is read in one question with the story."""

_SHARED = (
    "assignee",
    "desk",
    "evolved_from",
    "latest_revision",
    "live_revision",
    "locale",
    "section",
    "translated_from",
)


_ACTIVE = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)
_REVIEWS = 10
"""Of a story, the newest: one at most is not over, and it is among them."""


def stories() -> QuerySet[Story]:
    """Stories with all that their forms show of other tables, one of each."""
    return Story.objects.select_related(*WITH)


def begin(story: Story) -> None:
    """A story that is not saved yet has no review and no time: nobody need look."""
    story._current_workflow_states = []
    story.last_review = None
    story.scheduled_revision = None


def share(live: Story, draft: Story) -> None:
    """Give the newest draft what is known of the story that it is a draft of."""
    reviews = live.workflow_states.select_related("current_task_state__task")
    newest = list(reviews.order_by("-created_at", "-pk")[:_REVIEWS])
    for story in (live, draft):
        # Wagtail's own place for states that were read before (WorkflowMixin).
        story._current_workflow_states = [s for s in newest if s.status in _ACTIVE]
        story.last_review = newest[0] if newest else None
    if draft is live:
        return
    scheduled: Any = live.scheduled_revision
    draft.scheduled_revision = scheduled
    for name in _SHARED:
        field = Story._meta.get_field(name)
        same = getattr(draft, field.attname) == getattr(live, field.attname)
        if same and field.is_cached(live):
            field.set_cached_value(draft, field.get_cached_value(live))
    behind = Story._meta.get_field("behind")
    behind.set_cached_value(draft, behind.get_cached_value(live))
