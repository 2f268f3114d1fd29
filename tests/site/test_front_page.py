"""The front page of an edition, and the way to it."""

import pytest

from dateline.items import Edition, Status
from tests.documents import a_killed, a_ref, an_item
from tests.site.conftest import a_full_item, hrefs, in_ukrainian, picks, text_of, texts


def test_the_desk_s_picks_lead_in_the_desk_s_order(publish, open_page):
    publish(*(an_item(n) for n in range(1, 9)), picks("front", 3, 1, 7, 2, 5))

    page = open_page("/en/")

    assert texts(page, ".lead h1") == ["Headline 3, version 1"]
    assert texts(page, ".second h2") == [f"Headline {n}, version 1" for n in (1, 7, 2, 5)]


def test_without_picks_the_urgent_lead_and_the_newest_follow(publish, open_page):
    publish(*(an_item(n, urgency=3 if n == 4 else 5) for n in range(1, 9)))

    headlines = texts(open_page("/en/"), ".card__headline")

    assert headlines == [f"Headline {n}, version 1" for n in (4, 8, 7, 6, 5)]


def test_a_killed_pick_gives_its_place_to_the_next(publish, open_page):
    stories = [an_item(n) for n in range(1, 9)]
    publish(*stories, picks("front", 3, 1), a_killed(stories[2]))

    headlines = texts(open_page("/en/"), ".card__headline")

    assert headlines == [f"Headline {n}, version 1" for n in (1, 8, 7, 6, 5)]


def test_the_lead_has_its_picture_and_summary(publish, open_page):
    publish(a_full_item(1))

    lead = open_page("/en/").select(".lead")[0]

    assert lead.select("img")[0]["src"] == "/pictures/quay-1600.jpg"
    assert texts(lead, ".card__summary") == ["Tolls go down from October."]


def test_a_story_without_summary_shows_how_its_text_begins(publish, open_page):
    publish(an_item(1))

    assert texts(open_page("/en/"), ".card__summary") == ["Text of 1, version 1"]


def test_each_section_that_has_news_has_a_band_of_its_newest(publish, open_page):
    publish(*(an_item(n) for n in range(1, 9)))

    bands = open_page("/en/").select(".band")

    assert [text_of(band.select("h2")[0]) for band in bands] == ["Economy"]
    assert texts(bands[0], ".row__headline") == [
        f"Headline {n}, version 1" for n in (8, 7, 6, 5, 4)
    ]


def test_bands_stand_in_the_sections_order(publish, open_page):
    publish(an_item(1), an_item(2, section=a_ref("world")))

    assert texts(open_page("/en/"), ".band h2") == ["Economy", "World"]


def test_an_edition_without_stories_says_what_will_be_there(open_page):
    assert texts(open_page("/en/"), ".empty") == [
        "The first stories of this edition will stand here."
    ]


def test_front_pages_name_each_other_and_the_address_that_asks_the_browser(open_page):
    expected = {
        "en": "http://127.0.0.1:8000/en/",
        "uk": "http://127.0.0.1:8000/uk/",
        "x-default": "http://127.0.0.1:8000/",
    }

    for path in ("/en/", "/uk/"):
        links = open_page(path).select("head link[hreflang]")
        assert {link["hreflang"]: link["href"] for link in links} == expected


def test_a_front_page_asks_the_archive_at_most_six_things(
    client, publish, agency, keeping, django_assert_max_num_queries
):
    publish(*(an_item(n) for n in range(1, 60)), picks("front", 1, 2), picks("hot", 3))
    client.get("/en/latest/")

    with django_assert_max_num_queries(6, using="public"):
        assert client.get("/en/").status_code == 200


@pytest.mark.parametrize(
    ("languages", "edition"),
    [
        ("uk", "/uk/"),
        ("uk-UA,uk;q=0.9,en;q=0.8", "/uk/"),
        ("fr,de;q=0.9,uk;q=0.5,en;q=0.4", "/uk/"),
        ("en-GB", "/en/"),
        ("fr", "/en/"),
        ("", "/en/"),
        ("uk;q=0,en", "/en/"),
        (";;q=,,%00", "/en/"),
    ],
)
def test_the_bare_address_leads_to_the_reader_s_edition(client, agency, languages, edition):
    response = client.get("/", headers={"Accept-Language": languages})

    assert (response.status_code, response["Location"]) == (302, edition)
    assert "Accept-Language" in response["Vary"]


def test_an_agency_without_editions_has_a_page_that_says_so(client, db):
    response = client.get("/")

    assert response.status_code == 404
    assert b"There is no such page" in response.content


def test_a_closed_edition_is_missing_and_in_no_list_of_editions(client, publish, agency, open_page):
    closed = Edition(
        guid="edition:uk",
        version=2,
        code="uk",
        name="Українська",
        title="Дейтлайн",
        status=Status.CANCELED,
    )
    publish(closed)

    assert client.get("/uk/").status_code == 404
    assert hrefs(open_page("/en/"), ".editions a") == []


def test_editions_are_shown_in_their_own_languages(publish, open_page):
    publish(in_ukrainian(an_item(1)))

    page = open_page("/uk/")

    assert page.html["lang"] == "uk"
    assert texts(page, ".editions a") == ["English", "Українська"]
    assert texts(page, ".sections a") == ["Останні новини", "Економіка"]
    assert texts(page, ".masthead__today") == ["Середа, 3 вересня 2025"]
