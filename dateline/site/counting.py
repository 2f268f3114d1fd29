"""Counting what is read, for Hot news: in memory, without cookies, and without keeping addresses.

A reader counts once an hour for a story. Who a reader is, is known only as Python's hash of address
and browser, which begins from a secret of this process: it tells nothing to anybody, is never
written down, and is forgotten within the hour. Robots and prefetches do not count. Sums go to the
archive every few seconds, so a page that is read costs no write.
"""

import re
import time
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

HANDED_OVER_EVERY_S = 5.0

AGAIN_AFTER_S = 3600.0
"""A reader counts for a story once in this time, so nobody lifts one by asking again and again."""

READERS_REMEMBERED = 200_000
"""Pairs of reader and story that counted of late, at some 100 bytes; beyond it none counts until
the hour is over, as so many at once are no readers."""

A_NETWORK_COUNTS = 20
"""Readers of one address that count for a story in that time: behind one address there may be an
office, or one reader who changes the name of its browser."""

_ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|archiver|fetch|monitor|preview|scan|headless|lighthouse|"
    r"python|curl|wget|httpx|java/|okhttp|go-http|libwww|perl|ruby|axios|node|facebookexternal|"
    r"feed|rss|embedly|validator|wrk|apachebench",
    re.IGNORECASE,
)


@lru_cache(maxsize=4_096)
def is_robot(user_agent: bytes) -> bool:
    """Does this browser call itself a robot, or nothing at all?"""
    return not user_agent or _ROBOT.search(user_agent.decode("latin-1")) is not None


class ReadCounter:
    """This worker's counts since they were last handed over."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._reads: Counter[int] = Counter()
        self._counted: dict[int, int] = {}
        self._forget_at = 0.0

    def count(self, number: int, *, address: str, user_agent: bytes, purpose: bytes) -> None:
        """One page of a story went to a reader. `purpose` is what the browser says it asks for."""
        if purpose or is_robot(user_agent):
            return
        now = self._clock()
        if now >= self._forget_at:
            self._counted.clear()
            self._forget_at = now + AGAIN_AFTER_S
        reader = hash((number, address, user_agent))
        network = hash((number, address))
        if reader in self._counted or len(self._counted) >= READERS_REMEMBERED:
            return
        of_network = self._counted.get(network, 0)
        if of_network >= A_NETWORK_COUNTS:
            return
        self._counted[reader] = 1
        self._counted[network] = of_network + 1
        self._reads[number] += 1

    def take(self) -> dict[int, int]:
        """The counts since this was last asked: story number to reads."""
        taken, self._reads = self._reads, Counter()
        return dict(taken)

    def put_back(self, reads: dict[int, int]) -> None:
        """Counts that could not be handed over wait for the next time."""
        self._reads.update(reads)
