"""Making pages off the event loop: one thread that reads the archive, renders and packs.

One thread, because rendering holds Python's lock anyway, and because the parts it keeps then need
none of their own. It may be given any path; it answers None for what is not the site's.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast
from urllib.parse import urlencode

from django.db import connections
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

from dateline.archive.models import PUBLIC
from dateline.releases.damage import ReplacedFile
from dateline.site import notices
from dateline.site.answers import Answer, other_answer, page_answer
from dateline.site.kept import Freshness, Keeper, keep_in
from dateline.site.parts import Made, fill
from dateline.site.shelf import Page
from dateline.site.views import ReaderView

logger = logging.getLogger(__name__)

URLS = "dateline.site.urls"

MARKS = ("before", "after")
"""The only parameters that a page's address may have; all others change nothing and are left out,
so no number of query strings makes more than one page."""

LONGEST_MARK = 60
"""Characters of a mark, and some to spare: longer ones are answered, and not by a page kept."""


def address_of(path: str, query: str) -> str:
    """The address that a page is kept under: its path, and those parameters that matter."""
    if not query:
        return path
    asked = QueryDict(query)
    marks = [(name, str(asked[name])) for name in MARKS if name in asked]
    return f"{path}?{urlencode(marks)}" if marks else path


Order = tuple[str, Page | None, str]
"""What the front wants made: an address, the page that is kept there, a coding."""

Result = Page | Answer | None

Ordered = tuple[Order, asyncio.Future[Result]]

AT_ONCE = 16
"""Pages joined before the event loop is told. Going from one thread to the other and back costs as
much as joining a page, so after a release, when 1,000 pages are asked for, they go in sets."""


class Press:
    """Makes pages for the front. `jobs` runs what it is given, one after the other."""

    def __init__(self, freshness: Freshness) -> None:
        self.jobs = ThreadPoolExecutor(1, thread_name_prefix="press")
        self._freshness = freshness
        self._file: ReplacedFile | None = None
        # Joining takes a fifth of a millisecond, rendering a front page or a feed fifty times that:
        # in one queue, a thousand readers of stories would wait for the few lists that changed.
        self._to_join: deque[Ordered] = deque()
        self._to_render: deque[Ordered] = deque()
        self._runs = False
        keep_in(Keeper(freshness))

    async def ordered(self, order: Order) -> Result:
        """Make a page, from the event loop. See `make()`."""
        loop = asyncio.get_running_loop()
        made: asyncio.Future[Result] = loop.create_future()
        _, kept, _ = order
        queue = self._to_join if kept is not None and self._is_right(kept) else self._to_render
        queue.append((order, made))
        if not self._runs:
            self._runs = True
            self.jobs.submit(self._run, loop)
        return await made

    def _is_right(self, kept: Page) -> bool:
        """Is the own part of this page still right, so that it need only be joined anew?"""
        return self._freshness.holds(kept.made_at, kept.made.sheet.tags)

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        """In the press's thread: join a set of pages, render one, and go on if there are more."""
        self._make_some(self._to_join, AT_ONCE, loop)
        self._make_some(self._to_render, 1, loop)
        loop.call_soon_threadsafe(self._go_on, loop)

    def _make_some(
        self, queue: deque[Ordered], most: int, loop: asyncio.AbstractEventLoop
    ) -> None:
        done: list[tuple[asyncio.Future[Result], Result | Exception]] = []
        while queue and len(done) < most:
            order, made = queue.popleft()
            try:
                done.append((made, self.make(*order)))
            except Exception as error:  # noqa: BLE001 - raised where it was ordered
                done.append((made, error))
        if done:
            loop.call_soon_threadsafe(_hand_over, done)

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        self._runs = bool(self._to_join or self._to_render)
        if self._runs:
            self.jobs.submit(self._run, loop)

    def make(self, address: str, kept: Page | None, coding: str) -> Result:
        """The page at an address, with its answer in this coding.

        `kept` is the page as it was: if its own part is still right, only its rails are put in
        anew. An answer that is no page comes as it is; None if the site has no such address.
        """
        # In this order, and before anything is read: see Freshness.change().
        serial = self._freshness.serial
        turn = self._freshness.turn
        self._mind_the_archive()
        try:
            if kept is not None and self._is_right(kept):
                made, made_at = kept.made, kept.made_at
            else:
                found = _made(address)
                if not isinstance(found, Made):
                    return found
                made, made_at = found, turn
            page = Page(made, made_at, made.sheet.all_tags, filled_at=turn)
            if kept is not None and kept.filled_at == turn and made is kept.made:
                page.answers.update(kept.answers)
            page.answers[coding] = page_answer(made, fill(made.sheet, serial=serial), coding)
            return page
        finally:
            if connections[PUBLIC].errors_occurred:
                connections[PUBLIC].close()

    def _mind_the_archive(self) -> None:
        if self._file is None:
            self._file = ReplacedFile(connections[PUBLIC])
        self._file.reopen_if_replaced()


def _hand_over(done: Sequence[tuple[asyncio.Future[Result], Result | Exception]]) -> None:
    """On the event loop: give each its page, or the error that was met in making it."""
    for made, result in done:
        if made.cancelled():
            continue
        if isinstance(result, Exception):
            made.set_exception(result)
        else:
            made.set_result(result)


def _made(address: str) -> Made | Answer | None:
    path, _, query = address.partition("?")
    try:
        match = resolve(path, URLS)
    except Resolver404:
        return None
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = path
    request.GET = QueryDict(query)
    view = cast(ReaderView, match.func)
    try:
        answer = view.made(request, *match.args, **match.kwargs)
    except Exception:
        # As Django does around its views: a fault of ours is written down, and has a page.
        logger.exception("The page at %r could not be made", address)
        answer = notices.failed(request)
    return answer if isinstance(answer, Made) else other_answer(answer)
