"""Claims: who has a story open to write in, and what they typed that is not saved yet.

Opening a story claims it. A claim is between people: it says whose the next save is, and never
stops a release by the scheduler or by code. It lapses when its holder's window has not been heard
for `HOLD`, so nobody waits for somebody who left.

Every rule locks the story's one row of this table first, and whatever it saves is saved in the
same transaction. So a take-over and the holder's own save come one after the other: either the
save is in what the taker gets, or it is refused and its text is kept beside.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.errors import DatelineError
from dateline.newsroom import trail
from dateline.newsroom.trail import Act

if TYPE_CHECKING:
    from wagtail.models import Revision

    from dateline.newsroom.story import Story

HOLD = timedelta(seconds=90)
"""After this long without a word from its window a claim has lapsed. A browser wakes a window in
the background only once a minute, so it must be longer than that."""

MOST_UNSAVED = 2_000_000
"""Characters of unsaved text that a window may send; a long story is a tenth of it."""


class AnothersClaim(DatelineError):
    """Somebody else has the story; `holder` is their name."""

    code = "anothers-claim"


class NotYourClaim(DatelineError):
    """Only who holds a claim can hand it over or keep it."""

    code = "not-your-claim"


class Claim(models.Model):
    """One row a story that was ever opened; `user` is empty while nobody has it."""

    story = models.OneToOneField("newsroom.Story", on_delete=models.CASCADE, related_name="claim")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    # The window that it was opened in last: only that one lets it go when it is closed.
    held_in = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # The form as the holder's window sent it last, if that is not saved; for the next reader of it.
    unsaved = models.TextField(blank=True)
    unsaved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    unsaved_at = models.DateTimeField(null=True)
    # A revision that some form was opened on. It is not written over, so that what both sides of
    # two saves began with can still be looked up.
    pinned = models.BigIntegerField(null=True)
    # Which window made the newest revision: a window does not conflict with itself.
    window = models.CharField(max_length=40, blank=True)
    window_revision = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = gettext_lazy("claim")
        verbose_name_plural = gettext_lazy("claims")

    def __str__(self) -> str:
        return f"{self.story_id}: {self.user or '–'}"

    def holder(self) -> Any:
        """Who has the story; None if nobody, or nobody who was heard of lately."""
        return self.user if self._is_held() else None

    def is_anothers(self, user: Any) -> bool:
        return self._is_held() and not self.is_of(user)

    def is_of(self, user: Any) -> bool:
        """Is it this person's, lapsed or not?"""
        return bool(self.user_id == user.pk)

    def _is_held(self) -> bool:
        if self.user_id is None or self.seen_at is None:
            return False
        return bool(self.seen_at >= timezone.now() - HOLD)


Keep = Callable[[Claim], "Revision | None"]
"""Makes a revision of a claim's unsaved text, or None if there is nothing new in it."""


@transaction.atomic
def open_story(
    story: Story, *, by: Any, keep: Keep, window: str = ""
) -> tuple[Claim, Revision | None]:
    """Claim the story for whoever opens it, unless another has it. Returns the claim as it is.

    What a holder who was not heard of again had not saved is kept as a revision of theirs, which is
    returned too: the draft is then another one.
    """
    claim = locked(story)
    kept = None
    if not claim.is_anothers(by):
        if not claim.is_of(by):
            kept = _give(claim, to=by, keep=keep)
        claim.seen_at, claim.held_in = timezone.now(), window[:40]
    # What the form is opened on, as the caller read it.
    claim.pinned = _newest(story) if kept else story.latest_revision_id
    claim.save()
    return claim, kept


@transaction.atomic
def renew(
    story: Story, *, by: Any, unsaved: str | None = None, keep: Keep
) -> tuple[Claim, Revision | None]:
    """The window of `by` is still open, with this text in it (None: as it was).

    A lapsed claim is theirs again if nobody took the story meanwhile.
    """
    claim = locked(story)
    if claim.is_anothers(by):
        return claim, None
    kept = None if claim.is_of(by) else _give(claim, to=by, keep=keep)
    claim.seen_at = timezone.now()
    if unsaved is not None:
        claim.unsaved = unsaved[:MOST_UNSAVED]
        claim.unsaved_by = by if unsaved else None
        claim.unsaved_at = claim.seen_at
    claim.save()
    return claim, kept


@transaction.atomic
def ask(story: Story, *, by: Any) -> Claim:
    """Ask the holder for the story. The newest asker is the one they see."""
    claim = locked(story)
    if claim.is_anothers(by):
        claim.asked_by = by
        claim.save()
    return claim


