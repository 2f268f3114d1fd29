"""Two versions of a story word by word, and an earlier one made the draft again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.snippets.views.snippets import RevisionsCompareView

from dateline.newsroom import claims, saving
from dateline.newsroom.claims import AnothersClaim, name_of
from dateline.newsroom.screens.history import Version, versions
from dateline.newsroom.screens.listing import newest_headline, short_time
from dateline.newsroom.screens.versions import Compared, compared
from dateline.newsroom.story import Story


class StoryCompareView(RevisionsCompareView):
    """Any two versions of a story, chosen on the screen, with who made each, when and why."""

    page_title = gettext_lazy("Compare versions")
    template_name = "newsroom/comparing.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.revision_id_a: str = self._number_of(kwargs["revision_id_a"])
        self.revision_id_b: str = self._number_of(kwargs["revision_id_b"])

    def get_object(self, queryset: Any = None) -> Story:
        stories = Story.objects.select_related("locale", "latest_revision")
        return get_object_or_404(stories.defer("latest_revision__content"), pk=self.pk)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = [request.GET.get(name, "") for name in ("before", "after")]
        if all(chosen):
            return redirect(self._url(*chosen))
        return super().get(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return newest_headline(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        before, after = self._version(self.revision_id_a), self._version(self.revision_id_b)
        return {
            **context,
            "story": self.object,
            "versions": self._versions,
            "before": before,
            "after": after,
            "any_changed": any(each.changed for each in context["comparison"]),
            "may_restore": not (
                self.object.killed_at or claims.is_locked(self.object, self.request.user)
            ),
        }

    def _get_revision_and_heading(self, number: str) -> tuple[Story, str]:
        """The version on this story, which is read already; what a screen calls it, it makes."""
        if not number.isdecimal():
            return super()._get_revision_and_heading(number)
        revision = get_object_or_404(self.object.revisions, pk=number)
        return self.object.with_content_json(revision.content), ""

    def _get_comparison(self, before: Story, after: Story) -> list[Compared]:
        return compared(before, after)

    def _number_of(self, name: str) -> str:
        """What an address calls latest, earliest or live, by its number."""
        match name:
            case "latest":
                return str(self.object.latest_revision_id or name)
            case "earliest":
                first = self.object.revisions.order_by("created_at", "pk").values_list("pk").first()
                return str(first[0]) if first else name
            case "live":
                return str(self.object.live_revision_id or name)
        return name

    @cached_property
    def _versions(self) -> list[Version]:
        shown = [int(each) for each in (self.revision_id_a, self.revision_id_b) if each.isdecimal()]
        return versions(self.object, with_numbers=shown)

    def _version(self, number: str) -> Version | None:
        return next((each for each in self._versions if str(each.number) == number), None)

    def _url(self, before: str, after: str) -> str:
        number = self.object.pk
        name = "wagtailsnippets_newsroom_story:revisions_compare"
        if not all(each.isdecimal() for each in (before, after)):
            messages.error(self.request, _("Only versions of this story can be compared."))
            before, after = "earliest", "latest"
        return reverse(name, args=[number, before, after])


@require_POST
def restore(request: HttpRequest, pk: int, revision: int) -> HttpResponse:
    """An earlier version as the newest draft; nobody's text is written over, and none is lost."""
    story = get_object_or_404(Story, pk=pk)
    user = request.user
    if not user.has_perm("newsroom.change_story") or claims.is_locked(story, user):
        raise PermissionDenied
    earlier = get_object_or_404(story.revisions.select_related("user"), pk=revision)
    try:
        with transaction.atomic():
            claim = claims.guard(story, by=request.user)
            made = saving.restore(story, earlier, by=request.user)
            claims.saved(claim, by=request.user, window="", revision=made)
    except AnothersClaim as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _restored(story, who=earlier.user, at=earlier.created_at))
    return redirect("wagtailsnippets_newsroom_story:edit", pk)


def _restored(story: Story, *, who: Any, at: Any) -> str:
    return _("Restored as a new version: “%(story)s”, as %(who)s had it at %(time)s.") % {
        "story": story,
        "who": name_of(who),
        "time": short_time(at, now=timezone.now()),
    }
