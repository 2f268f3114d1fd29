"""Reading the feed for a client: pages by cursor, one story, its versions, search, a trial.

A page is what a client may have after a position, in log order. `next` is where looking ended: so a
page may have fewer items than asked for, or none, and the next one goes on from there. It looks no
further than the follower has come, in serial order, so nothing can appear behind it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections

from dateline.items import Status
from dateline.releases.following import position
from dateline.wire import cursors
from dateline.wire.cursors import Position
from dateline.wire.feed import WireFeed
from dateline.wire.matching import past_keys
from dateline.wire.models import WIRE, FeedRow, Term
from dateline.wire.query import Query
from dateline.wire.sight import COLUMNS, Right, Row, is_due, sees

MOST_ITEMS = 200
"""Items of one page."""

MOST_LOOKED = 500
"""Rows looked at for one page, however few of them are the client's: what a page costs at most. A
product by words alone has the most to look at, 0.1 ms for each row on a busy machine."""

MOST_SEARCHED = 2_000
"""Rows looked at for one search or trial, which somebody waits for and asks seldom."""

MOST_KEYS = 64
"""Ranges of the index read for one page; for more it is cheaper to look at every row."""

_BATCH = 100


@dataclass(frozen=True)
class Sent:
    """A row as a client gets it, with the rights by which it is theirs."""

    row: Row
    rights: tuple[Right, ...]


@dataclass(frozen=True)
class Page:
    """What a client gets after a position; `next` is where to go on. `even`: all there is now."""

    items: tuple[tuple[Sent, str], ...]
    next: str
    even: bool


def page(
    rights: Sequence[Right], after: Position | None, *, limit: int, now: datetime
) -> Page:
    """What is theirs after a position, up to `limit` items, each with the cursor that follows it.

    Without a position it begins with the oldest that any of the rights may read.
    """
    head = position(WireFeed())
    where = {delay: cursors.after(after or {}, delay) for delay in _delays(rights)} or {0: head}
    items: list[tuple[Sent, str]] = []
    even = True
    for delay in sorted(where):
        upto = min(head, _due_upto(delay, now, head))
        group = [right for right in rights if _seconds(right.delay) == delay]
        walk = _Walk(rights, group, delay=delay, now=now)
        found, reached = walk.forward(where[delay], upto, limit=limit - len(items))
        for sent in found:
            where[delay] = sent.row.serial
            items.append((sent, cursors.write(where)))
        where[delay] = max(where[delay], reached)
        even = even and where[delay] >= upto
    return Page(tuple(items), cursors.write(where), even)


def latest(rights: Sequence[Right], *, now: datetime) -> str:
    """The cursor after which only what is to come stands."""
    head = position(WireFeed())
    delays = _delays(rights) or [0]
    return cursors.write({delay: min(head, _due_upto(delay, now, head)) for delay in delays})


def versions(rights: Sequence[Right], guid: str, *, now: datetime) -> list[Sent]:
    """Every version of a story that is theirs and due, the oldest first."""
    rows = _rows(FeedRow.objects.using(WIRE).filter(guid=guid))
    found = []
    for at, row in enumerate(rows):
        seeing = sees(rights, row, rows[:at], now=now)
        if seeing and is_due(row, seeing, now=now):
            found.append(Sent(row, tuple(seeing)))
    return found


def search(
    rights: Sequence[Right], query: Query, *, before: int | None, limit: int, now: datetime
) -> tuple[list[Sent], int | None]:
    """Stories whose newest version is theirs and answers the query, the newest first.

    The serial to go on before comes with them; None where all was looked at.
    """
    head = position(WireFeed())
    keys = past_keys(query)
    walk = _Walk(rights, rights, delay=None, now=now, keys=keys)
    found: list[Sent] = []
    reached = min(head + 1, before or head + 1)
    for row in walk.backward(reached):
        reached = row.serial
        if query.takes(row.facts) and (mine := _as_newest(rights, row, now)):
            found.append(mine)
        if len(found) >= limit or walk.looked >= MOST_SEARCHED:
            return found, reached
    return found, None


@dataclass(frozen=True)
class Trial:
    """What a product would have sent in the last days: the newest of it, and how much it was.

    `partly`: there was more to look at than a trial looks at; `since` is how far it came.
    """

    newest: tuple[Sent, ...]
    count: int
    since: datetime
    partly: bool


def trial(right: Right, *, days: int, show: int, now: datetime) -> Trial:
    """Try a product against the feed. The same code as a page, so it shows what will be sent."""
    since = now - timedelta(days=days)
    walk = _Walk([right], [right], delay=None, now=now)
    newest: list[Sent] = []
    count = 0
    for row in walk.backward(position(WireFeed()) + 1):
        if row.at < since:
            break
        if walk.looked >= MOST_SEARCHED:
            return Trial(tuple(newest), count, row.at, True)
        if sees([right], row, walk.earlier(row), now=now):
            count += 1
            if len(newest) < show:
                newest.append(Sent(row, (right,)))
    return Trial(tuple(newest), count, since, False)


class _Walk:
    """Looking through the feed by the keys of some rights, for what a client may see."""

    def __init__(
        self,
        rights: Sequence[Right],
        group: Sequence[Right],
        *,
        delay: int | None,
        now: datetime,
        keys: frozenset[int] | None = None,
    ) -> None:
        self._rights = rights
        self._delay = delay
        self._now = now
        self._keys = keys if keys is not None else _keys_of(group)
        self._floor = _floor(group, now)
        self._stories: dict[str, list[Row]] = {}
        self.looked = 0

    def forward(self, start: int, upto: int, *, limit: int) -> tuple[list[Sent], int]:
        """Rows of theirs after `start`, and how far it looked."""
        found: list[Sent] = []
        reached = max(start, self._floor - 1)
        while limit > 0 and reached < upto and self.looked < MOST_LOOKED:
            batch = min(_BATCH, max(limit - len(found), 20), MOST_LOOKED - self.looked)
            serials = _serials(self._keys, after=reached, upto=upto, limit=batch)
            for row in self._read(serials):
                reached = row.serial
                if seeing := self._mine(row):
                    found.append(Sent(row, tuple(seeing)))
                    if len(found) == limit:
                        return found, reached
            reached = serials[-1] if len(serials) == batch else upto
        return found, reached

    def backward(self, start: int) -> Iterator[Row]:
        """Rows before `start` by the keys, the newest first, down to what may be read."""
        reached = start
        while reached > self._floor:
            serials = _serials(self._keys, before=reached, limit=_BATCH)
            for row in reversed(self._read(sorted(serials))):
                self.looked += 1
                yield row
            if len(serials) < _BATCH:
                return
            reached = serials[-1]

    def earlier(self, row: Row) -> list[Row]:
        return [each for each in self._stories.get(row.guid, ()) if each.serial < row.serial]

    def _mine(self, row: Row) -> list[Right]:
        self.looked += 1
        seeing = sees(self._rights, row, self.earlier(row), now=self._now)
        if seeing and min(_seconds(right.delay) for right in seeing) == self._delay:
            return seeing
        return []  # not theirs, or brought by a product with another delay

    def _read(self, serials: Sequence[int]) -> list[Row]:
        rows = _rows(FeedRow.objects.using(WIRE).filter(serial__in=serials))
        # Of a first version there is nothing earlier, and most are; of others all are read.
        again = {row.guid for row in rows if row.version > 1 or row.reach == "rest"}
        if again:
            for row in _rows(FeedRow.objects.using(WIRE).filter(guid__in=again)):
                held = self._stories.setdefault(row.guid, [])
                if not held or held[-1].serial < row.serial:
                    held.append(row)
        return rows


def _as_newest(rights: Sequence[Right], row: Row, now: datetime) -> Sent | None:
    """The row as a client's, if it is the newest of its story that they may have, and usable."""
    theirs = versions(rights, row.guid, now=now)
    if not theirs or theirs[-1].row.serial != row.serial:
        return None
    return theirs[-1] if row.item.status is Status.USABLE else None


