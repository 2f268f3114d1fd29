"""The follower that keeps the public archive.

It applies what is for the public, whole documents at a time, and refuses anything not newer than
what it holds; so applying a row twice, or an old row late, changes nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, assert_never

import msgspec

from dateline.addresses import entity_heading, slug_of
from dateline.archive import changes, renaming
from dateline.archive.models import (
    PUBLIC,
    ArchivedCorrection,
    ArchivedDocument,
    ArchivedStory,
    ArchivedTopic,
)
from dateline.items import (
    Audience,
    Document,
    Edition,
    Entity,
    Item,
    Page,
    Picks,
    Section,
    Status,
    Topic,
    canonical,
    decode,
    document_type,
)
from dateline.releases.log import Entry
from dateline.rows import insert

Shaping = Edition | Section | Topic | Entity | Picks | Page
"""The documents that shape the site: all but stories."""

D = TypeVar("D", bound=Document)
Placed = tuple[int, D]
"""A document with the serial of the row that brought it."""


class PublicArchive:
    """Keeps the archive that readers' pages are made from."""

    name = PUBLIC
    database = PUBLIC

    def apply(self, batch: Sequence[Entry]) -> None:
        newest: dict[str, tuple[int, Document]] = {}
        for entry in batch:
            if entry.audience is not Audience.PUBLIC:
                continue
            document = entry.document or _end_of(entry, newest.get(entry.guid))
            if document is not None and _is_newer(document, newest.get(entry.guid)):
                newest[entry.guid] = (entry.serial, document)
        items = _newer([(s, d) for s, d in newest.values() if isinstance(d, Item)], ArchivedStory)
        others = _newer(
            [(s, d) for s, d in newest.values() if not isinstance(d, Item)], ArchivedDocument
        )
        touched = _tags_held(items)
        # Documents first: stories stand under what their topics are now. So where a batch ends
        # makes no difference to where a story of the time of a merge stands.
        _put_documents(others)
        moved = renaming.move([document for _, document in others])
        for guid, tags in _put_stories(items).items():
            touched[guid] |= tags
        for _, document in others:
            if isinstance(document, Topic) and document.merged_into:
                touched[document.guid] |= moved
        entries = {entry.serial: entry for entry in batch}
        changes.remember(
            [
                (entries[serial], document, changes.tags_of(document) | touched[document.guid])
                for serial, document in sorted([*items, *others], key=lambda placed: placed[0])
            ]
        )


def _end_of(entry: Entry, found: Placed[Document] | None) -> Document | None:
    """What a row says when its body was struck: that what stood before it is over.

    So a struck kill stays a kill when the archive is made again, and an older text does not come
    back in place of a struck one. A later row stands in its place as ever.
    """
    held = found[1] if found else _held(entry.guid)
    if held is None:
        return None
    over = {"version": entry.version, "status": Status.CANCELED}
    if isinstance(held, Item):
        over |= {"released_at": entry.at, "kill_reason": "", "withhold_reason": ""}
    return msgspec.structs.replace(held, **over)


def _held(guid: str) -> Document | None:
    """The document of this guid that the archive holds."""
    for model in (ArchivedStory, ArchivedDocument):
        data = model._default_manager.using(PUBLIC).filter(guid=guid).values_list("data").first()
        if data is not None:
            return decode(bytes(data[0]))
    return None


def _is_newer(document: Document, found: Placed[Document] | None) -> bool:
    """An old version may come late, and where a batch ends must make no difference."""
    return found is None or document.version > found[1].version


def _newer(
    documents: Sequence[Placed[D]], model: type[ArchivedStory] | type[ArchivedDocument]
) -> list[Placed[D]]:
    """Those that are newer than what the archive holds."""
    guids = [document.guid for _, document in documents]
    held = dict(
        model.objects.using(PUBLIC).filter(guid__in=guids).values_list("guid", "version")
    )
    return [(serial, each) for serial, each in documents if each.version > held.get(each.guid, 0)]


def _tags_held(items: Sequence[Placed[Item]]) -> dict[str, set[str]]:
    """What the versions that these replace stood under: a story may leave a section or a topic."""
    found: dict[str, set[str]] = defaultdict(set)
    guids = {item.number: item.guid for _, item in items if item.version > 1}
    held = ArchivedStory.objects.using(PUBLIC).filter(number__in=guids)
    rows = held.values_list("number", "edition", "section", "corrected", "evolved_from")
    for number, edition, section, corrected, former in rows:
        tags = found[guids[number]]
        tags |= {changes.edition_tag(edition), changes.section_tag(edition, section)}
        if corrected:
            tags.add(changes.corrections_tag(edition))
        if former is not None:
            tags.add(changes.rewrites_tag(former))
    topics = ArchivedTopic.objects.using(PUBLIC).filter(story__in=guids)
    for number, edition, topic in topics.values_list("story_id", "edition", "topic"):
        found[guids[number]].add(changes.topic_tag(edition, topic))
    return found


