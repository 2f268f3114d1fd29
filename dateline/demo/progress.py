"""A line on the terminal that says how far a long job has come, how fast, and how long yet."""

import sys
import time
from typing import TextIO

_EVERY_S = 0.2
_WIDTH = 24


class Progress:
    """Counts up to `total`, on from `begun`, which was done before and is no part of the rate.

    Draws itself on a terminal; elsewhere it says only the end.
    """

    def __init__(self, total: int, *, noun: str, begun: int = 0, out: TextIO = sys.stderr) -> None:
        self.total = total
        self.done = self._begun = begun
        self._noun = noun
        self._out = out
        self._started = time.monotonic()
        self._drawn = 0.0

    def add(self, count: int) -> None:
        self.done += count
        if self._out.isatty() and time.monotonic() - self._drawn > _EVERY_S:
            self._drawn = time.monotonic()
            self._out.write(f"\r{self._line()}\x1b[K")
            self._out.flush()

    def finish(self) -> float:
        """Say what was done; return how many a second."""
        rate = self._rate()
        start = "\r\x1b[K" if self._out.isatty() else ""
        self._out.write(f"{start}{self.done:,} {self._noun}, {rate:,.0f} a second\n")
        self._out.flush()
        return rate

    def _rate(self) -> float:
        return (self.done - self._begun) / max(time.monotonic() - self._started, 0.001)

    def _line(self) -> str:
        share = self.done / max(self.total, 1)
        bar = "#" * round(share * _WIDTH)
        rate = self._rate()
        left_s = (self.total - self.done) / max(rate, 0.001)
        return (
            f"[{bar:<{_WIDTH}}] {self.done:,} of {self.total:,} {self._noun}, "
            f"{rate:,.0f} a second, {_in_words(left_s)} left"
        )


def _in_words(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
