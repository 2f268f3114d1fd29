"""Lists: Latest, sections, topics and days; paging that shows everything once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dateline.items import Correction
from dateline.site import lists
from dateline.site.lists import PAGE
from dateline.site.times import bounds
from tests.documents import NOON, a_killed, a_ref, an_item
from tests.site.conftest import (
    a_section,
    a_topic,
    hrefs,
    in_ukrainian,
    picks,
    texts,
)

LISTS = ["/en/latest/", "/en/economy/", "/en/topic/grain/"]


def numbers_on(page):
    """The numbers of the stories in a list, from their addresses."""
    rows = hrefs(page, ".list__in .row a")
    return [int(path.split("/")[3].split("-")[0]) for path in rows]


@pytest.mark.parametrize("path", LISTS)
def test_paging_shows_every_story_once_and_newest_first(publish, open_page, path):
    # Seven share each minute, so pages end and begin inside equal times.
    stories = [
        an_item(n, topics=("grain",), first_released_at=NOON + timedelta(minutes=n // 7))
        for n in range(1, 2 * PAGE + 20)
    ]
    publish(*stories)
    expected = [
        story.number
        for story in sorted(stories, key=lambda s: (s.first_released_at, s.number), reverse=True)
    ]

    down = _walk(open_page, path, ".pager__older")
    last = _last(open_page, path)
    up = _walk(open_page, last, ".pager__newer")

    assert [number for page in down for number in page] == expected
    assert [len(page) for page in down] == [PAGE, PAGE, len(stories) - 2 * PAGE]
    assert [number for page in reversed(up) for number in page] == expected


def _walk(open_page, path, link):
    pages = []
    while path:
        page = open_page(path)
        pages.append(numbers_on(page))
        path = next(iter(hrefs(page, link)), None)
    return pages


def _last(open_page, path):
    while older := hrefs(open_page(path), ".pager__older"):
        (path,) = older
    return path


def test_a_release_meanwhile_moves_nothing_on_the_next_page(publish, open_page):
    publish(*(an_item(n) for n in range(1, PAGE + 11)))
    (older,) = hrefs(open_page("/en/latest/"), ".pager__older")
    before = numbers_on(open_page(older))

    publish(*(an_item(n) for n in range(100, 105)))

    assert numbers_on(open_page(older)) == before == list(range(10, 0, -1))


def test_the_neighbours_of_a_page_are_named_to_machines_too(publish, open_page):
    publish(*(an_item(n) for n in range(1, 2 * PAGE + 10)))

    first = open_page("/en/latest/")
    second = open_page(hrefs(first, "link[rel=next]")[0])

    assert hrefs(first, "link[rel=prev]") == []
    assert hrefs(second, "link[rel=next]") == hrefs(second, ".pager__older")
    assert hrefs(second, "link[rel=prev]") == hrefs(second, ".pager__newer")


def test_a_full_last_page_offers_no_older_one(publish, open_page):
    publish(*(an_item(n) for n in range(1, PAGE + 1)))

    assert hrefs(open_page("/en/latest/"), ".pager a") == []


@pytest.mark.parametrize(
    "query",
    [
        "before=nonsense",
        "before=",
        "after=20250903T120000.000000Z-99999999999999999999",
        "before=20250903T120000.000000Z--1",
        "after=20259903T120000.000000Z-1",
        "before=20250903T120000.000000Z-1&after=20250903T120000.000000Z-1",
        "before=%00",
    ],
)
@pytest.mark.parametrize("path", LISTS)
def test_a_bad_mark_is_answered_in_words(client, publish, agency, path, query):
    publish(an_item(1, topics=("grain",)))

    response = client.get(f"{path}?{query}")

    assert response.status_code == 400
    assert "This address names no place in the list" in response.content.decode()


def test_past_the_end_of_a_list_a_reader_is_led_back_to_its_top(publish, open_page):
    publish(an_item(1))

    page = open_page("/en/latest/?before=20200101T000000.000000Z-1")

    assert hrefs(page, ".empty a") == ["/en/latest/"]


@pytest.mark.parametrize("path", LISTS)
def test_a_killed_story_leaves_every_list(publish, open_page, path):
    kept, story = an_item(1, topics=("grain",)), an_item(2, topics=("grain",))
    publish(kept, story)
    assert numbers_on(open_page(path)) == [2, 1]

    publish(a_killed(story))

    assert numbers_on(open_page(path)) == [1]


def test_latest_says_the_section_and_marks_flash_and_corrected(publish, open_page):
    note = Correction(at=NOON, note="It was 12.")
    publish(an_item(1, urgency=1), an_item(2, section=a_ref("world"), corrections=(note,)))

    page = open_page("/en/latest/")

    assert texts(page, ".list__in .row a") == [
        "15:02 Headline 2, version 1 corrected World",
        "15:01 Flash Headline 1, version 1 Economy",
    ]


def test_rules_stand_between_the_hours_of_today_and_between_older_days(publish, open_page):
    times = [
        "09-03T12:40",
        "09-03T12:10",
        "09-03T11:50",
        "09-02T11:00",
        "09-02T09:00",
        "09-01T09:00",
    ]
    publish(
        *(
            an_item(n, first_released_at=datetime.fromisoformat(f"2025-{text}:00+00:00"))
            for n, text in zip(range(9, 0, -1), times, strict=False)
        )
    )

    rows = open_page("/en/latest/").select(".list__in .row")

    assert ["row--opens" in row["class"] for row in rows] == [False, False, True, True, False, True]


def test_an_empty_section_says_what_will_be_there(open_page):
    assert texts(open_page("/en/world/"), ".empty") == [
        "Stories will stand here as they are released."
    ]


def test_a_section_that_was_closed_is_missing(client, publish, agency):
    publish(a_section("world", "World", version=2, status="canceled"))

    assert client.get("/en/world/").status_code == 404


def test_a_list_holds_its_own_edition_only(publish, open_page):
    publish(an_item(1, topics=("grain",)), in_ukrainian(an_item(2, topics=("grain",))))

    assert numbers_on(open_page("/uk/latest/")) == [2]
    assert numbers_on(open_page("/uk/topic/grain/")) == [2]
    assert numbers_on(open_page("/en/latest/")) == [1]


def test_a_topic_is_called_what_an_editor_called_it_else_what_its_newest_story_does(
    publish, open_page
):
    publish(an_item(1, topics=("grain",)), an_item(2, topics=("river-ports",)))
    publish(a_topic("grain", "Grain exports", "What leaves the ports."))

    described = open_page("/en/topic/grain/")

    assert texts(described, "h1") == ["#Grain exports"]
    assert texts(described, ".list-head__about") == ["What leaves the ports."]
    assert texts(open_page("/en/topic/river-ports/"), "h1") == ["#River ports"]


def test_a_topic_that_nobody_named_is_missing(client, agency):
    assert client.get("/en/topic/nothing/").status_code == 404


def test_a_standing_page_stands_at_an_address_like_a_section_s(open_page):
    page = open_page("/en/about/")

    assert texts(page, "h1") == ["About us"]
    assert texts(page, ".text b") == ["About us"]


def test_hot_news_stands_beside_a_list(publish, open_page):
    publish(an_item(1), an_item(2), picks("hot", 1))

    assert texts(open_page("/en/latest/"), ".rail--hot .row__headline") == ["Headline 1, version 1"]


@pytest.mark.parametrize("count", [10, 300])
def test_a_deep_page_asks_as_many_things_as_the_first(
    client, publish, agency, keeping, django_assert_num_queries, count
):
    publish(*(an_item(n) for n in range(1, count)))
    client.get("/en/")

    with django_assert_num_queries(2, using="public"):
        client.get("/en/latest/?before=20250903T130000.000000Z-1")


# Days


def test_a_day_holds_what_was_released_on_the_agency_s_calendar(publish, open_page):
    publish(
        an_item(1, first_released_at=datetime(2025, 9, 1, 20, 59, 59, tzinfo=UTC)),
        an_item(2, first_released_at=datetime(2025, 9, 1, 21, 0, tzinfo=UTC)),
        an_item(3, first_released_at=datetime(2025, 9, 2, 20, 59, 59, tzinfo=UTC)),
        an_item(4, first_released_at=datetime(2025, 9, 2, 21, 0, tzinfo=UTC)),
    )

    page = open_page("/en/2025/09/02/")

    assert numbers_on(page) == [3, 2]
    assert texts(page, "h1") == ["Tuesday, 2 September 2025"]
    assert texts(page, ".list__in time") == ["23:59", "00:00"]


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2025, 3, 30), 23), (date(2025, 10, 26), 25), (date(2025, 9, 3), 24)],
)
def test_a_day_is_as_long_as_the_clock_makes_it(day, hours):
    start, end = bounds(day)

    assert end - start == timedelta(hours=hours)


def test_the_day_the_clock_goes_back_holds_both_of_its_fourth_hours(clock, publish, open_page):
    clock(datetime(2025, 10, 28, 12, tzinfo=UTC))
    publish(
        an_item(1, first_released_at=datetime(2025, 10, 25, 20, 59, tzinfo=UTC)),
        an_item(2, first_released_at=datetime(2025, 10, 25, 21, 0, tzinfo=UTC)),
        an_item(3, first_released_at=datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        an_item(4, first_released_at=datetime(2025, 10, 26, 1, 30, tzinfo=UTC)),
        an_item(5, first_released_at=datetime(2025, 10, 26, 21, 59, tzinfo=UTC)),
        an_item(6, first_released_at=datetime(2025, 10, 26, 22, 0, tzinfo=UTC)),
    )

    page = open_page("/en/2025/10/26/")

    assert numbers_on(page) == [5, 4, 3, 2]
    assert texts(page, ".list__in time") == ["23:59", "03:30", "03:30", "00:00"]
    machine_times = [time["datetime"] for time in page.select(".list__in time")]
    assert machine_times[1:3] == ["2025-10-26T03:30:00+02:00", "2025-10-26T03:30:00+03:00"]


def test_a_zone_whose_clock_changes_at_midnight_loses_no_story(settings):
    settings.TIME_ZONE = "Africa/Cairo"  # at 00:00 on 25 April 2025 the clock went to 01:00

    assert bounds(date(2025, 4, 24))[1] == bounds(date(2025, 4, 25))[0]
    start, end = bounds(date(2025, 4, 25))
    assert end - start == timedelta(hours=23)


def test_days_without_news_are_stepped_over(publish, open_page):
    publish(
        an_item(1, first_released_at=datetime(2025, 8, 20, 12, tzinfo=UTC)),
        an_item(2, first_released_at=datetime(2025, 8, 25, 12, tzinfo=UTC)),
        an_item(3, first_released_at=datetime(2025, 9, 1, 12, tzinfo=UTC)),
    )

    page = open_page("/en/2025/08/25/")
    between = open_page("/en/2025/08/28/")

    assert hrefs(page, ".pager a") == ["/en/2025/09/01/", "/en/2025/08/20/"]
    assert texts(page, ".pager__older") == ["Wednesday, 20 August 2025"]
    assert texts(between, ".empty") == ["Nothing was released on this day."]
    assert hrefs(between, ".pager a") == ["/en/2025/09/01/", "/en/2025/08/25/"]


def test_a_story_at_the_stroke_of_midnight_is_no_neighbour_of_its_own_day(publish, open_page):
    midnight = datetime(2025, 9, 1, 21, 0, tzinfo=UTC)
    publish(
        an_item(1, first_released_at=midnight),
        an_item(2, first_released_at=midnight - timedelta(microseconds=1)),
    )

    assert hrefs(open_page("/en/2025/09/02/"), ".pager a") == ["/en/2025/09/01/"]
    assert hrefs(open_page("/en/2025/09/01/"), ".pager a") == ["/en/2025/09/02/"]


@pytest.mark.parametrize(
    "day", ["2025/02/30", "2025/13/01", "0000/01/01", "2025/09/04", "1999/01/01"]
)
def test_a_day_that_never_was_or_is_not_yet_is_missing(client, publish, agency, day):
    publish(an_item(1))

    assert client.get(f"/en/{day}/").status_code == 404


def test_the_last_and_first_days_of_the_calendar_do_no_harm(client, publish, agency):
    publish(an_item(1))

    assert client.get("/en/9999/12/31/").status_code == 404
    assert client.get("/en/0001/01/01/").status_code == 404


def test_a_day_of_more_stories_than_a_page_holds_is_turned_page_by_page(
    publish, open_page, monkeypatch
):
    monkeypatch.setattr(lists, "DAY", 4)
    publish(*(an_item(n) for n in range(1, 11)))

    path, seen = "/en/2025/09/03/", []
    while path:
        page = open_page(path)
        seen += texts(page, ".list__in .row__headline")
        assert page.select(".count") == []
        path = next(iter(hrefs(page, "a.pager__older[href*=before]")), "")
    assert seen == [f"Headline {n}, version 1" for n in range(10, 0, -1)]
