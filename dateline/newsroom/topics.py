"""Renaming and merging topics, so that no address of one ever leads nowhere.

The address a topic had stays as a topic that is `merged_into` another: of a rename, into itself
under its new name; of a merge, into the other one. Such a one leads straight to a topic that leads
nowhere: there are no chains and no loops to follow. Each change is one transaction, with its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from dateline.errors import DatelineError
from dateline.newsroom import trail
from dateline.newsroom.documents import Topic
from dateline.newsroom.story import StoryTopic
from dateline.newsroom.trail import Act


class TopicTaken(DatelineError):
    """Another topic of the edition has this name or address; `topic` is its key."""

    code = "topic-taken"


class TopicMerged(DatelineError):
    """The topic was merged or its address given up since it was looked at."""

    code = "topic-merged"


class NotMergeable(DatelineError):
    """A topic cannot be merged into this one: it is itself, or of another edition."""

    code = "not-mergeable"


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do: how many stories move, how many stand under both, which addresses
    lead to the other topic afterwards."""

    moving: int
    under_both: int
    addresses: tuple[str, ...]


def rename(topic: Topic, *, name: str, slug: str, description: str | None = None) -> Topic:
    """Give a topic another name, address or description and return it as it then is.

    Its old address leads to the new one for ever. Raises TopicTaken if another topic of the edition
    has the name or the address, and TopicMerged if it is a topic no more.
    """
    with transaction.atomic():
        (held,) = _locked(topic)
        if other := taken(held, name=name, slug=slug):
            raise TopicTaken(
                _("There is a topic “%(topic)s” already. Merge the two, or choose another name.")
                % {"topic": other.name},
                topic=other.pk,
            )
        before = Topic(edition=held.edition, slug=held.slug, name=held.name)
        held.name, held.slug = name, slug
        held.description = held.description if description is None else description
        if slug == before.slug:
            held.save()
            return held
        _move_address(held, before)
        trail.record(Act.SHAPE, about=name, note=f"topic {before.slug} renamed to {slug}")
    return held


def taken(topic: Topic, *, name: str, slug: str) -> Topic | None:
    """Another topic of the edition that has this name, or this address now or from before."""
    others = Topic.objects.filter(edition=topic.edition)
    if topic.pk is not None:
        others = others.exclude(pk=topic.pk).exclude(merged_into=topic)
    same_name = Q(name__iexact=name, merged_into=None)
    found = others.filter(same_name | Q(slug=slug)).select_related("merged_into").first()
    return found.current() if found else None


def merge(topic: Topic, into: Topic) -> int:
    """Put all stories of a topic under another one and return how many moved.

    Whoever asks for the address of the first is led to the other for ever; in stories under both,
    the other one keeps its place. What was released of the stories themselves changes with their
    next release. Raises NotMergeable and TopicMerged.
    """
    if topic.pk == into.pk:
        raise NotMergeable(_("A topic cannot be merged into itself. Choose another one."))
    if topic.edition_id != into.edition_id:
        raise NotMergeable(_("Topics of two editions cannot be merged. Choose one of the same."))
    with transaction.atomic():
        gone, stays = _locked(topic, into)
        moved = _move_stories(gone, stays)
        former = list(gone.merged.all())
        gone.merged_into, gone.description = stays, ""
        stays.save()
        stays.release_document()
        for each in (gone, *former):
            each.merged_into = stays
            each.save()
        note = f"topic {gone.slug} merged into {stays.slug}"
        trail.record(Act.SHAPE, about=stays.name, note=note)
    return moved


def preview(topic: Topic, into: Topic) -> MergePreview:
    """What `merge()` would do, with nothing changed."""
    rows = StoryTopic.objects.filter(topic=topic)
    under_both = rows.filter(_stands_under(into)).count()
    return MergePreview(
        moving=rows.count() - under_both,
        under_both=under_both,
        addresses=(topic.slug, *topic.merged.values_list("slug", flat=True)),
    )


def _locked(*topics: Topic) -> Iterator[Topic]:
    """The topics as they are now, in the order asked for, locked until commit.

    Always locked in the same order: two merges at once of the same two wait for each other. Raises
    TopicMerged if one of them is gone or is but an address by now.
    """
    keys = [topic.pk for topic in topics]
    rows = Topic.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    held = {topic.pk: topic for topic in rows}
    for topic in topics:
        now = held.get(topic.pk)
        if now is None or now.merged_into_id:
            other = now.current().name if now else "–"
            raise TopicMerged(
                _("“%(topic)s” was merged into “%(other)s” a moment ago. Look at the list again.")
                % {"topic": topic.name, "other": other}
            )
    return (held[key] for key in keys)


def _move_address(topic: Topic, before: Topic) -> None:
    """Save a topic under its new address and let the old one lead there.

    If the new address was its own once, the two change places: each stays taken all the while.
    """
    former = topic.merged.filter(slug=topic.slug).first()
    if former is not None:
        # Out of the way for a moment: no two topics have one address.
        Topic.objects.filter(pk=former.pk).update(slug=f"~{former.pk}")
    topic.save()
    topic.release_document()
    former = former or before
    former.slug, former.name, former.merged_into = before.slug, before.name, topic
    former.save()
    for other in topic.merged.exclude(pk=former.pk):
        other.merged_into = topic
        other.save()


def _move_stories(gone: Topic, stays: Topic) -> int:
    rows = StoryTopic.objects.filter(topic=gone)
    rows.filter(_stands_under(stays)).delete()
    return rows.update(topic=stays)


def _stands_under(topic: Topic) -> Any:
    """Of a row: does its story stand under this topic too?"""
    return Exists(StoryTopic.objects.filter(story=OuterRef("story"), topic=topic))
