"""How much stories are read now: sums that web workers hand over, as scores that decay.

A read counts half as much after HALF_LIFE_S. Scores are kept as the logarithm of the decayed sum,
referred to one fixed moment (forward decay: Cormode and others, ICDE 2009), so that time passing
changes no row and no order: the newest read simply weighs more.
"""

from collections.abc import Mapping
from datetime import datetime
from math import exp, log, log1p

from django.db import connections, transaction

from dateline.archive.models import PUBLIC, ArchivedStory, StoryReads
from dateline.releases import doorbell

HALF_LIFE_S = 2 * 3600.0
"""Long enough that a quiet site has an order at night, short enough that the morning is new."""

FORGOTTEN = 20 * log(2)
"""Scores this far below the present are dropped: a millionth of a read, forty hours old."""

_RATE = log(2) / HALF_LIFE_S


def score_of(reads: float, at: datetime) -> float:
    """The score of so many reads at a moment."""
    return log(reads) + at.timestamp() * _RATE


def together(one: float, other: float) -> float:
    """The score of the reads behind two scores."""
    high, low = max(one, other), min(one, other)
    return high + log1p(exp(low - high))


def add(reads: Mapping[int, int], *, at: datetime) -> None:
    """Add a worker's counts since it last did: story number to reads. Unknown stories are left out.

    A short transaction, safe beside other workers and the archive's follower.
    """
    with transaction.atomic(using=PUBLIC):
        editions = dict(
            ArchivedStory.objects.using(PUBLIC)
            .filter(number__in=reads, gone_at=None)
            .values_list("number", "edition")
        )
        table = StoryReads.objects.using(PUBLIC)
        held = dict(
            table.select_for_update().filter(number__in=editions).values_list("number", "score")
        )
        table.bulk_create(
            [
                StoryReads(number=number, edition=edition, score=_risen(held.get(number), new))
                for number, edition in sorted(editions.items())
                for new in [score_of(reads[number], at)]
            ],
            update_conflicts=True,
            unique_fields=["number"],
            update_fields=["edition", "score"],
        )
        doorbell.ring(connections[PUBLIC], channel=doorbell.channel_of(PUBLIC))
        table.filter(score__lt=at.timestamp() * _RATE - FORGOTTEN).delete()


def most_read(edition: str, *, limit: int) -> list[int]:
    """The numbers of the stories that are read most now, the most read first."""
    found = StoryReads.objects.using(PUBLIC).filter(edition=edition).order_by("-score", "-number")
    return list(found.values_list("number", flat=True)[:limit])


def _risen(held: float | None, new: float) -> float:
    return new if held is None else together(held, new)
