"""A real agency's page: released through the newsroom, opened in a browser, equal to the file."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page

from tests.seed import SeedPage


@pytest.fixture
def opened(
    transactional_db, live_server, page: Page, shared: Path, follow_public
) -> tuple[Page, SeedPage]:
    """The story's page in the browser, with the file that it came from."""
    seed = SeedPage(shared)
    story = seed.release_all()
    follow_public()
    page.goto(f"{live_server.url}/en/facts/{story.pk}-anything/")
    return page, seed


def test_the_real_page_stands_block_by_block_as_in_the_file(opened) -> None:
    page, seed = opened
    said = seed.said["story"]

    assert text(page.locator(".story-head__section")) == said["section"]
    released = page.locator(".story-head time").first
    assert seen_time(released, seed) == seed.time(said["released"])
    assert text(released) == "11:57 03.09.2025"
    assert text(page.locator("h1")) == said["headline"]
    assert text(page.locator(".story-head__minutes")) == f"{said['read_minutes']} min read"
    assert texts(page.locator("article .text p")) == said["body"]
    assert texts(page.locator(".topics a")) == [f"#{topic}" for topic in said["topics"]]

    more = page.locator(".more .row")
    assert texts(more.locator(".row__headline")) == [m["headline"] for m in seed.said["more_about"]]
    assert [seen_time(time, seed) for time in more.locator("time").all()] == [
        seed.time(m["released"]) for m in seed.said["more_about"]
    ]
    assert texts(page.locator(".rail--hot .row__headline")) == seed.said["hot_news"]
    assert texts(page.locator(".rail--latest .row__headline")) == seed.said["latest"]


def test_the_blocks_of_the_real_page_come_in_the_order_that_the_design_lists(opened) -> None:
    page, _seed = opened
    blocks = [
        ".story-head__section",
        ".story-head time",
        "h1",
        ".story-head__minutes",
        "article .text",
        ".topics",
        ".more",
        ".rail--hot",
        ".rail--latest",
    ]
    order = page.evaluate(
        """selectors => {
            const found = selectors.map(selector => document.querySelector(selector));
            const inPage = [...found].sort((a, b) =>
                a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
            return inPage.map(element => selectors[found.indexOf(element)]);
        }""",
        blocks,
    )
    assert order == blocks
    assert page.locator(".ad__label").count() >= 1


def test_more_about_shows_each_time_with_its_date(opened) -> None:
    page, seed = opened
    shown = [text(time) for time in page.locator(".more .row time").all()]
    assert shown == [
        f"{seed.time(each['released']):%H:%M %d.%m.%Y}" for each in seed.said["more_about"]
    ]


def text(found: Locator) -> str:
    return " ".join(found.inner_text().split())


def texts(found: Locator) -> list[str]:
    return [text(each) for each in found.all()]


def seen_time(time: Locator, seed: SeedPage) -> datetime:
    """The moment that a `<time>` says, in the agency's zone."""
    value = datetime.fromisoformat(str(time.get_attribute("datetime")))
    return value.astimezone(ZoneInfo(seed.said["timezone"]))
