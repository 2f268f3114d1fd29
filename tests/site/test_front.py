"""The front answers from memory, always with what the archive shows now, and asks Django for the
rest."""

import asyncio
from collections import Counter

import brotli
import pytest
import zstandard

from dateline.addresses import item_path
from dateline.site import pages, press
from tests.documents import a_killed, a_ref, an_item
from tests.site.conftest import a_full_item, in_ukrainian, picks, texts
from tests.site.fronted import Fronted

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "public"])

STORY = item_path(an_item(5))


@pytest.fixture
def agency(transactional_db, agency):
    return agency


@pytest.fixture
def fronted(agency, publish):
    publish(*(an_item(n, topics=("grain",)) for n in range(1, 6)))
    with Fronted() as running:
        yield running


@pytest.fixture
def made(monkeypatch):
    """How often each page's own part was made."""
    counted = Counter()
    real = press._made

    def counting(address):
        counted[address] += 1
        return real(address)

    monkeypatch.setattr(press, "_made", counting)
    return counted


def latest(response):
    from bs4 import BeautifulSoup

    return texts(BeautifulSoup(response.text, "lxml"), ".rail--latest .row__headline")


def headline(number, version=1):
    return f"Headline {number}, version {version}"


# --- from memory, and current --------------------------------------------------------------------


def test_a_page_is_made_once_and_sent_again_from_memory(fronted, made):
    first, second = fronted.get(STORY), fronted.get(STORY)

    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert made == {STORY: 1}


def test_a_release_is_on_every_page_s_rails_and_costs_no_page_s_own_part(fronted, made, publish):
    for number in range(1, 6):
        fronted.get(item_path(an_item(number)))
    publish(an_item(6))

    for number in range(1, 6):
        assert latest(fronted.get(item_path(an_item(number))))[0] == headline(6)
    assert set(made.values()) == {1}


def test_an_update_makes_the_story_s_own_part_anew_and_that_of_no_other(fronted, made, publish):
    other = item_path(an_item(4))
    fronted.get(STORY), fronted.get(other)
    publish(an_item(5, version=2, headline="Other words"))

    moved = fronted.get(STORY)
    assert moved.status_code == 301
    assert "Other words" in fronted.get(moved.headers["location"]).text
    assert latest(fronted.get(other))[0] == "Other words"
    assert made[other] == 1


def test_a_killed_story_is_gone_at_once_from_its_page_from_rails_and_from_feeds(fronted, publish):
    killed = an_item(5, topics=("grain",))
    pages_of_it = [item_path(an_item(4)), "/en/", "/en/latest/", "/en/economy/", "/en/topic/grain/"]
    feeds = ["/en/feed.rss", "/en/economy/feed.atom", "/en/topic/grain/feed.rss"]
    before = {path: fronted.get(path).text for path in (STORY, *pages_of_it, *feeds)}
    assert all(headline(5) in text for text in before.values())
    publish(a_killed(killed))

    assert fronted.get(STORY).status_code == 410
    after = {path: fronted.get(path).text for path in (STORY, *pages_of_it, *feeds)}
    assert [path for path, text in after.items() if headline(5) in text] == []


def test_a_story_that_leaves_a_section_and_a_topic_leaves_their_pages(fronted, publish):
    left = ("/en/economy/", "/en/topic/grain/")
    assert all(headline(5) in fronted.get(path).text for path in left)
    publish(an_item(5, version=2, section=a_ref("world"), topics=("wheat",), headline=headline(5)))

    assert not any(headline(5) in fronted.get(path).text.split("rail--hot")[0] for path in left)
    assert headline(5) in fronted.get("/en/world/").text
    assert headline(5) in fronted.get("/en/topic/wheat/").text


def test_a_translation_links_itself_into_the_page_of_its_source(fronted, publish):
    source = an_item(20, translation_key="tides")
    publish(source)
    assert "Українською" not in fronted.get(item_path(source)).text
    publish(in_ukrainian(an_item(21, translation_key="tides")))

    assert "Українською" in fronted.get(item_path(source)).text


def test_what_shapes_the_site_shows_itself_on_pages_in_memory(fronted, publish):
    fronted.get(STORY)
    from tests.site.conftest import a_section

    publish(a_section("courts", "Courts", order=9))

    assert "/en/courts/" in fronted.get(STORY).text


def test_new_picks_change_hot_news_beside_every_story(fronted, publish):
    fronted.get(STORY)
    publish(picks("hot", 2))

    from bs4 import BeautifulSoup

    tree = BeautifulSoup(fronted.get(STORY).text, "lxml")
    assert texts(tree, ".rail--hot .row__headline") == [headline(2)]


def test_at_midnight_today_s_hours_get_their_date(fronted, clock):
    from datetime import timedelta

    from tests.site.conftest import NOW

    first = fronted.get(STORY)
    assert "Wednesday, 3 September 2025" in first.text
    clock(NOW + timedelta(hours=4))

    assert "Thursday, 4 September 2025" in fronted.get(STORY).text


