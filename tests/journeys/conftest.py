"""A real browser, the system's own Chromium, for what people do."""

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.agency import Agency

PATIENCE_MS = 15_000
"""When to give up on something that a page should show: only what is absent takes as long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/journeys" in item.path.as_posix():
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, kept from talking to anybody but the server under test."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "No Chromium found. Install it (apt install chromium) or set CHROMIUM."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        # Playwright runs an event loop in this thread, and Django would refuse its database there.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a fresh window, as somebody else's: no cookies, nothing kept from other tests."""
    opened: list[BrowserContext] = []

    def _window(**options: Any) -> Page:
        context = browser.new_context(**{"locale": "en-GB", **options})
        opened.append(context)
        context.set_default_timeout(PATIENCE_MS)
        return context.new_page()

    yield _window
    for context in opened:
        context.close()


@pytest.fixture
def page(window: Callable[..., Page]) -> Page:
    """One fresh window."""
    return window()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, from the package that carries it for Playwright."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """The demo agency, served by the one command; shared by the journeys, so each writes its own
    stories and takes the demo's as they are."""
    with Agency(tmp_path_factory.mktemp("agency")) as agency:
        yield agency
