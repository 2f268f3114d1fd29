"""What a page says it is about, for search engines and shared links: never nothing."""

import msgspec
import pytest

from dateline.items import Paragraph
from tests.documents import an_item
from tests.site.conftest import a_page, a_section, a_topic


def description(page):
    [meta] = page.select('meta[name="description"]')
    return meta["content"]


@pytest.fixture
def news(publish, agency):
    publish(*(an_item(n, topics=("grain",)) for n in range(1, 6)))


@pytest.mark.parametrize("path", ["/en/latest/", "/en/economy/", "/en/topic/grain/"])
def test_a_list_that_nobody_described_is_about_its_newest_headlines(news, open_page, path):
    newest = " · ".join(f"Headline {n}, version 1" for n in (5, 4, 3))
    assert description(open_page(path)) == newest


def test_a_day_is_about_its_headlines(news, open_page):
    assert description(open_page("/en/2025/09/03/")).count("Headline") == 3


def test_what_an_editor_wrote_describes_a_section_and_a_topic(news, publish, open_page):
    section = a_section("economy", "Economy", version=2)
    publish(
        msgspec.structs.replace(section, description="Money and work."),
        a_topic("grain", "Grain", "Harvests and ports."),
    )
    assert description(open_page("/en/economy/")) == "Money and work."
    assert description(open_page("/en/topic/grain/")) == "Harvests and ports."


def test_a_list_without_stories_says_whose_it_is(open_page):
    assert description(open_page("/en/economy/")) == "Economy · Dateline"


def test_a_standing_page_is_about_how_it_begins(publish, open_page):
    page = a_page("rules", "Rules")
    words = " ".join(f"word{n}" for n in range(60))
    body = (Paragraph(html=f"<b>We</b> check &amp; ask. {words}"),)
    publish(msgspec.structs.replace(page, body=body))
    told = description(open_page("/en/rules/"))
    assert told.startswith("We check & ask. word0 word1")
    assert told.endswith("…")
    assert len(told.split()) == 40


def test_a_front_page_without_a_strapline_is_about_its_first_stories(news, open_page):
    assert description(open_page("/en/")).count("Headline") == 3
