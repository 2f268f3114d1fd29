"""How often a token may ask: so many requests in each minute, counted in the worker's memory.

Several workers count apart, so the limit is each one's. The headers are those of the IETF's draft
on rate limits (draft-ietf-httpapi-ratelimit-headers-07): how many, how many are left, when anew.
"""

import threading
from dataclasses import dataclass

from dateline.wire.problems import WireError

WINDOW_S = 60
_MOST_COUNTED = 10_000


class TooMany(WireError):
    """The token asked more often in this minute than it may."""

    code = "rate-limited"
    title = "Too many requests"
    status = 429


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a minute. `reset_s` is how long until the next one."""

    limit: int
    remaining: int
    reset_s: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_s),
        }


class Counter:
    """Counts requests by token."""

    def __init__(self) -> None:
        self._counts: dict[int, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def count(self, token: int, *, limit: int, at_s: float) -> Left:
        """Count one request. Raises TooMany, with the seconds to wait."""
        window = int(at_s) // WINDOW_S
        reset_s = (window + 1) * WINDOW_S - int(at_s)
        with self._lock:
            if len(self._counts) > _MOST_COUNTED:
                self._counts = {t: c for t, c in self._counts.items() if c[0] == window}
            began, so_far = self._counts.get(token, (window, 0))
            so_far = so_far + 1 if began == window else 1
            self._counts[token] = (window, so_far)
        if so_far > limit:
            raise TooMany(
                f"{limit} requests a minute are yours. Wait {reset_s} seconds, or ask for news "
                "with wait= or the stream instead of asking again and again.",
                retry_after_s=reset_s,
            )
        return Left(limit, limit - so_far, reset_s)
