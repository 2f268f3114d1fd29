"""A desk's board: its stories by state, newest first, and what is mine and urgent among them.

The board is a page that works without scripts; `board.js` asks it what moved. The cards are made
once for a version of the board and kept for all who look at it; what is one person's own is marked
when it is sent. No query here depends on how many stories the desk ever released.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.utils import set_query_params
from wagtail.models import WorkflowState

from dateline.newsroom import templates
from dateline.newsroom.desks import Desk, DeskMember, own_desk
from dateline.newsroom.documents import Edition
from dateline.newsroom.notes import StoryNote
from dateline.newsroom.reviewing import Stage
from dateline.newsroom.screens.listing import name_of, newest_headline, short_time
from dateline.newsroom.screens.states import LABELS, State, scheduled, story_type
from dateline.newsroom.story import Story

A_COLUMN = 30
"""Cards of a column: what a desk can have in hand. Older ones are in the list, a link away."""

PASSED = 15
"""Cards of the columns whose work is done."""

URGENT = 3
"""IPTC urgency up to which a story is urgent."""

KEPT_S = 60
"""How long a made board is kept: its times say "overdue", which no change announces."""

COLUMNS = (
    State.DRAFT, State.IN_REVIEW, State.READY, State.SCHEDULED, State.RELEASED, State.KILLED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """A story on a board."""

    number: int
    headline: str
    state: State
    at: datetime
    edition: str
    section: str
    urgency: int
    who: str
    people: tuple[int, ...]
    url: str
    due_at: datetime | None = None
    leaves_at: datetime | None = None
    readers_at: datetime | None = None
    """Set while only clients have it."""
    mark: str = ""
    notes: int = 0

    @property
    def urgent(self) -> bool:
        return self.urgency <= URGENT

    @property
    def flash(self) -> bool:
        return self.urgency == Story.Urgency.FLASH

    @property
    def time(self) -> str:
        return short_time(self.at, now=timezone.now())

    @property
    def due(self) -> str:
        return short_time(self.due_at, now=timezone.now()) if self.due_at else ""

    @property
    def notes_said(self) -> str:
        said = ngettext("%(count)s note", "%(count)s notes", self.notes)
        return said % {"count": self.notes}

    @property
    def overdue(self) -> bool:
        passed = self.state in (State.RELEASED, State.KILLED)
        return self.due_at is not None and not passed and self.due_at < timezone.now()

    @property
    def leaves(self) -> str:
        return short_time(self.leaves_at, now=timezone.now()) if self.leaves_at else ""

    @property
    def readers(self) -> str:
        return short_time(self.readers_at, now=timezone.now()) if self.readers_at else ""


@dataclass(frozen=True, slots=True)
class ColumnOfCards:
    state: State
    cards: list[Card]
    more_url: str

    @property
    def name(self) -> str:
        return str(LABELS[self.state])

    @property
    def full(self) -> bool:
        return len(self.cards) >= _room(self.state)


def columns(desk: Desk) -> list[ColumnOfCards]:
    """The board of a desk as it is now."""
    waiting = Waiting.on(desk)
    stories = {
        State.DRAFT: _drafts(desk, waiting),
        State.RELEASED: _released(desk, waiting),
        State.KILLED: _killed(desk),
        **_waiting_stories(waiting),
    }
    notes = _note_counts(story.pk for found in stories.values() for story in found)
    return [
        ColumnOfCards(
            state,
            [_card(story, state, waiting, notes.get(story.pk, 0)) for story in stories[state]],
            _list_url(desk, state),
        )
        for state in COLUMNS
    ]


@dataclass(slots=True)
class Waiting:
    """Stories of a desk that wait for something: for review, for release, for their time.

    Found from what waits in the whole newsroom, which is little, and not from what lies on the
    desk, which may be hundreds of thousands.
    """

    state: dict[int, State] = field(default_factory=dict)
    leaves_at: dict[int, datetime] = field(default_factory=dict)
    asked_for_changes: set[int] = field(default_factory=set)

    @classmethod
    def on(cls, desk: Desk) -> Waiting:
        found = cls()
        for number, status, stage in _reviews():
            if status == WorkflowState.STATUS_NEEDS_CHANGES:
                found.asked_for_changes.add(int(number))
            else:
                ready = stage == Stage.READY
                found.state[int(number)] = State.READY if ready else State.IN_REVIEW
        for number, at in scheduled().values_list("object_id", "approved_go_live_at"):
            found.state[int(number)], found.leaves_at[int(number)] = State.SCHEDULED, at
        here = _lying_on(desk, found.state)
        found.state = {number: state for number, state in found.state.items() if number in here}
        return found

    def numbers(self, state: State) -> list[int]:
        return [number for number, each in self.state.items() if each == state]


def _reviews() -> QuerySet[WorkflowState, Any]:
    # The two statuses are those of Wagtail's own partial index: no finished review is looked at.
    active = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)
    return WorkflowState.objects.filter(
        base_content_type=story_type(), status__in=active
    ).values_list("object_id", "status", "current_task_state__task__desktask__stage")


def _lying_on(desk: Desk, numbers: Iterable[int]) -> set[int]:
    # The desk is compared here: asked in the query, it is an index that a planner may prefer.
    rows = Story.objects.filter(pk__in=list(numbers), killed_at=None).order_by()
    return {number for number, on in rows.values_list("pk", "desk") if on == desk.pk}


def _stories(**facts: Any) -> QuerySet[Story]:
    return (
        Story.objects.filter(**facts)
        .select_related("section", "locale", "assignee", "created_by", "latest_revision__user")
        .defer("body", "search_text", "summary", "latest_revision__content")
    )


def _drafts(desk: Desk, waiting: Waiting) -> list[Story]:
    """What is being written, and what is being changed after its release."""
    drafts = _stories(desk=desk, live=False, killed_at=None, withheld_at=None)
    changed = _stories(desk=desk, live=True, has_unpublished_changes=True)
    found = [
        story
        for each in (drafts, changed)
        for story in each.exclude(pk__in=waiting.state).order_by("-updated_at")[:A_COLUMN]
    ]
    return sorted(found, key=lambda story: story.updated_at, reverse=True)[:A_COLUMN]


def _released(desk: Desk, waiting: Waiting) -> list[Story]:
    live = _stories(desk=desk, live=True).order_by("-last_published_at")
    # Some of the newest may be in hand again, and then stand where they are worked on.
    newest = live[: PASSED + A_COLUMN]
    passed = [s for s in newest if not s.has_unpublished_changes and s.pk not in waiting.state]
    return passed[:PASSED]


def _killed(desk: Desk) -> list[Story]:
    """What was taken from readers: for ever, or for now."""
    killed = _stories(desk=desk, killed_at__isnull=False).order_by("-killed_at")[:PASSED]
    withheld = _stories(withheld_at__isnull=False).order_by("-withheld_at")[:PASSED]
    gone = [*killed, *(story for story in withheld if story.desk_id == desk.pk)]
    return sorted(gone, key=_taken_at, reverse=True)[:PASSED]


def _taken_at(story: Story) -> datetime:
    return story.killed_at or story.withheld_at or story.updated_at


def _waiting_stories(waiting: Waiting) -> dict[State, list[Story]]:
    found: dict[State, list[Story]] = {
        State.IN_REVIEW: [], State.READY: [], State.SCHEDULED: []
    }  # fmt: skip
    for story in _stories(pk__in=list(waiting.state)).order_by("-updated_at")[: 3 * A_COLUMN]:
        found[waiting.state[story.pk]].append(story)
    found[State.SCHEDULED].sort(key=lambda story: waiting.leaves_at[story.pk])
    return {state: stories[:A_COLUMN] for state, stories in found.items()}


def _note_counts(numbers: Iterable[int]) -> dict[int, int]:
    rows = StoryNote.objects.filter(story__in=list(numbers)).order_by().values("story")
    return dict(rows.annotate(count=Count("pk")).values_list("story", "count"))


def _card(story: Story, state: State, waiting: Waiting, notes: int) -> Card:
    revision = story.latest_revision
    people = (story.assignee_id, story.created_by_id, revision.user_id if revision else None)
    at = {State.RELEASED: story.last_published_at, State.KILLED: _taken_at(story)}.get(state)
    return Card(
        number=story.pk,
        headline=newest_headline(story),
        state=state,
        at=at or story.updated_at,
        edition=story.locale.language_code.upper(),
        section=story.section.name if story.section else "",
        urgency=story.urgency,
        who=name_of(story.assignee or story.created_by),
        people=tuple({number: None for number in people if number}),
        url=reverse("wagtailsnippets_newsroom_story:edit", args=[story.pk]),
        due_at=story.due_at,
        leaves_at=waiting.leaves_at.get(story.pk),
        readers_at=story.held_until if state == State.RELEASED else None,
        mark=_mark(story, state, waiting),
        notes=notes,
    )


def _mark(story: Story, state: State, waiting: Waiting) -> str:
    if state == State.DRAFT and story.pk in waiting.asked_for_changes:
        return "changes"
    if state == State.KILLED and story.withheld_at:
        return "withheld"
    return "again" if story.live and state != State.RELEASED else ""


def _room(state: State) -> int:
    return PASSED if state in (State.RELEASED, State.KILLED) else A_COLUMN


def _list_url(desk: Desk, state: State) -> str:
    address = reverse("wagtailsnippets_newsroom_story:list")
    return set_query_params(address, {"desk": desk.pk, "state": str(state)})


# --- the page ------------------------------------------------------------------------------------


SHOWN = {"all": _("All"), "mine": _("Mine"), "urgent": _("Urgent")}


def board(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The board of a desk; without one, of the person's own."""
    _refuse_strangers(request)
    if not slug:
        return _own_board(request)
    desk = get_object_or_404(Desk.objects.select_related("edition__locale"), slug=slug)
    shown = request.GET.get("show", "all")
    context = {
        "page_title": desk.name,
        "header_icon": "tasks",
        "desk": desk,
        "desks": _desks(request.user),
        "columns": columns_html(desk, user=request.user),
        "version": desk.board_version,
        "shown": shown if shown in SHOWN else "all",
        "choices": SHOWN.items(),
        "begin": _beginnings(request, desk),
    }
    return TemplateResponse(request, "newsroom/board/page.html", context)