@transaction.atomic
def keep_it(story: Story, *, by: Any) -> Claim:
    """The holder goes on: whoever asked sees that nobody asks any more."""
    claim = _mine(story, by)
    claim.asked_by = None
    claim.save()
    return claim


@transaction.atomic
def hand_over(story: Story, *, by: Any, keep: Keep) -> Revision | None:
    """Give the story to whoever asked for it, with what was not saved as a revision."""
    claim = _mine(story, by)
    if claim.asked_by is None:
        return None
    kept = _give(claim, to=claim.asked_by, keep=keep)
    # Theirs from now on, and lapsed if their window is not there to be heard.
    claim.seen_at = timezone.now()
    claim.save()
    return kept


@transaction.atomic
def take_over(story: Story, *, by: Any, keep: Keep) -> Revision | None:
    """Take the story from whoever has it. Their unsaved text becomes a revision of theirs, in the
    same step, and is returned; None if all of it was saved."""
    claim = locked(story)
    if claim.is_of(by):
        return None
    holder = claim.holder()
    kept = _give(claim, to=by, keep=keep)
    claim.seen_at = timezone.now()
    claim.save()
    if holder:
        trail.record(Act.TAKE_OVER, by=by, story=story, note=f"from {holder.get_username()}")
    return kept


@transaction.atomic
def let_go(story: Story, *, by: Any, window: str = "") -> None:
    """The holder's window was closed. Unsaved text stays with the row until somebody opens the
    story. A window that was closed in favour of another of the same person lets nothing go."""
    claim = locked(story)
    if claim.is_of(by) and window[:40] in ("", claim.held_in):
        claim.user = claim.since = claim.seen_at = claim.asked_by = None
        claim.save()


def guard(story: Story, *, by: Any) -> Claim:
    """Before a save by a person, in its transaction: the claim, locked to the transaction's end.

    Raises AnothersClaim if it is somebody else's.
    """
    claim = locked(story)
    if claim.is_anothers(by):
        raise AnothersClaim(
            _("%(holder)s has this story now, so this was not saved over their text.")
            % {"holder": name_of(claim.user)},
            holder=name_of(claim.user),
        )
    return claim


def saved(claim: Claim, *, by: Any, window: str, revision: Revision) -> None:
    """After that save: nothing of theirs is unsaved, and this window made the newest revision."""
    claim.window, claim.window_revision = window[:40], revision.pk
    if claim.unsaved_by in (None, by):
        claim.unsaved, claim.unsaved_by, claim.unsaved_at = "", None, timezone.now()
    claim.save()


def is_locked(story: Story, user: Any) -> bool:
    """In review, locked by an editor, or scheduled: its text stays as it is for this person."""
    lock = story.get_lock()
    return lock is not None and (user is None or bool(lock.for_user(user)))


def of(story: Story) -> Claim | None:
    """The claim as it stands, without a lock; None if the story was never opened."""
    return Claim.objects.select_related("user", "asked_by").filter(story=story.pk).first()


def locked(story: Story) -> Claim:
    """The story's row of this table, made if need be and locked to the end of the transaction.

    Alone, without the rows it points at: after a wait for the lock PostgreSQL would join the row as
    it is now with what stood beside it before, and whoever just took the story over was nobody.
    """
    rows = Claim.objects.select_for_update().filter(story_id=story.pk)
    claim = rows.first()
    if claim is None:
        Claim.objects.get_or_create(story_id=story.pk)
        claim = rows.get()
    return claim


def name_of(user: Any) -> str:
    return str(user.get_full_name() or user.get_username()) if user else ""


def _mine(story: Story, by: Any) -> Claim:
    claim = locked(story)
    if not claim.is_of(by):
        raise NotYourClaim(
            _("This story is not with you any more, so there is nothing to hand over or keep.")
        )
    return claim


def _give(claim: Claim, *, to: Any, keep: Keep) -> Revision | None:
    """To another person. What the one before had not saved is kept first."""
    kept = keep(claim) if claim.unsaved and claim.unsaved_by != to else None
    if claim.unsaved_by != to:
        claim.unsaved, claim.unsaved_by, claim.unsaved_at = "", None, timezone.now()
    claim.user, claim.since, claim.asked_by = to, timezone.now(), None
    claim.pinned = _newest(claim.story)
    return kept


def _newest(story: Story) -> int | None:
    return type(story).objects.values_list("latest_revision_id", flat=True).get(pk=story.pk)