def test_a_page_says_the_serial_that_it_was_made_from(fronted, publish):
    from dateline.archive import queries

    assert f"since={queries.serial()}" in fronted.get(STORY).text
    publish(an_item(7))
    assert f"since={queries.serial()}" in fronted.get(STORY).text


def test_a_rebuilt_archive_is_followed(fronted, publish):
    """A worker that stands further than the archive begins anew."""
    fronted.front._freshness.change_everything(serial=10**6)
    publish(an_item(8))

    assert latest(fronted.get(STORY))[0] == headline(8)


def test_a_thousand_readers_of_a_new_page_cost_one_rendering(fronted, made):
    async def crowd():
        return await asyncio.gather(*(fronted.ask(STORY) for _ in range(1000)))

    answers = fronted.run(crowd())

    assert {answer.status_code for answer in answers} == {200}
    assert made == {STORY: 1}


def test_a_release_while_a_page_is_made_is_in_the_page_that_is_sent(fronted, publish, monkeypatch):
    real = pages.story_sheet
    waiting = []

    def slow(item, **rest):
        sheet = real(item, **rest)
        if not waiting:
            waiting.append(True)
            fronted.start(asyncio.to_thread(_publish_apart, an_item(9, topics=("grain",))))
            import time

            from dateline.archive import queries

            while queries.story(9) is None:
                time.sleep(0.01)
        return sheet

    monkeypatch.setattr(pages, "story_sheet", slow)
    shown = fronted.get(STORY)

    assert latest(shown)[0] == headline(9)


class Restless:
    """A watch of an archive that changes once more in the moment in which a look at it ends."""

    def __init__(self, fronted):
        self.front = fronted.front
        self.real = self.front._watch
        self.changes = 0
        self.asked = None
        take, self.front._take = self.front._take, self._taken
        self.take = take
        self.front._watch = self

    def version(self):
        return self.changes, self.real.version()

    def close(self):
        self.real.close()

    def _taken(self, news):
        self.take(news)
        if self.asked is None:
            self.changes += 1
            # Comes to its turn before anybody who waits for the look does.
            self.asked = asyncio.ensure_future(self.front._be_current())


def test_a_change_in_the_moment_in_which_a_look_ends_stops_nobody(fronted, publish):
    restless = Restless(fronted)
    publish(an_item(9, topics=("grain",)))

    assert latest(fronted.get(STORY))[0] == headline(9)
    assert restless.asked.done()


def _publish_apart(item):
    """Release from another thread, as the follower's process would."""
    from django.db import connections, transaction

    from dateline.archive.follower import PublicArchive
    from dateline.items import Kind
    from dateline.releases import log
    from dateline.releases.following import catch_up

    with transaction.atomic():
        log.append(item, kind=Kind.NEW)
    catch_up(PublicArchive())
    connections.close_all()


# --- codings, tags, headers ----------------------------------------------------------------------


UNPACK = {
    "zstd": lambda data: zstandard.ZstdDecompressor().decompress(data),
    "br": brotli.decompress,
}


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
def test_a_page_comes_packed_as_the_reader_takes_it(fronted, coding):
    plain = fronted.get(STORY)
    packed = fronted.get(STORY, accept_encoding=coding)

    assert packed.headers["content-encoding"] == coding
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip", "identity"])
@pytest.mark.parametrize("path", [STORY, "/en/", "/en/feed.atom"])
def test_a_reader_who_holds_the_page_is_told_so(fronted, path, coding):
    held = fronted.get(path, accept_encoding=coding)
    tags = f'"x", W/{held.headers["etag"]}'
    again = fronted.get(path, accept_encoding=coding, if_none_match=tags)
    other = fronted.get(path, accept_encoding=coding, if_none_match='"x"')

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == held.headers["etag"]
    assert "content-length" not in again.headers
    assert other.status_code == 200


def test_a_feed_that_did_not_change_since_is_not_sent_again(fronted, publish):
    held = fronted.get("/en/feed.rss")
    since = held.headers["last-modified"]

    assert fronted.get("/en/feed.rss", if_modified_since=since).status_code == 304
    publish(an_item(50))
    assert fronted.get("/en/feed.rss", if_modified_since=since).status_code == 200


@pytest.mark.parametrize("path", [STORY, "/en/", "/en/feed.atom", "/en/nothing/", "/en/economy/5/"])
def test_head_answers_as_get_does_without_the_page(fronted, path):
    get, head = fronted.get(path), fronted.get(path, "HEAD")

    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers == get.headers


def test_a_cdn_may_answer_for_a_second_and_knows_what_to_purge(fronted):
    headers = fronted.get(STORY, accept_encoding="br").headers

    assert headers["cache-control"] == "no-cache"
    assert headers["cdn-cache-control"] == "max-age=1, stale-while-revalidate=5"
    assert {"story-5", "edition-en", "topic-en-grain"} <= {*headers["surrogate-key"].split()}


