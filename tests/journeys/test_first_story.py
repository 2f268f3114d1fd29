"""A story's life, from the desk's form to the reader's page and off it again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.agency import Agency
from tests.journeys.desk import Desk
from tests.journeys.reader import Reader

HEADLINE = "Lamplighters return to the old quay"
PARAGRAPH = "Forty lamps were lit on the old quay on Monday."
TOPICS = ("Quay lamps", "Night economy")


@pytest.fixture
def reader(page: Page, agency: Agency) -> Reader:
    return Reader(page, url=agency.url)


@pytest.fixture
def sit_down(window: Callable[..., Page], agency: Agency) -> Callable[[str], Desk]:
    """Sign a person in, in a window of their own."""
    return lambda user: Desk(window(), agency=agency, user=user)


def test_a_story_is_released_corrected_and_killed_before_a_readers_eyes(
    sit_down: Callable[[str], Desk], reader: Reader
) -> None:
    editor = sit_down("selma")
    editor.begin(HEADLINE, section="Economy", paragraph=PARAGRAPH, topics=TOPICS)
    assert editor.chips() == list(TOPICS)
    editor.do("Release", then="Released as version 1")

    topic_paths, story_path = _read_everywhere(reader)

    editor.open(HEADLINE)
    note = "The lamps were lit on Tuesday, not on Monday."
    editor.page.get_by_role("textbox", name="What was wrong").fill(note)
    editor.do("Release correction", then="Released as version 2")
    _read_correction(reader, path=story_path, note=note)

    editor.open(HEADLINE)
    editor.kill(reason="The lamps were never lit.", then=f"Killed: “{HEADLINE}”")
    reader.until_status(story_path, 410)
    expect(reader.page.locator("h1")).to_have_text("This story was withdrawn")
    expect(reader.page.locator(".kill__reason")).to_have_text("The lamps were never lit.")
    expect(reader.page.get_by_text(PARAGRAPH)).to_have_count(0)
    for path in ("/en/", "/en/latest/", "/en/economy/"):
        reader.misses(path, HEADLINE)
    for path in topic_paths:  # It was all that they held.
        reader.until_status(path, 404)
    assert HEADLINE not in reader.feed("/en/feed.rss")
    assert HEADLINE not in reader.feed("/en/feed.atom")
    assert editor.faults == []


def _read_everywhere(reader: Reader) -> tuple[list[str], str]:
    """Find the released story wherever it belongs; return its topics' paths and its own."""
    for path in ("/en/", "/en/latest/", "/en/economy/"):
        reader.finds(path, HEADLINE)
    assert reader.links("/uk/latest/", HEADLINE).count() == 0
    assert HEADLINE in reader.feed("/en/feed.rss")
    assert HEADLINE in reader.feed("/en/feed.atom")

    page = reader.page
    reader.links("/en/latest/", HEADLINE).first.click()
    expect(page.locator("h1")).to_have_text(HEADLINE)
    expect(page.locator("article .text p")).to_have_text([PARAGRAPH])
    expect(page.locator(".story-head__section")).to_have_text("Economy")
    expect(page.locator(".correction")).to_have_count(0)
    topics = page.locator(".topics a")
    expect(topics).to_have_text([f"#{topic}" for topic in TOPICS])
    paths = [str(topic.get_attribute("href")) for topic in topics.all()]
    story_path = page.url.removeprefix(reader.url)
    for path in paths:
        reader.finds(path, HEADLINE)
    return paths, story_path


def _read_correction(reader: Reader, *, path: str, note: str) -> None:
    box = reader.until_shown(path, ".correction")
    expect(box.locator(".correction__note")).to_have_text(note)
    expect(box.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d \d\d\.\d\d\.\d{4}$"))
    stands_above = box.evaluate(
        """box => Boolean(box.compareDocumentPosition(document.querySelector("article .text"))
            & Node.DOCUMENT_POSITION_FOLLOWING)"""
    )
    assert stands_above
    expect(reader.page.locator(".story-head")).to_contain_text("version 2")
    marked = reader.links("/en/latest/", HEADLINE).first
    expect(marked).to_contain_text("corrected")


def test_a_reporters_story_is_released_by_a_second_pair_of_eyes_only(
    sit_down: Callable[[str], Desk], reader: Reader
) -> None:
    headline = "Ferry pilots name their new school"
    reporter = sit_down("tavia")
    reporter.begin(
        headline, section="Society", paragraph="The school opens in May.", topics=("Ferry pilots",)
    )
    assert _releasing(reporter.actions()) == []
    reporter.do("Send to the desk", then=f"Sent to the desk: “{headline}”")
    reporter.open(headline)
    assert _releasing(reporter.actions()) == []

    editor = sit_down("selma")
    waiting = editor.page.get_by_role("region", name="Waiting for the desk")
    expect(waiting).to_contain_text("Tavia")
    assert reader.links("/en/latest/", headline).count() == 0

    # Whoever sent it on holds it no longer.
    waiting.get_by_role("link", name=headline).click()
    editor.do("Approve and release", then=headline)
    reader.finds("/en/latest/", headline)
    reader.finds("/en/society/", headline)

    reporter.open(headline)
    assert _releasing(reporter.actions()) == []
    assert "Kill" not in reporter.actions()
    assert reporter.faults == editor.faults == []


def _releasing(actions: list[str]) -> list[str]:
    return [action for action in actions if "release" in action.lower()]
