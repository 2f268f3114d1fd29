"""The stream of releases: who hears of what, from where, and when a reader is let go."""

import asyncio
import json

import pytest

from dateline.archive import queries
from dateline.items import Correction, Kind
from dateline.site import live
from dateline.site.live import Hub
from dateline.site.news import Event
from tests.documents import NOON, a_killed, a_ref, an_item
from tests.site.fronted import Fronted

# --- the whole of it -----------------------------------------------------------------------------

whole = pytest.mark.django_db(transaction=True, databases=["default", "public"])


class Stream:
    """A reader of /live in a test: what it was sent, event by event."""

    def __init__(self, fronted, query, **headers):
        self.fronted = fronted
        self.messages = asyncio.Queue()
        self.leave = asyncio.Event()
        scope = {
            "type": "http", "method": "GET", "path": "/live", "query_string": query.encode(),
            "headers": [(n.replace("_", "-").encode(), v.encode()) for n, v in headers.items()],
        }  # fmt: skip
        self.task = fronted.start(fronted.front(scope, self._receive, self.messages.put))
        self.start = self._next()

    async def _receive(self):
        await self.leave.wait()
        return {"type": "http.disconnect"}

    def _next(self):
        return self.fronted.run(asyncio.wait_for(self.messages.get(), 10))

    def text(self, until):
        """What is sent, until this text is among it."""
        text = ""
        while until not in text:
            text += self._next()["body"].decode()
        return text

    def events(self, count):
        text = ""
        while text.count("event: ") < count:
            text += self._next()["body"].decode()
        return [
            json.loads(line.removeprefix("data: "))
            for line in text.splitlines()
            if line.startswith("data: ")
        ]

    def go(self):
        self.fronted.loop.call_soon_threadsafe(self.leave.set)
        self.task.result(10)


@pytest.fixture
def agency(transactional_db, agency):
    return agency


@pytest.fixture
def fronted(agency, publish):
    publish(*(an_item(n, topics=("grain",)) for n in range(1, 4)))
    with Fronted() as running:
        yield running


@whole
def test_a_release_is_told_to_who_listens(fronted, publish):
    stream = Stream(fronted, "edition=en")
    publish(an_item(9, topics=("grain",)))

    (told,) = stream.events(1)
    assert told["kind"] == "new"
    assert told["number"] == 9
    assert told["headline"] == "Headline 9, version 1"
    assert told["path"] == "/en/economy/9-headline-9-version-1/"
    assert told["section"] == "economy"
    assert told["topics"] == ["grain"]
    assert "<li class=\"row" in told["row"]
    assert told["serial"] == queries.serial()


@whole
def test_a_reader_hears_of_what_it_asked_for_alone(fronted, publish):
    asked = {
        "economy": Stream(fronted, "edition=en&section=economy"),
        "world": Stream(fronted, "edition=en&section=world"),
        "grain": Stream(fronted, "edition=en&topic=grain"),
        "uk": Stream(fronted, "edition=uk"),
    }
    publish(an_item(9, section=a_ref("world"), topics=("grain",)))
    publish(an_item(10, topics=("steel",)))
    publish(an_item(11, edition="uk", section=a_ref("economy")))

    assert [e["number"] for e in asked["economy"].events(1)] == [10]
    assert [e["number"] for e in asked["world"].events(1)] == [9]
    assert [e["number"] for e in asked["grain"].events(1)] == [9]
    assert [e["number"] for e in asked["uk"].events(1)] == [11]


@whole
def test_nothing_falls_between_a_page_and_its_stream(fronted, publish):
    page = fronted.get("/en/economy/3-headline-3-version-1/").text
    since = page.split("since=")[1].split('"')[0]
    publish(an_item(9))
    publish(an_item(10))
    stream = Stream(fronted, f"edition=en&since={since}")
    publish(an_item(11))

    assert [event["number"] for event in stream.events(3)] == [9, 10, 11]


@whole
def test_a_broken_stream_goes_on_from_its_last_event(fronted, publish):
    publish(an_item(9))
    last = queries.serial()
    publish(an_item(10))
    stream = Stream(fronted, "edition=en&since=1", last_event_id=str(last))

    assert [event["number"] for event in stream.events(1)] == [10]


