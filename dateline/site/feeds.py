"""Feeds of an edition, a section, a topic, an entity: the newest stories of the list, in full."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

import msgspec

from dateline.addresses import (
    corrections_path,
    edition_path,
    entity_heading,
    entity_path,
    section_path,
    topic_path,
)
from dateline.archive import queries
from dateline.archive.changes import corrections_tag, edition_tag, section_tag, topic_tag
from dateline.archive.queries import Corrected, Line
from dateline.formats import FEEDS
from dateline.formats.publication import Feed
from dateline.items import Edition, Entity, Item, Paragraph, Section
from dateline.site.frame import publication_of
from dateline.site.lists import corrections_heading, refuse_empty, topic_named
from dateline.site.parts import Made, sheet_of

LENGTH = 30
"""Stories in a feed."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without stories was last changed: a feed needs a time, and always the same one."""


def edition_feed(edition: Edition, ending: str) -> Made:
    lines = queries.latest(edition.code, limit=LENGTH)
    return _made(
        edition,
        ending,
        lines,
        folder=edition_path(edition.code),
        title=edition.title,
        description=edition.strapline,
        tag=edition_tag(edition.code),
    )


def section_feed(edition: Edition, section: Section, ending: str) -> Made:
    lines = queries.in_section(edition.code, section.slug, limit=LENGTH)
    return _made(
        edition,
        ending,
        lines,
        folder=section_path(edition.code, section.slug),
        title=f"{edition.title} · {section.name}",
        description=section.description,
        tag=section_tag(edition.code, section.slug),
    )


def topic_feed(edition: Edition, slug: str, ending: str) -> Made:
    lines = queries.under_topic(edition.code, slug, limit=LENGTH)
    refuse_empty(edition, slug, lines)
    topic = topic_named(edition, slug, lines)
    return _made(
        edition,
        ending,
        lines,
        folder=topic_path(edition.code, slug),
        title=f"{edition.title} · #{topic.name}",
        description=topic.description,
        tag=topic_tag(edition.code, slug),
    )


def entity_feed(edition: Edition, entity: Entity, ending: str) -> Made:
    heading = entity_heading(entity.kind, entity.slug)
    lines = queries.under_topic(edition.code, heading, limit=LENGTH)
    refuse_empty(edition, heading, lines)
    return _made(
        edition,
        ending,
        lines,
        folder=entity_path(edition.code, entity.kind, entity.slug),
        title=f"{edition.title} · {entity.name}",
        description=entity.description,
        tag=topic_tag(edition.code, heading),
    )


def corrections_feed(edition: Edition, ending: str) -> Made:
    """What was put right: each correction is an entry of its own, whose text is its note."""
    lines = queries.corrections(edition.code, limit=LENGTH)
    heading = corrections_heading()
    return _made_of(
        edition,
        ending,
        tuple(_notes(lines)),
        folder=corrections_path(edition.code),
        title=f"{edition.title} · {heading.title}",
        description=heading.description,
        tag=corrections_tag(edition.code),
    )


def _notes(lines: list[Corrected]) -> Iterable[Item]:
    items = {item.number: item for item in queries.stories([each.line.number for each in lines])}
    for each in lines:
        if item := items.get(each.line.number):
            yield msgspec.structs.replace(
                item,
                guid=f"{item.guid}#corrected-{each.at:%Y%m%dT%H%M%S.%fZ}",
                first_released_at=each.at,
                released_at=each.at,
                summary=each.note,
                body=(Paragraph(html=escape(each.note, quote=False)),),
                bylines=(),
                picture=None,
            )


def _made(edition: Edition, ending: str, lines: list[Line], **about: str) -> Made:
    items = tuple(queries.stories([line.number for line in lines]))
    return _made_of(edition, ending, items, **about)


def _made_of(
    edition: Edition,
    ending: str,
    items: tuple[Item, ...],
    *,
    folder: str,
    title: str,
    description: str,
    tag: str,
) -> Made:
    # A story that went is news of the feed too: without it Last-Modified would not move, and a
    # client that sends only that would keep the story.
    gone = tuple(queries.gone(edition.code, limit=LENGTH))
    updated_at = max([_NEVER, *(item.released_at for item in items), *(at for _, at in gone)])
    feed = Feed(
        title=title,
        description=description or title,
        language=edition.code,
        page_path=folder,
        feed_path=f"{folder}feed.{ending}",
        items=items,
        updated_at=updated_at,
        gone=gone,
    )
    text = FEEDS[ending].encode(feed, publication_of(edition)).decode()
    # What goes anywhere in the edition stands in `gone`.
    tags = frozenset({tag, edition_tag(edition.code)})
    return Made(
        sheet_of(text, edition=edition.code, tags=tags),
        content_type=f"{FEEDS[ending].content_type}; charset=utf-8",
        last_modified=updated_at,
    )
