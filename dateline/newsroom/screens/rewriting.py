"""Rewrite: beginning a new story that evolves from one that readers have."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.newsroom.rewriting import begin_rewrite, rewrites_of
from dateline.newsroom.screens.changing import ChangeView
from dateline.newsroom.screens.states import with_states


class RewriteView(ChangeView):
    page_title = gettext_lazy("Rewrite")
    header_icon = "copy"
    change = "rewrite"
    button = gettext_lazy("Begin the new story")

    def refusal(self) -> str:
        if self.object.live:
            return ""
        if self.object.withheld_at:
            return _("This story is withheld. Restore it first, or kill it and write a new one.")
        if self.object.killed_at:
            return _("This story was killed: nothing may lead to it. Write a new one.")
        return _("Readers do not have this story, so it cannot be written anew. Go on writing it.")

    def act(self) -> str:
        self.begun = begin_rewrite(self.object, by=self.request.user)
        return _("This is the new story. The old one leads to it once it is released.")

    def get_next_url(self) -> str:
        begun = getattr(self, "begun", None)
        if begun is None:
            return str(super().get_next_url())
        return reverse(self.edit_url_name, args=[begun.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = with_states(rewrites_of(self.object))
        return {**super().get_context_data(**kwargs), "others": others}
