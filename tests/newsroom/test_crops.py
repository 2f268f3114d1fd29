"""Crops: always of their shape, always within the picture, around what matters or as chosen."""

import gc
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from wagtail.images.models import Filter, Image

from dateline.newsroom.crops import USES, Frame, chosen_in, height_of, part_of
from dateline.newsroom.picture_facts import PictureFacts
from dateline.newsroom.pictures import private
from tests.newsroom.shots import jpeg, upload

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

sizes = st.integers(20, 9000)
shares = st.floats(0, 1, allow_nan=False)


def is_within(frame, use, part):
    height = height_of(frame, use, part)
    return (
        min(part.x, part.y) >= 0
        and part.x + part.width <= 1.001 and part.y + height <= 1.001
    )  # fmt: skip


@given(sizes, sizes, st.tuples(shares, shares), st.sampled_from(sorted(USES)))
def test_a_crop_lies_within_the_picture_and_has_the_shape_of_its_use(width, height, focus, use):
    frame = Frame(width, height, focus)
    part = part_of(frame, use, {})
    assert is_within(frame, use, part)
    across, down = part.width * width, height_of(frame, use, part) * height
    assert math.isclose(across / down, USES[use], rel_tol=1e-6)
    assert math.isclose(part.width, 1) or math.isclose(height_of(frame, use, part), 1)


@given(sizes, sizes, shares, shares, st.floats(0.1, 1), st.sampled_from(sorted(USES)))
def test_a_chosen_crop_lies_within_the_picture_whatever_file_comes_in_its_place(
    width, height, x, y, share, use
):
    frame = Frame(width, height)
    assert is_within(frame, use, part_of(frame, use, {use: [x, y, share]}))


def test_a_crop_is_around_the_focal_point():
    frame = Frame(1600, 900, (0.9, 0.5))
    assert part_of(frame, "1:1", {}).x == pytest.approx(1 - 900 / 1600)
    middle = Frame(1600, 900)
    assert part_of(middle, "1:1", {}).x == pytest.approx((1 - 900 / 1600) / 2)


def test_a_chosen_crop_goes_before_the_focal_point():
    frame = Frame(1600, 900, (0.9, 0.5))
    part = part_of(frame, "1:1", {"1:1": [0.1, 0.2, 0.25]})
    assert (part.x, part.y, part.width) == (0.1, 0.2, 0.25)


@pytest.mark.parametrize(
    "values",
    [[], {"4:3": [0, 0, 1]}, {"1:1": [0, 0]}, {"1:1": [0, 0, 2]}, {"1:1": [-1, 0, 1]},
     {"1:1": [0, 0, 0.01]}, {"1:1": "0,0,1"}, {"1:1": [0, 0, float("nan")]}, {"1:1": [0, 0, None]}],
)  # fmt: skip
def test_what_is_no_crop_is_refused(values):
    with pytest.raises((ValueError, TypeError)):
        chosen_in(values)


def test_a_filter_cuts_the_part_that_was_chosen(db):
    picture = Pillow.new("RGB", (400, 200), "black")
    picture.paste("white", (200, 0, 400, 200))
    image = Image.objects.create(title="Halves", file=upload(jpeg(picture)))
    PictureFacts.objects.update(crops={"1:1": [0.5, 0.0, 0.5]})
    square = next(
        each for each in private(image) if each.use == "1:1" and "webp" in each.content_type
    )
    assert (square.width, square.height) == (200, 200)
    files = image.renditions.filter(filter_spec__startswith="part-5000-0-5000-10000|")
    with files.get(filter_spec__contains="width-480|format-webp").file.open("rb") as file:
        opened = Pillow.open(file)
        assert opened.convert("L").getextrema()[0] > 200
    gc.collect()


def test_a_picture_that_a_camera_turned_is_cropped_as_it_is_seen(db):
    exif = Pillow.Exif()
    exif[0x0112] = 6
    image = Image.objects.create(
        title="Turned", file=upload(jpeg(Pillow.new("RGB", (400, 200)), exif=exif))
    )
    shapes = {each.use: each.width / each.height for each in private(image) if each.use}
    for use, shape in shapes.items():
        assert shape == pytest.approx(USES[use], rel=0.02)
    gc.collect()


@pytest.mark.parametrize("spec", ["part-1-2-3", "part-0-0-0-5", "part-a-b-c-d", "part--1-0-5-5"])
def test_a_part_that_cannot_be_is_refused(spec):
    with pytest.raises(Exception, match=r".+"):
        _ = Filter(spec).operations
