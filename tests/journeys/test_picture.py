"""A picture from drop to page: dropped with others, cropped, released, and off it by its rights."""

import base64
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.agency import Agency
from tests.journeys.desk import Desk
from tests.journeys.reader import Reader, objections_within
from tests.newsroom.shots import GENERATED, XMP, drawing, jpeg

OURS = (".desk-drop", ".desk-picture", ".desk-crops")

_HAND_OVER = """(element, {kind, files}) => {
    const carried = new DataTransfer();
    for (const [name, data] of files) {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        carried.items.add(new File([bytes], name, {type: "image/jpeg"}));
    }
    const told = {bubbles: true, cancelable: true};
    element.dispatchEvent(
        kind === "paste"
            ? new ClipboardEvent(kind, {...told, clipboardData: carried})
            : new DragEvent(kind, {...told, dataTransfer: carried}),
    );
}"""
"""What a browser does when files are dropped or pasted by hand, which no test can hold."""


@pytest.fixture
def reader(page: Page, agency: Agency) -> Reader:
    return Reader(page, url=agency.url)


def hand_over(place: Locator, kind: str, files: Iterable[tuple[str, bytes]]) -> None:
    carried = [(name, base64.b64encode(data).decode()) for name, data in files]
    place.evaluate(_HAND_OVER, {"kind": kind, "files": carried})


def place(page: Page, name: str) -> Locator:
    return page.locator(f"[data-drop-place={name}]")


def test_a_picture_from_drop_to_page(
    window: Callable[..., Page], agency: Agency, reader: Reader, axe: str
) -> None:
    editor = Desk(window(), agency=agency, user="selma")
    page = editor.page
    page.add_init_script(axe)
    headline = "Harbour opens after the storm"
    editor.begin(headline, section="Economy", paragraph="Ships may enter from noon.")

    hand_over(place(page, "lead"), "drop", [("DSC_0042.jpg", jpeg(drawing(seed=7), xmp=XMP))])
    card = page.locator("[data-picture-card]")
    expect(card).to_contain_text("© 2031 Ivan Sad")
    expect(page.locator("#id_picture_alt")).to_have_value("Cranes over still water")
    expect(page.locator("#id_picture_caption")).to_have_value("The harbour at dawn, 4 May 2031")

    several = [
        ("made.jpg", jpeg(drawing(seed=11), xmp=GENERATED)),
        ("bad.jpg", b"no picture at all"),
        ("crane.jpg", jpeg(drawing(seed=23))),
    ]
    hand_over(place(page, "gallery"), "drop", several)
    told = page.locator("[data-drop-told]")
    expect(told).to_contain_text("bad.jpg: This is no picture that can be read")
    expect(told).to_contain_text("crane.jpg is in.")
    alts = page.locator("input[id$=-value-alt]")
    expect(alts).to_have_count(2)

    editor.do("Release", then="look at the fields marked below")
    page.locator("input[id$=-value-alt]").nth(0).fill("How the pier will look")
    page.locator("input[id$=-value-alt]").nth(1).fill("A crane by the pier")
    page.evaluate(axe)
    assert objections_within(page, OURS) == []
    editor.do("Release", then="Released as version 1")

    reader.finds("/en/latest/", headline)
    path = _path_of(reader, headline)
    reader.page.goto(agency.url + path)
    lead = reader.page.locator(".article > .picture")
    expect(lead.locator("figcaption")).to_contain_text("The harbour at dawn, 4 May 2031")
    expect(lead.locator("img")).to_have_attribute("alt", "Cranes over still water")
    gallery = reader.page.locator(".gallery")
    expect(gallery.locator("figure")).to_have_count(2)
    expect(gallery.locator(".made")).to_have_text("Made with AI")
    assert _is_seen(lead.locator("img"))
    assert editor.faults == []

    _end_its_rights(window, agency)
    reader.until_shown(path, ".story-head__version")
    expect(reader.page.locator(".article > .picture")).to_have_count(0)
    expect(reader.page.locator(".gallery figure")).to_have_count(2)


def _path_of(reader: Reader, headline: str) -> str:
    return str(reader.page.get_by_role("link", name=headline).first.get_attribute("href"))


def _is_seen(image: Locator) -> bool:
    """Has the browser the file, and could it read it?"""
    image.scroll_into_view_if_needed()
    return bool(image.evaluate("async (it) => { await it.decode(); return it.naturalWidth > 0; }"))


def _end_its_rights(window: Callable[..., Page], agency: Agency) -> None:
    """A picture editor says that the rights to the lead picture ended a minute ago."""
    desk = Desk(window(), agency=agency, user="brenna")
    page = desk.page
    _open_picture(page, "Harbour at dawn")
    over = datetime.now(ZoneInfo("Europe/Kyiv")) - timedelta(minutes=1)
    page.get_by_role("textbox", name="Rights until").fill(f"{over:%Y-%m-%d %H:%M}")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("updated")


def _open_picture(page: Page, title: str) -> None:
    menu = page.get_by_role("navigation", name="Main menu")
    menu.get_by_role("link", name="Images").click()
    page.get_by_role("link", name=re.compile(title)).first.click()
    expect(page.get_by_role("textbox", name="Title")).to_have_value(title)


def test_a_pasted_picture_is_in_the_list_and_its_crops_are_moved_by_keys(
    window: Callable[..., Page], agency: Agency, axe: str
) -> None:
    desk = Desk(window(), agency=agency, user="brenna")
    page = desk.page
    page.add_init_script(axe)
    menu = page.get_by_role("navigation", name="Main menu")
    menu.get_by_role("link", name="Images").click()
    hand_over(page.locator("h1").first, "paste", [("lighthouse.jpg", jpeg(drawing(seed=31)))])
    expect(page.get_by_role("link", name=re.compile("lighthouse")).first).to_be_visible()

    _open_picture(page, "lighthouse")
    square = page.locator("[data-use='1:1']")
    shown = square.locator("img")
    before = shown.get_attribute("style")
    square.get_by_role("slider", name="Left and right").focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    assert shown.get_attribute("style") != before
    square.get_by_role("slider", name="Closer").focus()
    page.keyboard.press("ArrowRight")
    assert objections_within(page, OURS) == []
    moved = shown.get_attribute("style")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("updated")

    _open_picture(page, "lighthouse")
    kept = page.locator("[data-use='1:1'] img").get_attribute("style")
    assert _numbers(kept) == pytest.approx(_numbers(moved), abs=0.5)
    page.locator("[data-use='1:1']").get_by_role("button", name="Follow").click()
    expect(page.locator("[data-crops]")).to_have_value("{}")
    assert desk.faults == []


def _numbers(style: str | None) -> list[float]:
    return [float(each) for each in re.findall(r"-?\d+\.?\d*", style or "")]
