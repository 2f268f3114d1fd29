"""Feeds: the newest stories of a list in full, and only sent again when they changed."""

from datetime import timedelta

import msgspec
import pytest
from lxml import etree

from dateline.addresses import item_path
from tests.documents import NOON, a_killed, an_item
from tests.site.conftest import a_full_item, a_topic, hrefs, in_ukrainian

ATOM = "{http://www.w3.org/2005/Atom}"
FOLDERS = ["/en/", "/en/latest/", "/en/economy/", "/en/topic/grain/"]


def titles(response):
    root = etree.fromstring(response.content)
    if root.tag == "rss":
        return [item.findtext("title") for item in root.iter("item")]
    return [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize(
    ("ending", "media_type"), [("rss", "application/rss+xml"), ("atom", "application/atom+xml")]
)
def test_a_feed_holds_the_thirty_newest_of_its_list(
    client, publish, agency, folder, ending, media_type
):
    publish(*(an_item(n, topics=("grain",)) for n in range(1, 40)))

    response = client.get(f"{folder}feed.{ending}")

    assert response.status_code == 200
    assert response["Content-Type"] == f"{media_type}; charset=utf-8"
    assert titles(response) == [f"Headline {n}, version 1" for n in range(39, 9, -1)]


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_a_feed_carries_the_whole_text(client, publish, agency, ending):
    publish(a_full_item(1))

    content = client.get(f"/en/feed.{ending}").content.decode()

    assert "It will be cheaper" in content
    assert f"http://127.0.0.1:8000{item_path(a_full_item(1))}" in content


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_a_feed_that_did_not_change_is_not_sent_again(client, publish, agency, ending):
    publish(an_item(1))
    first = client.get(f"/en/feed.{ending}")

    by_tag = client.get(f"/en/feed.{ending}", headers={"If-None-Match": first["ETag"]})
    by_time = client.get(
        f"/en/feed.{ending}", headers={"If-Modified-Since": first["Last-Modified"]}
    )

    assert (by_tag.status_code, by_time.status_code) == (304, 304)
    assert by_tag.content == by_time.content == b""
    assert by_tag["ETag"] == first["ETag"]


@pytest.mark.parametrize("change", ["release", "correction", "kill"])
def test_a_feed_is_sent_again_after_any_change(client, publish, agency, change):
    story = an_item(1)
    publish(story, an_item(2))
    first = client.get("/en/feed.rss")
    later = NOON + timedelta(hours=1)

    match change:
        case "release":
            publish(an_item(3, released_at=later))
        case "correction":
            publish(an_item(1, version=2, released_at=later))
        case "kill":
            publish(_at(a_killed(story), later))

    by_tag = client.get("/en/feed.rss", headers={"If-None-Match": first["ETag"]})
    by_time = client.get("/en/feed.rss", headers={"If-Modified-Since": first["Last-Modified"]})
    assert (by_tag.status_code, by_time.status_code) == (200, 200)


def _at(item, released_at):
    return msgspec.structs.replace(item, released_at=released_at)


def test_an_atom_feed_says_which_stories_went(client, publish, agency):
    story = an_item(1)
    publish(story, an_item(2), a_killed(story))

    root = etree.fromstring(client.get("/en/feed.atom").content)

    gone = [element.get("ref") for element in root if element.tag.endswith("deleted-entry")]
    assert gone == [story.guid]


def test_a_page_names_the_feeds_of_its_list(publish, open_page):
    publish(an_item(1, topics=("grain",)))

    for page, folder in [
        ("/en/", "/en/"),
        ("/en/economy/", "/en/economy/"),
        ("/en/topic/grain/", "/en/topic/grain/"),
        (item_path(an_item(1)), "/en/"),
    ]:
        links = hrefs(open_page(page), "head link[rel=alternate][type]")
        assert links == [f"{folder}feed.rss", f"{folder}feed.atom"]


def test_a_feed_holds_its_own_edition_only(client, publish, agency):
    publish(an_item(1), in_ukrainian(an_item(2)))

    assert titles(client.get("/uk/feed.rss")) == ["Headline 2, version 1"]


def test_an_empty_list_has_an_empty_feed(client, publish, agency):
    for path in ("/en/feed.atom", "/en/world/feed.rss"):
        response = client.get(path)
        assert (response.status_code, titles(response)) == (200, [])


def test_a_topic_under_which_no_story_stands_is_known_to_no_reader(client, publish, agency):
    publish(a_topic("grain", "Grain"))

    for path in ("/en/topic/grain/", "/en/topic/grain/feed.rss"):
        response = client.get(path)
        assert response.status_code == 404
        assert "Grain" not in response.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/fr/feed.rss", "/en/nothing/feed.rss", "/en/topic/nothing/feed.atom", "/en/about/feed.rss"],
)
def test_what_is_no_list_has_no_feed(client, agency, path):
    assert client.get(path).status_code == 404
