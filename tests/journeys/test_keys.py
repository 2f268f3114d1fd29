"""The newsroom by keyboard alone, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dateline.newsroom.screens.keys import KEYS, Where
from tests.journeys.agency import Agency
from tests.journeys.desk import Desk


@pytest.fixture
def editor(window: Callable[..., Page], agency: Agency) -> Desk:
    page = window(viewport={"width": 1400, "height": 900})
    return Desk(page, agency=agency, user="selma")


def at(editor: Desk, path: str) -> Page:
    """Another screen of the newsroom, with no field in focus."""
    page = editor.page
    page.goto(re.sub(r"/desk/.*", f"/desk/{path}", page.url))
    page.evaluate("document.activeElement.blur()")
    return page


def test_the_list_of_keys_opens_closes_and_has_nothing_to_object_to(
    editor: Desk, axe: str
) -> None:
    page = at(editor, "snippets/newsroom/story/")
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keys")
    expect(listed).to_be_visible()
    expect(listed.get_by_role("heading", name="Keys")).to_be_focused()
    expect(listed.get_by_role("row", name="New story")).to_contain_text("N")
    page.evaluate(axe)
    found = page.evaluate("axe.run('#desk-keys')")
    assert [(each["id"], each["nodes"]) for each in found["violations"]] == []
    page.keyboard.press("n")
    expect(listed).to_be_visible()
    page.keyboard.press("Escape")
    expect(listed).not_to_be_visible()
    page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Keys").click()
    expect(listed).to_be_visible()
    assert editor.faults == []


def test_each_screen_is_one_key_away(editor: Desk) -> None:
    page = editor.page
    for key, address in (
        ("l", r"/desk/snippets/newsroom/story/$"),
        ("b", r"/desk/board/"),
        ("h", r"/desk/hot-list/"),
        ("i", r"/desk/notices/$"),
        ("n", r"/desk/snippets/newsroom/story/add/\?locale="),
    ):
        at(editor, "notices/" if key != "i" else "")
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(address))
    at(editor, "")
    page.keyboard.press("/")
    expect(page.locator(".sidebar [role=search] input")).to_be_focused()
    page.keyboard.type("flb")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_on_a_ukrainian_keyboard_the_same_places_do_the_same(editor: Desk) -> None:
    page = at(editor, "notices/")
    page.evaluate(
        """document.body.dispatchEvent(
            new KeyboardEvent("keydown", {key: "д", code: "KeyL", bubbles: true}))"""
    )
    expect(page).to_have_url(re.compile("/story/$"))


def test_a_list_is_walked_and_a_story_opened(editor: Desk) -> None:
    page = at(editor, "snippets/newsroom/story/")
    links = page.locator(".listing tbody tr .title-wrapper a[href]")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(links.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/story/edit/\d+/$"))


def test_a_board_is_walked(window: Callable[..., Page], agency: Agency) -> None:
    chief = Desk(window(viewport={"width": 1400, "height": 900}), agency=agency, user="aldren")
    page = chief.page
    chief.make_desk("Night desk", slug="night")
    for headline in ("Lamps are lit", "Lamps are out"):
        chief.begin(headline, section="Economy", paragraph="So it is.")
        page.get_by_role("combobox", name="Desk").select_option(label="Night desk")
        chief.do("Save draft", then="Draft saved")
    # As it stands: a card that moves while keys are pressed is the board's own test.
    page.route("**/moves/**", lambda route: route.abort())
    at(chief, "board/night/")
    cards = page.locator("[data-card] a")
    expect(cards).to_have_count(2)
    for key, card in (("j", 0), ("j", 1), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(cards.nth(card)).to_be_focused()
    assert chief.faults == []


def test_a_story_is_written_saved_released_corrected_and_killed_by_keys(editor: Desk) -> None:
    page = editor.page
    editor.begin("Ferries by keyboard", section="Economy", paragraph="They leave.")
    page.locator("[contenteditable=true]").first.focus()
    page.keyboard.press("Control+End")
    # As fast as hands are: the editor of the text has not handed it to the form yet.
    page.keyboard.type(" On time.")
    page.keyboard.press("Control+s")
    said = page.get_by_role("status").first
    expect(said).to_contain_text("Draft saved")
    expect(page.locator("[contenteditable=true]").first).to_have_text("They leave. On time.")

    page.wait_for_timeout(1_000)
    page.locator("[contenteditable=true]").first.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Daily.")
    page.keyboard.press("Control+Enter")
    expect(said).to_contain_text("Released as version 1")
    editor.open("Ferries by keyboard")
    expect(page.locator("[contenteditable=true]").first).to_have_text(
        "They leave. On time. Daily."
    )
    pressed = [each for each in KEYS if each.where is Where.STORY and each.press]
    missing = [each.key for each in pressed if not page.locator(each.press).count()]
    assert missing == []

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("e")
    note = page.get_by_role("textbox", name="What was wrong")
    expect(note).to_be_focused()
    page.keyboard.type("They leave hourly.")
    page.keyboard.press("Control+Shift+Enter")
    expect(said).to_contain_text("Released as version 2")

    editor.open("Ferries by keyboard")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("v")
    expect(page.get_by_role("heading", name="Compare versions")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("textbox", name="Headline")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("x")
    page.get_by_label("Reason").focus()
    page.keyboard.type("It never sailed.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Killed")
    assert editor.faults == []
