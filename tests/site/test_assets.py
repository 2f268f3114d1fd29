"""Static files and pictures as the front sends them: for a year, packed, and nothing else."""

import gzip
import hashlib

import brotli
import pytest
import zstandard
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile

from dateline.encodings import CODINGS, IDENTITY
from dateline.site.answers import is_held, not_modified
from dateline.site.assets import PACKED_TIGHTLY, PublishedPictures, StaticFiles

YEAR = b"public, max-age=31536000, immutable"
CSS = b"/* Rules of a page. */\n" + b".row { color: var(--ink); }\n" * 100
UNPACKED = {
    "zstd": zstandard.ZstdDecompressor().decompress,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    IDENTITY: bytes,
}


@pytest.fixture
def root(tmp_path):
    """A folder of static files; beside it, a secret that no address may reach."""
    (tmp_path / "secret-key").write_text("secret")
    root = tmp_path / "static"
    root.mkdir()
    return root


@pytest.fixture
def static(root):
    return StaticFiles(root, prefix="/static/")


@pytest.fixture
def collect(root):
    """Write a file as `collectstatic` does; returns the address that pages give it."""

    def _collect(name, data=CSS):
        storage = ManifestStaticFilesStorage(location=root, base_url="/static/")
        storage.save(name, ContentFile(data))
        list(storage.post_process({name: (storage, name)}))
        return storage.url(name, force=True)

    return _collect


def fields(answer):
    return dict(answer.headers)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_style_sheet_comes_packed_and_may_be_kept_for_a_year(static, collect, coding):
    answer = static.answer(collect("site/site.css"), coding)

    assert answer.status == 200
    assert UNPACKED[coding](answer.body) == CSS
    assert fields(answer)[b"cache-control"] == YEAR
    assert fields(answer)[b"content-type"] == b"text/css; charset=utf-8"
    assert fields(answer)[b"content-length"] == str(len(answer.body)).encode()
    assert fields(answer)[b"vary"] == b"Accept-Encoding"
    assert fields(answer)[b"x-content-type-options"] == b"nosniff"
    assert fields(answer).get(b"content-encoding", b"identity") == coding.encode()
    assert (coding == IDENTITY) or len(answer.body) < len(CSS) / 5


def test_each_coding_has_a_tag_of_its_own_and_who_holds_it_is_told_so(static, collect):
    path = collect("site/site.css")
    answers = [static.answer(path, coding) for coding in CODINGS]

    assert len({answer.etag for answer in answers}) == len(CODINGS)
    for answer in answers:
        assert is_held(answer, answer.etag, b"")
        assert fields(not_modified(answer))[b"cache-control"] == YEAR


def test_a_style_sheet_that_names_others_is_still_named_by_its_bytes(static, collect):
    collect("site/paper.png", b"\x89PNG")
    path = collect("site/late.css", b'.a { background: url("paper.png"); }')

    answer = static.answer(path, IDENTITY)

    assert b'url("paper.' in answer.body
    assert b'url("paper.png")' not in answer.body
    assert fields(answer)[b"cache-control"] == YEAR


@pytest.mark.parametrize("name", ["site/site.css", "site/site.0123456789ab.css"])
def test_a_name_that_does_not_say_the_bytes_is_asked_about_each_time(static, root, collect, name):
    collect("site/site.css")
    (root / name).write_bytes(b"one")
    first = static.answer(f"/static/{name}", "br")
    (root / name).write_bytes(b"two")
    second = static.answer(f"/static/{name}", "br")

    assert (first.body, second.body) == (b"one", b"two")
    assert fields(second)[b"cache-control"] == b"no-cache"
    assert first.etag != second.etag


def test_a_picture_among_static_files_is_not_packed_again(static, collect):
    answer = static.answer(collect("site/dot.png", b"\x89PNG" + b"\0" * 1000), "br")

    assert answer.body.startswith(b"\x89PNG")
    assert b"content-encoding" not in fields(answer)
    assert b"vary" not in fields(answer)