def _put_stories(items: list[Placed[Item]]) -> dict[str, set[str]]:
    """Put stories in; return the tags of topics that others were merged into, by guid."""
    if not items:
        return {}
    insert(
        ArchivedStory,
        [_archived(serial, item) for serial, item in items],
        using=PUBLIC,
        on_conflict=_REPLACING,
    )
    again = [item.number for _, item in items if item.version > 1]
    leads = renaming.leads_among(
        (item.edition, topic.slug) for _, item in items for topic in item.topics
    )
    under = [row for _, item in items for row in _under(item, leads)]
    corrections = [row for _, item in items for row in _corrections_of(item)]
    for model, rows in ((ArchivedTopic, under), (ArchivedCorrection, corrections)):
        model._default_manager.using(PUBLIC).filter(story__in=again).delete()
        insert(model, rows, using=PUBLIC)
    return {
        item.guid: {
            changes.topic_tag(item.edition, leads[item.edition, topic.slug])
            for topic in item.topics
            if (item.edition, topic.slug) in leads
        }
        for _, item in items
    }


_REPLACING = "(number) DO UPDATE SET " + ", ".join(
    f"{field.column} = excluded.{field.column}"
    for field in ArchivedStory._meta.concrete_fields
    if not field.primary_key
)


def _under(item: Item, leads: Mapping[renaming.Slug, str]) -> list[dict[str, Any]]:
    """Rows for what a story stands under: its topics as they are now, and whom it names."""
    if item.status is not Status.USABLE:
        return []
    topics = [leads.get((item.edition, topic.slug), topic.slug) for topic in item.topics]
    return [
        {
            "edition": item.edition,
            "topic": heading,
            "first_released_at": item.first_released_at,
            "story_id": item.number,
        }
        for heading in dict.fromkeys([*topics, *changes.headings_of(item)])
    ]


def _corrections_of(item: Item) -> list[dict[str, Any]]:
    return [
        {"edition": item.edition, "at": each.at, "story_id": item.number, "note": each.note}
        for each in item.corrections
        if item.status is Status.USABLE
    ]


def _archived(serial: int, item: Item) -> dict[str, Any]:
    gone = item.status is not Status.USABLE
    return {
        "number": item.number,
        "guid": item.guid,
        "serial": serial,
        "version": item.version,
        "edition": item.edition,
        "section": item.section.slug,
        "slug": "" if gone else slug_of(item.headline, edition=item.edition),
        "translation_key": item.translation_key,
        "first_released_at": item.first_released_at,
        # What was wrong enough to take down is not repeated on the notice that it is gone.
        "headline": "" if gone else item.headline,
        "urgency": item.urgency,
        "corrected": bool(item.corrections),
        "gone_at": item.released_at if gone else None,
        "evolved_from": item.evolved_from.number if item.evolved_from and not gone else None,
        "data": canonical(_tombstone(item) if gone else item),
    }


def _tombstone(item: Item) -> Item:
    return msgspec.structs.replace(
        item,
        headline="",
        slugline="",
        summary="",
        body=(),
        picture=None,
        topics=(),
        subjects=(),
        entities=(),
        corrections=(),
        evolved_from=None,
    )


def _put_documents(documents: Sequence[Placed[Shaping]]) -> None:
    ArchivedDocument.objects.using(PUBLIC).bulk_create(
        [
            ArchivedDocument(
                guid=document.guid,
                serial=serial,
                version=document.version,
                document_type=document_type(document),
                edition=document.code if isinstance(document, Edition) else document.edition,
                key=_key(document),
                live=document.status is Status.USABLE,
                leads_to=(isinstance(document, Topic) and document.merged_into) or None,
                data=canonical(document),
            )
            for serial, document in documents
        ],
        update_conflicts=True,
        unique_fields=["guid"],
        update_fields=["serial", "version", "edition", "key", "live", "leads_to", "data"],
    )


def _key(document: Document) -> str:
    match document:
        case Edition():
            return document.code
        case Section() | Topic() | Page():
            return document.slug
        case Entity():
            return entity_heading(document.kind, document.slug)
        case Picks():
            return document.place
        case Item():
            return str(document.number)
    assert_never(document)
