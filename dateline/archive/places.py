"""Where readers meet a story now: what a release of it will change, counted from the archive.

For the desk, before it acts. A few queries by index, each bounded, whatever the archive's size.
"""

from dataclasses import dataclass
from datetime import datetime

from dateline.archive import queries
from dateline.archive.models import PUBLIC, ArchivedTopic
from dateline.archive.queries import RAIL
from dateline.items import Item, Ref

MOST_NEIGHBOURS = 1_000
"""Stories counted under a topic: beyond it, "more than a thousand" says enough."""

MOST_TOPICS = 10
"""Topics looked at for More about: it is filled from the first few."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a story stands. `neighbours` are the other stories whose More about may show it."""

    section: Ref
    topics: tuple[Ref, ...]
    released_at: datetime
    translations: int
    rewrites: int
    neighbours: int
    in_latest: bool
    picked: tuple[str, ...]
    corrected: bool

    @property
    def lists(self) -> int:
        """Latest, its section, its day, each topic, and the corrections if it has any."""
        return 3 + len(self.topics) + self.corrected

    @property
    def pages(self) -> int:
        """Its own page, the lists that hold it, and the other pages that lead to it."""
        return 1 + self.lists + self.translations + self.rewrites + self.neighbours


def places_of(number: int) -> Places | None:
    """Where readers meet this story; None if they do not have it."""
    held = queries.story(number)
    if held is None or held.gone_at:
        return None
    item = held.item
    rewrites = queries.rewrites(item)
    newest = queries.latest(item.edition, limit=RAIL)
    return Places(
        section=item.section,
        topics=item.topics,
        released_at=item.first_released_at,
        translations=len(queries.translations(item)),
        rewrites=len(rewrites.newer) + (rewrites.earlier is not None),
        neighbours=_neighbours(item),
        in_latest=any(line.number == number for line in newest),
        picked=tuple(
            place
            for (edition, place), picks in sorted(queries.shape().picks.items())
            if edition == item.edition and number in picks.numbers
        ),
        corrected=bool(item.corrections),
    )


def _neighbours(item: Item) -> int:
    """Other stories under the topics in which this one is among the newest."""
    found: set[int] = set()
    for topic in item.topics[:MOST_TOPICS]:
        rows = ArchivedTopic.objects.using(PUBLIC).filter(edition=item.edition, topic=topic.slug)
        newest = rows.order_by("-first_released_at", "-story_id")
        numbers = list(newest.values_list("story_id", flat=True)[:MOST_NEIGHBOURS])
        # One more than the rail shows, as a story is not in its own.
        if item.number in numbers[: RAIL + 1]:
            found.update(numbers)
    return min(len(found - {item.number}), MOST_NEIGHBOURS)
