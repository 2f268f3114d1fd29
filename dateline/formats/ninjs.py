"""Item to and from ninjs 3.1 (IPTC News in JSON, schema `ninjs-schema_3.1.json`; SPECS section 1).

Most of an Item has a property of its own. What has none stands where the schema leaves room:

- `altIds`: the story's number and translation key, the hash of each rendition, and the guid if it
  is no URI; `uri` is then an address made from it;
- `profile`: the schema of the Item; `contentCreated`: the day of the dateline, at midnight UTC;
- `subjects` with `rel` "section" and "topic", their slugs in `literal`; with `rel` "about" the
  Media Topics, IPTC's URI of each in `uri` and its code in `literal`;
- `people`, `places` and `organisations` with `rel` "mentions": the entities, slugs in `literal`, in
  `uri` the item of Wikidata or else the entity's page;
- `infoSources`: the bylines with roles (`by` says the same in words);
- `associations`: the lead picture (`rel` "lead"), pictures of the body in their order
  ("illustration"), corrections ("correction", the time in `versionCreated`), the source of a
  translation ("translatedFrom", the version that is followed) and the older story that this one
  was written anew from ("evolvedFrom");
- `descriptions`: summary, reason of a kill or a withhold, a picture's alt text and caption, and the
  ednote itself when `edNote` must also tell of a kill, a withhold or a correction.

Not held exactly: which links were written as absolute addresses of the site itself (`decode` with
the publication makes all of them paths); characters in paths that no URI may have (they come back
percent-encoded); the order of a person and a place among each other; inline HTML in another than
the form `body.inline_html` gives; the address of an embed that is neither http nor https; an
embed's title equal to its address; an explicit empty paragraph mark-up in place of none.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time
from html import escape
from urllib.parse import quote

import msgspec
from msgspec import Struct

from dateline.addresses import entity_path, section_path, topic_path
from dateline.formats.body import blocks_html, blocks_of, blocks_text
from dateline.formats.lexical import is_uri, json_text, rfc3339, uri
from dateline.formats.publication import Publication
from dateline.formats.reading import word_count
from dateline.formats.wikidata import WIKIDATA, wikidata_uri
from dateline.items import (
    ORDINARY,
    SCHEMA,
    BadDocument,
    Block,
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
    Rendition,
    Source,
    Status,
    Subject,
    Urgency,
)
from dateline.vocabulary import ALIAS, SCHEME

CONTENT_TYPE = "application/json"
SUFFIX = "json"

_PROFILE = "dateline-"
_HTML, _TEXT = "text/html", "text/plain"
_EVOLVED_FROM = "evolvedFrom"


class _Ninjs(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Common to the shapes below: names as ninjs has them, nothing written that is not known."""


class _AltId(_Ninjs, frozen=True):
    role: str = ""
    value: str = ""


class _Text(_Ninjs, frozen=True):
    """A headline, a description or a body."""

    value: str
    role: str = ""
    content_type: str = ""
    char_count: int | None = None
    word_count: int | None = None


class _Concept(_Ninjs, frozen=True):
    """A subject, genre, place or source of information."""

    name: str | None = None
    rel: str = ""
    role: str = ""
    uri: str = ""
    literal: str | None = None


class _File(_Ninjs, frozen=True):
    name: str
    href: str = ""
    content_type: str = ""
    width: int | None = None
    height: int | None = None
    size_in_bytes: int | None = None


class _Standard(_Ninjs, frozen=True):
    name: str = ""
    version: str = ""
    schema: str = ""


class _News(_Ninjs, frozen=True):
    """A ninjs object: the story, or with `name` and `rel` something associated with it."""

    uri: str
    name: str | None = None
    rel: str = ""
    standard: _Standard | None = None
    type: str = ""
    representation_type: str = ""
    profile: str = ""
    version: str = ""
    first_created: datetime | None = None
    version_created: datetime | None = None
    embargoed_until: datetime | None = None
    content_created: datetime | None = None
    pub_status: Status | None = None
    urgency: Urgency | None = None
    copyright_holder: str = ""
    ed_note: str = ""
    language: str = ""
    title: str = ""
    by: str = ""
    slugline: str = ""
    located: str | None = None
    headlines: tuple[_Text, ...] = ()
    descriptions: tuple[_Text, ...] = ()
    bodies: tuple[_Text, ...] = ()
    subjects: tuple[_Concept, ...] = ()
    genres: tuple[_Concept, ...] = ()
    people: tuple[_Concept, ...] = ()
    organisations: tuple[_Concept, ...] = ()
    places: tuple[_Concept, ...] = ()
    info_sources: tuple[_Concept, ...] = ()
    renditions: tuple[_File, ...] = ()
    associations: tuple["_News", ...] = ()
    alt_ids: tuple[_AltId, ...] = ()


