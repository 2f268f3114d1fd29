"""Beginning a story in another edition: a draft by whoever asked for it."""

from wagtail.contrib.simple_translation.views import SubmitSnippetTranslationView

from dateline.newsroom.story import Story


class TranslateView(SubmitSnippetTranslationView):
    """Wagtail's, with the name of who began the translation."""

    def get_object(self) -> Story:
        story: Story = super().get_object()
        # Only the copies that are made of it are saved, and each takes this over.
        story.created_by = self.request.user
        return story
