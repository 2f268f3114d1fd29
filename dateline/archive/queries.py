"""What the site asks of the archive: one function a list, one query a function.

Every list is newest first and paged by keyset: `before` is the mark of the last line shown, so
page 5,000 costs what page 1 does. All of them may be called from any thread.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

from django.db import connections
from django.db.models import Q, QuerySet

from dateline.archive import renaming
from dateline.archive.follower import PublicArchive
from dateline.archive.models import (
    PUBLIC,
    ArchivedCorrection,
    ArchivedDocument,
    ArchivedStory,
    ArchivedTopic,
)
from dateline.errors import DatelineError
from dateline.items import (
    Document,
    Edition,
    Entity,
    Item,
    Page,
    Picks,
    Ref,
    Section,
    Status,
    Topic,
    decode,
)
from dateline.releases.following import position

RAIL = 10
"""Lines in Latest and in More about, as the story page has them."""

HOT = 5
"""Lines in Hot news."""


_NUMBERS = 2**63
"""Story numbers are below this: what a database's big integer holds."""


class BadMark(DatelineError):
    """The address names no place in a list."""

    code = "bad-mark"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a list: the release time and number of a story. Its text goes into addresses."""

    at: datetime
    number: int

    def __str__(self) -> str:
        return f"{self.at:%Y%m%dT%H%M%S.%fZ}-{self.number}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The mark in an address. Raises BadMark if it is none."""
        try:
            at, number = text.split("-")
            moment = datetime.strptime(at, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
            mark = cls(moment, int(number))
            # Only what we wrote ourselves: Python reads many more texts as a time or a number.
            if str(mark) != text or not 0 <= mark.number < _NUMBERS:
                raise ValueError(text)
        except ValueError as error:
            raise BadMark("This address names no place in the list. Start from its top.") from error
        return mark


@dataclass(frozen=True, slots=True)
class Line:
    """One story in a list."""

    number: int
    edition: str
    section: str
    slug: str
    headline: str
    at: datetime
    urgency: int
    corrected: bool

    @property
    def mark(self) -> Mark:
        return Mark(self.at, self.number)


@dataclass(frozen=True, slots=True)
class Held:
    """A story as the archive holds it. In one that is gone `item` has no text, only the reason."""

    item: Item
    serial: int
    gone_at: datetime | None

    @property
    def withheld(self) -> bool:
        """Is it taken down for now, and not for ever?"""
        return self.item.status is Status.WITHHELD


@dataclass(frozen=True, slots=True)
class Corrected:
    """A line of the list of corrections: what was put right, when, and in which story."""

    at: datetime
    note: str
    line: Line

    @property
    def mark(self) -> Mark:
        return Mark(self.at, self.line.number)


@dataclass(frozen=True, slots=True)
class Rewrites:
    """The stories that one was written anew as, the newest first, and the one it came from."""

    newer: tuple[Line, ...] = ()
    earlier: Line | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """What shapes the site: its editions, with their sections, standing pages and picks."""

    editions: tuple[Edition, ...]
    sections: dict[str, tuple[Section, ...]]
    pages: dict[str, tuple[Page, ...]]
    picks: dict[tuple[str, str], Picks]


def serial() -> int:
    """The newest serial that the archive shows: what a page made now is made from."""
    return position(PublicArchive())


def story(number: int) -> Held | None:
    """The newest public version of a story, or what remains of it; None if there never was one."""
    if number >= _NUMBERS:
        return None
    for data, serial_, gone_at in _fetched(_STORY, [number]):
        return Held(_item(data), serial_, None if gone_at is None else _moment(gone_at))
    return None


def stories(numbers: Sequence[int]) -> list[Item]:
    """The live ones of these stories, in the order asked for."""
    rows = dict(_live().filter(number__in=numbers).values_list("number", "data"))
    return [_item(rows[number]) for number in numbers if number in rows]


def translations(item: Item) -> list[Line]:
    """The same story in other editions."""
    if not item.translation_key:
        return []
    rows = _fetched(_TRANSLATIONS, [item.translation_key, item.number])
    return [_line(*row) for row in rows]


def rewrites(item: Item) -> Rewrites:
    """What readers can read before and after this story: one query for both."""
    former = item.evolved_from.number if item.evolved_from else _NO_NUMBER
    found = [_line(*row) for row in _fetched(_REWRITES, [item.number, former])]
    return Rewrites(
        newer=tuple(line for line in found if line.number != former),
        earlier=next((line for line in found if line.number == former), None),
    )


def latest(
    edition: str, *, limit: int = RAIL, before: Mark | None = None, after: Mark | None = None
) -> list[Line]:
    """Everything in an edition."""
    return _page(_live().filter(edition=edition), limit, before, after)


def in_section(
    edition: str,
    section: str,
    *,
    limit: int,
    before: Mark | None = None,
    after: Mark | None = None,
) -> list[Line]:
    """What stands in a section."""
    return _page(_live().filter(edition=edition, section=section), limit, before, after)


def between(
    edition: str,
    start: datetime,
    end: datetime,
    *,
    limit: int,
    before: Mark | None = None,
    after: Mark | None = None,
) -> list[Line]:
    """What was first released from `start` to just before `end`: a day."""
    found = _live().filter(
        edition=edition, first_released_at__gte=start, first_released_at__lt=end
    )
    return _page(found, limit, before, after)


def under_topic(
    edition: str,
    topic: str,
    *,
    limit: int,
    before: Mark | None = None,
    after: Mark | None = None,
) -> list[Line]:
    """A topic's timeline."""
    numbers = _page_of_topic(edition, topic, limit, before, after)
    return _lines(_live().filter(number__in=numbers).order_by("-first_released_at", "-number"))


def corrections(
    edition: str, *, limit: int, before: Mark | None = None, after: Mark | None = None
) -> list[Corrected]:
    """What was put right in an edition, the newest first."""
    found = (
        ArchivedCorrection.objects.using(PUBLIC)
        .filter(edition=edition)
        .values_list("at", "note", *_LINE_OF_TOPIC)
    )
    if after is not None:
        found = found.filter(_past("at", "story_id", after, "gt"), at__gte=after.at)
        rows = [*found.order_by("at", "story_id")[:limit]][::-1]
    else:
        if before is not None:
            found = found.filter(_past("at", "story_id", before, "lt"), at__lte=before.at)
        rows = [*found.order_by("-at", "-story_id")[:limit]]
    return [Corrected(at, note, Line(*line)) for at, note, *line in rows]


def newest_under(edition: str, topic: str, *, limit: int = RAIL + 1) -> list[Line]:
    """The newest under a topic: one more than More about shows, as the story is among them."""
    rows = _topic_rows(edition, topic).values_list(*_LINE_OF_TOPIC)[:limit]
    return [Line(*row) for row in rows]


def more_about(number: int, topics: Iterable[Sequence[Line]], *, limit: int = RAIL) -> list[Line]:
    """The newest other stories of a story's first topic, topped up from its other topics.

    `topics` are the newest of each topic in the story's order. They are taken in that order until
    there are `limit` stories; what was found is then put newest first.
    """
    chosen: dict[int, Line] = {}
    for newest in topics:
        for line in newest:
            if line.number != number and len(chosen) < limit:
                chosen.setdefault(line.number, line)
    return sorted(chosen.values(), key=lambda line: line.mark, reverse=True)


def gone(edition: str, *, limit: int) -> list[tuple[str, datetime]]:
    """What was killed or withheld last in an edition: guid and time, newest first."""
    found = _stories().filter(edition=edition, gone_at__isnull=False)
    return [
        (guid, at)
        for guid, at in found.order_by("-gone_at").values_list("guid", "gone_at")[:limit]
        if at is not None
    ]


def lines(numbers: Sequence[int]) -> list[Line]:
    """The live ones of these stories as lines, in the order asked for."""
    if not numbers:
        return []
    found = {line.number: line for line in _lines(_live().filter(number__in=numbers))}
    return [found[number] for number in numbers if number in found]


def newest_by_section(
    edition: str, sections: Iterable[str], *, limit: int
) -> dict[str, list[Line]]:
    """The newest of each section, in one query: the bands of a front page."""
    rows = _union(
        _stories()
        .filter(
            pk__in=_live()
            .filter(edition=edition, section=section)
            .order_by("-first_released_at", "-number")
            .values("pk")[:limit]
        )
        .values_list(*_LINE)
        for section in sections
    )
    bands: dict[str, list[Line]] = {}
    for line in sorted((Line(*row) for row in rows), key=lambda line: line.mark, reverse=True):
        bands.setdefault(line.section, []).append(line)
    return bands


def shape() -> Shape:
    """Editions, sections, standing pages and picks, each in its order."""
    rows = ArchivedDocument.objects.using(PUBLIC).filter(
        live=True, document_type__in=["edition", "section", "page", "picks"]
    )
    documents = [decode(bytes(data)) for data in rows.values_list("data", flat=True)]
    return Shape(
        editions=tuple(_ordered(documents, Edition)),
        sections=_by_edition(_ordered(documents, Section)),
        pages=_by_edition(_ordered(documents, Page)),
        picks={(d.edition, d.place): d for d in documents if isinstance(d, Picks)},
    )


def topic(edition: str, slug: str) -> Topic | None:
    """A topic's own document, if an editor described it."""
    found = _document(edition, "topic", slug)
    return found if isinstance(found, Topic) else None


def entity(edition: str, heading: str) -> Entity | None:
    """A person, place or organisation by its heading: `people/ada-brook`."""
    found = _document(edition, "entity", heading)
    return found if isinstance(found, Entity) else None


def renamed(edition: str) -> dict[str, Ref]:
    """Addresses of topics that were merged or renamed, with the topic that each leads to."""
    leads = renaming.leads_of(edition)
    ends = {slug: renaming.led(slug, leads) for slug in leads}
    rows = ArchivedDocument.objects.using(PUBLIC).filter(
        edition=edition, document_type="topic", key__in=set(ends.values()), live=True, leads_to=None
    )
    names = {
        found.slug: Ref(slug=found.slug, name=found.name)
        for found in (decode(bytes(data)) for data in rows.values_list("data", flat=True))
        if isinstance(found, Topic)
    }
    return {slug: names[end] for slug, end in ends.items() if end in names}


def _document(edition: str, document_type: str, key: str) -> Document | None:
    data = (
        ArchivedDocument.objects.using(PUBLIC)
        .filter(
            edition=edition, document_type=document_type, key=key, live=True, leads_to=None
        )
        .values_list("data", flat=True)
        .first()
    )
    return None if data is None else decode(bytes(data))


_LINE = (
    "number",
    "edition",
    "section",
    "slug",
    "headline",
    "first_released_at",
    "urgency",
    "corrected",
)
# The two queries of every page that is not in memory. Put together anew each time by Django, they
# took a quarter of its time.
_STORY = "SELECT data, serial, gone_at FROM archive_archivedstory WHERE number = %s"
_TRANSLATIONS = (
    f"SELECT {', '.join(_LINE)} FROM archive_archivedstory"  # noqa: S608 - our own columns
    " WHERE translation_key = %s AND number <> %s AND gone_at IS NULL ORDER BY edition"
)
_REWRITES = (
    f"SELECT {', '.join(_LINE)} FROM archive_archivedstory"  # noqa: S608 - our own columns
    " WHERE (evolved_from = %s OR number = %s) AND gone_at IS NULL"
    " ORDER BY first_released_at DESC, number DESC"
)
_NO_NUMBER = -1
_LINE_OF_TOPIC = tuple(f"story__{name}" for name in _LINE)


def _fetched(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connections[PUBLIC].cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _line(
    number: int,
    edition: str,
    section: str,
    slug: str,
    headline: str,
    at: datetime,
    urgency: int,
    corrected: bool,
) -> Line:
    """A line from a row as the driver gives it."""
    at = _moment(at)
    return Line(number, edition, section, slug, headline, at, urgency, bool(corrected))


def _moment(value: datetime) -> datetime:
    """A time as the database's driver gives it: SQLite's says no zone, and is in UTC."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _stories() -> QuerySet[ArchivedStory]:
    return ArchivedStory.objects.using(PUBLIC)


def _live() -> QuerySet[ArchivedStory]:
    return _stories().filter(gone_at=None)


def _item(data: bytes | memoryview) -> Item:
    document = decode(bytes(data))
    assert isinstance(document, Item)
    return document


def _lines(found: QuerySet[ArchivedStory]) -> list[Line]:
    return [Line(*row) for row in found.values_list(*_LINE)]


def _union(parts: Iterable[QuerySet[Any, tuple[Any, ...]]]) -> Iterable[tuple[Any, ...]]:
    """The rows of all parts in one query, in no order.

    A part is limited inside its own `pk__in`: SQLite takes no LIMIT in a part of a union.
    """
    found = [*parts]
    if len(found) < 2:
        return found[0] if found else ()
    return found[0].union(*found[1:], all=True)


def _page(
    found: QuerySet[ArchivedStory], limit: int, before: Mark | None, after: Mark | None
) -> list[Line]:
    """One page of a list, newest first, next to a mark; found through the list's own index."""
    if after is not None:
        found = found.filter(_beyond(after, "gt", "number"), first_released_at__gte=after.at)
        return _lines(found.order_by("first_released_at", "number")[:limit])[::-1]
    if before is not None:
        found = found.filter(_beyond(before, "lt", "number"), first_released_at__lte=before.at)
    return _lines(found.order_by("-first_released_at", "-number")[:limit])


def _beyond(mark: Mark, side: str, number: str) -> Q:
    """Past a mark. The caller adds the plain bound on the time, which is what the index uses."""
    return _past("first_released_at", number, mark, side)


def _past(time: str, number: str, mark: Mark, side: str) -> Q:
    return Q(**{f"{time}__{side}": mark.at}) | Q(
        **{time: mark.at, f"{number}__{side}": mark.number}
    )


def _topic_rows(edition: str, topic: str) -> QuerySet[ArchivedTopic]:
    return (
        ArchivedTopic.objects.using(PUBLIC)
        .filter(edition=edition, topic=topic)
        .order_by("-first_released_at", "-story_id")
    )


def _page_of_topic(
    edition: str, topic: str, limit: int, before: Mark | None, after: Mark | None
) -> list[int]:
    found = _topic_rows(edition, topic)
    if after is not None:
        found = found.filter(_beyond(after, "gt", "story_id"), first_released_at__gte=after.at)
        found = found.order_by("first_released_at", "story_id")
    elif before is not None:
        found = found.filter(_beyond(before, "lt", "story_id"), first_released_at__lte=before.at)
    return list(found.values_list("story_id", flat=True)[:limit])


S = TypeVar("S", Edition, Section, Page)


def _ordered(documents: list[Document], kind: type[S]) -> list[S]:
    return sorted((d for d in documents if isinstance(d, kind)), key=lambda d: (d.order, d.guid))


T = TypeVar("T", Section, Page)


def _by_edition(documents: list[T]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for document in documents:
        found.setdefault(document.edition, []).append(document)
    return {edition: tuple(each) for edition, each in found.items()}
