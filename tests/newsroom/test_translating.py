"""A story begun in another edition follows its source, and everybody is told when it is behind."""

import pytest
from django.urls import reverse

from dateline.newsroom import translations
from dateline.newsroom.documents import Section, Topic
from dateline.newsroom.release import kill, release
from dateline.newsroom.story import Story
from dateline.newsroom.translations import Behind, Severity
from tests.newsroom.desk import desk_of, form_of, url


def translate(desk, story):
    address = reverse("newsroom_translate", args=[story.pk])
    assert address in desk.get(url("edit", story.pk)).content.decode()
    return desk.post(address, {"edition": "uk"}, follow=True)


@pytest.fixture
def translated(desk, editor, released, uk) -> Story:
    """A released translation of a released story."""
    translate(desk, released)
    story = Story.objects.get(locale=uk.locale)
    story.headline = "Банк тримає ставку"
    return release(story, by=editor)


def update(story, editor, **changes):
    story = Story.objects.get(pk=story.pk)
    for name, value in changes.items():
        setattr(story, name, value)
    return release(story, by=editor)


def page_of(story, follow_public, client):
    from dateline.newsroom.screens.editing import reader_path

    follow_public()
    return client.get(reader_path(story)).content.decode()


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
    address = reverse("newsroom_translate", args=[released.pk])
    assert address not in desk.get(url("edit", released.pk)).content.decode()
    assert address not in desk.get(url("list")).content.decode()
    assert "in every edition already" in desk.get(address).content.decode()


def test_a_released_story_is_begun_by_one_click_of_its_form(desk, released, uk):
    page = desk.get(url("edit", released.pk)).content.decode()
    address = reverse("newsroom_translate", args=[released.pk])
    assert f'formaction="{address}" name="edition" value="uk"' in page


def test_two_who_begin_the_same_translation_get_one(desk, released, uk):
    translate(desk, released)
    again = desk.post(
        reverse("newsroom_translate", args=[released.pk]), {"edition": "uk"}, follow=True
    )
    assert "in that edition already" in again.content.decode()
    assert Story.objects.filter(locale=uk.locale).count() == 1


def test_who_may_not_translate_is_refused(released, picture_editor):
    address = reverse("newsroom_translate", args=[released.pk])
    assert desk_of(picture_editor).post(address, {"edition": "uk"}).status_code == 302
    assert Story.objects.count() == 1


def test_its_item_names_the_version_of_the_source_that_it_follows(
    rows, translated, released
):
    source = rows()[-1].document.source
    assert (source.guid, source.number, source.version) == (released.guid, released.pk, 1)
    assert source.released_at == released.last_published_at


def test_a_draft_s_translation_follows_nothing_until_there_is_something_to_follow(
    desk, draft, uk, editor
):
    story = translations.begin(draft, locale=uk.locale, by=editor)
    assert translations.source_of(story) is None
    release(draft, by=editor)
    assert Behind.objects.get().translation == story


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"headline": "Bank holds the rate again"}, Severity.UPDATE),
        ({"correction_note": "Four, not five."}, Severity.CORRECTION),
    ],
)
def test_a_source_that_goes_on_leaves_its_translation_behind(
    released, translated, editor, changes, severity
):
    assert not Behind.objects.exists()
    newest = update(released, editor, **changes)
    behind = Behind.objects.get()
    assert (behind.translation, behind.source) == (translated, released)
    assert (behind.severity, behind.since) == (severity, newest.last_published_at)


def test_the_gravest_change_since_stays_in_sight(released, translated, editor):
    update(released, editor, correction_note="Four, not five.")
    update(released, editor, headline="Bank holds the rate again")
    behind = Behind.objects.get()
    assert (behind.severity, behind.note) == (Severity.CORRECTION, "Four, not five.")


def test_a_killed_source_warns_and_a_killed_translation_is_behind_no_more(
    released, translated, editor
):
    kill(released, reason="It was not so.", by=editor)
    behind = Behind.objects.get()
    assert (behind.severity, behind.note) == (Severity.KILLED, "It was not so.")
    kill(translated, reason="Its source was withdrawn.", by=editor)
    assert not Behind.objects.exists()


