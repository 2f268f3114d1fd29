"""Duplicates: the same file, and the same picture in another size, format or quality."""

from io import BytesIO

import pytest
from PIL import Image as Pillow
from wagtail.images.models import Image

from dateline.newsroom import likeness
from dateline.newsroom.picture_facts import twins_of
from tests.newsroom.shots import drawing, jpeg, upload


def hashed(picture: Pillow.Image, kind: str = "JPEG", **options) -> str:
    data = BytesIO()
    picture.save(data, kind, **options)
    with Pillow.open(BytesIO(data.getvalue())) as opened:
        return likeness.likeness(opened)


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_copy_that_is_smaller_poorer_or_in_another_format_is_like_it(seed):
    picture = drawing(seed=seed, size=(1600, 1000))
    first = hashed(picture, quality=95)
    for other in (
        hashed(picture, quality=40),
        hashed(picture.resize((400, 250)), quality=80),
        hashed(picture, "PNG"),
        hashed(picture.convert("P"), "PNG"),
        hashed(picture, "WEBP", quality=60),
        hashed(picture, "AVIF", quality=50),
    ):
        assert likeness.differing_bits(first, other) <= 3


def test_pictures_of_other_things_are_not_alike():
    hashes = [hashed(drawing(seed=seed)) for seed in range(1, 20)]
    for place, one in enumerate(hashes):
        for other in hashes[place + 1 :]:
            assert likeness.differing_bits(one, other) > likeness.MOST_BITS


def test_hashes_that_differ_in_few_bits_share_a_quarter():
    one = 0x0123456789ABCDEF
    for bits in ((0, 17, 33), (1, 2, 3), (0, 20, 63)):
        other = one
        for bit in bits:
            other ^= 1 << bit
        mine, theirs = (likeness.quarters(f"{each:016x}") for each in (one, other))
        assert any(a == b for a, b in zip(mine, theirs, strict=True))


def test_a_picture_that_was_turned_by_the_camera_is_hashed_as_it_is_seen():
    exif = Pillow.Exif()
    exif[0x0112] = 6
    upright = drawing()
    assert likeness.differing_bits(
        hashed(upright.rotate(90, expand=True), exif=exif, quality=95), hashed(upright, quality=95)
    ) <= likeness.MOST_BITS


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_duplicates_are_found_the_same_file_first_then_the_likest(db):
    def uploaded(data, title):
        return Image.objects.create(title=title, file=upload(data, f"{title}.jpg"))

    picture = drawing(seed=3, size=(1200, 800))
    first = uploaded(jpeg(picture), "first")
    smaller = uploaded(jpeg(picture.resize((300, 200)), quality=60), "smaller")
    same = uploaded(jpeg(picture), "same")
    uploaded(jpeg(drawing(seed=9)), "another")

    assert [each.image for each in twins_of(first.facts)] == [same, smaller]
    assert {each.image for each in twins_of(smaller.facts)} == {first, same}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_likeness_is_looked_for_in_one_query_more(db, django_assert_num_queries):
    image = Image.objects.create(title="One", file=upload(jpeg()))
    facts = image.facts
    with django_assert_num_queries(2):
        twins_of(facts)
