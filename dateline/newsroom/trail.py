"""The trail: who did what, when, in rows that are added and never changed.

Every release and kill, every take-over, sign-in and change of rights is here, in words that stand
even when the person or the story is gone. Triggers in the database refuse an edit, whoever asks
(migration 0003_trail). Rows of what changes a story are added in the transaction that changes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from dateline.newsroom.story import Story


class Act(models.TextChoices):
    """What was done."""

    RELEASE = "release", _("released")
    UPDATE = "update", _("released an update")
    CORRECTION = "correction", _("released a correction")
    KILL = "kill", _("killed")
    WITHHOLD = "withhold", _("withheld")
    RESTORE = "restore", _("restored")
    LIFT = "lift", _("showed to readers")
    LOAD = "load", _("took in stories")
    SHAPE = "shape", _("changed the site")
    SCHEDULE = "schedule", _("scheduled")
    UNSCHEDULE = "unschedule", _("took off the schedule")
    TAKE_OVER = "take-over", _("took over")
    PREVIEW_LINK = "preview-link", _("gave a preview link")
    SIGN_IN = "sign-in", _("signed in")
    SIGN_OUT = "sign-out", _("signed out")
    SIGN_IN_FAILED = "sign-in-failed", _("failed to sign in")
    RIGHTS = "rights", _("changed rights")
    PERSON = "person", _("changed a person")


LONGEST_NOTE = 1_000
"""Characters of a note; what is longer is cut, as the row must not fail for it."""


class TrailEntry(models.Model):
    """One act. Names and not keys: what was done stays readable when its doer or story is gone."""

    at = models.DateTimeField(_("time"), default=timezone.now)
    act = models.CharField(_("what"), max_length=20)
    person = models.CharField(_("who"), max_length=150, blank=True)
    story = models.BigIntegerField(_("story"), null=True)
    about = models.CharField(_("about"), max_length=250, blank=True)
    note = models.TextField(_("note"), blank=True)
    address = models.CharField(_("network address"), max_length=45, blank=True)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        verbose_name = _("trail")
        verbose_name_plural = _("trail")
        indexes = [
            models.Index(fields=["person", "-id"], name="newsroom_trail_person"),
            models.Index(fields=["act", "-id"], name="newsroom_trail_act"),
            models.Index(
                fields=["story", "-id"],
                condition=models.Q(story__isnull=False),
                name="newsroom_trail_story",
            ),
            models.Index(fields=["at"], name="newsroom_trail_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.person} {self.act} {self.about}"


def record(
    act: Act,
    *,
    by: Any = None,
    story: Story | None = None,
    about: str = "",
    note: str = "",
    address: str = "",
) -> TrailEntry:
    """Add a row, in the caller's transaction if there is one.

    `by` is a user or a user name; left out, it is whoever the request at hand is by. `about` names
    what was acted on, if that is no story.
    """
    return TrailEntry.objects.create(
        act=act,
        person=_name_of(_acting.get()() if by is None else by)[:150],
        story=story.pk if story else None,
        about=(about or (story.headline if story else ""))[:250],
        note=note[:LONGEST_NOTE],
        address=address[:45],
    )


Who = Callable[[], Any]
"""Tells who acts, when it is asked: a request learns its user from the database, and only then."""

_acting: ContextVar[Who] = ContextVar("acting", default=lambda: None)


@contextmanager
def acting(who: Who) -> Iterator[None]:
    """While this lasts, what is done is done by whom `who()` names: for what has no user of its
    own to tell, such as a change of somebody's groups."""
    # A function and no lazy user: whoever carries the context from thread to thread looks at the
    # values in it, and one that then asks the database would do so on the event loop.
    before = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(before)


def _name_of(user: Any) -> str:
    if user is None or isinstance(user, str):
        return user or ""
    return str(user.get_username()) if user.is_authenticated else ""
