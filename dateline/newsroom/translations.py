"""Translations: which version of its source each follows, and which are behind.

A translation begins as a copy of its source and notes the version it was begun from. Each release
of the source writes down, in the same transaction, which translations are now behind and since
when; a translation that is released as following the newest version is behind no more. What
readers are told of it they learn from the Items alone (`Item.source`).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline import items
from dateline.errors import DatelineError
from dateline.items import Item, Kind
from dateline.releases import log

if TYPE_CHECKING:
    from wagtail.models import Locale

    from dateline.newsroom.story import Story


class AlreadyTranslated(DatelineError):
    """The story is in that edition already; `number` is the translation's."""

    code = "already-translated"


class Severity(models.IntegerChoices):
    """How much it matters that a translation is behind: the worst since it last followed."""

    UPDATE = 1, gettext_lazy("updated")
    CORRECTION = 2, gettext_lazy("corrected")
    WITHHELD = 3, gettext_lazy("withheld")
    KILLED = 4, gettext_lazy("killed")


_SEVERITY = {
    Kind.CORRECTION: Severity.CORRECTION,
    Kind.WITHHOLD: Severity.WITHHELD,
    Kind.KILL: Severity.KILLED,
}


class Behind(models.Model):
    """A translation whose source went on. Beside the story, so that no save of a draft that was
    opened before can undo it."""

    translation = models.OneToOneField(
        "newsroom.Story", on_delete=models.CASCADE, related_name="behind"
    )
    source = models.ForeignKey("newsroom.Story", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(gettext_lazy("behind since"))
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-severity", "since"]
        verbose_name = gettext_lazy("translation behind its source")

    def __str__(self) -> str:
        return f"{self.translation_id} behind {self.source_id}"


def begin(source: Story, *, locale: Locale, by: Any) -> Story:
    """A draft of this story in another edition, following its newest released version.

    Raises AlreadyTranslated if the edition has it.
    """
    if other := source.get_translation_or_none(locale):
        raise _already(other)
    try:
        with transaction.atomic():
            story = source.copy_for_translation(locale)
            story.created_by = by
            story.save()
    except IntegrityError:
        # The button was pressed twice, or by two, in one instant.
        if other := source.get_translation_or_none(locale):
            raise _already(other) from None
        raise
    return story


def _already(other: Story) -> AlreadyTranslated:
    return AlreadyTranslated(
        _("This story is in that edition already. Open the translation instead."),
        number=other.pk,
    )


def follow(translation: Story, version: int) -> None:
    """From its next release on, the translation follows this version of its source.

    Nothing is saved. A version that was never released is refused with LookupError.
    """
    assert translation.translated_from is not None
    entry = log.find(translation.translated_from.guid, version)
    document = entry.document
    translation.follows_version = version
    translation.follows_at = document.released_at if isinstance(document, Item) else entry.at


def source_of(story: Story) -> items.Source | None:
    """What the story's Item says of its source: only of one that was released."""
    source = story.translated_from
    if source is None or not story.follows_version or story.follows_at is None:
        return None
    return items.Source(
        guid=source.guid,
        number=source.pk,
        version=story.follows_version,
        released_at=story.follows_at,
    )


def source_released(source: Story, *, kind: Kind, at: datetime, note: str = "") -> list[Behind]:
    """Note which translations of it are now behind. In the transaction that releases it."""
    others = type(source).objects.filter(translated_from=source, killed_at=None)
    following = others.filter(
        models.Q(follows_version__lt=source.version) | models.Q(follows_version=None)
    )
    return [
        _fall_behind(pk, source, severity=_SEVERITY.get(kind, Severity.UPDATE), at=at, note=note)
        for pk in following.values_list("pk", flat=True)
    ]


def _fall_behind(
    translation: int, source: Story, *, severity: Severity, at: datetime, note: str
) -> Behind:
    behind, created = Behind.objects.get_or_create(
        translation_id=translation,
        defaults={"source": source, "since": at, "severity": severity, "note": note},
    )
    if not created and severity >= behind.severity:
        behind.severity, behind.note = severity, note or behind.note
        behind.save(update_fields=["severity", "note"])
    return behind


def translation_released(story: Story) -> None:
    """It is behind no more if it follows the newest version of its source, or was killed. In the
    transaction that releases it; its source is read anew, as it may have gone on meanwhile."""
    if story.translated_from_id is None:
        return
    if story.killed_at:
        Behind.objects.filter(translation=story).delete()
        return
    newest = type(story).objects.filter(pk=story.translated_from_id).values_list("version").get()
    if (story.follows_version or 0) >= newest[0]:
        Behind.objects.filter(translation=story).delete()


def version_of(source: Story, version: int) -> Item | None:
    """A version of a story as it was released; None if it never was, or its body was struck."""
    try:
        document = log.find(source.guid, version).document
    except LookupError:
        return None
    return document if isinstance(document, Item) else None
