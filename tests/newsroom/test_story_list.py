"""The list an editor lives in: what it shows, how it is narrowed, and what it costs."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.admin.menu import admin_menu
from wagtail.admin.search import admin_search_areas

from dateline.newsroom.documents import Section
from dateline.newsroom.release import kill, release
from dateline.newsroom.screens import paging
from dateline.newsroom.screens.listing import short_time
from dateline.newsroom.screens.states import State
from dateline.newsroom.story import Story
from tests.newsroom.desk import desk_of, form_of, url


def shown(desk, **query) -> list[str]:
    """The headlines on the list's first page."""
    response = desk.get(url("list"), query)
    assert response.status_code == 200
    return [str(story.newest) for story in _named(response.context["object_list"])]


def _named(stories):
    for story in stories:
        revision = story.latest_revision
        story.newest = revision.object_str if revision else story.headline
        yield story


def write(edition, headline, **fields) -> Story:
    section = Section.objects.get(edition=edition, slug="economy")
    story = Story(
        **{
            "locale": edition.locale,
            "section": section,
            "headline": headline,
            "body": [("paragraph", "<p>Text.</p>")],
            **fields,
        }
    )
    story.save()
    story.save_revision(user=fields.get("created_by"))
    return story


def test_the_newest_change_comes_first(desk, en):
    first, _second = write(en, "First"), write(en, "Second")
    assert shown(desk) == ["Second", "First"]
    desk.post(url("edit", first.pk), form_of(first, headline="First again"))
    assert shown(desk) == ["First again", "Second"]


def test_a_released_storys_draft_comes_first_and_is_shown_by_its_new_headline(desk, en):
    first = release(write(en, "First"))
    release(write(en, "Second"))
    desk.post(url("edit", first.pk), form_of(first, headline="First, changed"))
    assert shown(desk) == ["First, changed", "Second"]
    assert Story.objects.get(pk=first.pk).headline == "First"


def test_each_row_tells_where_the_story_stands(desk, en, reporter):
    write(en, "A draft")
    review = write(en, "A review")
    review.get_workflow().start(review, reporter)
    release(write(en, "A release"))
    changed = release(write(en, "A change"))
    changed.save_revision()
    kill(release(write(en, "A kill")), reason="No.")
    later = write(en, "A schedule", go_live_at=timezone.now() + timedelta(days=1))
    later.publish(later.get_latest_revision())
    states = {story.headline: story.state for story in desk.get(url("list")).context["object_list"]}
    assert states == {
        "A draft": State.DRAFT,
        "A review": State.IN_REVIEW,
        "A release": State.RELEASED,
        "A change": State.CHANGED,
        "A kill": State.KILLED,
        "A schedule": State.SCHEDULED,
    }
    for state, headline in zip(states.values(), states, strict=True):
        assert shown(desk, state=state) == [headline]


def test_the_list_is_narrowed_by_edition_section_urgency_and_who(desk, en, uk, reporter, editor):
    write(en, "English", created_by=reporter)
    write(uk, "Українська", created_by=editor, urgency=1)
    facts = Section.objects.get(edition=en, slug="facts")
    write(en, "Facts", section=facts, created_by=editor)
    assert shown(desk, locale="uk") == ["Українська"]
    assert shown(desk, section=facts.pk) == ["Facts"]
    assert shown(desk, urgency=1) == ["Українська"]
    assert shown(desk, created_by=reporter.pk) == ["English"]
    assert shown(desk, locale="en", created_by=editor.pk) == ["Facts"]


def test_the_list_is_narrowed_by_day(desk, en):
    write(en, "Today")
    old = write(en, "Old")
    Story.objects.filter(pk=old.pk).update(updated_at=datetime(2026, 1, 5, 12, tzinfo=UTC))
    assert shown(desk, updated_at_from="2026-01-05", updated_at_to="2026-01-05") == ["Old"]


@pytest.mark.parametrize(
    "query", ["урожай", "УРОЖАЙ", "рожа", "зерно урожай", "olha ліс", "harvest-uk"]
)
def test_search_finds_a_new_draft_at_once_in_any_case(desk, uk, query):
    write(
        uk,
        "Урожай зібрано",
        summary="Зерно і соняшник",
        slugline="harvest-uk",
        bylines="Olha Ліс",
    )
    write(uk, "Порт відкрито")
    assert shown(desk, q=query) == ["Урожай зібрано"]


def test_search_finds_the_draft_of_a_released_story(desk, released):
    desk.post(url("edit", released.pk), form_of(released, headline="Unheard of"))
    assert shown(desk, q="unheard") == ["Unheard of"]


