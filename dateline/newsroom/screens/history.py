"""The versions of a story: who made each, when, and why.

A version is a revision of Wagtail's. What happened to it is read from Wagtail's history of the
story, and under which number it was released from the trail.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.log_actions import registry
from wagtail.models import Revision

from dateline.newsroom.claims import name_of
from dateline.newsroom.saving import KEPT_ACTION
from dateline.newsroom.screens.listing import short_time
from dateline.newsroom.story import Story
from dateline.newsroom.trail import Act, TrailEntry

MOST_OFFERED = 200
"""Versions that a list to choose from holds; older ones are in the story's history."""

RELEASES = (Act.RELEASE, Act.UPDATE, Act.CORRECTION, Act.RESTORE)


@dataclass(frozen=True, slots=True)
class Version:
    """`why` is in words, and empty for a plain save."""

    number: int
    at: datetime
    who: str
    why: str
    is_draft: bool
    is_live: bool


def versions(story: Story, *, with_numbers: Iterable[int] = ()) -> list[Version]:
    """The newest versions, and those of these numbers; the newest first. Their text is not read."""
    revisions = story.revisions.defer("content").select_related("user").order_by("-pk")
    found = {each.pk: each for each in revisions[:MOST_OFFERED]}
    if missing := set(with_numbers) - set(found):
        found |= {each.pk: each for each in revisions.filter(pk__in=missing)}
    reasons = _reasons(story, found)
    return [_version(story, each, reasons) for each in found.values()]


def _version(story: Story, revision: Revision, reasons: dict[int, list[str]]) -> Version:
    return Version(
        number=revision.pk,
        at=revision.created_at,
        who=name_of(revision.user),
        why="; ".join(dict.fromkeys(reasons[revision.pk])),
        is_draft=revision.pk == story.latest_revision_id,
        is_live=story.live and revision.pk == story.live_revision_id,
    )


def _reasons(story: Story, numbers: Iterable[int]) -> dict[int, list[str]]:
    entries = registry.get_logs_for_instance(story).filter(revision_id__in=list(numbers))
    releases = list(TrailEntry.objects.filter(story=story.pk, act__in=RELEASES).order_by("pk"))
    reasons: dict[int, list[str]] = defaultdict(list)
    for entry in entries.order_by("timestamp", "pk"):
        reasons[entry.revision_id] += filter(None, _reason(entry, story, releases))
    return reasons


def _reason(entry: Any, story: Story, releases: list[TrailEntry]) -> Iterator[str]:
    data = entry.data or {}
    match entry.action:
        case "wagtail.create":
            yield _("begun")
        case "wagtail.revert":
            yield _("the version of %(time)s again") % {"time": _moment(data)}
        case "wagtail.publish":
            yield _released(entry, story, releases)
        case "wagtail.publish.schedule":
            yield _("scheduled")
        case "wagtail.workflow.start":
            yield _("sent to the desk")
        case "wagtail.workflow.approve":
            yield _("approved")
        case "wagtail.workflow.reject":
            yield _("changes asked for")
        case action if action == KEPT_ACTION:
            yield _("kept beside the draft")
    yield str(data.get("comment") or "")


def _released(entry: Any, story: Story, releases: list[TrailEntry]) -> str:
    """The trail's row of a release is written right after Wagtail's, in the same transaction."""
    row = next((each for each in releases if each.at >= entry.timestamp), None)
    if row is None:
        return _("released")
    said = _("released as version %(version)s") % {"version": row.note.removeprefix("version ")}
    if row.act != Act.CORRECTION:
        return said
    notes = [each["note"] for each in story.corrections if _is_before(each["at"], row.at)]
    return ": ".join([said, *notes[-1:]])


def _is_before(moment: str, other: datetime) -> bool:
    return datetime.fromisoformat(moment) <= other


def _moment(data: dict[str, Any]) -> str:
    moment = parse_datetime(str(data.get("revision", {}).get("created", "")))
    return short_time(moment, now=timezone.now()) if moment else ""
