"""Times as readers see them: in the agency's zone, in the trade's habit.

The hour comes first (`11:57`), the date follows where it is needed (`20:44 02.09.2025`). Lists
leave out today's date; the head of a story never does.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language

DAY_FORMAT = "l, j E Y"
"""Django's format of a day in full. `E` is the month as it stands beside a number: in Ukrainian
its genitive."""


_Date = date
"""`When` has a field of that name."""


@dataclass(frozen=True, slots=True)
class When:
    """A time for the page: for machines, and its hour and date for people. `date` may be empty."""

    iso: str
    hour: str
    date: str = ""

    @classmethod
    def full(cls, at: datetime) -> Self:
        """Hour and date, whatever the day is."""
        here = local(at)
        return cls(here.isoformat(timespec="seconds"), f"{here:%H:%M}", f"{here:%d.%m.%Y}")

    @classmethod
    def short(cls, at: datetime, *, today: _Date) -> Self:
        """The hour alone if it is of this day, else hour and date."""
        full = cls.full(at)
        return cls(full.iso, full.hour) if local(at).date() == today else full


def zone() -> ZoneInfo:
    """The agency's zone."""
    return ZoneInfo(settings.TIME_ZONE)


def local(at: datetime) -> datetime:
    """A time on the agency's clock."""
    return at.astimezone(zone())


def bounds(day: date) -> tuple[datetime, datetime]:
    """When a day of the agency begins, and when the next one does; 23 to 25 hours apart."""
    return _midnight(day), _midnight(day + timedelta(days=1))


def day_name(day: date) -> str:
    """A day in the active language: `Wednesday, 3 September 2025`."""
    return _day_name(get_language() or "", day)


@lru_cache(maxsize=1_024)
def _day_name(language: str, day: date) -> str:
    # Django writes П'ятниця with a typewriter's apostrophe.
    name = date_format(day, DAY_FORMAT).replace("'", "’")
    return name[:1].upper() + name[1:]


def _midnight(day: date) -> datetime:
    # Through UTC: two times of one zone are compared and subtracted by the wall clock in Python,
    # which is an hour wrong on the days the clock is changed.
    return datetime.combine(day, time.min, tzinfo=zone()).astimezone(UTC)
