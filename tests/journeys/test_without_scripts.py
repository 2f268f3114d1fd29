"""A reader whose browser runs no scripts, on a page that asks nobody else for anything."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from tests.journeys.agency import Agency

WORDS = {
    "en": {"older": "Older", "newer": "Newer", "html": "en"},
    "uk": {"older": "Раніші", "newer": "Новіші", "html": "uk"},
}


@dataclass
class Heard:
    """What a window said and asked for while it was open."""

    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def listen_to(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("request", self._request)
        page.on("requestfailed", lambda request: self.errors.append(f"failed: {request.url}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def _request(self, request: Request) -> None:
        self.hosts.add(urlsplit(request.url).netloc)


@pytest.mark.parametrize("edition", ["en", "uk"])
def test_a_reader_without_scripts_walks_from_the_front_page_to_a_story(
    edition: str, window: Callable[..., Page], agency: Agency
) -> None:
    heard = Heard()
    page = window(java_script_enabled=False)
    heard.listen_to(page)
    words = WORDS[edition]

    page.goto(f"{agency.url}/{edition}/")
    expect(page.locator("html")).to_have_attribute("lang", words["html"])
    expect(page.locator("main h1, main h2").first).to_be_visible()

    page.locator(f"main a[href='/{edition}/latest/']").first.click()
    expect(page.locator(".list__in")).to_be_visible()
    headlines = page.locator(".list__in .row__headline")
    newest = headlines.all_inner_texts()
    page.get_by_role("link", name=words["older"], exact=True).click()
    expect(page.get_by_role("link", name=words["newer"], exact=True)).to_be_visible()
    older = headlines.all_inner_texts()
    assert older
    assert not set(older) & set(newest)
    page.get_by_role("link", name=words["newer"], exact=True).click()
    expect(headlines).to_have_text(newest)

    # One of the demo's own: what other journeys released since may have no topics.
    page.get_by_role("link", name=words["older"], exact=True).click()
    headlines.last.click()
    expect(page.locator("h1")).to_have_text(older[-1])
    expect(page.locator("article .text p").first).to_be_visible()
    expect(page.locator(".topics a").first).to_be_visible()

    assert heard.errors == []
    assert heard.hosts == {urlsplit(agency.url).netloc}
