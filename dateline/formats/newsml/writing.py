"""A release as a NewsML-G2 news item."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from lxml import etree

from dateline.addresses import section_path, topic_path
from dateline.formats import xhtml
from dateline.formats.dispatch import Dispatch, previous_version
from dateline.formats.lexical import is_uri, language_tag, one_line, rfc3339, uri
from dateline.formats.newsml.words import (
    CATALOG,
    EVOLVED_FROM,
    NAR,
    NATURES,
    OWN,
    PREVIOUS_VERSION,
    SEE_ALSO,
    SIGNALS,
    TRANSLATED_FROM,
    VERSION,
    XHTML_TYPE,
)
from dateline.formats.publication import Publication
from dateline.formats.reading import word_count
from dateline.formats.wikidata import wikidata_uri
from dateline.formats.xml import add, begin, speak
from dateline.items import EntityRef, Item, Picture, Rendition, Subject, pictures_in

_MEDIA_TOPIC = re.compile("medtop:[0-9]{8}")
_GENRE = re.compile("[A-Za-z]+")


def news_item(dispatch: Dispatch, publication: Publication) -> etree._Element:
    """The release as a `newsItem` element, Power conformance."""
    item = dispatch.item
    root = begin(NAR, "newsItem")
    for name, value in (
        ("guid", item.guid),
        ("version", str(item.version)),
        ("standard", "NewsML-G2"),
        ("standardversion", VERSION),
        ("conformance", "power"),
    ):
        root.set(name, value)
    speak(root, item.edition)
    add(root, "catalogRef", href=CATALOG)
    holder = add(add(root, "rightsInfo"), "copyrightHolder", uri=uri(publication.base_url))
    _name(holder, publication.name)
    _item_meta(root, dispatch, publication)
    _content_meta(root, item, publication)
    _content(root, item, publication)
    return root


def _name(parent: etree._Element, name: str) -> None:
    """A name; the schema lets it have no end of a line in it (`g2normalizedString`)."""
    add(parent, "name", one_line(name))


# About the document


def _item_meta(root: etree._Element, dispatch: Dispatch, publication: Publication) -> None:
    item = dispatch.item
    meta = add(root, "itemMeta")
    add(meta, "itemClass", qcode="ninat:text")
    _name(add(meta, "provider", uri=uri(publication.base_url)), publication.name)
    add(meta, "versionCreated", rfc3339(item.released_at))
    add(meta, "firstCreated", rfc3339(item.first_released_at))
    if item.embargoed_until:
        add(meta, "embargoed", rfc3339(item.embargoed_until))
    add(meta, "pubStatus", qcode=f"stat:{item.status}")
    add(meta, "profile", f"dateline-{item.schema}")
    add(meta, "title", item.headline)
    _notes(meta, item)
    if signal := SIGNALS.get(dispatch.kind):
        add(meta, "signal", qcode=signal)
    _links(meta, item, publication)
    for name, value in _own(dispatch):
        add(meta, "itemMetaExtProperty", reluri=OWN + name, value=value)


def _notes(meta: etree._Element, item: Item) -> None:
    """For desks: each note says by its role what it is, and a correction when it was made."""
    if item.ednote:
        add(meta, "edNote", item.ednote)
    for name, reason in (("kill", item.kill_reason), ("withhold", item.withhold_reason)):
        if reason or item.status == {"kill": "canceled", "withhold": "withheld"}[name]:
            add(meta, "edNote", f"{name.upper()}: {reason}", roleuri=OWN + name)
    for correction in item.corrections:
        note = f"CORRECTION: {correction.note}"
        add(meta, "edNote", note, roleuri=f"{OWN}correction", modified=rfc3339(correction.at))


def _links(meta: etree._Element, item: Item, publication: Publication) -> None:
    if version := previous_version(item):
        add(meta, "link", rel=PREVIOUS_VERSION, residref=item.guid, version=str(version))
    if source := item.source:
        link = add(meta, "link", rel=TRANSLATED_FROM, residref=source.guid)
        link.set("version", str(source.version))
        add(link, "versionCreated", rfc3339(source.released_at))
        add(link, "altId", str(source.number), typeuri=f"{OWN}number")
    if former := item.evolved_from:
        link = add(meta, "link", rel=EVOLVED_FROM, residref=former.guid)
        add(link, "headline", former.headline)
        add(link, "altId", str(former.number), typeuri=f"{OWN}number")
    for name, picture in pictures(item):
        _picture(meta, name, picture, publication)


def pictures(item: Item) -> Iterator[tuple[str, Picture]]:
    """The lead picture and those of the body in their order, each with the id of its link."""
    if item.picture:
        yield "lead", item.picture
    for place, picture in enumerate(pictures_in(item.body), 1):
        yield f"illustration-{place}", picture


def _picture(meta: etree._Element, name: str, picture: Picture, publication: Publication) -> None:
    """A link to the largest file; within it, as hints, what is known of the picture."""
    link = add(meta, "link", rel=SEE_ALSO, id=name)
    if picture.renditions:
        largest = picture.renditions[-1]
        link.set("href", uri(publication.url(largest.href)))
        link.set("contenttype", largest.content_type)
        link.set("size", str(largest.size_bytes))
    add(link, "itemClass", qcode="ninat:picture")
    if picture.caption:
        add(link, "description", picture.caption, role="drol:caption")
    if picture.alt:
        add(link, "description", picture.alt, roleuri=f"{OWN}alt")
    if picture.credit:
        add(link, "creditline", one_line(picture.credit))
    _rights(link, picture)
    for file in picture.renditions:
        content = add(
            link,
            "remoteContent",
            renditionuri=f"{OWN}rendition:{_rendition(file)}",
            href=uri(publication.url(file.href)),
            contenttype=file.content_type,
            size=str(file.size_bytes),
            width=str(file.width),
            height=str(file.height),
        )
        if file.sha256:
            add(content, "hash", file.sha256, hashtypeuri=f"{OWN}sha256")


def _rights(link: etree._Element, picture: Picture) -> None:
    """What the IPTC Photo Metadata Standard has of it, by the names that NewsML-G2 gives them."""
    if picture.copyright_notice:
        add(link, "copyrightNotice", picture.copyright_notice)
    if picture.usage_terms:
        add(link, "usageTerms", picture.usage_terms)
    if picture.created_at:
        add(link, "contentCreated", rfc3339(picture.created_at))
    if picture.place:
        _name(add(link, "located"), picture.place)
    if picture.source_type:
        known = is_uri(picture.source_type)
        add(
            link,
            "digitalSourceType",
            **{"uri" if known else "literal": one_line(picture.source_type)},
        )


def _rendition(file: Rendition) -> str:
    """A file's name, after the shape it was cut to if it was."""
    parts = (file.use, file.name) if file.use else (file.name,)
    return "/".join(quote(part, safe="") for part in parts)


