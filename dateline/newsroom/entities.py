"""People, places and organisations that stories name: each with a page of its own for readers.

An entity belongs to an edition, like a topic, and is released when it is saved. The same one in
another edition shares its translation key, and entities of the same item of Wikidata are the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dateline import items
from dateline.addresses import ENTITY_FOLDERS, entity_heading, slug_of
from dateline.items import EntityKind
from dateline.newsroom.documents import Edition, OfEdition, slug_form

SLUG_LENGTH = 60
"""Shorter than a topic's: with its folder it goes where topics' slugs go."""

KINDS = {folder: kind for kind, folder in ENTITY_FOLDERS.items()}
"""What an entity is, by the folder of its page."""

wikidata_form = RegexValidator(
    r"^Q[1-9][0-9]{0,11}$", _("An item of Wikidata is a Q and a number, as in its address: Q212.")
)


class Entity(OfEdition):
    """A person, a place or an organisation of an edition."""

    class Kind(models.TextChoices):
        PERSON = EntityKind.PERSON.value, _("Person")
        PLACE = EntityKind.PLACE.value, _("Place")
        ORGANISATION = EntityKind.ORGANISATION.value, _("Organisation")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    slug = models.CharField(
        _("part of the address"),
        max_length=SLUG_LENGTH,
        blank=True,
        validators=[slug_form],
        help_text=_("Left empty, it is made from the name."),
    )
    description = models.CharField(
        _("description"),
        max_length=500,
        blank=True,
        help_text=_("A sentence or two: readers see it over the stories."),
    )
    wikidata = models.CharField(
        "Wikidata",
        max_length=13,
        blank=True,
        validators=[wikidata_form],
        help_text=_("Its item there, such as Q212: tells programs exactly who or what is meant."),
    )
    translation_key = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("person, place or organisation")
        verbose_name_plural = _("people, places and organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind", "slug"], name="newsroom_entity_slug"
            ),
            models.UniqueConstraint(
                fields=["edition", "translation_key"], name="newsroom_entity_key"
            ),
            models.UniqueConstraint(
                fields=["edition", "wikidata"],
                condition=~Q(wikidata=""),
                name="newsroom_entity_wikidata",
                violation_error_message=_("Another entry of this edition has this Wikidata item."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self._refuse_other_kind()
        if not self.slug and self.edition_id and self.name:
            self.slug = self._free_slug()
        self._join_its_kin()

    def save(self, *args: object, **kwargs: object) -> None:
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)

    @property
    def heading(self) -> str:
        """What stories that name it stand under, and the end of its address."""
        return entity_heading(EntityKind(self.kind), self.slug)

    def ref(self) -> items.EntityRef:
        return items.EntityRef(
            kind=EntityKind(self.kind), slug=self.slug, name=self.name, wikidata=self.wikidata
        )

    def document(self) -> items.Entity:
        return items.Entity(
            guid=self.guid,
            version=self.version,
            edition=self.edition.code,
            kind=EntityKind(self.kind),
            slug=self.slug,
            name=self.name,
            description=self.description,
            wikidata=self.wikidata,
            translation_key=str(self.translation_key),
        )

    def _free_slug(self) -> str:
        """A slug from the name; with a number after it where another has it already."""
        plain = slug_of(self.name, edition=self.edition.code, longest=SLUG_LENGTH - 4)
        others = Entity.objects.filter(edition=self.edition, kind=self.kind).exclude(pk=self.pk)
        taken = set(others.filter(slug__startswith=plain).values_list("slug", flat=True))
        numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
        return next(slug for slug in (plain, *numbered) if slug not in taken)

    def _refuse_other_kind(self) -> None:
        stored = Entity.objects.filter(pk=self.pk).values_list("kind", flat=True).first()
        if stored is not None and stored != self.kind:
            raise ValidationError(
                {"kind": _("Its address begins with what it is, so that stays. Make a new one.")}
            )

    def _join_its_kin(self) -> None:
        """The same item of Wikidata in another edition is the same person or place."""
        if not self.wikidata or not self.edition_id:
            return
        kin = Entity.objects.filter(wikidata=self.wikidata, kind=self.kind)
        key = kin.exclude(edition=self.edition).values_list("translation_key", flat=True).first()
        if key is None:
            return
        mine = Entity.objects.filter(edition=self.edition, translation_key=key).exclude(pk=self.pk)
        if not mine.exists():
            self.translation_key = key


def entity_at(heading: str, *, edition: Edition) -> Entity | None:
    """The entity of an edition by its heading (`people/ada-brook`)."""
    folder, _slash, slug = heading.partition("/")
    kind = KINDS.get(folder)
    if kind is None:
        return None
    return Entity.objects.filter(edition=edition, kind=kind, slug=slug).first()


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """As an Item has them: people, places, organisations, each in the editor's order."""
    order = [*EntityKind]
    return sorted(entities, key=lambda each: order.index(EntityKind(each.kind)))
