"""Reads are counted for Hot news, each reader once, and robots not at all."""

import pytest

from dateline.site import counting
from dateline.site.counting import ReadCounter, is_robot

FIREFOX = b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def counter(clock):
    return ReadCounter(clock)


def read(counter, number=1, *, address="192.0.2.1", user_agent=FIREFOX, purpose=b""):
    counter.count(number, address=address, user_agent=user_agent, purpose=purpose)


def test_each_reader_counts(counter):
    for number in range(5):
        read(counter, address=f"192.0.2.{number}")

    assert counter.take() == {1: 5}
    assert counter.take() == {}


def test_one_reader_who_asks_again_and_again_counts_once_an_hour(counter, clock):
    for _ in range(1000):
        read(counter)
    assert counter.take() == {1: 1}
    clock.now += counting.AGAIN_AFTER_S
    read(counter)
    assert counter.take() == {1: 1}


def test_one_address_that_changes_its_browser_s_name_cannot_lift_a_story(counter):
    for number in range(1000):
        read(counter, user_agent=FIREFOX + b" %d" % number)

    assert counter.take() == {1: counting.A_NETWORK_COUNTS}


def test_a_reader_counts_for_each_story_it_reads(counter):
    read(counter, 1)
    read(counter, 2)

    assert counter.take() == {1: 1, 2: 1}


@pytest.mark.parametrize(
    "user_agent",
    [
        b"",
        b"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        b"Mozilla/5.0 (compatible; bingbot/2.0)",
        b"facebookexternalhit/1.1",
        b"curl/8.5.0",
        b"python-requests/2.32",
        b"Feedly/1.0",
        b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36",
        b"GPTBot/1.2",
        b"CCBot/2.0 (https://commoncrawl.org/faq/)",
    ],
)
def test_robots_do_not_count(counter, user_agent):
    read(counter, user_agent=user_agent)

    assert counter.take() == {}


@pytest.mark.parametrize(
    "user_agent",
    [
        FIREFOX,
        b"Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 "
        b"(KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
        b"Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
        b"Chrome/140.0.0.0 Mobile Safari/537.36",
    ],
)
def test_browsers_are_no_robots(user_agent):
    assert not is_robot(user_agent)


def test_a_page_fetched_before_anybody_asked_for_it_does_not_count(counter):
    read(counter, purpose=b"prefetch;prerender")

    assert counter.take() == {}


def test_memory_of_readers_is_bounded(counter, monkeypatch):
    monkeypatch.setattr(counting, "READERS_REMEMBERED", 100)
    for number in range(1000):
        read(counter, address=f"2001:db8::{number:x}")

    assert sum(counter.take().values()) <= 100
    assert len(counter._counted) <= 102


def test_counts_that_could_not_be_handed_over_are_not_lost(counter):
    read(counter)
    taken = counter.take()
    read(counter, address="192.0.2.9")
    counter.put_back(taken)

    assert counter.take() == {1: 2}
