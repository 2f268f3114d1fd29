"""The front: every request comes here first, and a page that is in memory and current is sent.

An ASGI application around Django's. What happens to a request for a page:

1. `_be_current()` asks the watch whether the archive has changed. If so, what changed is read
   first; so an answer never shows less than the archive did when it was begun.
2. If the shelf has the page, nothing it stands on has changed since, and it is packed as the reader
   takes it, it is sent: its bytes and headers lie ready.
3. Else the press makes it, once for all who ask meanwhile, and 1 and 2 are gone through again.

Pages are a function of the address alone. Nothing else of a request goes into them, so all readers
share them; what belongs to one reader (the newsroom, the front door, forms) is Django's.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone

from dateline.archive import reading
from dateline.encodings import chosen
from dateline.releases.watch import Watch
from dateline.site.answers import Answer, header_values, is_held, not_modified, plain_answer
from dateline.site.assets import PublishedPictures, StaticFiles
from dateline.site.counting import HANDED_OVER_EVERY_S, ReadCounter
from dateline.site.kept import TODAY, Freshness
from dateline.site.live import HEARTBEAT_S, Hub, Unasked
from dateline.site.news import News, Reporter
from dateline.site.press import Press, address_of
from dateline.site.shelf import Page, Shelf
from dateline.site.times import bounds, local

logger = logging.getLogger(__name__)

ASGI = Callable[[Any, Any, Any], Awaitable[None]]

OTHERS = ("/desk", "/healthz", "/metrics", "/preview/")
"""Where addresses of no page begin: they go to Django unlooked."""

FILES = (settings.STATIC_URL, settings.PICTURES_URL)
"""Where addresses of files begin."""

LOOK_EVERY_S = 0.02
"""How often the archive is looked at when nobody asks for a page, for those who listen."""

RETRY_S = 1.0
"""Pause after a look that failed. What is in memory is served meanwhile."""

TRIES = 8
"""How often a page is made again because the archive changed while it was made."""

LONGEST_PATH = 2_000
"""Characters of an address. No page's is a tenth of it."""

_SENT = {
    name: at
    for at, name in enumerate(
        (
            b"accept-encoding",
            b"if-none-match",
            b"if-modified-since",
            b"user-agent",
            b"sec-purpose",
            b"purpose",
            b"x-moz",
            b"x-forwarded-for",
        )
    )
}
"""The only headers that the front reads, by their place in what `header_values` gives."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the operator allows: bytes of pages in memory, streams, proxies that are believed."""

    cache_bytes: int = 40_000_000
    listeners: int = 10_000
    proxies: int = 0


