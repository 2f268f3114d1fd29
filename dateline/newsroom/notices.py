"""Notices: what a person should know and would not see by themselves.

A notice is a row; with it, in the same transaction, goes a letter to the person's address, which
`letters.py` sends when it can. Nobody is told of what they did themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy

from dateline.newsroom import letters

if TYPE_CHECKING:
    from dateline.newsroom.notes import StoryNote
    from dateline.newsroom.story import Story


class NoticeKind(models.TextChoices):
    MENTION = "mention", gettext_lazy("named you in a note")
    ASSIGNED = "assigned", gettext_lazy("gave you a story")
    CHANGES = "changes", gettext_lazy("asked for changes")
    APPROVED = "approved", gettext_lazy("approved your story")


class Notice(models.Model):
    """One thing told to one person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    story = models.ForeignKey("newsroom.Story", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = gettext_lazy("notice")
        verbose_name_plural = gettext_lazy("notices")
        indexes = [
            models.Index(fields=["user", "-id"], name="newsroom_notices"),
            # The count beside the bell, on every screen.
            models.Index(
                fields=["user"],
                condition=models.Q(read_at__isnull=True),
                name="newsroom_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"


def mentioned(note: StoryNote, people: Iterable[Any]) -> None:
    for person in people:
        _tell(person, NoticeKind.MENTION, note.story, by=note.by, text=note.text)


def assigned(story: Story, *, by: Any) -> None:
    _tell(story.assignee, NoticeKind.ASSIGNED, story, by=by)


def asked_for_changes(story: Story, *, to: Any, by: Any, comment: str) -> None:
    _tell(to, NoticeKind.CHANGES, story, by=by, text=comment)


def approved(story: Story, *, to: Any, by: Any) -> None:
    _tell(to, NoticeKind.APPROVED, story, by=by)


def unread(user: Any) -> int:
    """How many are new to a person; counted once for a user object, which is of one request."""
    if not hasattr(user, "_unread_notices"):
        user._unread_notices = Notice.objects.filter(user=user, read_at=None).count()
    count: int = user._unread_notices
    return count


def mark_read(user: Any, notices: Iterable[int] | None = None) -> int:
    """Note that a person has read these, or all; return how many were new to them."""
    found = Notice.objects.filter(user=user, read_at=None)
    if notices is not None:
        found = found.filter(pk__in=list(notices))
    read = found.update(read_at=timezone.now())
    vars(user).pop("_unread_notices", None)
    return read


def mark_story_read(user: Any, story: Story) -> int:
    """Whoever opens the story has seen what it was about."""
    if not unread(user):
        return 0
    new = Notice.objects.filter(user=user, story=story, read_at=None)
    read = new.update(read_at=timezone.now())
    user._unread_notices -= read
    return read


@transaction.atomic
def _tell(person: Any, kind: NoticeKind, story: Story, *, by: Any, text: str = "") -> None:
    if person is None or person == by or not person.is_active:
        return
    notice = Notice.objects.create(user=person, kind=kind, story=story, by=by, text=text)
    if person.email:
        with translation.override(_language_of(person)):
            letters.write(
                to=person.email,
                subject=_subject(notice),
                text=_text(notice),
                key=f"notice-{notice.pk}",
            )


def _language_of(person: Any) -> str:
    profile = getattr(person, "wagtail_userprofile", None)
    return str(profile.get_preferred_language() if profile else settings.LANGUAGE_CODE)


def _subject(notice: Notice) -> str:
    doer = _name(notice.by)
    return f"{doer} {notice.get_kind_display()}: {notice.story}" if doer else str(notice.story)


def _text(notice: Notice) -> str:
    address = settings.BASE_URL + reverse(
        "wagtailsnippets_newsroom_story:edit", args=[notice.story_id]
    )
    parts = [str(notice.story), notice.text, address, gettext("This was sent by the newsroom.")]
    return "\n\n".join(part for part in parts if part)


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username()) if user else ""


def silence_wagtails() -> None:
    """Wagtail mails the steps of a review itself, in the middle of the request and to everybody of
    a group. Ours are letters, to whom it concerns."""
    from wagtail.models import TaskState, WorkflowState
    from wagtail.signals import (
        task_submitted,
        workflow_approved,
        workflow_rejected,
        workflow_submitted,
    )

    for signal, sender, uid in (
        (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
        (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
        (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
        (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
    ):
        signal.disconnect(sender=sender, dispatch_uid=uid)
