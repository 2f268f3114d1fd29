"""Pages open while the desk releases: Latest moves, and a story says what became of it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.agency import Agency
from tests.journeys.desk import Desk
from tests.journeys.reader import PATIENCE_S, objections
from tests.journeys.relay import Relay

PATIENCE_MS = PATIENCE_S * 1000
LATEST = ".rail--latest > ol > .row"
HOUR = r"\d\d:\d\d"

_NOTE_ANIMATIONS = """
    window.animated = 0;
    addEventListener("animationstart", () => window.animated++);
"""


@pytest.fixture
def editor(window: Callable[..., Page], agency: Agency) -> Desk:
    return Desk(window(), agency=agency, user="selma")


@pytest.fixture
def opened(window: Callable[..., Page], agency: Agency) -> Callable[..., Page]:
    """Open a page that listens, in a window of its own."""

    def _opened(
        path: str,
        *,
        script: str = "",
        meanwhile: Callable[[Route], None] | None = None,
        **options: object,
    ) -> Page:
        page = window(**options)
        if meanwhile:
            page.route("**/live?**", meanwhile)
        page.add_init_script(_NOTE_ANIMATIONS + script)
        with page.expect_request("**/live?**"):
            page.goto(f"{agency.url}{path}")
        page.evaluate("window.stays = true")
        return page

    return _opened


UKRAINIAN = {
    "edition": "Українська",
    "section": "Економіка",
    "paragraph": "Більше поки нічого не відомо.",
    "topics": ("Порт наживо",),
}


def release(editor: Desk, headline: str, **fields: object) -> None:
    fields = {
        "section": "Economy",
        "paragraph": "Nothing more is known yet.",
        # Other journeys follow the newest story's topics.
        "topics": ("Port live",),
        **fields,
    }
    editor.begin(headline, **fields)
    editor.do("Release", then="Released as version 1")


def release_again(editor: Desk, headline: str, *, version: int, note: str = "") -> None:
    editor.open(headline)
    if note:
        editor.page.get_by_role("textbox", name="What was wrong").fill(note)
    change = "Release correction" if note else "Release update"
    editor.do(change, then=f"Released as version {version}")


def is_shown(found: Locator, text: str | re.Pattern[str]) -> None:
    """The page shows it, and was not loaded again for it."""
    expect(found).to_have_text(text, timeout=PATIENCE_MS)
    assert found.page.evaluate("window.stays")


def path_of(page: Page, headline: str) -> str:
    """The path of a story in Latest."""
    link = page.locator(".row > a").filter(has_text=headline).first
    return str(link.get_attribute("href"))


def test_latest_moves_on_every_open_page_without_a_reload(
    editor: Desk, opened: Callable[..., Page]
) -> None:
    front = opened("/en/")
    count = front.locator(LATEST).count()
    story = opened(path_of(front, ""))
    latest = opened("/en/latest/", reduced_motion="reduce")
    economy = opened("/en/economy/")
    world = opened("/en/world/")

    headline = "Sluice keepers vote to work at night"
    release(editor, headline)

    is_shown(front.locator(LATEST).first.locator(".row__headline"), headline)
    is_shown(story.locator(LATEST).first.locator(".row__headline"), headline)
    first = latest.locator(".list__in .row").first
    is_shown(first.locator(".row__headline"), headline)
    expect(first.locator(".row__section")).to_have_text("Economy")
    is_shown(economy.locator(".list__in .row__headline").first, headline)
    expect(front.locator(LATEST)).to_have_count(count)
    expect(world.locator(".list__in .row").filter(has_text=headline)).to_have_count(0)

    # Said aloud once, politely; slid in once, and not at all for who wants nothing to move.
    expect(front.locator(".heard")).to_have_text(f"1 new: {headline}")
    assert front.evaluate("window.animated") > 0
    assert latest.evaluate("window.animated") == 0
    front.wait_for_function("document.getAnimations().length === 0")

    # The rows are as the server would set them.
    moved = front.locator(LATEST).evaluate_all("rows => rows.map(row => row.innerText)")
    front.reload()
    assert front.locator(LATEST).evaluate_all("rows => rows.map(row => row.innerText)") == moved


def test_a_new_headline_reaches_every_list_and_a_kill_takes_it_out_of_them(
    editor: Desk, opened: Callable[..., Page]
) -> None:
    front = opened("/en/")
    headline = "Bell foundry casts the last of its ten bells"
    release(editor, headline)
    row = front.locator(LATEST).filter(has_text=headline)
    expect(row).to_have_count(1, timeout=PATIENCE_MS)

    release_again(editor, headline, version=2, note="It was the ninth.")
    expect(row.locator(".corrected")).to_be_visible(timeout=PATIENCE_MS)

    editor.open(headline)
    editor.kill(reason="There is no foundry.", then=f"Killed: “{headline}”")
    expect(row).to_have_count(0, timeout=PATIENCE_MS)
    assert front.evaluate("window.stays")


@pytest.mark.parametrize("by_key", [False, True])
def test_a_list_that_is_being_read_offers_what_is_new_and_does_not_move(
    by_key: bool, editor: Desk, opened: Callable[..., Page]
) -> None:
    page = opened("/en/")
    rows = page.locator(f"{LATEST} .row__headline")
    before = rows.all_inner_texts()
    reached = page.locator(LATEST).nth(3)
    if by_key:
        page.locator(LATEST).nth(2).locator("a").focus()
        page.keyboard.press("Tab")
        expect(reached.locator("a")).to_be_focused()
    else:
        reached.hover()
    stood = reached.bounding_box()

    kind = "key" if by_key else "pointer"
    headlines = [f"Market hall opens its {nth} gate ({kind})" for nth in ("north", "south")]
    release(editor, headlines[0])
    offer = page.get_by_role("button", name=re.compile("new$"))
    is_shown(offer, "1 new")
    release(editor, headlines[1])
    is_shown(offer, "2 new")
    assert rows.all_inner_texts() == before
    assert reached.bounding_box() == stood

    if by_key:
        offer.focus()
        page.keyboard.press("Enter")
        expect(page.locator(LATEST).first.locator("a")).to_be_focused()
    else:
        offer.click()
    is_shown(rows.first, headlines[1])
    is_shown(rows.nth(1), headlines[0])
    expect(offer).to_have_count(0)
    assert len(rows.all_inner_texts()) == len(before)


def test_a_list_scrolled_out_of_sight_waits_too(
    editor: Desk, opened: Callable[..., Page]
) -> None:
    page = opened("/en/")
    page.mouse.wheel(0, 900)
    page.wait_for_function(
        "document.querySelector('.rail--latest ol').getBoundingClientRect().top < 0"
    )

    release(editor, "Tram depot hires forty conductors")

    is_shown(page.get_by_role("button", name=re.compile("new$")), "1 new")
    assert page.evaluate("scrollY") > 0


def test_an_open_story_says_that_it_was_updated_corrected_and_withdrawn(
    editor: Desk, opened: Callable[..., Page], axe: str
) -> None:
    headline = "Cable ferry reopens under a new captain"
    release(editor, headline, paragraph="Captain Orsa takes over on Friday.")
    front = opened("/en/")
    path = path_of(front, headline)
    page = opened(path, script=axe)
    said = page.locator(".happened")
    expect(said).to_be_empty()

    release_again(editor, headline, version=2)
    words = re.compile(rf"^This story was updated at {HOUR}\. Read the new version")
    is_shown(said, words)
    assert page.get_by_role("status").filter(has_text=words).count() == 1
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert objections(page) == []

    with page.expect_navigation():
        page.get_by_role("link", name="Read the new version").click()
    expect(page.locator(".story-head")).to_contain_text("version 2")
    expect(said).to_be_empty()
    page.evaluate("window.stays = true")

    note = "The captain is called Orsat."
    release_again(editor, headline, version=3, note=note)
    is_shown(said, re.compile(rf"^This story was corrected at {HOUR}\. {note}"))
    page.get_by_role("button", name="Close").click()
    expect(said).to_be_empty()

    editor.open(headline)
    editor.kill(reason="There is no ferry.", then=f"Killed: “{headline}”")
    expect(said).to_contain_text("This story was withdrawn", timeout=PATIENCE_MS)
    expect(page.get_by_text("Captain Orsa")).to_be_hidden()
    expect(page.locator(".article")).to_be_hidden()
    expect(page).to_have_title("This story was withdrawn")
    assert page.evaluate("window.stays")
    assert objections(page) == []
    assert editor.faults == []


def test_a_ukrainian_page_says_it_in_ukrainian(
    editor: Desk, opened: Callable[..., Page]
) -> None:
    headline = "Паром знову ходить через річку"
    release(editor, headline, **UKRAINIAN)
    front = opened("/uk/")
    story = opened(path_of(front, headline))
    front.locator(LATEST).nth(2).hover()

    release_again(editor, headline, version=2)
    is_shown(
        story.locator(".happened"),
        re.compile(rf"^Цю новину оновлено {HOUR}\. Читати нову версію"),
    )
    for count, words in ((1, "1 нова"), (2, "2 нові")):
        release(editor, f"Міст фарбують, день {count}", **UKRAINIAN)
        is_shown(front.locator(".offer"), words)

    editor.open(headline)
    editor.kill(reason="Порома немає.", then=f"Killed: “{headline}”")
    expect(story.locator(".happened")).to_contain_text(
        "Цю новину відкликано", timeout=PATIENCE_MS
    )


def test_a_page_whose_connection_broke_catches_up(
    editor: Desk, window: Callable[..., Page], agency: Agency
) -> None:
    page = window()
    headline = "Lighthouse keeper gets a second lamp"
    with Relay(agency.port) as relay:
        with page.expect_response("**/live?**"):
            page.goto(f"http://127.0.0.1:{relay.port}/en/")
        page.evaluate("window.stays = true")
        relay.cut()
        release(editor, headline)
        expect(page.locator(LATEST).filter(has_text=headline)).to_have_count(0)

        relay.mend()

        is_shown(page.locator(LATEST).first.locator(".row__headline"), headline)


def test_a_page_come_back_to_catches_up(
    editor: Desk, opened: Callable[..., Page], agency: Agency
) -> None:
    page = opened("/en/")
    page.goto(f"{agency.url}/en/about/")
    headline = "Night market moves under the arcade"
    release(editor, headline)

    page.go_back()

    expect(page.locator(LATEST).first.locator(".row__headline")).to_have_text(
        headline, timeout=PATIENCE_MS
    )


def test_a_page_that_missed_too_much_reads_itself_again(
    editor: Desk, opened: Callable[..., Page]
) -> None:
    reset = {"body": "event: reset\ndata: {}\n\n", "content_type": "text/event-stream"}
    page = opened("/en/latest/", meanwhile=lambda route: route.abort())
    headline = "Rowing club finds its cup"
    release(editor, headline)
    first = page.locator(".list__in .row__headline").first
    expect(first).not_to_have_text(headline)
    page.unroute("**/live?**")
    page.route("**/live?**", lambda route: route.fulfill(**reset), times=1)

    with page.expect_request(lambda asked: asked.url.endswith("/en/latest/")) as again:
        is_shown(first, headline)

    assert again.value.resource_type == "fetch"


def test_a_browser_without_streams_shows_the_page_as_it_was_sent(
    window: Callable[..., Page], agency: Agency
) -> None:
    page = window()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script("delete window.EventSource")
    page.goto(f"{agency.url}/en/")
    page.wait_for_timeout(300)

    assert faults == []
    assert page.locator(".heard").count() == 0
