"""Topics are renamed and merged, and no address that readers keep ever leads nowhere."""

from contextlib import suppress
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.archive import queries
from dateline.items import Topic as TopicDocument
from dateline.newsroom import topics
from dateline.newsroom.documents import FormerAddress, Topic
from dateline.newsroom.release import release
from dateline.newsroom.story import Story, StoryTopic
from dateline.newsroom.topics import NotMergeable, TopicMerged, TopicTaken
from dateline.newsroom.trail import TrailEntry
from dateline.releases import log
from tests.newsroom.desk import desk_of, form_of, url


@pytest.fixture
def bank(draft) -> Topic:
    return Topic.objects.get(slug="central-bank")


@pytest.fixture
def rates(draft) -> Topic:
    return Topic.objects.get(slug="rates")


def edit_url(topic: Topic) -> str:
    return reverse("wagtailsnippets_newsroom_topic:edit", args=[topic.pk])


def merge_url(topic: Topic) -> str:
    return reverse("newsroom_topic_merge", args=[topic.pk])


def fields_of(topic: Topic, **changes: str) -> dict[str, str]:
    known = {"edition": str(topic.edition_id), "name": topic.name, "slug": topic.slug}
    return {**known, "description": topic.description, **changes}


def path_from(client, slug: str, ending: str = "") -> str:
    """Where a reader ends who asks for a topic's address."""
    response = client.get(f"/en/topic/{slug}/{ending}", follow=True)
    assert response.status_code == 200
    assert all(status == 301 for _, status in response.redirect_chain)
    return response.redirect_chain[-1][0] if response.redirect_chain else f"/en/topic/{slug}/"


def test_the_old_address_of_a_renamed_topic_leads_to_the_new_one(
    released, bank, follow_public, client
):
    topics.rename(bank, name="National Bank", slug="national-bank")
    follow_public()
    assert path_from(client, "central-bank") == "/en/topic/national-bank/"
    assert path_from(client, "central-bank", "feed.rss") == "/en/topic/national-bank/feed.rss"
    page = client.get("/en/topic/national-bank/").content.decode()
    assert "#National Bank" in page
    assert released.headline in page


def test_the_page_of_a_story_released_before_has_the_new_name_at_once(
    released, bank, follow_public, client
):
    topics.rename(bank, name="National Bank", slug="national-bank")
    follow_public()
    page = client.get(f"/en/economy/{released.pk}-bank-holds-the-rate/").content.decode()
    assert 'href="/en/topic/national-bank/">#National Bank' in page
    assert "Central bank" not in page


def test_a_rename_back_swaps_the_addresses_and_makes_no_circle(
    released, bank, follow_public, client
):
    topics.rename(bank, name="National Bank", slug="national-bank")
    again = topics.rename(bank, name="Central bank", slug="central-bank")
    follow_public()
    assert again.slug == "central-bank"
    assert path_from(client, "national-bank") == "/en/topic/central-bank/"
    assert path_from(client, "central-bank") == "/en/topic/central-bank/"
    assert Topic.objects.count() == 3


def test_a_merged_topics_stories_stand_under_the_other_one(
    released, bank, rates, en, follow_public
):
    other = Story(locale=en.locale, section=released.section, headline="Only the bank")
    other.body = [("paragraph", "<p>One.</p>")]
    other.save()
    other.set_topics(["Central bank"])
    release(other)
    assert topics.merge(bank, rates) == 1
    follow_public()
    assert StoryTopic.objects.filter(topic=rates).count() == 2
    assert not StoryTopic.objects.filter(topic=bank).exists()
    lines = queries.under_topic("en", "rates", limit=5)
    assert [line.number for line in lines] == [other.pk, released.pk]
    assert [ref.slug for ref in Story.objects.get(pk=released.pk).topic_refs()] == ["rates"]


def test_addresses_that_led_to_a_merged_topic_lead_straight_to_the_last(
    released, bank, rates, en, follow_public, client
):
    topics.rename(bank, name="National Bank", slug="national-bank")
    topics.merge(bank, rates)
    last = Topic.named("Money", edition=en)
    topics.merge(rates, last)
    follow_public()
    for slug in ("central-bank", "national-bank", "rates"):
        response = client.get(f"/en/topic/{slug}/")
        assert (response.status_code, response["Location"]) == (301, "/en/topic/money/")


