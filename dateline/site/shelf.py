"""Pages in memory, ready to send: bounded in bytes, the least lately read dropped first.

Used on the event loop's thread alone, so it has no locks.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

from dateline.site.answers import Answer
from dateline.site.parts import Made

_OVERHEAD = 6_000
"""Bytes of a page beside its texts: tags, headers, the dictionaries around them. Twice what they
add up to, as what a worker grew by (bench/memory) was half as much again as the sum of all."""


@dataclass(slots=True)
class Page:
    """A page as it is kept: its own part, made at one turn, and its answers of a later one.

    `made_at` and `filled_at` are turns of `Freshness`: of the own part, and of the whole.
    """

    made: Made
    made_at: int
    tags: frozenset[str]
    filled_at: int
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        # A character of a text that is not Latin takes two bytes, in Python as in UTF-8.
        text = sum(len(piece) * (1 if piece.isascii() else 2) for piece in self.made.sheet.pieces)
        return text + sum(len(answer.body) for answer in self.answers.values()) + _OVERHEAD


class Shelf:
    """Pages by their address."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self.size_bytes = 0

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, address: str) -> Page | None:
        page = self._pages.get(address)
        if page is not None:
            self._pages.move_to_end(address)
        return page

    def put(self, address: str, page: Page) -> None:
        """Keep a page, in place of what stood there; what was not read for longest goes for it."""
        self.drop(address)
        self._pages[address] = page
        self._sizes[address] = page.size_bytes
        self.size_bytes += self._sizes[address]
        while self.size_bytes > self._limit and self._pages:
            self.drop(next(iter(self._pages)))

    def drop(self, address: str) -> None:
        if self._pages.pop(address, None) is not None:
            self.size_bytes -= self._sizes.pop(address)
