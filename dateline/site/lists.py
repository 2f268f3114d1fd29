"""Pages that are lists: Latest, a section, the timeline of a topic or a person, a day.

All but the day are paged by keyset: the address names the last line shown, so a page deep in the
archive costs what the first does, and a story released meanwhile moves nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Generic, TypeVar

from django.utils import timezone
from django.utils.translation import gettext

from dateline.addresses import (
    corrections_path,
    day_path,
    entity_heading,
    entity_path,
    latest_path,
    section_path,
    topic_path,
)
from dateline.archive import queries
from dateline.archive.changes import corrections_tag, edition_tag, section_tag, topic_tag
from dateline.archive.queries import BadMark, Corrected, Line, Mark, Shape
from dateline.formats import jsonld
from dateline.items import Edition, Entity, Section, Topic
from dateline.site.errors import Missing
from dateline.site.frame import Frame, frame_of, publication_of, render, unlisted
from dateline.site.kept import TODAY
from dateline.site.parts import Sheet
from dateline.site.rows import corrected, hours, section_names, timeline, wire
from dateline.site.times import bounds, day_name, local

PAGE = 30
"""Lines on a page of a list."""

DAY = 500
"""Lines on a page of a day: an agency's ordinary day as a whole, and a page of bounded size."""


L = TypeVar("L", Line, Corrected)


@dataclass(frozen=True, slots=True)
class Slice(Generic[L]):
    """One page of a list, with the addresses of its neighbours where there are any."""

    lines: list[L]
    older: str = ""
    newer: str = ""
    first: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    """What a list is about: its topic or section if it has one, else its own description."""

    title: str
    description: str = ""


def latest_page(shape: Shape, edition: Edition, query: Mapping[str, str]) -> Sheet:
    path = latest_path(edition.code)
    page = _slice(path, query, lambda **place: queries.latest(edition.code, **place))
    return _wire_page(
        Heading(gettext("Latest")),
        _frame(shape, edition, path, page),
        page,
        names=section_names(shape, edition.code),
        tags={edition_tag(edition.code)},
    )


def section_page(
    shape: Shape, edition: Edition, section: Section, query: Mapping[str, str]
) -> Sheet:
    path = section_path(edition.code, section.slug)
    page = _slice(
        path, query, lambda **place: queries.in_section(edition.code, section.slug, **place)
    )
    return _wire_page(
        Heading(section.name, section.description),
        _frame(shape, edition, path, page, section=section.slug),
        page,
        names={},
        tags={section_tag(edition.code, section.slug)},
    )


def entity_page(
    shape: Shape, edition: Edition, entity: Entity, query: Mapping[str, str]
) -> Sheet:
    """A person, place or organisation: what it is, and the timeline of stories that name it."""
    heading = entity_heading(entity.kind, entity.slug)
    path = entity_path(edition.code, entity.kind, entity.slug)
    page = _slice(path, query, lambda **place: queries.under_topic(edition.code, heading, **place))
    refuse_empty(edition, heading, page.lines)
    return render(
        "entity",
        _frame(shape, edition, path, page, topic=heading),
        heading=Heading(entity.name, entity.description),
        days=timeline(page.lines),
        page=page,
        most=PAGE,
        jsonld=jsonld.encode_entity(entity, publication_of(edition)).decode(),
        tags={topic_tag(edition.code, heading)},
    )


def topic_page(shape: Shape, edition: Edition, slug: str, query: Mapping[str, str]) -> Sheet:
    path = topic_path(edition.code, slug)
    page = _slice(path, query, lambda **place: queries.under_topic(edition.code, slug, **place))
    refuse_empty(edition, slug, page.lines)
    topic = topic_named(edition, slug, page.lines)
    return render(
        "topic",
        _frame(shape, edition, path, page, topic=slug),
        heading=Heading(f"#{topic.name}", topic.description),
        days=timeline(page.lines),
        page=page,
        most=PAGE,
        tags={topic_tag(edition.code, slug)},
    )


def corrections_page(shape: Shape, edition: Edition, query: Mapping[str, str]) -> Sheet:
    """What the agency put right, the newest first: each with its time, its note and its story."""
    path = corrections_path(edition.code)
    page = _slice(path, query, lambda **place: queries.corrections(edition.code, **place))
    frame = _frame(shape, edition, path, page, feed_folder=path)
    return render(
        "corrections",
        replace(frame, live=""),  # a new story is no line of it
        heading=corrections_heading(),
        rows=corrected(page.lines),
        page=page,
        tags={corrections_tag(edition.code)},
    )


