"""A list of Items as RSS 2.0 (SPECS section 4; RSS Advisory Board profile for the extensions).

With `content:encoded`, `dc:creator`, `media:content` and `atom:link`. A title is plain text; a
description is HTML by the specification, so the plain summary is escaped for HTML first, and
then, like everything, once for XML.
"""

import html
from datetime import UTC, datetime
from email.utils import format_datetime

from lxml import etree

from dateline.addresses import entity_path, section_path, topic_path
from dateline.formats.body import content_html
from dateline.formats.dispatch import Dispatch
from dateline.formats.feed_release import (
    add_release,
    dispatch_in,
    entries_of,
    feed_of,
    has_lead,
    summary_of,
    title_of,
    with_content,
)
from dateline.formats.lexical import language_tag, uri, xml_text
from dateline.formats.publication import Feed, Publication
from dateline.formats.xml import parse
from dateline.items import BadDocument, Item, Picture
from dateline.vocabulary import SCHEME

CONTENT_TYPE = "application/rss+xml"
SUFFIX = "rss"

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_NAMESPACES = {"atom": _ATOM, "content": _CONTENT, "dc": _DC, "media": _MEDIA}


def encode(feed: Feed, publication: Publication) -> bytes:
    """The list as an RSS document. What is withheld or killed is left out."""
    rss = etree.Element("rss", nsmap=_NAMESPACES, version="2.0")
    channel = etree.SubElement(rss, "channel")
    _head(channel, feed, publication)
    for item, dispatch in entries_of(feed):
        _entry(channel, item, publication, dispatch)
    return etree.tostring(rss, xml_declaration=True, encoding="UTF-8")


def encode_one(dispatch: Dispatch, publication: Publication) -> bytes:
    """A feed of one release, for a client."""
    return encode(feed_of(dispatch, publication), publication)


def decode(data: bytes, publication: Publication | None = None) -> tuple[Dispatch, ...]:
    """The releases in a client's feed, in its order. Raises BadDocument if there are none in it.

    Of a picture a feed holds one file. Other agencies' feeds have no releases: `ingest` reads them.
    """
    try:
        root = parse(data)
        found = tuple(_read(entry, publication) for entry in root.iter("item"))
    except (ValueError, OverflowError, RecursionError) as error:
        raise BadDocument(f"This is not an RSS feed of a client: {error}.") from error
    return found


def decode_one(data: bytes, publication: Publication | None = None) -> Dispatch:
    """The first release in a client's feed. Raises BadDocument if there is none."""
    found = decode(data, publication)
    if not found:
        raise BadDocument("This is not an RSS feed of a client: it has no entry.")
    return found[0]


def _read(entry: etree._Element, publication: Publication | None) -> Dispatch:
    dispatch = dispatch_in(entry)
    if dispatch is None:
        raise ValueError("an entry says nothing of its release")
    markup = entry.findtext(f"{{{_CONTENT}}}encoded") or ""
    return with_content(dispatch, markup, publication, lead=has_lead(entry))


def _head(channel: etree._Element, feed: Feed, publication: Publication) -> None:
    _add(channel, "title", feed.title)
    _add(channel, "link", uri(publication.url(feed.page_path)))
    _add(channel, "description", html.escape(feed.description, quote=False))
    if language := language_tag(feed.language):
        _add(channel, "language", language)
    _add(channel, "lastBuildDate", _rfc822(feed.updated_at))
    _add(
        channel,
        f"{{{_ATOM}}}link",
        rel="self",
        type=CONTENT_TYPE,
        href=uri(publication.url(feed.feed_path)),
    )


def _entry(
    channel: etree._Element, item: Item, publication: Publication, dispatch: Dispatch | None
) -> None:
    entry = etree.SubElement(channel, "item")
    _add(entry, "title", title_of(item, dispatch))
    _add(entry, "link", uri(publication.item_url(item)))
    _add(entry, "guid", item.guid, isPermaLink="false")
    _add(entry, "pubDate", _rfc822(item.first_released_at))
    if summary := summary_of(item, dispatch):
        _add(entry, "description", html.escape(summary, quote=False))
    for byline in item.bylines:
        _add(entry, f"{{{_DC}}}creator", byline.name)
    _categories(entry, item, publication)
    if content := content_html(item, publication):
        _add(entry, f"{{{_CONTENT}}}encoded", content)
    if item.picture:
        _media(entry, item.picture, publication)
    if dispatch:
        add_release(entry, dispatch, publication)


def _categories(entry: etree._Element, item: Item, publication: Publication) -> None:
    section = section_path(item.edition, item.section.slug)
    _add(entry, "category", item.section.name, domain=uri(publication.url(section)))
    for topic in item.topics:
        domain = uri(publication.url(topic_path(item.edition, topic.slug)))
        _add(entry, "category", topic.name, domain=domain)
    for entity in item.entities:
        domain = uri(publication.url(entity_path(item.edition, entity.kind, entity.slug)))
        _add(entry, "category", entity.name, domain=domain)
    for subject in item.subjects:
        _add(entry, "category", subject.name, domain=SCHEME)


def _media(entry: etree._Element, picture: Picture, publication: Publication) -> None:
    if not picture.renditions:
        return
    largest = picture.renditions[-1]
    content = _add(
        entry,
        f"{{{_MEDIA}}}content",
        url=uri(publication.url(largest.href)),
        type=largest.content_type,
        medium="image",
        width=str(largest.width),
        height=str(largest.height),
        fileSize=str(largest.size_bytes),
    )
    if words := picture.caption or picture.alt:
        _add(content, f"{{{_MEDIA}}}description", words, type="plain")
    if picture.credit:
        _add(content, f"{{{_MEDIA}}}credit", picture.credit)
    if picture.copyright_notice:
        _add(content, f"{{{_MEDIA}}}copyright", picture.copyright_notice)


def _rfc822(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"A time needs its zone: {moment.isoformat()}")
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    clean = {name: xml_text(value) for name, value in attributes.items()}
    element = etree.SubElement(parent, tag, clean)
    element.text = xml_text(text) or None
    return element
