"""What happened to the archive since a worker last read it: tags that changed, events to tell.

Read in a thread of its own, as the database may take its time; the event loop takes the result.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
from django.db import connections
from django.template.loader import render_to_string
from django.utils import timezone, translation

from dateline.archive import changes, queries, reading
from dateline.archive.changes import Change
from dateline.archive.models import PUBLIC
from dateline.archive.queries import HOT, Line
from dateline.items import Item, Kind
from dateline.releases.damage import ReplacedFile
from dateline.site.kept import reads_tag
from dateline.site.rows import line_path, plain
from dateline.site.times import local

RECENT = 500
"""Events kept in memory, for browsers whose connection broke or whose page is some hours old."""

_GONE = frozenset({Kind.KILL, Kind.WITHHOLD})


@dataclass(frozen=True, slots=True)
class Event:
    """One release as live readers are told of it. `tags` say to whom; `sent` is what is sent."""

    serial: int
    tags: frozenset[str]
    sent: bytes


class Said(msgspec.Struct, omit_defaults=True):
    """The data of an event, as JSON (docs/reference/live.md). `row` is the line of a list as HTML,
    so that a page needs no template of its own. Of a story that is gone only its number is said."""

    serial: int
    kind: str
    number: int
    edition: str
    section: str = ""
    topics: tuple[str, ...] = ()
    urgency: int = 0
    path: str = ""
    headline: str = ""
    first_released_at: str = ""
    released_at: str = ""
    note: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What a look at the archive found. `tags` is None if too much changed to say what."""

    serial: int
    tags: frozenset[str] | None = frozenset()
    events: tuple[Event, ...] = ()


@dataclass(slots=True)
class Reporter:
    """Reads news of the archive, look by look. For one thread."""

    _most_read: dict[str, list[int]] = field(default_factory=dict)
    _editions: tuple[str, ...] = ()
    _file: ReplacedFile | None = None

    def first_look(self) -> News:
        """Where the archive stands, and its last events."""
        self._mind_the_file()
        serial = queries.serial()
        found = changes.newest(RECENT)
        self._know_editions()
        self._hot_changed()
        return News(serial, None, events_of(found))

    def look(self, after: int) -> News:
        """What came after a serial. Raises DatabaseError if the archive cannot be read."""
        self._mind_the_file()
        serial = queries.serial()
        found = changes.since(after) if serial != after else []
        if found is None or serial < after:
            # Too far behind; or the archive was made again and stands before where we were.
            self._know_editions()
            return News(serial, None)
        tags = {tag for change in found for tag in change.tags}
        if changes.SHAPE in tags:
            self._know_editions()
        return News(serial, frozenset(tags | self._hot_changed()), events_of(found))

    def _know_editions(self) -> None:
        self._editions = tuple(edition.code for edition in queries.shape().editions)

    def _hot_changed(self) -> set[str]:
        """Editions whose readers' favourites are others than at the last look."""
        now = {edition: reading.most_read(edition, limit=HOT) for edition in self._editions}
        changed = {reads_tag(code) for code in now if now[code] != self._most_read.get(code, [])}
        self._most_read = now
        return changed

    def _mind_the_file(self) -> None:
        if self._file is None:
            self._file = ReplacedFile(connections[PUBLIC])
        self._file.reopen_if_replaced()


def events_of(found: Sequence[Change]) -> tuple[Event, ...]:
    """The events of these changes, those that are of stories; each tells of the story as it is."""
    numbers = [change.number for change in found if change.number]
    lines = {line.number: line for line in queries.lines(numbers)}
    corrected = [change.number for change in found if change.kind is Kind.CORRECTION]
    items = {item.number: item for item in queries.stories(corrected)}
    return tuple(
        Event(
            change.serial,
            frozenset(change.tags),
            _sent(change, _said(change, lines.get(change.number), items.get(change.number))),
        )
        for change in found
        if change.number
    )


def _said(change: Change, line: Line | None, item: Item | None) -> Said:
    if line is None or change.kind in _GONE:
        kind = change.kind if change.kind in _GONE else Kind.KILL
        return Said(change.serial, kind.value, change.number, change.edition)
    topics = changes.topics_in(change.tags, change.edition)
    with translation.override(line.edition):
        (row,) = plain([line], today=local(timezone.now()).date())
        html = render_to_string("site/parts/row.html", {"row": row})
    return Said(
        change.serial,
        change.kind.value,
        change.number,
        change.edition,
        section=line.section,
        topics=topics,
        urgency=line.urgency,
        path=line_path(line),
        headline=line.headline,
        first_released_at=line.at.isoformat(),
        released_at=change.at.isoformat(),
        note=item.corrections[-1].note if item and item.corrections else "",
        row=html.strip(),
    )


def _sent(change: Change, said: Said) -> bytes:
    """An event of the stream (HTML Living Standard, 9.2.6). JSON has no line breaks of its own."""
    data = msgspec.json.encode(said)
    return b"id: %d\nevent: release\ndata: %b\n\n" % (change.serial, data)
