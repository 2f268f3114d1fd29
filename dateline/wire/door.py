"""The door: what of `/api/` holds a connection open is answered here; all else is passed on.

An ASGI application around the front and Django. A stream costs a task and a few kilobytes, no
thread. A request with `wait` is held until there is something for it, and then goes to Django as
if it had come only now: so there is one answer to it, and one place that makes it.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle
from typing import Any
from urllib.parse import parse_qs

import msgspec
from django.db import DatabaseError, connections
from django.utils import timezone

from dateline.releases.watch import Watch
from dateline.wire import MOST_STREAMS, api, cursors, pages, problems, tokens
from dateline.wire.hub import AGAIN_S, HEARTBEAT_S, RETRY_S, Hub, Listener, beat, ending, event
from dateline.wire.models import Scope
from dateline.wire.problems import WireError
from dateline.wire.writing import DEFAULT_FORMAT, encoded

logger = logging.getLogger(__name__)

ASGI = Callable[[Any, Any, Any], Awaitable[None]]

UNDER = "/api/"
STREAM, ITEMS = "/api/v1/stream", "/api/v1/items"

PAGE = 100
"""Items read at once for a stream that is behind."""

READERS = 4
"""Threads that read pages for streams and look for those who wait, in each worker."""

RETRY_MS = (1_000, 5_000)
"""When a client comes back, drawn between these: thousands must not come in one moment."""

_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    # Nginx and its kin would otherwise keep events back to send several at once.
    (b"x-accel-buffering", b"no"),
]


class Door:
    """The ASGI application of a web worker. `front` answers readers, `django` all other API."""

    def __init__(
        self, front: ASGI, django: ASGI, *, watch: Watch, most: int = MOST_STREAMS
    ) -> None:
        self._front = front
        self._django = django
        self.hub = Hub(watch, most=most)
        # Of one thread each, in turn: each has a connection, which only it can close.
        self.readers = [
            ThreadPoolExecutor(1, thread_name_prefix=f"wire-pages-{n}") for n in range(READERS)
        ]
        self._turn = cycle(self.readers)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live_through(scope, receive, send)
        elif not scope["path"].startswith(UNDER):
            await self._front(scope, receive, send)
        elif scope["method"] == "GET" and scope["path"] == STREAM:
            await self._stream(scope, receive, send)
        elif scope["method"] == "GET" and scope["path"] == ITEMS and _asked(scope).get("wait"):
            await self._wait(scope, receive, send)
        else:
            await self._django(scope, receive, send)

    async def drain(self) -> None:
        """End all streams and waiting requests, and take no more."""
        await self.hub.drain()

    # --- streams ---------------------------------------------------------------------------------

    async def _stream(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            listener = await self._read(partial(_admitted, _Asking.of(scope), timezone.now()))
            self.hub.enter(listener)
        except WireError as error:
            await _refuse(error, send)
            return
        watching = asyncio.ensure_future(_gone(receive, listener))
        try:
            await send(
                {"type": "http.response.start", "status": 200, "headers": _STREAM_HEADERS}
            )
            hello = b"retry: %d\n" % random.randint(*RETRY_MS)  # noqa: S311 - only spreads them
            await _send(listener, send, hello + beat(listener.cursor))
            while not listener.over:
                if listener.live:
                    await self._tell(listener, send)
                else:
                    await self._catch_up(listener, send)
            if listener.ended is not None:
                await _send(listener, send, ending(listener.ended))
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            watching.cancel()
            self.hub.leave(listener)

    async def _tell(self, listener: Listener, send: Any) -> None:
        """Send what the hub tells, until the listener is sent back to its pages or ends."""
        await _woken(listener, HEARTBEAT_S)
        if listener.over or not listener.live:
            return
        await _send(listener, send, listener.take_waiting() or beat(listener.cursor))

    async def _catch_up(self, listener: Listener, send: Any) -> None:
        """Send one page; join the live ones if that was all, or wait for what is delayed."""
        listener.awake.clear()
        try:
            events, position, even = await self._read(partial(_page_of, listener, timezone.now()))
        except DatabaseError as error:
            logger.warning("A stream waits for the wire's database: %s", error)
            await asyncio.sleep(RETRY_S)
            return
        listener.position = position
        if events and not listener.over:
            await _send(listener, send, events)
        if not even or self.hub.join(listener) or listener.has_to() < self.hub.serial:
            return
        await _woken(listener, AGAIN_S)

    # --- requests that wait ----------------------------------------------------------------------

    async def _wait(self, scope: Any, receive: Any, send: Any) -> None:
        """Hold a request until there is something for it, its time is over, or it goes."""
        try:
            listener = await self._read(partial(_waiting, _Asking.of(scope), timezone.now()))
        except DatabaseError:
            listener = None  # Django says what is wrong
        if listener is not None:
            watching = asyncio.ensure_future(_gone(receive, listener))
            try:
                self.hub.enter(listener)
                await asyncio.wait_for(self._until_something(listener), _seconds(scope))
            except (TimeoutError, WireError, DatabaseError):
                pass  # it is answered now, with nothing or with what is wrong
            finally:
                watching.cancel()
                self.hub.leave(listener)
            if listener.gone:
                return
            receive = _as_if_new(receive)
        await self._django(scope, receive, send)

    async def _until_something(self, listener: Listener) -> None:
        while not listener.over:
            if listener.live:
                await listener.awake.wait()
                listener.awake.clear()
                if listener.waiting or listener.over:
                    return
                continue
            listener.awake.clear()
            found, position, even = await self._read(partial(_any_for, listener, timezone.now()))
            if found:
                return
            listener.position = position
            if even and not self.hub.join(listener) and listener.has_to() >= self.hub.serial:
                await _woken(listener, AGAIN_S)

    # --- a worker's life -------------------------------------------------------------------------

    async def _live_through(self, scope: Any, receive: Any, send: Any) -> None:
        async def receiving() -> Any:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.hub.start()
            else:
                await self.stop()
            return message

        await self._front(scope, receiving, send)

    async def stop(self) -> None:
        await self.hub.stop()
        for reader in self.readers:
            reader.submit(connections.close_all)
            reader.shutdown(wait=False)

    async def _read(self, work: Callable[[], Any]) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(next(self._turn), _on_database, work)


def _on_database(work: Callable[[], Any]) -> Any:
    """Work in a reader's thread, which keeps its connection until the database fails it."""
    try:
        return work()
    except DatabaseError:
        connections.close_all()
        raise


