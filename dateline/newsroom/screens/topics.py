"""The topics of a story as one field: names in order, written with commas or picked as chips.

Without JavaScript it is a text box with commas; `static/newsroom/topics.js` makes chips of it.
Topics that do not exist are made when the story is saved, not while it is written or previewed.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from dateline.addresses import slug_of
from dateline.newsroom.documents import Edition, Section, Topic
from dateline.newsroom.screens.chips import (
    ChipsInput,
    Option,
    query_of,
    refuse_who_writes_nothing,
    suggest,
)

MOST_TOPICS = 30
"""More than any story needs; past it, something was pasted by mistake."""

MOST_SUGGESTIONS = 10

NAME_LENGTH = Topic._meta.get_field("name").max_length or 80


def names_in(text: str) -> list[str]:
    """Names in a text: one a line if it has several lines, else with commas between.

    Lines are for names with a comma in them, which chips may have.
    """
    parts = text.splitlines() if "\n" in text else text.split(",")
    found: dict[str, str] = {}
    for part in parts:
        name = " ".join(part.split()).removeprefix("#").strip()
        if name:
            found.setdefault(name.casefold(), name)
    return list(found.values())


def text_of(names: list[str]) -> str:
    """The inverse of `names_in`."""
    if any("," in name for name in names):
        return "".join(f"{name}\n" for name in names)
    return ", ".join(names)


class TopicsInput(ChipsInput):
    route = "newsroom_topics"
    free = True
    name_length = NAME_LENGTH
    texts = {"list": _("Topics chosen, in order"), "add": _("Add a topic")}

    def format_value(self, value: Any) -> str:
        return text_of(value) if isinstance(value, list) else value or ""

    def options_in(self, text: str) -> list[Option]:
        return [Option(name, name) for name in names_in(text)]


class TopicsField(forms.Field):
    """A list of topic names, in the editor's order."""

    widget = TopicsInput

    def to_python(self, value: Any) -> list[str]:
        return value if isinstance(value, list) else names_in(value or "")

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        for name in value:
            if len(name) > NAME_LENGTH:
                raise ValidationError(
                    _("“%(name)s” is too long for a topic: %(most)s characters at most.")
                    % {"name": name, "most": NAME_LENGTH}
                )
        if len(value) > MOST_TOPICS:
            raise ValidationError(_("At most %(most)s topics.") % {"most": MOST_TOPICS})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


def suggestions(request: HttpRequest) -> JsonResponse:
    """Names of an edition's topics that begin with `q`, for those who write stories."""
    refuse_who_writes_nothing(request)
    edition = _asked_edition(request)
    names = _beginning_with(query_of(request).removeprefix("#")[:NAME_LENGTH], edition)
    return suggest([Option(name, name) for name in names])


def _asked_edition(request: HttpRequest) -> Edition:
    """The edition named by its code, or by one of its sections."""
    editions = Edition.objects.select_related("locale")
    section = request.GET.get("section", "")
    if section.isdecimal() and len(section) < 19:
        return get_object_or_404(editions, pk__in=_edition_of_section(int(section)))
    code = request.GET.get("edition", "").replace("\0", "")
    return get_object_or_404(editions, locale__language_code=code)


def _edition_of_section(section: int) -> Any:
    return Section.objects.filter(pk=section).values("edition")


def _beginning_with(query: str, edition: Edition) -> list[str]:
    if not query:
        return []
    # The slug holds the name in small Latin letters, so it is found in any case on any database.
    begins = Q(name__istartswith=query)
    slug = slug_of(query, edition=edition.code)
    if slug != slug_of("", edition=edition.code):
        begins |= Q(slug__startswith=slug)
    topics = Topic.objects.filter(begins, edition=edition, merged_into=None).order_by("name")
    return list(topics.values_list("name", flat=True)[:MOST_SUGGESTIONS])
