"""Words and reading time."""

import pytest
from hypothesis import given

from dateline.formats.reading import read_minutes, word_count
from dateline.items import Embed, Paragraph, Picture, PictureBlock, Table
from tests.formats.samples import sample
from tests.strategies import wild_items


def of_words(count: int, edition: str = "en"):
    return sample(edition=edition, body=(Paragraph(html="word " * count),))


@pytest.mark.parametrize(
    ("words", "edition", "minutes"),
    [
        (0, "en", 1),
        (299, "en", 1),
        (300, "en", 2),
        (1000, "en", 5),
        (269, "uk", 1),
        (270, "uk", 2),
        (1000, "uk", 6),
    ],
)
def test_minutes_are_rounded_and_at_least_one(words, edition, minutes):
    assert read_minutes(of_words(words, edition)) == minutes


def test_words_are_counted_as_people_count_them():
    body = (Paragraph(html="Сім’я з’їла <b>п’ять</b> re-baked 1,200.5 pies &amp; more&nbsp;tea."),)
    assert word_count(sample(body=body)) == 8


def test_captions_and_addresses_are_not_read_but_tables_and_titles_are():
    body = (
        PictureBlock(picture=Picture(alt="a b c", caption="d e f")),
        Embed(url="https://x.example/a/b", title="Watch it"),
        Table(rows=(("one", "two"),), caption="three"),
    )
    assert word_count(sample(body=body)) == 5


@given(wild_items())
def test_any_story_has_a_reading_time(item):
    assert read_minutes(item) >= 1
