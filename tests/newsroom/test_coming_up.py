"""The screen of what is to come, and what is done from it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dateline.newsroom import coming_up, punctuality, scheduler
from dateline.newsroom.clock import agency_zone
from dateline.newsroom.coming_up import NotScheduled
from dateline.newsroom.punctuality import What
from dateline.newsroom.release import BadTime, release
from dateline.newsroom.story import Story
from dateline.newsroom.trail import Act, TrailEntry
from tests.newsroom.desk import desk_of, form_of, url

HOUR = timedelta(hours=1)


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


@pytest.fixture
def scheduled(draft, editor) -> Story:
    draft.go_live_at = timezone.now() + HOUR
    draft.save_revision(user=editor).publish(user=editor)
    return fresh(draft)


@pytest.fixture
def held(draft) -> Story:
    draft.embargo_until = timezone.now() + HOUR
    return release(draft)


def screen(client) -> str:
    return client.get(reverse("newsroom_coming_up")).content.decode()


def do(client, deed: str, number: int, **more) -> str:
    facts = {"do": deed, "number": number, **more}
    return client.post(reverse("newsroom_coming_up"), facts, follow=True).content.decode()


def test_what_is_planned_stands_in_the_order_of_its_times(held):
    soon = timezone.now() + HOUR / 2
    Story._base_manager.filter(pk=held.pk).update(expire_at=soon)
    plans = coming_up.planned()
    assert [plan.what for plan in plans] == [What.EXPIRE, What.LIFT]
    assert plans[1].why == "embargo"


def test_a_scheduled_story_is_released_now(desk, scheduled, rows):
    page = do(desk, "now", scheduled.pk)
    assert "Released as version 1" in page
    assert fresh(scheduled).live
    assert scheduler.next_due() is None
    assert "Nothing is planned" in screen(desk)


def test_a_scheduled_story_is_moved_and_leaves_then(desk, scheduled):
    later = timezone.now().astimezone(agency_zone()) + 3 * HOUR
    page = do(desk, "move", scheduled.pk, at=f"{later:%Y-%m-%dT%H:%M}")
    assert "leaves at" in page
    assert scheduler.next_due() == later.replace(second=0, microsecond=0)


@pytest.mark.parametrize("at", ["", "soon", "2001-01-01T10:00"])
def test_a_time_that_is_none_or_over_moves_nothing(desk, scheduled, at):
    before = scheduler.next_due()
    page = do(desk, "move", scheduled.pk, at=at)
    assert "leaves at" not in page
    assert scheduler.next_due() == before


def test_a_story_is_taken_off_the_schedule_and_stays_a_draft(desk, scheduled):
    do(desk, "off", scheduled.pk)
    assert scheduler.next_due() is None
    assert not fresh(scheduled).live
    acts = list(TrailEntry.objects.filter(story=scheduled.pk).values_list("act", "person"))
    assert acts == [(Act.UNSCHEDULE, "editor"), (Act.SCHEDULE, "editor")]
    note = TrailEntry.objects.get(act=Act.SCHEDULE).note
    assert note == f"{scheduled.go_live_at.astimezone(agency_zone()):%H:%M %d.%m.%Y}"


def test_a_draft_written_since_is_not_released_with_what_was_scheduled(desk, scheduled, editor):
    scheduled.headline = "A later draft"
    scheduled.go_live_at = None
    later = scheduled.save_revision(user=editor)
    coming_up.release_now(scheduled.pk, by=editor)
    story = fresh(scheduled)
    assert (story.live, story.headline) == (True, "Bank holds the rate")
    assert story.get_latest_revision() == story.latest_revision == later
    assert story.has_unpublished_changes


def test_a_draft_written_since_stays_the_newest_when_what_was_scheduled_is_moved(
    scheduled, editor
):
    later = fresh(scheduled).save_revision(user=editor)
    coming_up.move(scheduled.pk, timezone.now() + 2 * HOUR, by=editor)
    assert fresh(scheduled).get_latest_revision() == later
    assert scheduler.next_due() > timezone.now() + HOUR


def test_what_left_meanwhile_is_told(desk, scheduled, editor):
    coming_up.release_now(scheduled.pk, by=editor)
    with pytest.raises(NotScheduled):
        coming_up.release_now(scheduled.pk, by=editor)
    assert "not scheduled any more" in do(desk, "now", scheduled.pk)
    with pytest.raises(BadTime):
        coming_up.move(scheduled.pk, timezone.now() - HOUR, by=editor)


def test_an_embargo_is_lifted_from_the_screen(desk, held):
    assert "embargo" in screen(desk)
    do(desk, "lift", held.pk)
    assert fresh(held).held_until is None


def test_what_was_missed_stands_there_until_it_is_seen(desk, draft):
    punctuality.missed(What.RELEASE, draft, due_at=timezone.now(), reason="The text is missing.")
    assert "The text is missing." in screen(desk)
    assert "The text is missing." in desk.get(reverse("wagtailadmin_home")).content.decode()
    do(desk, "seen", punctuality.unseen().get().pk)
    assert "The text is missing." not in screen(desk)


def test_a_reporter_sees_the_screen_and_changes_nothing(reporter, scheduled):
    client = desk_of(reporter)
    assert "Release now" not in screen(client)
    assert client.post(reverse("newsroom_coming_up"), {"do": "now", "number": scheduled.pk})
    assert not fresh(scheduled).live


@pytest.mark.parametrize(("deed", "number"), [("", 1), ("now", "x"), ("lift", 99), ("seen", 99)])
def test_nonsense_is_answered_and_changes_nothing(desk, scheduled, deed, number):
    before = scheduler.next_due()
    do(desk, deed, number)
    assert scheduler.next_due() == before


def test_the_screen_needs_few_queries_however_much_is_planned(
    desk, draft, django_assert_max_num_queries
):
    for number in range(20):
        story = Story(locale=draft.locale, section=draft.section, headline=f"Story {number}")
        story.body = [("paragraph", "<p>Text.</p>")]
        story.go_live_at = timezone.now() + HOUR
        story.save()
        story.save_revision().publish()
    with django_assert_max_num_queries(25):
        screen(desk)


# --- the form ------------------------------------------------------------------------------------


def test_the_form_sets_an_embargo_and_says_what_happened(desk, draft):
    until = timezone.now().astimezone(agency_zone()) + HOUR
    fields = form_of(draft, embargo_until=f"{until:%Y-%m-%d %H:%M}", **{"action-publish": "1"})
    page = desk.post(url("edit", draft.pk), fields, follow=True).content.decode()
    assert "under embargo" in page
    assert "Readers get it at" in page
    assert fresh(draft).held_until == until.replace(second=0, microsecond=0)
    assert "readers know nothing of it" in desk.get(url("edit", draft.pk)).content.decode()


@pytest.mark.parametrize("name", ["embargo_until", "go_live_at"])
def test_a_time_that_is_over_is_refused_at_its_field(desk, draft, name):
    fields = form_of(draft, **{name: "2001-01-01 10:00", "action-publish": "1"})
    page = desk.post(url("edit", draft.pk), fields, follow=True).content.decode()
    assert "This time is over." in page
    assert not fresh(draft).live


def test_a_time_that_has_come_since_keeps_nobody_from_saving(desk, draft):
    draft.embargo_until = timezone.now() - HOUR
    draft.save_revision()
    shown = (draft.embargo_until).astimezone(agency_zone())
    fields = form_of(draft, embargo_until=f"{shown:%Y-%m-%d %H:%M}", headline="Another")
    page = desk.post(url("edit", draft.pk), fields, follow=True).content.decode()
    assert "Draft saved" in page


def test_the_hour_that_the_clock_skips_comes_back_with_what_was_typed(desk, draft, settings):
    settings.TIME_ZONE = "Europe/Kyiv"
    fields = form_of(draft, go_live_at="2031-03-30 03:30", headline="Typed")
    page = desk.post(url("edit", draft.pk), fields, follow=True).content.decode()
    assert "does not exist" in page
    assert "Typed" in page


def test_lifting_is_a_screen_of_its_own(desk, held):
    page = desk.get(url("lift", held.pk)).content.decode()
    assert "Clients are told that the embargo is over." in page
    desk.post(url("lift", held.pk))
    assert fresh(held).public_version is None
    assert "nothing to lift" in desk.get(url("lift", held.pk), follow=True).content.decode()
