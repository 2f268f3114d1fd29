"""The archive's lists: their order, their pages, and what they cost."""

import re
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.archive import queries
from dateline.archive.follower import PublicArchive
from dateline.archive.models import PUBLIC
from dateline.archive.queries import BadMark, Mark
from dateline.items import Kind, Picks, Topic
from dateline.releases import log
from dateline.releases.following import catch_up
from dateline.releases.log import Addition
from tests.documents import NOON, a_ref, an_item


def numbers(lines) -> list[int]:
    return [line.number for line in lines]


# --- order ---------------------------------------------------------------------------------------


def test_latest_is_newest_first_and_of_one_edition(publish):
    publish(an_item(1), an_item(3), an_item(2), an_item(4, edition="uk"))
    assert numbers(queries.latest("en")) == [3, 2, 1]
    assert numbers(queries.latest("uk")) == [4]


def test_latest_shows_ten_unless_asked_for_more(publish):
    publish(*(an_item(number) for number in range(1, 15)))
    assert numbers(queries.latest("en")) == [*range(14, 4, -1)]
    assert numbers(queries.latest("en", limit=2)) == [14, 13]


def test_stories_of_one_moment_stand_by_number(publish):
    publish(*(an_item(number, first_released_at=NOON) for number in (2, 9, 5)))
    assert numbers(queries.latest("en")) == [9, 5, 2]


def test_a_day_holds_its_first_moment_and_not_the_next_days(publish):
    midnight = NOON.replace(hour=0)
    tomorrow = midnight + timedelta(days=1)
    moments = (midnight - timedelta(seconds=1), midnight, NOON, tomorrow)
    publish(*(an_item(n, first_released_at=at) for n, at in enumerate(moments, start=1)))
    assert numbers(queries.between("en", midnight, tomorrow, limit=9)) == [3, 2]


def test_stories_come_in_the_order_asked_for_and_only_those_there_are(publish):
    publish(an_item(1), an_item(2), an_item(3))
    assert [item.number for item in queries.stories([3, 99, 1])] == [3, 1]


def test_picks_stand_in_the_editors_order(publish):
    publish(
        *(an_item(number) for number in (1, 2, 3)),
        Picks(guid="h", version=1, edition="en", place="hot", numbers=(2, 3, 1)),
    )
    assert numbers(queries.lines(queries.shape().picks["en", "hot"].numbers)) == [2, 3, 1]


def test_translations_are_found_from_both_sides(publish):
    english = an_item(1, translation_key="key")
    ukrainian = an_item(2, edition="uk", translation_key="key")
    publish(english, ukrainian, an_item(3), an_item(4, edition="uk"))
    assert numbers(queries.translations(english)) == [2]
    assert numbers(queries.translations(ukrainian)) == [1]
    assert queries.translations(an_item(3)) == []


def test_the_newest_of_each_section_come_in_one_query(publish, django_assert_num_queries):
    sections = ("economy", "facts", "courts")
    for number in range(1, 10):
        slug = sections[number % 3]
        publish(an_item(number, section=a_ref(slug)))
    with django_assert_num_queries(1, connection=connections[PUBLIC]):
        bands = queries.newest_by_section("en", [*sections, "empty"], limit=2)
    assert {slug: numbers(lines) for slug, lines in bands.items()} == {
        "economy": [9, 6],
        "facts": [7, 4],
        "courts": [8, 5],
    }


# --- More about ----------------------------------------------------------------------------------


def more_about(item):
    newest = [queries.newest_under(item.edition, topic.slug) for topic in item.topics]
    return queries.more_about(item.number, newest)


def test_more_about_is_the_ten_newest_others_of_the_first_topic(publish):
    publish(*(an_item(number, topics=("budget",)) for number in range(1, 15)))
    shown = an_item(12, topics=("budget",))
    assert numbers(more_about(shown)) == [14, 13, 11, 10, 9, 8, 7, 6, 5, 4]