def _own(dispatch: Dispatch) -> Iterator[tuple[str, str]]:
    item = dispatch.item
    yield "kind", dispatch.kind
    yield "number", str(item.number)
    if dispatch.serial:
        yield "serial", str(dispatch.serial)
    if item.translation_key:
        yield "translationKey", item.translation_key
    if not language_tag(item.edition):
        yield "edition", item.edition


# About the content


def _content_meta(root: etree._Element, item: Item, publication: Publication) -> None:
    meta = add(root, "contentMeta")
    add(meta, "urgency", str(item.urgency))
    if item.dateline:
        add(meta, "contentCreated", item.dateline.date.isoformat())
        _name(add(meta, "located"), item.dateline.place)
    for byline in item.bylines:
        role = f"{OWN}role:{quote(byline.role, safe='')}" if byline.role else None
        _name(add(meta, "creator", roleuri=role), byline.name)
    if tag := language_tag(item.edition):
        add(meta, "language", tag=tag)
    if item.genre:
        known = f"genre:{item.genre}" if _GENRE.fullmatch(item.genre) else None
        _name(add(meta, "genre", qcode=known), item.genre)
    _subjects(meta, item, publication)
    if item.slugline:
        add(meta, "slugline", one_line(item.slugline))
    add(meta, "headline", item.headline)
    if item.dateline:
        add(meta, "dateline", item.dateline.place)
    if item.bylines:
        add(meta, "by", ", ".join(byline.name for byline in item.bylines))
    if item.summary:
        add(meta, "description", item.summary, role="drol:summary")


def _subjects(meta: etree._Element, item: Item, publication: Publication) -> None:
    for subject in item.subjects:
        _name(add(meta, "subject", **_code(subject)), subject.name)
    section = uri(publication.url(section_path(item.edition, item.section.slug)))
    _heading(meta, "section", item.section.slug, item.section.name, section)
    for topic in item.topics:
        address = uri(publication.url(topic_path(item.edition, topic.slug)))
        _heading(meta, "topic", topic.slug, topic.name, address)
    for entity in item.entities:
        _entity(meta, entity)


def _code(subject: Subject) -> dict[str, str | None]:
    if _MEDIA_TOPIC.fullmatch(subject.code):
        return {"qcode": subject.code}
    return {"literal": one_line(subject.code), "typeuri": f"{OWN}about"}


def _heading(meta: etree._Element, kind: str, slug: str, name: str, address: str) -> None:
    subject = add(meta, "subject", literal=one_line(slug), typeuri=OWN + kind)
    _name(subject, name)
    if is_uri(address):
        add(subject, "sameAs", uri=address)


def _entity(meta: etree._Element, entity: EntityRef) -> None:
    subject = add(meta, "subject", literal=one_line(entity.slug), type=NATURES[entity.kind])
    _name(subject, entity.name)
    if wikidata_uri(entity.wikidata):
        add(subject, "sameAs", qcode=f"wikidata:{entity.wikidata}")


def _content(root: etree._Element, item: Item, publication: Publication) -> None:
    if not item.body:
        return
    inline = add(add(root, "contentSet"), "inlineXML", contenttype=XHTML_TYPE)
    inline.set("wordcount", str(word_count(item)))
    speak(inline, item.edition)
    page = begin(xhtml.NAMESPACE, "html", inline)
    add(add(page, "head"), "title", item.headline)
    page.append(xhtml.body_of(item, publication))
