"""The demo's pictures: their form, and that they depend on scene and seed alone."""

from io import BytesIO

import pytest
from PIL import Image

from dateline.demo.captions import SCENES as CAPTIONED
from dateline.demo.captions import VARIANTS, picture
from dateline.demo.lexicon import EN, UK
from dateline.demo.pictures import HEIGHT, SCENES, WIDTH, draw


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_is_a_jpeg_of_the_agreed_size_with_many_tones(scene):
    with Image.open(BytesIO(draw(picture(scene, seed=1, language=EN)))) as image:
        assert (image.format, image.size) == ("JPEG", (WIDTH, HEIGHT))
        assert len(image.resize((160, 107)).getcolors(160 * 107) or ()) > 500


def test_the_same_spec_gives_the_same_bytes_and_another_seed_another_picture():
    spec = picture("harbour", seed=0, language=EN)

    assert draw(spec) == draw(spec)
    assert draw(spec) != draw(picture("harbour", seed=1, language=EN))


def test_editions_share_the_drawing_and_have_their_own_words():
    english, ukrainian = (picture("storm", seed=2, language=code) for code in (EN, UK))

    assert english.name == ukrainian.name
    assert english.caption != ukrainian.caption


def test_every_scene_has_words_and_there_are_at_most_forty_drawings():
    assert set(CAPTIONED) == set(SCENES)
    assert len(SCENES) * VARIANTS <= 40
