"""The newsroom's screens: the list of stories, the story form, and the documents of the site."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from dateline.newsroom.models import Edition, PickList, Section, StandingPage, Story, Topic


class StoryViewSet(SnippetViewSet):
    model = Story
    icon = "doc-full"
    menu_label = _("Stories")
    menu_order = 10
    add_to_admin_menu = True


class EditionViewSet(SnippetViewSet):
    model = Edition
    icon = "site"


class SectionViewSet(SnippetViewSet):
    model = Section
    icon = "folder-open-1"


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"


class StandingPageViewSet(SnippetViewSet):
    model = StandingPage
    icon = "doc-empty"


class PickListViewSet(SnippetViewSet):
    model = PickList
    icon = "pick"
    panels = [FieldPanel("edition"), FieldPanel("place"), InlinePanel("picks", label=_("Stories"))]


class DocumentsGroup(SnippetViewSetGroup):
    menu_label = _("Site")
    menu_icon = "site"
    menu_order = 20
    items = (PickListViewSet, TopicViewSet, SectionViewSet, StandingPageViewSet, EditionViewSet)
