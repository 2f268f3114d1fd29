"""Flash: a headline, a section, a topic, and out; pressed twice, it is one."""

import unicodedata
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.signals import published

from dateline.archive import queries
from dateline.items import Kind
from dateline.newsroom.documents import Section
from dateline.newsroom.flash import Flash, FlashSent, release_flash
from dateline.newsroom.release import release
from dateline.newsroom.story import Story
from dateline.releases import log
from tests.newsroom.desk import desk_of, failing, url

DIALOG = {"x-requested-with": "XMLHttpRequest"}


@pytest.fixture
def typed(en):
    """What the form sends, with some fields changed."""

    def _typed(**changes):
        section = Section.objects.get(edition=en, slug="economy")
        return {
            "headline": "Bank cuts rate to 4%",
            "section": str(section.pk),
            "topics": "Rates, Central bank",
            "token": str(uuid.uuid4()),
            **changes,
        }

    return _typed


def send(client, data, **options):
    return client.post(reverse("newsroom_flash"), data, **options)


def test_a_flash_leaves_at_once_with_urgency_1_and_its_headline_as_its_text(desk, typed, rows):
    send(desk, typed())
    (row,) = rows()
    assert (row.kind, row.version, row.document.urgency) == (Kind.NEW, 1, 1)
    assert row.document.headline == "Bank cuts rate to 4%"
    assert [block.html for block in row.document.body] == ["Bank cuts rate to 4%"]
    assert [topic.slug for topic in row.document.topics] == ["rates", "central-bank"]
    assert row.document.section.slug == "economy"


def test_the_answer_names_the_readers_page_and_offers_to_write_on(desk, typed):
    page = send(desk, typed(), headers=DIALOG).content.decode()
    story = Story.objects.get()
    assert f'href="/en/economy/{story.pk}-bank-cuts-rate-to-4/"' in page
    assert f'href="{url("edit", story.pk)}"' in page
    assert "<html" not in page


def test_without_scripts_it_is_a_page_that_answers_with_the_same(desk, typed):
    page = send(desk, typed(), follow=True).content.decode()
    story = Story.objects.get()
    assert f"/en/economy/{story.pk}-bank-cuts-rate-to-4/" in page
    assert url("edit", story.pk) in page
    assert "Release the flash" in page  # ready for the next


def test_pressed_twice_it_goes_out_once_and_answers_the_same(desk, typed, rows):
    data = typed()
    first = send(desk, data, headers=DIALOG)
    again = send(desk, data, headers=DIALOG)
    assert len(rows()) == 1
    assert Story.objects.count() == 1
    assert str(Story.objects.get().pk) in first.content.decode()
    assert first.content == again.content


def test_pressed_again_after_the_story_grew_it_is_still_the_same(desk, typed, rows):
    data = typed()
    send(desk, data)
    story = Story.objects.get()
    story.headline = "Bank cuts rate to 4% after long debate"
    release(story)
    send(desk, data)
    assert [row.version for row in rows()] == [1, 2]


def test_other_words_under_a_token_that_is_used_up_are_kept_and_can_be_sent(desk, typed, rows):
    data = typed()
    send(desk, data)
    response = send(desk, {**data, "headline": "Markets fall"}, headers=DIALOG)
    page = response.content.decode()
    assert "Markets fall" in page
    assert "From this form went out" in page
    assert len(rows()) == 1
    token = str(response.context["form"].data["token"])
    assert token != data["token"]
    send(desk, {**data, "headline": "Markets fall", "token": token})
    assert [row.document.headline for row in rows()] == ["Bank cuts rate to 4%", "Markets fall"]


def test_nobody_takes_the_story_of_another_for_an_answer(desk, draft, typed):
    token = uuid.UUID(draft.guid)
    page = send(desk, typed(token=str(token)), headers=DIALOG).content.decode()
    assert "From this form went out" in page
    assert not Story.objects.get(pk=draft.pk).live


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"headline": " "}, "headline"),
        ({"headline": "w" * 201}, "headline"),
        ({"section": ""}, "section"),
        ({"section": "999999"}, "section"),
        ({"topics": "w" * 200}, "topics"),
        ({"token": "none"}, "token"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    desk, typed, rows, change, field
):
    data = typed(**change)
    response = send(desk, data, headers=DIALOG)
    assert list(response.context["form"].errors) == [field]
    page = response.content.decode()
    for name in ("headline", "topics"):
        assert data[name] in page
    assert rows() == []
    assert not Story.objects.exists()


