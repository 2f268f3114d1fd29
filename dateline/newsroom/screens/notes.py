"""Notes beside the form: a side panel, and adding one without saving the story.

`notes.js` sends a note and shows the thread anew; without it the same form posts and comes back.
"""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.ui.side_panels import BaseSidePanel

from dateline.errors import DatelineError
from dateline.newsroom import desks, notes, notices
from dateline.newsroom.notes import StoryNote
from dateline.newsroom.screens.listing import name_of, short_time
from dateline.newsroom.screens.translating import edit_url
from dateline.newsroom.story import Story

MOST = 200
"""Notes shown of one story, the newest; a story with more has other troubles."""

MOST_NAMES = 8


class NotesSidePanel(BaseSidePanel):
    """What colleagues said about the story, and a box to answer."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = gettext_lazy("Toggle notes")
        icon_name = "comment"

        def get_context_data(self, parent_context: Any) -> Any:
            context = super().get_context_data(parent_context)
            context["count"] = len(self.panel.thread)
            return context

    name = "notes"
    title = gettext_lazy("Notes")
    template_name = "newsroom/side_panels/notes.html"
    order = 120

    class Media:
        # As a module it runs when the page is there: the panel stands after it.
        js = [forms.Script("newsroom/notes.js", type="module")]

    def __init__(self, story: Story, request: HttpRequest) -> None:
        super().__init__(story, request)
        self.thread = thread_of(story)
        notices.mark_story_read(request.user, story)

    def get_context_data(self, parent_context: Any) -> Any:
        context = super().get_context_data(parent_context)
        context |= {"story": self.object, "thread": self.thread, "longest": notes.LONGEST}
        # A component has a context of its own, without what a request brings.
        return {**context, "csrf_token": get_token(self.request)}


def thread_of(story: Story) -> list[dict[str, Any]]:
    """A story's notes, oldest first, as a screen shows them: two queries, however many."""
    newest = StoryNote.objects.filter(story=story.pk).select_related("by").order_by("-pk")[:MOST]
    found = list(reversed(newest))
    named = notes.mentioned(*(note.text for note in found))
    people = {user.get_username().casefold(): name_of(user) for user in named}
    now = timezone.now()
    return [
        {
            "number": note.pk,
            "who": name_of(note.by),
            "at": note.at,
            "time": short_time(note.at, now=now),
            "html": notes.html_of(note.text, people),
        }
        for note in found
    ]


@require_POST
def add_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a note to a story; the story is not saved, and need not be."""
    story = _story(request, pk)
    text = request.POST.get("text", "")
    by_script = not request.accepts("text/html")
    try:
        notes.add(story, text, by=request.user)
    except DatelineError as error:
        if by_script:
            raise
        # Nothing typed is lost: it stands in the box, with the reason over it.
        context = {"page_title": gettext_lazy("Notes"), "story": story, "text": text}
        context |= {"error": error, "thread": thread_of(story), "longest": notes.LONGEST}
        context |= {"header_icon": "comment", "back_url": edit_url(story)}
        return TemplateResponse(request, "newsroom/notes.html", context, status=400)
    if not by_script:
        return redirect(edit_url(story))
    thread = thread_of(story)
    html = render_to_string("newsroom/notes/thread.html", {"thread": thread})
    return JsonResponse({"html": html, "count": len(thread)})


def people(request: HttpRequest) -> JsonResponse:
    """People whose name begins with `q`, for those who write notes; the desk's own first."""
    _refuse_strangers(request)
    query = request.GET.get("q", "").replace("\0", "")[:60]
    desk = request.GET.get("desk", "")
    of = desks.Desk.objects.filter(pk=int(desk)).first() if desk.isdecimal() else None
    begins = (
        Q(username__istartswith=query)
        | Q(first_name__istartswith=query)
        | Q(last_name__istartswith=query)
    )
    found = desks.people(of).filter(begins)[:MOST_NAMES]
    names = [{"user": user.get_username(), "name": name_of(user)} for user in found]
    return JsonResponse({"people": names})


def _story(request: HttpRequest, pk: int) -> Story:
    _refuse_strangers(request)
    return get_object_or_404(Story.objects.defer("body", "search_text"), pk=pk)


def _refuse_strangers(request: HttpRequest) -> None:
    if not request.user.has_perm("newsroom.change_story"):
        raise PermissionDenied
