"""When the demo newsroom releases: much by day, little by night, less at the weekend."""

from bisect import bisect_left
from datetime import datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Kyiv")

# Releases in each hour of a working day, relative to one another.
_BY_HOUR = (
    0.08,
    0.05,
    0.05,
    0.05,
    0.06,
    0.12,
    0.3,
    0.6,
    1.1,
    2.0,
    2.3,
    2.3,
    2.1,
    2.0,
    2.2,
    2.2,
    2.0,
    1.8,
    1.3,
    1.0,
    0.8,
    0.6,
    0.4,
    0.2,
)
_WEEKEND = 0.55


class Hours:
    """The hours between two times, each with its share of the news."""

    def __init__(self, *, since: datetime, until: datetime) -> None:
        self._hours: list[tuple[datetime, float, float]] = []
        start = since
        while start < until:
            end = min(start + timedelta(hours=1), until)
            seconds = (end - start).total_seconds()
            self._hours.append((start, seconds, _weight(start) * seconds / 3600))
            start = end
        self._out = list(accumulate(weight for _, _, weight in self._hours))

    def moment(self, part: float, *, of: int) -> datetime:
        """When `part` of all the news is out, in whole seconds: a story's place among all."""
        target = self._out[-1] * part / of
        index = min(bisect_left(self._out, target), len(self._out) - 1)
        start, seconds, weight = self._hours[index]
        passed = self._out[index - 1] if index else 0.0
        share = min(max((target - passed) / weight, 0.0), 0.9999)
        return start + timedelta(seconds=int(seconds * share))


def _weight(start: datetime) -> float:
    local = start.astimezone(ZONE)
    return _BY_HOUR[local.hour] * (_WEEKEND if local.weekday() >= 5 else 1)
