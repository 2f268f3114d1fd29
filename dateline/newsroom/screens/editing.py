"""Writing, changing and releasing a story: Wagtail's create and edit screens, in our words.

The draft is saved first, in its own transaction. What then fails in releasing it leaves the draft
saved and everything else as it was, and the editor is told why.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.views.generic import RevisionsRevertMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import Locale, Revision
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    PreviewOnCreateView,
    WorkflowActionView,
)

from dateline.addresses import slug_of, story_path
from dateline.newsroom import claims, saving
from dateline.newsroom.claims import AnothersClaim, Claim
from dateline.newsroom.clock import agency_time
from dateline.newsroom.documents import Edition
from dateline.newsroom.embargo import Why, is_public
from dateline.newsroom.release import refuse_unseen
from dateline.newsroom.saving import Content, StaleSave
from dateline.newsroom.screens import gathering
from dateline.newsroom.screens.attempts import NotDone, attempt
from dateline.newsroom.screens.claiming import (
    kept_url,
    reading_html,
    state_of,
    text_mark,
)
from dateline.newsroom.screens.notes import NotesSidePanel
from dateline.newsroom.screens.placing import prepare
from dateline.newsroom.screens.translating import (
    MAY_TRANSLATE,
    SourceSidePanel,
    edit_url,
    in_editions,
    missing_editions,
)
from dateline.newsroom.screens.typed import joined_fields, keep_unsaved, typed
from dateline.newsroom.screens.window import Basis, received, window_of
from dateline.newsroom.story import ReleaseBypassed, Story

RELEASES = ("publish", "workflow-action")
"""Actions of the form that may release the story."""


class StoryScreen:
    """What creating and editing have in common."""

    @property
    def error_message(self) -> str:
        if getattr(self, "action", "") in RELEASES:
            return _("Not released yet: look at the fields marked below.")
        return _("Not saved yet: look at the fields marked below.")

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
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            received(self.request)
            self._leave(response)
            return response
        except ValidationError as error:
            # What the model refuses and no field of the form does.
            form.add_error(None, error)
            return self._not_saved(form, "validation_error", str(self.error_message))
        except ReleaseBypassed as error:
            # The story was released or killed between our reading it and saving it.
            message = _("Someone else released this story a moment ago. Save again to keep yours.")
            return self._not_saved(form, error.code, message)

    def _leave(self, response: HttpResponse) -> None:
        """Whoever released the story or sent it on has left its form: the next may open it."""
        if self.action in (*RELEASES, "submit") and response.status_code == 302:
            claims.let_go(self.object, by=self.request.user)

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
        return self._edition_name

    @cached_property
    def _edition_name(self) -> str:
        return str(Edition.objects.get(locale=self.locale).name)

    def get_initial_form_instance(self) -> Story:
        story: Story = super().get_initial_form_instance()
        story.created_by = self.request.user
        gathering.begin(story)
        prepare(story, self.request)
        return story

    def get_preview_url(self) -> str:
        return str(self._set_locale_query_param(super().get_preview_url()))

    def save_instance(self) -> Story:
        story: Story = super().save_instance()
        window = Basis.of(self.request.POST).window
        claim, _kept = claims.open_story(
            story, by=self.request.user, keep=keep_unsaved, window=window
        )
        claim.pinned = None  # Nobody else has begun with it yet.
        claims.saved(claim, by=self.request.user, window=window, revision=self.new_revision)
        return story


class ClaimedScreen:
    """The form of a story that is claimed: no save goes over another's text, whoever is last.

    A save by who does not hold the story is kept beside; one of a form that is older than the
    newest version is joined with that, by itself or, where both changed the same, by a person.
    """

    # From Wagtail's views, which this is mixed into.
    request: HttpRequest
    object: Story
    live_object: Story
    action: str
    expects_json_response: bool
    locked_for_user: bool
    new_revision: Revision
    view_name: str
    get_edit_url: Callable[[], str]
    json_error_response: Callable[[str, str], HttpResponse]
    _not_saved: Callable[[Any, str, str], HttpResponse]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.locked_for_user:
            return super().get(request, *args, **kwargs)  # type: ignore[misc]
        claim, kept = claims.open_story(
            self.live_object, by=request.user, keep=keep_unsaved, window=window_of(request)
        )
        if claim.is_anothers(request.user):
            return self._read_along(claim)
        if kept:
            messages.warning(
                request,
                _("%(who)s left text that was not saved. It is kept as a version.")
                % {"who": claims.name_of(kept.user)},
                buttons=[messages.button(kept_url(self.live_object, kept), _("See it"))],
            )
            return redirect(request.get_full_path())
        return super().get(request, *args, **kwargs)  # type: ignore[misc]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        claim = claims.of(self.live_object)
        if claim and claim.is_anothers(request.user):
            return self._keep_beside(claim)
        return super().post(request, *args, **kwargs)  # type: ignore[misc]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except AnothersClaim:
            claim = claims.of(self.live_object)
            assert claim is not None, "Somebody has it."
            return self._keep_beside(claim)
        except StaleSave as error:
            if self.expects_json_response:
                return self.json_error_response("invalid_revision", error.message)
            return self._join(form)

    def save_instance(self) -> Story:
        """Wagtail's own, if nobody else has the story or saved it: asked in its transaction."""
        claim = claims.guard(self.live_object, by=self.request.user)
        if self._is_behind(claim):
            raise StaleSave(_("Somebody saved this story since it was opened here."))
        story = self.save_own()
        window = Basis.of(self.request.POST).window
        claims.saved(claim, by=self.request.user, window=window, revision=self.new_revision)
        return story

    def _is_behind(self, claim: Claim) -> bool:
        """Is there text in the story that this form has not seen? A release by code, say, makes a
        version in which nothing differs, and hinders nobody."""
        newest = _newest_of(self.live_object)
        if newest is None:
            return False
        moved = newest.pk != self.object.latest_revision_id
        if not moved and not Basis.of(self.request.POST).is_stale(newest, claim=claim):
            return False
        base = self._base_content()
        return base is None or saving.differ(base, newest.content, fields=joined_fields())

    def _base_content(self) -> Content | None:
        """What this form was opened on; of one that does not say, what was read for this save."""
        basis = Basis.of(self.request.POST)
        if basis.revision is None:
            basis = Basis(self.object.latest_revision_id)
        return basis.content(self.live_object)

    def save_own(self) -> Story:
        story: Story = super().save_instance()  # type: ignore[misc]
        return story

    @cached_property
    def is_out_of_date(self) -> bool:
        """Wagtail asks before its autosave; by the same rule as every save."""
        claim = claims.of(self.live_object)
        return claim is not None and self._is_behind(claim)

    @cached_property
    def overwrite_revision(self) -> Revision | None:
        """The version that autosave writes over: not one that another form was opened on."""
        revision: Revision | None = super().overwrite_revision  # type: ignore[misc]
        claim = claims.of(self.live_object)
        if revision and claim and claim.pinned == revision.pk:
            return None
        return revision

    def get_editing_sessions(self) -> None:
        """Wagtail's notices of who else is here; claims say it, and more."""
        return

    def _read_along(self, claim: Claim) -> HttpResponse:
        story = self.live_object
        context = {
            "story": story,
            "claim": claim,
            "holder": claims.name_of(claim.user),
            "state": state_of(story, self.request, claim=claim),
            "html": reading_html(story, claim, draft=self.object),
            "mark": text_mark(story, claim),
            "page_title": _("Reading along"),
            "page_subtitle": str(self.object),
            "header_icon": "view",
        }
        return TemplateResponse(self.request, "newsroom/claims/reading.html", context)

    def _keep_beside(self, claim: Claim) -> HttpResponse:
        """Another has the story: what was sent is a version of its own, and both are shown."""
        holder = claims.name_of(claim.user)
        message = _("%(holder)s has this story now, so this was not saved over their text.") % {
            "holder": holder
        }
        if self.expects_json_response:
            return self.json_error_response("locked", message)
        user = self.request.user
        draft = typed(self.live_object, self.request.POST, by=user)
        with transaction.atomic():
            kept = saving.keep_beside(
                self.live_object, draft.draft_content(), by=user, fields=joined_fields()
            )
        received(self.request)
        messages.warning(self.request, f"{message} {_('Your text is kept as a version.')}")
        return redirect(kept_url(self.live_object, kept))

    def _join(self, form: Any) -> HttpResponse:
        """Somebody else saved since this form was opened."""
        received(self.request)
        form.apply()
        story = Story.objects.get(pk=self.live_object.pk)
        mine = form.instance.draft_content()
        base, fields = self._base_content(), joined_fields()
        with transaction.atomic():
            claim = claims.guard(story, by=self.request.user)
            theirs = _newest_of(story)
            assert theirs is not None, "It was this version that made the save a stale one."
            joined = saving.join(base, theirs.content, mine, fields=fields)
            if joined.conflicts:
                kept = saving.keep_beside(story, mine, by=self.request.user, fields=fields)
                number = Basis.of(self.request.POST).revision or self.object.latest_revision_id
                return redirect(
                    "newsroom_conflict", pk=story.pk, mine=kept.pk, base=number if base else 0
                )
            revision = saving.save_draft(story, joined.content, by=self.request.user)
            claims.saved(claim, by=self.request.user, window="", revision=revision)
        said = _("Saved together with what %(who)s saved meanwhile.") % {
            "who": claims.name_of(theirs.user)
        }
        if self.action in RELEASES or self.action == "submit":
            said = f"{said} {_('Not released: read it as it is now, then release it.')}"
        messages.warning(self.request, said)
        return redirect(self.get_edit_url())


