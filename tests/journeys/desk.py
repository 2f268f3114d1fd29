"""What a person at the desk does, by what the person sees: labels and buttons, no field names."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.agency import Agency


class Desk:
    """One person's window on the newsroom, signed in."""

    def __init__(self, page: Page, *, agency: Agency, user: str) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(f"{agency.url}/desk/")
        page.get_by_placeholder("Enter your username").fill(user)
        page.get_by_placeholder("Enter password").fill(agency.password(user))
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="The desk", exact=True)).to_be_visible()

    def begin(
        self,
        headline: str,
        *,
        section: str,
        paragraph: str,
        topics: tuple[str, ...] = (),
        edition: str = "English",
    ) -> None:
        """Open a new story and fill in its form; nothing is saved yet."""
        page = self.page
        self._to_stories()
        page.get_by_role("link", name=f"New story: {edition}").first.click()
        page.get_by_role("textbox", name="Headline").fill(headline)
        page.get_by_role("button", name="Insert a block").first.click()
        page.get_by_role("option", name="Paragraph").click()
        page.locator("[contenteditable=true]").first.click()
        page.keyboard.type(paragraph)
        # The editor hands its text to the form a moment after the last key; nobody clicks as fast.
        page.wait_for_function(
            """text => [...document.querySelectorAll("input[type=hidden]")]
                .some(input => input.value.includes(text))""",
            arg=paragraph,
        )
        page.get_by_role("combobox", name="Section").select_option(section)
        field = page.get_by_role("combobox", name="Topics")
        for topic in topics:
            field.press_sequentially(topic)
            field.press("Enter")

    def open(self, headline: str) -> None:
        self._to_stories()
        self.page.get_by_role("link", name=headline, exact=True).first.click()
        expect(self.page.get_by_role("textbox", name="Headline")).to_have_value(headline)
        # The line over the form moves it when the scripts are there: a click before that may miss.
        self.page.wait_for_load_state("load")
        expect(self.page.locator("[data-edit-form] [data-claim]")).to_have_count(0)

    def take_over(self) -> None:
        """Take the story that somebody else has open; its form is then here."""
        self.page.get_by_role("button", name="Take over").click()
        expect(self.page.get_by_role("textbox", name="Headline")).to_be_visible()

    def make_desk(self, name: str, *, slug: str) -> None:
        """A desk with nobody on it, by a chief editor."""
        self.page.goto(re.sub(r"/desk/.*", "/desk/snippets/newsroom/desk/add/", self.page.url))
        self.page.get_by_label("Name").first.fill(name)
        self.page.get_by_label("In addresses").fill(slug)
        self.page.keyboard.press("Control+s")
        self._hear(name)

    def chips(self) -> list[str]:
        """The topics as the form shows them."""
        chosen = self.page.get_by_role("list", name="Topics chosen")
        return chosen.locator("li span").all_inner_texts()

    def actions(self) -> list[str]:
        """All that can be done with the story that is open."""
        self._show_actions()
        found = self._footer().get_by_role("button").or_(self._footer().get_by_role("link"))
        said = [text.strip() for text in found.all_inner_texts()]
        return [text for text in said if text]

    def do(self, action: str, *, then: str) -> None:
        """Press a button under the story; the desk answers with `then`."""
        self._show_actions()
        self._footer().get_by_role("button", name=action, exact=True).click()
        self._hear(then)

    def kill(self, *, reason: str, then: str) -> None:
        self._show_actions()
        self._footer().get_by_role("link", name="Kill").click()
        self.page.get_by_label("Reason").fill(reason)
        self.page.get_by_role("button", name="Kill the story").click()
        self._hear(then)

    def _to_stories(self) -> None:
        menu = self.page.get_by_role("navigation", name="Main menu")
        menu.get_by_role("link", name="Stories").click()
        expect(self.page.get_by_role("heading", name="Stories", exact=True)).to_be_visible()

    def _footer(self) -> Locator:
        return self.page.get_by_role("navigation", name="Actions (footer)")

    def _show_actions(self) -> None:
        more = self._footer().get_by_role("button", name="More actions")
        if more.get_attribute("aria-expanded") != "true":
            more.click()
        expect(more).to_have_attribute("aria-expanded", "true")

    def _hear(self, said: str) -> None:
        expect(self.page.get_by_role("status").first).to_contain_text(said)
