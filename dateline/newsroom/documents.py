"""What shapes the site beside stories: editions, sections, topics, standing pages and picks.

Saving one releases it: the change and its row in the log are one transaction. There is no draft
of these, because a rubric that half exists helps nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import IntegrityError, models, transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models import Locale, Orderable

from dateline import items
from dateline.addresses import RESERVED, slug_of
from dateline.errors import DatelineError
from dateline.items import Kind
from dateline.newsroom import rights, trail
from dateline.newsroom.blocks import BodyBlock
from dateline.newsroom.bodies import blocks_of
from dateline.newsroom.trail import Act
from dateline.releases import log

if TYPE_CHECKING:
    from dateline.newsroom.story import Story

class FormerAddress(DatelineError):
    """The address of a topic that was renamed or merged cannot be deleted."""

    code = "former-address"


LONGEST_DELAY_MIN = 7 * 24 * 60
"""Minutes that clients may be first by: a week. What must wait longer is an embargo."""

slug_form = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$",
    _("Use small Latin letters and digits, with hyphens between words."),
)


def new_guid() -> str:
    return uuid.uuid4().urn


class ReleasedDocument(models.Model):
    """A model whose every saved state is released as a document of the log."""

    guid = models.CharField(max_length=255, unique=True, editable=False, default=new_guid)
    version = models.PositiveIntegerField(default=0, editable=False)
    released_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            self._release_if_changed()

    def document(self) -> items.Document:
        """The document as it stands, at its present version."""
        raise NotImplementedError

    def release_end(self) -> None:
        """Add the row that ends the document."""
        gone = msgspec.structs.replace(
            self.document(), version=self.version + 1, status=items.Status.CANCELED
        )
        self._record("ended")
        log.append(gone, kind=Kind.KILL)

    def _release_if_changed(self) -> None:
        """Add a row if the document differs from the one last released."""
        plain = items.digest(items.canonical(msgspec.structs.replace(self.document(), version=1)))
        if plain == self.released_sha256:
            return
        self.version += 1
        self.released_sha256 = plain
        type(self)._base_manager.filter(pk=self.pk).update(
            version=self.version, released_sha256=plain
        )
        self._record(f"version {self.version}")
        log.append(self.document(), kind=Kind.NEW if self.version == 1 else Kind.UPDATE)

    def _record(self, note: str) -> None:
        trail.record(Act.SHAPE, about=f"{self._meta.verbose_name}: {self}", note=note)


@receiver(pre_delete)
def end_document(instance: models.Model, **kwargs: Any) -> None:
    """Whatever deletes it, one or many, from a screen or by code: its end is a row of the log.

    Django sends this inside the transaction that deletes.
    """
    if isinstance(instance, ReleasedDocument):
        instance.release_end()


class Edition(ReleasedDocument):
    """One language of the site."""

    locale = models.OneToOneField(
        Locale, on_delete=models.PROTECT, related_name="edition", verbose_name=_("language")
    )
    name = models.CharField(
        _("name of the language"), max_length=40, help_text=_("In that language: Українська")
    )
    title = models.CharField(_("title"), max_length=80, help_text=_("The agency's name in it"))
    strapline = models.CharField(_("strapline"), max_length=160, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        refuse_moved(self, "locale_id")

    @property
    def code(self) -> str:
        return self.locale.language_code

    def document(self) -> items.Edition:
        return items.Edition(
            guid=self.guid,
            version=self.version,
            code=self.code,
            name=self.name,
            title=self.title,
            strapline=self.strapline,
            order=self.order,
        )


class OfEdition(ReleasedDocument):
    """A document of one edition."""

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="+", verbose_name=_("edition")
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        refuse_moved(self, "edition_id", "slug", "place")


class Section(OfEdition):
    """A rubric of an edition."""

    slug = models.CharField(
        _("part of the address"), max_length=80, validators=[slug_form], help_text="economy"
    )
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=250, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    clients_first_minutes = models.PositiveSmallIntegerField(
        _("clients first, minutes"),
        default=0,
        validators=[MaxValueValidator(LONGEST_DELAY_MIN)],
        help_text=_("So long before readers do clients get a new story or an update; 0: at once"),
    )
    clients_first_flashes = models.BooleanField(
        _("flashes too"),
        default=False,
        help_text=_("Without this, a flash reaches clients and readers together"),
    )

    class Meta:
        ordering = ["edition", "order", "pk"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="newsroom_section_slug")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.edition.code})"

    def clean(self) -> None:
        super().clean()
        refuse_taken_slug(self.slug, edition_id=self.edition_id, other=StandingPage)

    def document(self) -> items.Section:
        return items.Section(
            guid=self.guid,
            version=self.version,
            edition=self.edition.code,
            slug=self.slug,
            name=self.name,
            description=self.description,
            order=self.order,
        )


class Topic(OfEdition):
    """A tag, and the timeline of the stories under it."""

    slug = models.CharField(_("part of the address"), max_length=80, validators=[slug_form])
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=500, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="merged"
    )
    """Set, this is only an address that was: of a topic merged into another, or of its former
    name. It leads straight to a topic that has none itself; `topics.py` keeps it so."""

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="newsroom_topic_slug")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        # The address may change: `topics.rename()` leaves one behind that leads to it.
        refuse_moved(self, "edition_id")

    @classmethod
    def named(cls, name: str, *, edition: Edition, make: bool = True) -> Topic:
        """The edition's topic of this name, made if there is none. Case does not matter.

        A former name is that of the topic it leads to. With `make=False` one that is not there is
        returned unsaved.
        """
        name = " ".join(name.split()).removeprefix("#")[:80]
        slug = slug_of(name, edition=edition.code)
        found = (
            cls.objects.filter(edition=edition, name__iexact=name, merged_into=None).first()
            or cls.objects.filter(edition=edition, slug=slug).first()
        )
        if found is not None:
            return found.current()
        topic = cls(edition=edition, slug=slug, name=name)
        if not make:
            return topic
        try:
            with transaction.atomic():
                topic.save()
        except IntegrityError:
            # Another editor made it a moment ago.
            return cls.objects.get(edition=edition, slug=slug).current()
        return topic

    def current(self) -> Topic:
        """The topic itself, or the one that it was merged into."""
        return self.merged_into or self

    def ref(self) -> items.Ref:
        return items.Ref(slug=self.slug, name=self.name)

    def _release_if_changed(self) -> None:
        # A bare name needs no document: each Item carries it. So a topic made while writing adds
        # no row of its own, and a release stays one row.
        if self.version or self.description or self.merged_into_id:
            self.release_document()

    def release_document(self) -> None:
        """Release it even if it is a bare name: where Items may still have another one for it."""
        super()._release_if_changed()

    def release_end(self) -> None:
        if self.merged_into_id:
            raise FormerAddress(
                _("“%(topic)s” is an address that leads to “%(other)s”. Readers keep it: it stays.")
                % {"topic": self.slug, "other": self.merged_into}
            )
        if self.version:
            super().release_end()

    def document(self) -> items.Topic:
        return items.Topic(
            guid=self.guid,
            version=self.version,
            edition=self.edition.code,
            slug=self.slug,
            name=self.name,
            description=self.description,
            merged_into=self.merged_into.slug if self.merged_into else "",
        )


class StandingPage(OfEdition):
    """About, Contacts: a page that stands, with an address like a section's."""

    slug = models.CharField(_("part of the address"), max_length=80, validators=[slug_form])
    title = models.CharField(_("title"), max_length=160)
    body = StreamField(BodyBlock(), verbose_name=_("text"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["edition", "order", "pk"]
        verbose_name = _("standing page")
        verbose_name_plural = _("standing pages")
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="newsroom_page_slug")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.edition.code})"

    def clean(self) -> None:
        super().clean()
        refuse_taken_slug(self.slug, edition_id=self.edition_id, other=Section)
        if faults := rights.body_faults(self.body):
            raise ValidationError({"body": faults})

    def document(self) -> items.Page:
        return items.Page(
            guid=self.guid,
            version=self.version,
            edition=self.edition.code,
            slug=self.slug,
            title=self.title,
            body=blocks_of(self.body),
            order=self.order,
        )


