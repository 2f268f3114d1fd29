"""Two saves against each other, side by side: what both changed, to be chosen by a person.

Everything that only one of them changed is joined already. Both texts are versions of the story,
whatever is chosen.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.models import Revision

from dateline.newsroom import claims, saving
from dateline.newsroom.claims import AnothersClaim, name_of
from dateline.newsroom.comparing import compare
from dateline.newsroom.saving import Choice, Conflict, Joined
from dateline.newsroom.screens.typed import joined_fields
from dateline.newsroom.screens.versions import Passage, html_of, label_of, passages
from dateline.newsroom.story import Story


@dataclass(frozen=True, slots=True)
class Side:
    """One conflict as the screen shows it."""

    key: str
    label: str
    theirs: SafeString
    mine: SafeString
    may_keep_both: bool
    chosen: str


class ConflictView(View):
    """The choice, and what comes of it: a new draft of both."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.story = get_object_or_404(Story, pk=kwargs["pk"])
        revisions = self.story.revisions.select_related("user")
        self.mine = get_object_or_404(revisions, pk=kwargs["mine"])
        self.base = revisions.filter(pk=kwargs["base"]).first()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm("newsroom.change_story"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show(self._joined({}), choices={})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        choices = _choices(request)
        if claims.is_locked(self.story, request.user):
            said = _("This story is in review, scheduled or locked now, so nothing was joined.")
            messages.error(request, f"{said} {_('Your text is kept as a version.')}")
            return redirect(self._edit_url())
        try:
            with transaction.atomic():
                claim = claims.guard(self.story, by=request.user)
                joined = self._joined(choices)
                newer = request.POST.get("theirs") != str(self.theirs.pk)
                if newer or joined.conflicts:
                    return self._ask_again(joined, choices, newer=newer)
                revision = saving.save_draft(self.story, joined.content, by=request.user)
                claims.saved(claim, by=request.user, window="", revision=revision)
        except AnothersClaim as error:
            messages.error(request, f"{error.message} {_('Your text is kept as a version.')}")
            return redirect(self._edit_url())
        messages.success(request, _("Both are joined in the draft. Read it before it is released."))
        return redirect(self._edit_url())

    @cached_property
    def theirs(self) -> Revision:
        revision = self.story.get_latest_revision()
        assert revision is not None, "A story with a version of mine has a newest one."
        return revision

    def _joined(self, choices: dict[str, Choice]) -> Joined:
        base = self.base.content if self.base else None
        theirs, mine = self.theirs.content, self.mine.content
        return saving.join(base, theirs, mine, fields=joined_fields(), choices=choices)

    def _ask_again(
        self, joined: Joined, choices: dict[str, Choice], *, newer: bool
    ) -> HttpResponse:
        if newer:
            messages.warning(self.request, _("It was saved once more meanwhile. Look again."))
        else:
            messages.warning(self.request, _("Choose for each: yours, theirs, or both."))
        return self._show(self._joined({}), choices=choices)

    def _show(self, joined: Joined, *, choices: dict[str, Choice]) -> HttpResponse:
        context = {
            "story": self.story,
            "page_title": _("Two saves"),
            "page_subtitle": str(self.story),
            "header_icon": "copy",
            "theirs": self.theirs,
            "theirs_name": name_of(self.theirs.user),
            "mine": self.mine,
            "sides": [self._side(each, choices) for each in joined.conflicts],
            "edit_url": self._edit_url(),
        }
        return TemplateResponse(self.request, "newsroom/claims/conflict.html", context)

    def _side(self, conflict: Conflict, choices: dict[str, Choice]) -> Side:
        theirs, mine = self._their_passages, self._my_passages
        if conflict.key == "body":
            theirs, mine = _orders(theirs), _orders(mine)
        there, here = theirs.get(conflict.key), mine.get(conflict.key)
        both = compare(there.words if there else (), here.words if here else ())
        return Side(
            key=conflict.key,
            label=next((each.label for each in (there, here) if each), label_of(conflict.field)),
            theirs=html_of([run for run in both if run.change != "new"]),
            mine=html_of([run for run in both if run.change != "gone"]),
            may_keep_both=conflict.may_keep_both,
            chosen=choices.get(conflict.key, ""),
        )

    @cached_property
    def _their_passages(self) -> dict[str, Passage]:
        return {each.key: each for each in passages(self.theirs.as_object())}

    @cached_property
    def _my_passages(self) -> dict[str, Passage]:
        return {each.key: each for each in passages(self.mine.as_object())}

    def _edit_url(self) -> str:
        return reverse("wagtailsnippets_newsroom_story:edit", args=[self.story.pk])


def _choices(request: HttpRequest) -> dict[str, Choice]:
    return {
        name.removeprefix("choice:"): Choice(value)
        for name, value in request.POST.items()
        if name.startswith("choice:") and value in set(Choice)
    }


def _orders(found: dict[str, Passage]) -> dict[str, Passage]:
    """For a conflict of the order alone: the text as a whole."""
    words = tuple(
        word for key, each in found.items() if key.startswith("body:") for word in each.words
    )
    return {"body": Passage("body", label_of("body"), words)}
