"""The documents that leave the newsroom: Item, and the small ones that shape the site.

Everything a reader or a client receives is made from these. They are frozen, typed and complete,
carry their schema version, and have one canonical byte form, whose SHA-256 is what the release
log records. This module knows neither Django nor a database.
"""

import hashlib
import re
import unicodedata
from datetime import UTC, date, datetime
from enum import StrEnum
from operator import is_
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from dateline.errors import DatelineError

SCHEMA = 2
"""Version of the shapes below. A reader of the log refuses a document of a later schema; of an
earlier one, what it does not name has its default."""

Urgency = Annotated[int, Meta(ge=1, le=9)]
"""IPTC urgency: 1 is the most urgent, 5 ordinary, 9 the least (ninjs 3.1, `urgency`)."""

FLASH, ORDINARY = 1, 5


class Status(StrEnum):
    """May this be published? The values are those of ninjs `pubStatus`."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


class Kind(StrEnum):
    """What a release does to what was there before."""

    NEW = "new"
    UPDATE = "update"
    CORRECTION = "correction"
    KILL = "kill"
    WITHHOLD = "withhold"
    RESTORE = "restore"


class Audience(StrEnum):
    """Whom a release reaches. Embargo and clients-first are two releases, one to each."""

    CLIENTS = "clients"
    PUBLIC = "public"


class BadDocument(DatelineError):
    """The bytes are no document of ours: cut short, of a later schema, or of another shape."""

    code = "bad-document"


class _Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Common to all records: frozen, keyword-only, text in NFC, times in UTC."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            normal = _normal(value)
            if normal is not value:
                msgspec.structs.force_setattr(self, name, normal)


class Ref(_Record, frozen=True):
    """A section or topic as it was named at release. `slug` is its part of the address."""

    slug: str
    name: str


class Subject(_Record, frozen=True):
    """What a story is about, as an IPTC Media Topic: its code, `medtop:20000344`, and its name in
    the story's language, or in English where it has none there."""

    code: str
    name: str


class EntityKind(StrEnum):
    """What an entity is."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"


class EntityRef(_Record, frozen=True):
    """A person, place or organisation that a story names. `wikidata` is its item there, `Q212`."""

    kind: EntityKind
    slug: str
    name: str
    wikidata: str = ""


class Place(_Record, frozen=True):
    """The dateline: where the reporter was and on which day (NITF `dateline`)."""

    place: str
    date: date


class Byline(_Record, frozen=True):
    """Who wrote it, with the role when it is not plain reporting ("photo", "translation")."""

    name: str
    role: str = ""


class Rendition(_Record, frozen=True):
    """One file of a picture. `href` is a path on the site; width and height in pixels.

    `use` is empty if it shows all of the picture, else the shape that was cut from it: `16:9`,
    `3:2` or `1:1`.
    """

    name: str
    href: str
    content_type: str
    width: int
    height: int
    size_bytes: int
    sha256: str
    use: str = ""


class Picture(_Record, frozen=True):
    """A picture with its words, and its renditions: crops first, then the whole picture, of each
    the format that fewest read first, in it from the smallest to the largest. So the last one is
    the whole picture in a file that all can read.

    `created_at` (when it was taken or made), `place`, `copyright_notice`, `usage_terms` and
    `source_type` are as the IPTC Photo Metadata Standard has them; the last is a URI of IPTC's
    Digital Source Type NewsCodes, and tells what was generated.
    """

    alt: str
    caption: str = ""
    credit: str = ""
    renditions: tuple[Rendition, ...] = ()
    copyright_notice: str = ""
    usage_terms: str = ""
    created_at: datetime | None = None
    place: str = ""
    source_type: str = ""


class Paragraph(_Record, frozen=True, tag_field="type", tag="paragraph"):
    """Running text. `html` holds only a, b, strong, i, em, br, sub and sup."""

    html: str


class Subhead(_Record, frozen=True, tag_field="type", tag="subhead"):
    text: str


class Quotation(_Record, frozen=True, tag_field="type", tag="quotation"):
    """Someone's exact words. `office` is what the speaker is ("finance minister")."""

    text: str
    speaker: str = ""
    office: str = ""


