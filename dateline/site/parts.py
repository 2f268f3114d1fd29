"""Pages as parts: a page's own part, and places for the rails that stand on many pages.

The idea of Edge Side Includes, in one process. A template leaves a place (`{% place "latest" %}`);
`Sheet` is the page with its places still empty, `fill()` puts the rails in. What is the page's own
changes rarely, rails at every release: so after a release a kept page is joined anew, not rendered.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import msgspec
from django.template.loader import render_to_string
from django.utils import timezone, translation

from dateline.addresses import latest_path
from dateline.archive import queries, reading
from dateline.archive.changes import PICKS, SHAPE, edition_tag, names_tag, picks_tag, topic_tag
from dateline.archive.queries import HOT, RAIL, Line, Shape
from dateline.items import Item, Ref
from dateline.site.kept import TODAY, kept, reads_tag
from dateline.site.rows import plain, timeline, wire
from dateline.site.times import day_name, local

_TOKEN = secrets.token_hex(8)
_PLACE = re.compile(rf"<!--{_TOKEN} (\w+)-->")
"""How a place is marked while a page is rendered: by a word that no text can guess."""

SERIAL = "serial"
"""The place of the newest release in the page."""

HOT_URGENCY = 3
"""Urgency up to which a new story may stand in Hot news when picks and reads are too few."""

ROWS_KEPT = 8_192
"""Rendered parts of the same values kept: each story stands in some dozens of lists."""

TIMELINES_KEPT = 1_024
"""Rendered timelines of More about kept, some 4 kB each."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with its places empty.

    `pieces` are text and names of places by turns, beginning and ending with text. `tags` are what
    its own part stands on. `number` and `topics` are the story's, where it is a story's page.
    """

    pieces: tuple[str, ...]
    edition: str
    tags: frozenset[str]
    number: int = 0
    topics: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        return self.pieces[1::2]

    @property
    def all_tags(self) -> frozenset[str]:
        """What the whole page stands on, its rails with it."""
        rails = (PLACES[place] for place in self.places if place != SERIAL)
        return self.tags.union(*(rail.tags(self) for rail in rails))


@dataclass(frozen=True, slots=True)
class Made:
    """A page or feed as a view makes it, for whoever sends it. `kept` says whether it may stay in
    memory: there is no end of addresses where nothing is."""

    sheet: Sheet
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    last_modified: datetime | None = None
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A part that stands on many pages: what it stands on, and how it is made for one."""

    tags: Callable[[Sheet], frozenset[str]]
    made: Callable[[Sheet], str]


def mark(place: str) -> str:
    """What a template writes where a place is to be."""
    if place != SERIAL and place not in PLACES:
        raise KeyError(f"There is no place {place!r}: PLACES lists them.")
    return f"<!--{_TOKEN} {place}-->"


def sheet_of(
    html: str, *, edition: str, tags: frozenset[str], number: int = 0, topics: tuple[str, ...] = ()
) -> Sheet:
    """A rendered page as a sheet, taken apart at its marks."""
    pieces = tuple(_PLACE.split(html))
    return Sheet(pieces, edition, tags | {SHAPE}, number=number, topics=topics)


def fill(sheet: Sheet, *, serial: int) -> str:
    """The page with its rails, as they are now.

    `serial` is what the archive showed before anything of the page was read: a browser asks the
    live stream for what came after it, so it may be too low and never too high.
    """
    pieces = list(sheet.pieces)
    with translation.override(sheet.edition):
        for at, place in enumerate(sheet.places):
            made = str(serial) if place == SERIAL else PLACES[place].made(sheet)
            pieces[2 * at + 1] = made
    return "".join(pieces)


# --- what rails are made of, kept while it is right ----------------------------------------------


def shape_now() -> Shape:
    """Editions, sections, standing pages and picks, as the archive has them now."""
    return kept("shape", _SHAPE_AND_PICKS, queries.shape)


def latest_now(edition: str) -> list[Line]:
    """The newest of an edition: what Latest shows, and what Hot news may choose from."""
    return kept(
        ("latest", edition),
        frozenset({edition_tag(edition)}),
        lambda: queries.latest(edition, limit=RAIL * 3),
    )


def renamed_now(edition: str) -> dict[str, Ref]:
    """Where the addresses of topics that were merged or renamed lead. Few, and asked for often."""
    return kept(
        ("renamed", edition), frozenset({names_tag(edition)}), lambda: queries.renamed(edition)
    )