def moves(request: HttpRequest, slug: str) -> HttpResponse:
    """What moved since a version of the board: nothing (204), or the board as it is now.

    One look at the desk's row, found by its address, says whether anything did.
    """
    _refuse_strangers(request)
    desk = get_object_or_404(Desk, slug=slug)
    if request.GET.get("version") == str(desk.board_version):
        return HttpResponse(status=204)
    html = columns_html(desk, user=request.user)
    return JsonResponse({"version": desk.board_version, "html": html})


def columns_html(desk: Desk, *, user: Any) -> SafeString:
    """The board's columns, with what is this person's own marked."""
    key = f"board-{desk.pk}-{desk.board_version}-{get_language()}"
    html = cache.get(key)
    if html is None:
        html = render_to_string("newsroom/board/columns.html", {"columns": columns(desk)})
        cache.set(key, html, KEPT_S)
    return mark_safe(html.replace(f"data-of-{user.pk} ", "data-mine "))  # noqa: S308


def _refuse_strangers(request: HttpRequest) -> None:
    if not request.user.has_perm("newsroom.change_story"):
        raise PermissionDenied


def _own_board(request: HttpRequest) -> HttpResponse:
    desk = own_desk(request.user) or Desk.objects.first()
    if desk is None:
        context = {"page_title": _("Board"), "header_icon": "tasks"}
        return TemplateResponse(request, "newsroom/board/none.html", context)
    return redirect("newsroom_board", desk.slug)