def _rows(queryset: "object") -> list[Row]:
    rows = queryset.order_by("serial").values_list(*COLUMNS)  # type: ignore[attr-defined]
    return [Row.of(*values) for values in rows]


def _serials(
    keys: frozenset[int] | None,
    *,
    limit: int,
    after: int | None = None,
    upto: int = 0,
    before: int = 0,
) -> list[int]:
    """Serials of rows that have one of the keys: after one, in order; or before one, backwards."""
    forward = after is not None
    condition = "serial > %s AND serial <= %s" if forward else "serial < %s"
    bounds = [after, upto] if forward else [before]
    order = f"ORDER BY serial {'ASC' if forward else 'DESC'} LIMIT %s"
    table = FeedRow._meta.db_table
    if keys is None or len(keys) > MOST_KEYS:
        statement = f"SELECT serial FROM {table} WHERE {condition} {order}"  # noqa: S608
        return _column(statement, [*bounds, limit])
    if not keys:
        return []
    terms = Term._meta.db_table
    ranges = " UNION ".join(
        f"SELECT serial FROM (SELECT serial FROM {terms} "  # noqa: S608 - our own tables' names
        f"WHERE term = %s AND {condition} {order}) AS range_{number}"
        for number in range(len(keys))
    )
    values = [value for key in sorted(keys) for value in (key, *bounds, limit)]
    return _column(f"SELECT serial FROM ({ranges}) AS found {order}", [*values, limit])  # noqa: S608


def _column(statement: str, values: Sequence[int | None]) -> list[int]:
    with connections[WIRE].cursor() as cursor:
        cursor.execute(statement, values)
        return [serial for (serial,) in cursor.fetchall()]


def _keys_of(rights: Sequence[Right]) -> frozenset[int] | None:
    found: set[int] = set()
    for right in rights:
        if right.keys is None:
            return None
        found |= right.keys
    return frozenset(found)


def _floor(rights: Sequence[Right], now: datetime) -> int:
    """The serial before which nothing is new enough for any of the rights."""
    depths = [right.depth for right in rights]
    if not depths or None in depths:
        return 0
    since = now - max(depth for depth in depths if depth is not None)
    rows = FeedRow.objects.using(WIRE).filter(at__gte=since).order_by("at", "serial")
    first = rows.values_list("serial", flat=True).first()
    return first if first is not None else position(WireFeed()) + 1


def _due_upto(delay_s: int, now: datetime, head: int) -> int:
    """The serial up to which everything is old enough for a delay."""
    if not delay_s:
        return head
    rows = FeedRow.objects.using(WIRE).filter(at__gt=now - timedelta(seconds=delay_s))
    first = rows.order_by("at", "serial").values_list("serial", flat=True).first()
    return first - 1 if first is not None else head


def _delays(rights: Sequence[Right]) -> list[int]:
    return sorted({_seconds(right.delay) for right in rights})


def _seconds(delay: timedelta) -> int:
    return int(delay.total_seconds())
