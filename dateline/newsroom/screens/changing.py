"""What the screens of one kind of change have in common: what it does, to whom, and one form.

Each asks only what its kind needs, says before what will happen, and refuses with a sentence what
makes no sense. Nothing is changed but by the rules of its noun.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.snippets.views.snippets import UnpublishView

from dateline.newsroom.reach import reach_of
from dateline.newsroom.screens.attempts import NotDone, all_or_nothing
from dateline.newsroom.screens.editing import reader_path
from dateline.newsroom.story import Story


class ReasonForm(forms.Form):
    """Why a story is taken down."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=Story._meta.get_field("kill_reason").max_length,
        widget=AdminAutoHeightTextInput(attrs={"rows": 2}),
        help_text=gettext_lazy("One or two sentences, shown to readers and sent to clients."),
        error_messages={"required": gettext_lazy("Say why: readers and clients are told.")},
    )


class NothingToAsk(forms.Form):
    """For what needs no words."""


class ChangeView(UnpublishView):
    """A screen of one kind of change; whoever may release may use it."""

    template_name = "newsroom/change.html"
    form_class: type[forms.Form] = NothingToAsk
    header_icon = "edit"
    change = ""
    button: Any = ""
    serious = False

    object: Story

    def refusal(self) -> str:
        """Why this makes no sense for this story as it is; empty if it does."""
        raise NotImplementedError

    def act(self) -> str:
        """Change the story by the rules of its noun; return what to tell the person."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.user_has_permission("publish") and (refusal := self.refusal()):
            messages.warning(request, refusal)
            return redirect(self._edit_url())
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def form(self) -> forms.Form:
        return self.form_class(self.request.POST if self.request.method == "POST" else None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        try:
            with all_or_nothing(self.object):
                said = self.act()
        except NotDone as error:
            messages.error(request, error.message)
            return self.render_to_response(self.get_context_data())
        messages.success(request, said)
        return redirect(self.get_next_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "form": self.form,
            "change": self.change,
            "button": self.button,
            "serious": self.serious,
            "action_url": self.request.path,
            "path": reader_path(self.object),
            "reach": reach_of(self.object.pk, self.object.guid),
            "back_url": self._edit_url(),
        }

    def _edit_url(self) -> str:
        return reverse(self.edit_url_name, args=[self.object.pk])
