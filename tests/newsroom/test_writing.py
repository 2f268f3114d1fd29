"""What a writer is told while writing: measures, and where the links of the text lead."""

import json

import pytest
from django.urls import reverse

from dateline.formats import reading
from dateline.newsroom import links
from dateline.newsroom.links import Found
from dateline.newsroom.release import kill
from dateline.newsroom.screens import writing
from dateline.outbound import OutboundError, Refused
from tests.newsroom.desk import desk_of, url


class Answering:
    """Stands for other servers: each address answers with this status, or this error."""

    def __init__(self, **answers):
        self.answers = answers

    def status(self, address):
        answer = self.answers[address.split("/")[2].split(".")[0]]
        if isinstance(answer, Exception):
            raise answer
        return answer


def found(address, **answers):
    return links.check([address], by=Answering(**answers))[0]


def test_the_pace_is_the_one_that_the_reader_s_page_counts_by():
    assert writing.PACE == reading.WORDS_A_MINUTE
    assert writing.WORDS_A_MINUTE["uk"] == reading.CYRILLIC_WORDS_A_MINUTE


def test_a_link_to_a_released_story_is_well_and_to_any_other_is_broken(released, en, editor):
    path = f"/en/economy/{released.pk}-anything/"
    assert found(path).found is Found.WELL
    assert found("/en/economy/99999-nothing/").found is Found.BROKEN
    kill(released, reason="It was not so.", by=editor)
    assert (found(path).found, "killed" in found(path).why) == (Found.BROKEN, True)


def test_a_link_to_a_draft_is_broken_for_readers(draft):
    assert "not released" in found(f"/en/economy/{draft.pk}/").why


def test_a_whole_address_of_this_site_is_its_path(settings, released):
    settings.BASE_URL = "https://agency.example"
    assert found(f"https://agency.example/en/economy/{released.pk}/").found is Found.WELL


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (200, Found.WELL),
        (404, Found.BROKEN),
        (410, Found.BROKEN),
        (403, Found.UNSURE),
        (503, Found.UNSURE),
        (Refused("This address is inside a private network."), Found.BROKEN),
        (OutboundError("It did not answer in time."), Found.UNSURE),
    ],
)
def test_what_another_server_answers_is_told(db, answer, expected):
    assert found("https://other.example/page", other=answer).found is expected


def test_mail_and_telephone_are_not_asked(db):
    assert found("mailto:desk@news.example").found is Found.WELL


def test_links_come_back_in_their_order_and_once(db):
    asked = ["https://b.example/", "https://a.example/", "https://b.example/"]
    told = links.check(asked, by=Answering(a=200, b=404))
    assert [each.url for each in told] == ["https://b.example/", "https://a.example/"]


def test_more_links_than_any_story_has_are_not_all_asked(db):
    asked = [f"https://a.example/{n}" for n in range(links.MOST_LINKS + 5)]
    told = links.check(asked, by=Answering(a=200))
    assert [each.found for each in told[-5:]] == [Found.UNSURE] * 5


def test_the_form_asks_for_its_links(desk, released):
    answer = desk.post(
        reverse("newsroom_links"),
        json.dumps({"links": ["/en/economy/99999-nothing/"]}),
        content_type="application/json",
    )
    assert answer.json()["links"] == [
        {"url": "/en/economy/99999-nothing/", "found": "broken", "why": "There is no such story."}
    ]


def test_what_is_no_list_of_links_is_refused(desk):
    address = reverse("newsroom_links")
    assert desk.post(address, "not json", content_type="application/json").status_code == 400
    assert desk.get(address).status_code == 405


def test_somebody_without_stories_may_not_have_addresses_asked(newsroom):
    from tests.newsroom.desk import person

    nobody = desk_of(person("nobody"))
    answer = nobody.post(
        reverse("newsroom_links"), '{"links": []}', content_type="application/json"
    )
    assert answer.status_code in (302, 403)


def test_the_form_brings_the_measures_in_the_edition_s_pace(desk, released, uk):
    page = desk.get(url("edit", released.pk)).content.decode()
    assert 'data-pace="200"' in page
    page = desk.get(url("add") + "?locale=uk").content.decode()
    assert 'data-pace="180"' in page
