"""Deliveries: one row for each release and destination that should have it.

Rows are written by the wire's follower, in the transaction that writes the feed's row and moves the
cursor, so there is none too few and none too many. The sender works them off (`sending`); people
send a span again, have a held one looked at again, or pass one over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy

from dateline.releases.models import Cursor
from dateline.wire import targets
from dateline.wire.destinations import Destination
from dateline.wire.models import WIRE, Client, FeedRow
from dateline.wire.sight import COLUMNS, Right, Row

GRACE = timedelta(days=30)
"""How long after its contract a client's deliveries are still written; they are not sent."""


class State(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting", gettext_lazy("waiting")
    SENT = "sent", gettext_lazy("sent")
    HELD = "held", gettext_lazy("held")
    PASSED = "passed", gettext_lazy("passed over")


class Delivery(models.Model):
    """A release for a destination. `answer` is what was last said of it, by the other side or us.

    `due_at` is when it may leave: the time of the release and its product's delay.
    """

    destination = models.ForeignKey(
        Destination, on_delete=models.CASCADE, related_name="deliveries"
    )
    serial = models.BigIntegerField()
    guid = models.CharField(max_length=255)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    released_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["destination", "serial"], name="wire_delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["destination", "serial"],
                condition=models.Q(state="waiting"),
                name="wire_delivery_waiting",
            ),
            models.Index(fields=["guid", "destination", "serial"], name="wire_delivery_story"),
            models.Index(
                fields=["destination"],
                condition=models.Q(state="held"),
                name="wire_delivery_held",
            ),
        ]


class SentBytes(models.Model):
    """The very bytes that were last sent of a delivery, packed. Kept for some days."""

    delivery = models.OneToOneField(
        Delivery, on_delete=models.CASCADE, primary_key=True, related_name="sent_bytes"
    )
    sent_at = models.DateTimeField(db_index=True)
    content_type = models.CharField(max_length=120)
    packed = models.BinaryField()


def queue(rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a delivery for each destination that should have one of these rows of the feed.

    Called by the follower inside its transaction, after it wrote the rows. Rows it had applied
    before (a feed that is made again) are nobody's news, and are left out.
    """
    known = targets.current()
    if not known:
        return
    reached = _reached()
    fresh = [Row.of(*(row[name] for name in COLUMNS)) for row in rows if row["serial"] > reached]
    stories = _stories({row.guid for row in fresh if row.version > 1 or row.reach == "rest"})
    for row in fresh:
        earlier = [each for each in stories.get(row.guid, ()) if each.serial < row.serial]
        _write(known, row, earlier)


def send_again(destination: Destination, *, first: int, last: int, now: datetime) -> int:
    """Send what was sent of serials `first` to `last` once more; return how many deliveries.

    Later versions of the same stories come along, so that the last that a client gets of a story
    is its newest, also where a newer file takes the place of an older.
    """
    sent = Delivery.objects.using(WIRE).filter(destination=destination, state=State.SENT)
    stories = sent.filter(serial__gte=first, serial__lte=last).values("guid")
    again = sent.filter(serial__gte=first, guid__in=stories)
    return again.update(state=State.WAITING, due_at=now, tries=0)


def look_again(delivery: Delivery, *, now: datetime) -> None:
    """Try a held one anew: the program may have been mended since."""
    _held(delivery).update(state=State.WAITING, due_at=now, answer="")


def pass_over(delivery: Delivery, *, why: str) -> None:
    """Send it never, on a person's word: the rest of the queue goes on."""
    mine = Delivery.objects.using(WIRE).filter(pk=delivery.pk)
    with transaction.atomic(using=WIRE):
        changed = mine.filter(state__in=(State.WAITING, State.HELD)).update(
            state=State.PASSED, answer=why[:500]
        )
        if changed:
            Destination.objects.using(WIRE).filter(pk=delivery.destination_id).update(
                tries=0, failing_since=None, next_try_at=None
            )


def earlier_rows(row: Row) -> list[Row]:
    """The rows of its story before it."""
    if row.version == 1 and row.reach != "rest":
        return []
    found = FeedRow.objects.using(WIRE).filter(guid=row.guid, serial__lt=row.serial)
    return [Row.of(*values) for values in found.order_by("serial").values_list(*COLUMNS)]


def _write(known: targets.Targets, row: Row, earlier: Sequence[Row]) -> None:
    having = dict(_having(row)) if earlier else {}
    made = []
    for pk in sorted(known.candidates(row, earlier) | having.keys()):
        if (target := known.get(pk)) is None or row.serial <= target.begins_after:
            continue
        seeing = target.entitled(row, earlier, has_story=pk in having, now=row.at)
        if seeing and _is_kept_for(target.client, row.at):
            due_at = _due(row, seeing, after=having.get(pk))
            made.append(
                Delivery(
                    destination_id=pk, serial=row.serial, guid=row.guid, version=row.version,
                    kind=row.kind.value, released_at=row.at, due_at=due_at,
                )
            )  # fmt: skip
    Delivery.objects.using(WIRE).bulk_create(made, ignore_conflicts=True, batch_size=500)


def _is_kept_for(client: Client, at: datetime) -> bool:
    """Does a delivery wait for this client, whether or not it is served now? One that is stopped,
    or renews within GRACE, goes on where it was, as its cursor would."""
    ends_at = client.ends_at
    return client.begins_at <= at and (ends_at is None or at < ends_at + GRACE)


def _having(row: Row) -> QuerySet[Delivery, tuple[int, datetime]]:
    """Destinations with deliveries of this story, and when the last of them may leave."""
    found = Delivery.objects.using(WIRE).filter(guid=row.guid, serial__lt=row.serial)
    return found.values_list("destination").annotate(Max("due_at"))


def _due(row: Row, seeing: Sequence[Right], *, after: datetime | None) -> datetime:
    """When it may leave: after its shortest delay, and never before what came before of its story,
    which a product with a longer delay may have brought."""
    due_at = row.at + min(right.delay for right in seeing)
    return due_at if after is None else max(due_at, after)


def _stories(guids: set[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    rows = FeedRow.objects.using(WIRE).filter(guid__in=guids).order_by("serial")
    for values in rows.values_list(*COLUMNS):
        row = Row.of(*values)
        found.setdefault(row.guid, []).append(row)
    return found


def _held(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.using(WIRE).filter(pk=delivery.pk, state=State.HELD)


def _reached() -> int:
    """Where the follower's cursor stood before the batch that it is at."""
    cursors = Cursor.objects.using(WIRE).filter(follower=WIRE)
    return cursors.values_list("serial", flat=True).first() or 0


