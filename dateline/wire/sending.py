"""The sender: works deliveries off, in order at each destination, at least once.

One thread reads and writes the database; others only carry parcels, so a server that hangs holds a
thread and nothing else. A destination is leased while it is sent to, so that two senders never send
to it together; the lease of one that was killed runs out, and what it had not noted is sent again
under the same id. Destinations that failed have few threads of their own.
"""

from __future__ import annotations

import hashlib
import logging
import queue
import random
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import zstandard
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from dateline.errors import DatelineError
from dateline.releases.watch import watch_for
from dateline.wire import destinations, parcels, retrying, sealing, targets, writing
from dateline.wire.deliveries import Delivery, SentBytes, State
from dateline.wire.destinations import Destination
from dateline.wire.models import WIRE
from dateline.wire.parcels import NotSent
from dateline.wire.roads import ROADS
from dateline.wire.roads.parcel import TIMEOUT_S, Ground, Parcel, RoadError

logger = logging.getLogger(__name__)

AT_ONCE = 128
"""Destinations sent to at the same time. A thread that waits for a server costs some 50 kB."""

FAILING_AT_ONCE = 16
"""Of these, destinations whose last try failed: as many as can hang and slow nobody."""

A_RUN = 20
"""Deliveries carried over one connection before somebody else may have the thread."""

LEASE = timedelta(seconds=3 * TIMEOUT_S)
"""How long a destination is left to whoever sends to it, from the last that was heard of them:
opening a connection, a parcel, and as much again."""

LONGEST_WAIT_S = 1.0
"""A look for what is due comes at least this often, however quiet the feed is."""

TICK_S = 0.02
BYTES_KEPT = timedelta(days=14)
"""How long the bytes that were sent are kept, to be shown."""

TRIMMED_EVERY_S = 600.0


@dataclass
class Run:
    """One destination with the parcels that a thread carries to it."""

    lease: str
    destination: Destination
    secrets: dict[str, object]
    ground: Ground
    parcels: list[Parcel]
    good_until: float
    stop: Event = field(default_factory=Event)

    def may_go_on(self) -> bool:
        """Is there time for another parcel before the lease could be somebody else's?"""
        return not self.stop.is_set() and time.monotonic() < self.good_until - TIMEOUT_S


@dataclass(frozen=True)
class Told:
    """What a thread tells of its run: of a parcel, or (without one) that the run has ended."""

    run: Run
    parcel: Parcel | None = None
    said: str = ""
    error: RoadError | None = None
    learned: tuple[str, str] | None = None


def run(stop: Event) -> None:
    """Send until `stop` is set."""
    resealed = destinations.seal_anew()
    if resealed:
        logger.info("Sealed the secrets of %d destinations under the new key", resealed)
    sender = Sender()
    try:
        sender.work(stop)
    finally:
        sender.end()


