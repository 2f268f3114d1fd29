"""Embargo and clients-first: clients have a story now, readers have it later.

A release that is held goes to the log for clients alone. When its time comes, or somebody lifts it
before, the very document that clients have goes to the log once more, for the public: what differs
is its times, which are those at which readers got it, its embargo, which is over, and corrections
of what readers never saw. Until then no row for the public exists, so nothing that is made from
the public archive can know of the story (DESIGN, rule 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.errors import DatelineError
from dateline.items import FLASH, Audience, Item, Kind
from dateline.newsroom import held, trail
from dateline.newsroom.clock import agency_time
from dateline.newsroom.trail import Act
from dateline.releases import log

if TYPE_CHECKING:
    from dateline.newsroom.story import Story


class NotEmbargoed(DatelineError):
    """Readers have this story already, or nobody has: there is nothing to lift."""

    code = "not-embargoed"


class Why(models.TextChoices):
    """Why readers do not have what clients have."""

    EMBARGO = "embargo", gettext_lazy("under embargo")
    CLIENTS_FIRST = "clients-first", gettext_lazy("clients first")


@dataclass(frozen=True, slots=True)
class Hold:
    """Until when readers do not get a release, and why."""

    until: datetime
    why: Why


PUBLIC = models.Q(live=True) & (
    models.Q(public_version=None) | models.Q(public_version__gt=0)
)
"""Stories of which readers have some version."""

UNSEEN = models.Q(live=True, public_version=0)
"""Stories that clients have and readers do not know of."""

def is_public(story: Story) -> bool:
    """Do readers have some version of it?"""
    return story.live and story.public_version != 0


def audience_of(story: Story) -> Audience:
    """Who must hear that it is taken down: readers never hear of what they never had."""
    return Audience.CLIENTS if story.public_version == 0 else Audience.PUBLIC


def next_hold(story: Story, *, kind: Kind, at: datetime) -> Hold | None:
    """What its next release, of this kind at this time, is held by; None if readers get it too.

    A correction of what readers have is not delayed for clients' sake, and an update of what
    clients alone have does not prolong the delay. A flash is delayed only where its section says
    so. An embargo holds all of them.
    """
    now = max(at, timezone.now())
    if story.embargo_until and story.embargo_until > now and not _was_lifted(story):
        return Hold(story.embargo_until, Why.EMBARGO)
    if story.public_version == 0 and story.held_why == Why.CLIENTS_FIRST:
        until = story.held_until
        return Hold(until, Why.CLIENTS_FIRST) if until and until > now else None
    if kind in (Kind.NEW, Kind.UPDATE):
        until = at + timedelta(minutes=delay_min(story))
        return Hold(until, Why.CLIENTS_FIRST) if until > now else None
    return None


def hold_of(story: Story, *, at: datetime) -> Hold | None:
    """What its newest release is held by still."""
    if story.held_until is None or story.held_until <= at:
        return None
    return Hold(story.held_until, Why(story.held_why or Why.EMBARGO))


def delay_min(story: Story) -> int:
    """By how many minutes clients are first: the story's own, or else its section's."""
    if story.clients_first_minutes is not None:
        return story.clients_first_minutes
    section = story.section
    if section is None or (story.urgency == FLASH and not section.clients_first_flashes):
        return 0
    return section.clients_first_minutes


def take(story: Story, hold: Hold | None, *, at: datetime) -> None:
    """Put the hold of the release at hand on the story, before its version grows."""
    if hold is None:
        if story.public_version == 0:
            story.first_published_at = at
        end(story)
        story.public_version = None
        return
    if story.public_version is None:
        story.public_version = story.version
    story.held_until, story.held_why = hold.until, hold.why


def end(story: Story) -> None:
    """Nothing of it is held any more: released to readers, or taken down."""
    story.held_until = story.held_why = None


def due(now: datetime) -> models.QuerySet[Story]:
    """Stories whose time for readers has come, without their texts, in the order of their times."""
    from dateline.newsroom.story import Story

    held_now = Story.objects.filter(held_until__lte=now, live=True)
    return held_now.order_by("held_until", "pk").defer("body", "search_text")


def lift(story: Story, *, by: Any = None) -> Story:
    """Release to readers what clients have; return the story as it then is.

    One row, or no change. Raises NotEmbargoed if nothing of it is held.
    """
    with transaction.atomic():
        locked = type(story).objects.select_for_update().get(pk=story.pk)
        _lift(locked, by=by)
    return type(story).objects.get(pk=story.pk)


def _lift(story: Story, *, by: Any) -> None:
    from dateline.newsroom.release import changing_release, moment_of, username

    item = _held_item(story)
    # Of the version that is locked: the one that was read may have had other pictures.
    held.show(item)
    at = moment_of(None, after=story.last_published_at)
    never_seen = story.public_version == 0
    early = story.held_until is not None and story.held_until > at
    with changing_release(story):
        if never_seen:
            story.first_published_at, story.corrections = at, []
        story.last_published_at = at
        story.embargo_lifted = story.held_until if early else None
        story.public_version = None
        end(story)
        story.save(update_fields=CHANGED_BY_LIFT)
        public = msgspec.structs.replace(
            item,
            first_released_at=story.first_published_at,
            released_at=at,
            embargoed_until=None,
            corrections=() if never_seen else item.corrections,
        )
        trail.record(Act.LIFT, by=by, story=story, note=f"version {item.version}")
        kind = Kind.NEW if never_seen else Kind.UPDATE
        log.append(public, kind=kind, audience=Audience.PUBLIC, by=username(by))


CHANGED_BY_LIFT = [
    "first_published_at",
    "last_published_at",
    "corrections",
    "embargo_lifted",
    "public_version",
    "held_until",
    "held_why",
]
"""What a lift changes. It adds no version, so who read the story before cannot tell by that."""


def _held_item(story: Story) -> Item:
    """What clients have of it, from the log."""
    if not (story.live and story.held_until):
        raise NotEmbargoed(_("Readers get this story with its releases: nothing of it is held."))
    document = log.find(story.guid, story.version).document
    if not isinstance(document, Item):
        raise NotEmbargoed(
            _("The text of this version was struck from the record. Kill the story.")
        )
    return document


def faults(story: Story) -> Iterator[str]:
    """What is wrong with when readers would get its next release, in sentences."""
    at = max(timezone.now(), story.go_live_at or timezone.now())
    hold = next_hold(story, kind=Kind.UPDATE if story.version else Kind.NEW, at=at)
    if (
        story.held_why == Why.EMBARGO
        and story.held_until
        and story.held_until > at
        and (hold is None or hold.why is not Why.EMBARGO)
    ):
        yield _(
            "Clients have it under embargo until %(time)s: put that time or another one back. To "
            "let readers have it now, lift the embargo."
        ) % {"time": agency_time(story.held_until)}
    until = hold.until if hold else at
    source, former = story.translated_from, story.evolved_from
    if source is not None and _has_unseen(source, version=story.follows_version or 0):
        yield from _earlier_than(source, until)
    if former is not None and _has_unseen(former):
        yield from _earlier_than(former, until)


def _has_unseen(story: Story, *, version: int = 0) -> bool:
    """Do readers not know of it, or not have this version of it yet?"""
    if not story.live or story.public_version is None:
        return False
    return story.public_version == 0 or version > story.public_version


def _earlier_than(other: Story, until: datetime) -> Iterator[str]:
    """What comes from a text that readers do not have must wait with it."""
    if other.held_until and until < other.held_until:
        yield _(
            "It comes from “%(story)s”, which readers get at %(time)s: put it under an embargo "
            "until then, or later."
        ) % {"story": other, "time": agency_time(other.held_until)}


def _was_lifted(story: Story) -> bool:
    """Somebody lifted this very embargo; a later draft still carries its time."""
    lifted, until = story.embargo_lifted, story.embargo_until
    # A revision keeps milliseconds, a column microseconds.
    return lifted is not None and until is not None and abs(until - lifted) < timedelta(seconds=1)
