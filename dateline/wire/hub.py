"""All open streams of a worker, and what it tells them.

A worker follows the feed by its watch. It matches each new row once, by the index of rules, and
writes it once for all who have the same rights. A listener is *live* when it has everything that
the hub has told; one that is behind, slow, or waits for a delay, is served by pages until it is
even, and joins in one step of the event loop. So the stream is the pages, sooner, and in the same
order; a row that was told while somebody joined sends them back to their pages for it.
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, connections
from django.db.models import Count, Max
from django.utils import timezone

from dateline.releases.following import position
from dateline.releases.watch import Watch
from dateline.wire import cursors, problems, tokens, writing
from dateline.wire.api import asked_of
from dateline.wire.feed import WireFeed
from dateline.wire.matching import Matcher
from dateline.wire.models import WIRE, Client, FeedRow, Product, Scope, Token
from dateline.wire.pages import Sent
from dateline.wire.problems import WireError
from dateline.wire.query import Query
from dateline.wire.sight import COLUMNS, Right, Row, sees
from dateline.wire.tokens import Access

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.02
"""How often the feed is looked at: one number from shared memory, or a count in memory."""

HEARTBEAT_S = 20.0
"""How often a silent stream says that it is there: proxies cut connections silent for a minute."""

AGAIN_S = 1.0
"""How often what waits for a delay is looked for, and whether the clock ended a contract."""

SLOW_EVENTS = 64
"""Events that may wait for a listener. For more it goes back to its pages."""

SLOW_S = 30.0
"""How long one event may take to be sent before the connection is ended."""

MOST_TOLD = 200
"""Rows told at once. After more, as a bulk load brings, everybody reads pages."""

RETRY_S = 1.0
DRAIN_S = 1.0


@dataclass(eq=False)
class Listener:
    """Somebody who waits for dispatches. `position` is up to where everything was sent to them; of
    one that is live, `told` is up to where everything was sent or is `waiting`.

    With `writes` each is written for them; else it is enough to wake them: they ask again.
    """

    access: Access
    address: str
    scope: Scope
    format: str
    product: str
    position: dict[int, int]
    writes: bool = True
    live: bool = False
    told: int = 0
    waiting: deque[tuple[int, bytes]] = field(default_factory=deque)
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    sending_since: float | None = None
    ended: WireError | None = None
    gone: bool = False

    @property
    def over(self) -> bool:
        return self.gone or self.ended is not None

    @property
    def cursor(self) -> str:
        return cursors.write(self.position)

    def has_to(self) -> int:
        """The serial up to which it was sent what is not delayed."""
        return cursors.after(self.position, 0)

    def take_waiting(self) -> bytes:
        """What waits, as one piece to send; from now on it counts as sent."""
        data = b"".join(event for _, event in self.waiting)
        if self.waiting:
            self.position = {**self.position, 0: self.waiting[-1][0]}
            self.waiting.clear()
        return data

    def end(self, error: WireError | None = None) -> None:
        self.ended = self.ended or error
        self.gone = self.gone or error is None
        self.awake.set()


@dataclass(frozen=True)
class Telling:
    """What one look brought: the serial it came to, and an event for each of some listeners."""

    serial: int
    events: Sequence[tuple[Listener, int, bytes]]
    too_many: bool = False


@dataclass(frozen=True)
class Look:
    """What a look needs to know of the event loop's side, taken in one step."""

    serial: int
    listeners: Sequence[Listener]


