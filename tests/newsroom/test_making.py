"""Renditions are made off the request: rows ask for them, failures come again, none is public."""

import gc
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from django.utils import timezone
from wagtail.images.models import Image

from dateline.newsroom import making, pictures
from dateline.newsroom.making import RETRIES, PictureWork, make_next
from tests.newsroom.shots import drawing, jpeg, upload

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def uploaded(db):
    def _uploaded(seed=1):
        return Image.objects.create(title=f"No. {seed}", file=upload(jpeg(drawing(seed=seed))))

    yield _uploaded
    gc.collect()


def made(image):
    return image.renditions.count()


def test_an_upload_makes_nothing_and_leaves_work(uploaded):
    image = uploaded()
    assert made(image) == 0
    assert PictureWork.objects.get().image == image


def test_the_maker_makes_all_that_a_release_needs(uploaded, settings, monkeypatch):
    image = uploaded()
    assert make_next(timezone.now())
    assert not PictureWork.objects.exists()
    before = made(image)
    assert before == len(pictures.published(image))
    assert made(image) == before


def test_what_is_made_ahead_has_no_public_address(uploaded, settings):
    uploaded()
    make_next(timezone.now())
    assert not Path(settings.PICTURES_ROOT).exists()


def test_the_one_that_has_waited_longest_comes_first(uploaded):
    first, second = uploaded(1), uploaded(2)
    make_next(timezone.now())
    assert (made(first) > 0, made(second)) == (True, 0)
    assert make_next(timezone.now())
    assert not make_next(timezone.now())


def test_a_picture_that_changes_meanwhile_is_made_anew(uploaded, monkeypatch):
    image = uploaded()

    def make(_image):
        making.ask(image)

    monkeypatch.setattr(pictures, "make", make)
    make_next(timezone.now())
    assert PictureWork.objects.get().turn == 2


def test_what_somebody_has_taken_is_left_to_them_until_they_are_gone(uploaded, monkeypatch):
    uploaded()
    now = timezone.now()
    monkeypatch.setattr(pictures, "make", lambda _image: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        make_next(now)
    assert not make_next(now + timedelta(seconds=1))
    monkeypatch.undo()
    assert make_next(now + making.CLAIM)
    assert not PictureWork.objects.exists()


def test_a_failure_is_tried_again_ever_later_and_then_left_to_the_release(
    uploaded, monkeypatch, caplog
):
    uploaded()
    now = timezone.now()
    monkeypatch.setattr(pictures, "make", lambda _image: 1 / 0)
    for pause in RETRIES:
        assert make_next(now)
        assert not make_next(now + pause - timedelta(seconds=1))
        now += pause
    assert make_next(now)
    assert not PictureWork.objects.exists()
    assert "given up" in caplog.text


def test_a_picture_that_was_deleted_leaves_no_work(uploaded):
    uploaded().delete()
    assert not PictureWork.objects.exists()


def test_the_loop_ends_when_it_is_told_to(uploaded, monkeypatch):
    uploaded()
    stop = Event()

    def make_and_stop(_now):
        stop.set()
        return True

    monkeypatch.setattr(making, "make_next", make_and_stop)
    monkeypatch.setattr(making.connections, "close_all", lambda: None)
    making.run(stop)
