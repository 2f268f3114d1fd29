"""Where the newsroom's screens are registered with Wagtail."""

from wagtail.snippets.models import register_snippet

from dateline.newsroom.screens import DocumentsGroup, StoryViewSet

register_snippet(StoryViewSet)
register_snippet(DocumentsGroup)
