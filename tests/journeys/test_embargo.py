"""Clients have it, readers do not; at its time they do. A draft is shown to somebody outside."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.agency import Agency
from tests.journeys.desk import Desk
from tests.journeys.reader import Reader

ZONE = ZoneInfo("Europe/Kyiv")


@pytest.fixture
def reader(page: Page, agency: Agency) -> Reader:
    return Reader(page, url=agency.url)


@pytest.fixture
def editor(window: Callable[..., Page], agency: Agency) -> Desk:
    return Desk(window(), agency=agency, user="selma")


def in_time(seconds: int) -> str:
    """So many seconds from now, as one types it at the desk."""
    return f"{datetime.now(ZONE) + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}"


def begin_under_embargo(editor: Desk, headline: str, *, seconds: int) -> None:
    editor.begin(
        headline,
        section="Economy",
        paragraph="The report is published in the evening.",
        topics=("Evening report",),
    )
    editor.page.get_by_label("Embargo until").fill(in_time(seconds))
    editor.page.keyboard.press("Escape")


def test_readers_get_an_embargoed_story_at_its_time_and_nothing_before(
    editor: Desk, reader: Reader
) -> None:
    headline = "Report names three bridges"
    begin_under_embargo(editor, headline, seconds=45)
    editor.do("Release", then="under embargo")
    editor.open(headline)
    notice = editor.page.locator(".desk-notice--held")
    expect(notice).to_contain_text("readers know nothing of it")
    for place in ("/en/", "/en/latest/", "/en/economy/"):
        assert reader.links(place, headline).count() == 0
        assert headline not in reader.feed(f"{place}feed.rss".replace("/latest", ""))
    assert reader.page.request.get(f"{reader.url}/en/topic/evening-report/").status == 404

    editor.page.goto(f"{reader.url}/desk/coming-up/")
    row = editor.page.locator(".coming-up__row", has_text=headline)
    expect(row).to_contain_text("readers get it")
    # The screen sees by itself that it went.
    expect(row).to_have_count(0, timeout=60_000)
    expect(editor.page.locator(".coming-up")).to_contain_text("99 of 100 within")
    for place in ("/en/", "/en/latest/", "/en/economy/", "/en/topic/evening-report/"):
        if place.endswith("report/"):
            reader.until_status(place, 200)
        reader.finds(place, headline)


def test_an_embargo_is_lifted_from_the_story_before_its_time(editor: Desk, reader: Reader) -> None:
    headline = "Report names four bridges"
    begin_under_embargo(editor, headline, seconds=3600)
    editor.do("Release", then="under embargo")
    editor.open(headline)
    assert "Lift the embargo" in editor.actions()
    editor.page.get_by_role("link", name="Show it to readers now").click()
    expect(editor.page.get_by_text("Clients are told that the embargo is over.")).to_be_visible()
    editor.page.get_by_role("button", name="Show it to readers now").click()
    expect(editor.page.get_by_role("status").first).to_contain_text("Released as version 1")
    reader.finds("/en/", headline)


def test_somebody_outside_sees_the_newest_draft_by_a_link_until_it_is_taken_back(
    editor: Desk, window: Callable[..., Page], agency: Agency
) -> None:
    editor.begin("Draft for the ministry", section="Economy", paragraph="Are these figures right?")
    editor.page.get_by_role("button", name="Save draft").click()
    editor.page.wait_for_url(re.compile(r"/edit/\d+/"))
    number = re.search(r"/edit/(\d+)/", editor.page.url)
    assert number
    editor.page.goto(f"{agency.url}/desk/stories/{number[1]}/preview-links/")
    editor.page.get_by_label("For whom").fill("The ministry")
    editor.page.get_by_role("button", name="Make a link").click()
    address = editor.page.get_by_label("Address of the link").input_value()

    outside = window()
    outside.goto(address)
    expect(outside.get_by_role("heading", level=1)).to_have_text("Draft for the ministry")
    assert outside.context.cookies() == []

    editor.page.reload()
    expect(editor.page.get_by_text("Opened 1 time")).to_be_visible()
    editor.page.get_by_role("button", name="Take it back").click()
    outside.reload()
    expect(outside.get_by_role("heading", level=1)).to_have_text("This preview is over")
