"""A desk's review, on Wagtail's workflow: in review, then ready, then released.

Two tasks in a row. Approving the first makes a story ready; approving the second releases it, now
or at its time. Who may is asked of the story's desk, so a story that moves to another desk is
reviewed there. Nobody approves what they sent themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState, Workflow, WorkflowTask

from dateline.newsroom import notices
from dateline.newsroom.desks import MAY_APPROVE, may_approve, may_work_on

if TYPE_CHECKING:
    from dateline.newsroom.story import Story

WORKFLOW = "Desk: approve, then release"


class Stage(models.TextChoices):
    """How far a story is on its desk."""

    REVIEW = "review", _("in review")
    READY = "ready", _("ready")


class DeskTask(Task):
    """A step that the members of the story's own desk take."""

    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices)

    admin_form_fields = [*Task.admin_form_fields, "stage"]

    class Meta:
        verbose_name = _("desk's step")
        verbose_name_plural = _("desk's steps")

    @classmethod
    def get_description(cls) -> Any:
        return _("Editors of the story's desk approve it, or release it.")

    def user_can_access_editor(self, obj: Story, user: Any) -> bool:
        return may_work_on(user, obj.desk)

    def locked_for_user(self, obj: Story, user: Any) -> bool:
        """While the desk reads it, the text stays as it was sent."""
        return not self.user_can_access_editor(obj, user)

    def user_can_lock(self, obj: Story, user: Any) -> bool:
        return self.user_can_access_editor(obj, user)

    def get_actions(self, obj: Story, user: Any) -> list[tuple[str, Any, bool]]:
        if not may_approve(user, obj.desk):
            return []
        actions: list[tuple[str, Any, bool]] = [("reject", _("Ask for changes"), True)]
        if self.stage == Stage.READY:
            return [*actions, ("approve", _("Release"), False)]
        if sent_by(obj) != user:
            actions += [
                ("approve", _("Approve"), False),
                ("approve", _("Approve, with a comment"), True),
            ]
        return actions

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """What Wagtail lists as waiting for a person; ours is the board."""
        if not user.has_perm(MAY_APPROVE):
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)

    @transaction.atomic
    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        """As Wagtail's; whoever sent the story is told. Asked for changes, a story that was ready
        begins its review anew: sent again, it would else be ready with a text that nobody read."""
        review = task_state.workflow_state
        story = review.content_object
        sender = review.requested_by
        super().on_action(task_state, user, action_name, **kwargs)
        if action_name == "reject":
            if self.stage == Stage.READY:
                review.refresh_from_db()
                review.cancel(user=user)
            notices.asked_for_changes(
                story, to=sender, by=user, comment=str(kwargs.get("comment", ""))
            )
        elif self.stage == Stage.REVIEW:
            notices.approved(story, to=sender, by=user)


def sent_by(story: Story) -> Any:
    """Who sent the story to its desk, for the review that runs."""
    review = story.current_workflow_state
    return review.requested_by if review else None


def desk_workflow() -> Workflow:
    """The two steps that every desk has unless it was given others; made if they are not there."""
    workflow, created = Workflow.objects.get_or_create(name=WORKFLOW)
    if created:
        for order, (stage, name) in enumerate(
            ((Stage.REVIEW, "Review"), (Stage.READY, "Ready to release"))
        ):
            task = DeskTask.objects.create(name=name, stage=stage)
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    return workflow
