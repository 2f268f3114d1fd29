"""What a person was told: a bell with a count on every screen, and the list it leads to."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from dateline.newsroom import notices
from dateline.newsroom.notices import Notice
from dateline.newsroom.screens.listing import name_of, newest_headline, short_time
from dateline.newsroom.screens.translating import edit_url

MOST = 100


@require_http_methods(["GET", "POST"])
def notice_list(request: HttpRequest) -> HttpResponse:
    """A person's own notices, the newest first. A post notes that they are read: one, or all."""
    if request.method == "POST":
        number = request.POST.get("notice", "")
        notices.mark_read(request.user, [int(number)] if number.isdecimal() else None)
        return redirect("newsroom_notices")
    now = timezone.now()
    rows = [_row(notice, now) for notice in _newest(request.user)]
    context = {
        "page_title": _("Notices"),
        "header_icon": "bell",
        "rows": rows,
        "unread": sum(row["new"] for row in rows),
    }
    return TemplateResponse(request, "newsroom/notices.html", context)


@require_GET
def unread(request: HttpRequest) -> JsonResponse:
    """How many are new, for the bell of a screen that stays open."""
    return JsonResponse({"unread": notices.unread(request.user)})


def _newest(user: Any) -> QuerySet[Notice]:
    own = Notice.objects.filter(user=user).select_related("by", "story__latest_revision")
    return own.defer(
        "story__body", "story__search_text", "story__latest_revision__content"
    ).order_by("-pk")[:MOST]


def _row(notice: Notice, now: Any) -> dict[str, Any]:
    return {
        "number": notice.pk,
        "new": notice.read_at is None,
        "at": notice.at,
        "time": short_time(notice.at, now=now),
        "who": name_of(notice.by),
        "did": notice.get_kind_display(),
        "headline": newest_headline(notice.story),
        "url": edit_url(notice.story),
        "text": notice.text,
    }


class BellMenuItem(MenuItem):
    """The count is a fact of the link, which `bell.js` keeps up to date."""

    def __init__(self) -> None:
        address = reverse_lazy("newsroom_notices")
        super().__init__(_("Notices"), address, name="notices", icon_name="bell", order=6)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("newsroom.change_story"))

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        # Made anew: one menu item serves all people.
        return LinkMenuItem(
            self.name,
            self.label,
            self.url,
            icon_name=self.icon_name,
            classname=self.classname,
            attrs={"data-notices": str(notices.unread(request.user) or "")},
        )
