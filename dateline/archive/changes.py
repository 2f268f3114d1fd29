"""What each release changed: a short memory beside the archive, written with it in one transaction.

Whoever keeps pages asks it what came after a serial, and throws away what stands on the *tags* of
those changes; live readers are told from it what they missed. It holds the newest KEPT changes
only: who is further behind begins anew.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateline.addresses import entity_heading
from dateline.archive.models import PUBLIC, ArchivedChange
from dateline.items import Document, Entity, Item, Kind, Topic, document_type
from dateline.releases.log import Entry
from dateline.rows import insert

KEPT = 10_000
"""Changes remembered: a busy agency's week. A browser that slept longer reads its page again."""

SHAPE = "shape"
"""The tag of whatever stands on editions, sections or standing pages: every page."""

PICKS = "picks"
"""The tag of what is made from the picks of all editions together."""


def story_tag(number: int) -> str:
    return f"story-{number}"


def edition_tag(edition: str) -> str:
    """Stands for every list of an edition that any of its stories may enter."""
    return f"edition-{edition}"


def section_tag(edition: str, section: str) -> str:
    return f"section-{edition}-{section}"


def topic_tag(edition: str, topic: str) -> str:
    return f"topic-{edition}-{topic}"


def names_tag(edition: str) -> str:
    """Stands for the names of an edition's topics and where each leads: a rename or a merge is
    seen on the page of every story under them."""
    return f"names-{edition}"


def translations_tag(translation_key: str) -> str:
    return f"translations-{translation_key}"


def corrections_tag(edition: str) -> str:
    """Stands for an edition's list of corrections."""
    return f"corrections-{edition}"


def rewrites_tag(number: int) -> str:
    """Stands for the newer stories that were written anew from this one."""
    return f"rewrites-{number}"


def picks_tag(edition: str) -> str:
    return f"picks-{edition}"


@dataclass(frozen=True, slots=True)
class Change:
    """One release as it reached the archive. `number` is 0 for what is no story."""

    serial: int
    at: datetime
    kind: Kind
    document_type: str
    edition: str
    number: int
    tags: tuple[str, ...]


def tags_of(document: Document) -> set[str]:
    """What pages that show this document stand on."""
    match document:
        case Item() as item:
            found = {
                story_tag(item.number),
                edition_tag(item.edition),
                section_tag(item.edition, item.section.slug),
                *(topic_tag(item.edition, topic.slug) for topic in item.topics),
                *(topic_tag(item.edition, heading) for heading in headings_of(item)),
            }
            if item.translation_key:
                found.add(translations_tag(item.translation_key))
            if item.corrections:
                found.add(corrections_tag(item.edition))
            if item.evolved_from:
                found.add(rewrites_tag(item.evolved_from.number))
            return found
        case Topic(edition=edition, slug=slug, merged_into=other):
            led = {topic_tag(edition, other)} if other else set()
            return {topic_tag(edition, slug), names_tag(edition), *led}
        case Entity() as entity:
            return {topic_tag(entity.edition, entity_heading(entity.kind, entity.slug))}
    if document_type(document) == "picks":
        return {PICKS, picks_tag(edition_of(document))}
    return {SHAPE}


def headings_of(item: Item) -> list[str]:
    """The headings of the people, places and organisations that a story stands under."""
    return [entity_heading(entity.kind, entity.slug) for entity in item.entities]


def edition_of(document: Document) -> str:
    """The edition a document belongs to; an edition belongs to itself."""
    return str(getattr(document, "edition", "") or getattr(document, "code", ""))


def remember(changes: Sequence[tuple[Entry, Document, Collection[str]]]) -> None:
    """Note what a batch changed, and forget what is older than KEPT. Each comes with its tags."""
    newest = changes[-KEPT:]
    if not newest:
        return
    insert(
        ArchivedChange,
        [
            {
                "serial": entry.serial,
                "at": entry.at,
                "kind": entry.kind,
                "document_type": entry.document_type,
                "edition": edition_of(document),
                "number": document.number if isinstance(document, Item) else 0,
                "tags": " ".join(sorted(tags)),
            }
            for entry, document, tags in newest
        ],
        using=PUBLIC,
    )
    table = ArchivedChange.objects.using(PUBLIC)
    table.filter(serial__lte=newest[-1][0].serial - KEPT).delete()


def topics_in(tags: Iterable[str], edition: str) -> tuple[str, ...]:
    """The topics among tags of an edition, and the headings of entities."""
    beginning = topic_tag(edition, "")
    return tuple(tag.removeprefix(beginning) for tag in tags if tag.startswith(beginning))


def newest(limit: int) -> list[Change]:
    """The last changes, in order."""
    rows = ArchivedChange.objects.using(PUBLIC).order_by("-serial").values_list(*_CHANGE)[:limit]
    return [_change(row) for row in reversed(rows)]


def since(serial: int, *, limit: int = KEPT) -> list[Change] | None:
    """The changes after a serial, in order; None if some of them are forgotten.

    Serials of the log that are not for the public leave no change, so a gap alone says nothing.
    """
    table = ArchivedChange.objects.using(PUBLIC).filter(serial__gt=serial).order_by("serial")
    found = [_change(row) for row in table.values_list(*_CHANGE)[: limit + 1]]
    if len(found) > limit or _forgotten_after(serial, found):
        return None
    return found


_CHANGE = ("serial", "at", "kind", "document_type", "edition", "number", "tags")


def _change(row: tuple[Any, ...]) -> Change:
    serial, at, kind, type_, edition, number, tags = row
    return Change(serial, at, Kind(kind), type_, edition, number, tuple(tags.split()))


def _forgotten_after(serial: int, found: Iterable[Change]) -> bool:
    """May changes after `serial` be forgotten? What is kept begins KEPT before the newest."""
    newest = max((change.serial for change in found), default=0)
    return newest - KEPT > serial