_STANDARD = _Standard(
    name="ninjs", version="3.1", schema="http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"
)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_News)


def encode(item: Item, publication: Publication) -> bytes:
    """The Item as ninjs 3.1, UTF-8."""
    return _encoder.encode(_news(item, publication))


def decode(data: bytes, publication: Publication | None = None) -> Item:
    """The Item in ninjs 3.1. Raises BadDocument if these bytes are no ninjs or lack a time.

    With the publication, addresses on its site become paths again.
    """
    try:
        news = _decoder.decode(data)
        return _item(news, publication)
    except (msgspec.DecodeError, ValueError, OverflowError, RecursionError) as error:
        raise BadDocument(f"This is not a ninjs 3.1 document of a story: {error}.") from error


# Item to ninjs


def _news(item: Item, publication: Publication) -> _News:
    ednote, kept_ednote = _ednote(item)
    return _News(
        uri=_uri_of(item.guid, publication),
        standard=_STANDARD,
        type="text",
        representation_type="full",
        profile=f"{_PROFILE}{item.schema}",
        version=str(item.version),
        first_created=item.first_released_at,
        version_created=item.released_at,
        embargoed_until=item.embargoed_until,
        content_created=_midnight(item.dateline) if item.dateline else None,
        pub_status=item.status,
        urgency=item.urgency,
        copyright_holder=json_text(publication.name),
        ed_note=ednote,
        language=item.edition,
        by=", ".join(_byline(byline) for byline in item.bylines),
        slugline=item.slugline,
        located=item.dateline.place if item.dateline else None,
        headlines=(_Text(value=item.headline, role="main", content_type=_TEXT),),
        descriptions=_texts(
            summary=item.summary,
            killReason=item.kill_reason,
            withholdReason=item.withhold_reason,
            ednote=kept_ednote,
        ),
        bodies=_bodies(item, publication),
        subjects=_subjects(item, publication),
        genres=(_Concept(name=item.genre),) if item.genre else (),
        people=_mentioned(item, EntityKind.PERSON, publication),
        organisations=_mentioned(item, EntityKind.ORGANISATION, publication),
        places=_places(item, publication),
        info_sources=tuple(_Concept(name=byline.name, role=byline.role) for byline in item.bylines),
        renditions=_page(item, publication),
        associations=tuple(_associations(item, publication)),
        alt_ids=tuple(_alt_ids(item)),
    )


def _uri_of(guid: str, publication: Publication) -> str:
    return guid if is_uri(guid) else f"{publication.base_url}/#{quote(guid, safe='')}"


def _alt_ids(item: Item) -> Iterable[_AltId]:
    yield _AltId(role="number", value=str(item.number))
    if item.translation_key:
        yield _AltId(role="translationKey", value=item.translation_key)
    if not is_uri(item.guid):
        yield _AltId(role="guid", value=item.guid)


def _midnight(dateline: Place) -> datetime:
    return datetime.combine(dateline.date, time(), tzinfo=UTC)


def _byline(byline: Byline) -> str:
    return f"{byline.name} ({byline.role})" if byline.role else byline.name


def _ednote(item: Item) -> tuple[str, str | None]:
    """The note for desks at the clients; and the item's own, if that is not the same."""
    lines = [item.ednote] if item.ednote else []
    if item.status is Status.CANCELED:
        lines.append(f"KILL: {item.kill_reason}".rstrip())
    if item.status is Status.WITHHELD:
        lines.append(f"WITHHOLD: {item.withhold_reason}".rstrip())
    lines += [
        f"CORRECTION {rfc3339(correction.at)}: {correction.note}" for correction in item.corrections
    ]
    note = "\n".join(lines)
    return note, None if note == item.ednote else item.ednote