def test_whoever_types_a_former_name_gets_what_it_is_now(draft, bank, rates, en):
    topics.merge(bank, rates)
    assert Topic.named("central BANK", edition=en) == rates
    draft.set_topics(["Central bank", "Rates", "New"])
    draft.save()
    assert [ref.name for ref in draft.topic_refs()] == ["Rates", "New"]


def test_a_draft_written_before_a_merge_is_released_under_what_the_topic_is_now(
    desk, released, bank, rates, rows
):
    desk.post(url("edit", released.pk), form_of(released, topics="Central bank, Other"))
    topics.merge(bank, rates)
    revision = Story.objects.get(pk=released.pk).latest_revision
    revision.publish()
    assert [ref.slug for ref in rows()[-1].document.topics] == ["rates", "other"]
    assert not StoryTopic.objects.filter(topic=bank).exists()


def test_a_merge_is_one_transaction_with_its_rows_and_its_trail(released, bank, rates):
    before = log.head()
    topics.merge(bank, rates)
    documents = [entry.document for entry in log.read(before, 10)]
    assert all(isinstance(document, TopicDocument) for document in documents)
    leads = {document.slug: document.merged_into for document in documents}
    assert leads == {"central-bank": "rates", "rates": ""}
    assert "central-bank merged into rates" in TrailEntry.objects.first().note


def test_a_topic_is_not_merged_into_itself_nor_into_another_editions(draft, bank, uk):
    with pytest.raises(NotMergeable, match="into itself"):
        topics.merge(bank, Topic.objects.get(pk=bank.pk))
    with pytest.raises(NotMergeable, match="two editions"):
        topics.merge(bank, Topic.named("Банк", edition=uk))


def test_a_topic_merged_a_moment_ago_is_not_merged_again(draft, bank, rates, en):
    seen = Topic.objects.get(pk=bank.pk)
    topics.merge(bank, rates)
    with pytest.raises(TopicMerged, match="“Rates” a moment ago"):
        topics.merge(seen, Topic.named("Money", edition=en))
    with pytest.raises(TopicMerged):
        topics.merge(rates, seen)
    with pytest.raises(TopicMerged):
        topics.rename(seen, name="Bank", slug="bank")


def test_a_name_that_another_topic_has_is_not_taken_from_it(draft, bank, rates):
    with pytest.raises(TopicTaken) as refused:
        topics.rename(bank, name="RATES", slug="central-bank")
    assert refused.value.facts["topic"] == rates.pk
    with pytest.raises(TopicTaken):
        topics.rename(bank, name="Bank", slug="rates")


def test_an_address_that_was_anothers_is_not_taken_either(draft, bank, rates):
    topics.rename(rates, name="Key rate", slug="key-rate")
    with pytest.raises(TopicTaken, match="Key rate"):
        topics.rename(bank, name="Bank", slug="rates")


def test_a_former_address_cannot_be_deleted(draft, bank, rates):
    topics.merge(bank, rates)
    with pytest.raises(FormerAddress):
        Topic.objects.get(pk=bank.pk).delete()


def test_a_topic_stays_in_its_edition(bank, uk):
    bank.edition = uk
    with pytest.raises(ValidationError, match="stays as it is"):
        bank.full_clean()


names = st.sampled_from(["a", "b", "c", "d"])
acts = st.one_of(
    st.tuples(st.just("rename"), names, st.sampled_from(["a", "b", "c", "d", "e", "f"])),
    st.tuples(st.just("merge"), names, names),
)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(acts, max_size=9))
def test_whatever_is_renamed_and_merged_every_address_leads_straight_to_a_topic(en, acts):
    class Regret(Exception):
        pass

    with suppress(Regret), transaction.atomic():
        for slug in "abcd":
            Topic.objects.create(edition=en, slug=slug, name=slug.upper())
        ever = set("abcd")
        for act, one, other in acts:
            with suppress(TopicTaken, TopicMerged, NotMergeable):
                topic = Topic.objects.get(slug=one).current()
                if act == "rename":
                    topics.rename(topic, name=other.upper(), slug=other)
                    ever.add(other)
                else:
                    topics.merge(topic, Topic.objects.get(slug=other).current())
        for topic in Topic.objects.filter(slug__in=ever):
            assert topic.current().merged_into is None
        assert set(Topic.objects.values_list("slug", flat=True)) == ever
        raise Regret