def test_what_packing_would_make_larger_is_sent_as_it_is(static, collect):
    answer = static.answer(collect("site/a.css", b"a{}"), "gzip")

    assert answer.body == b"a{}"
    assert b"content-encoding" not in fields(answer)


@pytest.mark.parametrize("coding", [name for name in CODINGS if name != IDENTITY])
def test_a_large_script_is_packed_quickly(static, collect, coding):
    script = b"".join(b"let a%d = %d;\n" % (n, n * n) for n in range(10_000))
    assert len(script) > PACKED_TIGHTLY

    answer = static.answer(collect("newsroom/desk.js", script), coding)

    assert UNPACKED[coding](answer.body) == script
    assert fields(answer)[b"content-type"] == b"text/javascript; charset=utf-8"


def test_a_file_that_is_kept_is_not_read_again(static, root, collect):
    path = collect("site/site.css")
    first = static.answer(path, "br")
    (root / path.removeprefix("/static/")).unlink()

    assert static.answer(path, "br") is first
    assert static.answer(path, "gzip") is None


def test_memory_holds_so_many_bytes_and_drops_what_was_asked_for_least_lately(root, collect):
    paths = [collect(f"site/{n}.png", bytes([n]) * 1000) for n in range(4)]
    static = StaticFiles(root, prefix="/static/", limit_bytes=2000)
    for path in paths:
        assert static.answer(path, "br").status == 200
    for path in paths:
        (root / path.removeprefix("/static/")).unlink()

    assert [bool(static.answer(path, "br")) for path in paths] == [False, False, True, True]


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/site", "/static/site/", "/static/../secret-key", "/static/nothing.css",
     "/static/site/../../secret-key", "/static//etc/passwd", "/static/site/./site.css",
     "/static/site/a\0.css", "/static/site/a\\..\\b", "/static/site/" + "a" * 3000,
     "/elsewhere/site/site.css", "/static/.git/config", "/static/site/été.css"],
)  # fmt: skip
def test_no_address_leads_to_anything_else(static, collect, path):
    collect("site/site.css")
    assert static.answer(path, "br") is None


@pytest.fixture
def pictures(tmp_path):
    return PublishedPictures(tmp_path / "pictures", prefix="/pictures/")


@pytest.fixture
def publish_file(tmp_path):
    """Write a picture as a release does; returns its address."""

    def _publish_file(ending, data=b"a picture"):
        digest = hashlib.sha256(data).hexdigest()
        name = f"{digest[:2]}/{digest[2:34]}.{ending}"
        path = tmp_path / "pictures" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        return f"/pictures/{name}", path

    return _publish_file


@pytest.mark.parametrize("ending", ["avif", "webp", "jpg"])
def test_a_picture_is_a_file_that_the_server_sends_and_anybody_keeps(
    pictures, publish_file, ending
):
    address, path = publish_file(ending)

    answer = pictures.answer(address)

    assert answer.start["status"] == 200
    assert answer.end == {"type": "http.response.pathsend", "path": str(path)}
    kind = {"jpg": b"image/jpeg"}.get(ending, f"image/{ending}".encode())
    assert fields(answer) == {
        b"content-type": kind,
        b"content-length": b"9",
        b"etag": f'"{path.stem}"'.encode(),
        b"cache-control": YEAR,
        b"x-content-type-options": b"nosniff",
    }
    assert is_held(answer, answer.etag, b"")


@pytest.mark.parametrize(
    "change",
    [lambda path: path + "x", lambda path: path.replace(".avif", ".webp"), str.upper,
     lambda path: path.replace("/pictures/", "/pictures/../pictures/"),
     lambda path: "/pictures/../secret-key", lambda path: "/pictures/", lambda path: path + "\n"],
)  # fmt: skip
def test_a_picture_that_was_not_published_has_no_address(pictures, publish_file, change):
    address, _path = publish_file("avif")
    assert pictures.answer(change(address)) is None