class Reporter:
    """Reads for the hub, in one thread of its own."""

    def __init__(self) -> None:
        self._queries: dict[int, Query] = {}
        self._matcher: Matcher[int] = Matcher({})

    def head(self) -> int:
        return position(WireFeed())

    def clients_changed(self) -> object:
        """Differs after any change to clients, products, tokens, or who has what."""
        found: list[object] = []
        for model in (Client, Product, Token):
            rows = model._default_manager.using(WIRE)
            found += rows.aggregate(Count("pk"), Max("changed_at")).values()
        held = Client.products.through.objects.using(WIRE)
        return (*found, *held.aggregate(Count("pk"), Max("pk")).values())

    def readmitted(
        self, listeners: Sequence[Listener]
    ) -> list[tuple[Listener, Access | WireError]]:
        """Each listener's access as it stands now, or why it is over."""
        keys = {each.access.token.pk for each in listeners}
        held = Token.objects.using(WIRE).select_related("client").in_bulk(keys)
        accesses: dict[int, Access] = {}
        now = timezone.now()
        found: list[tuple[Listener, Access | WireError]] = []
        for each in listeners:
            token = held.get(each.access.token.pk)
            try:
                tokens.ensure_valid(token, address=each.address, scope=each.scope, now=now)
                assert token is not None
                access = accesses.get(token.pk) or tokens.access_of(token)
                accesses[token.pk] = access
                found.append((each, asked_of(access, each.format, each.product)))
            except WireError as error:
                found.append((each, error))
        return found

    def look(self, look: Look) -> Telling:
        """Read what is new, and write it for those who are to have it."""
        head = self.head()
        rows = FeedRow.objects.using(WIRE).filter(serial__gt=look.serial, serial__lte=head)
        read = [Row.of(*v) for v in rows.order_by("serial").values_list(*COLUMNS)[: MOST_TOLD + 1]]
        if len(read) > MOST_TOLD:
            return Telling(head, (), too_many=True)
        if not read or not look.listeners:
            return Telling(head, ())
        now, titles = timezone.now(), writing.titles()
        by_right = self._by_right(look.listeners)
        events: list[tuple[Listener, int, bytes]] = []
        for row in read:
            earlier = _earlier(row)
            for listener in self._candidates(row, earlier, by_right):
                seeing = sees(listener.access.rights, row, earlier, now=now)
                if seeing and row.serial > listener.told:
                    written = _event(listener, row, seeing, now, titles)
                    events.append((listener, row.serial, written))
        return Telling(head, events)

    def _by_right(self, listeners: Iterable[Listener]) -> Mapping[int, list[Listener]]:
        """Listeners by product, and the matcher of all their products made ready."""
        found: dict[int, list[Listener]] = {}
        queries: dict[int, Query] = {}
        for listener in listeners:
            for right in listener.access.rights:
                found.setdefault(right.pk, []).append(listener)
                queries[right.pk] = right.query
        if queries != self._queries:
            self._queries, self._matcher = queries, Matcher(queries)
        return found

    def _candidates(
        self, row: Row, earlier: Sequence[Row], by_right: Mapping[int, list[Listener]]
    ) -> Collection[Listener]:
        """Those of whom any product takes the row or an earlier version of its story."""
        products = set[int]().union(*(self._matcher.takers(r.facts) for r in (row, *earlier)))
        return dict.fromkeys(each for product in products for each in by_right[product])


