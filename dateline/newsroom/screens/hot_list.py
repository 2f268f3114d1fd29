"""The hot list on the screen: pick released stories, order them by drag or keys, say until when.

Everything works by buttons of one form, which is sent back with the list as it then is; the script
does the same in place. Only Save changes anything, and what was arranged is never lost: neither by
a mistake nor by somebody else's save, which is shown beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from dateline.newsroom import picks
from dateline.newsroom.clock import agency_time
from dateline.newsroom.documents import Edition, PickList
from dateline.newsroom.picks import MOST_PICKS, Choice, NotPickable, PicksChanged
from dateline.newsroom.story import Story

MAY_PICK = "newsroom.change_picklist"

SEEN_BY_READERS = 5

SEARCHED = timedelta(days=60)
"""What is picked is of late. An older story is found by its number; to look through a million
headlines for a word takes seconds."""

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A story on the screen. `until` is as the field has it, also when that is no time."""

    number: int
    headline: str
    released: str = ""
    until: str = ""
    there: bool = True


class HotListView(WagtailAdminTemplateMixin, View):
    page_title = gettext_lazy("Hot list")
    header_icon = "pick"
    template_name = "newsroom/hot_list.html"

    def dispatch(
        self, request: HttpRequest, *args: Any, code: str = "", place: str = "hot"
    ) -> HttpResponseBase:
        if not request.user.has_perm(MAY_PICK):
            raise PermissionDenied
        editions = Edition.objects.select_related("locale")
        if not code:
            first = editions.first()
            return redirect(_address(first.code) if first else "wagtailadmin_home")
        self.edition = get_object_or_404(editions, locale__language_code=code)
        self.place = PickList.Place(place)
        return super().dispatch(request, *args)

    def get(self, request: HttpRequest, *args: Any) -> HttpResponse:
        now = picks.picks_of(self.edition, self.place)
        found = self._found(request.GET.get("q", ""))
        return self._page(self._rows(now), seen=picks.state_of(now), found=found)

    def post(self, request: HttpRequest, *args: Any) -> HttpResponse:
        """A button: `do` is what it does, with the number of the story it is about."""
        rows, seen = self._posted(request.POST), request.POST.get("seen", "")
        what, _space, number = request.POST.get("do", "save").partition(" ")
        if what == "save":
            return self._save(rows, seen)
        if what == "theirs":
            return redirect(_address(self.edition.code, self.place))
        if number.isdecimal():
            rows = _arranged(rows, what, self._row(int(number)))
        found = self._found(request.POST.get("q", ""))
        return self._page(rows, seen=seen, found=found, changed=True)

    def _save(self, rows: list[Row], seen: str) -> HttpResponse:
        try:
            choices = [Choice(row.number, _moment(row.until)) for row in rows]
            picks.save(self.edition, self.place, choices, seen=seen, by=self.request.user)
        except PicksChanged as error:
            theirs = picks.picks_of(self.edition, self.place)
            messages.error(self.request, error.message)
            return self._page(
                rows,
                seen=picks.state_of(theirs),
                theirs=self._rows(theirs),
                by=error.facts["by"],
                at=agency_time(error.facts["at"]) if error.facts["at"] else "",
                changed=True,
                status=409,
            )
        except NotPickable as error:
            messages.error(self.request, error.message)
            return self._page(rows, seen=seen, changed=True)
        messages.success(self.request, _("Saved: readers have this list now."))
        return redirect(_address(self.edition.code, self.place))

    def _page(
        self, rows: list[Row], *, seen: str, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = self.get_context_data(
            rows=rows,
            seen=seen,
            most=MOST_PICKS,
            shown=SEEN_BY_READERS,
            query=self.request.POST.get("q", self.request.GET.get("q", "")),
            zone=settings.TIME_ZONE.replace("_", " "),
            tabs=self._tabs(),
            search_url=reverse("newsroom_hot_list_search", args=[self.edition.code]),
            action=_address(self.edition.code, self.place),
            **more,
        )
        return self.render_to_response(context, status=status)

    def get_page_subtitle(self) -> str:
        return f"{self.edition.name} · {self.place.label}"

    def _tabs(self) -> list[dict[str, Any]]:
        return [
            {
                "name": f"{edition.name} · {place.label}",
                "url": _address(edition.code, place),
                "current": (edition, place) == (self.edition, self.place),
            }
            for edition in Edition.objects.select_related("locale")
            for place in PickList.Place
        ]

    def _rows(self, choices: Sequence[Choice]) -> list[Row]:
        found = _stories([each.number for each in choices], self.edition)
        return [
            replace(_row_of(each.number, found), until=_field(each.until)) for each in choices
        ]

    def _posted(self, sent: QueryDict) -> list[Row]:
        numbers = [int(text) for text in sent.getlist("story") if text.isdecimal()][:100]
        found = _stories(numbers, self.edition)
        return [
            replace(_row_of(number, found), until=sent.get(f"until-{number}", "")[:40])
            for number in numbers
        ]

    def _row(self, number: int) -> Row:
        return _row_of(number, _stories([number], self.edition))

    def _found(self, query: str) -> list[Row]:
        return search(self.edition, query) if query.strip() else []


def searched(request: HttpRequest, code: str) -> JsonResponse:
    """Released stories with these words, for the script."""
    if not request.user.has_perm(MAY_PICK):
        raise PermissionDenied
    edition = get_object_or_404(
        Edition.objects.select_related("locale"), locale__language_code=code
    )
    found = search(edition, request.GET.get("q", ""))
    return JsonResponse(
        {
            "stories": [
                {"number": row.number, "headline": row.headline, "released": row.released}
                for row in found
            ]
        }
    )


def search(edition: Edition, query: str) -> list[Row]:
    """Released stories of an edition by words of the headline and their like, or by number; the
    newest first. With nothing asked, the newest."""
    query = " ".join(query.replace("\0", "").split())[:120]
    found = picks.pickable(edition)
    if query.isdecimal() and len(query) < 19:
        found = found.filter(pk=int(query))
    else:
        since = timezone.now() - SEARCHED
        found = found.filter(last_published_at__gte=since).matching(query)  # type: ignore[attr-defined]
    return [_row(story) for story in found.order_by("-last_published_at")[:MOST_FOUND]]


def _stories(numbers: Sequence[int], edition: Edition) -> dict[int, Story]:
    # A number too large for the column is no story's.
    known = [number for number in numbers if number < 2**63]
    return {story.pk: story for story in picks.pickable(edition).filter(pk__in=known)}


def _row_of(number: int, found: dict[int, Story]) -> Row:
    if number in found:
        return _row(found[number])
    headline = _("Story %(number)s, which readers do not have") % {"number": number}
    return Row(number, headline, there=False)


def _row(story: Story) -> Row:
    at = story.first_published_at
    return Row(story.pk, story.headline, agency_time(at) if at else "")


def _arranged(rows: list[Row], what: str, row: Row) -> list[Row]:
    """The list after a button: `add`, `off`, `up` or `down`."""
    numbers = [each.number for each in rows]
    if what == "add":
        return rows if row.number in numbers or not row.there else [*rows, row]
    if row.number not in numbers:
        return rows
    at = numbers.index(row.number)
    rest = [*rows]
    moved = rest.pop(at)
    match what:
        case "up":
            rest.insert(max(at - 1, 0), moved)
        case "down":
            rest.insert(at + 1, moved)
        case "off":
            return rest
        case _:
            return rows
    return rest


def _moment(text: str) -> datetime | None:
    """The time that a field has, in the agency's zone. Raises NotPickable if it is none."""
    if not text.strip():
        return None
    try:
        moment = parse_datetime(text.strip())
    except ValueError:
        moment = None
    if moment is None:
        raise NotPickable(_("“%(text)s” is no time: give a day and an hour.") % {"text": text})
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def _field(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return f"{moment.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m-%dT%H:%M}"


def _address(code: str, place: str = "hot") -> str:
    return reverse("newsroom_hot_list", args=[code, place])


class HotListMenuItem(MenuItem):
    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Hot list"),
            reverse_lazy("newsroom_hot_lists"),
            name="hot-list",
            icon_name="pick",
            order=15,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_PICK))