class Sender:
    """See the module. `now` and `chance` are passed in by tests."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = timezone.now,
        chance: Callable[[], float] = random.random,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._now = now
        self._chance = chance
        self._timeout_s = timeout_s
        self._told: queue.SimpleQueue[Told] = queue.SimpleQueue()
        self._unwritten: list[Told] = []
        self._runs: dict[str, Run] = {}
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="send")
        self._trim_at = 0.0

    def work(self, stop: Event) -> None:
        """Take turns until `stop` is set. A database that is away is waited for."""
        watch = watch_for(WIRE)
        seen: object = None
        look_at, fault = 0.0, ""
        while not stop.is_set():
            try:
                heard = self.write_down(wait_s=TICK_S)
                version, now = watch.version(), time.monotonic()
                if heard or version != seen or now >= look_at:
                    seen = version
                    self.begin_what_is_due()
                    look_at = now + LONGEST_WAIT_S
                    # Of many destinations a look costs more, and is taken less often for it.
                    stop.wait(min(0.25, 2 * (time.monotonic() - now)))
                self._trim()
                fault = ""
            except DatabaseError as error:
                if fault != (fault := str(error)):
                    logger.error("The sender waits for the wire's database: %s", fault)
                connections[WIRE].close()
                stop.wait(1.0)
        watch.close()

    def end(self) -> None:
        """Let go of what was not begun; what is being carried is sent again by the next sender if
        it does not end in time."""
        for each in self._runs.values():
            each.stop.set()
        try:
            deadline = time.monotonic() + 0.5
            while self._runs and time.monotonic() < deadline:
                self.write_down(wait_s=TICK_S)
        except DatabaseError:
            pass  # sent again, under the same ids
        self._threads.shutdown(wait=False, cancel_futures=True)

    def settle(self, *, patience_s: float = 30.0) -> None:
        """Send all that is due and wait for it: for commands and tests."""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            begun = self.begin_what_is_due()
            while self._runs and time.monotonic() < deadline:
                self.write_down(wait_s=TICK_S)
            if not begun:
                return

    # --- beginning --------------------------------------------------------------------------------

    def begin_what_is_due(self) -> int:
        """Lease destinations that have something due, and begin to send; return how many."""
        now = self._now()
        begun = 0
        failing = sum(each.destination.tries > 0 for each in self._runs.values())
        free = AT_ONCE - len(self._runs)
        known: tuple[targets.Targets, dict[str, str]] | None = None
        for condition, most in (
            (Q(tries=0), free),
            (Q(tries__gt=0), min(FAILING_AT_ONCE - failing, free)),
        ):
            for destination in _due(now).filter(condition)[: max(0, most)]:
                # Asked once for all of a look: it is the same for all.
                known = known or (targets.current(), writing.titles())
                begun += self._begin(destination, now, *known)
        return begun

    def _begin(
        self,
        destination: Destination,
        now: datetime,
        known: targets.Targets,
        titles: dict[str, str],
    ) -> bool:
        if not destination.client.is_served(now):
            return False
        lease = uuid.uuid4().hex
        mine = Destination.objects.using(WIRE).filter(_free(now), pk=destination.pk)
        if not mine.update(leased_by=lease, leased_until=now + LEASE):
            return False
        good_until = time.monotonic() + LEASE.total_seconds()
        try:
            secrets = sealing.unseal(destination.secrets)
            carried = _parcels(destination, known.get(destination.pk), now, titles)
        except sealing.SecretsLost as error:
            _let_go(lease, stopped_why=error.message)
            return False
        except BaseException:
            _let_go(lease)
            raise
        if not carried:
            _let_go(lease)
            return True
        begun = Run(lease, destination, secrets, self._ground(destination), carried, good_until)
        begun.ground = self._ground(destination, begun)
        self._runs[lease] = begun
        self._threads.submit(_carry, begun, self._told.put)
        return True

    def _ground(self, destination: Destination, begun: Run | None = None) -> Ground:
        def learned(name: str, value: str) -> None:
            if begun is not None:
                self._told.put(Told(begun, learned=(name, value)))

        return Ground(
            client=destination.client.slug,
            allowed=settings.PRIVATE_DESTINATIONS,
            folder=str(settings.DELIVERIES_ROOT),
            from_email=settings.DEFAULT_FROM_EMAIL,
            now=self._now,
            learned=learned,
            timeout_s=self._timeout_s,
        )

    # --- writing down -----------------------------------------------------------------------------

    def write_down(self, *, wait_s: float) -> bool:
        """Note what threads told, in one transaction; say whether there was any.

        What could not be noted is kept, and noted by the next call.
        """
        if not self._unwritten:
            self._unwritten = list(_drained(self._told, wait_s))
        if not self._unwritten:
            return False
        with transaction.atomic(using=WIRE):
            for told in self._unwritten:
                self._note(told)
        for told in self._unwritten:
            if told.parcel is None and told.learned is None:
                self._runs.pop(told.run.lease, None)
        self._unwritten = []
        return True

    def _note(self, told: Told) -> None:
        now = self._now()
        if told.learned:
            _remember(told.run.destination, *told.learned)
        elif told.error:
            self._note_failure(told, told.error, now)
        elif told.parcel:
            _note_sent(told.parcel, told.said, now)
            self._renew(
                told.run, now, tries=0, failing_since=None, next_try_at=None,
                last_answer=told.said[:500], last_answer_at=now,
            )  # fmt: skip
        else:
            _let_go(told.run.lease)

    def _renew(self, begun: Run, now: datetime, **fields: Any) -> None:
        mine = _open().filter(leased_by=begun.lease)
        if mine.update(leased_until=now + LEASE, **fields):
            begun.good_until = time.monotonic() + LEASE.total_seconds()
        else:
            begun.stop.set()  # somebody else's by now, paused, or deleted

    def _note_failure(self, told: Told, error: RoadError, now: datetime) -> None:
        destination = told.run.destination
        destination.tries += 1
        destination.failing_since = destination.failing_since or now
        verdict = retrying.after_failure(
            tries=destination.tries,
            failing_since=destination.failing_since,
            now=now,
            chance=self._chance(),
            retry_after_s=error.retry_after_s,
            over=error.over,
        )
        if told.parcel:
            mine = Delivery.objects.using(WIRE).filter(pk=told.parcel.delivery)
            mine.filter(state=State.WAITING).update(
                tries=F("tries") + 1, answer=error.message[:500]
            )
        if verdict.stopped_why:
            logger.error("%s is stopped. %s %s", destination, verdict.stopped_why, error.message)
        Destination.objects.using(WIRE).filter(leased_by=told.run.lease).update(
            tries=destination.tries,
            failing_since=destination.failing_since,
            next_try_at=verdict.next_try_at,
            stopped_why=verdict.stopped_why,
            last_answer=error.message[:500],
            last_answer_at=now,
        )

    def _trim(self) -> None:
        if time.monotonic() >= self._trim_at:
            self._trim_at = time.monotonic() + TRIMMED_EVERY_S
            old = SentBytes.objects.using(WIRE).filter(sent_at__lt=self._now() - BYTES_KEPT)
            old.delete()


# --- in a thread that knows no database ----------------------------------------------------------


def _carry(begun: Run, tell: Callable[[Told], None]) -> None:
    """Carry the parcels of a run in order, up to the first that is not taken."""
    at: Parcel | None = None
    try:
        if not begun.may_go_on():
            return
        road = ROADS[begun.destination.road]
        with road.opened(begun.destination.options, begun.secrets, begun.ground) as send:
            for at in begun.parcels:
                if not begun.may_go_on():
                    return
                tell(Told(begun, at, said=send(at)))
    except RoadError as error:
        tell(Told(begun, at or begun.parcels[0], error=error))
    except Exception as error:
        # A fault of ours, or of a library with a server's oddities: one destination's, never all.
        logger.exception("%s could not be sent to", begun.destination)
        fault = RoadError(f"{type(error).__name__}: {error}")
        tell(Told(begun, at or begun.parcels[0], error=fault))
    finally:
        tell(Told(begun))


# --- rows ----------------------------------------------------------------------------------------


def _open() -> QuerySet[Destination]:
    return Destination.objects.using(WIRE).filter(paused_at=None, stopped_why="")


def _free(now: datetime) -> Q:
    """Nobody sends there now. A lease that ends later than any could was written by a clock that
    has been put back since."""
    return (
        Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_until__gt=now + 2 * LEASE)
    )


def _due(now: datetime) -> QuerySet[Destination]:
    """Destinations to be sent to now: open, served, free, their next try due, something waiting."""
    furthest = now + timedelta(seconds=2 * retrying.MOST_ASKED_S)
    today = timezone.localdate(now)
    waiting = Delivery.objects.using(WIRE).filter(
        destination=OuterRef("pk"), state=State.WAITING, due_at__lte=now
    )
    found = _open().filter(
        _free(now),
        Q(next_try_at=None) | Q(next_try_at__lte=now) | Q(next_try_at__gt=furthest),
        Q(client__contract_until=None) | Q(client__contract_until__gte=today),
        Exists(waiting),
        client__stopped=False,
        client__contract_from__lte=today,
    )
    return found.select_related("client").order_by("next_try_at", "pk")


def _parcels(
    destination: Destination,
    target: targets.Target | None,
    now: datetime,
    titles: dict[str, str],
) -> list[Parcel]:
    """The next parcels of its queue; what must not be sent is noted and left out."""
    waiting = Delivery.objects.using(WIRE).filter(
        destination=destination, state=State.WAITING, due_at__lte=now
    )
    found = []
    for delivery in waiting.order_by("serial")[:A_RUN]:
        parcel = _made(delivery, destination, target, now, titles)
        if isinstance(parcel, Parcel):
            found.append(parcel)
        else:
            logger.error(
                "%s: release %d is %s. %s",
                destination, delivery.serial, parcel.state, parcel.why,
            )  # fmt: skip
            Delivery.objects.using(WIRE).filter(pk=delivery.pk).update(
                state=parcel.state, answer=parcel.why[:500]
            )
    return found


def _let_go(lease: str, **fields: Any) -> None:
    Destination.objects.using(WIRE).filter(leased_by=lease).update(
        leased_by="", leased_until=None, **fields
    )


def _note_sent(parcel: Parcel, said: str, now: datetime) -> None:
    mine = Delivery.objects.using(WIRE).filter(pk=parcel.delivery)
    found = mine.update(
        state=State.SENT,
        tries=F("tries") + 1,
        answer=said[:500],
        sent_at=now,
        sha256=hashlib.sha256(parcel.body).hexdigest(),
        size_bytes=len(parcel.body),
    )
    if not found:
        return  # the destination was deleted meanwhile
    SentBytes.objects.using(WIRE).update_or_create(
        delivery_id=parcel.delivery,
        defaults={
            "sent_at": now,
            "content_type": parcel.content_type,
            "packed": zstandard.compress(parcel.body),
        },
    )
    destination = mine.values("destination")[:1]
    held = Delivery.objects.using(WIRE).filter(
        destination__in=destination, guid=parcel.guid, serial__lt=parcel.serial, state=State.HELD
    )
    held.update(state=State.PASSED, answer=f"Version {parcel.version} went in its place.")


def _remember(destination: Destination, name: str, value: str) -> None:
    with transaction.atomic(using=WIRE):
        row = Destination.objects.using(WIRE).select_for_update().get(pk=destination.pk)
        row.options = {**row.options, name: value}
        row.save(using=WIRE, update_fields=["options"])


def _made(
    delivery: Delivery, destination: Destination, target: Any, now: datetime, titles: dict[str, str]
) -> Parcel | NotSent:
    try:
        return parcels.made(delivery, destination, target, now=now, titles=titles)
    except (DatelineError, ValueError, KeyError, TypeError) as error:
        # A release that a format cannot say at all. Others must not wait for a mend of ours.
        logger.exception("Release %d cannot be written as %s", delivery.serial, destination.format)
        return NotSent(State.HELD, f"It cannot be written: {type(error).__name__}: {error}")


def _drained(told: queue.SimpleQueue[Told], wait_s: float) -> Iterable[Told]:
    try:
        yield told.get(timeout=wait_s)
        while True:
            yield told.get_nowait()
    except queue.Empty:
        return
