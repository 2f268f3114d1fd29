"""Stories that come in complete, many at once: an archive moved in, a demo agency.

The inverse of `itemise.py`: an Item becomes a Story whose Item it is. `release_many()` adds all
of a batch to the newsroom and to the log in one transaction, with serials taken in one block.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from wagtail.images.models import AbstractImage
from wagtail.models import Locale

from dateline import items
from dateline.items import Block, Item, Kind
from dateline.newsroom import trail
from dateline.newsroom.documents import Edition, Section, Topic
from dateline.newsroom.entities import Entity
from dateline.newsroom.story import Story, StoryEntity, StoryTopic, search_text
from dateline.newsroom.trail import Act
from dateline.releases import log
from dateline.releases.log import Addition
from dateline.rows import insert
from dateline.vocabulary import ALIAS


@dataclass(frozen=True, slots=True)
class Incoming:
    """An item to take in, whose `number` is not yet given; `image` is the lead picture's.

    `later` are the versions that followed it where it comes from, each with its kind; none may be
    a kill. `writer` is the user who wrote it, if that is known here.
    """

    item: Item
    later: tuple[tuple[Item, Kind], ...] = ()
    image: AbstractImage | None = None
    writer: AbstractBaseUser | None = None


class Shelves:
    """The editions, sections and topics that incoming stories are put under, looked up once."""

    def __init__(self) -> None:
        editions = Edition.objects.select_related("locale")
        self._editions = {edition.code: edition for edition in editions}
        self._sections = {
            (section.edition.code, section.slug): section
            for section in Section.objects.select_related("edition__locale")
        }
        self._topics: dict[tuple[str, str], Topic] = {}
        self._entities: dict[tuple[str, str, str], Entity] = {}

    def locale(self, edition: str) -> Locale:
        return self._editions[edition].locale

    def section(self, edition: str, slug: str) -> Section:
        return self._sections[edition, slug]

    def topic(self, edition: str, ref: items.Ref) -> Topic:
        """The topic of this slug in this edition, made if there is none."""
        if (edition, ref.slug) not in self._topics:
            self._topics[edition, ref.slug] = Topic.objects.get_or_create(
                edition=self._editions[edition], slug=ref.slug, defaults={"name": ref.name}
            )[0].current()
        return self._topics[edition, ref.slug]

    def entity(self, edition: str, ref: items.EntityRef) -> Entity:
        """The person, place or organisation of this slug in this edition, made if not there."""
        key = (edition, ref.kind, ref.slug)
        if key not in self._entities:
            self._entities[key] = Entity.objects.get_or_create(
                edition=self._editions[edition],
                kind=ref.kind,
                slug=ref.slug,
                defaults={"name": ref.name, "wikidata": ref.wikidata},
            )[0]
        return self._entities[key]


def release_many(batch: Sequence[Incoming], *, shelves: Shelves, by: str = "") -> list[int]:
    """Take in new stories and release them under their own times; return their numbers, in order.

    All of them or none. They get no revisions: the story itself is what was released. Raises
    IntegrityError if one of them is there, and AlreadyReleased if it is in the log.
    """
    with transaction.atomic():
        # Straight into the table, past the guards of `Story`: what they guard, a row in the log
        # for whatever is live, is what comes next here.
        insert(Story, [_row(each, shelves) for each in batch], using=log.LOG)
        numbers = _numbers([each.item.guid for each in batch])
        insert(StoryTopic, list(_topics(batch, numbers, shelves)), using=log.LOG)
        insert(StoryEntity, list(_entities(batch, numbers, shelves)), using=log.LOG)
        additions = [
            Addition(msgspec.structs.replace(item, number=number), kind)
            for number, each in zip(numbers, batch, strict=True)
            for item, kind in ((each.item, Kind.NEW), *each.later)
        ]
        trail.record(Act.LOAD, by=by, note=_told(numbers))
        log.append_many(additions, by=by)
    return numbers


def _told(numbers: list[int]) -> str:
    return f"{len(numbers)} stories, {numbers[0]} to {numbers[-1]}" if numbers else "no story"


def _numbers(guids: list[str]) -> list[int]:
    given = dict(Story.objects.filter(guid__in=guids).values_list("guid", "pk"))
    return [given[guid] for guid in guids]


def _topics(
    batch: Sequence[Incoming], numbers: Sequence[int], shelves: Shelves
) -> Iterator[dict[str, int]]:
    for number, each in zip(numbers, batch, strict=True):
        # Two that were merged are one.
        topics = dict.fromkeys(shelves.topic(each.item.edition, ref).pk for ref in each.item.topics)
        for order, topic in enumerate(topics):
            yield {"story_id": number, "topic_id": topic, "sort_order": order}


def _entities(
    batch: Sequence[Incoming], numbers: Sequence[int], shelves: Shelves
) -> Iterator[dict[str, int]]:
    for number, each in zip(numbers, batch, strict=True):
        for order, ref in enumerate(dict.fromkeys(each.item.entities)):
            entity = shelves.entity(each.item.edition, ref)
            yield {"story_id": number, "entity_id": entity.pk, "sort_order": order}


def _row(incoming: Incoming, shelves: Shelves) -> dict[str, Any]:
    """The story as its table has it: what it does not name is as in any new story."""
    item = incoming.later[-1][0] if incoming.later else incoming.item
    picture = item.picture or _NO_PICTURE
    bylines = ", ".join(f"{b.name} ({b.role})" if b.role else b.name for b in item.bylines)
    return {
        "guid": item.guid,
        "locale_id": shelves.locale(item.edition).pk,
        "translation_key": uuid.UUID(item.translation_key or uuid.uuid4().hex),
        "section_id": shelves.section(item.edition, item.section.slug).pk,
        "version": item.version,
        "corrections": [{"at": c.at.isoformat(), "note": c.note} for c in item.corrections],
        "live": True,
        "first_published_at": item.first_released_at,
        "last_published_at": item.released_at,
        # Not now, as when an editor saves: the newsroom's list is in the order of its news.
        "updated_at": item.released_at,
        "slugline": item.slugline,
        "headline": item.headline,
        "summary": item.summary,
        "search_text": search_text(item.headline, item.slugline, item.summary, bylines),
        "place": item.dateline.place if item.dateline else "",
        "dateline_date": item.dateline.date if item.dateline else None,
        "bylines": bylines,
        "body": _with_ids(raw_of(item.body)),
        "urgency": item.urgency,
        "genre": item.genre,
        "ednote": item.ednote,
        "subjects": " ".join(s.code.removeprefix(f"{ALIAS}:") for s in item.subjects) or None,
        "picture_id": incoming.image.pk if incoming.image else None,
        "picture_alt": picture.alt,
        "picture_caption": picture.caption,
        "picture_credit": picture.credit,
        "created_by_id": incoming.writer.pk if incoming.writer else None,
    }


_NO_PICTURE = items.Picture(alt="")


def _with_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks with the ids that Wagtail would give them at the first save: unique in their story."""
    first = uuid.uuid4().int
    return [{**block, "id": str(uuid.UUID(int=first ^ n))} for n, block in enumerate(blocks)]


