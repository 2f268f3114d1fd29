"""The screen of one topic: its name, address and description. A new address leaves the old one
leading to it; a name that another topic has is not taken, but the two may be merged."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import EditView

from dateline.addresses import topic_path
from dateline.errors import DatelineError
from dateline.newsroom import topics
from dateline.newsroom.documents import Topic


class TopicForm(WagtailAdminModelForm):
    """A topic's fields. What another topic has is refused with the offer to merge."""

    instance: Topic  # the form's, from Wagtail

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        name, slug = cleaned.get("name", ""), cleaned.get("slug", "")
        topic = Topic(pk=self.instance.pk, edition=cleaned.get("edition"))
        if name and slug and topic.edition_id:
            self._refuse_taken(topic, name=name, slug=slug)
        return cleaned

    def validate_unique(self) -> None:
        """`clean()` has seen to it, and knows that a topic may have its own former address."""

    def validate_constraints(self) -> None:
        """As `validate_unique()`."""

    def save(self, commit: bool = True) -> Topic:
        """Raises TopicTaken and TopicMerged if somebody was quicker."""
        if self.instance._state.adding or not commit:
            topic: Topic = super().save(commit=commit)
            return topic
        topic = self.instance
        self.instance = topics.rename(
            topic, name=topic.name, slug=topic.slug, description=topic.description
        )
        return self.instance

    def _refuse_taken(self, topic: Topic, *, name: str, slug: str) -> None:
        other = topics.taken(topic, name=name, slug=slug)
        if other is None:
            return
        field = "name" if other.name.casefold() == name.casefold() else "slug"
        if self.instance._state.adding:
            message = _("There is a topic “%(topic)s” already: use that one.")
            self.add_error(field, message % {"topic": other.name})
        else:
            self.add_error(field, self._offer(other))

    def _offer(self, other: Topic) -> SafeString:
        before = Topic.objects.get(pk=self.instance.pk)
        address = reverse("newsroom_topic_merge", args=[self.instance.pk])
        return format_html(
            "{} <a href='{}?{}'>{}</a>",
            _("There is a topic “%(topic)s” already. Choose another name, or merge the two:")
            % {"topic": other.name},
            address,
            urlencode({"into": other.name}),
            _("see what merging “%(topic)s” into it would do") % {"topic": before.name},
        )


TOPIC_PANELS = ObjectList(
    [
        FieldPanel("edition"),
        FieldPanel("name"),
        FieldPanel(
            "slug",
            help_text=gettext_lazy("Change it, and the old address leads to the new one for ever."),
        ),
        FieldPanel("description"),
    ],
    base_form_class=TopicForm,
)


class TopicEditView(EditView):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        topic: Topic = self.object
        merge = reverse("newsroom_topic_merge", args=[topic.pk])
        path = topic_path(topic.edition.code, topic.slug)
        return [
            *super().header_more_buttons,
            Button(_("Merge into another"), url=merge, icon_name="resubmit", priority=15),
            Button(_("Reader's page"), url=path, icon_name="view", priority=5),
        ]

    def form_valid(self, form: TopicForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except DatelineError as error:
            # Somebody was quicker. What was typed stays in the form.
            form.add_error(None, error.message)
            return self.form_invalid(form)
