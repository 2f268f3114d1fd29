"""What every response of the site carries, and what no page of it may contain."""

import pytest

from dateline.addresses import item_path
from tests.documents import NOON, a_killed, an_item
from tests.site.conftest import a_full_item, picks, tree_of

STORY = item_path(a_full_item(50))

PAGES = {
    "front": "/en/",
    "latest": "/en/latest/",
    "day": f"/en/{NOON:%Y/%m/%d}/",
    "section": "/en/economy/",
    "topic": "/en/topic/grain/",
    "standing": "/en/about/",
    "story": STORY,
    "missing": "/en/nothing/",
    "no such form": "/en/a/b/c",
    "killed": "/en/economy/60/",
    "bad mark": "/en/latest/?before=x",
    "ukrainian": "/uk/",
}

OTHERS = {
    "front door": "/",
    "redirect": "/en/economy/50-x/",
    "rss": "/en/feed.rss",
    "atom": "/en/economy/feed.atom",
    "robots": "/robots.txt",
}

every_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
every_address = pytest.mark.parametrize("path", (PAGES | OTHERS).values(), ids=PAGES | OTHERS)


@pytest.fixture(autouse=True)
def _stories(publish, agency):
    killed = an_item(60)
    others = [an_item(n, topics=("grain",)) for n in range(1, 40)]
    publish(a_full_item(50), *others, killed, a_killed(killed), picks("hot", 1), picks("front", 50))


@every_address
def test_a_browser_is_told_to_load_nothing_but_our_own(client, path):
    response = client.get(path)

    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "img-src": "'self'",
        "style-src": "'self'",
        "script-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"


@every_page
def test_no_page_holds_script_or_style_of_its_own(client, path):
    page = tree_of(client.get(path))

    scripts = page.select("script:not([src])")
    assert all(script.get("type") == "application/ld+json" for script in scripts)
    assert page.select("style, [style], iframe, object, embed, base") == []
    names = {name for element in page.find_all(True) for name in element.attrs}
    assert not [name for name in names if name.startswith("on")]


@every_page
def test_a_page_loads_nothing_from_others(client, path):
    page = tree_of(client.get(path))

    loaded = [element["src"] for element in page.select("[src]")]
    loaded += [link["href"] for link in page.select("link[rel=stylesheet], link[rel=icon]")]
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)


@every_page
def test_a_page_can_be_read_by_ear_and_by_keyboard(client, path):
    page = tree_of(client.get(path))

    assert page.html["lang"] in ("en", "uk")
    assert len(page.select("h1")) == 1
    assert len(page.select("main")) == 1
    assert page.select("body > a.skip")[0]["href"] == f"#{page.main['id']}"
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert all(image.has_attr("alt") for image in page.select("img"))
    labels = [nav.get("aria-label") for nav in page.select("nav")]
    assert all(labels)
    assert len(labels) == len(set(labels))


@every_address
def test_the_same_address_gives_every_reader_the_same_bytes_and_no_cookie(client, path):
    first = client.get(path, headers={"Cookie": f"sessionid={'s' * 32}"})
    second = client.get(path, headers={"User-Agent": "another"})

    assert first.content == second.content
    assert not first.cookies
    assert not second.cookies
    assert "Cookie" not in first.get("Vary", "")


@every_address
def test_head_answers_as_get_does_without_the_page(client, path):
    get, head = client.get(path), client.head(path)

    assert head.status_code == get.status_code
    assert head.content == b""
    assert head["Content-Length"] == str(len(get.content))
    assert head.get("ETag") == get.get("ETag")


@every_address
def test_nothing_can_be_sent_to_the_site(client, path):
    response = client.post(path, {"a": "b"})

    assert response.status_code in (405, 404) if path == PAGES["no such form"] else 405
    assert "Content-Security-Policy" in response


@every_page
def test_a_page_that_did_not_change_is_not_sent_again(client, path):
    first = client.get(path)
    if first.status_code != 200:
        assert "ETag" not in first
        return

    again = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Security-Policy" in again
    assert first["Cache-Control"] == "no-cache"


@every_page
def test_search_engines_are_sent_to_pages_and_kept_from_notices(client, path):
    response = client.get(path)
    page = tree_of(response)

    canonical = [link["href"] for link in page.select("link[rel=canonical]")]
    if response.status_code == 200:
        assert canonical == [f"http://127.0.0.1:8000{path}"]
        assert page.select("meta[name=robots]") == []
    else:
        assert canonical == []
        assert page.select("meta[name=robots]")[0]["content"] == "noindex"


def test_robots_may_read_the_site_and_not_knock_at_the_newsroom(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"].startswith("text/plain")
    assert response.content == b"User-agent: *\nDisallow: /desk/\n"