class PickList(OfEdition, ClusterableModel):  # type: ignore[django-manager-missing]
    """Stories picked by hand, in order, for a place on an edition's pages."""

    class Place(models.TextChoices):
        HOT = "hot", _("Hot news")
        FRONT = "front", _("Front page")

    place = models.CharField(_("place"), max_length=10, choices=Place.choices)
    changed_at = models.DateTimeField(null=True, editable=False)
    changed_by = models.CharField(max_length=150, blank=True, null=True, editable=False)

    class Meta:
        verbose_name = _("picks")
        verbose_name_plural = _("picks")
        constraints = [
            models.UniqueConstraint(fields=["edition", "place"], name="newsroom_picks_place")
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()} ({self.edition.code})"

    def choose(self, stories: Sequence[Story]) -> None:
        """Put these stories here, in this order, and release the list."""
        picks = [Pick(story=story, sort_order=order) for order, story in enumerate(stories)]
        self.picks = picks  # type: ignore[misc] # modelcluster's, which the stubs do not know
        self.save()

    def document(self) -> items.Picks:
        return items.Picks(
            guid=self.guid,
            version=self.version,
            edition=self.edition.code,
            place=self.place,
            numbers=tuple(pick.story_id for pick in self.picks.all()),
        )


class Pick(Orderable):
    picks = ParentalKey(PickList, on_delete=models.CASCADE, related_name="picks")
    story = models.ForeignKey(
        "newsroom.Story", on_delete=models.CASCADE, related_name="+", verbose_name=_("story")
    )
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta(Orderable.Meta):
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=models.Q(expires_at__isnull=False),
                name="newsroom_pick_expiring",
            )
        ]


def refuse_moved(document: ReleasedDocument, *names: str) -> None:
    """What makes a document's address stays: released stories carry it, and readers keep it."""
    names = tuple(name for name in names if hasattr(document, name))
    stored = type(document)._base_manager.filter(pk=document.pk).values(*names).first()
    for name, value in (stored or {}).items():
        if value != getattr(document, name):
            raise ValidationError(
                {
                    name.removesuffix("_id"): _(
                        "Addresses that readers and stories keep begin with this, so it stays "
                        "as it is. Make a new one instead."
                    )
                }
            )


def refuse_taken_slug(slug: str, *, edition_id: int | None, other: type[models.Model]) -> None:
    """A section's or page's slug must be no reserved word and not the other kind's."""
    if slug in RESERVED or slug.isdigit():
        raise ValidationError(
            {
                "slug": _("“%(slug)s” is an address of the site itself. Choose another.")
                % {"slug": slug}
            }
        )
    if other._default_manager.filter(edition_id=edition_id, slug=slug).exists():
        raise ValidationError(
            {"slug": _("A section or page of this edition has this address. Choose another.")}
        )
