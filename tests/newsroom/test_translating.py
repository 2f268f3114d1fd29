"""A story begun in another edition by its button."""

from wagtail.models import Locale

from dateline.newsroom.documents import Section, Topic
from dateline.newsroom.release import release
from dateline.newsroom.story import Story
from tests.newsroom.desk import url


def translate(desk, story):
    locale = Locale.objects.get(language_code="uk")
    address = f"/desk/translation/submit/snippet/newsroom/story/{story.pk}/"
    assert address in desk.get(url("edit", story.pk)).content.decode()
    return desk.post(address, {"locales": [locale.pk]}, follow=True)


def test_a_translation_is_a_draft_of_its_own_under_the_same_section_and_topics(
    desk, editor, released, uk, rows
):
    Topic.objects.create(edition=uk, slug="rates", name="Ставки")
    response = translate(desk, released)
    story = Story.objects.get(locale=uk.locale)
    assert response.request["PATH_INFO"] == url("edit", story.pk)
    assert story.section == Section.objects.get(edition=uk, slug="economy")
    assert [ref.name for ref in story.topic_refs()] == ["Ставки"]
    assert story.translation_key == released.translation_key
    assert story.guid != released.guid
    assert (story.version, story.live) == (0, False)
    assert story.created_by == editor
    assert Story.objects.get(pk=released.pk).created_by != editor
    assert rows() == []
    story.headline = "Банк тримає ставку"
    release(story)
    assert rows()[0].document.translation_key == str(released.translation_key)


def test_each_links_to_the_other(desk, released, uk):
    translate(desk, released)
    story = Story.objects.get(locale=uk.locale)
    page = desk.get(url("edit", story.pk)).content.decode()
    assert "Translated from:" in page
    assert url("edit", released.pk) in page
    page = desk.get(url("edit", released.pk)).content.decode()
    assert "Translation:" in page
    assert url("edit", story.pk) in page


def test_a_story_in_every_edition_is_not_offered_for_translation(desk, released, uk):
    translate(desk, released)
    address = f"/desk/translation/submit/snippet/newsroom/story/{released.pk}/"
    assert address not in desk.get(url("edit", released.pk)).content.decode()
    assert address not in desk.get(url("list")).content.decode()
