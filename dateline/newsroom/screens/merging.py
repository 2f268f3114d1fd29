"""Merging a topic into another: first what will happen, then a button that does it."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from dateline.addresses import topic_path
from dateline.newsroom import topics
from dateline.newsroom.documents import Topic
from dateline.newsroom.screens.attempts import NotDone, all_or_nothing
from dateline.newsroom.screens.topics import TopicsInput

MAY_MERGE = "newsroom.change_topic"


class MergeForm(forms.Form):
    """Which topic it goes into, by name."""

    into = forms.CharField(
        label=gettext_lazy("Into which topic"),
        widget=TopicsInput,
        help_text=gettext_lazy("Its name is kept. Type a few letters and choose."),
        error_messages={"required": gettext_lazy("Choose the topic that stays.")},
    )

    def __init__(self, *args: Any, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic = topic
        self.fields["into"].widget.edition = topic.edition.code

    def clean_into(self) -> Topic:
        name = " ".join(self.cleaned_data["into"].split())
        other = Topic.named(name, edition=self.topic.edition, make=False)
        if other.pk is None:
            raise forms.ValidationError(
                _("There is no topic “%(topic)s” in this edition. Choose one from the list.")
                % {"topic": name}
            )
        if other.pk == self.topic.pk:
            raise forms.ValidationError(
                _("A topic cannot be merged into itself. Choose another one.")
            )
        return other


class MergeView(WagtailAdminTemplateMixin, View):
    """With `into` in the address it shows what a merge would do; posted, it does it."""

    page_title = gettext_lazy("Merge a topic")
    header_icon = "tag"
    template_name = "newsroom/merge.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(MAY_MERGE):
            raise PermissionDenied
        self.topic = get_object_or_404(
            Topic.objects.select_related("edition__locale"), pk=kwargs["pk"]
        )
        if self.topic.merged_into:
            messages.warning(request, self._merged_already())
            return redirect(_edit_url(self.topic.merged_into))
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def form(self) -> MergeForm:
        sent = self.request.POST or self.request.GET
        return MergeForm(sent if "into" in sent else None, topic=self.topic)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        into: Topic = self.form.cleaned_data["into"]
        try:
            with all_or_nothing(self.topic):
                moved = topics.merge(self.topic, into)
        except NotDone as error:
            messages.error(request, error.message)
            return self.render_to_response(self.get_context_data())
        messages.success(request, _told(self.topic, into, moved))
        return redirect(_edit_url(into))

    def get_page_subtitle(self) -> str:
        return self.topic.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= {"form": self.form, "topic": self.topic, "back_url": _edit_url(self.topic)}
        context["media"] = self.form.media
        if self.form.is_bound and self.form.is_valid():
            into: Topic = self.form.cleaned_data["into"]
            found = topics.preview(self.topic, into)
            code = self.topic.edition.code
            context |= {
                "into": into,
                "preview": found,
                "addresses": [topic_path(code, slug) for slug in found.addresses],
                "address": topic_path(code, into.slug),
            }
        return context

    def _merged_already(self) -> str:
        return _("“%(topic)s” was merged into “%(other)s” already.") % {
            "topic": self.topic.name,
            "other": self.topic.current().name,
        }


def _edit_url(topic: Topic) -> str:
    return reverse("wagtailsnippets_newsroom_topic:edit", args=[topic.pk])


def _told(topic: Topic, into: Topic, moved: int) -> str:
    return ngettext(
        "“%(topic)s” is merged into “%(into)s”; %(count)s story moved.",
        "“%(topic)s” is merged into “%(into)s”; %(count)s stories moved.",
        moved,
    ) % {"topic": topic.name, "into": into.name, "count": moved}
