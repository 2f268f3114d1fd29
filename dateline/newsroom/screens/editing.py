"""Writing, changing and releasing a story: Wagtail's create and edit screens, in our words.

The draft is saved first, in its own transaction. What then fails in releasing it leaves the draft
saved and everything else as it was, and the editor is told why.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.views.generic import RevisionsRevertMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import Locale
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    PreviewOnCreateView,
    WorkflowActionView,
)

from dateline.addresses import slug_of, story_path
from dateline.newsroom.documents import Edition
from dateline.newsroom.release import refuse_unseen
from dateline.newsroom.screens.attempts import NotDone, attempt
from dateline.newsroom.screens.notes import NotesSidePanel
from dateline.newsroom.screens.placing import prepare
from dateline.newsroom.screens.translating import (
    MAY_TRANSLATE,
    SourceSidePanel,
    missing_editions,
)
from dateline.newsroom.story import ReleaseBypassed, Story

RELEASES = ("publish", "workflow-action")
"""Actions of the form that may release the story."""


class StoryScreen:
    """What creating and editing have in common."""

    error_message = gettext_lazy("Not saved yet: look at the fields marked below.")

    # From Wagtail's views, which this is mixed into.
    request: HttpRequest
    object: Story
    action: str
    expects_json_response: bool
    get_edit_url: Callable[[], str]
    json_error_response: Callable[[str, str], HttpResponse]
    form_invalid: Callable[[Any], HttpResponse]

    def form_valid(self, form: Any) -> HttpResponse:
        self.released_before = self._version_before()
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except ValidationError as error:
            # What the model refuses and no field of the form does.
            form.add_error(None, error)
            return self._not_saved(form, "validation_error", str(self.error_message))
        except ReleaseBypassed as error:
            # The story was released or killed between our reading it and saving it.
            message = _("Someone else released this story a moment ago. Save again to keep yours.")
            return self._not_saved(form, error.code, message)

    def run_action_method(self) -> HttpResponse | None:
        try:
            return attempt(self._run_unless_stale, what=self.object)
        except NotDone as error:
            return self._draft_kept(error)

    def _run_unless_stale(self) -> HttpResponse | None:
        """Wagtail's own, unless it would release over a version that the person has not seen."""
        seen = self.request.POST.get("version_seen", "")
        if self.action in RELEASES and seen.isdecimal() and self.object.released:
            refuse_unseen(self.object, seen=int(seen))
        return super().run_action_method()  # type: ignore[misc]

    def get_success_message(self, instance: Story | None = None) -> str:
        story = Story.objects.select_related("section", "locale").get(pk=self.object.pk)
        if self.action in RELEASES and story.version > self.released_before:
            return released_message(story)
        match self.action:
            case "publish":
                return scheduled_message(self.object)
            case "submit":
                return _("Sent to the desk: “%(story)s”.") % {"story": self.object}
            case "create" | "edit":
                return _("Draft saved: “%(story)s”.") % {"story": self.object}
        return super().get_success_message(*([instance] if instance else []))  # type: ignore[misc]

    def get_success_buttons(self) -> list[Any]:
        if self.action in ("create", "edit"):
            return []
        return [messages.button(self.get_edit_url(), _("Edit"))]

    def _not_saved(self, form: Any, code: str, message: str) -> HttpResponse:
        """The form again, with what was typed."""
        self.produced_error_code, self.produced_error_message = code, message
        return self.form_invalid(form)

    def _version_before(self) -> int:
        live = getattr(self, "live_object", None)
        return live.version if live else 0

    def _draft_kept(self, error: NotDone) -> HttpResponse:
        message = f"{error.message} {_('Your draft is kept.')}"
        if self.expects_json_response:
            return self.json_error_response(error.code, message)
        messages.error(self.request, message)
        return redirect(self.get_edit_url())


