"""The screens of stories, put together for Wagtail."""

from typing import Any, ClassVar

from django import forms
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm, LocaleFilterMixin
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from dateline.newsroom.embargo import PUBLIC
from dateline.newsroom.screens.changing import ChangeView
from dateline.newsroom.screens.comparing import StoryCompareView
from dateline.newsroom.screens.editing import (
    StoryCreateView,
    StoryEditView,
    StoryPreviewOnCreateView,
    StoryRevertView,
    StoryWorkflowActionView,
)
from dateline.newsroom.screens.form import STORY_PANELS
from dateline.newsroom.screens.killing import KillView
from dateline.newsroom.screens.lifting import LiftView
from dateline.newsroom.screens.listing import PER_PAGE, StoryIndexView
from dateline.newsroom.screens.rewriting import RewriteView
from dateline.newsroom.screens.withholding import RestoreView, WithholdView
from dateline.newsroom.story import Story


class StorySearch(LocaleFilterMixin, BaseFilterForm):
    """The search box where a story is chosen, for picks."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Search")}),
    )

    def filter(self, objects: Any) -> Any:
        objects = super().filter(objects)
        if query := self.cleaned_data.get("q"):
            self.is_searching, self.search_query = True, query
            objects = objects.matching(query)
        return objects


class ReleasedStories:
    """Only a story that readers have can be picked for their pages."""

    filter_form_class = StorySearch
    ordering = ["-updated_at", "-pk"]

    def get_object_list(self) -> Any:
        return Story.objects.filter(PUBLIC).select_related("locale").defer("body")


class StoryChooseView(ReleasedStories, ChooseView):
    pass


class StoryChooseResultsView(ReleasedStories, ChooseResultsView):
    pass


class StoryChooserViewSet(SnippetChooserViewSet):
    choose_view_class = StoryChooseView
    choose_results_view_class = StoryChooseResultsView


class StoryViewSet(SnippetViewSet):
    model = Story
    icon = "doc-full"
    menu_label = _("Stories")
    menu_name = "stories"
    menu_order = 10
    add_to_admin_menu = True
    list_per_page = PER_PAGE
    index_results_template_name = "newsroom/list/results.html"
    edit_handler = STORY_PANELS
    # Wagtail's copying would save over the story it copies; a translation has its own button.
    copy_view_enabled = False
    index_view_class = StoryIndexView
    add_view_class = StoryCreateView
    edit_view_class = StoryEditView
    revisions_revert_view_class = StoryRevertView
    revisions_compare_view_class = StoryCompareView
    preview_on_add_view_class = StoryPreviewOnCreateView
    unpublish_view_class = KillView
    workflow_action_view_class = StoryWorkflowActionView
    change_view_classes: ClassVar[dict[str, type[ChangeView]]] = {
        "withhold": WithholdView,
        "restore": RestoreView,
        "rewrite": RewriteView,
        "lift": LiftView,
    }
    chooser_viewset_class = StoryChooserViewSet

    def get_urlpatterns(self) -> Any:
        return [
            *super().get_urlpatterns(),
            *(
                path(f"{change}/<int:pk>/", self.construct_view(view), name=change)
                for change, view in self.change_view_classes.items()
            ),
        ]
