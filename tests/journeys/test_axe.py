"""Every kind of page through axe-core, in both editions, by day and by night."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response

from tests.journeys.agency import STORIES, Agency
from tests.journeys.reader import objections

PAGES = ("front", "latest", "day", "section", "topic", "story", "standing", "missing", "withdrawn")
_STORY = "main h2 a, main h3 a, main .row a"
STATUS = {"missing": 404, "withdrawn": 410}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("edition", ["en", "uk"])
@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_to_object_to(
    kind: str,
    edition: str,
    scheme: str,
    window: Callable[..., Page],
    agency: Agency,
    axe: str,
) -> None:
    page = window(color_scheme=scheme)
    # Put there by the browser itself: the page's own policy would refuse a script of ours.
    page.add_init_script(axe)
    _go(page, kind, root=f"{agency.url}/{edition}/")

    assert objections(page) == []


def _go(page: Page, kind: str, *, root: str) -> None:
    """Open a page of this kind, as a reader comes to it."""
    answer = page.goto(root)
    match kind:
        case "latest":
            answer = page.goto(f"{root}latest/")
        case "day":
            _follow(page, _STORY)
            _follow(page, ".topics a")
            answer = _follow(page, ".timeline__name a")
        case "section":
            answer = page.goto(f"{root}economy/")
        case "story":
            answer = _follow(page, _STORY)
        case "topic":
            _follow(page, _STORY)
            answer = _follow(page, ".topics a")
        case "standing":
            answer = page.goto(f"{root}about/")
        case "missing":
            answer = page.goto(f"{root}no-such-page/")
        case "withdrawn":
            answer = page.goto(_withdrawn(page, root=root))
    assert answer is not None
    assert answer.status == STATUS.get(kind, 200)


def _follow(page: Page, selector: str) -> Response:
    with page.expect_navigation() as navigation:
        page.locator(selector).first.click()
    return navigation.value


def _withdrawn(page: Page, *, root: str) -> str:
    """The address of a story that the demo killed: its number says enough."""
    for number in range(1, STORIES + 1):
        address = f"{root}facts/{number}/"
        if page.request.get(address, max_redirects=0).status == 410:
            return address
    raise AssertionError(f"The demo killed no story in {root}")