def _texts(**values: str | None) -> tuple[_Text, ...]:
    """Descriptions by role. An empty ednote is written: it says that the Item's own is empty."""
    return tuple(
        _Text(value=value, role=role, content_type=_TEXT)
        for role, value in values.items()
        if value or (role == "ednote" and value is not None)
    )


def _bodies(item: Item, publication: Publication) -> tuple[_Text, ...]:
    if not item.body:
        return ()
    text, words = blocks_text(item.body), word_count(item)
    markup = blocks_html(item.body, publication)
    return (
        _Text(
            value=markup,
            role="main",
            content_type=_HTML,
            char_count=len(text),
            word_count=words,
        ),
        _Text(value=text, role="text", content_type=_TEXT, char_count=len(text), word_count=words),
    )


def _subjects(item: Item, publication: Publication) -> tuple[_Concept, ...]:
    section = _Concept(
        name=item.section.name,
        rel="section",
        uri=_address(section_path(item.edition, item.section.slug), publication),
        literal=item.section.slug,
    )
    topics = (
        _Concept(
            name=topic.name,
            rel="topic",
            uri=_address(topic_path(item.edition, topic.slug), publication),
            literal=topic.slug,
        )
        for topic in item.topics
    )
    return (section, *topics, *map(_about, item.subjects))


def _about(subject: Subject) -> _Concept:
    _, _, code = subject.code.partition(f"{ALIAS}:")
    address = f"{SCHEME}{code}" if _MEDIA_TOPIC.fullmatch(code) else ""
    return _Concept(name=subject.name, rel="about", uri=address, literal=subject.code)


_MEDIA_TOPIC = re.compile("[0-9]{8}")


def _places(item: Item, publication: Publication) -> tuple[_Concept, ...]:
    reported = item.dateline and _Concept(name=item.dateline.place, rel="dateline")
    mentioned = _mentioned(item, EntityKind.PLACE, publication)
    return (reported, *mentioned) if reported else mentioned


def _mentioned(item: Item, kind: EntityKind, publication: Publication) -> tuple[_Concept, ...]:
    return tuple(
        _Concept(
            name=entity.name,
            rel="mentions",
            uri=wikidata_uri(entity.wikidata)
            or _address(entity_path(item.edition, kind, entity.slug), publication),
            literal=entity.slug,
        )
        for entity in item.entities
        if entity.kind is kind
    )


def _page(item: Item, publication: Publication) -> tuple[_File, ...]:
    if item.status is not Status.USABLE:
        return ()
    href = uri(publication.item_url(item))
    return (_File(name="page", href=href, content_type=_HTML),)


def _address(path: str, publication: Publication) -> str:
    """An absolute URI, or nothing if no writing of it makes one."""
    address = uri(publication.url(path))
    return address if is_uri(address) else ""


def _associations(item: Item, publication: Publication) -> Iterable[_News]:
    base = uri(_uri_of(item.guid, publication).replace("#", "%23"))
    if item.picture:
        yield _picture(item.picture, publication, name="lead", address=f"{base}#lead")
    illustrations = (block.picture for block in item.body if isinstance(block, PictureBlock))
    for place, picture in enumerate(illustrations, 1):
        name = f"illustration-{place}"
        yield _picture(picture, publication, name=name, address=f"{base}#{name}")
    for place, correction in enumerate(item.corrections, 1):
        yield _correction(correction, f"correction-{place}", base=base, language=item.edition)
    if item.source:
        yield _source(item.source, publication)
    if item.evolved_from:
        yield _former(item.evolved_from, publication)


def _picture(picture: Picture, publication: Publication, *, name: str, address: str) -> _News:
    return _News(
        uri=address,
        name=name,
        rel=name.partition("-")[0],
        type="picture",
        by=picture.credit,
        descriptions=_texts(alt=picture.alt, caption=picture.caption),
        renditions=tuple(
            _File(
                name=rendition.name,
                href=_address(rendition.href, publication),
                content_type=rendition.content_type,
                width=rendition.width,
                height=rendition.height,
                size_in_bytes=rendition.size_bytes,
            )
            for rendition in picture.renditions
        ),
        alt_ids=tuple(
            _AltId(role=f"sha256 {place}", value=rendition.sha256)
            for place, rendition in enumerate(picture.renditions)
            if rendition.sha256
        ),
    )