# --- what is asked -------------------------------------------------------------------------------


class _Asking:
    """What of a request matters here."""

    def __init__(self, query: dict[str, str], headers: dict[bytes, bytes], peer: str) -> None:
        self.query = query
        scheme, _, text = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        self.token = text.strip() if scheme.lower() == "bearer" else ""
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        self.address = api.address_in(peer, forwarded)
        self.last_event_id = headers.get(b"last-event-id", b"").decode("latin-1").strip()
        self.format = query.get("format", DEFAULT_FORMAT)
        self.product = query.get("product", "")

    @classmethod
    def of(cls, scope: Any) -> "_Asking":
        peer = scope["client"][0] if scope.get("client") else ""
        return cls(_asked(scope), dict(scope["headers"]), peer)

    def admitted(self, scope: Scope, now: Any) -> tokens.Access:
        access = tokens.admit(self.token, address=self.address, scope=scope, now=now)
        return api.asked_of(access, self.format, self.product)

    def listener(self, access: tokens.Access, scope: Scope, position: Any) -> Listener:
        return Listener(access, self.address, scope, self.format, self.product, dict(position))


def _asked(scope: Any) -> dict[str, str]:
    found = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return {name: values[-1] for name, values in found.items()}


def _seconds(scope: Any) -> float:
    return min(float(_asked(scope)["wait"]), api.LONGEST_WAIT_S)


def _admitted(asking: _Asking, now: Any) -> Listener:
    """The listener of a request for the stream. Raises the WireError that refuses it."""
    access = asking.admitted(Scope.STREAM, now)
    api.counter.count(
        access.token.pk, limit=access.token.per_minute, at_s=now.timestamp()
    )
    after = asking.last_event_id or asking.query.get("after", "") or api.LATEST
    if after == api.LATEST:
        after = pages.latest(access.rights, now=now)
    return asking.listener(access, Scope.STREAM, cursors.read(after))


def _waiting(asking: _Asking, now: Any) -> Listener | None:
    """The listener of a request that may have to wait; None if it is to be answered at once."""
    after = asking.query.get("after", "")
    wait = asking.query["wait"]
    if not (wait.isascii() and wait.isdecimal()) or after in ("", api.LATEST):
        return None
    try:
        access = asking.admitted(Scope.ITEMS, now)
        listener = asking.listener(access, Scope.ITEMS, cursors.read(after))
    except WireError:
        return None
    listener.writes = False
    return listener


# --- reading, in a thread ------------------------------------------------------------------------


def _page_of(listener: Listener, now: Any) -> tuple[bytes, dict[int, int], bool]:
    """The next page of a listener as events, where it ends, and whether that is all there is."""
    access = listener.access
    page = pages.page(access.rights, listener.position, limit=PAGE, now=now)
    document = api.page_document(page, access, listener.format, now=now)
    events = b"".join(event(item.cursor, encoded(item)) for item in document["items"])
    return events, cursors.read(page.next), page.even


def _any_for(listener: Listener, now: Any) -> tuple[bool, dict[int, int], bool]:
    page = pages.page(listener.access.rights, listener.position, limit=1, now=now)
    return bool(page.items), cursors.read(page.next), page.even


# --- sending -------------------------------------------------------------------------------------


async def _send(listener: Listener, send: Any, data: bytes) -> None:
    listener.sending_since = asyncio.get_running_loop().time()
    await send({"type": "http.response.body", "body": data, "more_body": True})
    listener.sending_since = None


async def _woken(listener: Listener, timeout_s: float) -> None:
    """Return when the listener is woken, or after a while."""
    try:
        await asyncio.wait_for(listener.awake.wait(), timeout_s)
    except TimeoutError:
        return
    listener.awake.clear()


async def _refuse(error: WireError, send: Any) -> None:
    body = msgspec.json.encode(problems.document(error))
    headers = {"Content-Type": problems.CONTENT_TYPE, **problems.headers(error)}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def _gone(receive: Any, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()


def _as_if_new(receive: Any) -> Any:
    """What a GET is received as: its body, which is empty and was read while it waited."""
    first = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receiving() -> Any:
        return first.pop() if first else await receive()

    return receiving