class List(_Record, frozen=True, tag_field="type", tag="list"):
    """A list. Each entry is inline HTML of the same subset as a paragraph."""

    entries: tuple[str, ...]
    ordered: bool = False


class Table(_Record, frozen=True, tag_field="type", tag="table"):
    """A table of plain text, row by row. With `header` the first row names the columns."""

    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    header: bool = False


class PictureBlock(_Record, frozen=True, tag_field="type", tag="picture"):
    picture: Picture


class GalleryBlock(_Record, frozen=True, tag_field="type", tag="gallery"):
    """Pictures that belong together, in the editor's order, under a title if they have one."""

    pictures: tuple[Picture, ...]
    title: str = ""


class Embed(_Record, frozen=True, tag_field="type", tag="embed"):
    """Something that stands elsewhere. Shown as a link: pages load nothing from others."""

    url: str
    title: str = ""
    provider: str = ""


Block = Paragraph | Subhead | Quotation | List | Table | PictureBlock | GalleryBlock | Embed


def pictures_in(body: tuple[Block, ...]) -> tuple[Picture, ...]:
    """The pictures of a body in the order of reading, those of galleries too."""
    found: list[Picture] = []
    for block in body:
        match block:
            case PictureBlock(picture=picture):
                found.append(picture)
            case GalleryBlock(pictures=pictures):
                found += pictures
    return tuple(found)


class Correction(_Record, frozen=True):
    """What was wrong and is now right, in words for readers, and when it was put right."""

    at: datetime
    note: str


class Source(_Record, frozen=True):
    """The story that this one is a translation of, with the version of it that it follows and when
    that version was released (NewsML-G2: a link of `irel:translatedFrom`)."""

    guid: str
    number: int
    version: int
    released_at: datetime


class Former(_Record, frozen=True):
    """The older story that this one was written anew from, as it was named at release."""

    guid: str
    number: int
    headline: str


class Item(_Record, frozen=True, tag_field="type", tag="item"):
    """A story as released at one version: complete, and the one shape every format starts from.

    `number` is the story's number in addresses; `guid` names it for ever and everywhere;
    `version` grows by one at each release. `translation_key` is shared by a story and its
    translations. `first_released_at` orders it in every list, `released_at` is this version's.
    In a kill the text is empty, `status` is canceled and `kill_reason` says why; in a withhold,
    `status` is withheld and `withhold_reason` says why. `evolved_from` is set in a rewrite.
    `embargoed_until`: nobody may publish it before (NewsML-G2 `embargoed`); only clients have it.
    """

    guid: str
    number: int
    version: int
    edition: str
    section: Ref
    headline: str
    first_released_at: datetime
    released_at: datetime
    schema: int = SCHEMA
    translation_key: str = ""
    source: Source | None = None
    slugline: str = ""
    summary: str = ""
    dateline: Place | None = None
    bylines: tuple[Byline, ...] = ()
    body: tuple[Block, ...] = ()
    topics: tuple[Ref, ...] = ()
    urgency: Urgency = ORDINARY
    genre: str = ""
    ednote: str = ""
    picture: Picture | None = None
    corrections: tuple[Correction, ...] = ()
    status: Status = Status.USABLE
    kill_reason: str = ""
    withhold_reason: str = ""
    evolved_from: Former | None = None
    subjects: tuple[Subject, ...] = ()
    entities: tuple[EntityRef, ...] = ()
    embargoed_until: datetime | None = None


class Edition(_Record, frozen=True, tag_field="type", tag="edition"):
    """One language of the site. `code` is a BCP 47 tag and the first part of its addresses."""

    guid: str
    version: int
    code: str
    name: str
    title: str
    schema: int = SCHEMA
    strapline: str = ""
    order: int = 0
    status: Status = Status.USABLE


