"""Following the log: the loop that every follower runs in.

A follower's effect and its cursor are saved in one transaction of the follower's database, so it
can be killed anywhere and neither misses a row nor applies one twice.
"""

import logging
from collections.abc import Sequence
from threading import Event
from typing import Protocol

from django.db import DatabaseError, connections, transaction

from dateline.releases import log
from dateline.releases.doorbell import LONGEST_WAIT_S, doorbell_for
from dateline.releases.log import Entry
from dateline.releases.models import Cursor

logger = logging.getLogger(__name__)

BATCH = 500
"""Rows applied in one transaction. Larger batches gain little and hold the archive's lock longer."""

LONGEST_PAUSE_S = 10.0
"""Upper bound of the pause after a failure; it starts at a tenth of a second and doubles."""


class Follower(Protocol):
    """A named reader of the log. `database` is the alias that its effect is written to."""

    name: str
    database: str

    def apply(self, batch: Sequence[Entry]) -> None:
        """Take effect of rows in log order, inside a transaction that also moves the cursor.

        Must refuse what is not newer than what it holds, and must not write anywhere else.
        """


def position(follower: Follower) -> int:
    """The serial up to which this follower has applied the log."""
    return (
        Cursor.objects.using(follower.database)
        .filter(follower=follower.name)
        .values_list("serial", flat=True)
        .first()
        or 0
    )


def catch_up(follower: Follower, *, batch: int = BATCH, stop: Event | None = None) -> int:
    """Apply everything the log holds now; return the serial reached."""
    reached = position(follower)
    while not (stop and stop.is_set()):
        serial = _apply_next(follower, batch)
        if serial == reached:
            break
        reached = serial
    return reached


def follow(follower: Follower, *, stop: Event) -> None:
    """Keep the follower up to date until `stop` is set.

    A failure is logged and tried again after a growing pause: the cursor has not moved, so
    nothing is skipped. Runs in its own thread or process; closes its connections at the end.
    """
    bell = doorbell_for(connections[log.LOG])
    pause_s = 0.1
    while not stop.is_set():
        try:
            catch_up(follower, stop=stop)
            bell.wait(LONGEST_WAIT_S)
            pause_s = 0.1
        except DatabaseError:
            logger.exception("%s could not follow the log; next try in %.1f s", follower.name, pause_s)
            for alias in {log.LOG, follower.database}:
                connections[alias].close()
            stop.wait(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
    connections.close_all()


def _apply_next(follower: Follower, limit: int) -> int:
    """Apply one batch and move the cursor with it; return where the cursor stands then."""
    with transaction.atomic(using=follower.database):
        cursor = _locked_cursor(follower)
        entries = log.read(after=cursor.serial, limit=limit)
        if entries:
            follower.apply(entries)
            cursor.serial = entries[-1].serial
            cursor.save(using=follower.database)
        return cursor.serial


def _locked_cursor(follower: Follower) -> Cursor:
    """The cursor, locked until commit, so that two processes of one follower take turns."""
    cursors = Cursor.objects.using(follower.database)
    cursors.get_or_create(follower=follower.name)
    return cursors.select_for_update().get(follower=follower.name)