class StoryEditView(ClaimedScreen, StoryScreen, EditView):
    queryset = gathering.stories()
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self._opening = request.method in ("GET", "HEAD")
        self._opened: Story | None = None
        super().setup(request, *args, **kwargs)

    def get_object(self, queryset: Any = None) -> Story:
        """Wagtail reads it twice for each answer; a form that is opened reads it once."""
        if self._opened is None or not self._opening:
            self._opened = super().get_object(queryset)
            if self._opening:
                gathering.share(self.live_object, self._opened)
        return self._opened

    @cached_property
    def workflow_state(self) -> Any:
        """The review that it is in, else the last it was in."""
        if not self._opening:
            return super().workflow_state
        return self.object.current_workflow_state or self.object.last_review

    def get_usage_url(self) -> None:
        """Nothing refers to a story but what its form shows, and to count costs a question."""

    def get_translations(self) -> list[dict[str, Any]]:
        return [
            {"locale": other.locale, "url": edit_url(other)}
            for other in in_editions(self.object).others
            if other.pk != self.object.pk
        ]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = [each for each in super().header_more_buttons if self._offers(each)]
        buttons += [
            Button(_("Translate"), url=url, icon_name="globe", priority=15)
            for url in filter(None, [translate_url(self.object, self.request.user)])
        ]
        if self.live_object.latest_revision_id:
            url = compare_url(self.live_object)
            buttons.append(Button(_("Compare versions"), url=url, icon_name="copy", priority=12))
        if is_public(self.live_object):
            path = reader_path(self.live_object)
            buttons.append(Button(_("Reader's page"), url=path, icon_name="view", priority=5))
        url = reverse("newsroom_preview_links", args=[self.object.pk])
        buttons.append(Button(_("Preview for outsiders"), url=url, icon_name="link", priority=18))
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
        return ClaimedScreen.save_instance(self)

    def save_own(self) -> Story:
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