class Section(_Record, frozen=True, tag_field="type", tag="section"):
    """A rubric of an edition."""

    guid: str
    version: int
    edition: str
    slug: str
    name: str
    schema: int = SCHEMA
    description: str = ""
    order: int = 0
    status: Status = Status.USABLE


class Topic(_Record, frozen=True, tag_field="type", tag="topic"):
    """A tag of an edition, with a line on what it is about.

    With `merged_into` it is only an address: its stories stand under the topic of that slug, and
    whoever asks for it is led there.
    """

    guid: str
    version: int
    edition: str
    slug: str
    name: str
    schema: int = SCHEMA
    description: str = ""
    status: Status = Status.USABLE
    merged_into: str = ""


class Entity(_Record, frozen=True, tag_field="type", tag="entity"):
    """A person, place or organisation with a page of its own in an edition."""

    guid: str
    version: int
    edition: str
    kind: EntityKind
    slug: str
    name: str
    schema: int = SCHEMA
    description: str = ""
    wikidata: str = ""
    translation_key: str = ""
    status: Status = Status.USABLE


class Picks(_Record, frozen=True, tag_field="type", tag="picks"):
    """Stories chosen by hand, in order, for a place on an edition's pages: `hot` or `front`."""

    guid: str
    version: int
    edition: str
    place: str
    numbers: tuple[int, ...] = ()
    schema: int = SCHEMA
    status: Status = Status.USABLE


class Page(_Record, frozen=True, tag_field="type", tag="page"):
    """A standing page of an edition: About, Contacts."""

    guid: str
    version: int
    edition: str
    slug: str
    title: str
    body: tuple[Block, ...] = ()
    schema: int = SCHEMA
    order: int = 0
    status: Status = Status.USABLE


Document = Item | Edition | Section | Topic | Entity | Picks | Page

_encoder = msgspec.json.Encoder(order="sorted")
_decoder: msgspec.json.Decoder[Document] = msgspec.json.Decoder(Document)


def canonical(document: Document) -> bytes:
    """The one byte form of a document: JSON, UTF-8, keys sorted, no spaces, nothing left out.

    Equal documents give equal bytes, and `decode(canonical(d)) == d`.
    """
    return _encoder.encode(document)


def decode(data: bytes) -> Document:
    """The document in canonical bytes. Raises BadDocument with the place of the fault."""
    try:
        document = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadDocument(f"This is not a document of schema {SCHEMA}: {error}.") from error
    if document.schema > SCHEMA:
        raise BadDocument(
            f"This document has schema {document.schema}; this Dateline reads up to {SCHEMA}. "
            "Update Dateline on this machine.",
            schema=document.schema,
        )
    return document


def digest(data: bytes) -> str:
    """SHA-256 of canonical bytes, in hex: how the log names a body."""
    return hashlib.sha256(data).hexdigest()


def document_type(document: Document) -> str:
    """The document's tag in its bytes: `item`, `edition`, `section`, `topic`, `entity`,
    `picks`, `page`."""
    return str(document.__struct_config__.tag)


def _normal(value: Any) -> Any:
    """Text in NFC without control characters, times in UTC; the same object if it was so.

    Asked of every field of every record: by its exact type first, which is quick.
    """
    kind = type(value)
    if kind is str:
        return _normal_text(value)
    if kind is tuple:
        normal = tuple(map(_normal, value))
        return value if all(map(is_, normal, value)) else normal
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return _normal_text(value)
    return value


# XML 1.0 section 2.2 allows no control character but tab and the ends of lines; a lone surrogate
# is no character at all. Left in, either would break every feed that carries the story.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _normal_text(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    # Every no-break space is "not printable": most Ukrainian text comes this far.
    if not text.isprintable():
        text = _UNFIT.sub("", text)
    return unicodedata.normalize("NFC", text)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"A time needs its zone: {moment.isoformat()}")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
