"""The topics of a story as one field: names in order, written with commas or picked as chips.

Without JavaScript it is a text box with commas; `static/newsroom/topics.js` makes chips of it.
Topics that do not exist are made when the story is saved, not while it is written or previewed.
"""

import json
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from dateline.addresses import slug_of
from dateline.newsroom.documents import Edition, Topic

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


class TopicsInput(forms.Textarea):
    """Chips where scripts run, a text box where they do not."""

    template_name = "newsroom/topics_input.html"
    edition = ""

    class Media:
        js = [forms.Script("newsroom/topics.js", type="module")]

    def format_value(self, value: Any) -> str:
        return text_of(value) if isinstance(value, list) else value or ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["names"] = json.dumps(names_in(self.format_value(value)), ensure_ascii=False)
        query = urlencode({"edition": self.edition})
        context["suggestions_url"] = f"{reverse('newsroom_topics')}?{query}"
        context["name_length"] = NAME_LENGTH
        return context


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
    """Names of an edition's topics that begin with `q`, as JSON, for those who write stories."""
    if not (
        request.user.has_perm("newsroom.change_story")
        or request.user.has_perm("newsroom.add_story")
    ):
        raise PermissionDenied
    code = request.GET.get("edition", "").replace("\0", "")
    edition = get_object_or_404(
        Edition.objects.select_related("locale"), locale__language_code=code
    )
    query = request.GET.get("q", "").replace("\0", "")
    return JsonResponse({"topics": _beginning_with(query, edition)})


def _beginning_with(query: str, edition: Edition) -> list[str]:
    query = " ".join(query.split()).removeprefix("#")[:NAME_LENGTH]
    if not query:
        return []
    # The slug holds the name in small Latin letters, so it is found in any case on any database.
    begins = Q(name__istartswith=query)
    slug = slug_of(query, edition=edition.code)
    if slug != slug_of("", edition=edition.code):
        begins |= Q(slug__startswith=slug)
    topics = Topic.objects.filter(begins, edition=edition).order_by("name")
    return list(topics.values_list("name", flat=True)[:MOST_SUGGESTIONS])