def _desks(user: Any) -> list[Desk]:
    """All of them, a person's own first."""
    own = set(DeskMember.objects.filter(user=user).values_list("desk", flat=True))
    return sorted(Desk.objects.all(), key=lambda desk: desk.pk not in own)


def _beginnings(request: HttpRequest, desk: Desk) -> list[dict[str, str]]:
    """Ways to begin a story on this desk: empty, in each of its editions, or from a template."""
    if not request.user.has_perm("newsroom.add_story"):
        return []
    add = reverse("wagtailsnippets_newsroom_story:add")
    editions = [desk.edition] if desk.edition else Edition.objects.select_related("locale")
    here = {"desk": desk.pk}
    plain = [
        {"name": edition.name, "url": set_query_params(add, {"locale": edition.code, **here})}
        for edition in editions
    ]
    return plain + [
        {
            "name": each.name,
            "url": set_query_params(
                add, {"locale": each.edition.code, "template": each.pk, **here}
            ),
        }
        for each in templates.for_desk(desk, edition=desk.edition)
    ]


class BoardMenuItem(MenuItem):
    def __init__(self) -> None:
        address = reverse_lazy("newsroom_board")
        super().__init__(_("Board"), address, name="board", icon_name="tasks", order=5)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("newsroom.change_story"))

