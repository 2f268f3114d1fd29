"""A ninjs 3.1 object as a release: ours exactly, another agency's as far as it goes."""

import re
from collections.abc import Iterable
from datetime import datetime
from html import escape

from dateline.formats.body import blocks_of
from dateline.formats.dispatch import Dispatch, read_kind
from dateline.formats.ninjs.shape import (
    EVOLVED_FROM,
    HTML,
    PROFILE,
    TRANSLATED_FROM,
    News,
    SourceType,
)
from dateline.formats.publication import Publication
from dateline.formats.wikidata import WIKIDATA
from dateline.formats.xhtml import with_pictures
from dateline.items import (
    ORDINARY,
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
from dateline.vocabulary import ALIAS, SCHEME


def dispatch_of(news: News, publication: Publication | None) -> Dispatch:
    """The release in a ninjs 3.1 object. Raises ValueError if it lacks what a story needs."""
    item = _item(news, publication)
    serial = _ids(news).get("serial", "0")
    return Dispatch(item, read_kind(_described(news, "kind") or "", item), int(serial))


def _ids(news: News) -> dict[str, str]:
    return {each.role: each.value for each in news.alt_ids}


def _item(news: News, publication: Publication | None) -> Item:
    released_at = _needed(news.version_created or news.first_created, "versionCreated")
    ids = _ids(news)
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


def _read_source(news: News) -> Source | None:
    found = next((each for each in news.associations if each.rel == TRANSLATED_FROM), None)
    if found is None or found.version_created is None:
        return None
    ids = _ids(found)
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
    schema = int(profile.removeprefix(PROFILE)) if profile.startswith(PROFILE) else SCHEMA
    if schema > SCHEMA:
        raise ValueError(f"its Item has schema {schema}; this Dateline reads up to {SCHEMA}")
    return schema


def _headline(news: News) -> str:
    main = (each.value for each in news.headlines if each.role in ("main", ""))
    return next(main, news.headlines[0].value if news.headlines else news.title)


def _described(news: News, role: str) -> str | None:
    return next((each.value for each in news.descriptions if each.role == role), None)


def _own_ednote(news: News) -> str:
    own = _described(news, "ednote")
    return news.ed_note if own is None else own


def _refs(news: News, rel: str) -> tuple[Ref, ...]:
    return tuple(
        Ref(slug=each.literal or "", name=each.name or "")
        for each in news.subjects
        if each.rel == rel
    )


def _read_subjects(news: News) -> Iterable[Subject]:
    """Media Topics by their URI, as any agency writes them; ours also by `rel`."""
    for each in news.subjects:
        if each.uri.startswith(SCHEME):
            code = each.uri.removeprefix(SCHEME)
            yield Subject(code=f"{ALIAS}:{code}", name=each.name or "")
        elif each.rel == "about":
            yield Subject(code=each.literal or "", name=each.name or "")


def _read_entities(news: News) -> Iterable[EntityRef]:
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


def _dateline(news: News) -> Place | None:
    named = next((each for each in news.places if each.rel == "dateline"), None)
    if named is None or news.content_created is None:
        return None
    return Place(place=named.name or "", date=news.content_created.date())


def _bylines(news: News) -> tuple[Byline, ...]:
    if news.info_sources:
        return tuple(Byline(name=each.name or "", role=each.role) for each in news.info_sources)
    return (Byline(name=news.by),) if news.by else ()


def _body(news: News, publication: Publication | None) -> tuple[Block, ...]:
    markup = next((each for each in news.bodies if each.content_type == HTML), None)
    if markup is None:
        markup = next((each for each in news.bodies if "html" in each.content_type), None)
    if markup is None:
        return _plain_body(news)
    pictures = (
        _read_picture(each, publication)
        for each in news.associations
        if each.rel == "illustration"
    )
    return with_pictures(blocks_of(markup.value, publication), tuple(pictures))


def _plain_body(news: News) -> tuple[Block, ...]:
    """A body of plain text, of another agency: a paragraph after each empty line."""
    text = news.bodies[0].value if news.bodies else ""
    parts = (part for part in text.split("\n\n") if part.strip())
    return blocks_of("".join(f"<p>{escape(part)}</p>" for part in parts))


_CROP = re.compile("([0-9]{1,4}:[0-9]{1,4}) (.*)", re.DOTALL)


def _read_name(name: str) -> tuple[str, str]:
    """The use and the name of a rendition."""
    crop = _CROP.fullmatch(name)
    return (crop[1], crop[2]) if crop else ("", name)


def _read_picture(news: News, publication: Publication | None) -> Picture:
    hashes = _ids(news)
    source = news.digital_source_type or SourceType()
    return Picture(
        alt=_described(news, "alt") or "",
        caption=_described(news, "caption") or "",
        credit=news.by,
        copyright_notice=news.copyright_notice,
        usage_terms=news.usage_terms,
        created_at=news.content_created,
        place=news.located or "",
        source_type=source.uri or source.literal,
        renditions=tuple(
            Rendition(
                use=_read_name(file.name)[0],
                name=_read_name(file.name)[1],
                href=publication.path(file.href) if publication else file.href,
                content_type=file.content_type,
                width=file.width or 0,
                height=file.height or 0,
                size_bytes=file.size_in_bytes or 0,
                sha256=hashes.get(f"sha256 {place}", ""),
            )
            for place, file in enumerate(news.renditions)
        ),
    )


def _read_former(news: News) -> Former | None:
    found = next((each for each in news.associations if each.rel == EVOLVED_FROM), None)
    if found is None:
        return None
    ids = _ids(found)
    return Former(
        guid=ids.get("guid", found.uri),
        number=int(ids.get("number", 0)),
        headline=_headline(found),
    )


def _corrections(news: News) -> Iterable[Correction]:
    for each in news.associations:
        if each.rel == "correction" and each.version_created and each.bodies:
            yield Correction(at=each.version_created, note=each.bodies[0].value)
