"""Two at one story in the same instant: the later one sees what the earlier one did."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from dateline.newsroom import claims, roles
from dateline.newsroom.claims import AnothersClaim
from dateline.newsroom.screens.typed import keep_unsaved
from dateline.newsroom.story import Story
from tests.newsroom.desk import person

WAIT_S = 10
"""For a thread that would else wait for ever."""


def in_a_thread(work):
    """Run `work` beside the test; once it has ended, its result or that it was refused."""
    ended = []

    def run():
        try:
            ended.append(work())
        except AnothersClaim as error:
            ended.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, ended


def wait_for_the_lock():
    """Until another connection waits for a lock of this one: only PostgreSQL can tell."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            # What it tells is else kept as it was first seen, to the transaction's end.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("Nobody waited.")


only_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="on SQLite one writer waits before it reads"
)


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_save_that_waited_for_a_take_over_is_refused(draft, editor):
    other = person("other", roles.EDITOR)
    claims.open_story(draft, by=editor, keep=keep_unsaved)

    def save():
        with transaction.atomic():
            return claims.guard(Story.objects.get(pk=draft.pk), by=editor)

    with transaction.atomic():
        claims.take_over(draft, by=other, keep=keep_unsaved)
        thread, ended = in_a_thread(save)
        wait_for_the_lock()
    thread.join(WAIT_S)
    assert isinstance(ended[0], AnothersClaim)
