"""Where chief editors keep desks with their members, and templates of stories."""

from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from dateline.newsroom.desks import Desk
from dateline.newsroom.screens.listing import name_of
from dateline.newsroom.templates import StoryTemplate


class MemberForm(WagtailAdminModelForm):
    """Names of people, not of accounts; those who left are not offered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.fields["user"]
        user.queryset = get_user_model().objects.filter(is_active=True).order_by("username")
        user.label_from_instance = name_of


class DeskViewSet(SnippetViewSet):
    model = Desk
    icon = "group"
    copy_view_enabled = False
    list_display = ["name", "edition", "order"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("edition"), FieldPanel("order")]),
        InlinePanel(
            "members",
            label=_("Member"),
            heading=_("Members"),
            panels=[FieldRowPanel([FieldPanel("user"), FieldPanel("role")])],
        ),
        MultiFieldPanel(
            [FieldPanel("template"), FieldPanel("workflow")], heading=_("How it works")
        ),
    ]


class StoryTemplateViewSet(SnippetViewSet):
    model = StoryTemplate
    icon = "doc-empty-inverse"
    copy_view_enabled = True
    list_display = ["name", "desk", "edition"]
    list_filter = ["desk", "edition"]
    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("desk"), FieldPanel("edition")]),
        MultiFieldPanel(
            [
                FieldPanel("headline"),
                FieldPanel("summary"),
                FieldPanel("body"),
                FieldRowPanel([FieldPanel("section"), FieldPanel("slugline")]),
                FieldRowPanel([FieldPanel("urgency"), FieldPanel("genre")]),
                FieldPanel("place"),
                FieldPanel("topics"),
                FieldPanel("ednote"),
            ],
            heading=_("A new story begins with"),
        ),
    ]


class DesksGroup(SnippetViewSetGroup):
    menu_label = _("Desks")
    menu_name = "desks"
    menu_icon = "group"
    menu_order = 22
    items = (DeskViewSet, StoryTemplateViewSet)
