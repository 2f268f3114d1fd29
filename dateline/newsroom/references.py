"""What a version of a story points at: its section and picture, its topics, and whom it names.

They are looked up at once for all that it names, and what was deleted since is left out: a version
is to be read however old it is. A version of a story protects nothing, only its row does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.images import get_image_model

from dateline.newsroom.documents import Section, Topic
from dateline.newsroom.entities import Entity

if TYPE_CHECKING:
    from dateline.newsroom.story import Story


def resolve(story: Story) -> None:
    """Give a story that was made from a version's content what it points at, in four queries."""
    sections = Section.objects.select_related("edition__locale")
    _resolve_field(story, "section", sections)
    _resolve_field(story, "picture", get_image_model()._default_manager)
    topics = Topic.objects.select_related("merged_into")
    _resolve_rows(story, "story_topics", "topic", topics)
    _resolve_rows(story, "story_entities", "entity", Entity.objects)


def _resolve_field(story: Story, name: str, among: Any) -> None:
    number = getattr(story, f"{name}_id")
    if number is not None:
        setattr(story, name, among.filter(pk=number).first())


def _resolve_rows(story: Story, rows: str, name: str, among: Any) -> None:
    numbered = [(each, getattr(each, f"{name}_id")) for each in getattr(story, rows).all()]
    if not numbered:
        return
    found = among.in_bulk({number for _each, number in numbered})
    for each, number in numbered:
        if number in found:
            setattr(each, name, found[number])
    setattr(story, rows, [each for each, number in numbered if number in found])
