"""A flash grows, is corrected and killed; a story is withheld and restored, or written anew."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.agency import Agency
from tests.journeys.desk import Desk
from tests.journeys.reader import Reader


@pytest.fixture
def reader(page: Page, agency: Agency) -> Reader:
    return Reader(page, url=agency.url)


@pytest.fixture
def editor(window: Callable[..., Page], agency: Agency) -> Desk:
    return Desk(window(), agency=agency, user="selma")


def flash(desk: Desk, headline: str, *, section: str = "Economy", topic: str = "") -> str:
    """Press the key, write, Enter; return the path of the reader's page."""
    page = desk.page
    page.keyboard.press("f")
    shown = page.locator("dialog[open]")
    expect(shown.get_by_label("Headline")).to_be_focused()
    page.keyboard.type(headline)
    shown.get_by_label("Section").select_option(label=section)
    shown.get_by_label("Topic").fill(topic)
    shown.get_by_label("Headline").focus()
    page.keyboard.press("Enter")
    out = shown.get_by_role("status")
    expect(out).to_contain_text("The flash went out")
    return str(out.get_by_role("link").get_attribute("href"))


def test_a_flash_grows_is_corrected_and_killed_before_a_readers_eyes(
    editor: Desk, reader: Reader
) -> None:
    headline = "Night trams stop in the old town"
    path = flash(editor, headline, topic="Night trams")
    box = reader.until_shown(path, ".article")
    expect(box.locator("h1")).to_have_text(headline)
    expect(box.locator(".flash")).to_have_text("Flash")
    expect(box.locator(".text")).to_have_text("More follows.")
    for place in ("/en/", "/en/latest/", "/en/economy/", "/en/topic/night-trams/"):
        reader.finds(place, headline)

    editor.page.locator("dialog[open]").get_by_role("link", name="Write on").click()
    _write(editor, "The wires are being renewed until March.")
    editor.do("Release update", then="Released as version 2")
    box = reader.until_shown(path, ".story-head__version")
    expect(box).to_contain_text("version 2")
    expect(reader.page.locator(".text")).to_contain_text("renewed until March")

    editor.open(headline)
    editor.page.get_by_role("textbox", name="What was wrong").fill("Until May, not March.")
    editor.do("Release correction", then="Released as version 3")
    box = reader.until_shown(path, ".correction")
    expect(box).to_contain_text("Until May, not March.")
    reader.until_shown("/en/corrections/", ".corrections__line")
    expect(reader.page.locator(".corrections__line").first).to_contain_text(headline)

    editor.open(headline)
    editor.kill(reason="No tram was stopped.", then=f"Killed: “{headline}”")
    reader.until_status(path, 410)
    expect(reader.page.locator(".kill__reason")).to_have_text("No tram was stopped.")
    for place in ("/en/", "/en/latest/", "/en/corrections/"):
        reader.misses(place, headline)
    assert editor.faults == []


def test_a_story_is_withheld_and_comes_back_as_it_was(editor: Desk, reader: Reader) -> None:
    headline = "Ferry fares rise in autumn"
    path = flash(editor, headline)
    reader.finds("/en/latest/", headline)
    editor.page.keyboard.press("Escape")

    editor.open(headline)
    _choose(editor, "Withhold")
    expect(editor.page.locator(".desk-reach")).to_contain_text("pages show it now")
    editor.page.get_by_label("Reason").fill("The company denies it.")
    editor.page.get_by_role("button", name="Withhold the story").click()
    expect(editor.page.get_by_role("status").first).to_contain_text("Withheld")
    reader.until_status(path, 404)
    expect(reader.page.locator("h1")).to_have_text("This story is withheld")
    expect(reader.page.locator(".kill__reason")).to_have_text("The company denies it.")
    reader.misses("/en/latest/", headline)

    editor.open(headline)
    _choose(editor, "Restore")
    editor.page.get_by_role("button", name="Restore the story").click()
    expect(editor.page.get_by_role("status").first).to_contain_text("Released as version 3")
    reader.until_status(path, 200)
    expect(reader.page.locator("h1")).to_have_text(headline)
    reader.finds("/en/latest/", headline)
    assert editor.faults == []


def test_a_rewrite_and_its_origin_lead_to_each_other(editor: Desk, reader: Reader) -> None:
    headline = "Bridge tolls to be dropped"
    path = flash(editor, headline)
    editor.page.keyboard.press("Escape")
    editor.open(headline)
    _choose(editor, "Rewrite")
    editor.page.get_by_role("button", name="Begin the new story").click()
    box = editor.page.get_by_role("textbox", name="Headline")
    expect(box).to_have_value(headline)
    box.fill("Bridge tolls stay after all")
    editor.do("Release", then="Released as version 1")

    newer = reader.until_shown(path, ".newer")
    expect(newer).to_contain_text("Bridge tolls stay after all")
    newer.get_by_role("link").click()
    expect(reader.page.locator("h1")).to_have_text("Bridge tolls stay after all")
    expect(reader.page.locator(".earlier")).to_contain_text(headline)


def test_enter_pressed_twice_sends_one_flash_and_the_key_writes_where_one_writes(
    editor: Desk, reader: Reader
) -> None:
    page = editor.page
    page.get_by_role("searchbox").first.focus()
    page.keyboard.type("f")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator("h1").first.click()
    page.evaluate("document.activeElement.blur()")

    headline = "Lighthouse dark for repairs"
    page.keyboard.press("f")
    shown = page.locator("dialog[open]")
    expect(shown.get_by_label("Headline")).to_be_focused()
    page.keyboard.type(headline)
    shown.get_by_label("Section").select_option(label="Economy")
    shown.get_by_label("Section").press("Enter")
    page.keyboard.press("Enter")
    expect(shown.get_by_role("status")).to_contain_text("The flash went out")
    reader.finds("/en/latest/", headline)
    assert reader.links("/en/latest/", headline).count() <= 2  # the list, and a rail beside it
    page.reload()
    editor._to_stories()
    expect(page.get_by_role("link", name=headline, exact=True)).to_have_count(1)


def test_a_flash_needs_no_scripts_and_fits_a_phone(
    window: Callable[..., Page], agency: Agency, reader: Reader
) -> None:
    signed_in = window()
    desk = Desk(signed_in, agency=agency, user="selma")
    phone = window(
        java_script_enabled=False,
        viewport={"width": 390, "height": 844},
        storage_state=desk.page.context.storage_state(),
    )
    phone.goto(f"{agency.url}/desk/flash/")
    phone.get_by_label("Headline").fill("Ice on the northern roads")
    phone.get_by_label("Section").select_option(label="Economy")
    phone.get_by_role("button", name="Release the flash").click()
    out = phone.get_by_role("link", name="Ice on the northern roads")
    address = re.compile(r"^/en/economy/\d+-ice-on-the-northern-roads/$")
    expect(out).to_have_attribute("href", address)
    expect(phone.get_by_role("link", name="Write on")).to_be_visible()
    reader.finds("/en/latest/", "Ice on the northern roads")


def _write(desk: Desk, paragraph: str) -> None:
    """Replace the story's first paragraph."""
    page = desk.page
    field = page.locator("[contenteditable=true]").first
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(paragraph)
    page.wait_for_function(
        """text => [...document.querySelectorAll("input[type=hidden]")]
            .some(input => input.value.includes(text))""",
        arg=paragraph,
    )


def _choose(desk: Desk, change: str) -> None:
    """Open the screen of a change from the story's menu."""
    desk.actions()
    menu = desk.page.get_by_role("navigation", name="Actions (footer)")
    menu.get_by_role("link", name=change, exact=True).click()
