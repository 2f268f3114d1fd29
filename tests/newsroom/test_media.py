"""The newsroom's files are the newsroom's: signed in, no way out of the folder, no scripts."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images.models import Image

from tests.newsroom.desk import desk_of, picture_file

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # see the `image` fixture


def fetched(response) -> bytes:
    return b"".join(response.streaming_content)


def test_an_upload_is_served_to_the_newsroom_only(desk, client, image, django_user_model):
    assert image.file.url.startswith("/desk/media/")
    response = desk.get(image.file.url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    assert fetched(response)[:4] == b"\x89PNG"
    assert client.get(image.file.url).status_code == 302
    stranger = desk_of(django_user_model.objects.create_user("stranger"))
    assert stranger.get(image.file.url).status_code == 302


@pytest.mark.parametrize(
    "path",
    ["../secret-key", "..%2fsecret-key", "images/../../secret-key", "%2e%2e/secret-key",
     "/etc/passwd", "nothing.png", "images/", ""],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(desk, image, settings, path):
    (settings.MEDIA_ROOT.parent / "secret-key").write_text("secret")
    assert desk.get(f"/desk/media/{path}").status_code == 404


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "script.js", "unknown"])
def test_what_could_run_is_only_downloaded(desk, name):
    default_storage.save(name, ContentFile(b"<script>alert(1)</script>"))
    response = desk.get(f"/desk/media/{name}")
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert fetched(response)


@pytest.mark.parametrize(
    ("name", "kind"), [("a.avif", "avif"), ("b.webp", "webp"), ("c.JPG", "jpeg")]
)
def test_a_picture_is_shown_whatever_types_the_machine_knows(desk, monkeypatch, name, kind):
    monkeypatch.setattr("mimetypes.guess_type", lambda _path: (None, None))
    default_storage.save(name, ContentFile(b"a picture"))
    response = desk.get(f"/desk/media/{name}")
    assert response["Content-Type"] == f"image/{kind}"
    assert not response["Content-Disposition"].startswith("attachment")
    assert fetched(response)


def test_a_file_that_is_no_picture_is_refused_at_the_field(desk):
    file = SimpleUploadedFile("field.png", b"no picture at all", content_type="image/png")
    response = desk.post("/desk/images/add/", {"title": "Field", "file": file, "collection": "1"})
    assert response.status_code == 200
    assert "file" in response.context["form"].errors
    assert not Image.objects.exists()


def test_a_picture_past_the_limit_is_refused_at_the_field(desk, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 100
    data = {"title": "Field", "file": picture_file(), "collection": "1"}
    response = desk.post("/desk/images/add/", data)
    assert "file" in response.context["form"].errors
    assert not Image.objects.exists()


def test_an_editor_uploads_a_picture(desk):
    data = {"title": "Field", "file": picture_file(size=(40, 30)), "collection": "1"}
    desk.post("/desk/images/add/", data)
    assert Image.objects.get().width == 40
