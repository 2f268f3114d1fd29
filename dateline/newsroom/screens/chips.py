"""A form field that is a list of names, as chips: topics, subjects, people.

Where scripts run, names are chips with suggestions; where they do not, lines in a text box. What
is sent is the same text, so nothing that was typed is lost when the form comes back.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode

NAME_LENGTH = 250
"""What may be typed for one name: a path of names is as long."""


@dataclass(frozen=True, slots=True)
class Option:
    """A chip or a suggestion: what is sent, what is read, and what tells it from its like."""

    value: str
    label: str
    hint: str = ""


class ChipsInput(forms.Textarea):
    """Chips where scripts run, a text box where they do not.

    `route` is the address that suggests, `edition` the edition it suggests for.
    """

    template_name = "newsroom/chips_input.html"
    route = ""
    edition = ""
    free = False
    name_length = NAME_LENGTH
    texts: dict[str, str | Promise] = {}

    class Media:
        css = {"all": ["newsroom/chips.css"]}
        js = [forms.Script("newsroom/chips.js", type="module")]

    def options_in(self, text: str) -> list[Option]:
        """The chips for what the text box holds."""
        raise NotImplementedError

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = [asdict(option) for option in self.options_in(self.format_value(value) or "")]
        context["chosen"] = json.dumps(chosen, ensure_ascii=False)
        query = urlencode({"edition": self.edition})
        context["suggestions_url"] = f"{reverse(self.route)}?{query}"
        return {
            **context,
            "free": self.free,
            "texts": self.texts,
            "name_length": self.name_length,
        }


def suggest(options: Sequence[Option]) -> JsonResponse:
    """What a field of chips asks its address for."""
    return JsonResponse({"options": [asdict(option) for option in options]})


def refuse_who_writes_nothing(request: HttpRequest) -> None:
    """Suggestions are for those who write stories. Raises PermissionDenied."""
    if not (
        request.user.has_perm("newsroom.change_story")
        or request.user.has_perm("newsroom.add_story")
    ):
        raise PermissionDenied


def lines_in(text: str) -> list[str]:
    """What stands on the lines of a text, without what is the same in other letters."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return list({line.casefold(): line for line in lines if line}.values())


def query_of(request: HttpRequest) -> str:
    """What was typed so far, without what no database takes."""
    return " ".join(request.GET.get("q", "").replace("\0", "").split())[:NAME_LENGTH]