def corrections_heading() -> Heading:
    return Heading(
        gettext("Corrections"),
        gettext("What we got wrong, and what is right. Each stands above its story too."),
    )


def day_page(shape: Shape, edition: Edition, day: date, query: Mapping[str, str]) -> Sheet:
    """One day of the agency. Raises Missing for days before the first story and after today."""
    today = local(timezone.now()).date()
    try:
        start, end = bounds(day)
    except OverflowError as error:
        raise Missing("The calendar ends here.", day=day) from error
    path = day_path(edition.code, day)
    page = _slice(
        path, query, lambda **place: queries.between(edition.code, start, end, **place), length=DAY
    )
    lines = page.lines
    older = queries.latest(edition.code, limit=1, before=Mark(start, 0))
    newer = queries.latest(edition.code, limit=1, after=Mark(end - _TICK, _ANY_NUMBER))
    if day > today or not (lines or older):
        raise Missing("No day of this agency.", day=day)
    frame = _frame(shape, edition, path, page)
    return render(
        "day",
        frame if lines else unlisted(frame),
        page=page,
        heading=Heading(day_name(day)),
        rows=hours(lines, names=section_names(shape, edition.code)),
        tags={edition_tag(edition.code), TODAY},
        previous=_day_link(older),
        next=_day_link(newer),
    )


def refuse_empty(edition: Edition, heading: str, lines: list[Line]) -> None:
    """Raise Missing if no story stands under this heading: a topic of a draft is known before the
    draft is, and its name may say what readers are not to know yet."""
    if not lines and not queries.under_topic(edition.code, heading, limit=1):
        raise Missing("There is no such topic.", topic=heading)


def topic_named(edition: Edition, slug: str, lines: list[Line]) -> Topic:
    """The topic as an editor described it, else as its newest story names it.

    Raises Missing if nobody did either.
    """
    topic = queries.topic(edition.code, slug)
    if topic:
        return topic
    for item in queries.stories([line.number for line in lines[:1]]):
        for ref in item.topics:
            if ref.slug == slug:
                return Topic(guid="", version=0, edition=edition.code, slug=slug, name=ref.name)
    raise Missing("There is no such topic.", topic=slug)


_TICK = timedelta(microseconds=1)
_ANY_NUMBER = 2**63 - 1


def _wire_page(
    heading: Heading, frame: Frame, page: Slice[Line], *, names: dict[str, str], tags: set[str]
) -> Sheet:
    rows = wire(page.lines, today=local(timezone.now()).date(), names=names)
    return render(
        "list", frame, tags=tags | {TODAY}, heading=heading, rows=rows, page=page, most=PAGE
    )


def _frame(
    shape: Shape,
    edition: Edition,
    path: str,
    page: Slice[L],
    *,
    feed_folder: str = "",
    section: str = "",
    topic: str = "",
) -> Frame:
    """The frame of a list. A page deep in it moves with each release: not for search engines."""
    folder = path if section or topic else feed_folder
    frame = frame_of(
        shape, edition, path, feed_folder=folder, section=section, topic=topic
    )
    return frame if page.first else replace(unlisted(frame), url="")


def _slice(
    path: str,
    query: Mapping[str, str],
    read: Callable[..., list[L]],
    *,
    length: int = PAGE,
) -> Slice[L]:
    """The page of a list that `before` or `after` asks for. Raises BadMark."""
    before, after = (Mark.parse(query[n]) if n in query else None for n in ("before", "after"))
    if before and after:
        raise BadMark("This address names two places in the list. Start from its top.")
    # One more than is shown tells whether the list goes on.
    lines = read(limit=length + 1, before=before, after=after)
    more = len(lines) > length
    if after:
        lines = lines[-length:]
        return Slice(
            lines,
            older=_older(path, lines),
            newer=_newer(path, lines) if more else "",
            first=False,
        )
    lines = lines[:length]
    return Slice(
        lines,
        older=_older(path, lines) if more else "",
        newer=_newer(path, lines) if before else "",
        first=not before,
    )


def _older(path: str, lines: list[L]) -> str:
    return f"{path}?before={lines[-1].mark}" if lines else ""


def _newer(path: str, lines: list[L]) -> str:
    return f"{path}?after={lines[0].mark}" if lines else ""


@dataclass(frozen=True, slots=True)
class DayLink:
    name: str
    path: str


def _day_link(nearest: list[Line]) -> DayLink | None:
    """The link to the day of this line, which is the nearest day that has news."""
    if not nearest:
        return None
    day = local(nearest[0].at).date()
    return DayLink(day_name(day), day_path(nearest[0].edition, day))