def test_a_release_of_the_source_that_fails_leaves_no_translation_behind(
    released, translated, editor, monkeypatch
):
    from dateline.releases import log

    monkeypatch.setattr(log, "append", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        update(released, editor, headline="Bank holds the rate again")
    assert not Behind.objects.exists()


def test_a_translation_brought_up_to_date_on_its_form_is_behind_no_more(
    desk, released, translated, editor, rows
):
    update(released, editor, correction_note="Four, not five.")
    page = desk.get(url("edit", translated.pk)).content.decode()
    assert "Brought up to date" in page
    assert "Four, not five." in page
    section = str(translated.section_id)
    fields = form_of(
        translated, section=section, caught_up="on", source_version="2", **{"action-publish": "1"}
    )
    desk.post(url("edit", translated.pk), fields)

    assert not Behind.objects.exists()
    assert rows()[-1].document.source.version == 2
    assert "Brought up to date" not in desk.get(url("edit", translated.pk)).content.decode()


def test_a_source_that_goes_on_while_the_text_is_put_right_leaves_it_behind(
    desk, released, translated, editor
):
    update(released, editor, headline="Second")
    update(released, editor, headline="Third")
    fields = form_of(
        translated, section=str(translated.section_id), caught_up="on", source_version="2",
        **{"action-publish": "1"},
    )  # fmt: skip
    desk.post(url("edit", translated.pk), fields)

    assert Story.objects.get(pk=translated.pk).follows_version == 2
    assert Behind.objects.exists()


def test_a_version_that_the_source_never_had_is_refused(desk, released, translated, editor):
    update(released, editor, headline="Second")
    fields = form_of(
        translated, section=str(translated.section_id), caught_up="on", source_version="9"
    )
    answer = desk.post(url("edit", translated.pk), fields)
    assert "no such version" in answer.content.decode()


def test_the_source_stands_beside_with_what_changed(desk, released, translated, editor):
    update(released, editor, headline="Bank raises the rate")
    page = desk.get(url("edit", translated.pk)).content.decode()
    assert "<ins>Bank raises the rate</ins>" in page
    assert "<del>Bank holds the rate</del>" in page


def test_those_behind_are_listed_by_edition_the_gravest_first(
    desk, released, translated, editor, django_assert_max_num_queries
):
    update(released, editor, correction_note="Four, not five.")
    with django_assert_max_num_queries(25):
        page = desk.get(reverse("newsroom_behind")).content.decode()
    assert "Банк тримає ставку" in page
    assert "1 → 2" in page
    assert "Four, not five." in page
    assert (
        "Банк тримає ставку"
        not in desk.get(reverse("newsroom_behind"), {"edition": "en"}).content.decode()
    )
    home = desk.get(reverse("wagtailadmin_home")).content.decode()
    assert "Behind its source" in home


def test_readers_of_a_translation_are_told_that_the_original_was_corrected_until_it_follows(
    desk, released, translated, editor, follow_public, client
):
    told = "Оригінал виправлено"
    assert told not in page_of(translated, follow_public, client)
    update(released, editor, headline="Bank holds the rate again")
    assert told not in page_of(translated, follow_public, client)
    update(released, editor, correction_note="Four, not five.")
    assert told in page_of(translated, follow_public, client)

    story = Story.objects.get(pk=translated.pk)
    translations.follow(story, 3)
    release(story, by=editor)
    assert told not in page_of(translated, follow_public, client)


def test_readers_of_a_translation_are_told_that_the_original_was_withdrawn(
    released, translated, editor, follow_public, client
):
    kill(released, reason="It was not so.", by=editor)
    page = page_of(translated, follow_public, client)
    assert "Оригінал відкликано" in page


def test_bringing_back_a_revision_keeps_what_the_story_is_a_translation_of(
    desk, released, translated
):
    story = Story.objects.get(pk=translated.pk)
    draft = story.latest_revision.as_object()
    assert draft.translated_from == released
    assert draft.follows_version == 1


def test_a_button_that_is_pressed_twice_begins_one_translation(released, uk, editor, monkeypatch):
    """Both looked before either had begun it."""
    first = translations.begin(released, locale=uk.locale, by=editor)
    look = Story.get_translation_or_none
    seen = iter([None])
    monkeypatch.setattr(
        Story, "get_translation_or_none", lambda story, locale: next(seen, look(story, locale))
    )
    with pytest.raises(translations.AlreadyTranslated) as refused:
        translations.begin(released, locale=uk.locale, by=editor)
    assert refused.value.facts["number"] == first.pk
