"""Addresses: readable ASCII slugs in both languages, and paths as the design lists them."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline import addresses
from dateline.items import Item, Ref
from tests.strategies import raw_text


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Harbour opens after storm", "harbour-opens-after-storm"),
        ("It's 5% — really?", "its-5-really"),
        ("  Café   Zürich  ", "cafe-zurich"),
    ],
)
def test_an_english_slug_is_its_words(text, slug):
    assert addresses.slug_of(text) == slug


# Examples of the table of the Cabinet of Ministers of Ukraine, resolution 55 of 27 January 2010.
@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Алушта", "alushta"),
        ("Згорани", "zghorany"),
        ("Розгон", "rozghon"),
        ("Ґалаґан", "galagan"),
        ("Єнакієве", "yenakiieve"),
        ("Їжакевич Кадиївка", "yizhakevych-kadyivka"),
        ("Йосипівка Стрий", "yosypivka-stryi"),
        ("Щербухи Гоща", "shcherbukhy-hoshcha"),
        ("Юрій Корюківка", "yurii-koriukivka"),
        ("Яготин Костянтин", "yahotyn-kostiantyn"),
        ("Знам’янка", "znamianka"),
        ("Знам'янка", "znamianka"),
        ("Русь Житомир Закарпаття", "rus-zhytomyr-zakarpattia"),
    ],
)
def test_a_ukrainian_slug_follows_the_official_romanisation(text, slug):
    assert addresses.slug_of(text, edition="uk") == slug


@pytest.mark.parametrize("text", ["", "—", "!!!", "\u200b"])
def test_a_slug_of_nothing_is_untitled(text):
    assert addresses.slug_of(text) == "untitled"


def test_emoji_alone_still_make_an_address():
    assert re.fullmatch(r"[a-z0-9-]+", addresses.slug_of("🎉🎉"))


@given(raw_text, st.sampled_from(["en", "uk"]), st.integers(1, 90))
def test_a_slug_is_ascii_words_and_never_too_long(text, edition, longest):
    slug = addresses.slug_of(text, edition=edition, longest=longest)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= max(longest, len("untitled"))


def test_a_long_headline_is_cut_between_words():
    slug = addresses.slug_of("reservoir " * 30)
    assert slug == "-".join(["reservoir"] * 8)
    assert len(slug) <= addresses.SLUG_LENGTH


def test_a_slug_of_a_slug_is_itself():
    slug = addresses.slug_of("Юрій Корюківка", edition="uk")
    assert addresses.slug_of(slug, edition="uk") == slug


def test_paths_are_as_the_design_lists_them():
    moment = datetime(2031, 5, 4, tzinfo=UTC)
    item = Item(
        guid="urn:x",
        number=42,
        version=1,
        edition="en",
        section=Ref(slug="economy", name="Economy"),
        headline="Harbour opens",
        first_released_at=moment,
        released_at=moment,
    )
    assert addresses.item_path(item) == "/en/economy/42-harbour-opens/"
    assert addresses.edition_path("uk") == "/uk/"
    assert addresses.latest_path("en") == "/en/latest/"
    assert addresses.day_path("en", date(2025, 9, 3)) == "/en/2025/09/03/"
    assert addresses.section_path("en", "economy") == "/en/economy/"
    assert addresses.topic_path("en", "ports") == "/en/topic/ports/"
    assert addresses.page_path("en", "about") == "/en/about/"