class Hub:
    """The open streams and waiting requests of this worker. For the event loop's thread."""

    def __init__(self, watch: Watch, *, most: int) -> None:
        self._watch = watch
        self._most = most
        self._reporter = Reporter()
        self._looks = ThreadPoolExecutor(1, thread_name_prefix="wire-reporter")
        self._listeners: set[Listener] = set()
        self._seen: object = None
        self._clients: object = None
        self._serial = 0
        self._draining = False
        self._tasks: list[asyncio.Task[None]] = []

    def __len__(self) -> int:
        return len(self._listeners)

    @property
    def serial(self) -> int:
        """Up to where the live ones were told."""
        return self._serial

    def enter(self, listener: Listener) -> None:
        """Take one in. Raises Full."""
        if self._draining or len(self._listeners) >= self._most:
            raise Full("Too many streams are open here. Try again soon.", retry_after_s=5)
        self._listeners.add(listener)

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)

    def join(self, listener: Listener) -> bool:
        """Make live one that has read pages; False if the hub has told more than it has."""
        if listener.access.delayed or listener.has_to() < self._serial:
            return False
        listener.live, listener.told = True, listener.has_to()
        return True

    # --- following the feed ----------------------------------------------------------------------

    async def start(self) -> None:
        """Read where the feed stands, and begin to follow it."""
        loop = asyncio.get_running_loop()
        try:
            self._serial = await loop.run_in_executor(self._looks, self._reporter.head)
        except DatabaseError as error:
            logger.warning("The wire's database cannot be read yet: %s", error)
        self._tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._beat())]

    async def stop(self) -> None:
        await self.drain()
        for task in self._tasks:
            task.cancel()
        self._watch.close()
        self._looks.submit(connections.close_all)
        self._looks.shutdown(wait=False)

    async def drain(self) -> None:
        """End all streams, spread over DRAIN_S, and take no more."""
        self._draining = True
        listeners = list(self._listeners)
        random.shuffle(listeners)
        for number, listener in enumerate(listeners):
            listener.end()
            if number % 100 == 99:
                await asyncio.sleep(DRAIN_S * 100 / len(listeners))

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                version = self._watch.version()
                if version != self._seen:
                    await self.look()
                    self._seen = version
            except DatabaseError as error:
                logger.warning("The wire's database cannot be read; streams wait: %s", error)
                self._looks.submit(connections.close_all)
                await asyncio.sleep(RETRY_S)
            except Exception:
                # One look that failed must not be the last.
                logger.exception("A look at the feed failed, and is tried again")
                await asyncio.sleep(RETRY_S)

    async def look(self) -> None:
        """Read what has changed since the last look, and tell it."""
        loop = asyncio.get_running_loop()
        clients = await loop.run_in_executor(self._looks, self._reporter.clients_changed)
        if clients != self._clients:
            everybody = list(self._listeners)
            found = await loop.run_in_executor(self._looks, self._reporter.readmitted, everybody)
            self._readmit(found)
            self._clients = clients
        asked = Look(self._serial, [each for each in self._listeners if each.live])
        telling = await loop.run_in_executor(self._looks, self._reporter.look, asked)
        self._tell(telling, asked.listeners)

    def _readmit(self, found: Iterable[tuple[Listener, Access | WireError]]) -> None:
        for listener, access in found:
            if isinstance(access, WireError):
                listener.end(access)
                continue
            if access.rights != listener.access.rights:
                # By its pages, because what it may have is another thing from here on.
                self._send_back(listener)
            listener.access = access

    def _tell(self, telling: Telling, told: Sequence[Listener]) -> None:
        grown = telling.serial > self._serial
        self._serial = max(self._serial, telling.serial)
        for listener, serial, event in telling.events:
            if listener.live:
                listener.waiting.append((serial, event))
                listener.awake.set()
        knowing = set(told)
        for listener in self._listeners:
            if not listener.live:
                if grown:
                    listener.awake.set()
            elif telling.too_many or len(listener.waiting) > SLOW_EVENTS:
                self._send_back(listener)
            elif listener in knowing:
                listener.told = max(listener.told, telling.serial)
                if not listener.waiting:
                    listener.position = {**listener.position, 0: listener.told}
            elif listener.told < telling.serial:
                self._send_back(listener)  # it joined while this was read

    @staticmethod
    def _send_back(listener: Listener) -> None:
        """To its pages, from where it has everything."""
        listener.waiting.clear()
        listener.live = False
        listener.awake.set()

    async def _beat(self) -> None:
        """End what takes nothing, and what the clock ends."""
        while True:
            await asyncio.sleep(AGAIN_S)
            now, at_s = timezone.now(), asyncio.get_running_loop().time()
            for listener in list(self._listeners):
                self._look_at_clock(listener, now, at_s)

    @staticmethod
    def _look_at_clock(listener: Listener, now: datetime, at_s: float) -> None:
        if listener.sending_since is not None and at_s - listener.sending_since > SLOW_S:
            listener.end()
            return
        try:
            access = listener.access
            tokens.ensure_valid(
                access.token, address=listener.address, scope=listener.scope, now=now
            )
        except WireError as error:
            listener.end(error)


class Full(WireError):
    """The worker holds as many streams as it can."""

    code = "too-many-streams"
    title = "Too many streams"
    status = 503


def event(cursor: str, data: bytes) -> bytes:
    """An item as a server-sent event. JSON needs no line of its own for anything."""
    return b"id: %s\nevent: item\ndata: %s\n\n" % (cursor.encode(), data.replace(b"\n", b" "))


def ending(error: WireError) -> bytes:
    """The last event of a stream that ends for a reason."""
    return b"event: end\ndata: %s\n\n" % writing.encoded(problems.document(error))


def beat(cursor: str) -> bytes:
    """Says that the stream is there, and moves the client's Last-Event-ID on."""
    return b":\nid: %s\n\n" % cursor.encode()


def _event(
    listener: Listener, row: Row, rights: Sequence[Right], now: datetime, titles: dict[str, str]
) -> bytes:
    if not listener.writes:
        return b""
    cursor = cursors.write({**listener.position, 0: row.serial})
    written = writing.envelope(
        Sent(row, tuple(rights)), cursor=cursor, format_name=listener.format,
        client=listener.access.client.pk, now=now, titles=titles,
    )  # fmt: skip
    return event(cursor, writing.encoded(written))


def _earlier(row: Row) -> list[Row]:
    if row.version == 1 and row.reach != "rest":
        return []
    rows = FeedRow.objects.using(WIRE).filter(guid=row.guid, serial__lt=row.serial)
    return [Row.of(*values) for values in rows.order_by("serial").values_list(*COLUMNS)]