def _correction(correction: Correction, name: str, *, base: str, language: str) -> _News:
    return _News(
        uri=f"{base}#{name}",
        name=name,
        rel="correction",
        type="component",
        version_created=correction.at,
        language=language,
        bodies=(_Text(value=correction.note, role="main", content_type=_TEXT),),
    )


def _source(source: Source, publication: Publication) -> _News:
    return _News(
        uri=_uri_of(source.guid, publication),
        name="translatedFrom",
        rel="translatedFrom",
        type="text",
        representation_type="partial",
        version=str(source.version),
        version_created=source.released_at,
        alt_ids=(
            _AltId(role="number", value=str(source.number)),
            *(() if is_uri(source.guid) else (_AltId(role="guid", value=source.guid),)),
        ),
    )


def _former(former: Former, publication: Publication) -> _News:
    ids = [_AltId(role="number", value=str(former.number))]
    if not is_uri(former.guid):
        ids.append(_AltId(role="guid", value=former.guid))
    return _News(
        uri=_uri_of(former.guid, publication),
        name="evolved-from",
        rel=_EVOLVED_FROM,
        type="text",
        representation_type="partial",
        headlines=(_Text(value=former.headline, role="main", content_type=_TEXT),),
        alt_ids=tuple(ids),
    )


# ninjs to Item


def _item(news: _News, publication: Publication | None) -> Item:
    released_at = _needed(news.version_created or news.first_created, "versionCreated")
    ids = {each.role: each.value for each in news.alt_ids}
    lead = next((each for each in news.associations if each.rel == "lead"), None)
    return Item(
        guid=ids.get("guid", news.uri),
        number=int(ids.get("number", 0)),
        version=int(news.version or 1),
        edition=news.language,
        section=next(iter(_refs(news, "section")), Ref(slug="", name="")),
        headline=_headline(news),
        first_released_at=news.first_created or released_at,
        released_at=released_at,
        schema=_schema(news.profile),
        translation_key=ids.get("translationKey", ""),
        source=_read_source(news),
        slugline=news.slugline,
        summary=_described(news, "summary") or "",
        dateline=_dateline(news),
        bylines=_bylines(news),
        body=_body(news, publication),
        topics=_refs(news, "topic"),
        urgency=news.urgency or ORDINARY,
        genre=next((genre.name or "" for genre in news.genres), ""),
        ednote=_own_ednote(news),
        picture=_read_picture(lead, publication) if lead else None,
        corrections=tuple(_corrections(news)),
        status=news.pub_status or Status.USABLE,
        kill_reason=_described(news, "killReason") or "",
        withhold_reason=_described(news, "withholdReason") or "",
        evolved_from=_read_former(news),
        embargoed_until=news.embargoed_until,
        subjects=tuple(_read_subjects(news)),
        entities=tuple(_read_entities(news)),
    )


def _read_source(news: _News) -> Source | None:
    found = next((each for each in news.associations if each.rel == "translatedFrom"), None)
    if found is None or found.version_created is None:
        return None
    ids = {each.role: each.value for each in found.alt_ids}
    return Source(
        guid=ids.get("guid", found.uri),
        number=int(ids.get("number", 0)),
        version=int(found.version or 1),
        released_at=found.version_created,
    )


def _needed(moment: datetime | None, name: str) -> datetime:
    if moment is None:
        raise ValueError(f"there is no `{name}`")
    return moment


def _schema(profile: str) -> int:
    schema = int(profile.removeprefix(_PROFILE)) if profile.startswith(_PROFILE) else SCHEMA
    if schema > SCHEMA:
        raise ValueError(f"its Item has schema {schema}; this Dateline reads up to {SCHEMA}")
    return schema


def _headline(news: _News) -> str:
    main = (each.value for each in news.headlines if each.role in ("main", ""))
    return next(main, news.headlines[0].value if news.headlines else news.title)


def _described(news: _News, role: str) -> str | None:
    return next((each.value for each in news.descriptions if each.role == role), None)


def _own_ednote(news: _News) -> str:
    own = _described(news, "ednote")
    return news.ed_note if own is None else own


