"""On time: the loop that does what is due, in the order of its times.

Releasing what was scheduled, showing readers what was held for clients, taking down what has
expired. It asks the database when the next is due and sleeps until then, so a story scheduled for
14:00:00 leaves at 14:00:00. After a pause it catches up, the oldest first. What cannot be done is
written down for the editors (`punctuality.Missed`) and does not keep the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Event

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, InterfaceError, OperationalError, connections, transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Revision

from dateline.errors import DatelineError
from dateline.newsroom import embargo, picks, punctuality, rights
from dateline.newsroom.punctuality import What
from dateline.newsroom.release import make_picture_files
from dateline.newsroom.story import Story

logger = logging.getLogger(__name__)

_DATABASE_AWAY = (OperationalError, InterfaceError)
"""No fault of the story at hand: the loop waits and tries the same again."""

LONGEST_SLEEP_S = 0.5
"""A story scheduled this very moment is seen after at most this long."""

AT_ONCE = 100
"""Jobs that are taken up before the next look at what is due."""

_FORGET_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do for a story at a time. `act` does it; False: it was not to be done after
    all, because somebody did it or called it off since the look."""

    at: datetime
    what: What
    story: Story
    act: Callable[[], bool]
    prepare: Callable[[], None] = lambda: None
    """What takes longer than others should wait for, before the transaction of `act`."""


def run(stop: Event) -> None:
    """Do what is due until `stop` is set. A failure is logged and does not end the loop."""
    rounds = 0
    while not stop.is_set():
        try:
            if rounds % _FORGET_EVERY == 0:
                punctuality.forget_old()
            rounds += 1
            done = run_due(timezone.now())
            stop.wait(_sleep_s(timezone.now(), idle=not done))
        except DatabaseError:
            logger.exception("The scheduler could not reach the newsroom's database")
            connections.close_all()
            stop.wait(LONGEST_SLEEP_S * 4)
    connections.close_all()


def run_due(now: datetime) -> int:
    """Do what is due, in the order of its times; return how many were done."""
    return sum(_do(job) for job in due(now)) + _take_off_picks(now) + rights.leave_pages(now)


def due(now: datetime) -> list[Job]:
    """What is to be done by now, in the order of its times: at most `AT_ONCE`, the oldest."""
    found = [*_withdrawals(now), *_releases(now), *_lifts(now)]
    return sorted(found, key=lambda job: job.at)[:AT_ONCE]


def _releases(now: datetime) -> Iterable[Job]:
    scheduled = scheduled_revisions().filter(approved_go_live_at__lte=now)
    for revision in scheduled.order_by("approved_go_live_at", "pk")[:AT_ONCE]:
        yield Job(
            revision.approved_go_live_at, What.RELEASE, Story(pk=int(revision.object_id),
            headline=revision.object_str), partial(_release, revision),
            partial(_make_pictures, revision),
        )  # fmt: skip


def _lifts(now: datetime) -> Iterable[Job]:
    held = punctuality.not_just_tried(embargo.due(now), What.LIFT, due="held_until", now=now)
    for story in held[:AT_ONCE]:
        assert story.held_until is not None
        yield Job(story.held_until, What.LIFT, story, partial(_lift, story))


def _withdrawals(now: datetime) -> Iterable[Job]:
    expired = Story.objects.filter(live=True, expire_at__lte=now).order_by("expire_at", "pk")
    found = punctuality.not_just_tried(expired, What.EXPIRE, due="expire_at", now=now)
    for story in found[:AT_ONCE]:
        yield Job(story.expire_at, What.EXPIRE, story, partial(_withdraw, story))


def _do(job: Job) -> bool:
    """Do one, with its row of how late it was; if it cannot be done, write down why."""
    try:
        job.prepare()
        with transaction.atomic():
            if not job.act():
                return False
            punctuality.left(job.what, job.story, due_at=job.at)
    except _DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - reported below
        # Broad on purpose: one story that cannot leave must not keep the others from leaving.
        _give_up(job, error)
        return False
    return True


def _release(revision: Revision) -> bool:
    # Nobody unscheduled it, or released it, since the list was read. Locks it until commit.
    approved = scheduled_revisions().filter(
        pk=revision.pk, approved_go_live_at__lte=timezone.now()
    )
    if approved.select_for_update().first() is None:
        return False
    revision.publish(log_action="wagtail.publish.scheduled")
    return True


def _make_pictures(revision: Revision) -> None:
    make_picture_files(revision.as_object())


def _lift(story: Story) -> bool:
    if not embargo.due(timezone.now()).filter(pk=story.pk).exists():
        return False
    embargo.lift(story)
    return True


def _withdraw(story: Story) -> bool:
    # As it is by now: somebody may have taken it down or released it with another time. Locks it
    # until commit.
    expired = Story.objects.select_for_update().filter(live=True, expire_at__lte=timezone.now())
    locked = expired.filter(pk=story.pk).first()
    if locked is None:
        return False
    locked.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


def _give_up(job: Job, error: Exception) -> None:
    """Say why, once; what was scheduled leaves the schedule, the others are tried again later."""
    reason = error.message if isinstance(error, DatelineError) else str(error)
    with transaction.atomic():
        if job.what is What.RELEASE:
            numbered = scheduled_revisions().filter(object_id=str(job.story.pk))
            numbered.filter(approved_go_live_at=job.at).update(approved_go_live_at=None)
        first = punctuality.missed(job.what, job.story, due_at=job.at, reason=reason)
    if first:
        known = isinstance(error, DatelineError)
        logger.error(
            "Story %s was not %s at its time: %s",
            job.story.pk, job.what.label, reason, exc_info=None if known else error,
        )  # fmt: skip


def _take_off_picks(now: datetime) -> int:
    """Take what is over off the hot lists; if that fails, say why and try at the next round."""
    try:
        return picks.take_off(now)
    except _DATABASE_AWAY:
        raise
    except Exception as error:
        logger.error("Picks until %s were not taken off: %s", now, error, exc_info=error)
        return 0


def scheduled_revisions() -> QuerySet[Revision]:
    """Approved versions of stories that are to leave at a time."""
    content_type = ContentType.objects.get_for_model(Story)
    return Revision.objects.filter(
        base_content_type=content_type, approved_go_live_at__isnull=False
    )


def next_due() -> datetime | None:
    """When the next thing is to be done; None if nothing is planned."""
    firsts = (
        scheduled_revisions().order_by("approved_go_live_at").values_list("approved_go_live_at"),
        Story.objects.filter(held_until__isnull=False, live=True)
        .order_by("held_until")
        .values_list("held_until"),
        Story.objects.filter(expire_at__isnull=False, live=True)
        .order_by("expire_at")
        .values_list("expire_at"),
    )
    return min((row[0] for query in firsts if (row := query.first())), default=None)


def _sleep_s(now: datetime, *, idle: bool = False) -> float:
    """Until the next is due. `idle`: nothing could be done just now, so that what is overdue is
    what cannot be done, and is not tried a hundred times a second."""
    first = next_due()
    if first is None or (idle and first <= now):
        return LONGEST_SLEEP_S
    return min(max((first - now).total_seconds(), 0.01), LONGEST_SLEEP_S)
