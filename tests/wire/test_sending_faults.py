"""Whatever fails in between, each client holds what it should, at least once and in order."""

import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dateline.items import Kind
from dateline.releases import log
from dateline.releases.following import catch_up
from dateline.wire import deliveries, destinations
from dateline.wire.deliveries import Delivery, State
from dateline.wire.destinations import Destination
from dateline.wire.feed import WireFeed
from dateline.wire.models import WIRE
from dateline.wire.sending import Sender
from tests.documents import a_killed, an_item
from tests.processes import environment
from tests.wire import servers
from tests.wire.test_sending import Clock, a_webhook, told

LOOPBACK = (ip_network("127.0.0.0/8"),)
FAULTS = st.sampled_from([200, 200, 500, 400, "hang up", "half", (429, {"Retry-After": "60"})])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("release"), st.integers(1, 3)),
        st.tuples(st.just("kill"), st.integers(1, 3)),
        st.tuples(st.just("send"), st.lists(FAULTS, max_size=4)),
        st.tuples(st.just("die"), st.lists(FAULTS, max_size=4)),
        st.tuples(st.just("pause"), st.none()),
        st.tuples(st.just("again"), st.integers(1, 8)),
        st.tuples(st.just("later"), st.integers(1, 100_000)),
    ),
    min_size=3,
    max_size=14,
)


def in_order(held: list[tuple[str, int]]) -> bool:
    """Does each story end with its newest, each version first come after those before it?"""
    first: dict[str, list[int]] = {}
    last: dict[str, int] = {}
    for guid, version in held:
        last[guid] = version
        if version not in first.setdefault(guid, []):
            first[guid].append(version)
    return all(seen == sorted(seen) and last[guid] == seen[-1] for guid, seen in first.items())


class Walk(TestCase):
    databases = {"default", "public", "wire"}

    @hypothesis_settings(max_examples=25)
    @given(steps=STEPS)
    def test_each_client_holds_each_version_at_least_once_and_in_order(self, steps):
        with servers.webhooks() as server, self.settings(PRIVATE_DESTINATIONS=LOOPBACK):
            clock = Clock()
            destination = a_webhook(server)
            released = _walk(steps, server, destination, clock)
            server.script = []
            destinations.resume(destination)
            clock.passes(days=2)
            sender = Sender(now=clock, timeout_s=2)
            sender.settle()
            sender.end()

            assert set(told(server)) == set(released)
            assert in_order(told(server))
            assert not Delivery.objects.using(WIRE).exclude(state=State.SENT).exists()


def _walk(steps, server, destination, clock) -> list[tuple[str, int]]:
    versions: dict[int, int] = {}
    killed: set[int] = set()
    released: list[tuple[str, int]] = []
    for what, how in steps:
        if what in ("release", "kill") and how not in killed:
            if what == "kill" and how in versions:
                _released(a_killed(an_item(how, version=versions[how])), Kind.KILL)
                killed.add(how)
            else:
                _released(an_item(how, version=versions.get(how, 0) + 1), Kind.NEW)
            versions[how] = versions.get(how, 0) + 1
            released.append((str(how), versions[how]))
            catch_up(WireFeed())
        elif what == "send":
            server.script = list(how)
            sender = Sender(now=clock, timeout_s=2)
            sender.settle()
            sender.end()
        elif what == "die":
            server.script = list(how)
            _die_in_the_middle(server, clock)
        elif what == "pause":
            destinations.pause(destination, now=clock())
        elif what == "again":
            deliveries.send_again(destination, first=how, last=how + 1, now=clock())
        elif what == "later":
            destinations.resume(destination)
            clock.passes(seconds=how)
    return released


def _die_in_the_middle(server, clock) -> None:
    """Carry what is due, and note nothing of it, as one that was killed."""
    sender = Sender(now=clock, timeout_s=2)
    sender.begin_what_is_due()
    sender._threads.shutdown(wait=True)


def _released(item, kind) -> None:
    with transaction.atomic():
        log.append(item, kind=kind)


# --- real processes ------------------------------------------------------------------------------


@contextmanager
def a_sender():
    """A `dateline send` of its own on the test's databases."""
    given = environment(DATELINE_PRIVATE_DESTINATIONS="127.0.0.0/8")
    process = subprocess.Popen(
        [sys.executable, "-m", "dateline.cli", "send"], env=given
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(truth, what):
    deadline = time.monotonic() + 60
    while not truth():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@pytest.mark.stress
def test_a_sender_that_is_killed_in_mid_send_loses_nothing(transactional_db):
    with servers.webhooks() as server:
        destination = a_webhook(server)
        server.script = [200, "hang"]
        for number in range(1, 6):
            _released(an_item(number), Kind.NEW)
        catch_up(WireFeed())
        with a_sender() as process:
            until(lambda: server.refused, "it never came to the one that hangs")
            process.send_signal(signal.SIGKILL)
            process.wait()
        # Its lease would run out after a minute; here the minute is over at once.
        over = timezone.now() - timedelta(seconds=1)
        Destination.objects.using(WIRE).filter(leased_until__gt=over).update(leased_until=over)
        with a_sender():
            until(lambda: len(set(told(server))) == 5, "not all came after the restart")
            until(lambda: not _waiting(destination), "the rows do not say that all were sent")

        assert in_order(told(server))
        assert sorted(set(told(server))) == [(str(number), 1) for number in range(1, 6)]
        assert list(dict.fromkeys(told(server))) == sorted(set(told(server)))


@pytest.mark.stress
def test_two_senders_by_mistake_send_each_release_once_and_in_order(transactional_db):
    with servers.webhooks() as server:
        first, second = a_webhook(server, "herald"), a_webhook(server, "courier")
        with a_sender(), a_sender():
            for number in range(1, 21):
                _released(an_item(number), Kind.NEW)
                catch_up(WireFeed())
            until(lambda: not _waiting(first) and not _waiting(second), "something waits")

        ids = [headers["webhook-id"] for headers, _ in server.taken]
        assert len(ids) == len(set(ids)) == 40
        for destination in (first, second):
            serials = Delivery.objects.using(WIRE).filter(destination=destination)
            order = serials.order_by("sent_at", "serial").values_list("serial", flat=True)
            assert list(order) == list(range(1, 21))


def _waiting(destination) -> bool:
    rows = Delivery.objects.using(WIRE).filter(destination=destination)
    return rows.exclude(state=State.SENT).exists()
