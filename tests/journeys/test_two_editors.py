"""Two people and one story, each at a browser of their own: nobody's text is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.agency import Agency
from tests.journeys.desk import Desk


@pytest.fixture
def sit_down(window: Callable[..., Page], agency: Agency) -> Callable[[str], Desk]:
    """Sign a person in, in a window of their own."""
    return lambda user: Desk(window(), agency=agency, user=user)


def written_by(desk: Desk, headline: str) -> str:
    """A saved story, open at this desk; its address."""
    desk.begin(headline, section="Economy", paragraph="The first words.")
    desk.do("Save draft", then="Draft saved")
    # The form takes what is there a moment after it is shown; then typing is seen as a change.
    desk.page.wait_for_timeout(1_000)
    return desk.page.url


def type_at_the_end(desk: Desk, words: str) -> None:
    desk.page.get_by_role("textbox", name="Headline").press("End")
    desk.page.keyboard.type(words)


def without_autosave(desk: Desk) -> None:
    """As where the server is slow or the form has a fault: what is typed stays unsaved."""
    desk.page.evaluate(
        "document.querySelector('[data-edit-form]').dataset.wAutosaveActiveValue = 'false'"
    )


def until_free(desk: Desk, address: str) -> None:
    """Until it is heard that whoever had the story left it; leaving is told without waiting."""
    number = address.rstrip("/").rpartition("/")[2]
    live = re.sub(r"/desk/.*", f"/desk/claims/{number}/live/", desk.page.url)
    for _ in range(100):
        if not desk.page.request.get(live).json()["holder"]:
            return
        desk.page.wait_for_timeout(100)
    raise AssertionError("Somebody has the story still")


def headline(desk: Desk) -> str:
    return desk.page.get_by_role("textbox", name="Headline").input_value()


def test_the_second_editor_reads_along_takes_over_and_both_see_what_was_unsaved(
    sit_down: Callable[[str], Desk],
) -> None:
    first, second = sit_down("selma"), sit_down("aldren")
    address = written_by(first, "Weir gates open early")
    without_autosave(first)

    second.page.goto(address)
    expect(second.page.locator(".reading__holder")).to_contain_text("has this story")
    expect(second.page.get_by_role("textbox", name="Headline")).to_have_count(0)
    type_at_the_end(first, ", say pilots")
    text = second.page.locator(".reading__passage--headline .reading__text")
    expect(text).to_have_text("Weir gates open early, say pilots")

    second.page.get_by_role("button", name="Take over").click()
    expect(second.page.get_by_role("textbox", name="Headline")).to_have_value(
        "Weir gates open early, say pilots"
    )
    expect(second.page.get_by_role("status").first).to_contain_text("had not saved")

    said = first.page.locator("[data-claim-said]")
    expect(said).to_contain_text("has this story now. Nothing you typed is lost.")
    said.get_by_role("link", name="See your text beside theirs").click()
    expect(first.page.locator("main")).to_contain_text("say pilots")
    assert first.faults == second.faults == []


def test_a_story_is_asked_for_and_handed_over(sit_down: Callable[[str], Desk]) -> None:
    first, second = sit_down("selma"), sit_down("aldren")
    address = written_by(first, "Lock keepers meet the mayor")
    without_autosave(first)
    second.page.goto(address)
    second.page.get_by_role("button", name="Ask for it").click()
    expect(second.page.locator(".reading__said")).to_contain_text("Asked.")

    type_at_the_end(first, " twice")
    asked = first.page.locator("[data-claim-said]")
    # It is heard with the next word from this window, which typing brings about.
    expect(asked).to_contain_text("asks for this story")
    asked.get_by_role("button", name="Hand it over").click()
    expect(asked).to_contain_text("Handed over.")
    expect(second.page.get_by_role("textbox", name="Headline")).to_have_value(
        "Lock keepers meet the mayor twice"
    )
    assert first.faults == second.faults == []


def test_two_saves_against_each_other_end_side_by_side(
    sit_down: Callable[[str], Desk],
) -> None:
    first, second = sit_down("selma"), sit_down("aldren")
    address = written_by(first, "Ferry timetable changes")
    without_autosave(first)
    # The first one's line is down when the second takes the story, saves it and leaves.
    first.page.context.set_offline(True)
    type_at_the_end(first, " on Sunday")
    second.page.goto(address)
    second.take_over()
    second.page.wait_for_timeout(1_000)
    type_at_the_end(second, " on Monday")
    second.do("Save draft", then="Draft saved")
    second.page.get_by_role("navigation", name="Main menu").get_by_role(
        "link", name="Stories"
    ).click()
    expect(second.page.get_by_role("heading", name="Stories", exact=True)).to_be_visible()
    until_free(second, address)

    first.page.context.set_offline(False)
    first.do("Save draft", then="")
    sides = first.page.locator(".two-saves__side")
    expect(sides).to_have_count(2)
    expect(sides.nth(0)).to_contain_text("Ferry timetable changes on Monday")
    expect(sides.nth(1)).to_contain_text("Ferry timetable changes on Sunday")
    sides.nth(1).click()
    first.page.get_by_role("button", name="Join them in the draft").click()
    expect(first.page.get_by_role("textbox", name="Headline")).to_have_value(
        "Ferry timetable changes on Sunday"
    )
    assert first.faults == second.faults == []


def test_what_only_one_of_two_changed_is_joined_by_itself(
    sit_down: Callable[[str], Desk],
) -> None:
    first, second = sit_down("selma"), sit_down("aldren")
    address = written_by(first, "Dredgers reach the bend")
    without_autosave(first)
    first.page.context.set_offline(True)
    first.page.get_by_role("textbox", name="Summary").fill("They are a month ahead.")
    second.page.goto(address)
    second.take_over()
    second.page.wait_for_timeout(1_000)
    type_at_the_end(second, " early")
    second.do("Save draft", then="Draft saved")
    second.page.goto(address.split("/snippets/")[0] + "/")
    until_free(second, address)

    first.page.context.set_offline(False)
    first.do("Save draft", then="Saved together with what")
    assert headline(first) == "Dredgers reach the bend early"
    summary = first.page.get_by_role("textbox", name="Summary")
    expect(summary).to_have_value("They are a month ahead.")
    assert first.faults == second.faults == []


def test_a_note_is_added_beside_the_form_and_told_to_who_is_named(
    sit_down: Callable[[str], Desk],
) -> None:
    first, second = sit_down("selma"), sit_down("aldren")
    written_by(first, "Harbour master retires")
    type_at_the_end(first, " today")
    first.page.get_by_role("button", name="Toggle notes").click()
    first.page.get_by_label("Add a note").fill("@aldren, is the name right?")
    first.page.get_by_role("button", name="Add the note").click()
    expect(first.page.locator(".notes__thread")).to_contain_text("is the name right?")
    assert headline(first) == "Harbour master retires today"

    second.page.get_by_role("link", name="Notices").click()
    expect(second.page.get_by_role("main")).to_contain_text("is the name right?")
    assert first.faults == second.faults == []
