"""Kill: taking a released story back, for good, with a reason that readers and clients are told."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.snippets.views.snippets import UnpublishView

from dateline.newsroom.screens.attempts import NotDone, all_or_nothing
from dateline.newsroom.screens.editing import reader_path
from dateline.newsroom.story import Story


class KillForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=Story._meta.get_field("kill_reason").max_length,
        widget=AdminAutoHeightTextInput(attrs={"rows": 2}),
        help_text=gettext_lazy("One or two sentences, shown to readers and sent to clients."),
        error_messages={"required": gettext_lazy("Say why: readers and clients are told.")},
    )


class KillView(UnpublishView):
    """In the place of Wagtail's unpublishing, which would leave no row in the log."""

    page_title = gettext_lazy("Kill")
    header_icon = "cross"
    template_name = "newsroom/kill.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.user_has_permission("publish"):
            return super().dispatch(request, *args, **kwargs)  # which refuses
        if not self.object.live:
            messages.warning(request, _("This story is not released, so there is nothing to kill."))
            return redirect(self._edit_url())
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def form(self) -> KillForm:
        return KillForm(self.request.POST if self.request.method == "POST" else None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        try:
            with all_or_nothing(self.object):
                self.object.unpublish(user=request.user, reason=self.form.cleaned_data["reason"])
        except NotDone as error:
            messages.error(request, error.message)
            return self.render_to_response(self.get_context_data())
        messages.success(request, _("Killed: “%(story)s”.") % {"story": self.object})
        return redirect(self.get_next_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        path = reader_path(self.object)
        return {**context, "form": self.form, "path": path, "back_url": self._edit_url()}

    def _edit_url(self) -> str:
        return reverse(self.edit_url_name, args=[self.object.pk])
