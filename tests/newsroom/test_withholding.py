"""Withholding: a story is taken down everywhere at once; the very text comes back, or is killed."""

import pytest
from django.db import transaction

from dateline.archive import queries
from dateline.items import Kind, Status
from dateline.newsroom import trail
from dateline.newsroom.incoming import Incoming, Shelves, release_many
from dateline.newsroom.release import NewerVersion, kill, refuse_unseen, release
from dateline.newsroom.story import ReleaseBypassed, Story
from dateline.newsroom.withholding import NotWithheld, restore, withhold
from dateline.releases.log import AlreadyReleased
from tests.documents import an_item

REASON = "The ministry disputes the figure."


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def test_a_withheld_story_leaves_as_one_row_without_its_text(released, editor, rows):
    withheld = withhold(released, reason=f"  {REASON} ", by=editor)
    (row,) = rows()
    assert (row.kind, row.version, row.document.status) == (Kind.WITHHOLD, 2, Status.WITHHELD)
    assert row.document.withhold_reason == withheld.withhold_reason == REASON
    assert (row.document.body, row.document.summary, row.document.corrections) == ((), "", ())
    assert row.document.headline == released.headline
    assert not withheld.live
    assert withheld.withheld_at == row.document.released_at


def test_restoring_releases_the_very_text_as_a_new_version(released, editor, rows):
    before = rows()
    withhold(released, reason=REASON)
    story = restore(fresh(released), by=editor)
    row = rows()[-1]
    assert before == []
    assert (row.kind, row.version, row.document.status) == (Kind.RESTORE, 3, Status.USABLE)
    assert row.document.headline == "Bank holds the rate"
    assert row.document.body
    assert (story.live, story.withheld_at, story.withhold_reason) == (True, None, None)
    assert row.document.first_released_at == released.first_published_at


def test_what_was_drafted_meanwhile_is_neither_restored_nor_lost(released, rows):
    withhold(released, reason=REASON)
    story = fresh(released)
    story.headline = "A draft that nobody approved"
    story.save()
    draft = story.save_revision()
    story = restore(fresh(released))
    assert rows()[-1].document.headline == "Bank holds the rate"
    assert story.latest_revision == draft
    assert story.has_unpublished_changes


def test_a_kill_of_a_withheld_story_tells_clients_nothing_of_its_draft(released, rows):
    withhold(released, reason=REASON)
    story = fresh(released)
    story.headline = "A draft that nobody approved"
    story.save()
    killed = kill(fresh(released), reason="It was wrong.")
    row = rows()[-1]
    assert (row.kind, row.document.status) == (Kind.KILL, Status.CANCELED)
    assert row.document.headline == "Bank holds the rate"
    assert (killed.live, killed.withheld_at, killed.withheld_revision) == (False, None, None)
    assert killed.killed_at


def test_an_update_of_a_withheld_story_brings_it_back_and_is_a_restore(released, rows):
    withhold(released, reason=REASON)
    story = fresh(released)
    story.correction_note = "The rate is 4%, not 5%."
    story = release(story)
    row = rows()[-1]
    assert row.kind is Kind.RESTORE
    assert [each.note for each in row.document.corrections] == ["The rate is 4%, not 5%."]
    assert story.live


def test_only_what_readers_have_is_withheld_and_only_what_is_withheld_is_restored(
    draft, released, rows
):
    with pytest.raises(NotWithheld):
        restore(released)
    withhold(released, reason=REASON)
    with pytest.raises(NotWithheld):
        withhold(fresh(released), reason=REASON)
    kill(fresh(released), reason="It was wrong.")
    with pytest.raises(NotWithheld):
        restore(fresh(released))
    assert [row.kind for row in rows()] == [Kind.WITHHOLD, Kind.KILL]


def test_a_story_that_came_in_complete_is_restored_with_its_text(en, rows):
    (number,) = release_many(
        [Incoming(an_item(1, body=an_item(7).body))], shelves=Shelves()
    )
    story = Story.objects.get(pk=number)
    withhold(story, reason=REASON)
    restore(Story.objects.get(pk=number))
    first, _withheld, again = rows()
    assert again.document.body == first.document.body
    assert again.document.headline == first.document.headline


def test_withholding_ends_the_review_of_the_storys_draft(released, reporter):
    released.save_revision()
    released.get_workflow().start(released, reporter)
    withhold(fresh(released), reason=REASON)
    assert not fresh(released).workflow_in_progress


def test_a_story_is_withheld_by_no_other_way(released):
    withhold(released, reason=REASON)
    story = fresh(released)
    story.withheld_at = None
    with pytest.raises(ReleaseBypassed):
        story.save()
    with pytest.raises(ReleaseBypassed):
        Story.objects.filter(pk=story.pk).update(withheld_at=None)


def test_the_trail_holds_who_withheld_and_who_restored(released, editor):
    withhold(released, reason=REASON, by=editor)
    restore(fresh(released), by=editor)
    acts = trail.TrailEntry.objects.filter(story=released.pk).order_by("pk")
    assert list(acts.values_list("act", "person"))[-2:] == [
        ("withhold", "editor"), ("restore", "editor"),
    ]  # fmt: skip
    assert acts.get(act="withhold").note == REASON


def test_of_two_changes_in_one_instant_one_wins_and_the_other_changes_nothing(released, rows):
    mine, theirs = fresh(released), fresh(released)
    withhold(mine, reason=REASON)
    theirs.headline = "Bank raises the rate"
    with pytest.raises(AlreadyReleased), transaction.atomic():
        kill(theirs, reason="It was wrong.")
    assert [row.kind for row in rows()] == [Kind.WITHHOLD]
    assert fresh(released).withheld_at
    assert not fresh(released).killed_at


def test_a_version_that_was_not_seen_is_not_released_over(released):
    with transaction.atomic():
        refuse_unseen(released, seen=1)
        with pytest.raises(NewerVersion):
            refuse_unseen(released, seen=0)


def test_readers_lose_a_withheld_story_from_every_list_and_get_it_back(
    released, follow_public
):
    follow_public()
    assert [line.number for line in queries.latest("en")] == [released.pk]
    withhold(released, reason=REASON)
    follow_public()
    held = queries.story(released.pk)
    assert (queries.latest("en"), held.withheld) == ([], True)
    assert held.item.body == ()
    assert queries.under_topic("en", "rates", limit=5) == []
    restore(fresh(released))
    follow_public()
    assert [line.number for line in queries.latest("en")] == [released.pk]
    assert [line.number for line in queries.under_topic("en", "rates", limit=5)] == [released.pk]
