"""Whatever fails while somebody writes, the text is kept in the browser, offered back and saved."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.agency import Agency
from tests.journeys.desk import Desk
from tests.journeys.relay import Relay
from tests.journeys.test_two_editors import type_at_the_end, without_autosave, written_by

NO_DATABASE = """
    IDBObjectStore.prototype.put = function () {
        throw new DOMException("Full", "QuotaExceededError");
    };
"""
NO_STORAGE = (
    NO_DATABASE
    + """
    Storage.prototype.setItem = function () {
        throw new DOMException("Full", "QuotaExceededError");
    };
"""
)


@pytest.fixture
def sit_down(window: Callable[..., Page], agency: Agency) -> Callable[..., Desk]:
    """Sign a person in, in a window of their own, on which a script may run before each page."""

    def _sit_down(user: str, *, script: str = "", at: Any = None) -> Desk:
        page = window()
        if script:
            page.add_init_script(script)
        return Desk(page, agency=at or agency, user=user)

    return _sit_down


def said(desk: Desk) -> Locator:
    return desk.page.locator("[data-draft-said]")


def until_kept(desk: Desk, words: str) -> None:
    """The browser holds the text; then whatever happens to the page may happen."""
    desk.page.wait_for_function(
        """async words => {
            const rows = [...Object.entries(localStorage)].map(([, value]) => value);
            const database = await new Promise((done) => {
                const asked = indexedDB.open("desk", 1);
                asked.onsuccess = () => done(asked.result);
            });
            const kept = await new Promise((done) => {
                const asked = database.transaction("drafts").objectStore("drafts").getAll();
                asked.onsuccess = () => done(asked.result);
            });
            database.close();
            rows.push(...kept.map((row) => row.data));
            return rows.some((row) => row.includes(encodeURIComponent(words))
                || row.includes(words.replaceAll(" ", "+")));
        }""",
        arg=words,
    )


def close_tab(desk: Desk) -> Page:
    """Close the tab as a person does in haste, and open another in the same browser."""
    context: BrowserContext = desk.page.context
    desk.page.close()
    desk.page = context.new_page()
    return desk.page


def bring_back(desk: Desk, headline: str) -> None:
    said(desk).get_by_role("button", name="Bring it back").click()
    field = desk.page.get_by_role("textbox", name="Headline")
    expect(field).to_have_value(headline)
    expect(desk.page.get_by_role("status").first).to_contain_text("Draft saved")
    expect(said(desk)).to_be_empty()
    desk.page.reload()
    expect(field).to_have_value(headline)
    expect(said(desk)).to_be_empty()


def test_text_of_a_closed_tab_is_offered_back_and_saved(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("selma")
    address = written_by(desk, "Tide clock stops")
    without_autosave(desk)
    type_at_the_end(desk, " at noon")
    until_kept(desk, "Tide clock stops at noon")
    close_tab(desk).goto(address)
    expect(said(desk)).to_contain_text("was typed here and not saved")
    expect(said(desk).locator("q")).to_have_text("Tide clock stops at noon")
    bring_back(desk, "Tide clock stops at noon")


def test_text_of_a_story_that_was_never_saved_is_offered_back(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("selma")
    desk.page.route("**/story/add/**", _refuse_saves)
    desk.begin("Nobody has saved this yet", section="Economy", paragraph="Not one word of it.")
    until_kept(desk, "Nobody has saved this yet")
    address = desk.page.url
    desk.page.unroute_all()
    close_tab(desk).goto(address)
    bring_back(desk, "Nobody has saved this yet")
    expect(desk.page.locator("[contenteditable=true]").first).to_have_text("Not one word of it.")


def test_text_that_is_thrown_away_is_not_offered_again(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("selma")
    address = written_by(desk, "Old pier sold")
    without_autosave(desk)
    type_at_the_end(desk, " twice")
    until_kept(desk, "Old pier sold twice")
    close_tab(desk).goto(address)
    said(desk).get_by_role("button", name="Throw it away").click()
    expect(said(desk)).to_be_empty()
    desk.page.reload()
    desk.page.wait_for_timeout(1_500)
    expect(said(desk)).to_be_empty()
    expect(desk.page.get_by_role("textbox", name="Headline")).to_have_value("Old pier sold")


def test_a_save_without_a_connection_leaves_the_form_as_it_is_and_goes_through_later(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("selma")
    written_by(desk, "Ferry bell rings")
    desk.page.context.set_offline(True)
    type_at_the_end(desk, " again")
    desk.do("Save draft", then="")
    expect(said(desk)).to_contain_text("No connection. What you type is kept")
    field = desk.page.get_by_role("textbox", name="Headline")
    expect(field).to_have_value("Ferry bell rings again")
    desk.page.context.set_offline(False)
    desk.do("Save draft", then="Draft saved")
    desk.page.reload()
    expect(field).to_have_value("Ferry bell rings again")
    expect(said(desk)).to_be_empty()


def test_who_was_signed_out_signs_in_beside_the_form_and_saves_it(
    sit_down: Callable[..., Desk], agency: Agency
) -> None:
    desk = sit_down("selma")
    written_by(desk, "Customs house opens")
    without_autosave(desk)
    desk.page.context.clear_cookies()
    type_at_the_end(desk, " its doors")
    desk.do("Save draft", then="")
    expect(said(desk)).to_contain_text("You are signed out. What you type is kept")
    with desk.page.context.expect_page() as opened:
        said(desk).get_by_role("link", name="Sign in in a new tab").click()
    beside = opened.value
    beside.get_by_placeholder("Enter your username").fill("selma")
    beside.get_by_placeholder("Enter password").fill(agency.password("selma"))
    beside.get_by_role("button", name="Sign in").click()
    expect(beside.get_by_role("heading", name="The desk", exact=True)).to_be_visible()
    beside.close()
    desk.do("Save draft", then="Draft saved")
    field = desk.page.get_by_role("textbox", name="Headline")
    expect(field).to_have_value("Customs house opens its doors")


def test_where_the_database_is_full_text_is_kept_all_the_same(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("selma", script=NO_DATABASE)
    address = written_by(desk, "Salt store empties")
    without_autosave(desk)
    type_at_the_end(desk, " fast")
    until_kept(desk, "Salt store empties fast")
    page = close_tab(desk)
    page.add_init_script(NO_DATABASE)
    page.goto(address)
    bring_back(desk, "Salt store empties fast")


def test_where_nothing_can_be_kept_the_person_is_told_and_saving_works(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("selma", script=NO_STORAGE)
    written_by(desk, "Rope walk closes")
    without_autosave(desk)
    type_at_the_end(desk, " down")
    expect(said(desk)).to_contain_text("This browser keeps no text")
    desk.do("Save draft", then="Draft saved")
    expect(desk.page.get_by_role("textbox", name="Headline")).to_have_value("Rope walk closes down")


def test_text_typed_while_the_server_was_gone_is_saved_when_it_is_back(
    window: Callable[..., Page], agency: Agency
) -> None:
    with Relay(agency.port) as line:
        through = _Through(agency, line.port)
        desk = Desk(window(), agency=through, user="selma")  # type: ignore[arg-type]
        address = written_by(desk, "Harbour light goes out")
        line.cut()
        type_at_the_end(desk, " and on")
        until_kept(desk, "Harbour light goes out and on")
        page = close_tab(desk)
        line.mend()
        page.goto(address)
        field = page.get_by_role("textbox", name="Headline")
        expect(field).to_be_visible()
        bring_back(desk, "Harbour light goes out and on")


def test_text_brought_back_is_joined_with_what_others_saved_meanwhile(
    sit_down: Callable[..., Desk],
) -> None:
    first, second = sit_down("selma"), sit_down("aldren")
    address = written_by(first, "Pilot boats repainted")
    without_autosave(first)
    first.page.context.set_offline(True)
    first.page.get_by_role("textbox", name="Summary").fill("All nine of them.")
    until_kept(first, "All nine of them.")
    page = close_tab(first)
    second.page.goto(address)
    second.take_over()
    second.page.wait_for_timeout(1_000)
    type_at_the_end(second, " green")
    second.do("Save draft", then="Draft saved")
    second.page.goto(address.split("/snippets/")[0] + "/")

    page.context.set_offline(False)
    page.goto(address)
    said(first).get_by_role("button", name="Bring it back").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved together with what")
    expect(page.get_by_role("textbox", name="Headline")).to_have_value(
        "Pilot boats repainted green"
    )
    expect(page.get_by_role("textbox", name="Summary")).to_have_value("All nine of them.")


class _Through:
    """The same agency by a line that can be cut."""

    def __init__(self, agency: Agency, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.password = agency.password


def _refuse_saves(route: Any) -> None:
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()
