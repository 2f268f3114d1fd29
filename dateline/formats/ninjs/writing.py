"""A release as a ninjs 3.1 object."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time
from urllib.parse import quote

from dateline.addresses import entity_path, section_path, topic_path
from dateline.formats.body import blocks_html, blocks_text
from dateline.formats.dispatch import Dispatch, desk_note, previous_version
from dateline.formats.lexical import is_uri, json_text, uri
from dateline.formats.ninjs.shape import (
    EVOLVED_FROM,
    HTML,
    PREVIOUS_VERSION,
    PROFILE,
    STANDARD,
    TEXT,
    TRANSLATED_FROM,
    AltId,
    Concept,
    File,
    News,
    SourceType,
    Text,
)
from dateline.formats.publication import Publication
from dateline.formats.reading import word_count
from dateline.formats.wikidata import wikidata_uri
from dateline.items import (
    Byline,
    Correction,
    EntityKind,
    Former,
    Item,
    Picture,
    Place,
    Source,
    Status,
    Subject,
    pictures_in,
)
from dateline.vocabulary import ALIAS, SCHEME


def news_of(dispatch: Dispatch, publication: Publication) -> News:
    """The release as a ninjs 3.1 object."""
    item = dispatch.item
    ednote, kept_ednote = _ednote(item)
    return News(
        uri=_uri_of(item.guid, publication),
        standard=STANDARD,
        type="text",
        representation_type="full",
        profile=f"{PROFILE}{item.schema}",
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
        headlines=(Text(value=item.headline, role="main", content_type=TEXT),),
        descriptions=_texts(
            summary=item.summary,
            killReason=item.kill_reason,
            withholdReason=item.withhold_reason,
            ednote=kept_ednote,
            kind=dispatch.kind,
        ),
        bodies=_bodies(item, publication),
        subjects=_subjects(item, publication),
        genres=(Concept(name=item.genre),) if item.genre else (),
        people=_mentioned(item, EntityKind.PERSON, publication),
        organisations=_mentioned(item, EntityKind.ORGANISATION, publication),
        places=_places(item, publication),
        info_sources=tuple(Concept(name=byline.name, role=byline.role) for byline in item.bylines),
        renditions=_page(item, publication),
        associations=tuple(_associations(item, publication)),
        alt_ids=tuple(_alt_ids(dispatch)),
    )


def _uri_of(guid: str, publication: Publication) -> str:
    return guid if is_uri(guid) else f"{publication.base_url}/#{quote(guid, safe='')}"


def _alt_ids(dispatch: Dispatch) -> Iterable[AltId]:
    item = dispatch.item
    yield AltId(role="number", value=str(item.number))
    if item.translation_key:
        yield AltId(role="translationKey", value=item.translation_key)
    if not is_uri(item.guid):
        yield AltId(role="guid", value=item.guid)
    if dispatch.serial:
        yield AltId(role="serial", value=str(dispatch.serial))


def _midnight(dateline: Place) -> datetime:
    return datetime.combine(dateline.date, time(), tzinfo=UTC)


def _byline(byline: Byline) -> str:
    return f"{byline.name} ({byline.role})" if byline.role else byline.name


def _ednote(item: Item) -> tuple[str, str | None]:
    """The note for desks at the clients; and the item's own, if that is not the same."""
    note = desk_note(item)
    return note, None if note == item.ednote else item.ednote


def _texts(**values: str | None) -> tuple[Text, ...]:
    """Descriptions by role. An empty ednote is written: it says that the Item's own is empty."""
    return tuple(
        Text(value=value, role=role, content_type=TEXT)
        for role, value in values.items()
        if value or (role == "ednote" and value is not None)
    )


def _bodies(item: Item, publication: Publication) -> tuple[Text, ...]:
    if not item.body:
        return ()
    text, words = blocks_text(item.body), word_count(item)
    markup = blocks_html(item.body, publication)
    return (
        Text(
            value=markup,
            role="main",
            content_type=HTML,
            char_count=len(text),
            word_count=words,
        ),
        Text(value=text, role="text", content_type=TEXT, char_count=len(text), word_count=words),
    )


def _subjects(item: Item, publication: Publication) -> tuple[Concept, ...]:
    section = Concept(
        name=item.section.name,
        rel="section",
        uri=_address(section_path(item.edition, item.section.slug), publication),
        literal=item.section.slug,
    )
    topics = (
        Concept(
            name=topic.name,
            rel="topic",
            uri=_address(topic_path(item.edition, topic.slug), publication),
            literal=topic.slug,
        )
        for topic in item.topics
    )
    return (section, *topics, *map(_about, item.subjects))


def _about(subject: Subject) -> Concept:
    _, _, code = subject.code.partition(f"{ALIAS}:")
    address = f"{SCHEME}{code}" if _MEDIA_TOPIC.fullmatch(code) else ""
    return Concept(name=subject.name, rel="about", uri=address, literal=subject.code)


