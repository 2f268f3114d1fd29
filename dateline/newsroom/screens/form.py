"""The story form: what an editor in a hurry fills in, in the order of writing.

A draft may be saved with anything missing; a release asks for all of it, at the field.
"""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput

from dateline.newsroom import translations
from dateline.newsroom.documents import Edition, Section
from dateline.newsroom.release import new_note
from dateline.newsroom.screens.entities import EntitiesField
from dateline.newsroom.screens.pictures import PicturePanel
from dateline.newsroom.screens.placing import PLACING_PANEL, PlacingForm, TemplatesPanel
from dateline.newsroom.screens.subjects import SubjectsField
from dateline.newsroom.screens.times import TIMES_PANEL, TimesForm
from dateline.newsroom.screens.topics import TopicsField
from dateline.newsroom.screens.translating import (
    MAY_TRANSLATE,
    behind_of,
    in_editions,
    missing_editions,
)
from dateline.newsroom.screens.window import ClaimPanel
from dateline.newsroom.screens.writing import WritingPanel
from dateline.newsroom.story import Story

CHOSEN = {"section", "desk", "assignee"}
"""Fields that are chosen from a table."""


class StoryForm(TimesForm, PlacingForm, WagtailAdminModelForm):
    topics = TopicsField(
        label=_("Topics"),
        required=False,
        help_text=_(
            "The most important first: it leads More about. A name that is new makes a topic. "
            "Enter or a comma adds it."
        ),
    )

    caught_up = forms.BooleanField(
        label=_("Brought up to date"),
        required=False,
        help_text=_("Tick it when the text follows the newest version of its source."),
    )
    # The version that stood beside the text while it was put right: the source may go on.
    source_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    subjects = SubjectsField(
        label=_("Subjects"),
        required=False,
        help_text=_("What it is about, in IPTC's names, for clients. Type letters and choose."),
    )
    entities = EntitiesField(
        label=_("People, places and organisations"),
        required=False,
        help_text=_("Whom it names. Each has a page for readers, with all its stories."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "headline" in self.fields:
            # Too long is said at the field; a browser that cuts what was pasted says nothing.
            self.fields["headline"].widget.attrs.pop("maxlength", None)
        story: Story = self.instance
        if story.locale_id is None:
            return
        self.fields["section"].queryset = Section.objects.filter(edition__locale=story.locale_id)
        self.fields["section"].label_from_instance = lambda section: section.name
        if not self.is_bound:
            for name in CHOSEN.intersection(self.fields):
                # As a list: the panel and the browser's part each ask for the choices.
                # And not by `list()`, which counts them first.
                self.fields[name].choices = [each for each in self.fields[name].choices]  # noqa: C416
        self.fields["topics"].widget.edition = story.locale.language_code
        if story.translated_from:
            self.initial["source_version"] = story.translated_from.version
        self.initial["topics"] = [ref.name for ref in story.topic_refs()]
        self.fields["entities"].edition = story.edition
        self.fields["entities"].widget.edition = story.locale.language_code
        self.initial["entities"] = [each.entity for each in story.story_entities.all()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("picture") and not (
            cleaned.get("picture_alt") or self.is_deferred_validation
        ):
            self._ask_for_alt()
        version = cleaned.get("source_version") or 0
        self._refuse_wrong_name(cleaned.get("correction_note") or "")
        source = self.instance.translated_from
        if source and version > source.version:
            self.add_error("caught_up", _("The source has no such version. Open the story again."))
        return cleaned

    def apply(self) -> Story:
        """Put what is not a field of the story on it, in memory; nothing is saved."""
        if "topics" in self.cleaned_data:
            self.instance.set_topics(self.cleaned_data["topics"], make=False)
        if "entities" in self.cleaned_data:
            self.instance.set_entities(self.cleaned_data["entities"])
        if self.cleaned_data.get("caught_up") and self.cleaned_data.get("source_version"):
            translations.follow(self.instance, self.cleaned_data["source_version"])
        return self.instance

    def save(self, commit: bool = True) -> Story:
        self.apply()
        story: Story = super().save(commit=commit)
        return story

    def _refuse_wrong_name(self, note: str) -> None:
        """A correction has its note; an update has none, which would be lost or sent unasked."""
        if not self.instance.released or "correction_note" in self.errors:
            return
        self.instance.correction_note = note
        match self.data.get("action-publish"):
            case "correction" if not note.strip():
                self.add_error(
                    "correction_note", _("Say what was wrong and is now right: readers are told.")
                )
            case "correction" if not new_note(self.instance):
                self.add_error(
                    "correction_note", _("Readers have this very note already. Say what is new.")
                )
            case "update" if new_note(self.instance):
                self.add_error(
                    "correction_note",
                    _("With a note this is a correction: release it as one, or empty the note."),
                )

    def _ask_for_alt(self) -> None:
        if "picture_alt" not in self.errors:
            self.add_error(
                "picture_alt", _("Say what the picture shows, for readers who cannot see it.")
            )


class NoticePanel(Panel):
    """At the top: that the story was killed and why, and the same story in other editions."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "newsroom/panels/notice.html"

        def is_shown(self) -> bool:
            return bool(self.instance.released or self._others() or self._kin)

        def show_panel_furniture(self) -> bool:
            return False

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["story"] = self.instance
            context["others"] = self._others()
            context["editions"] = self._editions()
            context["kin"] = self._kin
            context["may_release"] = self.request.user.has_perm("newsroom.publish_story")
            # What the person saw: it stays what it was when the form comes back with faults.
            context["version_seen"] = self.request.POST.get("version_seen", self.instance.version)
            return context

        @cached_property
        def _kin(self) -> list[dict[str, Any]]:
            return kin_of(self.instance)

        def _editions(self) -> list[Edition]:
            """Where this story may be begun with one click: a released one, where it is not."""
            story = self.instance
            if not (story.live and self.request.user.has_perm(MAY_TRANSLATE)):
                return []
            return missing_editions(story)

        def _others(self) -> list[dict[str, Any]]:
            if not hasattr(self, "_others_found"):
                self._others_found = others_of(self.instance)
            return self._others_found


def others_of(story: Story) -> list[dict[str, Any]]:
    """The same story in other editions: where it is edited, and whether it was there first."""
    if story.pk is None:
        return []
    known = in_editions(story)
    names = {edition.locale_id: edition.name for edition in known.editions}
    return [
        {
            "headline": other.latest_revision.object_str if other.latest_revision else str(other),
            "edition": names.get(other.locale_id, ""),
            "url": reverse("wagtailsnippets_newsroom_story:edit", args=[other.pk]),
            "is_source": other.pk < story.pk,
        }
        for other in known.others
        if other.pk != story.pk
    ]


def kin_of(story: Story) -> list[dict[str, Any]]:
    """The story this one was written anew from, and those written anew from it."""
    if story.pk is None:
        return []
    older = [story.evolved_from] if story.evolved_from else []
    newer = in_editions(story).newer
    return [
        {
            "headline": str(other),
            "url": reverse("wagtailsnippets_newsroom_story:edit", args=[other.pk]),
            "is_older": other in older,
        }
        for other in (*older, *newer)
    ]


class CaughtUpPanel(MultiFieldPanel):
    """Only for a translation that is behind its source."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            return behind_of(self.instance) is not None and super().is_shown()


class CorrectionPanel(MultiFieldPanel):
    """Only for a story that readers have seen: before that there is nothing to correct."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            return self.instance.released and not self.instance.killed_at and super().is_shown()


class NamesPanel(FieldPanel):
    """Topics and entities are rows beside the story; revisions are compared by their names."""

    def format_value_for_display(self, value: Any) -> str:
        return ", ".join(map(str, value))


STORY_PANELS = ObjectList(
    [
        ClaimPanel(),
        NoticePanel(),
        TemplatesPanel(),
        FieldPanel("headline", classname="desk-headline", icon="title"),
        FieldPanel("summary"),
        FieldPanel("body"),
        WritingPanel(),
        CaughtUpPanel(
            [FieldPanel("caught_up"), FieldPanel("source_version")],
            heading=_("Translation"),
            icon="globe",
        ),
        CorrectionPanel(
            [
                FieldPanel(
                    "correction_note", widget=AdminAutoHeightTextInput, heading=_("What was wrong")
                )
            ],
            heading=_("Correction"),
            icon="warning",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("section", widget=forms.Select), FieldPanel("slugline")]),
                FieldRowPanel([FieldPanel("urgency"), FieldPanel("genre")]),
                FieldRowPanel([FieldPanel("place"), FieldPanel("dateline_date")]),
                FieldPanel("bylines"),
                NamesPanel("topics"),
                FieldPanel("subjects"),
                NamesPanel("entities"),
                FieldPanel("ednote", widget=AdminAutoHeightTextInput),
            ],
            heading=_("On the wire"),
            icon="list-ul",
        ),
        PLACING_PANEL,
        MultiFieldPanel(
            [
                FieldPanel("picture"),
                PicturePanel(),
                FieldPanel("picture_alt"),
                FieldPanel("picture_caption", widget=AdminAutoHeightTextInput),
                FieldPanel("picture_credit"),
            ],
            heading=_("Lead picture"),
            icon="image",
        ),
        TIMES_PANEL,
        PublishingPanel(),
    ],
    base_form_class=StoryForm,
)
