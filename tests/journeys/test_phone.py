"""The first view on a phone with a poor connection: how much it loads, and that nothing jumps."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, Page, Route

from tests.journeys.agency import Agency

MOST_BYTES = 60_000
"""What a story page may load in its first view beside its picture."""

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
"""A slow 4G, as Lighthouse has it."""

LATE_S = 0.5

_COUNT_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        for (const source of entry.sources) window.shifts.push(source.node?.outerHTML ?? "gone");
      }
    }).observe({type: "layout-shift", buffered: true});
"""


@dataclass
class Loaded:
    """What a window loaded: address by request, and bytes over the wire by address."""

    addresses: dict[str, str] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)

    def listen_to(self, session: CDPSession) -> None:
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._came)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)

    def _asked(self, event: dict) -> None:
        self.addresses[event["requestId"]] = event["request"]["url"]

    def _came(self, event: dict) -> None:
        path = urlsplit(self.addresses[event["requestId"]]).path
        self.bytes[path] = event["encodedDataLength"]

    @property
    def pictures(self) -> list[str]:
        return [path for path in self.bytes if path.startswith("/pictures/")]

    @property
    def bytes_beside_pictures(self) -> int:
        return sum(size for path, size in self.bytes.items() if path not in self.pictures)


@pytest.fixture
def phone(window: Callable[..., Page]) -> Iterator[tuple[Page, Loaded]]:
    page = window(**PHONE)
    loaded = Loaded()
    session = page.context.new_cdp_session(page)
    loaded.listen_to(session)
    page.add_init_script(_COUNT_SHIFTS)
    yield page, loaded
    session.detach()


def _open(page: Page, agency: Agency, *, edition: str, kind: str) -> None:
    front = f"{agency.url}/{edition}/"
    if kind == "front":
        page.goto(front)
    else:
        answer = page.request.get(front).text()
        path = answer.partition('class="lead lead--pictured"><a href="')[2].partition('"')[0]
        assert path, "The demo's front page leads with a picture"
        page.goto(agency.url + path)
    page.wait_for_load_state("load")


@pytest.mark.parametrize("edition", ["en", "uk"])
@pytest.mark.parametrize("kind", ["front", "story"])
def test_a_phone_loads_at_most_60_kb_and_one_small_picture(
    kind: str, edition: str, phone: tuple[Page, Loaded], agency: Agency
) -> None:
    page, loaded = phone

    _open(page, agency, edition=edition, kind=kind)

    assert 0 < loaded.bytes_beside_pictures <= MOST_BYTES, loaded.bytes
    [picture] = loaded.pictures
    assert picture.endswith(".avif")
    assert page.evaluate("document.querySelector('main img').currentSrc").endswith(picture)


def _late(route: Route) -> None:
    """Well after the text was painted."""
    time.sleep(LATE_S)
    route.continue_()


@pytest.mark.parametrize("edition", ["en", "uk"])
@pytest.mark.parametrize("kind", ["front", "story"])
def test_nothing_moves_while_a_page_loads_or_is_read_to_its_end(
    kind: str, edition: str, phone: tuple[Page, Loaded], agency: Agency
) -> None:
    page, loaded = phone
    page.route("**/pictures/**", _late)

    _open(page, agency, edition=edition, kind=kind)
    for _ in range(40):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(25)
    page.wait_for_load_state("networkidle")

    assert loaded.pictures
    assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("kind", ["front", "story"])
def test_every_picture_and_ad_place_has_its_size_before_it_comes(
    kind: str, phone: tuple[Page, Loaded], agency: Agency
) -> None:
    page, _loaded = phone
    page.route("**/pictures/**", lambda route: route.abort())

    _open(page, agency, edition="en", kind=kind)

    for image in page.locator("main img").all():
        assert int(image.get_attribute("width") or 0) > 0
        box = image.bounding_box()
        assert box
        assert box["height"] > 100
    for place in page.locator(".ad__place").all():
        box = place.bounding_box()
        assert box
        assert box["height"] >= 100