def _refs(news: _News, rel: str) -> tuple[Ref, ...]:
    return tuple(
        Ref(slug=each.literal or "", name=each.name or "")
        for each in news.subjects
        if each.rel == rel
    )


def _read_subjects(news: _News) -> Iterable[Subject]:
    """Media Topics by their URI, as any agency writes them; ours also by `rel`."""
    for each in news.subjects:
        if each.uri.startswith(SCHEME):
            code = each.uri.removeprefix(SCHEME)
            yield Subject(code=f"{ALIAS}:{code}", name=each.name or "")
        elif each.rel == "about":
            yield Subject(code=each.literal or "", name=each.name or "")


def _read_entities(news: _News) -> Iterable[EntityRef]:
    named = (
        (EntityKind.PERSON, news.people),
        (EntityKind.PLACE, news.places),
        (EntityKind.ORGANISATION, news.organisations),
    )
    for kind, concepts in named:
        for each in concepts:
            if each.rel == "mentions":
                known = each.uri.startswith(WIKIDATA)
                yield EntityRef(
                    kind=kind,
                    slug=each.literal or "",
                    name=each.name or "",
                    wikidata=each.uri.removeprefix(WIKIDATA) if known else "",
                )


def _dateline(news: _News) -> Place | None:
    named = next((each for each in news.places if each.rel == "dateline"), None)
    if named is None or news.content_created is None:
        return None
    return Place(place=named.name or "", date=news.content_created.date())


def _bylines(news: _News) -> tuple[Byline, ...]:
    if news.info_sources:
        return tuple(Byline(name=each.name or "", role=each.role) for each in news.info_sources)
    return (Byline(name=news.by),) if news.by else ()


def _body(news: _News, publication: Publication | None) -> tuple[Block, ...]:
    markup = next((each for each in news.bodies if each.content_type == _HTML), None)
    if markup is None:
        markup = next((each for each in news.bodies if "html" in each.content_type), None)
    if markup is None:
        return _plain_body(news)
    pictures = [each for each in news.associations if each.rel == "illustration"]
    return _with_pictures(blocks_of(markup.value, publication), pictures, publication)


def _plain_body(news: _News) -> tuple[Block, ...]:
    """A body of plain text, of another agency: a paragraph after each empty line."""
    text = news.bodies[0].value if news.bodies else ""
    parts = (part for part in text.split("\n\n") if part.strip())
    return blocks_of("".join(f"<p>{escape(part)}</p>" for part in parts))


def _with_pictures(
    body: tuple[Block, ...], pictures: list[_News], publication: Publication | None
) -> tuple[Block, ...]:
    """The body with its pictures, in order, as the associations describe them in full."""
    known = iter(pictures)
    whole: list[Block] = []
    for block in body:
        known_one = next(known, None) if isinstance(block, PictureBlock) else None
        whole.append(
            PictureBlock(picture=_read_picture(known_one, publication)) if known_one else block
        )
    return tuple(whole)


def _read_picture(news: _News, publication: Publication | None) -> Picture:
    hashes = {each.role: each.value for each in news.alt_ids}
    return Picture(
        alt=_described(news, "alt") or "",
        caption=_described(news, "caption") or "",
        credit=news.by,
        renditions=tuple(
            Rendition(
                name=file.name,
                href=_path(file.href, publication),
                content_type=file.content_type,
                width=file.width or 0,
                height=file.height or 0,
                size_bytes=file.size_in_bytes or 0,
                sha256=hashes.get(f"sha256 {place}", ""),
            )
            for place, file in enumerate(news.renditions)
        ),
    )


def _path(href: str, publication: Publication | None) -> str:
    if publication and href.startswith(publication.base_url + "/"):
        return href.removeprefix(publication.base_url)
    return href


def _read_former(news: _News) -> Former | None:
    found = next((each for each in news.associations if each.rel == _EVOLVED_FROM), None)
    if found is None:
        return None
    ids = {each.role: each.value for each in found.alt_ids}
    return Former(
        guid=ids.get("guid", found.uri),
        number=int(ids.get("number", 0)),
        headline=_headline(found),
    )


def _corrections(news: _News) -> Iterable[Correction]:
    for each in news.associations:
        if each.rel == "correction" and each.version_created and each.bodies:
            yield Correction(at=each.version_created, note=each.bodies[0].value)