class StoryCreateView(StoryScreen, CreateView):
    page_title = gettext_lazy("New story")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not Edition.objects.filter(locale=self.locale).exists():
            raise NotDone(_("There is no edition in this language yet. Choose another edition."))
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(Edition.objects.get(locale=self.locale).name)

    def get_initial_form_instance(self) -> Story:
        story: Story = super().get_initial_form_instance()
        story.created_by = self.request.user
        prepare(story, self.request)
        return story

    def get_preview_url(self) -> str:
        return str(self._set_locale_query_param(super().get_preview_url()))


class StoryEditView(StoryScreen, EditView):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = [each for each in super().header_more_buttons if self._offers(each)]
        buttons += [
            Button(_("Translate"), url=url, icon_name="globe", priority=15)
            for url in filter(None, [translate_url(self.object, self.request.user)])
        ]
        if self.live_object.live:
            path = reader_path(self.live_object)
            buttons.append(Button(_("Reader's page"), url=path, icon_name="view", priority=5))
        return buttons

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        if not self.expects_json_response:
            panels.append(NotesSidePanel(self.object, self.request))
        if self.object.translated_from_id:
            panels.append(SourceSidePanel(self.object, self.request))
        return panels

    def _offers(self, button: Button) -> bool:
        """What was released cannot be deleted, so it is not offered."""
        return not (self.live_object.released and button.icon_name == "bin")


class StoryRevertView(RevisionsRevertMixin, StoryEditView):
    """Bringing back an earlier revision, as a draft or released at once."""

    view_name = "revisions_revert"

    def save_instance(self) -> Story:
        # As Wagtail's, but a draft brought back may lack what a release needs.
        story: Story = self.form.save(commit=not self.object.live)
        self.has_content_changes = self.form.has_changed()
        self.new_revision = story.save_revision(
            user=self.request.user,
            log_action=True,
            previous_revision=self.revision,
            clean=not self.saving_as_draft,
        )
        return story

    def get_success_message(self, instance: Story | None = None) -> str:
        return StoryScreen.get_success_message(self, instance)


class StoryPreviewOnCreateView(PreviewOnCreateView):
    """A preview before the first save: in the edition of the form."""

    def get_object(self) -> Story:
        code = self.request.GET.get("locale", "")
        return Story(locale=get_object_or_404(Locale, language_code=code))


class StoryWorkflowActionView(WorkflowActionView):
    """Approving from the home screen or the form's dialogue: the same words when it fails."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        before = self.object.version
        parent = super().post
        try:
            response = attempt(lambda: parent(request, *args, **kwargs), what=self.object)
        except NotDone as error:
            messages.error(request, error.message)
            return self._go_back(request)
        story = Story.objects.select_related("section", "locale").get(pk=self.object.pk)
        if story.version > before:
            messages.success(request, released_message(story))
        return response

    def _go_back(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            answer = {"step": "success", "redirect": self.redirect_url}
            return self.render_modal_json(request, answer)
        return redirect(self.redirect_url)


def reader_path(story: Story) -> str:
    """The path of the reader's page of a released story."""
    edition = story.locale.language_code
    section = story.section.slug if story.section else ""
    return story_path(edition, section, story.pk, slug_of(story.headline, edition=edition))


def released_message(story: Story) -> str:
    return format_html(
        "{} <a href='{}'>{}</a>",
        _("Released as version %(version)s:") % {"version": story.version},
        reader_path(story),
        story.headline,
    )


def scheduled_message(story: Story) -> str:
    if story.go_live_at and story.go_live_at > timezone.now():
        return _("Scheduled: “%(story)s” leaves at %(time)s.") % {
            "story": story,
            "time": agency_time(story.go_live_at),
        }
    return _("Draft saved: “%(story)s”.") % {"story": story}


def agency_time(moment: datetime) -> str:
    """Hour and date in the agency's zone, whatever zone the person reading chose."""
    local = moment.astimezone(ZoneInfo(settings.TIME_ZONE))
    return f"{local:%H:%M}, {date_format(local.date(), 'DATE_FORMAT')}"


def translate_url(story: Story, user: Any) -> str:
    """Where to begin this story in another edition; empty if it is in all, or may not."""
    if not user.has_perm(MAY_TRANSLATE) or not missing_editions(story).exists():
        return ""
    return reverse("newsroom_translate", args=[story.pk])
