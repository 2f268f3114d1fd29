"""A release as an NITF document."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from lxml import etree

from dateline.formats.dispatch import Dispatch, previous_version
from dateline.formats.nitf.body import add_blocks, add_picture
from dateline.formats.publication import Publication
from dateline.formats.reading import word_count
from dateline.formats.wikidata import wikidata_uri
from dateline.formats.xml import add, begin
from dateline.items import EntityKind, EntityRef, Item, Status

NAMESPACE = "http://iptc.org/std/NITF/2006-10-18/"
OWN = "dateline-"
"""Before the names of what is ours among `meta`."""

_VERSION = "-//IPTC//DTD NITF 3.6//EN"
_MEDIA_TOPIC = re.compile("medtop:([0-9]{8})")
_ELEMENTS = {EntityKind.PERSON: "person", EntityKind.ORGANISATION: "org"}


def nitf(dispatch: Dispatch, publication: Publication) -> etree._Element:
    """The release as an `nitf` element."""
    item = dispatch.item
    root = begin(NAMESPACE, "nitf")
    root.set("version", _VERSION)
    root.set("baselang", item.edition)
    head = add(root, "head")
    add(head, "title", item.headline)
    for name, value in _own(dispatch):
        add(head, "meta", name=OWN + name, content=value)
    _tobject(head, item)
    _docdata(head, item, publication)
    section = {"position.section": item.section.name, "edition.name": item.edition}
    pubdata = add(head, "pubdata", type="web", name=publication.name, **section)
    pubdata.set("item-length", str(word_count(item)))
    pubdata.set("unit-of-measure", "word")
    _history(head, item)
    body = add(root, "body")
    _body_head(body, item, publication)
    content = add(body, "body.content")
    if item.picture:
        add_picture(content, item.picture, publication, role="lead")
    add_blocks(content, item.body, publication)
    add(body, "body.end")
    return root


def norm(moment: datetime) -> str:
    """A time in UTC in the basic form of ISO 8601, with a fraction only if it has one."""
    form = "%Y%m%dT%H%M%S.%fZ" if moment.microsecond else "%Y%m%dT%H%M%SZ"
    # strftime writes years before 1000 without their zeros.
    return moment.astimezone(UTC).strftime(form).zfill(len("20310504T133000Z"))


def _own(dispatch: Dispatch) -> Iterator[tuple[str, str]]:
    item = dispatch.item
    yield "kind", dispatch.kind
    yield "number", str(item.number)
    yield "schema", str(item.schema)
    if dispatch.serial:
        yield "serial", str(dispatch.serial)
    if item.translation_key:
        yield "translation-key", item.translation_key
    if item.urgency > _LEAST_URGENT:
        yield "urgency", str(item.urgency)
    if source := item.source:
        yield "source-guid", source.guid
        yield "source-number", str(source.number)
        yield "source-version", str(source.version)
        yield "source-released", norm(source.released_at)
    if former := item.evolved_from:
        yield "evolved-from-guid", former.guid
        yield "evolved-from-number", str(former.number)
        yield "evolved-from-headline", former.headline


_LEAST_URGENT = 8
"""NITF counts urgency from 1 to 8, the Item to 9."""


def _tobject(head: etree._Element, item: Item) -> None:
    tobject = add(head, "tobject")
    tobject.set("tobject.type", "news")
    if item.genre:
        add(tobject, "tobject.property", **{"tobject.property.type": item.genre})
    for subject in item.subjects:
        if found := _MEDIA_TOPIC.fullmatch(subject.code):
            named = add(tobject, "tobject.subject")
            named.set("tobject.subject.ipr", "IPTC")
            named.set("tobject.subject.refnum", found[1])
            named.set("tobject.subject.detail", subject.name)


def _docdata(head: etree._Element, item: Item, publication: Publication) -> None:
    docdata = add(head, "docdata", management__status=_status(item))
    registrar = urlsplit(publication.base_url).hostname or publication.name
    if previous_version(item):
        docdata.set("management-doc-idref", item.guid)
        docdata.set("management-idref-status", item.status)
    for correction in item.corrections:
        add(docdata, "correction", info=correction.note, id__string=item.guid, regsrc=registrar)
    add(docdata, "doc-id", regsrc=registrar, id__string=item.guid)
    add(docdata, "urgency", ed__urg=str(min(item.urgency, _LEAST_URGENT)))
    add(docdata, "date.issue", norm=norm(item.released_at))
    # Without it a document may be published on receipt.
    if item.embargoed_until:
        add(docdata, "date.release", norm=norm(item.embargoed_until))
    for kind, info in _messages(item):
        add(docdata, "ed-msg", msg__type=kind, info=info)
    add(docdata, "du-key", version=str(item.version), key=item.slugline)
    year = str(item.released_at.year)
    add(docdata, "doc.copyright", year=year, holder=publication.name)
    if item.slugline:
        add(add(docdata, "key-list"), "keyword", key=item.slugline)
    _identified(docdata, item)


def _status(item: Item) -> str:
    usable = item.status is Status.USABLE
    return "embargoed" if usable and item.embargoed_until else item.status


def _messages(item: Item) -> Iterator[tuple[str, str]]:
    if item.ednote:
        yield "note", item.ednote
    if item.kill_reason or item.status is Status.CANCELED:
        yield "kill", f"KILL: {item.kill_reason}"
    if item.withhold_reason or item.status is Status.WITHHELD:
        yield "withhold", f"WITHHOLD: {item.withhold_reason}"


def _identified(docdata: etree._Element, item: Item) -> None:
    content = add(docdata, "identified-content")
    add(content, "classifier", item.section.name, type="section", value=item.section.slug)
    for topic in item.topics:
        add(content, "classifier", topic.name, type="topic", value=topic.slug)
    for subject in item.subjects:
        if not _MEDIA_TOPIC.fullmatch(subject.code):
            add(content, "classifier", subject.name, type="about", value=subject.code)
    for entity in item.entities:
        _entity(content, entity)


def _entity(content: etree._Element, entity: EntityRef) -> None:
    if name := _ELEMENTS.get(entity.kind):
        element = add(content, name, entity.name, value=entity.slug)
    else:
        element = add(content, "location", entity.name, location__code=entity.slug)
    if wikidata_uri(entity.wikidata):
        add(element, "alt-code", idsrc="wikidata", value=entity.wikidata)


def _history(head: etree._Element, item: Item) -> None:
    """When it was first released, and each correction, in the order of `correction` above."""
    first = norm(item.first_released_at)
    add(head, "revision-history", norm=first, function="editor", comment="first released")
    for correction in item.corrections:
        at = norm(correction.at)
        add(head, "revision-history", norm=at, function="editor", comment="correction")


def _body_head(body: etree._Element, item: Item, publication: Publication) -> None:
    head = add(body, "body.head")
    add(add(head, "hedline"), "hl1", item.headline)
    for correction in item.corrections:
        note = add(head, "note", noteclass="editorsnote", type="std")
        add(add(note, "body.content"), "p", correction.note)
    for byline in item.bylines:
        line = add(head, "byline")
        add(line, "person", byline.name)
        if byline.role:
            add(line, "byttl", byline.role)
    add(add(head, "distributor"), "org", publication.name)
    if item.dateline:
        line = add(head, "dateline")
        add(line, "location", item.dateline.place)
        add(line, "story.date", norm=item.dateline.date.strftime("%Y%m%d").zfill(8))
    if item.summary:
        add(add(head, "abstract"), "p", item.summary)
