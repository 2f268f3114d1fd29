"""When the demo newsroom releases: much by day, little by night, less at the weekend."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
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


def moments(chance: Random, *, count: int, since: datetime, until: datetime) -> Iterator[datetime]:
    """`count` moments in order, in whole seconds, spread as the newsroom's hours are."""
    hours = _hours(since, until)
    total = sum(weight for _, _, weight in hours)
    passed, index = 0.0, 0
    for number in range(count):
        target = total * (number + chance.random()) / count
        while index < len(hours) - 1 and passed + hours[index][2] < target:
            passed += hours[index][2]
            index += 1
        start, seconds, weight = hours[index]
        share = min(max((target - passed) / weight, 0.0), 0.9999)
        yield start + timedelta(seconds=int(seconds * share))


def _hours(since: datetime, until: datetime) -> list[tuple[datetime, float, float]]:
    """The hours between: start, length in seconds, weight."""
    hours = []
    start = since
    while start < until:
        end = min(start + timedelta(hours=1), until)
        local = start.astimezone(ZONE)
        seconds = (end - start).total_seconds()
        weight = _BY_HOUR[local.hour] * (_WEEKEND if local.weekday() >= 5 else 1) * seconds / 3600
        hours.append((start, seconds, weight))
        start = end
    return hours
