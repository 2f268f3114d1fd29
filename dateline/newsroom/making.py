"""Renditions made ahead: off the request, and before the release that needs them.

Each upload, and each change of a crop, leaves a row of work. `run()` works
the rows off in the scheduler's process, oldest first; a restart loses none. What it makes stays in
the newsroom: no file has a public address before a release publishes it. A release makes what is
still missing, so nothing depends on this but how long a release takes.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from threading import Event

from django.db import DatabaseError, connections, models
from django.utils import timezone
from wagtail.images.models import AbstractImage, Image

logger = logging.getLogger(__name__)

PAUSE_S = 1.0
"""Between two looks for work, when there is none."""

AWAY_PAUSE_S = 10.0

CLAIM = timedelta(minutes=5)
"""How long work that was taken is left to whoever took it: past that, they are gone."""

RETRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""How long after each failure it is tried again; then it is left to the release."""


class PictureWork(models.Model):
    """Renditions of a picture that are to be made."""

    image = models.OneToOneField(
        Image, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    # Grows with every asking: who finishes the work of an earlier one has not finished this.
    turn = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        verbose_name = "work on a picture"

    def __str__(self) -> str:
        return f"picture {self.image_id}, turn {self.turn}"


def ask(image: AbstractImage) -> None:
    """Have a picture's renditions made, soon."""
    changes = {"turn": models.F("turn") + 1, "due_at": timezone.now(), "tries": 0}
    if not PictureWork.objects.filter(image_id=image.pk).update(**changes):
        PictureWork.objects.get_or_create(image_id=image.pk)


def run(stop: Event) -> None:
    """Make what is asked for until `stop` is set. A failure is logged and does not end the loop."""
    while not stop.is_set():
        pause_s = PAUSE_S
        try:
            if make_next(timezone.now()):
                continue
        except DatabaseError:
            logger.exception("The maker of renditions could not reach the newsroom's database")
            connections.close_all()
            pause_s = AWAY_PAUSE_S
        stop.wait(pause_s)
    connections.close_all()


def make_next(now: datetime) -> bool:
    """Make the renditions of the picture that has waited longest; False if none waits."""
    work = PictureWork.objects.filter(due_at__lte=now).order_by("due_at", "pk").first()
    if work is None:
        return False
    taken = PictureWork.objects.filter(pk=work.pk, turn=work.turn, due_at=work.due_at)
    if taken.update(due_at=now + CLAIM):
        _make(work, now)
    return True


def _make(work: PictureWork, now: datetime) -> None:
    # Pictures ask for work as they are saved, so this module is loaded before that one.
    from dateline.newsroom.pictures import make

    mine = PictureWork.objects.filter(pk=work.pk, turn=work.turn)
    try:
        make(work.image)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - a picture that cannot be made must not stop others
        _failed(work, error, now)
    else:
        mine.delete()


def _failed(work: PictureWork, error: Exception, now: datetime) -> None:
    mine = PictureWork.objects.filter(pk=work.pk, turn=work.turn)
    if work.tries < len(RETRIES):
        logger.warning("Picture %s could not be made ready: %s", work.image_id, error)
        mine.update(tries=work.tries + 1, due_at=now + RETRIES[work.tries])
    else:
        logger.error("Picture %s was given up, its release must make it: %s", work.image_id, error)
        mine.delete()