_MEDIA_TOPIC = re.compile("[0-9]{8}")


def _places(item: Item, publication: Publication) -> tuple[Concept, ...]:
    reported = item.dateline and Concept(name=item.dateline.place, rel="dateline")
    mentioned = _mentioned(item, EntityKind.PLACE, publication)
    return (reported, *mentioned) if reported else mentioned


def _mentioned(item: Item, kind: EntityKind, publication: Publication) -> tuple[Concept, ...]:
    return tuple(
        Concept(
            name=entity.name,
            rel="mentions",
            uri=wikidata_uri(entity.wikidata)
            or _address(entity_path(item.edition, kind, entity.slug), publication),
            literal=entity.slug,
        )
        for entity in item.entities
        if entity.kind is kind
    )


def _page(item: Item, publication: Publication) -> tuple[File, ...]:
    if item.status is not Status.USABLE:
        return ()
    href = uri(publication.item_url(item))
    return (File(name="page", href=href, content_type=HTML),)


def _address(path: str, publication: Publication) -> str:
    """An absolute URI, or nothing if no writing of it makes one."""
    address = uri(publication.url(path))
    return address if is_uri(address) else ""


def _associations(item: Item, publication: Publication) -> Iterable[News]:
    base = uri(_uri_of(item.guid, publication).replace("#", "%23"))
    if item.picture:
        yield _picture(item.picture, publication, name="lead", address=f"{base}#lead")
    for place, picture in enumerate(pictures_in(item.body), 1):
        name = f"illustration-{place}"
        yield _picture(picture, publication, name=name, address=f"{base}#{name}")
    for place, correction in enumerate(item.corrections, 1):
        yield _correction(correction, f"correction-{place}", base=base, language=item.edition)
    if item.source:
        yield _source(item.source, publication)
    if item.evolved_from:
        yield _former(item.evolved_from, publication)
    if version := previous_version(item):
        yield _previous(item, version, publication)


def _picture(picture: Picture, publication: Publication, *, name: str, address: str) -> News:
    return News(
        uri=address,
        name=name,
        rel=name.partition("-")[0],
        type="picture",
        by=picture.credit,
        copyright_notice=picture.copyright_notice,
        usage_terms=picture.usage_terms,
        content_created=picture.created_at,
        located=picture.place or None,
        digital_source_type=_source_type(picture.source_type),
        descriptions=_texts(alt=picture.alt, caption=picture.caption),
        renditions=tuple(
            File(
                name=f"{rendition.use} {rendition.name}" if rendition.use else rendition.name,
                href=_address(rendition.href, publication),
                content_type=rendition.content_type,
                width=rendition.width,
                height=rendition.height,
                size_in_bytes=rendition.size_bytes,
            )
            for rendition in picture.renditions
        ),
        alt_ids=tuple(
            AltId(role=f"sha256 {place}", value=rendition.sha256)
            for place, rendition in enumerate(picture.renditions)
            if rendition.sha256
        ),
    )


def _source_type(source_type: str) -> SourceType | None:
    if not source_type:
        return None
    return SourceType(uri=source_type) if is_uri(source_type) else SourceType(literal=source_type)


def _correction(correction: Correction, name: str, *, base: str, language: str) -> News:
    return News(
        uri=f"{base}#{name}",
        name=name,
        rel="correction",
        type="component",
        version_created=correction.at,
        language=language,
        bodies=(Text(value=correction.note, role="main", content_type=TEXT),),
    )


def _source(source: Source, publication: Publication) -> News:
    return News(
        uri=_uri_of(source.guid, publication),
        name=TRANSLATED_FROM,
        rel=TRANSLATED_FROM,
        type="text",
        representation_type="partial",
        version=str(source.version),
        version_created=source.released_at,
        alt_ids=(
            AltId(role="number", value=str(source.number)),
            *(() if is_uri(source.guid) else (AltId(role="guid", value=source.guid),)),
        ),
    )


def _former(former: Former, publication: Publication) -> News:
    ids = [AltId(role="number", value=str(former.number))]
    if not is_uri(former.guid):
        ids.append(AltId(role="guid", value=former.guid))
    return News(
        uri=_uri_of(former.guid, publication),
        name="evolved-from",
        rel=EVOLVED_FROM,
        type="text",
        representation_type="partial",
        headlines=(Text(value=former.headline, role="main", content_type=TEXT),),
        alt_ids=tuple(ids),
    )


def _previous(item: Item, version: int, publication: Publication) -> News:
    return News(
        uri=_uri_of(item.guid, publication),
        name="previous-version",
        rel=PREVIOUS_VERSION,
        type="text",
        representation_type="partial",
        version=str(version),
    )
