"""Item to schema.org `NewsArticle` as JSON-LD, for the script element of a story's page.

schema.org release 30.0 (NewsArticle, CorrectionComment, ImageObject, Person,
NewsMediaOrganization); SPECS section 8. One way only: a page tells machines what people see on it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dateline.addresses import entity_path
from dateline.formats.lexical import json_text, rfc3339, uri
from dateline.formats.publication import Publication
from dateline.formats.reading import read_minutes
from dateline.formats.reading import word_count as words_of
from dateline.formats.wikidata import wikidata_uri
from dateline.items import (
    Byline,
    Correction,
    Entity,
    EntityKind,
    EntityRef,
    Item,
    Picture,
    Rendition,
    Status,
    Subject,
)
from dateline.vocabulary import ALIAS, SCHEME, source_types

CONTENT_TYPE = "application/ld+json"
SUFFIX = "jsonld"

_RARELY_READ = {"image/avif"}
"""Formats that programs which read this often cannot; each file has a twin in another format."""

_Thing = dict[str, Any]


def encode(
    item: Item,
    publication: Publication,
    *,
    translations: Sequence[tuple[str, str]] = (),
    earlier: str = "",
    word_count: int | None = None,
) -> bytes:
    """The Item as a NewsArticle. `translations` are language and address (or path) of each;
    `earlier` is the address of the story that it was written anew from, if readers have it.

    Safe inside a script element: `<` is written as \\u003c, so no text can end the element.
    """
    words = words_of(item) if word_count is None else word_count
    article = _article(item, publication, words) | _kin(translations, publication)
    article["isBasedOn"] = uri(publication.url(earlier)) if earlier else ""
    return _written(article)


def encode_entity(entity: Entity, publication: Publication) -> bytes:
    """An entity as Person, Place or Organization, for the script element of its page."""
    thing = _thing(entity, entity.edition, publication)
    return _written(
        {"@context": "https://schema.org", **thing, "description": entity.description}
    )


def _written(thing: _Thing) -> bytes:
    known = {name: value for name, value in thing.items() if value not in ("", (), [], None)}
    return msgspec.json.encode(known).replace(b"<", b"\\u003c")


def _article(item: Item, publication: Publication, words: int) -> _Thing:
    address = uri(publication.item_url(item))
    authors = [_person(byline) for byline in item.bylines if not byline.role]
    place = item.dateline
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "identifier": item.guid,
        "version": str(item.version),
        "url": address,
        "mainEntityOfPage": address,
        "headline": item.headline,
        "description": item.summary,
        "datePublished": rfc3339(item.first_released_at),
        "dateModified": rfc3339(item.released_at),
        "author": authors or [_publisher(publication)],
        "contributor": [_person(byline) for byline in item.bylines if byline.role],
        "publisher": _publisher(publication),
        "image": _images(item.picture, publication),
        "articleSection": item.section.name,
        "keywords": [topic.name for topic in item.topics],
        "about": [_subject(subject) for subject in item.subjects],
        "mentions": [_thing(entity, item.edition, publication) for entity in item.entities],
        "genre": item.genre,
        "inLanguage": item.edition,
        "isAccessibleForFree": True,
        "wordCount": words,
        "timeRequired": f"PT{read_minutes(item)}M",
        "dateline": f"{place.place}, {place.date.isoformat()}" if place else None,
        "contentLocation": {"@type": "Place", "name": place.place} if place else None,
        "translationOfWork": _source(item),
        "correction": [_correction(correction) for correction in item.corrections],
        "creativeWorkStatus": None if item.status is Status.USABLE else item.status.value,
    }


def _source(item: Item) -> _Thing | None:
    if item.source is None:
        return None
    version = str(item.source.version)
    return {"@type": "NewsArticle", "identifier": item.source.guid, "version": version}


def _kin(translations: Sequence[tuple[str, str]], publication: Publication) -> _Thing:
    return {
        "workTranslation": [
            {
                "@type": "NewsArticle",
                "inLanguage": json_text(language),
                "url": uri(publication.url(address)),
            }
            for language, address in translations
        ]
    }


_ENTITY_TYPES = {
    EntityKind.PERSON: "Person",
    EntityKind.PLACE: "Place",
    EntityKind.ORGANISATION: "Organization",
}


def _subject(subject: Subject) -> _Thing:
    return {
        "@type": "DefinedTerm",
        "name": subject.name,
        "termCode": subject.code.removeprefix(f"{ALIAS}:"),
        "inDefinedTermSet": SCHEME,
    }


def _thing(entity: Entity | EntityRef, edition: str, publication: Publication) -> _Thing:
    thing = {
        "@type": _ENTITY_TYPES[entity.kind],
        "name": entity.name,
        "url": uri(publication.url(entity_path(edition, entity.kind, entity.slug))),
        "sameAs": wikidata_uri(entity.wikidata),
    }
    return dict(_given(thing.items()))


def _person(byline: Byline) -> _Thing:
    return {"@type": "Person", "name": byline.name}


def _publisher(publication: Publication) -> _Thing:
    organisation: _Thing = {
        "@type": "NewsMediaOrganization",
        "name": json_text(publication.name),
        "url": uri(publication.url("/")),
    }
    if publication.logo_path:
        address = uri(publication.url(publication.logo_path))
        organisation["logo"] = {"@type": "ImageObject", "url": address}
    return organisation


def _images(picture: Picture | None, publication: Publication) -> list[_Thing]:
    """The picture's files, the largest first: readers of this take the first that will do."""
    if picture is None:
        return []
    files = [file for file in picture.renditions if file.content_type not in _RARELY_READ]
    return [_image(file, picture, publication) for file in reversed(files)]


def _image(file: Rendition, picture: Picture, publication: Publication) -> _Thing:
    image = {
        "@type": "ImageObject",
        "url": uri(publication.url(file.href)),
        "width": file.width,
        "height": file.height,
        "encodingFormat": file.content_type,
        "caption": picture.caption or picture.alt,
        "creditText": picture.credit,
        "copyrightNotice": picture.copyright_notice,
        "dateCreated": rfc3339(picture.created_at) if picture.created_at else "",
        "digitalSourceType": _source_type(picture.source_type),
    }
    return dict(_given(image.items()))


_SOURCE_TYPES = {
    "digitalCapture",
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "compositeSynthetic",
    "algorithmicMedia",
}
"""What readers of this ask for: is it a photograph, or generated?"""


def _source_type(source_type: str) -> str:
    code = source_types.code_in(source_type)
    known = code in _SOURCE_TYPES
    return f"https://schema.org/{code[0].upper()}{code[1:]}DigitalSource" if known else ""


def _given(properties: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    return ((name, value) for name, value in properties if value != "")


def _correction(correction: Correction) -> _Thing:
    return {
        "@type": "CorrectionComment",
        "text": correction.note,
        "datePublished": rfc3339(correction.at),
    }
