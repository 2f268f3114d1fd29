"""Doorbells: an early answer when another connection commits, and always an answer."""

from threading import Event, Thread

import pytest
from django.db import connections

from dateline.releases import log
from dateline.releases.doorbell import doorbell_for
from tests.documents import an_item
from tests.processes import PATIENCE_S

FOREVER_S = 3600.0


class Waiting:
    """Someone who waits at the door in a thread, and so on a connection, of their own."""

    def __init__(self):
        self.ready, self.answered = Event(), Event()
        self.patience_s = FOREVER_S
        self._thread = Thread(target=self._wait, daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self.ready.wait(PATIENCE_S)
        return self

    def __exit__(self, *_):
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()

    def _wait(self):
        bell = doorbell_for(connections[log.LOG])
        bell.wait(FOREVER_S)  # the first answer comes at once: there may have been rings before
        self.ready.set()
        bell.wait(self.patience_s)
        self.answered.set()
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_the_first_wait_answers_at_once_for_what_was_rung_before():
    with Waiting() as waiting:
        assert waiting.ready.is_set()
        release_one()
    assert waiting.answered.is_set()


@pytest.mark.django_db(transaction=True)
def test_a_wait_ends_when_another_connection_commits_a_release(release):
    with Waiting() as waiting:
        release(an_item(1))
        assert waiting.answered.wait(PATIENCE_S)


@pytest.mark.django_db(transaction=True)
def test_a_ring_between_two_waits_is_not_lost(release):
    bell = doorbell_for(connections[log.LOG])
    bell.wait(FOREVER_S)
    thread = Thread(target=release_elsewhere)
    thread.start()
    thread.join(PATIENCE_S)
    log.read(after=0, limit=10)  # the connection is used for other things before the next wait
    bell.wait(FOREVER_S)
    assert log.head() == 1


@pytest.mark.django_db(transaction=True)
def test_a_wait_without_a_ring_ends_too():
    bell = doorbell_for(connections[log.LOG])
    bell.wait(0.01)
    bell.wait(0.01)
    assert log.head() == 0


def release_one() -> None:
    thread = Thread(target=release_elsewhere)
    thread.start()
    thread.join(PATIENCE_S)


def release_elsewhere() -> None:
    from django.db import transaction

    from dateline.items import Kind

    with transaction.atomic():
        log.append(an_item(1), kind=Kind.NEW)
    connections.close_all()
