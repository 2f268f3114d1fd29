"""What somebody typed into the story form, as a draft: to be read, compared and kept.

The form may be unfinished or wrong in places. What does not pass is taken as it was typed, because
here nothing is released or refused: it is only not to be lost.
"""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from modelcluster.models import get_all_child_relations
from wagtail.models import Revision

from dateline.newsroom import claims, saving
from dateline.newsroom.claims import Claim
from dateline.newsroom.screens.form import STORY_PANELS, StoryForm
from dateline.newsroom.screens.window import Basis
from dateline.newsroom.story import Story


def typed(story: Story, data: Mapping[str, Any], *, by: Any) -> Story:
    """The story's newest draft with this form over it; nothing is saved."""
    draft: Story = story.get_latest_revision_as_object()
    form = _form_class()(data, instance=draft, for_user=by)
    form.defer_required_fields()
    form.is_valid()
    for name in form.errors:
        if name in form.fields and name in _TEXTS:
            setattr(draft, name, form[name].value() or "")
        elif name == "body":
            draft.body = form["body"].value()
    form.apply()
    return draft


def joined_fields() -> tuple[str, ...]:
    """The names of what two saves are joined by: the form's fields of a draft, and its rows."""
    names = {field.name for field in Story._meta.concrete_fields}
    rows = [relation.get_accessor_name() for relation in get_all_child_relations(Story)]
    of_form = [name for name in _form_class().base_fields if name in names]
    return (*of_form, "follows_version", "follows_at", *rows)


def keep_unsaved(claim: Claim) -> Revision | None:
    """A revision of a claim's unsaved text by whoever typed it; None if it holds nothing new.

    It becomes the draft if it was typed on the newest one, and else is kept beside; so it is if the
    story is locked for them by now: what a desk approves is the newest draft.
    """
    story: Story = Story.objects.get(pk=claim.story_id)
    data = QueryDict(claim.unsaved)
    content = typed(story, data, by=claim.unsaved_by).draft_content()
    fields = joined_fields()
    newest = story.get_latest_revision()
    if newest and not saving.differ(newest.content, content, fields=fields):
        return None
    behind = Basis.of(data).is_stale(newest, claim=claim)
    if behind or claims.is_locked(story, claim.unsaved_by):
        return saving.keep_beside(story, content, by=claim.unsaved_by, fields=fields)
    return saving.save_draft(story, content, by=claim.unsaved_by)


def _form_class() -> type[StoryForm]:
    form_class: type[StoryForm] = STORY_PANELS.bind_to_model(Story).get_form_class()
    return form_class


_TEXTS = {
    field.name
    for field in Story._meta.concrete_fields
    if field.get_internal_type() in ("CharField", "TextField") and not field.choices
}
