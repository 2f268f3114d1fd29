"""The shapes of ninjs 3.1: what its JSON holds, as types. Older versions are made from them."""

from datetime import datetime

from msgspec import Struct

from dateline.items import Status, Urgency

PROFILE = "dateline-"
HTML, TEXT = "text/html", "text/plain"
EVOLVED_FROM = "evolvedFrom"
TRANSLATED_FROM = "translatedFrom"
PREVIOUS_VERSION = "previousVersion"
"""Values of `rel` in associations; IPTC's item relations have the same names."""


class _Ninjs(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Common to the shapes below: names as ninjs has them, nothing written that is not known."""


class AltId(_Ninjs, frozen=True):
    role: str = ""
    value: str = ""


class Text(_Ninjs, frozen=True):
    """A headline, a description or a body."""

    value: str
    role: str = ""
    content_type: str = ""
    char_count: int | None = None
    word_count: int | None = None


class Concept(_Ninjs, frozen=True):
    """A subject, genre, place or source of information."""

    name: str | None = None
    rel: str = ""
    role: str = ""
    uri: str = ""
    literal: str | None = None


class File(_Ninjs, frozen=True):
    name: str
    href: str = ""
    content_type: str = ""
    width: int | None = None
    height: int | None = None
    size_in_bytes: int | None = None


class Standard(_Ninjs, frozen=True):
    name: str = ""
    version: str = ""
    schema: str = ""


class SourceType(_Ninjs, frozen=True):
    uri: str = ""
    literal: str = ""


class News(_Ninjs, frozen=True):
    """A ninjs object: the story, or with `name` and `rel` something associated with it."""

    uri: str
    name: str | None = None
    rel: str = ""
    standard: Standard | None = None
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
    copyright_notice: str = ""
    usage_terms: str = ""
    ed_note: str = ""
    language: str = ""
    title: str = ""
    by: str = ""
    slugline: str = ""
    located: str | None = None
    headlines: tuple[Text, ...] = ()
    descriptions: tuple[Text, ...] = ()
    bodies: tuple[Text, ...] = ()
    subjects: tuple[Concept, ...] = ()
    genres: tuple[Concept, ...] = ()
    people: tuple[Concept, ...] = ()
    organisations: tuple[Concept, ...] = ()
    places: tuple[Concept, ...] = ()
    info_sources: tuple[Concept, ...] = ()
    renditions: tuple[File, ...] = ()
    associations: tuple["News", ...] = ()
    alt_ids: tuple[AltId, ...] = ()
    digital_source_type: SourceType | None = None


STANDARD = Standard(
    name="ninjs", version="3.1", schema="http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"
)
