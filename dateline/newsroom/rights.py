"""Which pictures a story shows, whether it may show them, and what happens when it no longer may.

A picture has its alt text in every place, and rights that are not over, or the release is refused
by name. When rights end, `leave_pages()` releases each story that readers have with that picture
once more, as an update without it: pages, lists and clients learn of it as of any other change.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import InterfaceError, OperationalError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.images.models import AbstractImage
from wagtail.models import ReferenceIndex

from dateline.newsroom.bodies import pictures_in
from dateline.newsroom.clock import agency_time
from dateline.newsroom.picture_facts import PictureFacts

if TYPE_CHECKING:
    from dateline.newsroom.documents import StandingPage
    from dateline.newsroom.story import Story

logger = logging.getLogger(__name__)

LOOKED_FOR = timedelta(minutes=5)
"""How long after its rights ended a picture is still looked for: a release that was under way at
that moment may have had it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in a place of a story: `where` names the place, for messages."""

    image: AbstractImage
    alt: str
    where: str


def shown_in(story: Story) -> list[Shown]:
    """The pictures of a story as it stands in memory, the lead picture first."""
    lead = []
    if story.picture is not None:
        lead = [Shown(story.picture, story.picture_alt, _("The lead picture"))]
    body = (
        Shown(value["image"], value["alt"] or "", _("The picture “%s”") % value["image"].title)
        for value in pictures_in(story.body)
    )
    return [*lead, *body]


def faults(story: Story) -> Iterator[str]:
    """Why a story may not be released with its pictures, in words, each place by its name."""
    shown = shown_in(story)
    for each in shown:
        if not each.alt.strip():
            yield _("%s needs a description of what it shows (alt text).") % each.where
    yield from _overdue([each.image.pk for each in shown], _moment_of(story))


def body_faults(body: Any) -> list[str]:
    """Why a text that is released as it is saved may not have its pictures."""
    return list(_overdue([value["image"].pk for value in pictures_in(body)], timezone.now()))


def _overdue(images: Sequence[int], now: datetime) -> Iterator[str]:
    for facts in expired(images, now):
        yield _(
            "The rights to “%(picture)s” are over since %(day)s. Take it out, or renew them "
            "at the picture."
        ) % {
            "picture": facts.image.title,
            "day": agency_time(facts.expires_at) if facts.expires_at else "",
        }


def expired(images: Sequence[int], now: datetime) -> list[PictureFacts]:
    """The facts of those of these pictures whose rights are over."""
    if not images:
        return []
    found = PictureFacts.objects.filter(image__in=images, expires_at__lte=now)
    return list(found.select_related("image").order_by("expires_at"))


def _moment_of(story: Story) -> datetime:
    """When it is to be released: a schedule past the end of the rights is refused at once."""
    now = timezone.now()
    return max(now, story.go_live_at) if story.go_live_at else now


def leave_pages(now: datetime) -> int:
    """Release what shows a picture whose rights are over once more, without it; return how many.

    One story that cannot be is logged and tried again at the next call; the others go on.
    """
    return sum(_leave(facts, now) for facts in _over(now))


def _over(now: datetime) -> list[PictureFacts]:
    found = PictureFacts.objects.filter(expires_at__lte=now, left_at__isnull=True)
    return list(found.select_related("image").order_by("expires_at")[:100])


def _leave(facts: PictureFacts, now: datetime) -> int:
    stories, pages = stories_with(facts.image), pages_with(facts.image)
    done = sum(_tried(_release_without, story, facts.image) for story in stories)
    done += sum(_tried(_save_without, page, facts.image) for page in pages)
    assert facts.expires_at is not None
    if not stories and not pages and facts.expires_at + LOOKED_FOR <= now:
        mine = PictureFacts.objects.filter(pk=facts.pk, expires_at=facts.expires_at)
        mine.update(left_at=now)
    return done


def stories_with(image: AbstractImage) -> list[Story]:
    """The stories that readers or clients have with this picture, in any place of theirs."""
    from dateline.newsroom.story import Story

    found = set(Story.objects.filter(picture_id=image.pk, live=True).values_list("pk", flat=True))
    numbers = _referring(image, Story)
    # Wagtail's index may lag behind the row: what it names is looked at.
    found |= set(Story.objects.filter(pk__in=numbers, live=True).values_list("pk", flat=True))
    stories = Story.objects.filter(pk__in=found).order_by("pk")
    return [story for story in stories if image.pk in _numbers(story)]


def pages_with(image: AbstractImage) -> list[StandingPage]:
    """The standing pages with this picture."""
    from dateline.newsroom.documents import StandingPage

    pages = StandingPage.objects.filter(pk__in=_referring(image, StandingPage))
    return [page for page in pages if image.pk in {v["image"].pk for v in pictures_in(page.body)}]


def _referring(image: AbstractImage, model: type[models.Model]) -> list[int]:
    """Those of a model whose row names the picture, in whatever field and however deep."""
    found = ReferenceIndex.get_references_to(image).filter(
        base_content_type=ContentType.objects.get_for_model(model)
    )
    return [int(each) for each in found.values_list("object_id", flat=True).distinct()]


def _numbers(story: Story) -> set[int]:
    return {each.image.pk for each in shown_in(story)}


def _tried(act: Callable[[Any, AbstractImage], bool], shows: Any, image: AbstractImage) -> bool:
    """Was it released without the picture? If that fails, say why: it is tried again."""
    try:
        with transaction.atomic():
            return act(shows, image)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # Broad on purpose: one that cannot leave must not keep the others from leaving.
        logger.exception("%r keeps picture %s, whose rights are over", shows, image.pk)
    return False


def _release_without(story: Story, image: AbstractImage) -> bool:
    from dateline.newsroom.release import release_changed

    note = _("The rights to the picture “%s” are over: released without it.") % image.title
    return release_changed(story.pk, lambda live: without(live, image), note=note)


def _save_without(page: StandingPage, image: AbstractImage) -> bool:
    """Saving a standing page releases it."""
    page.body = _body_without(page.body, image.pk)
    page.save()
    return True


def without(story: Story, image: AbstractImage) -> bool:
    """Take a picture out of a story, in memory; was it there?"""
    if image.pk not in _numbers(story):
        return False
    if story.picture_id == image.pk:
        story.picture = None
        story.picture_alt = story.picture_caption = story.picture_credit = ""
    story.body = _body_without(story.body, image.pk)
    return True


def _body_without(body: Any, number: int) -> Any:
    kept = [each for raw in body.raw_data if (each := _without(dict(raw), number))]
    return type(body)(body.stream_block, kept, is_lazy=True)


def _without(raw: dict[str, Any], number: int) -> dict[str, Any] | None:
    """A block as it is stored, without the picture; None if nothing is left of it."""
    if raw["type"] == "picture":
        return None if raw["value"].get("image") == number else raw
    if raw["type"] == "gallery":
        entries = raw["value"].get("pictures") or []
        kept = [each for each in entries if _image_in(each) != number]
        return {**raw, "value": {**raw["value"], "pictures": kept}} if kept else None
    return raw


def _image_in(entry: dict[str, Any]) -> Any:
    """The picture of a list's entry: with an id of its own since Wagtail 2.16, bare before."""
    value = entry.get("value", entry)
    return value.get("image") if isinstance(value, dict) else None
