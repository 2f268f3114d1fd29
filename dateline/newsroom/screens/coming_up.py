"""Coming up: what leaves, is shown to readers or comes down at a time, what did not leave, and how
late the newest were.

The page works without scripts; `coming_up.js` keeps it as it is now.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from dateline.newsroom import coming_up, embargo, punctuality
from dateline.newsroom.clock import AgencyTimeField, agency_time
from dateline.newsroom.punctuality import What
from dateline.newsroom.screens.attempts import NotDone, all_or_nothing
from dateline.newsroom.screens.editing import released_message
from dateline.newsroom.story import Story

MAY_RELEASE = "newsroom.publish_story"
MAY_SEE = "newsroom.change_story"

LABELS = {
    What.RELEASE: gettext_lazy("leaves"),
    What.LIFT: gettext_lazy("readers get it"),
    What.EXPIRE: gettext_lazy("comes down"),
}


class ComingUpView(View):
    """The screen, and what is done from its rows."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(MAY_SEE):
            raise PermissionDenied
        part = "part" in request.GET
        template = "newsroom/coming_up/rows.html" if part else "newsroom/coming_up/page.html"
        response = TemplateResponse(request, template, self._context(request))
        if part:
            response["Cache-Control"] = "no-store"
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(MAY_RELEASE):
            raise PermissionDenied
        given = request.POST.get("number", "")
        number = int(given) if given.isdecimal() else 0
        try:
            with all_or_nothing(number):
                said = self._do(request.POST.get("do", ""), number)
            messages.success(request, said)
        except NotDone as error:
            messages.error(request, error.message)
        return redirect("newsroom_coming_up")

    def _do(self, deed: str, number: int) -> str:
        by = self.request.user
        match deed:
            case "now":
                return released_message(coming_up.release_now(number, by=by))
            case "move":
                at = _time(self.request.POST.get("at", ""))
                story = coming_up.move(number, at, by=by)
                return _("“%(story)s” leaves at %(time)s.") % {
                    "story": story.latest_revision.object_str if story.latest_revision else story,
                    "time": agency_time(at),
                }
            case "off":
                coming_up.call_off(number, by=by)
                return _("Taken off the schedule. The text is a draft.")
            case "lift":
                held = Story.objects.filter(pk=number).first()
                if held is None:
                    raise NotDone(_("There is no such story."))
                return released_message(embargo.lift(held, by=by))
            case "seen":
                punctuality.seen(number, by=by)
                return _("Noted that you have seen it.")
        raise NotDone(_("Choose what to do with the story."))

    @cached_property
    def _newest(self) -> list[punctuality.Departure]:
        return punctuality.newest()

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "page_title": _("Coming up"),
            "header_icon": "time",
            "rows": [
                {"plan": each, "label": LABELS[each.what], "overdue": each.at < timezone.now()}
                for each in coming_up.planned()
            ],
            "missed": list(punctuality.unseen()[:100]),
            "departures": self._newest,
            "lateness": punctuality.lateness(self._newest),
            "may_release": request.user.has_perm(MAY_RELEASE),
        }


def _time(text: str) -> Any:
    # What a browser's own field for times sends has a T.
    try:
        return AgencyTimeField().clean(text.replace("T", " "))
    except ValidationError as error:
        raise NotDone(" ".join(error.messages)) from error


class MissedPanel(Component):
    """On the home screen while something did not leave at its time."""

    order = 50
    template_name = "newsroom/home/missed.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"missed": list(punctuality.unseen()[:5])}


def missed_panel() -> list[MissedPanel]:
    return [MissedPanel()] if punctuality.unseen().exists() else []


class ComingUpMenuItem(MenuItem):
    def __init__(self) -> None:
        address = reverse_lazy("newsroom_coming_up")
        super().__init__(
            gettext_lazy("Coming up"), address, name="coming-up", icon_name="time", order=13
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_SEE))
