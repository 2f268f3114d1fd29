"""Every screen of the newsroom through axe-core, in both languages, by day and by night."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.agency import Agency
from tests.journeys.desk import Desk
from tests.journeys.reader import objections
from tests.journeys.test_two_editors import (
    type_at_the_end,
    until_free,
    without_autosave,
    written_by,
)

STORY = "snippets/newsroom/story"
# Not "seo": Wagtail brings an axe of its own into the window, with rules for the reader's page.
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}

WAGTAILS = {"a topic", "a new person", "a new desk"}
"""Forms that are Wagtail's but for their fields: the largest heading of such a page is an h2."""

LOOKS = [("en", "en-GB", "light"), ("uk", "uk-UA", "dark")]
"""Contrast is a matter of the scheme and words one of the language, so each is looked at once."""


@dataclass(frozen=True)
class Things:
    """What the screens show: stories by what was done to them, and who looks at them."""

    state: Any
    released: str
    withheld: str
    held_by_another: str
    two_saves: str
    translation: str


SCREENS: dict[str, Callable[[Things], str]] = {
    "home": lambda _: "",
    "flash": lambda _: "flash/",
    "stories": lambda _: f"{STORY}/",
    "a new story": lambda _: f"{STORY}/add/?locale=en",
    "a released story": lambda it: f"{STORY}/edit/{it.released}/",
    "a translation": lambda it: f"{STORY}/edit/{it.translation}/",
    "withholding": lambda it: f"{STORY}/withhold/{it.released}/",
    "killing": lambda it: f"{STORY}/unpublish/{it.released}/",
    "rewriting": lambda it: f"{STORY}/rewrite/{it.released}/",
    "restoring": lambda it: f"{STORY}/restore/{it.withheld}/",
    "history": lambda it: f"{STORY}/history/{it.released}/",
    "comparing": lambda it: f"{STORY}/history/{it.released}/revisions/compare/earliest...latest/",
    "reading along": lambda it: f"{STORY}/edit/{it.held_by_another}/",
    "two saves": lambda it: it.two_saves,
    "board": lambda _: "board/axe/",
    "notices": lambda _: "notices/",
    "hot list": lambda _: "hot-list/",
    "coming up": lambda _: "coming-up/",
    "behind": lambda _: "behind/",
    "trail": lambda _: "trail/",
    "topics": lambda _: "snippets/newsroom/topic/",
    "a topic": lambda _: "snippets/newsroom/topic/edit/1/",
    "merging": lambda _: "topics/1/merge/",
    "people, places": lambda _: "snippets/newsroom/entity/",
    "a new person": lambda _: "snippets/newsroom/entity/add/",
    "sections": lambda _: "snippets/newsroom/section/",
    "desks": lambda _: "snippets/newsroom/desk/",
    "a new desk": lambda _: "snippets/newsroom/desk/add/",
    "keys": lambda _: "#keys",
}


@pytest.fixture(scope="module")
def things(browser: Browser, agency: Agency) -> Iterator[Things]:
    """Made by an editor's hand, and looked at by a chief editor, who sees the most."""
    contexts = [browser.new_context(locale="en-GB") for _ in range(2)]
    editor, chief = (
        Desk(context.new_page(), agency=agency, user=user)
        for context, user in zip(contexts, ("selma", "aldren"), strict=True)
    )
    released = _released(editor, "Axe: bridge reopens")
    editor.open("Axe: bridge reopens")
    editor.page.get_by_role("textbox", name="Headline").fill("Axe: old bridge reopens")
    editor.do("Save draft", then="Draft saved")
    withheld = _released(editor, "Axe: mayor resigns")
    editor.page.goto(f"{agency.url}/desk/{STORY}/withhold/{withheld}/")
    editor.page.get_by_label("Reason").fill("We ask once more.")
    editor.page.get_by_role("button", name="Withhold the story").click()
    _on_a_board(chief)
    _note(editor, released, agency)
    yield Things(
        state=chief.page.context.storage_state(),
        released=released,
        withheld=withheld,
        two_saves=_two_saves(editor, chief, agency),
        translation=_translation(editor, agency),
        held_by_another=_held(editor),
    )
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("language", "locale", "scheme"), LOOKS)
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_to_object_to_in_the_newsroom(
    screen: str,
    language: str,
    locale: str,
    scheme: str,
    window: Callable[..., Page],
    agency: Agency,
    things: Things,
    axe: str,
) -> None:
    page = window(
        color_scheme=scheme,
        locale=locale,
        storage_state=things.state,
        viewport={"width": 1300, "height": 900},
    )
    page.add_init_script(axe)
    answer = page.goto(f"{agency.url}/desk/{SCREENS[screen](things)}")
    assert answer is not None
    assert answer.status == 200
    assert page.evaluate("document.documentElement.lang") == language
    expect(page.locator("#wagtail.ready")).to_be_attached()
    if screen == "keys":
        page.keyboard.press("?")
        expect(page.locator("#desk-keys")).to_be_visible()

    rules = {"page-has-heading-one": {"enabled": screen not in WAGTAILS}}
    assert objections(page, runOnly=RULES, rules=rules) == []


def _released(desk: Desk, headline: str) -> str:
    desk.begin(headline, section="Economy", paragraph="It is so.", topics=("Axe",))
    desk.do("Release", then="Released as version 1")
    desk.open(headline)
    return _number(desk.page.url)


def _on_a_board(desk: Desk) -> None:
    desk.make_desk("Axe desk", slug="axe")
    desk.begin("Axe: market opens", section="Economy", paragraph="At six.")
    desk.page.get_by_role("combobox", name="Desk").select_option(label="Axe desk")
    desk.do("Save draft", then="Draft saved")


def _note(desk: Desk, number: str, agency: Agency) -> None:
    """For the chief editor, who so has a notice."""
    desk.page.goto(f"{agency.url}/desk/{STORY}/edit/{number}/")
    desk.page.get_by_role("button", name="Toggle notes").click()
    desk.page.get_by_label("Add a note").fill("@aldren, is it so?")
    desk.page.get_by_role("button", name="Add the note").click()
    expect(desk.page.locator(".notes__thread")).to_contain_text("is it so?")


def _held(desk: Desk) -> str:
    """The story that is last open at the editor's desk, and stays so."""
    return _number(written_by(desk, "Axe: locks are opened"))


def _translation(desk: Desk, agency: Agency) -> str:
    source = _released(desk, "Axe: tram runs again")
    desk.page.goto(f"{agency.url}/desk/translation/submit/snippet/newsroom/story/{source}/")
    desk.page.get_by_role("main").get_by_role("button").last.click()
    expect(desk.page.get_by_role("textbox", name="Headline")).to_be_visible()
    return _number(desk.page.url)


def _two_saves(first: Desk, second: Desk, agency: Agency) -> str:
    """The address under /desk/ where two saves of one headline wait for a choice."""
    address = written_by(first, "Axe: ferries leave")
    without_autosave(first)
    first.page.context.set_offline(True)
    type_at_the_end(first, " on Sunday")
    second.page.goto(address)
    second.take_over()
    second.page.wait_for_timeout(1_000)
    type_at_the_end(second, " on Monday")
    second.do("Save draft", then="Draft saved")
    second.page.goto(f"{agency.url}/desk/")
    until_free(second, address)
    first.page.context.set_offline(False)
    first.do("Save draft", then="")
    expect(first.page.locator(".two-saves__side")).to_have_count(2)
    return first.page.url.partition("/desk/")[2]


def _number(address: str) -> str:
    found = re.search(r"/edit/(\d+)/", address)
    assert found, address
    return found[1]
