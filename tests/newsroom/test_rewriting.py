"""Rewriting: a new story that evolves from an old one, and never says what was taken down."""

import pytest

from dateline.archive import queries
from dateline.items import Former
from dateline.newsroom.release import kill, release
from dateline.newsroom.rewriting import NotRewritable, begin_rewrite, rewrites_of
from dateline.newsroom.story import Story
from dateline.newsroom.withholding import withhold


def test_a_rewrite_begins_as_a_draft_with_the_text_that_readers_have(released, editor, rows):
    released.headline = "A draft that nobody approved"
    released.save_revision()
    draft = begin_rewrite(Story.objects.get(pk=released.pk), by=editor)
    assert (draft.headline, draft.section) == ("Bank holds the rate", released.section)
    assert [ref.slug for ref in draft.topic_refs()] == ["central-bank", "rates"]
    assert (draft.live, draft.version, draft.created_by) == (False, 0, editor)
    assert draft.guid != released.guid
    assert draft.translation_key != released.translation_key
    assert rewrites_of(released) == [draft]
    assert rows() == []


def test_the_item_of_a_rewrite_names_the_story_it_came_from(released, editor, rows):
    rewrite = release(begin_rewrite(released, by=editor), by=editor)
    (row,) = rows()
    assert row.guid == rewrite.guid
    assert row.document.evolved_from == Former(
        guid=released.guid, number=released.pk, headline="Bank holds the rate"
    )


def test_a_rewrite_keeps_its_origin_through_later_versions(released, editor, rows):
    rewrite = release(begin_rewrite(released, by=editor), by=editor)
    rewrite.headline = "Bank holds the rate again"
    release(rewrite)
    assert rows()[-1].document.evolved_from.number == released.pk


@pytest.mark.parametrize("take_down", [kill, withhold])
def test_what_was_taken_down_is_not_written_anew(released, take_down):
    take_down(released, reason="Wrong bank.")
    with pytest.raises(NotRewritable):
        begin_rewrite(Story.objects.get(pk=released.pk))
    assert Story.objects.count() == 1


def test_a_rewrite_does_not_repeat_the_headline_of_what_was_killed_meanwhile(released, rows):
    draft = begin_rewrite(released)
    kill(released, reason="Wrong bank.")
    release(Story.objects.get(pk=draft.pk))
    assert rows()[-1].document.evolved_from.headline == ""


def test_readers_are_led_from_each_to_the_other_until_one_is_taken_down(released, follow_public):
    rewrite = release(begin_rewrite(released))
    follow_public()
    old, new = queries.story(released.pk).item, queries.story(rewrite.pk).item
    assert [line.number for line in queries.rewrites(old).newer] == [rewrite.pk]
    assert queries.rewrites(new).earlier.number == released.pk
    assert (queries.rewrites(old).earlier, queries.rewrites(new).newer) == (None, ())
    kill(rewrite, reason="Wrong bank.")
    follow_public()
    assert queries.rewrites(old).newer == ()
