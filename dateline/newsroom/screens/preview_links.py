"""Preview links: making one and taking it back at the desk; opening one outside."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe
from django.views.generic import View
from wagtail.admin import messages
from wagtail.images.models import AbstractImage, Rendition

from dateline import items
from dateline.newsroom import pictures, preview_links
from dateline.newsroom.clock import agency_time
from dateline.newsroom.preview import no_preview, preview
from dateline.newsroom.preview_links import HOURS, NoSuchLink, PreviewLink
from dateline.newsroom.rights import shown_in
from dateline.newsroom.screens.listing import newest_headline
from dateline.newsroom.screens.media import media
from dateline.newsroom.story import Story

MAY_WRITE = "newsroom.change_story"


class LinkForm(forms.Form):
    whom = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=120,
        help_text=gettext_lazy("It stands in the trail, and beside each opening."),
        error_messages={"required": gettext_lazy("Say for whom the link is.")},
    )
    hours = forms.TypedChoiceField(
        label=gettext_lazy("It ends after"), coerce=int, initial=24, choices=()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].choices = [(hours, _hours(hours)) for hours in HOURS]  # type: ignore[attr-defined]


class PreviewLinksView(View):
    """The links to one story: who has which, until when, and who opened it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(MAY_WRITE):
            raise PermissionDenied
        self.story = get_object_or_404(Story, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(LinkForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if revoked := request.POST.get("revoke", ""):
            link = get_object_or_404(
                PreviewLink, story=self.story, pk=int(revoked) if revoked.isdecimal() else 0
            )
            preview_links.revoke(link, by=request.user)
            messages.success(request, _("Taken back: the link shows nothing any more."))
            return redirect("newsroom_preview_links", pk=self.story.pk)
        form = LinkForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        link = preview_links.make(self.story, by=request.user, **form.cleaned_data)
        messages.success(
            request,
            _("The link is ready: copy it below. It ends at %(time)s.")
            % {"time": agency_time(link.expires_at)},
        )
        return redirect("newsroom_preview_links", pk=self.story.pk)

    def _page(self, form: LinkForm) -> HttpResponse:
        story = self.story
        context = {
            "page_title": _("Preview for outsiders"),
            "page_subtitle": newest_headline(story),
            "header_icon": "link",
            "story": story,
            "form": form,
            "links": [
                {"link": link, "url": settings.BASE_URL + open_path(link)}
                for link in preview_links.links_of(story)
            ],
            "back_url": reverse("wagtailsnippets_newsroom_story:edit", args=[story.pk]),
        }
        return TemplateResponse(self.request, "newsroom/preview_links.html", context)


@method_decorator(require_safe, name="dispatch")
class OpenView(View):
    """Where a link leads: the newest draft as the reader's page that it would be."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            link = preview_links.find(token)
        except NoSuchLink as error:
            return _private(no_preview(error.message))
        address = request.META.get("REMOTE_ADDR", "")
        agent = request.headers.get("User-Agent", "")
        preview_links.opened(link, address=address, agent=agent)
        draft: Story = link.story.get_latest_revision_as_object()
        return _private(preview(draft, pictured=lambda image: _behind(token, image)))


@require_safe
def picture(request: HttpRequest, token: str, pk: int) -> FileResponse | HttpResponse:
    """A picture of the story that a link shows; of no other."""
    try:
        link = preview_links.find(token)
    except NoSuchLink as error:
        raise Http404 from error
    draft: Story = link.story.get_latest_revision_as_object()
    shown = [each.image.pk for each in shown_in(draft)]
    rendition = get_object_or_404(Rendition, pk=pk, image__in=shown)
    return _private(media(request, rendition.file.name))


def open_path(link: PreviewLink) -> str:
    """The path of a link."""
    return reverse("newsroom_preview_open", args=[link.token])


def _behind(token: str, image: AbstractImage) -> tuple[items.Rendition, ...]:
    """The private renditions, under addresses that the link opens."""
    return pictures.private(
        image, address=lambda made: reverse("newsroom_preview_picture", args=[token, made.pk])
    )


def _private(response: Any) -> Any:
    """Kept by nobody, found by no search engine, and told to no page that it links to."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _hours(hours: int) -> str:
    if hours % 24 or hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}
