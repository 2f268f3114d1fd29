"""Story templates: what a new story of a kind begins with, on one desk or on all.

A template is copied once, when a story is begun; changing it later changes no story.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from dateline.items import ORDINARY
from dateline.newsroom.blocks import BodyBlock
from dateline.newsroom.desks import Desk
from dateline.newsroom.documents import Edition, Section
from dateline.newsroom.story import Story

COPIED = (
    "section",
    "slugline",
    "headline",
    "summary",
    "place",
    "body",
    "urgency",
    "genre",
    "ednote",
)


class StoryTemplate(models.Model):
    """The beginning of a story of some kind: Markets at close, Weather, Court report."""

    name = models.CharField(_("name"), max_length=80)
    desk = models.ForeignKey(
        Desk,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="templates",
        verbose_name=_("desk"),
        help_text=_("Left empty, every desk may use it."),
    )
    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("edition")
    )
    section = models.ForeignKey(
        Section,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("section"),
    )
    slugline = models.CharField(_("slugline"), max_length=60, blank=True)
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), max_length=500, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    body = StreamField(BodyBlock(required=False), blank=True, verbose_name=_("text"))
    topics = models.CharField(
        _("topics"), max_length=500, blank=True, help_text=_("With commas between")
    )
    urgency = models.PositiveSmallIntegerField(
        _("urgency"), choices=Story.Urgency.choices, default=ORDINARY
    )
    genre = models.CharField(
        _("genre"), max_length=20, choices=Story.Genre.choices, default=Story.Genre.CURRENT
    )
    ednote = models.CharField(_("note to editors"), max_length=500, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("story template")
        verbose_name_plural = _("story templates")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.section and self.section.edition_id != self.edition_id:
            raise ValidationError({"section": _("The section belongs to another edition.")})


def for_desk(desk: Desk | None, *, edition: Edition | None = None) -> list[StoryTemplate]:
    """Templates that a new story on this desk may begin with: its own and those of all desks."""
    found = StoryTemplate.objects.filter(Q(desk=desk) | Q(desk=None) if desk else Q(desk=None))
    if edition is not None:
        found = found.filter(edition=edition)
    return list(found.select_related("edition__locale").defer("body"))


def begin(story: Story, template: StoryTemplate) -> None:
    """Fill a story that is not saved yet with what the template says. Its edition stays."""
    for name in COPIED:
        value = getattr(template, name)
        if name == "section" and value and value.edition.locale_id != story.locale_id:
            continue
        if value not in (None, ""):
            setattr(story, name, value)
    if template.topics:
        names = [name.strip() for name in template.topics.split(",") if name.strip()]
        story.set_topics(names, make=False)
    if template.desk_id:
        story.desk = template.desk
