"""The hot list: stories picked by hand for a place on an edition's pages, in order, each for as
long as the editor says.

Saved is released. A pick whose time is over, or whose story readers no longer have, is taken off
by the scheduler, which releases the list without it. Whoever saves says what the list was when it
was opened; if it is another by now, nothing is changed and the person is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dateline.errors import DatelineError
from dateline.newsroom.documents import Edition, Pick, PickList
from dateline.newsroom.embargo import PUBLIC
from dateline.newsroom.story import Story

MOST_PICKS = 10
"""Readers see the first five of a list: the others move up as those before them go."""


class PicksChanged(DatelineError):
    """Somebody changed the list since it was opened; `by` and `at` say who and when."""

    code = "picks-changed"


class NotPickable(DatelineError):
    """These picks cannot be released: too many, over already, or a story that readers have not."""

    code = "not-pickable"


@dataclass(frozen=True, slots=True)
class Choice:
    """A story by its number, and until when it is picked; None: until somebody takes it off."""

    number: int
    until: datetime | None = None


def picks_of(edition: Edition, place: str) -> tuple[Choice, ...]:
    """The list as it is now."""
    rows = Pick.objects.filter(picks__edition=edition, picks__place=place).order_by("sort_order")
    return tuple(Choice(number, until) for number, until in rows.values_list("story", "expires_at"))


def state_of(choices: Iterable[Choice]) -> str:
    """A short text that is another for every other list: what was seen when it was opened."""
    parts = (f"{each.number}@{each.until.timestamp() if each.until else ''}" for each in choices)
    return sha256(" ".join(parts).encode()).hexdigest()[:16]


def save(
    edition: Edition, place: str, choices: Sequence[Choice], *, seen: str, by: Any = None
) -> None:
    """Release these picks in this order. `seen` is the state of the list as it was opened.

    Raises PicksChanged if it is another by now, and NotPickable; nothing is changed then.
    """
    with transaction.atomic():
        picks = _locked(edition, place)
        now = picks_of(edition, place)
        if state_of(now) != seen and now != tuple(choices):
            raise PicksChanged(
                _("%(name)s changed this list while you had it open. Both are shown: choose one.")
                % {"name": picks.changed_by or _("Somebody")},
                by=picks.changed_by,
                at=picks.changed_at,
            )
        _refuse_unpickable(edition, choices)
        _put(picks, choices, by=by.get_username() if by else "")


def take_off(now: datetime) -> int:
    """Release the lists that have picks whose time is over or whose story is gone, without them;
    return how many picks went. For the scheduler."""
    gone = Q(expires_at__lte=now) | Q(story__live=False) | Q(story__public_version=0)
    taken = 0
    for key in Pick.objects.filter(gone).order_by().values_list("picks", flat=True).distinct():
        with transaction.atomic():
            found = PickList.objects.select_related("edition").get(pk=key)
            picks = _locked(found.edition, found.place)
            rows = Pick.objects.filter(picks=picks).order_by("sort_order")
            kept = [
                Choice(number, until)
                for number, until in rows.exclude(gone).values_list("story", "expires_at")
            ]
            taken += rows.count() - len(kept)
            _put(picks, kept, by="")
    return taken


def pickable(edition: Edition) -> QuerySet[Story]:
    """Stories of an edition that readers have, without their texts."""
    return Story.objects.filter(PUBLIC, locale=edition.locale_id).defer("body")


def _locked(edition: Edition, place: str) -> PickList:
    """The list of a place, begun if there is none, locked until commit."""
    # By its edition: of two who begin a list at once there is no row yet to wait for.
    Edition.objects.select_for_update().get(pk=edition.pk)
    found = PickList.objects.filter(edition=edition, place=place).first()
    return found or PickList(edition=edition, place=place)


def _put(picks: PickList, choices: Sequence[Choice], *, by: str) -> None:
    picks.picks = [  # type: ignore[misc] # modelcluster's, which the stubs do not know
        Pick(story_id=each.number, expires_at=each.until, sort_order=order)
        for order, each in enumerate(choices)
    ]
    picks.changed_by, picks.changed_at = by, timezone.now()
    picks.save()


def _refuse_unpickable(edition: Edition, choices: Sequence[Choice]) -> None:
    if len(choices) > MOST_PICKS:
        raise NotPickable(
            _("At most %(most)s stories: take some off, then save.") % {"most": MOST_PICKS}
        )
    numbers = [each.number for each in choices]
    if len(set(numbers)) < len(numbers):
        raise NotPickable(_("A story is picked twice: take one of the two off, then save."))
    now = timezone.now()
    if any(each.until and each.until <= now for each in choices):
        raise NotPickable(_("A time is over already: give a later one or none, then save."))
    there = set(pickable(edition).filter(pk__in=numbers).values_list("pk", flat=True))
    if missing := [number for number in numbers if number not in there]:
        raise NotPickable(
            _("Readers do not have story %(number)s in this edition: take it off, then save.")
            % {"number": missing[0]},
            missing=missing,
        )
