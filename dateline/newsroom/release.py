"""Releasing and killing: the story and its row in the log change together, or not at all.

Every route ends here, because `Story.publish()` and `Story.unpublish()` do: the editor's button,
a workflow's last approval, the scheduler, the bulk screens, and code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import Revision

from dateline.errors import DatelineError
from dateline.items import Audience, Item, Kind, Status
from dateline.newsroom import embargo, pictures, rights, trail, translations
from dateline.newsroom.clock import plain_time
from dateline.newsroom.embargo import Hold, Why
from dateline.newsroom.itemise import itemise
from dateline.newsroom.trail import Act
from dateline.releases import log

if TYPE_CHECKING:
    from dateline.newsroom.story import Story


class NotReleasable(DatelineError):
    """The story lacks something that a released story must have; `faults` lists what."""

    code = "not-releasable"


class StoryKilled(DatelineError):
    """A killed story stays killed."""

    code = "story-killed"


class NewerVersion(DatelineError):
    """Somebody released a version that the person at the form has not seen."""

    code = "newer-version"


class BadTime(DatelineError):
    """A story cannot be released under this time."""

    code = "bad-time"


def release(story: Story, *, by: Any = None, at: datetime | None = None) -> Story:
    """Release a story as it stands in memory, and return it as it then is in the database.

    For code: makes a revision and publishes it. `at` is a time of the past to release it under.
    Raises as `Story.publish()` does.
    """
    with transaction.atomic():
        if story.pk is None:
            story.save()
        revision = story.save_revision(user=by)
        story.publish(revision, user=by, skip_permission_checks=True, released_at=at)
    return type(story).objects.get(pk=story.pk)


def kill(story: Story, *, reason: str, by: Any = None, at: datetime | None = None) -> Story:
    """Kill a released story, telling readers and clients why; return it as it then is."""
    story.unpublish(user=by, reason=reason, killed_at=at)
    return type(story).objects.get(pk=story.pk)


class ReleaseAction(PublishRevisionAction):
    """Wagtail's publishing of a revision, with its row in the log."""

    def __init__(self, revision: Any, released_at: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(revision, **kwargs)
        self.released_at = released_at

    def _publish_revision(self, revision: Any, object: Story, **kwargs: Any) -> None:
        story = object
        # Before scheduling too: better told now than found missing at the hour.
        refuse_unreleasable(story)
        if story.go_live_at and story.go_live_at > timezone.now():
            with transaction.atomic():
                self._schedule(revision, story, **kwargs)
            return
        make_picture_files(story)
        with transaction.atomic(), changing_release(story):
            as_it_is_now(story)
            self._release(revision, story, **kwargs)

    def _schedule(self, revision: Any, story: Story, **kwargs: Any) -> None:
        if story.live and story.live_revision_id is None:
            # A story that came in complete is live without a revision, which Wagtail would take
            # for one that is not out yet. This stands for what readers have.
            story.live_revision = story.revisions.exclude(pk=revision.pk).last() or revision
            with changing_release(story):
                story.save(update_fields=["live_revision"])
        super()._publish_revision(revision, story, **kwargs)
        when = plain_time(story.go_live_at) if story.go_live_at else ""
        trail.record(Act.SCHEDULE, by=self.user, story=story, note=when)

    def _release(self, revision: Any, story: Story, **kwargs: Any) -> None:
        released_at = moment_of(self.released_at, after=story.last_published_at)
        kind = Kind.RESTORE if story.withheld_at else _kind_of(story)
        hold = embargo.next_hold(story, kind=kind, at=released_at)
        _take_correction(story, released_at)
        end_withholding(story)
        embargo.take(story, hold, at=released_at)
        story.version += 1
        super()._publish_revision(revision, story, **kwargs)
        story.last_published_at = released_at
        if kind is Kind.NEW:
            story.first_published_at = released_at
        story.save(update_fields=["last_published_at", "first_published_at"])
        note = story.corrections[-1]["note"] if kind is Kind.CORRECTION else ""
        tell_translations(story, kind=kind, at=released_at, note=note)
        held = f", for clients until {plain_time(hold.until)}" if hold else ""
        note_of_it = f"version {story.version}{held}"
        trail.record(_ACTS[kind], by=self.user, story=story, note=note_of_it)
        _append(story, kind, hold, by=username(self.user))


def release_changed(number: int, change: Callable[[Story], bool], *, note: str) -> bool:
    """Release what readers have once more, changed, as an update; was there anything to change?

    For what cannot wait for an editor, in the caller's transaction. `change` acts on the story in
    memory and says whether it did. A draft that somebody began stays as it is, and newer. What
    clients alone have stays theirs until its time; no delay for clients' sake holds this back.
    """
    from dateline.newsroom.story import Story

    story = Story.objects.select_for_update().filter(pk=number, live=True).first()
    if story is None or not change(story):
        return False
    with changing_release(story):
        at = moment_of(None, after=story.last_published_at)
        hold = embargo.hold_of(story, at=at)
        embargo.take(story, hold, at=at)
        story.version += 1
        story.last_published_at = at
        _revise(story, at)
        story.save()
        tell_translations(story, kind=Kind.UPDATE, at=at, note=note)
        trail.record(Act.UPDATE, story=story, note=note)
        _append(story, Kind.UPDATE, hold, by="")
    return True


def _revise(story: Story, at: datetime) -> None:
    """Keep what readers have as a revision: the newest, or older than a draft that is newer."""
    draft = story.latest_revision if story.has_unpublished_changes else None
    story.live_revision = Revision.objects.create(
        content_object=story,
        base_content_type=story.get_base_content_type(),
        content=story.serializable_data(),
        object_str=str(story),
        created_at=draft.created_at - timedelta(milliseconds=1) if draft else at,
    )
    story.latest_revision = draft or story.live_revision


def _append(story: Story, kind: Kind, hold: Hold | None, *, by: str) -> None:
    """Add the row of a story that was just released, for those who get it now."""
    assert story.first_published_at is not None
    assert story.last_published_at is not None
    item = itemise(
        story,
        version=story.version,
        first_released_at=story.first_published_at,
        released_at=story.last_published_at,
        embargoed_until=hold.until if hold and hold.why is Why.EMBARGO else None,
        pictured=pictures.held if hold else pictures.published,
    )
    audience = Audience.CLIENTS if hold else Audience.PUBLIC
    log.append(item, kind=kind, audience=audience, by=by)


_ACTS = {
    Kind.NEW: Act.RELEASE,
    Kind.UPDATE: Act.UPDATE,
    Kind.CORRECTION: Act.CORRECTION,
    Kind.RESTORE: Act.RESTORE,
}


class KillAction(UnpublishAction):
    """Wagtail's unpublishing, with its row in the log: a kill."""

    def __init__(
        self, story: Story, *, reason: str = "", killed_at: datetime | None = None, **kwargs: Any
    ) -> None:
        super().__init__(story, **kwargs)
        self.reason = reason.strip()
        self.killed_at = killed_at

    def _unpublish_object(self, object: Story, *args: Any, **kwargs: Any) -> None:
        story = object
        if not story.live and not story.withheld_at:
            return
        with transaction.atomic(), changing_release(story):
            as_it_is_now(story)
            killed_at = moment_of(self.killed_at, after=story.last_published_at)
            last = last_released(story)
            story.version += 1
            story.killed_at = killed_at
            story.kill_reason = self.reason
            end_withholding(story)
            embargo.end(story)
            # Wagtail leaves a story alone that is not live; a withheld one is to be killed too.
            story.live = True
            super()._unpublish_object(story, *args, **kwargs)
            if review := story.current_workflow_state:
                review.cancel(user=self.user)
            tell_translations(story, kind=Kind.KILL, at=killed_at, note=self.reason)
            trail.record(Act.KILL, by=self.user, story=story, note=self.reason)
            item = msgspec.structs.replace(
                taken_down(last, version=story.version, at=killed_at),
                status=Status.CANCELED,
                kill_reason=story.kill_reason,
            )
            audience = embargo.audience_of(story)
            log.append(item, kind=Kind.KILL, audience=audience, by=username(self.user))


def tell_translations(story: Story, *, kind: Kind, at: datetime, note: str) -> None:
    """Its translations are now behind it; and is it behind its own source? In the transaction."""
    translations.source_released(story, kind=kind, at=at, note=note)
    translations.translation_released(story)


def moment_of(given: datetime | None, *, after: datetime | None) -> datetime:
    """The time of a release: now, or a given one that is neither to come nor before the last."""
    now = timezone.now()
    at = given or now
    if at > now:
        raise BadTime(_("A story is released now or under a past time; schedule it instead."))
    if after and at < after:
        raise BadTime(_("This version would be older than the one it replaces."))
    return at.astimezone(UTC)


def as_it_is_now(story: Story) -> None:
    """Lock the story to the end of the transaction, and take what a lift changed since it was read.

    Else a kill at the very time of an embargo would be told to clients alone, and readers would
    keep what they were shown a moment ago.
    """
    rows = type(story).objects.select_for_update().filter(pk=story.pk, version=story.version)
    for name, value in (rows.values(*embargo.CHANGED_BY_LIFT).first() or {}).items():
        setattr(story, name, value)


def refuse_unseen(story: Story, *, seen: int) -> None:
    """Raise NewerVersion if the story has a later version than the one that was seen.

    Locks the story: asked inside the transaction that releases, the answer holds to its end.
    """
    stored = type(story).objects.select_for_update().filter(pk=story.pk)
    version = stored.values_list("version", flat=True).get()
    if version > seen:
        raise NewerVersion(
            _(
                "Not released: while this form was open, version %(version)s left or was taken "
                "down. Look at what readers have now, then release again."
            )
            % {"version": version},
            version=version,
        )


def refuse_unreleasable(story: Story) -> None:
    """Raise StoryKilled or NotReleasable, saying everything that is missing at once."""
    if story.killed_at:
        raise StoryKilled(
            _("This story was killed, so it cannot be released again. Write a new one.")
        )
    faults = list(_faults(story))
    if faults:
        raise NotReleasable(_("Not released: ") + " ".join(faults), faults=faults)


def _faults(story: Story) -> Iterator[str]:
    if not story.headline.strip():
        yield _("The headline is missing.")
    if story.section is None:
        yield _("The section is missing.")
    elif story.section.edition.locale_id != story.locale_id:
        yield _("The section belongs to another edition.")
    if not story.body:
        yield _("The text is missing.")
    yield from rights.faults(story)
    if len(story.headline) > story._meta.get_field("headline").max_length:
        yield _("The headline is too long.")
    yield from embargo.faults(story)


def _kind_of(story: Story) -> Kind:
    """What kind of release the next one is: with a new note, a correction."""
    if story.version == 0:
        return Kind.NEW
    return Kind.CORRECTION if new_note(story) else Kind.UPDATE


def new_note(story: Story) -> str:
    """The correction's note on one line; empty if there is none, or readers have that very one."""
    note = " ".join(story.correction_note.split())
    return "" if note in (each["note"] for each in story.corrections) else note


def _take_correction(story: Story, at: datetime) -> None:
    """A new note moves to the story's corrections, if readers have the story."""
    note = new_note(story) if story.version else ""
    story.correction_note = ""
    if note:
        story.corrections = [*story.corrections, {"at": at.isoformat(), "note": note}]


def end_withholding(story: Story) -> None:
    """It is withheld no longer: released again, or killed."""
    story.withheld_at = story.withhold_reason = story.withheld_revision = None


def last_released(story: Story) -> Story:
    """The story as it was last released, whatever was drafted since.

    While it is live its row is what readers have; of a withheld one the row is the newest draft.
    """
    if story.withheld_revision is None:
        return story
    released: Story = story.withheld_revision.as_object()
    return released


def taken_down(story: Story, *, version: int, at: datetime) -> Item:
    """What remains of a story that is taken down: its names, and its headline for clients.

    While clients have a newer version than readers, those are of the version that all have: some
    who hear of this must not know of the other.
    """
    item = _held_by_all(story) or itemise(
        story,
        version=version,
        first_released_at=story.first_published_at or at,
        released_at=at,
        # Nothing of them remains, and a take-down must not depend on a file that may be lost.
        pictured=lambda _image: (),
    )
    return msgspec.structs.replace(
        item,
        version=version,
        released_at=at,
        summary="",
        body=(),
        picture=None,
        corrections=(),
        embargoed_until=None,
    )


def _held_by_all(story: Story) -> Item | None:
    """The version that readers have, if clients have a newer one."""
    if not story.public_version:
        return None
    document = log.find(story.guid, story.public_version).document
    return document if isinstance(document, Item) else None


@contextmanager
def changing_release(story: Story) -> Iterator[None]:
    """While this lasts, the story may change what was released; on failure it is as it was."""
    before = {name: getattr(story, name) for name in _RELEASE_FIELDS}
    story.releasing = True
    try:
        yield
    except BaseException:
        for name, value in before.items():
            setattr(story, name, value)
        raise
    finally:
        story.releasing = False


_RELEASE_FIELDS = (
    "live",
    "live_revision",
    "has_unpublished_changes",
    "version",
    "corrections",
    "correction_note",
    "killed_at",
    "kill_reason",
    "withheld_at",
    "withhold_reason",
    "withheld_revision",
    "first_published_at",
    "last_published_at",
    "held_until",
    "held_why",
    "public_version",
    "embargo_lifted",
)


def make_picture_files(story: Story) -> None:
    """Before the transaction: resizing takes longer than the log's head should be held."""
    for shown in rights.shown_in(story):
        pictures.make(shown.image)


def username(user: Any) -> str:
    return user.get_username() if user is not None and user.is_authenticated else ""
