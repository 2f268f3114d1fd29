"""Releasing on time: the loop that releases what is due, and withdraws what has expired.

It asks the database how long until the next due time and sleeps no longer than that, so a story
scheduled for 14:00:00 leaves at 14:00:00. After a pause it catches up, oldest first.
"""

import logging
from datetime import datetime
from threading import Event

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, InterfaceError, OperationalError, connections, transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Revision

from dateline.errors import DatelineError
from dateline.newsroom import picks
from dateline.newsroom.story import Story

logger = logging.getLogger(__name__)

_DATABASE_AWAY = (OperationalError, InterfaceError)
"""No fault of the story at hand: the loop waits and tries the same again."""

LONGEST_SLEEP_S = 0.5
"""A story scheduled this very moment is seen after at most this long."""


def run(stop: Event) -> None:
    """Release what is due until `stop` is set. A failure is logged and does not end the loop."""
    while not stop.is_set():
        try:
            run_due(timezone.now())
            stop.wait(_sleep_s(timezone.now()))
        except DatabaseError:
            logger.exception("The scheduler could not reach the newsroom's database")
            connections.close_all()
            stop.wait(LONGEST_SLEEP_S * 4)
    connections.close_all()


def run_due(now: datetime) -> int:
    """Release what is due and withdraw what has expired; return how many were done."""
    done = 0
    for story in Story.objects.filter(live=True, expire_at__lte=now).order_by("expire_at"):
        done += _withdraw(story)
    for revision in due(now):
        done += _release(revision)
    return done + _take_off_picks(now)


def due(now: datetime) -> list[Revision]:
    """Approved revisions of stories whose time has come, in the order of their times."""
    return list(_scheduled().filter(approved_go_live_at__lte=now).order_by("approved_go_live_at"))


def _release(revision: Revision) -> bool:
    """Release one; if it cannot be, take it off the schedule, say why, and let the rest go on."""
    try:
        with transaction.atomic():
            if not _still_due(revision):
                return False
            revision.publish(log_action="wagtail.publish.scheduled")
    except _DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - reported below
        # Broad on purpose: one story that cannot leave must not keep the others from leaving.
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])
        _report("Scheduled story %s was not released: %s", revision.object_id, error)
        return False
    return True


def _still_due(revision: Revision) -> bool:
    """Nobody unscheduled it, or released it, since the list was read. Locks it until commit."""
    approved = _scheduled().filter(pk=revision.pk, approved_go_live_at__lte=timezone.now())
    return approved.select_for_update().first() is not None


def _withdraw(story: Story) -> bool:
    """Withdraw one that has expired; if it cannot be, say why and try again at the next round."""
    try:
        story.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    except _DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - reported
        _report("Expired story %s was not withdrawn: %s", story.pk, error)
        return False
    return True


def _take_off_picks(now: datetime) -> int:
    """Take what is over off the hot lists; if that fails, say why and try at the next round."""
    try:
        return picks.take_off(now)
    except _DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - reported
        _report("Picks until %s were not taken off: %s", now, error)
        return 0


def _report(sentence: str, number: object, error: Exception) -> None:
    if isinstance(error, DatelineError):
        logger.error(sentence, number, error.message)
    else:
        logger.error(sentence, number, error, exc_info=error)


def _scheduled() -> QuerySet[Revision]:
    content_type = ContentType.objects.get_for_model(Story)
    return Revision.objects.filter(
        base_content_type=content_type, approved_go_live_at__isnull=False
    )


def _sleep_s(now: datetime) -> float:
    first = _scheduled().order_by("approved_go_live_at").values_list("approved_go_live_at").first()
    if first is None:
        return LONGEST_SLEEP_S
    return min(max((first[0] - now).total_seconds(), 0.01), LONGEST_SLEEP_S)
