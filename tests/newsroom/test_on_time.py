"""What the scheduler does at its time, in which order, and what it writes down of it."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from wagtail.models import Revision

from dateline.items import Audience, Kind
from dateline.newsroom import punctuality, scheduler
from dateline.newsroom.punctuality import Departure, Missed, What
from dateline.newsroom.release import release
from dateline.newsroom.story import Story
from dateline.releases import log

MINUTE = timedelta(minutes=1)


def story_of(draft: Story, headline: str) -> Story:
    """Another complete draft."""
    story = Story(
        locale=draft.locale,
        section=draft.section,
        headline=headline,
        body=[("paragraph", "<p>Text.</p>")],
    )
    story.save()
    return story


def scheduled(story: Story, at: datetime) -> Story:
    """Scheduled for a time that may be over by now, as after the machine was off."""
    story.go_live_at = timezone.now() + timedelta(hours=1)
    revision = story.save_revision()
    revision.publish()
    content = {**revision.content, "go_live_at": at.isoformat()}
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=at, content=content)
    Story.objects.filter(pk=story.pk).update(go_live_at=at)
    return story


def overdue(story: Story, at: datetime) -> Story:
    """Released under an embargo that was over at this time."""
    story.embargo_until = timezone.now() + timedelta(hours=1)
    release(story)
    Story._base_manager.filter(pk=story.pk).update(held_until=at)
    return story


def test_after_a_pause_all_that_is_due_leaves_in_the_order_of_its_times(draft, rows):
    now = timezone.now()
    scheduled(story_of(draft, "Third"), now - 1 * MINUTE)
    overdue(story_of(draft, "Second"), now - 2 * MINUTE)
    scheduled(story_of(draft, "First"), now - 3 * MINUTE)
    before = len(rows())
    assert scheduler.run_due(now) == 3
    assert [row.document.headline for row in rows()[before:]] == ["First", "Second", "Third"]
    assert scheduler.run_due(now) == 0


def test_a_story_whose_embargo_ends_while_it_waits_to_be_scheduled_leaves_for_all(draft, rows):
    now = timezone.now()
    draft.embargo_until = now - MINUTE
    scheduled(draft, now - 2 * MINUTE)
    scheduler.run_due(now)
    assert [(row.kind, row.audience) for row in rows()] == [(Kind.NEW, Audience.PUBLIC)]


def test_how_late_each_was_is_kept(draft):
    now = timezone.now()
    overdue(story_of(draft, "Held"), now - MINUTE)
    scheduled(draft, now - 2 * MINUTE)
    scheduler.run_due(now)
    lifted, released = punctuality.newest()
    assert (released.what, released.headline) == (What.RELEASE, "Bank holds the rate")
    assert (lifted.what, lifted.story) == (What.LIFT, Story.objects.get(headline="Held").pk)
    assert 120_000 <= released.late_ms < 180_000
    found = punctuality.lateness([lifted, released])
    assert (found.count, found.worst_ms) == (2, released.late_ms)


def test_what_cannot_leave_is_told_until_somebody_has_seen_it_and_keeps_nobody(draft, editor, rows):
    now = timezone.now()
    broken = scheduled(story_of(draft, "No text"), now - 2 * MINUTE)
    revision = broken.revisions.get()
    revision.content["body"] = "[]"
    revision.save()
    scheduled(draft, now - MINUTE)
    assert scheduler.run_due(now) == 1
    assert [row.document.headline for row in rows()] == ["Bank holds the rate"]
    [missed] = punctuality.unseen()
    assert (missed.story, missed.what) == (broken.pk, What.RELEASE)
    assert "The text is missing." in missed.reason
    assert scheduler.next_due() is None
    punctuality.seen(missed.pk, by=editor)
    assert not punctuality.unseen().exists()
    assert Missed.objects.get().seen_by == "editor"


def test_what_cannot_be_shown_to_readers_is_tried_again_and_told_once(draft, monkeypatch):
    now = timezone.now()
    story = overdue(draft, now - MINUTE)
    with monkeypatch.context() as broken:
        broken.setattr("dateline.newsroom.held.show", lambda item: 1 / 0)
        assert scheduler.run_due(now) == 0
        assert scheduler.run_due(now + MINUTE) == 0
    assert punctuality.unseen().count() == 1
    assert scheduler.run_due(now + MINUTE) == 1
    assert Story.objects.get(pk=story.pk).held_until is None


@pytest.mark.parametrize("expiring", [False, True])
def test_what_always_fails_does_not_keep_back_what_is_due_after_it(
    draft, rows, monkeypatch, expiring
):
    monkeypatch.setattr(scheduler, "AT_ONCE", 1)
    now = timezone.now()
    broken = overdue(story_of(draft, "Broken"), now - 2 * MINUTE)
    if expiring:
        Story._base_manager.filter(pk=broken.pk).update(
            held_until=None, expire_at=now - 2 * MINUTE
        )
    overdue(draft, now - MINUTE)
    refuse_story(broken, monkeypatch)
    assert [scheduler.run_due(now) for _round in range(2)] == [0, 1]
    assert rows()[-1].document.headline == "Bank holds the rate"


def test_what_just_failed_is_left_alone_for_a_while(draft, monkeypatch):
    now = timezone.now()
    overdue(draft, now - MINUTE)
    monkeypatch.setattr("dateline.newsroom.held.show", lambda item: 1 / 0)
    scheduler.run_due(now)
    assert scheduler.due(now) == []
    again = Missed.objects.get().at + punctuality.TRIED_AGAIN_AFTER
    assert [job.what for job in scheduler.due(again)] == [What.LIFT]


def refuse_story(refused: Story, monkeypatch) -> None:
    """The log takes no row of this story from now on."""
    append = log.append

    def appended(item, **facts):
        if item.guid == refused.guid:
            raise RuntimeError("the log is full")
        return append(item, **facts)

    monkeypatch.setattr(log, "append", appended)


def test_a_failed_departure_leaves_no_line_of_having_left(draft, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("the log is full")

    now = timezone.now()
    scheduled(draft, now - MINUTE)
    with monkeypatch.context() as broken:
        broken.setattr("dateline.newsroom.release.log.append", fail)
        assert scheduler.run_due(now) == 0
    assert not Departure.objects.exists()
    assert not Story.objects.get(pk=draft.pk).live


def test_it_sleeps_until_the_next_time_and_no_longer(draft):
    assert scheduler.next_due() is None
    at = timezone.now() + timedelta(seconds=30)
    overdue(draft, at)
    assert scheduler.next_due() == at
    assert scheduler._sleep_s(at - timedelta(seconds=0.2)) == pytest.approx(0.2)
    assert scheduler._sleep_s(at - timedelta(seconds=30)) == scheduler.LONGEST_SLEEP_S


def test_only_the_newest_departures_are_kept(draft, monkeypatch):
    monkeypatch.setattr(punctuality, "KEPT", 3)
    for _each in range(5):
        punctuality.left(What.RELEASE, draft, due_at=timezone.now())
    punctuality.forget_old()
    assert Departure.objects.count() == 3


def test_what_got_a_later_end_since_the_look_stays_with_readers(draft):
    now = timezone.now()
    draft.expire_at = now + MINUTE
    story = release(draft)
    [job] = scheduler.due(now + 2 * MINUTE)
    story.expire_at = now + 60 * MINUTE
    release(story)
    assert not job.act()
    assert Story.objects.get(pk=story.pk).live


def test_what_cannot_be_done_is_tried_in_peace(draft, monkeypatch):
    """And what is still to come is waited for as ever."""
    overdue(draft, timezone.now() - MINUTE)
    monkeypatch.setattr(scheduler.embargo, "lift", _refuse)
    now = timezone.now()
    assert scheduler.run_due(now) == 0
    assert scheduler._sleep_s(now, idle=True) == scheduler.LONGEST_SLEEP_S
    assert scheduler._sleep_s(now) < 0.1


def _refuse(_story):
    raise RuntimeError("it cannot be lifted")
