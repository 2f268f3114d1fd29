"""Preview links: a draft shown to somebody outside, for a while, with a record of who looked.

The address carries the link's number and a signature, so that nobody finds one by trying. It shows
the newest draft, ends at its time, when it is taken back or when the story is killed, and each
opening is written down.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.errors import DatelineError
from dateline.newsroom import trail
from dateline.newsroom.clock import plain_time
from dateline.newsroom.trail import Act

if TYPE_CHECKING:
    from dateline.newsroom.story import Story

HOURS = (1, 8, 24, 72, 168)
"""How long a link may last, in hours; the first choice is the shortest."""

KEPT_OPENINGS = 1_000
"""Openings of one link that are written down; later ones are only counted."""


class NoSuchLink(DatelineError):
    """The address is no link of ours, or it is over; which of the two is told to nobody."""

    code = "no-such-link"


class PreviewLink(models.Model):
    """Somebody outside may see the newest draft of a story until a time."""

    story = models.ForeignKey(
        "newsroom.Story", on_delete=models.CASCADE, related_name="preview_links"
    )
    whom = models.CharField(gettext_lazy("for whom"), max_length=120)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        verbose_name = gettext_lazy("preview link")

    def __str__(self) -> str:
        return f"{self.whom} ({self.story_id})"

    @property
    def open(self) -> bool:
        """May it be opened now?"""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def token(self) -> str:
        """What stands in its address."""
        return _signer().sign(str(self.pk))


class PreviewOpening(models.Model):
    """Somebody opened a link: when, from where, with which program."""

    link = models.ForeignKey(PreviewLink, on_delete=models.CASCADE, related_name="openings")
    at = models.DateTimeField(default=timezone.now)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        verbose_name = gettext_lazy("opening of a preview link")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.address}"


def make(story: Story, *, whom: str, hours: int, by: Any) -> PreviewLink:
    """A link to the newest draft for this many hours (at most a week). `whom` says for whom."""
    if not 0 < hours <= HOURS[-1]:
        raise ValueError(f"A preview link lasts 1 to {HOURS[-1]} hours")
    with transaction.atomic():
        link = PreviewLink.objects.create(
            story=story,
            whom=" ".join(whom.split())[:120],
            made_by=by.get_username(),
            expires_at=timezone.now() + timedelta(hours=hours),
        )
        trail.record(Act.PREVIEW_LINK, by=by, story=story, note=_told(link))
    return link


def revoke(link: PreviewLink, *, by: Any) -> None:
    """The link shows nothing from now on."""
    with transaction.atomic():
        ended = PreviewLink.objects.filter(pk=link.pk, revoked_at=None)
        if ended.update(revoked_at=timezone.now()):
            note = _("taken back: %(link)s") % {"link": _told(link)}
            trail.record(Act.PREVIEW_LINK, by=by, story=link.story, note=note)


def find(token: str) -> PreviewLink:
    """The link of this token, if it may be opened now. Raises NoSuchLink else."""
    try:
        number = int(_signer().unsign(token))
    except (BadSignature, ValueError):
        raise NoSuchLink(str(_OVER)) from None
    link = PreviewLink.objects.select_related("story__locale").filter(pk=number).first()
    if link is None or not link.open or link.story.killed_at:
        raise NoSuchLink(str(_OVER))
    return link


def opened(link: PreviewLink, *, address: str, agent: str) -> None:
    """Write down that somebody looks at it now."""
    PreviewLink.objects.filter(pk=link.pk).update(opened=models.F("opened") + 1)
    if link.opened < KEPT_OPENINGS:
        PreviewOpening.objects.create(link=link, address=address[:45], agent=agent[:200])


def links_of(story: Story) -> list[PreviewLink]:
    """Every link there ever was to the story, the newest first, with its openings."""
    return list(story.preview_links.prefetch_related("openings"))


_OVER = gettext_lazy("This preview is over. Ask the newsroom for a new link.")


def _told(link: PreviewLink) -> str:
    until: datetime = link.expires_at
    return f"{link.whom}, until {plain_time(until)}"


def _signer() -> Signer:
    return Signer(salt="newsroom.preview")
