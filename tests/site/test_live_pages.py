"""What a page carries for the script that listens: address, words, and the lists that may grow."""

import pytest

from dateline.addresses import item_path
from dateline.site.lists import PAGE
from tests.documents import a_killed, an_item
from tests.site.conftest import a_full_item, in_ukrainian, tree_of

STORY = item_path(a_full_item(50))


@pytest.fixture(autouse=True)
def _stories(publish, agency):
    killed = an_item(60)
    others = [an_item(n, topics=("grain",)) for n in range(1, 5)]
    publish(a_full_item(50), in_ukrainian(an_item(70)), *others, killed, a_killed(killed))


@pytest.mark.parametrize(
    ("path", "address"),
    {
        "/en/": "/live?edition=en",
        STORY: "/live?edition=en",
        "/en/latest/": "/live?edition=en",
        "/en/economy/": "/live?edition=en&section=economy",
        "/en/topic/grain/": "/live?edition=en&topic=grain",
    }.items(),
)
def test_a_page_listens_with_one_small_module_from_its_own_serial_on(open_page, path, address):
    page = open_page(path)

    heard, _, since = page.body["data-live"].partition("&since=")
    assert heard == address
    assert int(since) > 0
    (script,) = page.select("script[src]")
    assert script["type"] == "module"
    assert script["src"].startswith("/static/site/live")


def test_a_story_says_which_it_is_and_in_which_version(open_page):
    body = open_page(STORY).body

    assert (body["data-story"], body["data-version"]) == ("50", "1")


@pytest.mark.parametrize("path", ["/en/nothing/", "/en/economy/60/", "/en/latest/?before=x"])
def test_a_notice_loads_no_script(client, agency, path):
    page = tree_of(client.get(path))

    assert not page.body.has_attr("data-live")
    assert page.select("script[src], template") == []


@pytest.mark.parametrize(
    ("path", "growing"),
    {
        "/en/": ".rail--latest > ol.wire",
        STORY: ".rail--latest > ol.wire",
        "/en/latest/": ".list__in > ol.wire",
        "/en/economy/": ".list__in > ol.wire",
        "/en/topic/grain/": ".list__in > ol.timeline",
    }.items(),
)
def test_only_lists_of_all_that_is_new_say_how_long_they_grow(open_page, path, growing):
    page = open_page(path)

    (grows,) = page.select("[data-most]")
    assert grows in page.select(growing)
    assert int(grows["data-most"]) >= len(grows.select(".row"))
    assert path in ("/en/", STORY) or int(grows["data-most"]) == PAGE


def test_the_words_come_in_the_pages_language(open_page):
    english, ukrainian = (open_page(path).select("template#live")[0] for path in ("/en/", "/uk/"))

    assert english["data-new"] == "1 new|2 new|5 new"
    assert ukrainian["data-new"] == "1 нова|2 нові|5 нових"
    said = {each["data-said"]: str(each) for each in ukrainian.select("[data-said]")}
    assert "Цю новину оновлено" in said["update"]
    assert "Цю новину виправлено" in said["correction"]
    assert "Цю новину відкликано" in said["kill"]
    assert "Цю новину тимчасово знято" in said["withhold"]
    assert english["data-zone"] == "Europe/Kyiv"
