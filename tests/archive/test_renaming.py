"""Topics that were merged or renamed: stories stand under what they are now, however the log is
cut into batches, and no address leads nowhere or in a circle."""

from contextlib import suppress

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.archive import changes, queries
from dateline.archive.follower import PublicArchive
from dateline.archive.models import PUBLIC
from dateline.archive.renaming import led
from dateline.items import EntityKind, EntityRef, Kind, Topic
from dateline.releases import log
from dateline.releases.following import catch_up
from dateline.releases.log import Addition
from tests.documents import a_killed, an_item


class Regret(Exception):
    """Takes an example back."""


def a_topic(slug: str, *, into: str = "", version: int = 1, name: str = "") -> Topic:
    return Topic(
        guid=f"topic:{slug}", version=version, edition="en", slug=slug, name=name or slug.title(),
        merged_into=into,
    )


def under(slug: str) -> list[int]:
    return [line.number for line in queries.under_topic("en", slug, limit=50)]


def test_a_merge_moves_what_stood_under_the_topic(publish):
    publish(an_item(1, topics=("a",)), an_item(2, topics=("a", "b")), an_item(3, topics=("b",)))
    publish(a_topic("b"), a_topic("a", into="b"))
    assert (under("a"), under("b")) == ([], [3, 2, 1])
    assert {slug: ref.name for slug, ref in queries.renamed("en").items()} == {"a": "B"}


def test_a_story_released_under_the_former_name_stands_under_the_new_one(publish):
    publish(a_topic("b"), a_topic("a", into="b"))
    publish(an_item(1, topics=("a", "b")), an_item(2, topics=("a",)))
    assert (under("a"), under("b")) == ([], [2, 1])
    publish(a_killed(an_item(2, topics=("a",))))
    assert under("b") == [1]


def test_topics_of_the_same_slug_in_another_edition_are_left_alone(publish):
    other = an_item(1, topics=("a",), edition="uk")
    publish(other, a_topic("b"), a_topic("a", into="b"))
    assert [line.number for line in queries.under_topic("uk", "a", limit=5)] == [1]


def test_whoever_keeps_pages_is_told_of_both_topics_and_of_the_names(publish):
    publish(an_item(1, topics=("a",)), a_topic("b"))
    start = queries.serial()
    publish(a_topic("a", into="b"))
    (change,) = changes.since(start)
    wanted = {"topic-en-a", "topic-en-b", "names-en"}
    assert wanted <= set(change.tags)


def test_a_late_story_of_a_former_name_is_told_to_the_new_ones_page(publish):
    publish(a_topic("b"), a_topic("a", into="b"))
    start = queries.serial()
    publish(an_item(1, topics=("a",)))
    (change,) = changes.since(start)
    assert "topic-en-b" in change.tags


def test_people_places_and_organisations_are_lists_like_topics(publish):
    person = EntityRef(kind=EntityKind.PERSON, slug="ada-brook", name="Ada Brook")
    publish(an_item(1, entities=(person,)), an_item(2), an_item(3, entities=(person,)))
    assert under("people/ada-brook") == [3, 1]
    publish(an_item(3, version=2))
    assert under("people/ada-brook") == [1]


slugs = st.sampled_from("abcdef")


@given(st.dictionaries(slugs, slugs), slugs)
def test_following_addresses_ends_whatever_leads_where(leads, slug):
    end = led(slug, leads)
    assert end == slug or end not in leads
    if end == slug and slug in leads:
        # Only a circle is not followed.
        seen, at = set(), slug
        while at in leads and at not in seen:
            seen.add(at)
            at = leads[at]
        assert at in seen


merges = st.tuples(slugs, slugs).filter(lambda pair: pair[0] != pair[1])
steps = st.one_of(
    st.tuples(st.just("story"), st.integers(1, 5), st.lists(slugs, unique=True, max_size=3)),
    st.tuples(st.just("merge"), merges, st.none()),
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(steps, max_size=14), size=st.integers(1, 14))
def test_however_the_log_is_cut_stories_stand_where_their_topics_lead(db, steps, size):
    with suppress(Regret), transaction.atomic(), transaction.atomic(using=PUBLIC):
        leads: dict[str, str] = {}
        stories: dict[int, tuple[int, list[str]]] = {}
        versions: dict[str, int] = {}
        documents = []
        for kind, what, topics in steps:
            if kind == "story":
                version = stories.get(what, (0, []))[0] + 1
                stories[what] = version, topics
                documents.append(an_item(what, version=version, topics=tuple(topics)))
            else:
                source, end = what[0], led(what[1], leads)
                if source in leads or source == end:
                    continue  # as the newsroom: merged once, and never into itself
                for slug in [source, *(slug for slug, to in leads.items() if to == source)]:
                    leads[slug] = end
                    versions[slug] = versions.get(slug, 0) + 1
                    documents.append(a_topic(slug, into=end, version=versions[slug]))
        if documents:
            log.append_many([Addition(each, Kind.UPDATE) for each in documents])
        catch_up(PublicArchive(), batch=size)
        for slug in "abcdef":
            expected = {n for n, (_, ts) in stories.items() if slug in {led(t, leads) for t in ts}}
            assert under(slug) == sorted(expected, reverse=True)
        raise Regret