def test_a_flash_that_fails_leaves_nothing_behind_and_keeps_the_words(desk, typed, rows):
    data = typed()
    with failing(published):
        page = send(desk, data, headers=DIALOG).content.decode()
    assert "nothing was changed" in page
    assert data["headline"] in page
    assert rows() == []
    assert not Story.objects.exists()
    send(desk, data)
    assert len(rows()) == 1


@pytest.mark.parametrize(
    "headline",
    ["Fire 🔥 in the port", "🚨", "<script>alert(1)</script> & more", "Ціни «впали»", "a\u0301 b"],
)
def test_any_headline_goes_out_as_it_was_typed(desk, typed, follow_public, headline):
    send(desk, typed(headline=headline))
    follow_public()
    story = Story.objects.get()
    item = queries.story(story.pk).item
    assert item.headline == unicodedata.normalize("NFC", headline)
    page = desk.get(f"/en/economy/{story.pk}/", follow=True)
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert "More follows." in page.content.decode()


def test_a_flash_grows_under_its_guid(desk, typed, editor, rows):
    send(desk, typed())
    story = Story.objects.get()
    story.body = [("paragraph", "<p>The board voted five to four.</p>")]
    release(story, by=editor)
    first, second = rows()
    assert first.guid == second.guid
    assert (second.version, second.kind) == (2, Kind.UPDATE)


def test_a_reporter_may_not_flash_and_is_not_offered_it(reporter, typed, rows):
    client = desk_of(reporter)
    assert send(client, typed()).status_code == 302
    assert rows() == []
    assert "data-flash-opens" not in client.get("/desk/").content.decode()


def test_an_editor_is_offered_it_on_every_screen_with_its_key(desk, released):
    for path in ("/desk/", url("list"), url("edit", released.pk)):
        page = desk.get(path).content.decode()
        assert "data-flash-opens" in page
        assert "newsroom/keys" in page


def test_a_forged_flash_is_refused(editor, typed, rows):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert send(client, typed()).status_code == 403
    assert rows() == []


def test_the_form_asks_for_the_section_of_the_persons_newest_story(desk, editor, draft):
    page = desk.get(reverse("newsroom_flash"))
    assert page.context["form"].initial["section"] == ""
    Story.objects.filter(pk=draft.pk).update(created_by=editor)
    page = desk.get(reverse("newsroom_flash"))
    assert page.context["form"].initial["section"] == str(draft.section_id)


def test_topics_are_suggested_by_the_section_too(desk, en, draft):
    section = draft.section_id
    answer = desk.get(reverse("newsroom_topics"), {"section": section, "q": "cen"})
    assert [option["value"] for option in answer.json()["options"]] == ["Central bank"]


def test_the_form_costs_few_queries(desk, en):
    desk.get(reverse("newsroom_flash"), headers=DIALOG)
    with CaptureQueriesContext(connection) as asked:
        desk.get(reverse("newsroom_flash"), headers=DIALOG)
    assert len(asked) <= 10


@pytest.mark.django_db(transaction=True)
def test_two_sendings_in_one_instant_are_one_flash(en, editor):
    flash = Flash(
        guid=uuid.uuid4().urn,
        headline="Bank cuts rate",
        section=Section.objects.select_related("edition__locale").get(
            edition=en, slug="economy"
        ),
        topics=["Rates"],
    )

    def sent(_nth):
        try:
            return release_flash(flash, by=editor).pk
        finally:
            connections.close_all()

    start = log.head()
    with ThreadPoolExecutor(4) as pool:
        numbers = set(pool.map(sent, range(4)))
    assert len(numbers) == 1
    added = [entry for entry in log.read(start, 20) if entry.document_type == "item"]
    assert [entry.version for entry in added] == [1]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["One", "Two"])), max_size=8))
def test_however_tokens_and_words_are_mixed_no_words_are_lost_or_sent_twice(
    en, editor, sendings
):
    guids = [uuid.uuid4().urn for _ in range(3)]
    section = Section.objects.select_related("edition__locale").get(edition=en, slug="economy")
    first: dict[str, str] = {}
    for which, words in sendings:
        flash = Flash(guid=guids[which], headline=words, section=section)
        if first.setdefault(flash.guid, words) == words:
            assert release_flash(flash, by=editor).guid == flash.guid
        else:
            with pytest.raises(FlashSent):
                release_flash(flash, by=editor)
    out = dict(Story.objects.filter(guid__in=guids).values_list("guid", "headline"))
    assert out == first


def test_a_flash_lies_on_the_desk_of_who_sends_it(editor, economy):
    section = Section.objects.get(edition=economy.edition, slug="economy")
    flash = Flash(guid=uuid.uuid4().urn, headline="Bridge closed", section=section, topics=())
    assert release_flash(flash, by=editor).desk == economy
