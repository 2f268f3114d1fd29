"""Pictures on pages: their formats and sizes, when they come, and what machines get instead."""

import msgspec
import pytest

from dateline.items import GalleryBlock, PictureBlock
from dateline.vocabulary.source_types import uri_of
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


def cropped(picture, use, *, name):
    """The picture with a crop before its other files."""
    crop = msgspec.structs.replace(
        picture.renditions[0], href=f"/pictures/{name}.webp", content_type="image/webp", use=use
    )
    return msgspec.structs.replace(picture, renditions=(crop, *picture.renditions))


@pytest.mark.parametrize(
    ("code", "edition", "label"),
    [
        ("trainedAlgorithmicMedia", "en", "Made with AI"),
        ("trainedAlgorithmicMedia", "uk", "Створено ШІ"),
        ("compositeWithTrainedAlgorithmicMedia", "en", "Partly made with AI"),
        ("compositeSynthetic", "uk", "Частково створено ШІ"),
        ("algorithmicMedia", "en", "Generated picture"),
    ],
)
def test_a_generated_picture_is_labelled_wherever_it_stands(
    publish, open_story, open_page, code, edition, label
):
    picture = msgspec.structs.replace(a_picture(), source_type=uri_of(code))
    gallery = GalleryBlock(pictures=(picture, a_picture()), title="The quay")
    story = an_item(
        1, edition=edition, picture=picture, body=(PictureBlock(picture=picture), gallery)
    )
    publish(story)

    assert [each.get_text() for each in open_story(story).select("figcaption .made")] == [label] * 3
    assert open_page(f"/{edition}/").select_one(".lead__picture .made").get_text() == label


@pytest.mark.parametrize("code", ["", "digitalCapture", "humanEdits", "print", "composite"])
def test_a_photograph_has_no_label(publish, open_story, code):
    story = an_item(1, picture=msgspec.structs.replace(a_picture(), source_type=uri_of(code)))
    publish(story)
    assert not open_story(story).select(".made")


def test_a_gallery_shows_each_picture_with_its_words_and_leads_to_all_of_it(publish, open_story):
    first = a_picture("quay", alt="A quay", caption="The quay at noon", credit="Ada Brook")
    second = cropped(a_picture("crane", alt="A crane"), "3:2", name="crane-crop")
    gallery = GalleryBlock(pictures=(first, second), title="The harbour")
    story = an_item(1, body=(gallery,))
    publish(story)

    [shown] = open_story(story).select(".gallery")
    assert shown.h2.get_text() == "The harbour"
    figures = shown.select("figure")
    assert [each.img["alt"] for each in figures] == ["A quay", "A crane"]
    assert "The quay at noon" in figures[0].figcaption.get_text()
    assert [each.a["href"] for each in figures] == [
        "/pictures/quay-1600.jpg",
        "/pictures/crane-1600.jpg",
    ]
    assert figures[1].img["src"] == "/pictures/crane-crop.webp"
    assert not shown.select("script, button")


def test_the_front_page_shows_the_wide_crop_and_the_story_all_of_it(
    publish, open_page, open_story
):
    story = an_item(1, picture=cropped(a_picture(), "16:9", name="wide"))
    publish(story)

    assert open_page("/en/").select_one(".lead__picture img")["src"] == "/pictures/wide.webp"
    image = open_story(story).select_one(".article > .picture img")
    assert image["src"] == "/pictures/quay-1600.jpg"
    assert "wide" not in image["srcset"]