def test_two_merges_at_once_in_opposite_directions_leave_one_topic(transactional_db, newsroom, en):
    one, other = (Topic.named(name, edition=en) for name in ("One", "Other"))
    start, outcomes = Barrier(2), []

    def merge(source, into):
        start.wait()
        try:
            topics.merge(source, into)
            outcomes.append("merged")
        except TopicMerged:
            outcomes.append("told")
        finally:
            connections.close_all()

    threads = [Thread(target=merge, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["merged", "told"]
    assert Topic.objects.filter(merged_into=None).count() == 1


# --- screens ---


def test_the_list_has_counts_and_no_former_addresses(
    desk, draft, bank, rates, django_assert_max_num_queries
):
    topics.rename(bank, name="National Bank", slug="national-bank")
    with django_assert_max_num_queries(25):
        page = desk.get(reverse("wagtailsnippets_newsroom_topic:list"))
    rows = {topic.name: topic.stories for topic in page.context["object_list"]}
    assert rows == {"National Bank": 1, "Rates": 1}


def test_an_editor_renames_a_topic_on_its_screen(desk, released, bank, follow_public, client):
    sent = fields_of(bank, name="National Bank", slug="national-bank")
    response = desk.post(edit_url(bank), sent)
    assert response.status_code == 302
    follow_public()
    assert path_from(client, "central-bank") == "/en/topic/national-bank/"


def test_a_topic_renamed_to_one_that_exists_offers_to_merge_and_loses_nothing(desk, bank, rates):
    sent = fields_of(bank, name="Rates", description="What money costs")
    response = desk.post(edit_url(bank), sent)
    page = response.content.decode()
    assert f"{merge_url(bank)}?into=Rates" in page
    assert "merging “Central bank” into it" in page
    assert response.context["form"]["name"].value() == "Rates"
    assert "What money costs" in page
    bank.refresh_from_db()
    assert (bank.name, bank.description) == ("Central bank", "")


def test_a_new_topic_of_a_name_that_exists_is_refused(desk, en, rates):
    sent = {"edition": str(en.pk), "name": "rates", "slug": "rates-2", "description": ""}
    response = desk.post(reverse("wagtailsnippets_newsroom_topic:add"), sent)
    assert "use that one" in response.context["form"].errors["name"][0]


def test_a_merge_says_first_what_it_will_do_and_changes_nothing(desk, released, bank, rates):
    before = log.head()
    page = desk.get(merge_url(bank), {"into": "Rates"})
    assert page.context["preview"] == topics.MergePreview(0, 1, ("central-bank",))
    text = page.content.decode()
    for said in ("/en/topic/central-bank/", "/en/topic/rates/", "It cannot be undone."):
        assert said in text
    assert log.head() == before


def test_an_editor_merges_and_a_reader_is_led_on(
    desk, released, bank, rates, follow_public, client
):
    response = desk.post(merge_url(bank), {"into": "Rates"}, follow=True)
    assert "“Central bank” is merged into “Rates”" in response.content.decode()
    follow_public()
    assert path_from(client, "central-bank") == "/en/topic/rates/"


@pytest.mark.parametrize(
    ("into", "said"),
    [("Central bank", "into itself"), ("Nobody knows", "no topic “Nobody knows”"), ("", "stays")],
)
def test_a_merge_into_nothing_or_itself_is_refused_with_what_was_typed(desk, bank, into, said):
    response = desk.post(merge_url(bank), {"into": into})
    assert said in response.context["form"].errors["into"][0]
    assert response.context["form"]["into"].value() == into
    assert Topic.objects.filter(merged_into=None).count() == 2


def test_a_topic_merged_meanwhile_leads_its_editor_to_the_other(desk, bank, rates):
    topics.merge(bank, rates)
    response = desk.post(merge_url(bank), {"into": "Rates"}, follow=True)
    assert response.redirect_chain[-1][0] == edit_url(rates)
    assert "merged into “Rates” already" in response.content.decode()


def test_a_reporter_merges_no_topics(reporter, bank, rates):
    client = desk_of(reporter)
    assert client.get(merge_url(bank)).status_code in (302, 403)
    client.post(merge_url(bank), {"into": "Rates"})
    assert not Topic.objects.filter(merged_into__isnull=False).exists()
