"""The part of the story form that says where a story lies, who is to do it and by when; and what a
new story begins with.

These facts go past the draft: `desks.place()` writes them, so the board has them at once.
"""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel
from wagtail.admin.utils import set_query_params

from dateline.newsroom import desks, templates
from dateline.newsroom.desks import Desk, Placing
from dateline.newsroom.screens.listing import name_of
from dateline.newsroom.story import Story
from dateline.newsroom.templates import StoryTemplate

FIELDS = ("desk", "assignee", "due_at")


class PlacingForm:
    """Mixed into the story form."""

    # From Django's form, which this is mixed into.
    instance: Story
    fields: dict[str, Any]
    data: Any
    cleaned_data: dict[str, Any]
    for_user: Any
    add_prefix: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        story = self.instance
        # A story that is new lies nowhere yet, whatever the form proposes.
        self._placed = Placing.of(story) if story.pk else Placing(None, None, None)
        if "assignee" in self.fields:
            self.fields["assignee"].queryset = desks.people(story.desk)
            self.fields["assignee"].label_from_instance = name_of

    def save(self, commit: bool = True) -> Story:
        wanted = self._wanted()
        # Not by the story's own save: of a released story that would wait for its next release.
        for name in FIELDS:
            setattr(self.instance, name, getattr(self._placed, name))
        story: Story = super().save(commit=commit)  # type: ignore[misc]
        if story.pk and wanted != self._placed:
            desks.place(story, wanted, by=self.for_user)
            self._placed = wanted
        return story

    def _wanted(self) -> Placing:
        """What the form says; a form that leaves a field out says nothing about it."""
        said = {
            name: self.cleaned_data.get(name)
            if name in self.fields and self._posted(name)
            else getattr(self._placed if self.instance.pk else self.instance, name)
            for name in FIELDS
        }
        return Placing(**said)

    def _posted(self, name: str) -> bool:
        widget: forms.Widget = self.fields[name].widget
        return not widget.value_omitted_from_data(
            self.data, MultiValueDict(), self.add_prefix(name)
        )


PLACING_PANEL = MultiFieldPanel(
    [
        FieldRowPanel(
            [FieldPanel("desk", widget=forms.Select), FieldPanel("assignee", widget=forms.Select)]
        ),
        FieldPanel("due_at"),
    ],
    heading=_("Desk"),
    icon="group",
)


class TemplatesPanel(Panel):
    """Over the form of a story that is not saved yet: what else it could begin with."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "newsroom/panels/templates.html"

        def is_shown(self) -> bool:
            return self.instance.pk is None and bool(self._templates())

        def show_panel_furniture(self) -> bool:
            return False

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            path = self.request.get_full_path()
            context["templates"] = [
                {"name": each.name, "url": set_query_params(path, {"template": each.pk})}
                for each in self._templates()
            ]
            return context

        def _templates(self) -> list[StoryTemplate]:
            if not hasattr(self, "_found"):
                self._found = templates.for_desk(self.instance.desk, edition=self.instance.edition)
            return self._found


def prepare(story: Story, request: HttpRequest) -> None:
    """What a new story begins with: the desk asked for or the writer's own, and a template."""
    asked = request.GET.get("desk", "")
    desk = Desk.objects.filter(pk=int(asked)).first() if asked.isdecimal() else None
    story.desk = desk or desks.own_desk(request.user, story.edition)
    if template := _template(request, story):
        templates.begin(story, template)


def _template(request: HttpRequest, story: Story) -> StoryTemplate | None:
    """That asked for, else the desk's own, if it is of the story's edition."""
    found = StoryTemplate.objects.filter(edition=story.edition).select_related("section__edition")
    asked = request.GET.get("template", "")
    if asked.isdecimal():
        return found.filter(pk=int(asked)).first()
    return found.filter(pk=story.desk.template_id).first() if story.desk else None
