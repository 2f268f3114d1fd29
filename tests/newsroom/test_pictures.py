"""The files of a released picture: formats and sizes, named by content, and who may read which."""

import gc
import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as Pillow
from wagtail.images.models import Filter, Image

from dateline.newsroom.pictures import private, published
from tests.newsroom.desk import picture_file

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # see the `image` fixture


def test_a_released_picture_has_three_sizes_in_avif_and_webp_and_a_card_in_jpeg(image):
    whole = [each for each in published(image) if not each.use]

    assert [(each.name, each.content_type, each.width) for each in whole] == [
        ("small", "image/avif", 480),
        ("medium", "image/avif", 960),
        ("large", "image/avif", 1600),
        ("small", "image/webp", 480),
        ("medium", "image/webp", 960),
        ("large", "image/webp", 1600),
        ("card", "image/jpeg", 1200),
    ]


def test_each_file_is_what_its_entry_says_and_named_by_its_bytes(image, settings):
    for each in published(image):
        path = Path(settings.PICTURES_ROOT) / each.href.removeprefix(settings.PICTURES_URL)
        data = path.read_bytes()
        with Pillow.open(BytesIO(data)) as opened:
            assert (opened.get_format_mimetype(), opened.size) == (
                each.content_type,
                (each.width, each.height),
            )
        assert hashlib.sha256(data).hexdigest() == each.sha256
        assert path.stem == each.sha256[2:34]
        assert len(data) == each.size_bytes


def test_each_use_has_its_crop_in_two_sizes_of_avif_and_webp(image):
    made = published(image)

    for use, height in (("16:9", 540), ("3:2", 640), ("1:1", 900)):
        cropped = [each for each in made if each.use == use]
        assert [(each.name, each.content_type) for each in cropped] == [
            ("small", "image/avif"),
            ("medium", "image/avif"),
            ("small", "image/webp"),
            ("medium", "image/webp"),
        ]
        assert abs(cropped[-1].height - height) <= 1
    assert not made[-1].use


def test_a_crop_that_would_be_all_of_the_picture_is_not_made(db):
    picture = Image.objects.create(title="Square", file=picture_file(size=(300, 300)))
    assert {each.use for each in published(picture)} == {"", "16:9", "3:2"}
    gc.collect()


def test_a_small_picture_is_never_made_larger(db):
    small = Image.objects.create(title="A stamp", file=picture_file(size=(40, 30)))
    whole = [each for each in published(small) if not each.use]
    assert {(each.width, each.height) for each in whole} == {(40, 30)}
    assert all(each.width <= 40 for each in published(small))
    gc.collect()


def test_a_preview_has_the_same_files_behind_the_newsrooms_sign_in(image):
    def told(renditions):
        return [(each.name, each.content_type, each.width, each.height) for each in renditions]

    assert told(private(image)) == told(published(image))
    assert all(each.href.startswith("/desk/media/") for each in private(image))


def test_an_avif_can_be_made_quickly_or_small(image):
    def made(speed):
        file = BytesIO()
        Filter(f"width-480|format-avif|avifquality-50|avifspeed-{speed}").run(image, file)
        return file.getvalue()

    quick, small = made(10), made(4)

    assert quick != small
    for data in (quick, small):
        with Pillow.open(BytesIO(data)) as opened:
            assert (opened.format, opened.size) == ("AVIF", (480, 254))


def test_an_avif_speed_that_does_not_exist_is_refused(image):
    with pytest.raises(ValueError, match="0 to 10"):
        Filter("width-480|avifspeed-11").run(image, BytesIO())
