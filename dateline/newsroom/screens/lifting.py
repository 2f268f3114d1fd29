"""Lift: readers get now what clients have, before its embargo or delay is over."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.newsroom import embargo
from dateline.newsroom.screens.changing import ChangeView
from dateline.newsroom.screens.editing import released_message


class LiftView(ChangeView):
    page_title = gettext_lazy("Lift the embargo")
    header_icon = "view"
    change = "lift"
    button = gettext_lazy("Show it to readers now")

    def refusal(self) -> str:
        if self.object.live and self.object.held_until:
            return ""
        return _("Nothing of this story is held, so there is nothing to lift.")

    def act(self) -> str:
        return released_message(embargo.lift(self.object, by=self.request.user))