@pytest.mark.parametrize("query", ["100%", "under_score", "'; --", "\\"])
def test_search_takes_signs_as_they_are(desk, en, query):
    write(en, f"It is {query} so")
    write(en, "Another 100 underscore")
    assert shown(desk, q=query) == [f"It is {query} so"]


def test_the_number_of_queries_is_small_and_does_not_grow(desk, en, uk, reporter):
    def fill(count: int) -> None:
        for number in range(count):
            story = write((en, uk)[number % 2], f"Story {number}", created_by=reporter)
            if number % 3 == 0:
                release(story, by=reporter)
            elif number % 3 == 1:
                story.get_workflow().start(story, reporter)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(url("list")).status_code == 200
        assert not any('"body"' in query["sql"] for query in queries)
        return len(queries)

    fill(4)
    cost()
    few = cost()
    fill(16)
    assert cost() == few
    assert few <= 25


def test_what_is_sought_is_counted_only_as_far_as_pages_are_turned(desk, en, monkeypatch):
    for number in range(4):
        write(en, f"Harvest {number}")
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    page = desk.get(url("list") + "?q=harvest").content.decode()
    assert "More than 3 matches" in page
    monkeypatch.setattr(paging, "MOST_COUNTED", 4)
    page = desk.get(url("list") + "?q=harvest").content.decode()
    assert "There are 4 matches" in page


def test_the_whole_list_is_counted_whole(desk, en, monkeypatch):
    for number in range(4):
        write(en, f"Harvest {number}")
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    page = BeautifulSoup(desk.get(url("list")).content, "lxml")
    assert len(page.select("tbody tr")) == 4


def test_only_drafts_are_offered_for_deleting_and_only_released_stories_for_killing(desk, en):
    draft, live = write(en, "A draft"), release(write(en, "Live"))
    page = desk.get(url("list")).content.decode()
    assert url("delete", draft.pk) in page
    assert url("delete", live.pk) not in page
    assert url("unpublish", live.pk) in page
    assert url("unpublish", draft.pk) not in page


def test_a_reporter_is_not_offered_to_kill(reporter, released):
    page = desk_of(reporter).get(url("list")).content.decode()
    assert url("edit", released.pk) in page
    assert url("unpublish", released.pk) not in page


def test_a_new_story_is_offered_in_each_edition(desk, en, uk):
    page = desk.get(url("list")).content.decode()
    for edition in (en, uk):
        assert f"New story: {edition.name}" in page
        assert f"{url('add')}?locale={edition.code}" in page


def test_a_time_is_the_hour_today_and_hour_and_date_before():
    now = datetime(2026, 3, 5, 21, 30, tzinfo=UTC)  # 23:30 in Kyiv
    assert short_time(datetime(2026, 3, 4, 22, 5, tzinfo=UTC), now=now) == "00:05"
    assert short_time(datetime(2026, 3, 4, 21, 55, tzinfo=UTC), now=now) == "23:55 04.03.2026"


def test_the_home_screen_shows_my_drafts_what_waits_and_what_left_today(desk, en, editor, reporter):
    write(en, "My own draft", created_by=editor)
    write(en, "Another's draft", created_by=reporter)
    review = write(en, "For the desk", created_by=reporter)
    review.get_workflow().start(review, reporter)
    release(write(en, "Out today"))
    page = desk.get("/desk/").content.decode()
    for headline in ("My own draft", "For the desk", "Out today"):
        assert page.count(headline) == 1
    assert "Another&#x27;s draft" not in page
    assert "Wagtail" not in page.split("</title>")[0]


def test_the_home_screen_asks_for_nothing_from_elsewhere(desk, newsroom):
    page = desk.get("/desk/").content.decode()
    assert "gravatar" not in page
    assert "releases.wagtail.io" not in page


def menu_of(user, rf) -> set[str]:
    request = rf.get("/desk/")
    request.user = user
    return {item.name for item in admin_menu.menu_items_for_request(request)}


def test_the_menu_holds_what_a_desk_needs(editor, reporter, rf, admin_user):
    of_all = {"board", "coming-up", "notices", "stories", "behind", "images", "keys"}
    assert menu_of(editor, rf) == of_all | {"site", "flash", "hot-list"}
    assert menu_of(reporter, rf) == of_all
    assert {"reports", "documents", "settings"} <= menu_of(admin_user, rf)
    assert "explorer" not in menu_of(admin_user, rf)


def test_the_sidebars_search_looks_for_stories(editor, rf):
    request = rf.get("/desk/")
    request.user = editor
    areas = admin_search_areas.search_items_for_request(request)
    assert areas[0].url == url("list")
