"""Words and rights in a picture's file: read back by Pillow and by the newsroom's own reader."""

import io
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, IptcImagePlugin

from dateline.formats.embedding import UnfitPicture, embed
from dateline.items import Picture
from dateline.newsroom import embedded
from dateline.vocabulary.source_types import uri_of
from tests.strategies import pictures

FORMATS = ["JPEG", "PNG", "WEBP"]
PIER = Picture(
    alt="Причал на світанку",
    caption="The new pier <north> & the old",
    credit="Ben Ash / Meridian",
    copyright_notice="© 2031 Meridian",
    usage_terms="Editorial use only",
    created_at=datetime(2031, 5, 4, 11, 30, 5, tzinfo=UTC),
    place="Port Alder",
    source_type=uri_of("trainedAlgorithmicMedia"),
)


def file_of(kind, *, size=(40, 30), mode="RGB", **options):
    out = io.BytesIO()
    picture = Image.new(mode, size)
    picture.putpixel((1, 1), (200, 100, 50, 128)[: len(mode)])
    picture.save(out, kind, **options)
    return out.getvalue()


PLAIN = {kind: file_of(kind) for kind in FORMATS}


def said(data):
    return embedded.read(io.BytesIO(data), zone=UTC)


def points(data):
    with Image.open(io.BytesIO(data)) as opened:
        return opened.size, opened.convert("RGBA").tobytes()


@pytest.mark.parametrize("kind", FORMATS)
def test_the_newsroom_reads_what_was_written(kind):
    found = said(embed(PLAIN[kind], PIER, headline="Harbour opens", guid="urn:x:7"))
    assert found.description == PIER.caption
    assert found.alt == PIER.alt
    assert found.credit == PIER.credit
    assert found.copyright_notice == PIER.copyright_notice
    assert found.usage_terms == PIER.usage_terms
    assert found.created_at == PIER.created_at
    assert found.place == PIER.place
    assert uri_of(found.source_type) == PIER.source_type
    assert found.headline == "Harbour opens"


@pytest.mark.parametrize("kind", FORMATS)
@given(picture=pictures())
def test_the_picture_itself_is_not_touched(kind, picture):
    assert points(embed(PLAIN[kind], picture)) == points(PLAIN[kind])


@pytest.mark.parametrize("kind", FORMATS)
def test_what_stood_there_before_is_replaced(kind):
    other = Picture(alt="Other", caption="Wrong caption", credit="Nobody")
    twice = embed(embed(PLAIN[kind], other), PIER)
    assert b"Wrong caption" not in twice
    assert twice == embed(PLAIN[kind], PIER)


def test_a_jpeg_holds_the_same_in_iim_with_times_and_alphabet():
    with Image.open(io.BytesIO(embed(PLAIN["JPEG"], PIER, guid="urn:x:7"))) as opened:
        iim = IptcImagePlugin.getiptcinfo(opened)
    assert iim[(1, 90)] == b"\x1b%G"
    assert iim[(2, 120)].decode() == PIER.caption
    assert iim[(2, 110)].decode() == PIER.credit
    assert iim[(2, 116)].decode() == PIER.copyright_notice
    assert (iim[(2, 55)], iim[(2, 60)]) == (b"20310504", b"113005+0000")
    assert iim[(2, 92)] == b"Port Alder"
    assert iim[(2, 103)] == b"urn:x:7"


def test_exif_profile_and_other_resources_of_a_jpeg_stay():
    exif = Image.Exif()
    exif[0x0112] = 6
    resource = b"8BIM" + struct.pack(">HHI", 0x03F3, 0, 4) + b"abcd"
    data = file_of("JPEG", exif=exif, icc_profile=b"profile" * 9)
    with_resource = (
        data[:2] + struct.pack(">BBH", 0xFF, 0xED, 2 + 14 + len(resource))
        + b"Photoshop 3.0\0" + resource + data[2:]
    )
    done = embed(with_resource, PIER)
    with Image.open(io.BytesIO(done)) as opened:
        assert opened.getexif()[0x0112] == 6
        assert opened.info["icc_profile"] == b"profile" * 9
        assert opened.info["photoshop"][0x03F3] == b"abcd"
        assert 0x0404 in opened.info["photoshop"]


@pytest.mark.parametrize(
    "options", [{"lossless": True}, {"lossless": False}, {"exif": b"Exif\0\0x"}]
)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_webp_of_every_form_is_taken(mode, options):
    data = file_of("WEBP", mode=mode, size=(41, 33), **options)
    done = embed(data, PIER)
    assert points(done) == points(data)
    assert said(done).description == PIER.caption


@pytest.mark.parametrize("kind", FORMATS)
def test_a_very_long_caption_is_cut_and_the_file_stays_whole(kind):
    long = Picture(alt="ї" * 50_000, caption="&" * 90_000, copyright_notice="💧" * 50_000)
    done = embed(PLAIN[kind], long)
    assert points(done) == points(PLAIN[kind])
    assert said(done).description.startswith("&" * 500)


def test_a_letter_is_not_cut_in_two():
    with Image.open(io.BytesIO(embed(PLAIN["JPEG"], Picture(alt="", credit="ї" * 40)))) as opened:
        assert IptcImagePlugin.getiptcinfo(opened)[(2, 110)].decode() == "ї" * 16


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\0\0\0\x20ftypavif", b"<svg/>"])
def test_a_file_of_another_kind_is_refused_with_what_to_do(data):
    with pytest.raises(UnfitPicture, match="Send the JPEG"):
        embed(data, PIER)


@pytest.mark.parametrize("kind", FORMATS)
@given(st.data())
def test_a_file_cut_short_is_refused_or_changed_in_nothing_else(kind, data):
    whole = PLAIN[kind]
    cut = whole[: data.draw(st.integers(12, len(whole) - 1))]
    try:
        done = embed(cut, PIER)
    except UnfitPicture:
        return
    # Only where a JPEG is cut in its points, of which nothing is asked here.
    assert kind == "JPEG"
    assert done.endswith(cut[-8:])
