"""The subjects of a story on its form: IPTC Media Topics by name, each with its path.

Suggestions come from the vocabulary in memory. A name may be typed in the editor's language, in
English, or as IPTC's code.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dateline.errors import DatelineError
from dateline.newsroom.screens.chips import (
    ChipsInput,
    Option,
    lines_in,
    query_of,
    refuse_who_writes_nothing,
    suggest,
)
from dateline.newsroom.subjects import MOST_SUBJECTS, codes_of
from dateline.vocabulary import Concept, media_topics

BETWEEN = " › "
"""Between the names of a path, from the broadest."""


class SubjectsInput(ChipsInput):
    route = "newsroom_subjects"
    texts = {"list": _("Subjects chosen"), "add": _("Add a subject")}

    def format_value(self, value: Any) -> str:
        """Codes as the story keeps them become lines with names; what was typed stays."""
        text = str(value or "")
        if not text.replace(" ", "").isdigit():
            return text
        return "".join(f"{line}\n" for line in map(_line, text.split()))

    def options_in(self, text: str) -> list[Option]:
        return [_chip(line) for line in lines_in(text)]


class SubjectsField(forms.Field):
    """Subjects as codes with a space between, in the editor's order."""

    widget = SubjectsInput

    def to_python(self, value: Any) -> str:
        """Raises ValidationError for what is in no list, or is retired, in words that help."""
        lines = lines_in(str(value or ""))
        try:
            codes = codes_of(lines)
        except DatelineError as error:
            raise ValidationError(error.message, code=error.code) from error
        if len(codes.split()) > MOST_SUBJECTS:
            raise ValidationError(_("At most %(most)s subjects.") % {"most": MOST_SUBJECTS})
        return codes

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or "") != self.to_python(data)
        except ValidationError:
            return True


def suggestions(request: HttpRequest) -> JsonResponse:
    """Subjects whose words begin with `q`. Asks no database but for who is asking."""
    refuse_who_writes_nothing(request)
    language = get_language() or "en"
    found = media_topics().search(query_of(request), language=language)
    return suggest([_option(concept, language) for concept in found])


def _option(concept: Concept, language: str) -> Option:
    above = media_topics().path(concept.code)[:-1]
    hint = BETWEEN.join(each.name(language) for each in above)
    return Option(concept.code, concept.name(language), hint)


def _chip(line: str) -> Option:
    concept = media_topics().concepts.get(line.split(maxsplit=1)[0])
    return _option(concept, get_language() or "en") if concept else Option(line, line)


def _line(code: str) -> str:
    """A line of the text box: the code, which is read back, and the path, which tells people."""
    vocabulary = media_topics()
    if code not in vocabulary.concepts:
        gone = vocabulary.retired.get(code)
        return f"{code} {gone.name}" if gone else code
    language = get_language() or "en"
    path = BETWEEN.join(each.name(language) for each in vocabulary.path(code))
    return f"{code} {path}"