def test_more_about_is_topped_up_from_the_other_topics_in_their_order(publish):
    publish(
        *(an_item(number, topics=("taxes",)) for number in range(1, 8)),
        *(an_item(number, topics=("courts",)) for number in range(20, 30)),
        *(an_item(number, topics=("budget",)) for number in range(10, 15)),
    )
    shown = an_item(50, topics=("budget", "taxes", "courts"))
    # Five of budget, then the five newest of taxes, though all of courts are newer than either.
    assert numbers(more_about(shown)) == [14, 13, 12, 11, 10, 7, 6, 5, 4, 3]


def test_more_about_shows_a_story_of_two_topics_once_and_itself_never(publish):
    publish(*(an_item(number, topics=("budget", "taxes")) for number in (1, 2, 3)))
    assert numbers(more_about(an_item(2, topics=("taxes", "budget")))) == [3, 1]


def test_more_about_of_a_story_without_topics_is_empty(publish):
    publish(an_item(1), an_item(2))
    assert more_about(an_item(1)) == []


# --- pages ---------------------------------------------------------------------------------------


def test_a_mark_survives_its_way_through_an_address():
    mark = Mark(NOON + timedelta(microseconds=17), 42)
    assert Mark.parse(str(mark)) == mark


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "20250903T120000.000000Z",
        "20250903T120000.000000Z-",
        "20250903T120000.000000Z--1",
        "20250903T120000.000000Z-9223372036854775808",
        "20250903T120000.000000Z-1-2",
        "20250903T250000.000000Z-1",
        "20250903T120000.000000-1",
        "00010101T000000.000000+2359-1",
        "99991231T235959.999999+0000-1'; DROP TABLE archive_archivedstory; --",
        "20250903T120000.000000Z-1\x00",
        "20250903T120000.000000Z-" + "9" * 5000,
    ],
)
def test_an_address_that_names_no_place_is_told_so(db, text):
    with pytest.raises(BadMark):
        queries.latest("en", before=Mark.parse(text))


LISTS = {
    "latest": lambda **page: queries.latest("en", **page),
    "section": lambda **page: queries.in_section("en", "economy", **page),
    "topic": lambda **page: queries.under_topic("en", "budget", **page),
}


@pytest.mark.parametrize("name", LISTS)
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(minutes=st.lists(st.integers(0, 3), max_size=17), limit=st.integers(1, 6))
def test_walking_a_list_page_by_page_meets_each_story_once_in_order_both_ways(
    db, name, minutes, limit
):
    """Many stories share their time, so the pages break inside such groups too."""

    class Regret(Exception):
        """Makes a transaction roll back."""

    with pytest.raises(Regret), transaction.atomic(), transaction.atomic(using=PUBLIC):
        items = [
            an_item(n, topics=("budget",), first_released_at=NOON + timedelta(minutes=minute))
            for n, minute in enumerate(minutes, start=1)
        ]
        strangers = [an_item(n, edition="uk", topics=("budget",)) for n in (101, 102)]
        log.append_many([Addition(each, Kind.NEW) for each in (*items, *strangers)])
        catch_up(PublicArchive())
        expected = [
            item.number
            for item in sorted(items, key=lambda i: (i.first_released_at, i.number), reverse=True)
        ]
        pages = walk_down(LISTS[name], limit)
        assert [number for page in pages for number in numbers(page)] == expected
        assert all(len(page) == limit for page in pages[:-1])
        if pages:
            back = walk_up(LISTS[name], limit, start=pages[-1][-1].mark)
            assert [number for page in back for number in numbers(page)] == expected[:-1]
        raise Regret  # the next example starts from an empty archive


TOO_MANY = 50
"""More pages than any of these lists has."""


def walk_down(page_of, limit) -> list[list]:
    pages = []
    mark = None
    while page := page_of(limit=limit, before=mark):
        pages.append(page)
        assert len(pages) < TOO_MANY, "the walk goes in circles"
        mark = page[-1].mark
    return pages


def walk_up(page_of, limit, *, start) -> list[list]:
    pages: list[list] = []
    mark = start
    while page := page_of(limit=limit, after=mark):
        pages.insert(0, page)
        assert len(pages) < TOO_MANY, "the walk goes in circles"
        mark = page[0].mark
    return pages