@whole
def test_a_past_that_is_not_known_any_more_is_said_to_be(fronted):
    assert "event: reset" in Stream(fronted, "edition=en&since=0").text("event: reset")


@whole
def test_a_correction_is_told_with_its_note_and_a_kill_without_a_word(
    fronted, release, follow_public
):
    stream = Stream(fronted, "edition=en")
    note = Correction(at=NOON, note="The sum is four million.")
    corrected = an_item(3, version=2, corrections=(note,))
    release(corrected, kind=Kind.CORRECTION)
    follow_public()
    (told,) = stream.events(1)
    assert (told["kind"], told["note"]) == ("correction", "The sum is four million.")

    release(a_killed(corrected), kind=Kind.KILL)
    follow_public()
    (told,) = stream.events(1)
    assert told == {
        "serial": queries.serial(), "kind": "kill", "number": 3, "edition": "en",
    }  # fmt: skip


@whole
@pytest.mark.parametrize("query", ["", "section=economy", "since=5", "edition="])
def test_who_asks_for_nothing_is_told_how_to_ask(fronted, query):
    answer = fronted.get(f"/live?{query}")

    assert answer.status_code == 400
    assert "/live?edition=en" in answer.text


@whole
def test_no_more_listen_than_the_operator_allows(agency):
    with Fronted(listeners=1) as running:
        first = Stream(running, "edition=en")
        answer = running.get("/live?edition=en")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        first.go()
        assert Stream(running, "edition=en").start["status"] == 200


@whole
def test_a_reader_who_goes_is_forgotten(fronted):
    stream = Stream(fronted, "edition=en")
    assert len(fronted.front.hub) == 1
    stream.go()

    assert len(fronted.front.hub) == 0


@whole
def test_a_stopping_worker_ends_its_streams_and_takes_no_more(fronted):
    streams = [Stream(fronted, "edition=en") for _ in range(5)]
    fronted.run(fronted.front.hub.drain())
    for stream in streams:
        stream.task.result(10)

    assert fronted.get("/live?edition=en").status_code == 503


# --- the hub alone -------------------------------------------------------------------------------


def an_event(serial):
    return Event(serial, frozenset({"edition-en"}), b"id: %d\nevent: release\n\n" % serial)


async def listening(hub, send, query=b"edition=en"):
    never = asyncio.Event()

    async def receive():
        await never.wait()

    scope = {"query_string": query, "headers": []}
    task = asyncio.create_task(hub.stream(scope, receive, send))
    for _ in range(5):
        await asyncio.sleep(0)
    return task


def test_a_reader_that_takes_nothing_is_dropped_and_not_waited_for():
    async def run():
        hub, stuck = Hub(most=10), asyncio.Event()

        async def send(message):
            if message.get("body"):
                await stuck.wait()

        await listening(hub, send)
        for serial in range(live.SLOW_EVENTS + 2):
            hub.publish([an_event(serial)])
            await asyncio.sleep(0)
        return len(hub)

    assert asyncio.run(run()) == 0


def test_a_reader_stuck_in_one_event_is_dropped_at_a_heartbeat(monkeypatch):
    monkeypatch.setattr(live, "SLOW_S", -1.0)

    async def run():
        hub, stuck = Hub(most=10), asyncio.Event()

        async def send(message):
            if message.get("body"):
                await stuck.wait()

        await listening(hub, send)
        hub.beat()
        return len(hub)

    assert asyncio.run(run()) == 0


def test_a_silent_stream_says_that_it_is_there():
    async def run():
        hub, sent = Hub(most=10), []

        async def send(message):
            sent.append(message.get("body", b""))

        await listening(hub, send)
        hub.beat()
        for _ in range(5):
            await asyncio.sleep(0)
        return sent

    assert asyncio.run(run())[-1] == b":\n\n"


def test_events_of_the_past_are_kept_up_to_a_number():
    async def run(since):
        hub, sent = Hub(most=10), []

        async def send(message):
            sent.append(message.get("body", b""))

        hub.remember([], known_from=0)
        for serial in range(1, live.RECENT + 11):
            hub.publish([an_event(serial)])
        await listening(hub, send, b"edition=en&since=%d" % since)
        return b"".join(sent)

    assert b"event: reset" in asyncio.run(run(9))
    missed = asyncio.run(run(10))
    assert b"event: reset" not in missed
    assert missed.count(b"event: release") == live.RECENT