def _newest_of(story: Story) -> Revision | None:
    """The newest version as it is in the database now, whatever was read before."""
    number = Story.objects.values_list("latest_revision_id", flat=True).get(pk=story.pk)
    return Revision.objects.select_related("user").filter(pk=number).first()


def compare_url(story: Story) -> str:
    """What readers have beside the draft; of a story that they have not, its first version."""
    first = "live" if story.live else "earliest"
    name = "wagtailsnippets_newsroom_story:revisions_compare"
    return reverse(name, args=[story.pk, first, "latest"])


def reader_path(story: Story) -> str:
    """The path of the reader's page of a released story."""
    edition = story.locale.language_code
    section = story.section.slug if story.section else ""
    return story_path(edition, section, story.pk, slug_of(story.headline, edition=edition))


def released_message(story: Story) -> str:
    """What was done, for whoever did it: with the reader's page, if readers have it."""
    if story.held_until:
        return held_message(story)
    return format_html(
        "{} <a href='{}'>{}</a>",
        _("Released as version %(version)s:") % {"version": story.version},
        reader_path(story),
        story.headline,
    )


def held_message(story: Story) -> str:
    """Clients have it; when readers get it, and why not before."""
    told = {
        "version": story.version,
        "story": story.headline,
        "time": agency_time(story.held_until) if story.held_until else "",
    }
    if story.held_why == Why.EMBARGO:
        said = _(
            "Clients have version %(version)s under embargo: “%(story)s”. "
            "Readers get it at %(time)s."
        )
        return said % told
    return _("Clients have version %(version)s: “%(story)s”. Readers get it at %(time)s.") % told


def scheduled_message(story: Story) -> str:
    if story.go_live_at and story.go_live_at > timezone.now():
        return _("Scheduled: “%(story)s” leaves at %(time)s.") % {
            "story": story,
            "time": agency_time(story.go_live_at),
        }
    return _("Draft saved: “%(story)s”.") % {"story": story}


def translate_url(story: Story, user: Any) -> str:
    """Where to begin this story in another edition; empty if it is in all, or may not."""
    if not user.has_perm(MAY_TRANSLATE) or not missing_editions(story):
        return ""
    return reverse("newsroom_translate", args=[story.pk])
