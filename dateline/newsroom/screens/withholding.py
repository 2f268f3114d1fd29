"""Withhold and restore: taking a story down while it is checked, and bringing it back as it was."""

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.newsroom.screens.changing import ChangeView, ReasonForm
from dateline.newsroom.screens.editing import released_message
from dateline.newsroom.withholding import restore, withhold


class WithholdView(ChangeView):
    page_title = gettext_lazy("Withhold")
    header_icon = "no-view"
    form_class = ReasonForm
    change = "withhold"
    button = gettext_lazy("Withhold the story")
    serious = True

    def refusal(self) -> str:
        if self.object.killed_at:
            return _("This story was killed, so there is nothing left to withhold.")
        if self.object.withheld_at:
            return _("This story is withheld already. Restore it, or kill it.")
        if not self.object.live:
            return _("This story is not released, so there is nothing to withhold.")
        return ""

    def act(self) -> str:
        withhold(self.object, reason=self.form.cleaned_data["reason"], by=self.request.user)
        return _("Withheld: “%(story)s”. Restore it when it is checked, or kill it.") % {
            "story": self.object
        }


class RestoreView(ChangeView):
    page_title = gettext_lazy("Restore")
    header_icon = "undo"
    change = "restore"
    button = gettext_lazy("Restore the story")

    def refusal(self) -> str:
        if self.object.withheld_at:
            return ""
        return _("This story is not withheld, so there is nothing to restore.")

    def act(self) -> str:
        story = restore(self.object, by=self.request.user)
        return format_html("{} {}", _("It is back."), released_message(story))
