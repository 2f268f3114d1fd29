"""How punctual the agency is: what left on time, by how much it was late, and what did not leave.

A row for everything the scheduler did, kept for the newest `KEPT`; and one for each that it could
not do, kept until an editor has seen it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from dateline.newsroom.story import Story

KEPT = 10_000
"""Departures that are kept: some days of a large agency."""

TRIED_AGAIN_AFTER = timedelta(seconds=30)
"""How long what failed waits: a hundred that always fail must not fill every round."""


class What(models.TextChoices):
    """What the scheduler does for a story at its time."""

    RELEASE = "release", _("released")
    LIFT = "lift", _("shown to readers")
    EXPIRE = "expire", _("taken down")


class Departure(models.Model):
    """Something that was done at its time, or after it."""

    what = models.CharField(max_length=10, choices=What.choices)
    story = models.BigIntegerField()
    headline = models.CharField(max_length=250)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        verbose_name = _("departure")

    def __str__(self) -> str:
        return f"{self.headline} ({self.what}, {self.late_ms} ms)"

    @property
    def late_ms(self) -> int:
        """By how many milliseconds it was late."""
        return round((self.done_at - self.due_at).total_seconds() * 1000)


class Missed(models.Model):
    """Something that could not be done at its time: it stands in the way until somebody saw it.

    `at` is when it was last tried.
    """

    what = models.CharField(max_length=10, choices=What.choices)
    story = models.BigIntegerField()
    headline = models.CharField(max_length=250)
    due_at = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        verbose_name = _("missed time")
        constraints = [
            models.UniqueConstraint(fields=["what", "story", "due_at"], name="newsroom_missed_once")
        ]

    def __str__(self) -> str:
        return f"{self.headline}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Lateness:
    """Of the newest departures: how many there were, and how late they were, in milliseconds."""

    count: int
    median_ms: int
    p99_ms: int
    worst_ms: int


def left(what: What, story: Story, *, due_at: datetime) -> None:
    """It was done now. In the transaction that does it."""
    Departure.objects.create(
        what=what,
        story=story.pk,
        headline=str(story)[:250],
        due_at=due_at,
        done_at=timezone.now(),
    )


def missed(what: What, story: Story, *, due_at: datetime, reason: str) -> bool:
    """It could not be done. Told once, however often it is tried; was this the first time?"""
    row, first = Missed.objects.get_or_create(
        what=what,
        story=story.pk,
        due_at=due_at,
        defaults={"headline": str(story)[:250], "reason": reason},
    )
    if not first:
        row.at = timezone.now()
        row.save(update_fields=["at"])
    return first


def not_just_tried(
    stories: models.QuerySet[Story], what: What, *, due: str, now: datetime
) -> models.QuerySet[Story]:
    """Those for which this did not fail a moment ago at its time, which their field `due` holds."""
    tried = Missed.objects.filter(
        what=what,
        story=models.OuterRef("pk"),
        due_at=models.OuterRef(due),
        at__gt=now - TRIED_AGAIN_AFTER,
    )
    return stories.exclude(models.Exists(tried))


def unseen() -> models.QuerySet[Missed]:
    """What could not be done and nobody has seen yet, the newest first."""
    return Missed.objects.filter(seen_at=None)


def seen(pk: int, *, by: Any) -> None:
    """Somebody has seen it, and it stands in the way no more."""
    Missed.objects.filter(pk=pk, seen_at=None).update(
        seen_at=timezone.now(), seen_by=by.get_username()
    )


def newest(count: int = 100) -> list[Departure]:
    """The newest departures, the newest first."""
    return list(Departure.objects.all()[:count])


def lateness(departures: list[Departure]) -> Lateness | None:
    """How late these were; None if there are none."""
    late = sorted(each.late_ms for each in departures)
    if not late:
        return None
    return Lateness(len(late), late[len(late) // 2], late[(len(late) * 99 - 1) // 100], late[-1])


def forget_old() -> None:
    """Drop all but the newest `KEPT` departures."""
    newest = Departure.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest is not None:
        Departure.objects.filter(pk__lte=newest - KEPT).delete()
