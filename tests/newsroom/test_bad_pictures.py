"""Files that are refused: each says what to do instead, what was typed stays, nothing is kept."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow
from wagtail.images.models import Image

from tests.newsroom.shots import drawing, jpeg, png_claiming, text_bomb

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def cut_short() -> bytes:
    whole = jpeg(drawing(size=(900, 600)))
    return whole[: len(whole) // 2]


def many_frames() -> bytes:
    """A GIF of few bytes and a hundred million pixels."""
    data = BytesIO()
    first, *others = (Pillow.new("L", (1000, 1000), light) for light in range(100))
    first.save(data, "GIF", save_all=True, append_images=others)
    return data.getvalue()


REFUSED = {
    "200 megapixels": ("huge.png", lambda: png_claiming(20_000, 10_000), "million pixels"),
    "100 megapixels": ("large.png", lambda: png_claiming(10_000, 10_000), "million pixels"),
    "a bomb of pixels": ("bomb.png", lambda: png_claiming(200_000, 200_000), "million pixels"),
    "a bomb of text": ("bomb.png", text_bomb, "no picture that can be read"),
    "text by a picture's name": ("field.jpg", lambda: b"no picture", "no picture that can be read"),
    "HTML by a picture's name": ("x.png", lambda: b"<script>1</script>", "extension"),
    "nothing": ("empty.jpg", lambda: b"", "empty"),
    "half a picture": ("half.jpg", cut_short, "no picture that can be read"),
    "a PNG by a JPEG's name": ("field.jpg", lambda: png_claiming(4, 4), "extension"),
}


@pytest.mark.parametrize(("name", "data", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_file_is_refused_in_words_and_the_title_is_kept(desk, name, data, words):
    file = SimpleUploadedFile(name, data(), content_type="image/png")
    sent = {"title": "Harbour at dawn", "file": file, "collection": "1", "description": "Cranes"}
    response = desk.post("/desk/images/add/", sent)
    form = response.context["form"]
    assert words in " ".join(form.errors["file"])
    assert "Harbour at dawn" in response.content.decode()
    assert "Cranes" in response.content.decode()
    assert not Image.objects.exists()


@pytest.mark.parametrize(("name", "data", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_among_many_the_bad_file_is_named_and_the_good_are_taken(desk, name, data, words):
    def add(file):
        return desk.post(
            "/desk/images/multiple/add/",
            {"title": file.name, "files[]": file, "collection": "1"},
            headers={"x-requested-with": "XMLHttpRequest"},
        ).json()

    bad = add(SimpleUploadedFile(name, data(), content_type="image/png"))
    good = add(SimpleUploadedFile("good.jpg", jpeg(), content_type="image/jpeg"))
    assert not bad["success"]
    assert words in bad["error_message"]
    assert good["success"]
    assert Image.objects.count() == 1


def test_of_a_hundred_million_pixels_in_frames_only_the_first_is_read(desk):
    file = SimpleUploadedFile("bomb.gif", many_frames(), content_type="image/gif")
    desk.post("/desk/images/add/", {"title": "Frames", "file": file, "collection": "1"})
    assert Image.objects.get().width == 1000


def test_a_large_picture_within_the_limit_is_taken(desk):
    data = BytesIO()
    Pillow.new("L", (8_000, 6_000), 128).save(data, "JPEG")
    file = SimpleUploadedFile("large.jpg", data.getvalue(), content_type="image/jpeg")
    desk.post("/desk/images/add/", {"title": "Large", "file": file, "collection": "1"})
    assert Image.objects.get().width == 8_000
