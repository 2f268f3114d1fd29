"""What open boards are told of: a story on a desk was saved, deleted, or moved in its review.

By Django's signals, because a hint is all it is: nothing hangs on one that is missed but a moment
(`desks.touched()`), and Wagtail moves a review from many places.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Revision, WorkflowState

from dateline.newsroom import desks
from dateline.newsroom.story import Story


def watch() -> None:
    """Listen from now on. Called once, when the application is ready."""
    for signal in (post_save, post_delete):
        signal.connect(_story_changed, sender=Story, dispatch_uid="board")
    post_save.connect(_moved, sender=WorkflowState, dispatch_uid="board")
    post_save.connect(_rescheduled, sender=Revision, dispatch_uid="board")


def _story_changed(instance: Story, **_: Any) -> None:
    desks.touched(instance.desk_id)


def _moved(instance: WorkflowState, **_: Any) -> None:
    _touch(instance.base_content_type, instance.object_id)


def _rescheduled(instance: Revision, created: bool, **_: Any) -> None:
    # A new draft also saves its story, which says as much.
    if not created:
        _touch(instance.base_content_type, instance.object_id)


def _touch(content_type: Any, number: str) -> None:
    if content_type.model_class() is Story:
        on = Story.objects.filter(pk=number).order_by().values_list("desk", flat=True)
        desks.touched(*on)
