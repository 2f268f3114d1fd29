"""What an entry of a client's feed says of its release: one element of ours, in RSS and in Atom.

Feeds have no place for version, kind, urgency, embargo, notes to desks, links between versions or
hashes. They stand in a `release` element of the namespace `urn:x-dateline:release`, which readers
that do not know it leave alone (RSS 2.0, "Extending RSS"; RFC 4287, section 6).
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import msgspec
from lxml import etree

from dateline.formats.body import blocks_of
from dateline.formats.dispatch import Dispatch, desk_note, read_kind, read_urgency
from dateline.formats.lexical import rfc3339, uri
from dateline.formats.publication import Feed, Publication
from dateline.formats.xml import add
from dateline.items import (
    SCHEMA,
    Byline,
    Correction,
    EntityKind,
    EntityRef,
    Former,
    Item,
    Picture,
    PictureBlock,
    Place,
    Ref,
    Source,
    Status,
    Subject,
    pictures_in,
)

NAMESPACE = "urn:x-dateline:release"
_R = {"r": NAMESPACE}


def entries_of(feed: Feed) -> Iterator[tuple[Item, Dispatch | None]]:
    """The entries: of a client's feed all releases, of readers' what may be read."""
    if feed.releases:
        yield from ((each.item, each) for each in feed.releases)
    else:
        yield from ((item, None) for item in feed.items if item.status is Status.USABLE)


def title_of(item: Item, dispatch: Dispatch | None) -> str:
    """The headline; of a story that was taken down after the word that says so."""
    if dispatch is None or item.status is Status.USABLE:
        return item.headline
    return f"{_word(item)}: {item.headline}"


def summary_of(item: Item, dispatch: Dispatch | None) -> str:
    """The summary; of a story that was taken down the note for desks, which says why."""
    if dispatch is None or item.status is Status.USABLE:
        return item.summary
    return desk_note(item)


def _word(item: Item) -> str:
    return "KILL" if item.status is Status.CANCELED else "WITHHOLD"


def feed_of(dispatch: Dispatch, publication: Publication) -> Feed:
    """A feed of one release."""
    item = dispatch.item
    return Feed(
        title=publication.name,
        description=publication.name,
        language=item.edition,
        page_path="/",
        feed_path="/",
        items=(item,),
        updated_at=item.released_at,
        releases=(dispatch,),
    )


def add_release(entry: etree._Element, dispatch: Dispatch, publication: Publication) -> None:
    """The `release` element, as last child of an entry."""
    item = dispatch.item
    release = etree.SubElement(entry, f"{{{NAMESPACE}}}release", nsmap={"dateline": NAMESPACE})
    for name, value in _facts(dispatch):
        if value:
            release.set(name, value)
    for name, text in (
        ("headline", item.headline),
        ("ednote", item.ednote),
        ("killReason", item.kill_reason),
        ("withholdReason", item.withhold_reason),
        ("genre", item.genre),
    ):
        if text:
            add(release, name, text)
    for correction in item.corrections:
        add(release, "correction", correction.note, at=rfc3339(correction.at))
    if item.dateline:
        add(release, "dateline", item.dateline.place, date=item.dateline.date.isoformat())
    for byline in item.bylines:
        add(release, "byline", byline.name, role=byline.role or None)
    _add_concepts(release, item)
    _add_links(release, item)
    for picture in [*filter(None, (item.picture,)), *pictures_in(item.body)]:
        _add_files(release, picture, publication)


def _facts(dispatch: Dispatch) -> Iterator[tuple[str, str]]:
    item = dispatch.item
    yield "kind", dispatch.kind
    yield "version", str(item.version)
    yield "status", item.status
    yield "urgency", str(item.urgency)
    yield "serial", str(dispatch.serial or "")
    yield "guid", item.guid
    yield "number", str(item.number)
    yield "edition", item.edition
    yield "slugline", item.slugline
    yield "releasedAt", rfc3339(item.released_at)
    yield "firstReleasedAt", rfc3339(item.first_released_at)
    yield "embargoedUntil", rfc3339(item.embargoed_until) if item.embargoed_until else ""
    yield "translationKey", item.translation_key
    yield "schema", str(item.schema)
    yield "summary", item.summary
    yield "lead", "true" if item.picture else ""


def _add_concepts(release: etree._Element, item: Item) -> None:
    add(release, "section", item.section.name, slug=item.section.slug)
    for topic in item.topics:
        add(release, "topic", topic.name, slug=topic.slug)
    for subject in item.subjects:
        add(release, "subject", subject.name, code=subject.code)
    for entity in item.entities:
        named = add(release, "entity", entity.name, kind=entity.kind, slug=entity.slug)
        if entity.wikidata:
            named.set("wikidata", entity.wikidata)


def _add_links(release: etree._Element, item: Item) -> None:
    if source := item.source:
        add(
            release,
            "translatedFrom",
            guid=source.guid,
            number=str(source.number),
            version=str(source.version),
            at=rfc3339(source.released_at),
        )
    if former := item.evolved_from:
        add(release, "evolvedFrom", former.headline, guid=former.guid, number=str(former.number))


def _add_files(release: etree._Element, picture: Picture, publication: Publication) -> None:
    for file in picture.renditions:
        add(
            release,
            "file",
            href=uri(publication.url(file.href)),
            type=file.content_type,
            size=str(file.size_bytes),
            sha256=file.sha256 or None,
        )


# Read back


def dispatch_in(entry: etree._Element) -> Dispatch | None:
    """The release that an entry tells of, without body and pictures; none if it has no element of
    ours. Raises ValueError if the element is not as `add_release` wrote it."""
    release = entry.find("r:release", _R)
    if release is None:
        return None
    item = _item(release)
    return Dispatch(item, read_kind(release.get("kind", ""), item), int(release.get("serial", "0")))


def with_content(
    dispatch: Dispatch, markup: str, publication: Publication | None, *, lead: bool
) -> Dispatch:
    """The release with the body and the lead picture that are in an entry's content."""
    item = dispatch.item
    # `body.content_html` puts the lead picture first, then each correction, which the element of
    # ours has already.
    blocks = blocks_of(_CORRECTION.sub("", markup, count=len(item.corrections)), publication)
    first = blocks[0] if lead and blocks and isinstance(blocks[0], PictureBlock) else None
    whole = msgspec.structs.replace(
        item,
        picture=first.picture if first else None,
        body=blocks[1:] if first else blocks,
    )
    return Dispatch(whole, dispatch.kind, dispatch.serial)