def test_a_story_released_while_a_reader_pages_moves_nothing(publish):
    publish(*(an_item(number) for number in range(1, 7)))
    first = queries.latest("en", limit=3)
    publish(an_item(50))
    assert numbers(queries.latest("en", limit=3, before=first[-1].mark)) == [3, 2, 1]


# --- what a list costs ---------------------------------------------------------------------------

MARK = Mark(NOON + timedelta(minutes=700), 700)
STORY = an_item(900, topics=("topic-1", "topic-2", "topic-3"), translation_key="key-900")

# Walks an index in order and stops at the limit: no sorting, whatever the archive holds.
PAGED = {
    "latest": lambda: queries.latest("en"),
    "latest before": lambda: queries.latest("en", before=MARK),
    "latest after": lambda: queries.latest("en", after=MARK),
    "section": lambda: queries.in_section("en", "section-1", limit=20),
    "section before": lambda: queries.in_section("en", "section-1", limit=20, before=MARK),
    "section after": lambda: queries.in_section("en", "section-1", limit=20, after=MARK),
    "day": lambda: queries.between("en", NOON, NOON + timedelta(minutes=60), limit=90),
    "topic": lambda: queries._page_of_topic("en", "topic-1", 20, None, None),
    "topic before": lambda: queries._page_of_topic("en", "topic-1", 20, MARK, None),
    "topic after": lambda: queries._page_of_topic("en", "topic-1", 20, None, MARK),
}
# Finds a few rows by key; puts those few in order.
FOUND = {
    "story": lambda: queries.story(900),
    "stories": lambda: queries.stories([900, 800, 700]),
    "translations": lambda: queries.translations(STORY),
    "topic page": lambda: queries.under_topic("en", "topic-1", limit=20, before=MARK),
    "more about": lambda: queries.newest_under("en", "topic-1"),
    "bands": lambda: queries.newest_by_section("en", ["section-1", "section-2"], limit=4),
    "shape": queries.shape,
    "topic document": lambda: queries.topic("en", "topic-1"),
    "serial": queries.serial,
}


@pytest.fixture
def much(db):
    """An archive of such a size that a planner has a reason to use an index."""
    documents = [
        an_item(
            number,
            topics=(f"topic-{number % 40}", f"topic-{number % 7}"),
            translation_key=f"key-{number}",
            section=a_ref(f"section-{number % 8}"),
        )
        for number in range(1, 1501)
    ]
    topics = [
        Topic(guid=f"t{n}", version=1, edition="en", slug=f"topic-{n}", name=f"Topic {n}")
        for n in range(400)
    ]
    with transaction.atomic():
        log.append_many([Addition(each, Kind.NEW) for each in (*documents, *topics)])
    catch_up(PublicArchive())
    # PostgreSQL takes statistics by itself sooner or later; SQLite goes by its indexes alone.
    if connections[PUBLIC].vendor == "postgresql":
        with connections[PUBLIC].cursor() as cursor:
            cursor.execute("ANALYZE")


def plans(ask) -> list[str]:
    """How the database goes about each query of `ask`."""
    connection = connections[PUBLIC]
    with CaptureQueriesContext(connection) as asked:
        ask()
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    found = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table of some hundred rows is cheaper to read whole than by its index. With this
            # a plan does so only if no index serves, which is what a large one would suffer from.
            cursor.execute("SET LOCAL enable_seqscan = off")
        for query in asked.captured_queries:
            cursor.execute(explain + query["sql"])
            found.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
    assert found
    return found


FULL_SCAN = re.compile(
    r"Seq Scan on archive_|^\s*SCAN (?!CONSTANT ROW|\(?subquery|[\w-]*subquery)", re.MULTILINE
)
SORT = re.compile(r"\bSort\b|TEMP B-TREE")


@pytest.mark.parametrize("name", PAGED)
def test_a_page_of_a_list_is_read_from_its_index_in_order(much, name):
    for plan in plans(PAGED[name]):
        assert not FULL_SCAN.search(plan), plan
        assert not SORT.search(plan), plan


@pytest.mark.parametrize("name", FOUND)
def test_no_question_reads_a_whole_table(much, name):
    for plan in plans(FOUND[name]):
        assert not FULL_SCAN.search(plan), plan
