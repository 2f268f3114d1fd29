"""From the client manager's first click to a client's machine that follows a story to its end."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.agency import Agency
from tests.journeys.desk import Desk
from tests.journeys.test_flash import _write, flash

FOLLOW = Path(__file__).parent.parent.parent / "docs" / "clients" / "follow.py"
PATIENCE_S = 60.0


class Follower:
    """The client of twenty lines in docs/clients, running in a folder of its own."""

    def __init__(self, folder: Path, *, url: str, token: str) -> None:
        self._got = folder / "got"
        environ = {"PATH": os.environ["PATH"], "WIRE": url, "WIRE_TOKEN": token}
        with self._got.open("wb") as got:
            self._process = subprocess.Popen(
                [sys.executable, str(FOLLOW)], cwd=folder, env=environ, stdout=got
            )

    def until(self, *kinds: str) -> list[list[str]]:
        """Wait until exactly these kinds came; return kind, guid and version of each."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            lines = [line.split("\t") for line in self._got.read_text().splitlines()]
            if [line[0] for line in lines] == list(kinds):
                return lines
            assert time.monotonic() < deadline, lines
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def manager(window: Callable[..., Page], agency: Agency) -> Desk:
    return Desk(window(), agency=agency, user="velmar")


@pytest.fixture
def editor(window: Callable[..., Page], agency: Agency) -> Desk:
    return Desk(window(), agency=agency, user="selma")


def a_product(page: Page, url: str, *, name: str, rules: str) -> None:
    page.goto(f"{url}/desk/wire/products/new/")
    page.get_by_role("textbox", name="Name").first.fill(name)
    page.get_by_role("textbox", name="Short name").fill(name.lower().replace(" ", "-"))
    page.get_by_role("textbox", name="Rules").fill("colour:red")
    expect(page.locator(".wire-fault")).to_contain_text("nothing is called “colour”")
    page.get_by_role("textbox", name="Rules").fill(rules)
    expect(page.locator(".wire-trial")).to_contain_text("Nothing was released")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def a_client(page: Page, url: str, *, name: str, product: str) -> None:
    page.goto(f"{url}/desk/wire/clients/new/")
    page.get_by_role("textbox", name="Organisation").fill(name)
    page.get_by_role("textbox", name="Short name").fill(name.lower().replace(" ", "-"))
    page.get_by_role("textbox", name="Contract from").fill("2025-01-01")
    page.keyboard.press("Escape")
    page.get_by_role("checkbox", name=product).check()
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def a_token(page: Page, url: str, *, client: str) -> str:
    link = page.get_by_role("link", name=client, exact=True).get_attribute("href")
    assert link
    page.goto(url + link.replace("/edit/", "/inspect/"))
    page.get_by_label("What for").fill("Newsroom system")
    page.get_by_role("button", name="Make a token").click()
    found = re.search(r"dateline_[\w-]{43}", page.locator(".wire-secret").inner_text())
    assert found
    return found[0]


def test_a_new_client_follows_a_flash_to_its_kill(
    manager: Desk, editor: Desk, agency: Agency, tmp_path: Path
) -> None:
    page = manager.page
    a_product(page, agency.url, name="Tram wire", rules="topic:harbour-trams")
    a_client(page, agency.url, name="Tram Gazette", product="Tram wire")
    token = a_token(page, agency.url, client="Tram Gazette")
    follower = Follower(tmp_path, url=agency.url, token=token)
    try:
        headline = "Trams stop at the harbour"
        flash(editor, headline, topic="Harbour trams")
        follower.until("new")

        editor.page.locator("dialog[open]").get_by_role("link", name="Write on").click()
        _write(editor, "The wires are being renewed until March.")
        editor.do("Release update", then="Released as version 2")
        follower.until("new", "update")

        editor.open(headline)
        editor.page.get_by_role("textbox", name="What was wrong").fill("Until May, not March.")
        editor.do("Release correction", then="Released as version 3")
        editor.open(headline)
        editor.kill(reason="No tram was stopped.", then=f"Killed: “{headline}”")

        lines = follower.until("new", "update", "correction", "kill")
        assert len({guid for _, guid, _ in lines}) == 1
        assert [version for _, _, version in lines] == ["1", "2", "3", "4"]
    finally:
        follower.stop()
    assert manager.faults == []
