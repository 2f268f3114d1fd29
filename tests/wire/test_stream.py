"""The stream is the pages, sooner: the same items, the same order, the same rights, no gap."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from dateline.items import Audience, Kind
from dateline.releases import log
from dateline.releases.following import catch_up
from dateline.wire import api, hub, limits, tokens
from dateline.wire.feed import WireFeed
from dateline.wire.models import WIRE, Product, Scope
from tests.documents import a_killed, a_ref, an_item
from tests.wire.agency import Machine, a_client, a_machine, a_product
from tests.wire.streamed import Doors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _counts_anew(monkeypatch) -> None:
    monkeypatch.setattr(api, "counter", limits.Counter())


@pytest.fixture
def out(transactional_db):
    """Release and follow at once: `out(document, kind, audience)`."""

    def _out(document, kind=Kind.NEW, audience=Audience.PUBLIC) -> None:
        with transaction.atomic():
            log.append(document, kind=kind, audience=audience)
        catch_up(WireFeed())

    return _out


def guid(number: int) -> str:
    return f"urn:example:story:{number}"


def has(count: int):
    return lambda opened: len(opened.items()) >= count


def test_a_stream_tells_what_is_released_after_it_opened(out):
    out(an_item(1))
    machine = a_machine("section:economy")
    with Doors() as doors:
        stream = doors.stream(machine.text)
        out(an_item(2))
        out(an_item(3, section=a_ref("sport")))
        out(an_item(2, version=2), Kind.CORRECTION)
        out(a_killed(an_item(2, version=2)), Kind.KILL)
        stream.until(has(3))
        stream.close()

    assert stream.items() == [(guid(2), 1), (guid(2), 2), (guid(2), 3)]
    assert stream.status == 200


def test_it_goes_on_from_any_event_or_cursor_without_a_gap_into_live(out):
    for number in range(1, 6):
        out(an_item(number))
    machine = a_machine()
    whole = machine.page()
    with Doors() as doors:
        streams = [
            doors.stream(machine.text, last=whole["items"][1]["cursor"]),
            doors.stream(machine.text, after=whole["items"][3]["cursor"]),
            doors.stream(machine.text, last=whole["next"], after=whole["items"][0]["cursor"]),
        ]
        out(an_item(6))
        for stream, count in zip(streams, (4, 2, 1), strict=True):
            stream.until(has(count))
            stream.close()

    everything = [(guid(number), 1) for number in range(1, 7)]
    assert [stream.items() for stream in streams] == [
        everything[2:], everything[4:], everything[5:]
    ]  # fmt: skip


def test_what_streams_tell_is_what_pages_give_while_releases_race(out):
    out(an_item(100))
    products = (
        a_product("all"),
        a_product("grain", "topic:grain"),
        a_product("early", "section:economy", embargoed=True),
    )
    chosen = (products[:1], products[1:2], products[2:], products)
    machines = [Machine(a_client(f"client-{n}", *some)) for n, some in enumerate(chosen)]
    begin = [machine.page(after="latest")["next"] for machine in machines]
    until = timezone.now() + timedelta(hours=1)

    def releasing() -> None:
        for number in range(1, 30):
            held = number % 7 == 0
            fields = {"embargoed_until": until} if held else {}
            topics = ("grain",) if number % 3 else ()
            out(an_item(number, topics=topics, **fields), Kind.NEW,
                Audience.CLIENTS if held else Audience.PUBLIC)  # fmt: skip
            if number % 5 == 0:
                out(an_item(number, version=2, section=a_ref("sport")), Kind.UPDATE)

        connections.close_all()

    with Doors() as doors:
        writer = threading.Thread(target=releasing)
        writer.start()
        streams = [
            doors.stream(machine.text, after=after)
            for machine, after in zip(machines * 3, begin * 3, strict=True)
        ]
        writer.join()
        pulled = [
            machine.versions(after=after) for machine, after in zip(machines, begin, strict=True)
        ]
        for stream, expected in zip(streams, pulled * 3, strict=True):
            stream.until(has(len(expected)))
            stream.close()

    assert [stream.items() for stream in streams] == pulled * 3
    assert len(pulled[0]) > 25


def test_a_listener_that_is_slow_goes_back_to_its_pages_and_misses_nothing(out, monkeypatch):
    monkeypatch.setattr(hub, "SLOW_EVENTS", 2)
    out(an_item(100))
    machine = a_machine()
    with Doors() as doors:
        stream = doors.stream(machine.text)
        out(an_item(1))
        stream.until(has(1))
        stream.blocked.set()
        for number in range(2, 12):
            out(an_item(number))
        stream.blocked.clear()
        stream.until(has(11))
        stream.close()

    assert stream.items() == [(guid(number), 1) for number in range(1, 12)]


def test_a_delayed_product_is_told_when_its_time_has_come(out, monkeypatch):
    monkeypatch.setattr("dateline.wire.door.AGAIN_S", 0.05)
    machine = a_machine(delay_minutes=10)
    with Doors() as doors:
        stream = doors.stream(machine.text)
        out(an_item(1))
        assert machine.versions() == []
        later = timezone.now() + timedelta(minutes=11)
        monkeypatch.setattr("dateline.wire.door.timezone.now", lambda: later)
        stream.until(has(1))
        stream.close()

    assert stream.items() == [(guid(1), 1)]


@pytest.mark.parametrize("end", ["stopped", "over", "revoked"])
def test_a_stream_ends_at_once_with_the_contract_or_the_token(out, end):
    out(an_item(1))
    machine = a_machine()
    with Doors() as doors:
        stream = doors.stream(machine.text)
        if end == "revoked":
            tokens.revoke(machine.token, now=timezone.now())
        else:
            machine.client.stopped = end == "stopped"
            if end == "over":
                machine.client.contract_until = timezone.now().date() - timedelta(days=2)
            machine.client.save()
        stream.until(lambda o: o.done)
        out(an_item(2))

    (last,) = stream.events()
    assert last["event"] == "end"
    code = "bad-token" if end == "revoked" else "contract-over"
    assert json.loads(last["data"])["code"] == code


def test_a_product_that_changes_is_another_from_there_on(out):
    out(an_item(100))
    machine = a_machine("section:sport")
    with Doors() as doors:
        stream = doors.stream(machine.text)
        out(an_item(1))
        product = Product.objects.using(WIRE).get()
        product.rules = "section:economy"
        product.save()
        out(an_item(2))
        stream.until(lambda o: (guid(2), 1) in o.items())
        stream.close()


def test_whoever_is_not_let_in_is_told_why_and_no_more_than_fit_are_taken(db):
    machine = a_machine()
    narrow = Machine(a_client("post"), scopes=[Scope.ITEMS])
    with Doors(most=1) as doors:
        first = doors.stream(machine.text)
        refused = [doors.stream("nonsense"), doors.stream(narrow.text), doors.stream(machine.text),
                   doors.stream(machine.text, format="fax"),
                   doors.stream(machine.text, after="x")]  # fmt: skip
        first.close()

    assert [(each.status, json.loads(each.body)["code"]) for each in refused] == [
        (401, "bad-token"), (403, "scope-missing"), (503, "too-many-streams"),
        (400, "unknown-format"), (400, "bad-cursor"),
    ]  # fmt: skip


def test_a_request_that_waits_is_answered_when_there_is_something_for_it(out):
    out(an_item(1))
    machine = a_machine("section:economy")
    after = machine.page()["next"]
    with Doors() as doors:
        waiting = doors.open(f"/items?after={after}&wait=20", machine.text)
        waiting.until(lambda o: len(doors.door.hub) == 1)
        out(an_item(2, section=a_ref("sport")))
        assert not waiting.done
        out(an_item(3))
        waiting.until(lambda o: o.done)

    page = json.loads(waiting.body)
    assert [item["guid"] for item in page["items"]] == [guid(3)]


def test_a_request_that_waited_in_vain_is_answered_with_an_empty_page(out):
    out(an_item(1))
    machine = a_machine()
    after = machine.page()["next"]
    with Doors() as doors:
        waiting = doors.open(f"/items?after={after}&wait=1", machine.text)
        waiting.until(lambda o: o.done)

    assert json.loads(waiting.body) == {"items": [], "next": after}


@pytest.mark.parametrize("query", ["wait=5", "after=latest&wait=5", "after=x&wait=5", "wait=x"])
def test_a_request_that_need_not_wait_is_answered_at_once(out, query):
    out(an_item(1))
    machine = a_machine()
    with Doors() as doors:
        doors.open(f"/items?{query}", machine.text).until(lambda o: o.done)