class Front:
    """The ASGI application of a web worker. `other` answers what is no page."""

    def __init__(self, other: ASGI, *, watch: Watch, limits: Limits = Limits()) -> None:
        self._other = other
        self._watch = watch
        self._limits = limits
        self._freshness = Freshness()
        self._shelf = Shelf(limits.cache_bytes)
        self._press = Press(self._freshness)
        self._making: dict[str, asyncio.Task[Page | Answer | None]] = {}
        self._static = StaticFiles(settings.STATIC_ROOT, prefix=settings.STATIC_URL)
        self._pictures = PublishedPictures(settings.PICTURES_ROOT, prefix=settings.PICTURES_URL)
        self._reporter = Reporter()
        self._looks = ThreadPoolExecutor(1, thread_name_prefix="reporter")
        # Apart: a write may have to wait for the archive's follower, and a look must not.
        self._writes = ThreadPoolExecutor(1, thread_name_prefix="reads")
        self._seen: object = None
        self._looking: asyncio.Task[None] | None = None
        self._look_again_at = 0.0
        self._day_ends: datetime | None = None
        self._reads = ReadCounter()
        self._tasks: list[asyncio.Task[None]] = []
        self.hub = Hub(most=limits.listeners)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live_through(receive, send)
            return
        path: str = scope["path"]
        if scope["method"] not in ("GET", "HEAD") or path.startswith(OTHERS) or path == "/":
            await self._other(scope, receive, send)
        elif path.startswith(FILES):
            await self._file(scope, receive, send)
        elif path == "/live":
            await self._listen(scope, receive, send)
        elif len(path) > LONGEST_PATH:
            await _send(plain_answer(414, "No address here is that long."), scope, send)
        else:
            await self._page(scope, receive, send)

    # --- pages -----------------------------------------------------------------------------------

    async def _page(self, scope: Any, receive: Any, send: Any) -> None:
        sent = header_values(scope["headers"], _SENT)
        address = scope["path"]
        if scope["query_string"]:
            address = address_of(address, scope["query_string"].decode("latin-1"))
        coding = _coding(sent)
        await self._be_current()
        page = self._shelf.get(address)
        if page is None or coding not in page.answers or not self._is_right(page):
            made = await self._made(address, coding)
            if made is None:
                await self._other(scope, receive, send)
                return
            if isinstance(made, Answer):
                await _send(made, scope, send)
                return
            page = made
        self._count(page, scope, sent)
        await _send(_conditional(page.answers[coding], sent), scope, send)

    def _is_right(self, page: Page) -> bool:
        if page.filled_at == self._freshness.turn:
            return True
        if self._freshness.holds(page.filled_at, page.tags):
            page.filled_at = self._freshness.turn
            return True
        return False

    async def _made(self, address: str, coding: str) -> Page | Answer | None:
        """A page made by the press, once for all who ask; it is current when this returns.

        While releases come faster than a page is made, it is what the archive showed at the
        beginning of the last try.
        """
        for _ in range(TRIES):
            making = self._making.get(address)
            if making is None:
                making = asyncio.create_task(self._make(address, coding))
                self._making[address] = making
            # Shielded: a reader who goes must not take the page from the others.
            made = await asyncio.shield(making)
            await self._be_current()
            if not isinstance(made, Page) or (coding in made.answers and self._is_right(made)):
                return made
        return made

    async def _make(self, address: str, coding: str) -> Page | Answer | None:
        try:
            made = await self._press.ordered((address, self._shelf.get(address), coding))
        finally:
            # Before this task is done, for the reason given in `_look`.
            del self._making[address]
        if isinstance(made, Page) and made.made.kept:
            self._shelf.put(address, made)
        else:
            self._shelf.drop(address)
        return made

    def _count(self, page: Page, scope: Any, sent: list[bytes]) -> None:
        number = page.made.sheet.number
        if number and scope["method"] == "GET":
            purpose = sent[4] or sent[5] or sent[6]
            address = self._address(scope, sent[7])
            self._reads.count(number, address=address, user_agent=sent[3], purpose=purpose)

    def _address(self, scope: Any, forwarded: bytes) -> str:
        """The reader's network address: what the farthest proxy we believe says, else the peer."""
        if self._limits.proxies and forwarded:
            said = forwarded.decode("latin-1").split(",")
            return said[-min(self._limits.proxies, len(said))].strip()
        return scope["client"][0] if scope.get("client") else ""

    async def _file(self, scope: Any, receive: Any, send: Any) -> None:
        """A style sheet, a script, a picture: `assets.py` says how they are kept."""
        sent = header_values(scope["headers"], _SENT)
        path: str = scope["path"]
        answer = self._pictures.answer(path) or self._static.answer(path, _coding(sent))
        if answer is None:
            await self._other(scope, receive, send)
            return
        await _send(_conditional(answer, sent), scope, send)

    # --- following the archive -------------------------------------------------------------------

    async def _be_current(self) -> None:
        """Return when this worker knows all that the archive showed when this was called."""
        if self._day_ends is not None and timezone.now() >= self._day_ends:
            self._begin_day()
        while (version := self._watch.version()) != self._seen:
            if self._looking is None:
                if asyncio.get_running_loop().time() < self._look_again_at:
                    return
                self._looking = asyncio.create_task(self._look(version))
            await asyncio.shield(self._looking)

    async def _look(self, version: object) -> None:
        loop = asyncio.get_running_loop()
        try:
            news = await loop.run_in_executor(
                self._looks, self._reporter.look, self._freshness.serial
            )
        except DatabaseError as error:
            logger.warning("The archive cannot be read; pages in memory are served: %s", error)
            self._look_again_at = loop.time() + RETRY_S
        else:
            self._seen = version
            self._take(news)
        finally:
            # Here and not in a callback, which comes after whoever asks in between: waiting for a
            # task that is done gives the loop no turn, so they would ask for ever.
            self._looking = None

    def _take(self, news: News) -> None:
        if news.tags is None:
            self._freshness.change_everything(serial=news.serial)
            self.hub.forget(serial=news.serial)
        elif news.tags or news.serial != self._freshness.serial:
            self._freshness.change(news.tags, serial=news.serial)
        self.hub.publish(news.events)

    def _begin_day(self) -> None:
        today = local(timezone.now()).date()
        self._day_ends = bounds(today)[1]
        self._freshness.change({TODAY})

    # --- live ------------------------------------------------------------------------------------

    async def _listen(self, scope: Any, receive: Any, send: Any) -> None:
        await self._be_current()
        if refusal := self.hub.refusal():
            await _send(refusal, scope, send)
            return
        try:
            await self.hub.stream(scope, receive, send)
        except Unasked as error:
            await _send(plain_answer(400, str(error)), scope, send)

    # --- a worker's life -------------------------------------------------------------------------

    async def _live_through(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def start(self) -> None:
        """Read where the archive stands, and begin to follow it."""
        self._begin_day()
        loop = asyncio.get_running_loop()
        version = self._watch.version()
        try:
            first = await loop.run_in_executor(self._looks, self._reporter.first_look)
            self._freshness.change_everything(serial=first.serial)
            known_from = first.events[0].serial - 1 if first.events else first.serial
            self.hub.remember(first.events, known_from=known_from)
            self._seen = version
        except DatabaseError as error:
            logger.warning("The archive cannot be read yet: %s", error)
        for work, every_s in (
            (self._be_current, LOOK_EVERY_S),
            (self._beat, HEARTBEAT_S),
            (self._hand_over, HANDED_OVER_EVERY_S),
        ):
            self._tasks.append(asyncio.create_task(_repeat(work, every_s)))

    async def stop(self) -> None:
        """End the streams, hand over what was counted, let go of threads and connections."""
        await self.hub.drain()
        for task in self._tasks:
            task.cancel()
        await self._hand_over()
        self._watch.close()
        for pool in (self._press.jobs, self._looks, self._writes):
            pool.submit(connections.close_all)
            pool.shutdown(wait=False)

    async def _beat(self) -> None:
        self.hub.beat()

    async def _hand_over(self) -> None:
        if reads := self._reads.take():
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(self._writes, _add_reads, reads)
            except DatabaseError as error:
                logger.warning("Counts of reads wait, as the archive takes none: %s", error)
                self._reads.put_back(reads)


def _add_reads(reads: dict[int, int]) -> None:
    reading.add(reads, at=timezone.now())


async def _repeat(work: Callable[[], Awaitable[None]], every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        try:
            await work()
        except Exception:
            # One look or beat that failed must not be the last.
            logger.exception("What a worker does beside its readers failed, and is tried again")


def _coding(sent: list[bytes]) -> str:
    return chosen(sent[0].decode("latin-1"))


def _conditional(answer: Answer, sent: list[bytes]) -> Answer:
    """The answer, or the 304 in its place if the reader holds it."""
    return not_modified(answer) if is_held(answer, sent[1], sent[2]) else answer


async def _send(answer: Answer, scope: Any, send: Any) -> None:
    await send(answer.start)
    if scope["method"] == "HEAD" or answer.status == 304:
        await send({"type": "http.response.body", "body": b""})
    else:
        await send(answer.end)
