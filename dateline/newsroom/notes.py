"""Notes on a story, from colleague to colleague: never released, and never part of a draft.

A note is added without saving the story, so it can be written while somebody else has the story
open. `@name` in it names a person of the newsroom, who finds a notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.errors import DatelineError
from dateline.newsroom import desks, notices

LONGEST = 4_000
"""Characters of a note: past that it is a text, and belongs into the story."""

MOST_NAMED = 50
"""People whom one note, or the thread on a screen, names: past that it is for everybody."""

# The characters of Django's user names, but no full stop at the end: that ends a sentence.
MENTION = re.compile(r"(?<![\w.@+-])@([\w.@+-]*[\w@+-])")


class EmptyNote(DatelineError):
    """A note says nothing."""

    code = "empty-note"


class LongNote(DatelineError):
    """A note is longer than a note may be; it was not saved, and stands in the box as typed."""

    code = "long-note"


class StoryNote(models.Model):
    """What somebody told their colleagues about a story."""

    story = models.ForeignKey(
        "newsroom.Story", on_delete=models.CASCADE, related_name="notes", db_index=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField(max_length=LONGEST)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = gettext_lazy("note")
        verbose_name_plural = gettext_lazy("notes")
        indexes = [models.Index(fields=["story", "id"], name="newsroom_notes")]

    def __str__(self) -> str:
        return self.text[:60]


def add(story: Any, text: str, *, by: Any) -> StoryNote:
    """Add a note, with a notice to each person it names. Raises EmptyNote or LongNote."""
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        raise EmptyNote(_("Write the note first, then add it."))
    if len(text) > LONGEST:
        raise LongNote(
            _("A note has at most %(most)s characters; this one has %(have)s. Shorten it.")
            % {"most": LONGEST, "have": len(text)},
            most=LONGEST,
        )
    with transaction.atomic():
        note = StoryNote.objects.create(story=story, text=text, by=by)
        notices.mentioned(note, mentioned(text))
        desks.touched(story.desk_id)
    return note


def mentioned(*texts: str) -> list[Any]:
    """The people that texts name, each once, in the order in which they do.

    People of the newsroom, that is: a notice tells a story's headline.
    """
    found = (name.casefold() for text in texts for name in MENTION.findall(text))
    names = list(dict.fromkeys(found))[:MOST_NAMED]
    if not names:
        return []
    named = models.Q()
    for name in names:
        named |= models.Q(username__iexact=name)
    by_name = {user.get_username().casefold(): user for user in desks.people().filter(named)}
    return [by_name[name] for name in names if name in by_name]


def html_of(text: str, people: dict[str, str]) -> SafeString:
    """A note's text for a screen: escaped, names marked. `people`: full names by user name."""
    return mark_safe("".join(_pieces(text, people)))  # noqa: S308 - each piece is escaped


def _pieces(text: str, people: dict[str, str]) -> Iterator[str]:
    last = 0
    for found in MENTION.finditer(text):
        name = people.get(found[1].casefold())
        if name:
            yield escape(text[last : found.start()])
            yield format_html('<b class="note__name" title="{}">@{}</b>', name, found[1])
            last = found.end()
    yield escape(text[last:])
