"""Following the log: the loop that every follower runs in.

A follower's effect and its cursor are saved in one transaction of the follower's database, so it
can be killed anywhere and neither misses a row nor applies one twice.
"""

import logging
from collections.abc import Sequence
from threading import Event
from typing import Protocol

from django.db import DatabaseError, OperationalError, connections, transaction

from dateline.releases import log
from dateline.releases.damage import ReplacedFile, is_damage
from dateline.releases.doorbell import LONGEST_WAIT_S, channel_of, doorbell_for, ring
from dateline.releases.log import Entry
from dateline.releases.models import Cursor

logger = logging.getLogger(__name__)

BATCH = 500
"""Rows applied in one transaction. Larger ones gain little and hold the archive's lock longer."""

_FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0
"""The pause after a failure starts at the one, doubles, and stays at the other: a try costs little,
and a database that is back, or an archive made again, is followed at once."""


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
        serial = apply_next(follower, batch)
        if serial == reached:
            break
        reached = serial
    return reached


def follow(follower: Follower, *, stop: Event) -> None:
    """Keep the follower up to date until `stop` is set.

    A failure is logged, once, and tried again after a growing pause: the cursor has not moved, so
    nothing is skipped. An archive file put in the place of the old one is noticed. Runs in its
    own thread or process; closes its connections at the end.
    """
    bell = doorbell_for(connections[log.LOG])
    file = ReplacedFile(connections[follower.database])
    pause_s, said = _FIRST_PAUSE_S, ""
    while not stop.is_set():
        try:
            file.reopen_if_replaced()
            catch_up(follower, stop=stop)
            if said:
                logger.info("%s follows the log again", follower.name)
            pause_s, said = _FIRST_PAUSE_S, ""
            bell.wait(LONGEST_WAIT_S)
        except DatabaseError as error:
            said = _say(_sentence(follower, error), error, already=said)
            for alias in {log.LOG, follower.database}:
                connections[alias].close()
            stop.wait(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
    connections.close_all()


def _sentence(follower: Follower, error: DatabaseError) -> str:
    """What happened and what to do, for the operator."""
    if not is_damage(error):
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return f"{follower.name} cannot follow the log and keeps trying: {reason}"
    if connections[log.LOG].errors_occurred:
        return "The newsroom's database is damaged. Put back the newest backup of it."
    if getattr(follower, "beside_what_people_keep", False):
        return f"The database of the {follower.name} is damaged. Put back the newest backup of it."
    return (
        f"The archive {follower.name!r} is damaged. Run `dateline rebuild {follower.name}`; "
        "nothing is lost, and the site serves what it can until then."
    )


def _say(sentence: str, error: DatabaseError, *, already: str) -> str:
    """Log a sentence unless it was the last one; return it. Retries would fill the log with it."""
    if sentence != already:
        # A server that is gone, or a broken file, is no fault of the program: no trace of it.
        explained = is_damage(error) or isinstance(error, OperationalError)
        logger.error(sentence, exc_info=None if explained else error)
    return sentence


def apply_next(follower: Follower, limit: int) -> int:
    """Apply one batch and move the cursor with it; return where the cursor stands then."""
    with transaction.atomic(using=follower.database):
        cursor = _locked_cursor(follower)
        entries = log.read(after=cursor.serial, limit=limit)
        if entries:
            follower.apply(entries)
            cursor.serial = entries[-1].serial
            cursor.save(using=follower.database)
            ring(connections[follower.database], channel=channel_of(follower.database))
        return cursor.serial


def _locked_cursor(follower: Follower) -> Cursor:
    """The cursor, locked until commit, so that two processes of one follower take turns."""
    cursors = Cursor.objects.using(follower.database)
    cursors.get_or_create(follower=follower.name)
    return cursors.select_for_update().get(follower=follower.name)
