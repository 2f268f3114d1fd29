"""What a picture's file says is read into its facts; what it says wrongly does no harm."""

import gc
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from wagtail.images.models import Image

from dateline.newsroom import embedded
from dateline.newsroom.picture_facts import PictureFacts, facts_of
from tests.newsroom.shots import GENERATED, XMP, drawing, jpeg, record, upload, xmp_of

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

KYIV = ZoneInfo("Europe/Kyiv")


def read(data: bytes):
    return embedded.read(BytesIO(data), zone=KYIV)


@pytest.fixture
def uploaded(db):
    def _uploaded(data: bytes, *, title: str = "DSC_0042", name: str = "DSC_0042.jpg") -> Image:
        return Image.objects.create(title=title, file=upload(data, name))

    yield _uploaded
    gc.collect()


def test_xmp_is_read_by_iptcs_names():
    said = read(jpeg(xmp=XMP))
    assert said.headline == "Harbour at dawn"
    assert said.description == "The harbour at dawn, 4 May 2031"
    assert said.alt == "Cranes over still water"
    assert said.credit == "Ivan Sad / Meridian"
    assert said.copyright_notice == "© 2031 Ivan Sad"
    assert said.usage_terms == "No advertising"
    assert said.created_at == datetime(2031, 5, 4, 4, 12, 30, tzinfo=UTC)
    assert said.place == "Port Alder, Meridia"
    assert said.source_type == "digitalCapture"


def test_iim_is_read_in_utf_8_and_in_the_old_western_set():
    words = [
        record(120, "Порт на світанку"), record(80, "Іван Сад"), record(90, "Порт-Алдер"),
        record(55, "20310504"), record(60, "071230+0300"), record(116, "© 2031"),
    ]  # fmt: skip
    said = read(jpeg(iim=record(90, b"\x1b%G", of=1) + b"".join(words)))
    assert said.description == "Порт на світанку"
    assert said.credit == "Іван Сад"
    assert said.place == "Порт-Алдер"
    assert said.created_at == datetime(2031, 5, 4, 4, 12, 30, tzinfo=UTC)
    assert said.copyright_notice == "© 2031"

    assert read(jpeg(iim=record(90, "Köln".encode("latin-1")))).place == "Köln"


def test_exif_is_read_and_a_time_without_a_zone_is_the_agencys():
    exif = Pillow.Exif()
    exif[0x010E] = "A field"
    exif[0x013B] = "Olha Lis"
    exif.get_ifd(0x8769)[0x9003] = "2031:05:04 07:12:30"
    said = read(jpeg(exif=exif))
    assert (said.description, said.credit) == ("A field", "Olha Lis")
    assert said.created_at == datetime(2031, 5, 4, 4, 12, 30, tzinfo=UTC)


def test_what_xmp_says_goes_before_iim_and_exif():
    exif = Pillow.Exif()
    exif[0x010E] = "From EXIF"
    exif[0x8298] = "(c) EXIF"
    iim = record(120, "From IIM") + record(105, "IIM headline")
    said = read(jpeg(xmp=xmp_of(), exif=exif, iim=iim))
    assert (said.description, said.headline) == ("From IIM", "IIM headline")
    assert said.copyright_notice == "(c) EXIF"
    assert read(jpeg(xmp=XMP, iim=iim)).headline == "Harbour at dawn"


def test_png_and_webp_and_avif_say_it_too():
    for kind, packet in (("PNG", "pnginfo"), ("WEBP", "xmp"), ("AVIF", "xmp")):
        data = BytesIO()
        said = XMP.encode()
        if packet == "pnginfo":
            from PIL.PngImagePlugin import PngInfo

            said = PngInfo()
            said.add_itxt("XML:com.adobe.xmp", XMP)
        drawing().save(data, kind, **{packet: said})
        assert read(data.getvalue()).credit == "Ivan Sad / Meridian", kind


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
         "trainedAlgorithmicMedia"),
        ("digsrctype:print", "print"),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/minorHumanEdits", "humanEdits"),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/softwareImage", "digitalCreation"),
        ("https://else.example/whatever", ""),
    ],
)  # fmt: skip
def test_a_source_type_is_one_that_iptc_has_in_use_or_none(code, kept):
    assert read(jpeg(xmp=xmp_of(DigitalSourceType=code))).source_type == kept


def test_an_entity_of_a_packet_is_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    packet = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>' + xmp_of(
        DigitalSourceType="&e;"
    ).replace("DigitalSourceType", "Event")
    assert "secret" not in repr(read(jpeg(xmp=packet)))
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>' + xmp_of(DigitalSourceType="&l8;")
    assert read(jpeg(xmp=bomb)).source_type == ""


def test_a_packet_without_end_is_left_unread():
    assert read(jpeg(xmp="<x>" * 20_000)).description == ""


@given(st.binary(max_size=200))
def test_any_bytes_at_all_say_nothing_and_do_no_harm(data):
    assert read(data) == embedded.Embedded()


@given(st.binary(max_size=120), st.binary(max_size=60))
def test_any_packets_do_no_harm(xmp, iim):
    data = BytesIO()
    drawing(size=(16, 16)).save(data, "JPEG", xmp=xmp)
    read(data.getvalue())
    read(jpeg(drawing(size=(16, 16)), iim=record(120, iim) + iim))


@pytest.mark.parametrize("written", ["0000:00:00 00:00:00", "yesterday", "2031-13-01", "2031-05"])
def test_what_is_no_time_is_no_time(written):
    exif = Pillow.Exif()
    exif.get_ifd(0x8769)[0x9003] = written
    assert read(jpeg(exif=exif)).created_at is None


def test_an_upload_has_the_facts_of_its_file(uploaded):
    image = uploaded(jpeg(xmp=XMP))
    facts = image.facts
    assert facts.caption == "The harbour at dawn, 4 May 2031"
    assert facts.credit == "Ivan Sad / Meridian"
    assert facts.place == "Port Alder, Meridia"
    assert len(facts.sha256) == 64
    assert len(facts.likeness) == 16
    image.refresh_from_db()
    assert image.title == "Harbour at dawn"
    assert image.description == "Cranes over still water"


def test_a_title_that_a_person_gave_is_kept(uploaded):
    image = uploaded(jpeg(xmp=XMP), title="Our own words")
    image.refresh_from_db()
    assert image.title == "Our own words"


def test_a_text_that_is_too_long_is_cut_and_the_picture_taken(uploaded):
    image = uploaded(jpeg(iim=record(120, "long " * 300)))
    assert len(image.facts.caption) <= 500
    assert image.facts.caption.endswith("…")


def test_a_generated_picture_is_known_for_one(uploaded):
    assert uploaded(jpeg(xmp=GENERATED)).facts.source_type == "trainedAlgorithmicMedia"


def test_a_picture_from_before_there_were_facts_has_them_when_asked(uploaded):
    image = uploaded(jpeg(xmp=XMP))
    PictureFacts.objects.all().delete()
    assert facts_of(Image.objects.get(pk=image.pk)).credit == "Ivan Sad / Meridian"


def test_another_file_in_its_place_is_another_picture_in_the_same_words(uploaded):
    image = uploaded(jpeg(xmp=XMP))
    before = image.facts
    PictureFacts.objects.update(crops={"1:1": [0, 0, 0.5]}, credit="Ours")
    image.file = upload(jpeg(drawing(seed=5)), "other.jpg")
    image.save()
    after = PictureFacts.objects.get()
    assert after.sha256 != before.sha256
    assert after.likeness != before.likeness
    assert (after.credit, after.crops) == ("Ours", {})
