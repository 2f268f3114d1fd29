"""`/healthz`: the truth about this installation, for the operator's monitor.

It says nothing that helps an attacker: no paths, addresses, names of users or texts of errors. It
makes no session and needs no sign-in.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dateline import __version__
from dateline.archive.follower import PublicArchive
from dateline.archive.models import ArchivedStory
from dateline.newsroom import punctuality, scheduler
from dateline.newsroom.punctuality import Lateness
from dateline.releases import log
from dateline.releases.damage import is_damage
from dateline.releases.following import position
from dateline.releases.models import Release
from dateline.wire.feed import WireFeed
from dateline.wire.models import FeedRow

LATE_S = 30.0
"""A release that is not on the site after this long is a fault to tell the operator of, and so is
one that should have left by the clock and has not. Usually it
takes a fraction of a second; a large import or a rebuild may take longer, and then is late."""


class Status(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"
    """Readers get pages, but releases do not reach them, or the newsroom is out of reach."""
    DOWN = "down"
    """Readers get no pages: the archive cannot be read."""


class Database(StrEnum):
    OK = "ok"
    DAMAGED = "damaged"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Health:
    """What was found. A serial is None if its database could not be read."""

    newsroom: Database
    archive: Database
    head: int | None
    applied: int | None
    waiting_since: datetime | None
    now: datetime
    due_at: datetime | None = None
    """When the next thing is to be done by the clock."""
    lateness: Lateness | None = None
    wire: Database = Database.OK
    fed: int | None = None
    """Up to where the clients' feed has the log."""
    unfed_since: datetime | None = None

    @property
    def lag_s(self) -> float:
        """How long the oldest release that is not in the archive has waited."""
        return self._since(self.waiting_since)

    @property
    def wire_lag_s(self) -> float:
        """How long the oldest release that is not in the clients' feed has waited."""
        return self._since(self.unfed_since)

    @property
    def overdue_s(self) -> float:
        """How long ago something should have left that has not."""
        return self._since(self.due_at)

    def _since(self, moment: datetime | None) -> float:
        return max(0.0, (self.now - moment).total_seconds()) if moment else 0.0

    @property
    def status(self) -> Status:
        if self.archive is not Database.OK:
            return Status.DOWN
        late = max(self.lag_s, self.wire_lag_s, self.overdue_s) > LATE_S
        if late or {self.newsroom, self.wire} != {Database.OK}:
            return Status.DEGRADED
        return Status.OK


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if all is well, else 503, with the same JSON either way."""
    found = look(timezone.now())
    response = JsonResponse(as_json(found), status=200 if found.status is Status.OK else 503)
    response["Cache-Control"] = "no-store"
    return response


def look(now: datetime) -> Health:
    """Ask the databases how they are."""
    archive, applied = _archive()
    newsroom, head, waiting_since = _newsroom(applied)
    due_at, lateness = _schedule()
    wire, fed = _wire()
    unfed_since = _newsroom(fed)[2] if newsroom is Database.OK else None
    return Health(
        newsroom, archive, head, applied, waiting_since, now, due_at, lateness, wire, fed,
        unfed_since,
    )  # fmt: skip


def as_json(health: Health) -> dict[str, Any]:
    """The answer to the monitor. `lag` counts rows of the log, `lag_s` seconds."""
    return {
        "status": health.status,
        "version": __version__,
        "log": {"serial": health.head},
        "archive": _followed(health.head, health.applied, health.lag_s),
        "wire": _followed(health.head, health.fed, health.wire_lag_s),
        "schedule": {
            "overdue_s": round(health.overdue_s, 3),
            "p99_late_ms": health.lateness.p99_ms if health.lateness else None,
        },
        "databases": {
            "newsroom": health.newsroom,
            "archive": health.archive,
            "wire": health.wire,
        },
    }


def _archive() -> tuple[Database, int | None]:
    follower = PublicArchive()
    try:
        # The table that pages are made from, beside the cursor: either may be broken alone.
        ArchivedStory.objects.using(follower.database).values_list("number", "data").first()
        return Database.OK, position(follower)
    except DatabaseError as error:
        return _fault(error), None


def _wire() -> tuple[Database, int | None]:
    follower = WireFeed()
    try:
        FeedRow.objects.using(follower.database).values_list("serial", "data").first()
        return Database.OK, position(follower)
    except DatabaseError as error:
        return _fault(error), None


def _followed(head: int | None, serial: int | None, lag_s: float) -> dict[str, Any]:
    known = head is not None and serial is not None
    return {
        "serial": serial,
        "lag": max(0, (head or 0) - (serial or 0)) if known else None,
        "lag_s": round(lag_s, 3) if known else None,
    }


def _newsroom(applied: int | None) -> tuple[Database, int | None, datetime | None]:
    try:
        head = log.head()
        waiting = Release.objects.using(log.LOG).filter(serial__gt=applied or 0).order_by("serial")
        since = waiting.values_list("at", flat=True).first() if applied is not None else None
        return Database.OK, head, since
    except DatabaseError as error:
        return _fault(error), None, None


def _schedule() -> tuple[datetime | None, Lateness | None]:
    try:
        return scheduler.next_due(), punctuality.lateness(punctuality.newest())
    except DatabaseError:
        return None, None  # Said of the database already.


def _fault(error: DatabaseError) -> Database:
    return Database.DAMAGED if is_damage(error) else Database.UNREACHABLE
