"""The newsroom on a phone: a flash and a kill, with a thumb."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.agency import Agency
from tests.journeys.desk import Desk
from tests.journeys.reader import Reader
from tests.journeys.test_phone import PHONE

SMALLEST_TARGET_PX = 24
"""WCAG 2.2, 2.5.8: what a thumb has to hit is at least so large."""


@pytest.fixture
def phone(window: Callable[..., Page], agency: Agency) -> Page:
    return Desk(window(**PHONE), agency=agency, user="selma").page


def _fits(page: Page) -> None:
    """Nothing has to be pushed sideways to be read."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


def test_a_flash_is_sent_and_killed_from_a_phone(
    phone: Page, window: Callable[..., Page], agency: Agency
) -> None:
    reader = Reader(window(), url=agency.url)
    headline = "Storm shuts the upper bridge"
    phone.get_by_role("link", name="New flash").first.tap()
    form = phone.locator("form[data-flash]")
    form.get_by_label("Headline").fill(headline)
    form.get_by_label("Section").select_option(label="Economy")
    send = form.get_by_role("button", name="Release the flash")
    box = send.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= SMALLEST_TARGET_PX
    _fits(phone)
    send.tap()
    expect(phone.get_by_text("The flash went out")).to_be_visible()
    reader.finds("/en/latest/", headline)

    phone.get_by_role("link", name="Write on").tap()
    expect(phone.get_by_role("textbox", name="Headline")).to_have_value(headline)
    _fits(phone)
    footer = phone.get_by_role("navigation", name="Actions (footer)")
    footer.get_by_role("button", name="More actions").tap()
    footer.get_by_role("link", name="Kill").tap()
    expect(phone).to_have_url(re.compile("/unpublish/"))
    phone.get_by_label("Reason").fill("The bridge is open.")
    _fits(phone)
    phone.get_by_role("button", name="Kill the story").tap()
    expect(phone.get_by_role("status").first).to_contain_text("Killed")
    reader.misses("/en/latest/", headline)
