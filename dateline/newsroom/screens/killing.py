"""Kill: taking a released story back, for good, with a reason that readers and clients are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.newsroom.screens.changing import ChangeView, ReasonForm


class KillView(ChangeView):
    """In the place of Wagtail's unpublishing, which would leave no row in the log."""

    page_title = gettext_lazy("Kill")
    header_icon = "cross"
    form_class = ReasonForm
    change = "kill"
    button = gettext_lazy("Kill the story")
    serious = True

    def refusal(self) -> str:
        if self.object.live or self.object.withheld_at:
            return ""
        return _("This story is not released, so there is nothing to kill.")

    def act(self) -> str:
        self.object.unpublish(user=self.request.user, reason=self.form.cleaned_data["reason"])
        return _("Killed: “%(story)s”.") % {"story": self.object}
