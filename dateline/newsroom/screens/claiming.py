"""Claims on screen: the window that writes, and the one that reads what is being written.

The writer's window says that it is still open and what it holds; the reader's asks for that, may
ask for the story, and may take it over. `claims.py` has the rules.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.models import Revision

from dateline.newsroom import claims, saving
from dateline.newsroom.claims import Claim
from dateline.newsroom.screens.typed import joined_fields, keep_unsaved, typed
from dateline.newsroom.screens.versions import as_read, passages
from dateline.newsroom.screens.window import Basis
from dateline.newsroom.story import Story

ACTS = ("renew", "ask", "keep-it", "hand-over", "take-over", "let-go", "keep-beside")


@require_POST
def claim(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One act of a window on the claim of a story; the answer is how the claim then stands."""
    if act not in ACTS:
        raise Http404
    story = _story(request, pk)
    kept = _act(story, act, request)
    return JsonResponse({**state_of(story, request), "kept": kept_url(story, kept)})


@require_POST
def act_and_open(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """The same by a button of a page, with or without scripts: then the story opens."""
    if act not in ("ask", "take-over"):
        raise Http404
    story = _story(request, pk)
    if kept := _act(story, act, request):
        messages.warning(
            request,
            _("What %(who)s had not saved is in the draft, as a version of theirs.")
            % {"who": claims.name_of(kept.user)},
            buttons=[messages.button(before_url(story, kept), _("See it"))],
        )
    return redirect("wagtailsnippets_newsroom_story:edit", pk)


def _act(story: Story, act: str, request: HttpRequest) -> Revision | None:
    """Do it by the rules; return the version that was made of unsaved text, if one was."""
    if claims.is_locked(story, request.user):
        return _act_locked(story, act, request)
    user, kept = request.user, None
    match act:
        case "renew":
            text = request.POST.get("unsaved")
            _claim, kept = claims.renew(story, by=user, unsaved=text, keep=keep_unsaved)
        case "ask":
            claims.ask(story, by=user)
        case "keep-it":
            claims.keep_it(story, by=user)
        case "hand-over":
            kept = claims.hand_over(story, by=user, keep=keep_unsaved)
        case "take-over":
            kept = claims.take_over(story, by=user, keep=keep_unsaved)
        case "let-go":
            if text := request.POST.get("unsaved"):
                claims.renew(story, by=user, unsaved=text, keep=keep_unsaved)
            claims.let_go(story, by=user, window=request.POST.get("window", ""))
        case "keep-beside":
            kept = _keep_beside(story, request.POST.get("unsaved", ""), by=user)
            # If all was kept when it was taken over, that is what they are shown.
            kept = kept or story.revisions.filter(user=user).order_by("-created_at").first()
    return kept


def _act_locked(story: Story, act: str, request: HttpRequest) -> Revision | None:
    """In review, say: this person does not have it any more, and what they typed is kept beside."""
    user, text = request.user, request.POST.get("unsaved", "")
    match act:
        case "ask" | "take-over":
            raise PermissionDenied
        case "let-go":
            claims.let_go(story, by=user, window=request.POST.get("window", ""))
    return _keep_beside(story, text, by=user) if act in ("let-go", "keep-beside") else None


@never_cache
@require_GET
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """For who reads along: how the claim stands, and the text if it is newer than `since`."""
    story = _story(request, pk)
    claim = claims.of(story)
    answer: dict[str, Any] = state_of(story, request, claim=claim)
    mark = text_mark(story, claim)
    if request.GET.get("since") != mark:
        answer |= {"mark": mark, "html": reading_html(story, claim)}
    return JsonResponse(answer)


@never_cache
@require_GET
def session(request: HttpRequest) -> HttpResponse:
    """Is somebody still signed in here, and who? With the token that their next save needs."""
    return JsonResponse({"owner": request.user.pk, "token": get_token(request)})


def state_of(
    story: Story, request: HttpRequest, *, claim: Claim | None = None
) -> dict[str, Any]:
    """Whose the story is, as a window needs to know it."""
    claim = claim or claims.of(story)
    holder = claim.holder() if claim else None
    asked_by = claim.asked_by if claim else None
    return {
        "mine": holder == request.user,
        "holder": claims.name_of(holder),
        "asks": claims.name_of(asked_by) if asked_by != request.user else "",
        "asked": asked_by == request.user,
        # A window in which somebody signed in again meanwhile has the token of before.
        "token": get_token(request),
    }


def text_mark(story: Story, claim: Claim | None) -> str:
    """Changes when the text that is to be read changes."""
    unsaved = claim.unsaved_at if claim and claim.unsaved else None
    newest = Revision.objects.filter(pk=story.latest_revision_id).values_list("created_at").first()
    return f"{unsaved and unsaved.timestamp()} {newest and newest[0].timestamp()}"


def reading_html(story: Story, claim: Claim | None, *, draft: Story | None = None) -> str:
    """What the holder has on screen now, saved or not, as reading matter."""
    if claim and claim.unsaved:
        draft = typed(story, QueryDict(claim.unsaved), by=claim.unsaved_by)
    draft = draft or story.get_latest_revision_as_object()
    context = {"passages": [(each, as_read(each)) for each in passages(draft)]}
    return render_to_string("newsroom/claims/passages.html", context)


def kept_url(story: Story, kept: Revision | None) -> str:
    """Where the kept version stands beside the newest; empty if nothing was kept."""
    if kept is None:
        return ""
    return reverse(
        "wagtailsnippets_newsroom_story:revisions_compare", args=[story.pk, kept.pk, "latest"]
    )


def before_url(story: Story, kept: Revision) -> str:
    """What a kept version changed: the one before it beside it."""
    older = story.revisions.filter(created_at__lt=kept.created_at).order_by("-created_at").first()
    return reverse(
        "wagtailsnippets_newsroom_story:revisions_compare",
        args=[story.pk, older.pk if older else "earliest", kept.pk],
    )


def _keep_beside(story: Story, text: str, *, by: Any) -> Revision | None:
    """Text of a window whose story another has: a version of its own, if it is not saved yet."""
    data = QueryDict(text[: claims.MOST_UNSAVED])
    if "headline" not in data:
        return None
    content = typed(story, data, by=by).draft_content()
    fields = joined_fields()
    base = Basis.of(data).content(story)
    if base is not None and not saving.differ(base, content, fields=fields):
        return None
    return saving.keep_beside(story, content, by=by, fields=fields)


def _story(request: HttpRequest, pk: int) -> Story:
    if not request.user.has_perm("newsroom.change_story"):
        raise PermissionDenied
    return get_object_or_404(Story.objects.defer("body"), pk=pk)
