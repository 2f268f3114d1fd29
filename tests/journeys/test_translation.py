"""A translation that is behind its source: begun with a click, warned, brought up to date."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.agency import Agency
from tests.journeys.desk import Desk

HEADLINE = "Lighthouse keeps its keeper"
TRANSLATED = "Маяк зберігає свого доглядача"
NOTE = "The keeper has served 30 years, not 13."
TOLD = "Оригінал виправлено"


@pytest.fixture
def desk(page: Page, agency: Agency) -> Desk:
    return Desk(page, agency=agency, user="selma")


def test_a_translation_behind_its_source_is_listed_marked_and_brought_up_to_date(
    desk: Desk, window, agency: Agency, axe: str
):
    page = desk.page
    page.set_viewport_size({"width": 1500, "height": 1000})
    desk.begin(HEADLINE, section="Society", paragraph="The keeper has served 13 years.")
    desk.do("Release", then="Released as version 1")

    desk.open(HEADLINE)
    page.get_by_role("button", name="Українська").click()
    expect(page.get_by_text("Translated from:")).to_be_visible()
    source = page.get_by_role("region", name="Text of the source")
    expect(source).to_contain_text("The keeper has served 13 years.")
    page.get_by_role("textbox", name="Headline").fill(TRANSLATED)
    desk.do("Release", then="Released as version 1")

    desk.open(HEADLINE)
    page.get_by_role("textbox", name="What was wrong").fill(NOTE)
    desk.do("Release correction", then="Released as version 2")

    reader = window(locale="uk-UA")
    reader.goto(f"{agency.url}{_path_of(page, TRANSLATED)}")
    expect(reader.get_by_text(TOLD)).to_be_visible()

    page.goto(f"{agency.url}/desk/behind/")
    row = page.get_by_role("row").filter(has_text=TRANSLATED)
    expect(row).to_contain_text("corrected")
    expect(row).to_contain_text("1 → 2")
    row.get_by_role("link", name=TRANSLATED).click()
    expect(page.get_by_role("region", name="Text of the source")).to_contain_text(NOTE)
    page.evaluate(axe)
    found = page.evaluate("axe.run('.desk-source, .writing')")
    assert [(each["id"], each["nodes"]) for each in found["violations"]] == []

    page.get_by_role("checkbox", name="Brought up to date").check()
    desk.do("Release update", then="Released as version 2")
    expect(reader.get_by_text(TOLD)).to_be_visible()
    reader.reload()
    expect(reader.get_by_text(TOLD)).not_to_be_visible()
    page.goto(f"{agency.url}/desk/behind/")
    expect(page.get_by_role("row").filter(has_text=TRANSLATED)).to_have_count(0)
    assert desk.faults == []


def _path_of(page: Page, headline: str) -> str:
    """The reader's address of a story, from its form."""
    page.goto(re.sub(r"/desk/.*", f"/desk/snippets/newsroom/story/?q={headline[:12]}", page.url))
    page.get_by_role("link", name=headline, exact=True).first.click()
    page.get_by_role("button", name="Actions").first.click()
    return page.get_by_role("link", name="Reader's page").get_attribute("href") or ""


def test_words_characters_and_the_headline_s_length_are_counted_while_typing(
    desk: Desk, agency: Agency
):
    page = desk.page
    desk.begin("Short one", section="Society", paragraph="Four words are here.")
    expect(page.locator("[data-writing-counts]")).to_have_text(
        "Words: 4 · characters: 20 · minutes to read: 1"
    )
    ruler = page.locator("#headline-ruler")
    expect(ruler).to_contain_text("Search: 9 of 60")
    page.get_by_role("textbox", name="Headline").fill("👩‍🚒 " + "a" * 68)
    expect(ruler).to_contain_text("Search cuts it: 10 over 60")
    expect(ruler).to_contain_text("Wire line: 1 over 69")