_CORRECTION = re.compile(r"<aside>.*?</aside>\n?", re.DOTALL)


def has_lead(entry: etree._Element) -> bool:
    release = entry.find("r:release", _R)
    return release is not None and release.get("lead") == "true"


def _item(release: etree._Element) -> Item:
    released_at = _time(release.get("releasedAt", ""))
    dateline = release.find("r:dateline", _R)
    if released_at is None:
        raise ValueError("its `release` has no `releasedAt`")
    schema = int(release.get("schema", SCHEMA))
    if schema > SCHEMA:
        raise ValueError(f"its Item has schema {schema}; this Dateline reads up to {SCHEMA}")
    return Item(
        guid=release.get("guid", ""),
        number=int(release.get("number", "0")),
        version=int(release.get("version", "1")),
        edition=release.get("edition", ""),
        section=next(_refs(release, "section"), Ref(slug="", name="")),
        headline=_text(release, "headline"),
        first_released_at=_time(release.get("firstReleasedAt", "")) or released_at,
        released_at=released_at,
        schema=schema,
        translation_key=release.get("translationKey", ""),
        source=_source(release),
        slugline=release.get("slugline", ""),
        summary=release.get("summary", ""),
        dateline=None
        if dateline is None
        else Place(place=_all(dateline), date=date.fromisoformat(dateline.get("date", ""))),
        bylines=tuple(
            Byline(name=_all(each), role=each.get("role", ""))
            for each in release.iterfind("r:byline", _R)
        ),
        topics=tuple(_refs(release, "topic")),
        urgency=read_urgency(release.get("urgency", "")),
        genre=_text(release, "genre"),
        ednote=_text(release, "ednote"),
        corrections=tuple(
            Correction(at=datetime.fromisoformat(each.get("at", "")), note=_all(each))
            for each in release.iterfind("r:correction", _R)
        ),
        status=Status(release.get("status", "usable")),
        kill_reason=_text(release, "killReason"),
        withhold_reason=_text(release, "withholdReason"),
        evolved_from=_former(release),
        subjects=tuple(
            Subject(code=each.get("code", ""), name=_all(each))
            for each in release.iterfind("r:subject", _R)
        ),
        entities=tuple(
            EntityRef(
                kind=EntityKind(each.get("kind", "")),
                slug=each.get("slug", ""),
                name=_all(each),
                wikidata=each.get("wikidata", ""),
            )
            for each in release.iterfind("r:entity", _R)
        ),
        embargoed_until=_time(release.get("embargoedUntil", "")),
    )


def _time(text: str) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _all(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _text(release: etree._Element, name: str) -> str:
    found = release.find(f"r:{name}", _R)
    return "" if found is None else _all(found)


def _refs(release: etree._Element, name: str) -> Iterator[Ref]:
    for each in release.iterfind(f"r:{name}", _R):
        yield Ref(slug=each.get("slug", ""), name=_all(each))


def _source(release: etree._Element) -> Source | None:
    found = release.find("r:translatedFrom", _R)
    if found is None:
        return None
    return Source(
        guid=found.get("guid", ""),
        number=int(found.get("number", "0")),
        version=int(found.get("version", "1")),
        released_at=datetime.fromisoformat(found.get("at", "")),
    )


def _former(release: etree._Element) -> Former | None:
    found = release.find("r:evolvedFrom", _R)
    if found is None:
        return None
    return Former(
        guid=found.get("guid", ""), number=int(found.get("number", "0")), headline=_all(found)
    )
