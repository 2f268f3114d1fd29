"""An NITF document as a release: ours exactly, another producer's as far as it goes.

With or without the namespace, with or without a DOCTYPE, of any version since 2.5. What a document
does not name has the Item's default.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

from lxml import etree

from dateline.formats.body import blocks_of
from dateline.formats.dispatch import Dispatch, read_kind, read_urgency
from dateline.formats.nitf.writing import OWN
from dateline.formats.publication import Publication
from dateline.formats.xhtml import with_pictures
from dateline.formats.xml import local, tidy
from dateline.items import (
    SCHEMA,
    Block,
    Byline,
    Correction,
    EntityKind,
    EntityRef,
    Former,
    Item,
    Picture,
    Place,
    Ref,
    Rendition,
    Source,
    Status,
    Subject,
)

_STATUSES = {
    "withheld": Status.WITHHELD,
    "canceled": Status.CANCELED,
    "cancelled": Status.CANCELED,
    "killed": Status.CANCELED,
}
_KINDS = {
    "person": EntityKind.PERSON,
    "location": EntityKind.PLACE,
    "org": EntityKind.ORGANISATION,
}
_BLOCKS = frozenset(
    {"tr", "td", "th", "thead", "tbody", "tfoot", "caption", "li", "p", "ul", "ol", "hl2", "table"}
)
"""What may stand within a block and is none of its sentences."""


def dispatch_of(root: etree._Element, publication: Publication | None) -> Dispatch:
    """The release in an NITF document. Raises ValueError if it lacks what a story needs."""
    _bare(root)
    document = root if root.tag == "nitf" else root.find(".//nitf")
    if document is None:
        raise ValueError(f"there is no `nitf` in `{root.tag}`")
    own = {
        each.get("name", "").removeprefix(OWN): each.get("content", "")
        for each in document.iterfind("head/meta")
        if each.get("name", "").startswith(OWN)
    }
    if "kind" not in own:
        tidy(document)
    item = _item(document, own, publication)
    return Dispatch(item, read_kind(own.get("kind", ""), item), int(own.get("serial", "0")))


def blocks_in(document: etree._Element, publication: Publication | None) -> tuple[Block, ...]:
    """The text of an `nitf` element within another document."""
    _bare(document)
    return _body(document, publication, _pictures(document, publication))


def _bare(root: etree._Element) -> None:
    """Take the namespaces off the names of elements."""
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = local(element)


def _item(document: etree._Element, own: dict[str, str], publication: Publication | None) -> Item:
    released_at = _released_at(document)
    identified = document.find("head/docdata/identified-content")
    named = [] if identified is None else list(identified)
    messages = _messages(document)
    pictures = _pictures(document, publication)
    return Item(
        guid=_attribute(document, "head/docdata/doc-id", "id-string"),
        number=int(own.get("number", "0")),
        version=int(_attribute(document, "head/docdata/du-key", "version") or 1),
        edition=document.get("baselang", ""),
        section=next(_refs(named, "section"), Ref(slug="", name="")),
        headline=_text(document, "body/body.head/hedline/hl1") or _text(document, "head/title"),
        first_released_at=_first_released_at(document) or released_at,
        released_at=released_at,
        schema=_schema(own),
        translation_key=own.get("translation-key", ""),
        source=_source(own),
        slugline=_slugline(document),
        summary=_text(document, "body/body.head/abstract"),
        dateline=_dateline(document, released_at),
        bylines=tuple(_bylines(document)),
        body=_body(document, publication, pictures),
        topics=tuple(_refs(named, "topic")),
        urgency=_urgency(document, own),
        genre=_attribute(document, "head/tobject/tobject.property", "tobject.property.type"),
        ednote=messages.get("note", ""),
        picture=next((picture for role, picture in pictures if role == "lead"), None),
        corrections=tuple(_corrections(document)),
        status=_STATUSES.get(_management(document), Status.USABLE),
        kill_reason=messages.get("kill", "").removeprefix("KILL: "),
        withhold_reason=messages.get("withhold", "").removeprefix("WITHHOLD: "),
        evolved_from=_former(own),
        subjects=tuple(_subjects(document, named)),
        entities=tuple(_entities(named)),
        embargoed_until=_embargoed_until(document, ours="kind" in own),
    )


def _attribute(document: etree._Element, path: str, name: str) -> str:
    found = document.find(path)
    return "" if found is None else found.get(name, "")


def _text(document: etree._Element, path: str) -> str:
    found = document.find(path)
    return "" if found is None else _all(found)


def _all(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _time(norm: str) -> datetime | None:
    """A time in ISO 8601; one that names no zone is taken as UTC."""
    if not norm.strip():
        return None
    moment = datetime.fromisoformat(norm.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _released_at(document: etree._Element) -> datetime:
    for name in ("date.issue", "date.release"):
        if moment := _time(_attribute(document, f"head/docdata/{name}", "norm")):
            return moment
    if moment := _time(_attribute(document, "head/pubdata", "date.publication")):
        return moment
    raise ValueError("there is neither `date.issue` nor `date.release`")


def _history(document: etree._Element, comment: str) -> Iterator[datetime]:
    for each in document.iterfind("head/revision-history"):
        if each.get("comment") == comment and (moment := _time(each.get("norm", ""))):
            yield moment


def _first_released_at(document: etree._Element) -> datetime | None:
    return next(_history(document, "first released"), None)


def _management(document: etree._Element) -> str:
    return _attribute(document, "head/docdata", "management-status").strip().lower()


def _embargoed_until(document: etree._Element, *, ours: bool) -> datetime | None:
    """Others write `date.release` of a story that may be published at once, too."""
    if ours or _management(document) == "embargoed":
        return _time(_attribute(document, "head/docdata/date.release", "norm"))
    return None


def _schema(own: dict[str, str]) -> int:
    schema = int(own.get("schema", SCHEMA))
    if schema > SCHEMA:
        raise ValueError(f"its Item has schema {schema}; this Dateline reads up to {SCHEMA}")
    return schema


def _source(own: dict[str, str]) -> Source | None:
    released_at = _time(own.get("source-released", ""))
    if released_at is None:
        return None
    return Source(
        guid=own.get("source-guid", ""),
        number=int(own.get("source-number", "0")),
        version=int(own.get("source-version", "1")),
        released_at=released_at,
    )


def _former(own: dict[str, str]) -> Former | None:
    if "evolved-from-guid" not in own:
        return None
    return Former(
        guid=own["evolved-from-guid"],
        number=int(own.get("evolved-from-number", "0")),
        headline=own.get("evolved-from-headline", ""),
    )


def _slugline(document: etree._Element) -> str:
    key = _attribute(document, "head/docdata/du-key", "key")
    return key or _attribute(document, "head/docdata/key-list/keyword", "key")


def _urgency(document: etree._Element, own: dict[str, str]) -> int:
    named = own.get("urgency") or _attribute(document, "head/docdata/urgency", "ed-urg")
    return read_urgency(named)


def _dateline(document: etree._Element, released_at: datetime) -> Place | None:
    line = document.find("body/body.head/dateline")
    if line is None:
        return None
    day = _time(_attribute(line, "story.date", "norm"))
    place = _text(line, "location") if line.find("location") is not None else _all(line)
    return Place(place=place, date=(day or released_at).date())


def _bylines(document: etree._Element) -> Iterator[Byline]:
    for line in document.iterfind("body/body.head/byline"):
        role = _text(line, "byttl")
        person = line.find("person")
        if person is not None:
            yield Byline(name=_all(person), role=role)
        elif name := _all(line).removesuffix(role).strip(" ,\n\t"):
            yield Byline(name=name, role=role)


def _messages(document: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in document.iterfind("head/docdata/ed-msg"):
        kind = each.get("msg-type", "note")
        found.setdefault(kind if kind in ("kill", "withhold") else "note", each.get("info", ""))
    return found


def _corrections(document: etree._Element) -> Iterator[Correction]:
    times = list(_history(document, "correction"))
    notes = [each.get("info", "") for each in document.iterfind("head/docdata/correction")]
    for at, note in zip(times, notes, strict=False):
        yield Correction(at=at, note=note)


def _refs(named: list[etree._Element], kind: str) -> Iterator[Ref]:
    for each in named:
        if each.tag == "classifier" and each.get("type") == kind:
            yield Ref(slug=each.get("value", ""), name=_all(each))


def _subjects(document: etree._Element, named: list[etree._Element]) -> Iterator[Subject]:
    for each in document.iterfind("head/tobject/tobject.subject"):
        detail = (each.get(f"tobject.subject.{name}") for name in ("detail", "matter", "type"))
        code = each.get("tobject.subject.refnum", "")
        yield Subject(code=f"medtop:{code}", name=next(filter(None, detail), ""))
    for ref in _refs(named, "about"):
        yield Subject(code=ref.slug, name=ref.name)


def _entities(named: list[etree._Element]) -> Iterator[EntityRef]:
    for each in named:
        kind = _KINDS.get(str(each.tag))
        slug = each.get("location-code" if kind is EntityKind.PLACE else "value")
        if kind and slug is not None:
            codes = each.iterfind("alt-code[@idsrc='wikidata']")
            wikidata = next((code.get("value", "") for code in codes), "")
            yield EntityRef(kind=kind, slug=slug, name=_all(each), wikidata=wikidata)


# Pictures and text


def _pictures(
    document: etree._Element, publication: Publication | None
) -> list[tuple[str, Picture]]:
    """Each picture of the text in order, with its role."""
    return [
        (media.get("class", ""), _picture(media, publication))
        for media in document.iterfind("body/body.content//media")
    ]


def _picture(media: etree._Element, publication: Publication | None) -> Picture:
    facts = {each.get("name", ""): each.get("value", "") for each in media.iter("media-metadata")}
    references = media.findall("media-reference")
    files = [each for each in references if each.get("source")]
    return Picture(
        alt=next((each.get("alternate-text", "") for each in references), ""),
        caption=_text(media, "media-caption"),
        credit=_text(media, "media-producer")
        or next((each.get("source-credit", "") for each in references), ""),
        copyright_notice=facts.get("copyright-notice", ""),
        usage_terms=facts.get("usage-terms", ""),
        created_at=_time(facts.get("date-created", "")),
        place=facts.get("place", ""),
        source_type=facts.get("digital-source-type", ""),
        renditions=tuple(
            _file(each, place, facts, publication) for place, each in enumerate(files)
        ),
    )


def _file(
    reference: etree._Element, place: int, facts: dict[str, str], publication: Publication | None
) -> Rendition:
    source = reference.get("source", "")
    return Rendition(
        name=reference.get("name", ""),
        href=publication.path(source) if publication else source,
        content_type=reference.get("mime-type", ""),
        width=int(reference.get("width") or 0),
        height=int(reference.get("height") or 0),
        size_bytes=int(facts.get(f"size {place}") or 0),
        sha256=facts.get(f"sha256 {place}", ""),
        use=facts.get(f"use {place}", ""),
    )


def _body(
    document: etree._Element,
    publication: Publication | None,
    pictures: list[tuple[str, Picture]],
) -> tuple[Block, ...]:
    contents = document.iterfind("body/body.content")
    markup = "".join(_html(each) for content in contents for each in content)
    shown = tuple(picture for role, picture in pictures if role != "lead")
    return with_pictures(blocks_of(markup, publication), shown)


def _html(element: etree._Element) -> str:
    """A block of NITF as HTML. What has no counterpart gives its text, or its blocks."""
    match element.tag:
        case "p" if element.get("class") == "embed":
            return _embed(element)
        case "p" | "li" | "tr" | "td" | "th" | "caption" | "thead" | "ul" | "ol" | "table":
            return f"<{element.tag}>{_inside(element)}</{element.tag}>"
        case "hl2":
            return f"<h2>{_inside(element)}</h2>"
        case "bq":
            return _quotation(element)
        case "media":
            return "" if element.get("class") == "lead" else "<figure><img></figure>"
        case "block" if element.get("class") == "gallery":
            return _gallery(element)
        case "pre":
            return f"<p>{_inside(element)}</p>"
        case "tfoot" | "tbody" | "block" | "note" | "body.content" | "fn" | "dl" | "dt" | "dd":
            return "".join(_html(child) for child in element if isinstance(child.tag, str))
    return ""


def _gallery(element: etree._Element) -> str:
    title = escape(_text(element, "hl2")).replace("\r", "&#13;")
    figures = "".join(_html(each) for each in element.iterfind("media"))
    return f'<div data-gallery="{title}">{figures}</div>'


def _inside(element: etree._Element) -> str:
    parts = [_escaped(element.text)]
    for child in element:
        parts += [_inline(child), _escaped(child.tail)]
    return "".join(parts)


def _inline(element: etree._Element) -> str:
    match element.tag:
        case "em":
            tag = element.get("class", "em")
            tag = tag if tag in ("b", "strong", "i", "em") else "em"
            return f"<{tag}>{_inside(element)}</{tag}>"
        case "a":
            return f'<a href="{escape(element.get("href", ""))}">{_inside(element)}</a>'
        case "br":
            return "<br>"
        case "sub" | "sup":
            return f"<{element.tag}>{_inside(element)}</{element.tag}>"
        case tag if tag in _BLOCKS:
            return _html(element)
    return _inside(element)


def _escaped(text: str | None) -> str:
    # A bare carriage return would come back as a line feed (HTML standard, 13.2.3.5).
    return escape(str(text or ""), quote=False).replace("\r", "&#13;")


def _embed(element: etree._Element) -> str:
    link = element.find("a")
    if link is None:
        return f"<p>{_inside(element)}</p>"
    provider = escape(link.get("title", "")).replace("\r", "&#13;")
    href = escape(link.get("href", "")).replace("\r", "&#13;")
    return f'<p data-embed="{provider}"><a href="{href}">{_inside(link)}</a></p>'


def _quotation(element: etree._Element) -> str:
    text = "".join(f"<p>{_inside(each)}</p>" for each in element.iter("p", "hl2"))
    credit = element.find("credit")
    if credit is None:
        return f"<blockquote>{text}</blockquote>"
    speaker, office = credit.find("person"), credit.find("function")
    if speaker is None and office is None:
        return f"<blockquote>{text}<footer><cite>{_inside(credit)}</cite></footer></blockquote>"
    cite = "" if speaker is None else f"<cite>{_inside(speaker)}</cite>"
    span = "" if office is None else f"<span>{_inside(office)}</span>"
    return f"<blockquote>{text}<footer>{cite}{span}</footer></blockquote>"