@pytest.mark.parametrize("path", [STORY, "/en/latest/", "/en/nothing/", "/en/economy/5/"])
def test_what_the_front_sends_carries_the_headers_of_what_django_sends(fronted, client, path):
    front, django = fronted.get(path).headers, client.get(path)

    ours = {name.lower() for name in django.headers} - {"etag"}
    assert ours <= {*front}
    for name in ("content-security-policy", "x-frame-options", "cache-control", "content-type"):
        assert front[name] == django[name]


@pytest.mark.parametrize(
    "path", [STORY, "/en/", "/uk/", "/en/latest/", "/en/economy/", "/en/topic/grain/", "/en/about/"]
)
def test_the_front_sends_the_very_page_that_django_makes(fronted, client, path):
    assert fronted.get(path).text.split("<body")[0] == client.get(path).text.split("<body")[0]
    assert fronted.get(path).text == client.get(path).text


# --- what it does not answer ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked", ["GET /", "GET /desk/", "GET /healthz", "GET /robots.txt", "POST /en/", "GET /a/b/c/d"]
)
def test_what_is_no_page_is_django_s(fronted, asked):
    method, path = asked.split()
    answer = fronted.get(path, method)

    if asked != "GET /robots.txt":  # the site's own, though no page
        assert answer.status_code == 299
        assert fronted.passed_on == [asked]


def test_notices_and_redirects_are_sent_and_not_kept(fronted):
    assert fronted.get("/en/nothing/").status_code == 404
    assert fronted.get("/en/economy/5/").status_code == 301
    assert fronted.get("/en/latest/?before=x").status_code == 400
    assert len(fronted.front._shelf) == 0


def test_that_a_story_was_withdrawn_is_kept_and_follows_the_rails(fronted, made, publish):
    publish(a_killed(an_item(5)))
    first, second = fronted.get(STORY), fronted.get(STORY)
    assert first.status_code == second.status_code == 410
    assert made == {STORY: 1}
    assert "etag" not in first.headers

    publish(an_item(30))
    assert headline(30) in fronted.get(STORY).text


def test_a_story_that_returns_is_read_again(fronted, publish):
    publish(a_killed(an_item(5)))
    assert fronted.get(STORY).status_code == 410
    publish(an_item(5, version=3, headline=headline(5)))

    assert fronted.get(STORY).status_code == 200


# --- bad input -----------------------------------------------------------------------------------


def test_no_number_of_query_strings_makes_a_second_page(fronted, made):
    for number in range(50):
        assert fronted.get(f"{STORY}?utm={number}").status_code == 200

    assert made == {STORY: 1}
    assert len(fronted.front._shelf) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/en/latest/?before=" + "9" * 5000,
        "/en/latest/?before=20250903T123000.000000Z-1&after=20250903T123000.000000Z-1",
        "/en/%00%0a%ff/",
        "/en/economy/" + "9" * 300 + "/",
        "/en/topic/" + "x" * 1500 + "/",
        "/" + "y" * 5000,
        "/en/economy/5-" + "%F0%9F%98%80" * 100 + "/",
    ],
)
def test_absurd_addresses_get_an_answer_that_is_no_fault_of_ours(fronted, path):
    answer = fronted.get(path)

    assert answer.status_code in (299, 301, 400, 404, 414)
    assert "Traceback" not in answer.text


def test_memory_of_pages_is_bounded(agency, publish):
    publish(*(an_item(n) for n in range(1, 60)))
    with Fronted(cache_bytes=200_000) as running:
        for number in range(1, 60):
            running.get(item_path(an_item(number)))
        shelf = running.front._shelf
        assert 0 < shelf.size_bytes <= 200_000
        assert 1 < len(shelf) < 59
        assert running.get(item_path(an_item(1))).status_code == 200


def test_a_page_too_large_to_keep_is_sent_all_the_same(agency, publish):
    publish(an_item(1))
    with Fronted(cache_bytes=10) as running:
        assert running.get(item_path(an_item(1))).status_code == 200
        assert len(running.front._shelf) == 0


def test_a_fault_of_ours_is_a_page_and_the_next_request_is_answered(fronted, monkeypatch):
    def broken(*args, **rest):
        raise ValueError("secret detail")

    with monkeypatch.context() as patch:
        patch.setattr(pages, "story_sheet", broken)
        answer = fronted.get(STORY)
        assert answer.status_code == 500
        assert "secret detail" not in answer.text

    assert fronted.get(STORY).status_code == 200


def test_a_story_with_every_kind_of_block_is_the_same_from_memory(fronted, publish, client):
    full = a_full_item(70)
    publish(full)

    assert fronted.get(item_path(full)).text == client.get(item_path(full)).text
