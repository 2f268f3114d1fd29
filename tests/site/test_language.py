"""The interface in the edition's language: every string, and Ukrainian plural forms."""

import gettext as gettext_module
import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

import dateline
from dateline.addresses import item_path
from dateline.items import Paragraph
from tests.documents import an_item
from tests.site.conftest import in_ukrainian, texts

CATALOGUE = Path(dateline.__file__).parent / "locale" / "uk" / "LC_MESSAGES" / "django.mo"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 хвилина читання"),
        (2, "2 хвилини читання"),
        (4, "4 хвилини читання"),
        (5, "5 хвилин читання"),
        (11, "11 хвилин читання"),
        (12, "12 хвилин читання"),
        (21, "21 хвилина читання"),
        (22, "22 хвилини читання"),
        (25, "25 хвилин читання"),
        (111, "111 хвилин читання"),
        (121, "121 хвилина читання"),
    ],
)
def test_reading_time_agrees_with_its_number_in_ukrainian(publish, open_story, minutes, words):
    # 180 words a minute are read in a Slavic language.
    text = " ".join(["слово"] * (180 * minutes))
    story = in_ukrainian(an_item(1), body=(Paragraph(html=text),))
    publish(story)

    assert texts(open_story(story), ".story-head__minutes") == [words]


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 новина"), (3, "3 новини"), (5, "5 новин"), (21, "21 новина")]
)
def test_a_day_counts_its_stories_in_ukrainian(publish, open_page, count, words):
    publish(*(in_ukrainian(an_item(n)) for n in range(1, count + 1)))

    assert texts(open_page("/uk/2025/09/03/"), ".count") == [words]


def test_a_ukrainian_story_page_is_ukrainian_all_over(publish, open_story):
    story = in_ukrainian(an_item(1, version=2, topics=("grain",)))
    publish(story, in_ukrainian(an_item(2, topics=("grain",))))

    page = open_story(story)

    assert texts(page, ".story-head__version") == ["оновлено 15:01, версія 2"]
    assert texts(page, "h2.rail__title") == ["Ще за темою", "Останні новини"]
    assert texts(page, ".timeline__name") == ["Середа, 3 вересня 2025"]
    assert texts(page, ".skip") == ["Перейти до новин"]


def test_the_language_of_one_page_is_not_that_of_the_next(client, publish, agency):
    publish(an_item(1), in_ukrainian(an_item(2)))

    for _ in range(2):
        assert "Останні новини" in client.get("/uk/latest/").content.decode()
        assert "Останні" not in client.get("/en/latest/").content.decode()


def test_the_reader_s_browser_does_not_change_an_edition_s_language(client, publish, agency):
    story = an_item(1)
    publish(story)

    for path in ("/en/", item_path(story), "/en/nothing/"):
        response = client.get(path, headers={"Accept-Language": "uk"})
        assert response["Content-Language"] == "en"
        assert "Останні" not in response.content.decode()


def test_every_string_of_the_site_is_translated():
    with CATALOGUE.open("rb") as file:
        catalogue = gettext_module.GNUTranslations(file)

    untranslated = [text for text in _strings_of_the_templates() if catalogue.gettext(text) == text]

    assert untranslated == []


def _strings_of_the_templates():
    """Every `{% translate "…" %}` of the site's templates."""
    found = set()
    for path in (Path(dateline.__file__).parent / "site" / "templates").rglob("*.html"):
        found |= set(re.findall(r'{% translate "([^"]+)"', path.read_text()))
    assert len(found) > 30
    return sorted(found)


def test_the_compiled_catalogue_is_that_of_its_source():
    source = CATALOGUE.with_suffix(".po").read_text()
    with CATALOGUE.open("rb") as file:
        catalogue = gettext_module.GNUTranslations(file)

    for text in _strings_of_the_templates():
        assert f'"{catalogue.gettext(text)}"' in source or len(text) > 60


def test_quotation_marks_are_left_to_the_language():
    with translation.override("uk"):
        html = Template("{% include 'site/blocks/quotation.html' %}").render(
            Context({"block": {"text": "Так", "speaker": "", "office": ""}})
        )

    assert html.strip() == (
        '<figure class="quotation"><blockquote><p>Так</p></blockquote></figure>'
    )
