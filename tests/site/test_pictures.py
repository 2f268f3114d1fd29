"""Pictures on pages: their formats and sizes, when they come, and what machines get instead."""

import msgspec

from tests.documents import an_item
from tests.site.conftest import a_full_item, a_picture


def test_a_browser_takes_the_newest_format_it_reads_and_an_old_one_a_jpeg(publish, open_story):
    story = an_item(1, picture=a_picture(types=("avif", "webp", "jpeg")))
    publish(story)

    [picture] = open_story(story).select(".article > .picture picture")
    avif, webp, image = picture.find_all(True)

    assert [element.name for element in (avif, webp, image)] == ["source", "source", "img"]
    assert [avif["type"], webp["type"]] == ["image/avif", "image/webp"]
    for element, ending in ((avif, "avif"), (webp, "webp"), (image, "jpg")):
        assert element["srcset"].split(", ") == [
            f"/pictures/quay-{width}.{ending} {width}w" for width in (400, 800, 1600)
        ]
        assert element["sizes"] == image["sizes"]
    assert image["src"] == "/pictures/quay-1600.jpg"


def test_a_crop_of_another_shape_and_a_size_that_comes_twice_are_left_out(publish, open_story):
    picture = a_picture(types=("webp",))
    smallest, *_, largest = picture.renditions
    square = msgspec.structs.replace(smallest, href="/pictures/square.webp", height=400)
    twin = msgspec.structs.replace(largest, href="/pictures/twin.webp")
    picture = msgspec.structs.replace(picture, renditions=(square, *picture.renditions, twin))
    story = an_item(1, picture=picture)
    publish(story)

    [image] = open_story(story).select(".article > .picture picture img")

    assert image["srcset"].split(", ") == [
        "/pictures/quay-400.webp 400w",
        "/pictures/quay-800.webp 800w",
        "/pictures/twin.webp 1600w",
    ]


def test_the_lead_picture_comes_early_and_those_in_the_text_when_they_are_near(
    publish, open_story
):
    story = a_full_item(1)
    publish(story)

    page = open_story(story)
    [lead], [below] = page.select(".article > .picture img"), page.select(".text img")

    assert (lead.get("fetchpriority"), lead.get("loading")) == ("high", None)
    assert (below.get("fetchpriority"), below.get("loading")) == (None, "lazy")


def test_a_shared_link_and_a_feed_have_a_picture_that_all_can_read(publish, open_story, client):
    story = an_item(1, picture=a_picture(types=("avif", "webp", "jpeg")))
    publish(story)

    page = open_story(story)

    assert page.select('meta[property="og:image"]')[0]["content"].endswith("quay-1600.jpg")
    [machines] = page.select('script[type="application/ld+json"]')
    assert "quay-1600.jpg" in machines.string
    assert "avif" not in machines.string
    for ending in ("rss", "atom"):
        feed = client.get(f"/en/feed.{ending}").content.decode()
        assert "quay-1600.jpg" in feed
        assert "avif" not in feed
