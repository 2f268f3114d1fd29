"""`/live`: releases told to open pages as they happen, by server-sent events.

A page carries the serial it was made from and asks for what came after it; a connection that broke
comes back with the last event's id. Joining and replaying are one step on the event loop's thread,
so nothing falls between page and stream. A reader too slow to take its events is dropped, and
comes back; a stopping worker ends its streams one by one, so that they do not come back at once.
"""

import asyncio
import random
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from dateline.archive.changes import edition_tag, section_tag, topic_tag
from dateline.site.answers import Answer, plain_answer
from dateline.site.headers import SECURITY
from dateline.site.news import RECENT, Event

HEARTBEAT_S = 20.0
"""How often a silent stream says that it is there: proxies cut connections silent for a minute."""

SLOW_EVENTS = 64
"""Events that may wait for a reader. More wait for none: a reader that far behind is dropped."""

SLOW_S = 30.0
"""How long one event may take to be sent, in seconds."""

RETRY_MS = (1_000, 5_000)
"""When a browser comes back, drawn between these: thousands must not come in one moment."""

DRAIN_S = 1.0
"""How long a stopping worker takes over ending its streams."""

_HEADERS = [
    (name.lower().encode(), value.encode())
    for name, value in {
        **SECURITY,
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store",
        # Nginx and its kin would otherwise keep events back to send several at once.
        "X-Accel-Buffering": "no",
    }.items()
]

RESET = b"event: reset\ndata: {}\n\n"
"""Sent where the asked-for past is no longer known: the page is to read itself again."""

_BEAT = b":\n\n"


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream. `tag` is what it hears of; `waiting` is not yet sent."""

    tag: str
    waiting: deque[bytes] = field(default_factory=deque)
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    sending_since: float | None = None
    ended: bool = False

    def tell(self, data: bytes) -> None:
        self.waiting.append(data)
        self.awake.set()

    def end(self) -> None:
        self.ended = True
        self.awake.set()


class Hub:
    """All open streams of this worker, and the events of late."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._listeners: dict[str, set[Listener]] = {}
        self._recent: deque[Event] = deque(maxlen=RECENT)
        self._known_from = 0
        self._count = 0
        self._draining = False

    def __len__(self) -> int:
        return self._count

    def remember(self, events: Iterable[Event], *, known_from: int) -> None:
        """Begin with these events of the past. What came after `known_from` is among them."""
        self._recent.extend(events)
        self._known_from = known_from

    def publish(self, events: Iterable[Event]) -> None:
        """Tell everybody who hears of these."""
        for event in events:
            if len(self._recent) == RECENT:
                self._known_from = self._recent[0].serial
            self._recent.append(event)
            for tag in event.tags:
                for listener in tuple(self._listeners.get(tag, ())):
                    self._tell(listener, event.sent)

    def forget(self, *, serial: int) -> None:
        """What happened up to this serial is not known: everybody is to read anew."""
        self._recent.clear()
        self._known_from = serial
        for listener in self._all():
            self._tell(listener, RESET)

    def beat(self) -> None:
        """Say to every stream that it is there, and end those that take nothing."""
        now = asyncio.get_running_loop().time()
        for listener in self._all():
            stuck = listener.sending_since is not None and now - listener.sending_since > SLOW_S
            if stuck:
                listener.end()
                self._leave(listener)
            elif not listener.waiting:
                self._tell(listener, _BEAT)

    async def drain(self) -> None:
        """End all streams, spread over DRAIN_S, and take no more."""
        self._draining = True
        listeners = self._all()
        random.shuffle(listeners)
        for number, listener in enumerate(listeners):
            listener.end()
            if number % 100 == 99:
                await asyncio.sleep(DRAIN_S * 100 / len(listeners))

    def refusal(self) -> Answer | None:
        """Why no further stream is taken, if none is."""
        if self._draining or self._count >= self._most:
            soon_s = str(RETRY_MS[1] // 1000)
            return plain_answer(503, "Too many listen now. Try again soon.", Retry_After=soon_s)
        return None

    async def stream(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request for events until the reader goes, or is told to."""
        listener = Listener(_tag_asked(scope["query_string"]))
        for data in self._join(listener, _since_asked(scope)):
            listener.tell(data)
        leaving = asyncio.ensure_future(_gone(receive, listener))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            while not listener.ended:
                await self._send_waiting(listener, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            leaving.cancel()
            self._leave(listener)

    async def _send_waiting(self, listener: Listener, send: Any) -> None:
        await listener.awake.wait()
        listener.awake.clear()
        if listener.ended or not listener.waiting:
            return
        data = b"".join(listener.waiting)
        listener.waiting.clear()
        listener.sending_since = asyncio.get_running_loop().time()
        await send({"type": "http.response.body", "body": data, "more_body": True})
        listener.sending_since = None

    def _join(self, listener: Listener, since: int | None) -> list[bytes]:
        """Join the live streams; return what a reader missed who knows all up to `since`."""
        self._listeners.setdefault(listener.tag, set()).add(listener)
        self._count += 1
        hello = b"retry: %d\n\n" % random.randint(*RETRY_MS)  # noqa: S311 - only spreads them
        if since is None:
            return [hello]
        if since < self._known_from:
            return [hello, RESET]
        missed = (e.sent for e in self._recent if e.serial > since and listener.tag in e.tags)
        return [hello, *missed]

    def _leave(self, listener: Listener) -> None:
        group = self._listeners.get(listener.tag, set())
        if listener in group:
            group.remove(listener)
            self._count -= 1
            if not group:
                del self._listeners[listener.tag]

    def _tell(self, listener: Listener, data: bytes) -> None:
        if len(listener.waiting) >= SLOW_EVENTS:
            listener.end()
            self._leave(listener)
        else:
            listener.tell(data)

    def _all(self) -> list[Listener]:
        return [listener for group in self._listeners.values() for listener in group]


class Unasked(Exception):
    """The request names nothing to hear of."""


def _tag_asked(query: bytes) -> str:
    """The tag that the address asks for: `edition`, and `section` or `topic` of it."""
    asked = {name: values[-1] for name, values in parse_qs(query.decode("latin-1")).items()}
    edition = asked.get("edition", "")
    if not edition:
        raise Unasked("Say what you want to hear of: /live?edition=en")
    if "section" in asked:
        return section_tag(edition, asked["section"])
    if "topic" in asked:
        return topic_tag(edition, asked["topic"])
    return edition_tag(edition)


def _since_asked(scope: Any) -> int | None:
    """The serial up to which the reader knows all: of its last event, else of its page."""
    for name, value in scope["headers"]:
        if name == b"last-event-id" and value.isdigit():
            return int(value[:19])
    since = parse_qs(scope["query_string"].decode("latin-1")).get("since", [""])[-1]
    return int(since[:19]) if since.isdecimal() and since.isascii() else None


async def _gone(receive: Any, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()
