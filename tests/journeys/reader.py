"""What a reader sees, once what the desk did has come through the log to the archive."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from playwright.sync_api import Locator, Page

PATIENCE_S = 30.0
"""When to give up waiting for a release to come through: a healthy follower takes far less."""


class Reader:
    """A window of somebody who only reads, on one site."""

    def __init__(self, page: Page, *, url: str) -> None:
        self.page = page
        self.url = url

    def finds(self, path: str, headline: str) -> None:
        """Open the page again and again until it links to the story."""
        self._until(lambda: self.links(path, headline).count() > 0, f"{headline} at {path}")

    def misses(self, path: str, headline: str) -> None:
        """Open the page again and again until the story is gone from it."""
        self._until(lambda: self.links(path, headline).count() == 0, f"no {headline} at {path}")

    def links(self, path: str, headline: str) -> Locator:
        """The links to a story on a page that is opened for it."""
        answer = self.page.goto(f"{self.url}{path}")
        assert answer is not None
        assert answer.status == 200
        return self.page.locator("main a").filter(has_text=headline)

    def feed(self, path: str) -> str:
        """A feed's text, as a feed reader gets it."""
        answer = self.page.request.get(f"{self.url}{path}")
        assert answer.status == 200
        return answer.text()

    def until_status(self, path: str, status: int) -> None:
        """Open the page again and again until the server answers with this status."""

        def answered() -> bool:
            answer = self.page.goto(f"{self.url}{path}")
            return answer is not None and answer.status == status

        self._until(answered, f"{status} at {path}")

    def until_shown(self, path: str, selector: str) -> Locator:
        """Open the page again and again until it has this; return what was asked for."""

        def shown() -> bool:
            self.page.goto(f"{self.url}{path}")
            return self.page.locator(selector).count() > 0

        self._until(shown, f"{selector} at {path}")
        return self.page.locator(selector)

    def _until(self, true: Callable[[], bool], sought: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < end, f"Never came: {sought}"
            time.sleep(0.2)


def objections(page: Page, **options: Any) -> list[str]:
    """What axe-core, put into the window before, objects to on the page as it is now."""
    options = {"resultTypes": ["violations"], **options}
    found = page.evaluate("options => axe.run(document, options)", options)
    assert len(found["passes"]) > 10
    return [_told(violation) for violation in found["violations"]]


def objections_within(page: Page, selectors: Sequence[str]) -> list[str]:
    """The same of parts of a page: what is ours on a screen of Wagtail's. One must be there."""
    there = [each for each in selectors if page.locator(each).count()]
    assert there
    found = page.evaluate(
        "(include) => axe.run({include}, {resultTypes: ['violations']})", [[each] for each in there]
    )
    return [_told(violation) for violation in found["violations"]]


def _told(violation: dict[str, Any]) -> str:
    nodes = [f"{node['html']} — {node['failureSummary']}" for node in violation["nodes"][:3]]
    return "\n".join([f"{violation['id']} ({violation['impact']}): {violation['help']}", *nodes])
