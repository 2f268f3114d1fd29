"""A window that writes a story: what its form was opened on, and what its scripts need to keep the
claim and the text."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.panels import Panel
from wagtail.models import Revision

from dateline.newsroom.claims import Claim
from dateline.newsroom.saving import Content
from dateline.newsroom.story import Story


@dataclass(frozen=True, slots=True)
class Basis:
    """What a form says it was opened on: a version, when that was saved, and in which window."""

    revision: int | None
    created_at: str = ""
    window: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        window = str(data.get("window", ""))
        # The version that the window itself saved last, if it did.
        if (own := str(data.get("overwrite_revision_id", ""))).isdecimal():
            return cls(int(own), window=window)
        # What a form that came back with faults was opened on, and not what is newest by now.
        for name in ("base_revision", "loaded_revision"):
            if (said := str(data.get(f"{name}_id", ""))).isdecimal():
                return cls(int(said), str(data.get(f"{name}_created_at", "")), window)
        return cls(None, window=window)

    def is_stale(self, newest: Revision | None, *, claim: Claim) -> bool:
        """Did somebody else, or another window, save since? A form that does not say what it was
        opened on, such as a script's, is taken to know what it does."""
        if newest is None or self.revision is None:
            return False
        if self.window and (self.window, newest.pk) == (claim.window, claim.window_revision):
            return False
        return self.revision != newest.pk or not self._is_unchanged(newest)

    def content(self, story: Story) -> Content | None:
        """What the version held; None if it was written over since, so that nobody knows."""
        revision = story.revisions.filter(pk=self.revision).first() if self.revision else None
        if revision is None or not self._is_unchanged(revision):
            return None
        content: Content = revision.content
        return content

    def _is_unchanged(self, revision: Revision) -> bool:
        return self.created_at in ("", revision.created_at.isoformat())


class ClaimPanel(Panel):
    """On the form: what the window needs to keep its claim and its text, and to say so."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "newsroom/claims/window.html"

        class Media:
            js = [
                forms.Script("newsroom/drafts.js", type="module"),
                forms.Script("newsroom/claim.js", type="module"),
            ]

        def show_panel_furniture(self) -> bool:
            return False

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            basis = Basis.of(self.request.POST)
            return {
                **context,
                "story": self.instance if self.instance.pk else None,
                "basis": basis if basis.revision else None,
                "window": basis.window or window_of(self.request),
                "received": self.request.session.get(RECEIVED, []),
                "owner": self.request.user.pk,
                "claim_url": reverse("newsroom_claim", args=[0, "act"]),
                "session_url": reverse("newsroom_session"),
                "sign_in_url": reverse("wagtailadmin_login"),
                "texts": window_texts(),
            }


RECEIVED = "received_windows"
"""In a person's session: the windows whose text arrived, so that it is not offered once more."""

MOST_RECEIVED = 30


def window_of(request: HttpRequest) -> str:
    """The name of the window that this request opens: made once, and sent with its form."""
    return str(vars(request).setdefault("story_window", secrets.token_hex(8)))


def received(request: HttpRequest) -> None:
    """What this form sent is in the database: as a draft, joined with another, or beside it."""
    if window := Basis.of(request.POST).window:
        before = [each for each in request.session.get(RECEIVED, []) if each != window]
        request.session[RECEIVED] = [*before, window][-MOST_RECEIVED:]


def window_texts() -> dict[str, str]:
    """What the scripts say, in the person's language."""
    return {
        "asks": _("{who} asks for this story."),
        "hand-over": _("Hand it over"),
        "keep-it": _("Keep it"),
        "taken": _("{who} has this story now. Nothing you typed is lost."),
        "nobody": _("This story is not with you any more. Nothing you typed is lost."),
        "see": _("See your text beside theirs"),
        "read": _("Read along"),
        "handed": _("Handed over. What you had typed is in it."),
        "offline": _("No connection. What you type is kept in this browser."),
        "signed-out": _("You are signed out. What you type is kept in this browser."),
        "sign-in": _("Sign in in a new tab"),
        "sign-in-then": _("Then come back here and save again."),
        "kept": _("Text of {time} was typed here and not saved."),
        "bring-back": _("Bring it back"),
        "throw-away": _("Throw it away"),
        "full": _(
            "This browser keeps no text: its storage is full or shut. Save often, and do not "
            "close this tab before you have saved."
        ),
        "back": _("The connection is back."),
    }