def raw_of(body: Sequence[Block]) -> list[dict[str, Any]]:
    """Blocks as the body field stores them. Pictures are left out: those need their image."""
    return [{"type": kind, "value": value} for kind, value in map(_raw, body) if kind]


def _raw(block: Block) -> tuple[str, Any]:
    match block:
        case items.Paragraph(html=html):
            return "paragraph", f"<p>{html}</p>"
        case items.Subhead(text=text):
            return "subhead", text
        case items.Quotation(text=text, speaker=speaker, office=office):
            return "quotation", {"text": text, "speaker": speaker, "office": office}
        case items.List(entries=entries, ordered=ordered):
            rich = [f"<p>{entry}</p>" for entry in entries]
            return "list", {"ordered": ordered, "entries": rich}
        case items.Table():
            return "table", _raw_table(block)
        case items.Embed(url=url, title=title):
            return "embed", {"url": url, "title": title}
    return "", None


def _raw_table(table: items.Table) -> dict[str, Any]:
    width = max(map(len, table.rows), default=0)
    heads = table.rows[0] if table.header and table.rows else ("",) * width
    rows = table.rows[1:] if table.header else table.rows
    return {
        "columns": [{"type": "text", "heading": head} for head in heads],
        "rows": [{"values": list(row)} for row in rows],
        "caption": table.caption,
    }