def with_topics_now(item: Item) -> Item:
    """A story under its topics as they are now, after merges and renames since its release."""
    renamed = renamed_now(item.edition) if item.topics else {}
    if renamed.keys().isdisjoint(topic.slug for topic in item.topics):
        return item
    found = [renamed.get(topic.slug, topic) for topic in item.topics]
    now = {topic.slug: topic for topic in reversed(found)}
    return msgspec.structs.replace(item, topics=tuple(reversed(now.values())))


def more_about_now(edition: str, topics: tuple[str, ...], number: int) -> list[Line]:
    """More about of a story, from the newest of each of its topics."""
    newest = {
        topic: kept(
            ("topic", edition, topic),
            frozenset({topic_tag(edition, topic)}),
            lambda topic=topic: queries.newest_under(edition, topic),  # type: ignore[misc]
        )
        for topic in topics
    }
    return queries.more_about(number, [newest[topic] for topic in topics])


def hot_now(edition: str) -> list[Line]:
    """Hot news: the desk's picks, then what is read most now, then the urgent among the newest."""
    return kept(("hot", edition), _hot_tags(edition), lambda: _hot(edition))


def _hot(edition: str) -> list[Line]:
    picks = shape_now().picks.get((edition, "hot"))
    picked = picks.numbers if picks else ()
    read = reading.most_read(edition, limit=HOT) if len(picked) < HOT else []
    urgent = [line for line in latest_now(edition) if line.urgency <= HOT_URGENCY]
    chosen = {line.number: line for line in queries.lines([*picked, *read])}
    for line in urgent:
        chosen.setdefault(line.number, line)
    return [*chosen.values()][:HOT]


def _hot_tags(edition: str) -> frozenset[str]:
    return frozenset({edition_tag(edition), picks_tag(edition), reads_tag(edition), SHAPE})


# --- the places ----------------------------------------------------------------------------------


def _today(sheet: Sheet) -> str:
    return kept(
        ("place", "today", sheet.edition),
        _TODAY,
        lambda: day_name(local(timezone.now()).date()),
    )


def _latest(sheet: Sheet) -> str:
    return kept(
        ("place", "latest", sheet.edition),
        _latest_tags(sheet),
        lambda: render_to_string(
            "site/places/latest.html",
            {
                "rows": wire(latest_now(sheet.edition)[:RAIL], today=_this_day()),
                "most": RAIL,
                "more": latest_path(sheet.edition),
            },
        ),
    )


def _hot_news(sheet: Sheet) -> str:
    return kept(
        ("place", "hot", sheet.edition),
        _hot_news_tags(sheet),
        lambda: render_to_string(
            "site/places/hot.html", {"rows": plain(hot_now(sheet.edition), today=_this_day())}
        ),
    )


def _more_about(sheet: Sheet) -> str:
    return _more_about_of(tuple(more_about_now(sheet.edition, sheet.topics, sheet.number)))


@lru_cache(maxsize=TIMELINES_KEPT)
def _more_about_of(lines: tuple[Line, ...]) -> str:
    """More about with these lines. Stories of the same topics nearly all have the same ten."""
    if not lines:
        return ""
    return render_to_string("site/places/more_about.html", {"days": timeline(lines)})


_TODAY = frozenset({TODAY})
_SHAPE_AND_PICKS = frozenset({SHAPE, PICKS})


def _latest_tags(sheet: Sheet) -> frozenset[str]:
    return frozenset({edition_tag(sheet.edition), TODAY, SHAPE})


def _hot_news_tags(sheet: Sheet) -> frozenset[str]:
    return _hot_tags(sheet.edition) | _TODAY


def _topics_tags(sheet: Sheet) -> frozenset[str]:
    return frozenset(topic_tag(sheet.edition, topic) for topic in sheet.topics)


PLACES = {
    "today": Place(lambda sheet: _TODAY, _today),
    "latest": Place(_latest_tags, _latest),
    "hot": Place(_hot_news_tags, _hot_news),
    "more_about": Place(_topics_tags, _more_about),
}
"""Every place that a template may leave."""


def _this_day() -> date:
    return local(timezone.now()).date()


@lru_cache(maxsize=ROWS_KEPT)
def once(language: str, template: str, values: tuple[tuple[str, object], ...]) -> str:
    """A part that is a function of these values alone, rendered once for each."""
    del language  # a part of the key: it is the active one
    return render_to_string(template, dict(values))
